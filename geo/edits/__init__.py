"""Edits of the lines: values that are refused with a reason, or keep every village a partition.

``why_not(partition, edit)`` tells the reason, ``apply_edit(partition, edit)`` returns the new
lines, :func:`attempt` both at once. Every edit that moves land works by faces
(:mod:`geo.edits.faces`) and is checked where it happens (:mod:`geo.edits.check`).
"""

from geo.edits.apply import apply_edit, attempt, why_not
from geo.edits.check import SLIVER_M
from geo.edits.ground import Partition
from geo.edits.noding import SNAP_M
from geo.edits.outcome import Outcome
from geo.edits.parse import EDIT_TYPES, Needs, edit_to_json, needs, parse_edit
from geo.edits.unions import JointVillage
from geo.edits.values import ApplySuggestion, Edit

__all__ = [
    "EDIT_TYPES",
    "SLIVER_M",
    "SNAP_M",
    "ApplySuggestion",
    "Edit",
    "JointVillage",
    "Needs",
    "Outcome",
    "Partition",
    "apply_edit",
    "attempt",
    "edit_to_json",
    "needs",
    "parse_edit",
    "why_not",
]
