"""The sentences of the one vocabulary, by subject; :mod:`geo.problems` joins them."""
