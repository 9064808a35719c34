"""Pure computation on GeoDataFrames and arrays: no I/O, no clock, no global random.

Modules are a planner's nouns, functions the verbs on them. Nothing here imports
another package of ours, a database driver or a web library.
"""
