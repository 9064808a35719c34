"""Plans: drafts of new lines, from the first edit to their publication.

``life`` makes, lists and moves them from state to state; ``editing`` tries and applies edits;
``problems`` and ``gate`` say what stands in the way of publishing; ``publishing`` makes a draft
the lines in force; ``difference`` compares; ``replay`` rebases; ``files`` lets a plan leave and
come back; ``comments`` are notes on places. Every write goes through :func:`opening.take_plan`.
"""
