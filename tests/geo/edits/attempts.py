"""Trying an edit on a case, with everything that must hold whatever comes of it."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import shapely

from geo.edits import SLIVER_M, Outcome, attempt, edit_to_json, parse_edit
from geo.errors import EditError
from geo.problems import VOCABULARY, Problem
from tests.geo.edits.checker import fingerprint, outcome_faults
from tests.geo.edits.villages import Case


def tried(
    case: Case, edit: dict, *, sound: bool = True, thorough: bool = True, fixes: bool = True
) -> tuple[Outcome | None, list[str]]:
    """Try an edit; return its outcome (``None`` if it is no edit) and everything that is wrong.

    On a case that is not ``sound`` no fault may grow; on a sound one there may be none.
    """
    try:
        parsed = parse_edit(edit)
    except EditError as error:
        return None, [fault for problem in error.problems for fault in problem_faults(problem)]
    faults = []
    if parse_edit(json.loads(json.dumps(edit_to_json(parsed)))) != parsed:
        faults.append("the edit does not come back from JSON")
    grids, villages = case.partition.grids, case.partition.villages
    before, shut = fingerprint(grids), fingerprint(villages)
    outcome = attempt(case.partition, parsed)
    if fingerprint(grids) != before or fingerprint(villages) != shut:
        faults.append("the input was changed")
    if outcome.problem is None:
        faults += outcome_faults(
            case, edit, outcome, old=before, sliver_m=SLIVER_M, sound=sound, thorough=thorough
        )
        return outcome, faults
    faults += problem_faults(outcome.problem)
    if outcome.grids is not grids or outcome.villages is not villages:
        faults.append("refused, and yet something changed")
    if outcome.changed or outcome.created or outcome.removed:
        faults.append("refused, and yet something is listed as changed")
    unknown = set(outcome.problem.grids) - set(grids["code"])
    if unknown and outcome.problem.key != "grid_not_found":
        faults.append(f"{outcome.problem.key} is about {sorted(unknown)}")
    if fixes and outcome.fix is not None:
        mended, found = tried(
            case, edit_to_json(outcome.fix), sound=sound, thorough=thorough, fixes=False
        )
        faults += [f"the fix: {fault}" for fault in found]
        if mended is None or mended.problem is not None:
            key = "no edit" if mended is None else mended.problem.key
            faults.append(f"{outcome.problem.key}: the fix offered is refused ({key})")
    return outcome, faults


def after(case: Case, outcome: Outcome) -> Case:
    """Return the case as an accepted edit leaves it; no code is given twice."""
    taken = case.partition.taken | set(outcome.grids["code"])
    partition = replace(
        case.partition, grids=outcome.grids, villages=outcome.villages, taken=frozenset(taken)
    )
    return replace(case, partition=partition)


def problem_faults(problem: Problem, severity: str = "error") -> list[str]:
    """Tell what is wrong with a problem: its key, sentences, remedy, place."""
    if problem.key not in VOCABULARY:
        return [f"{problem.key} is no key"]
    faults = []
    if problem.severity != severity:
        faults.append(f"{problem.key} is a {problem.severity}")
    entry = VOCABULARY[problem.key]
    for text in (problem.sentence("zh"), problem.sentence("en")):
        if "—" in text or "{" in text or "None" in text or "nan" in text.lower().split():
            faults.append(f"{problem.key}: {text}")
    if not (entry.remedy_zh and entry.remedy_en):
        faults.append(f"{problem.key} has no remedy")
    place = problem.geometry
    if place is not None:
        west, south, east, north = shapely.bounds(place)
        if place.is_empty or not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
            faults.append(f"{problem.key} is at {place.wkt[:60]}")
    try:
        json.dumps(dict(problem.details))
    except TypeError as error:
        faults.append(f"{problem.key}: {error}")
    return faults


def shuffled(case: Case, seed: int) -> Case:
    """Return the case with its rows in another order (and their index with them)."""
    rng = np.random.default_rng(seed)
    grids = case.partition.grids
    rows = rng.permutation(len(grids))
    return replace(case, partition=replace(case.partition, grids=grids.iloc[rows]))


def told(outcome):
    """Return what a planner gets, without the order of rows; to compare outcomes."""
    if outcome.problem is not None:
        fix = outcome.fix and edit_to_json(outcome.fix)
        return outcome.problem.key, outcome.problem.grids, dict(outcome.problem.details), fix
    rows = zip(
        outcome.grids["code"],
        outcome.grids["name"],
        shapely.to_wkb(np.asarray(outcome.grids.geometry)),
        strict=True,
    )
    return sorted(rows), outcome.changed, outcome.created, outcome.removed
