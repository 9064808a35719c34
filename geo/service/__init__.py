"""Service: whom do the centers reach, and who is left out.

The interface says "coverage gap" (覆盖盲区); in here "coverage" is GEOS's word for a partition.
"""
