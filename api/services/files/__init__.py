"""Service analyses of files: no database, the same numbers, the same bytes every time."""
