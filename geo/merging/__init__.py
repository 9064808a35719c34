"""Merges: which sparsely populated units should share a grid, and why.

Units are natural villages, grids or administrative villages: anything with an outline and people.
The method is set partitioning over all connected groups that keep the rules, township by township,
solved level by level; what is called best is proved, what is not says how far it may be off.
"""

from geo.merging.counts import count_sizes, rate_sizes
from geo.merging.result import Left, Merges, Reason, RunnerUp, Suggestion
from geo.merging.rules import Decisions, MergeRules, Size
from geo.merging.splits import Split, Splits, suggest_splits
from geo.merging.suggest import suggest_merges

__all__ = [
    "Decisions",
    "Left",
    "MergeRules",
    "Merges",
    "Reason",
    "RunnerUp",
    "Size",
    "Split",
    "Splits",
    "Suggestion",
    "count_sizes",
    "rate_sizes",
    "suggest_merges",
    "suggest_splits",
]
