"""What people look at: the web map (``maps/web``, built into ``maps/static``) and HTML reports."""
