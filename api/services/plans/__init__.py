"""Plans: drafts of new lines, from the first edit to their publication.

``life`` makes, lists and moves them from state to state; ``editing`` tries and stores edits on
their ``ground``, ``history`` goes along the log; ``problems`` are what stands in the way of
``publishing``; ``difference`` compares; ``replay`` rebases, and ``meaning`` tells which edits are
something else then; ``files`` and ``incoming`` let a plan leave and come back; ``comments`` are
notes on places. What the editor looks at is ``grids``, ``settlements`` (natural villages) and
``summary``. Every write takes the plan by :func:`opening.take_plan`, for the revision that was
seen.
"""
