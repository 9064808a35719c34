"""Analyses by name: what they need, and how a worker carries one out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa

from api.refusals import Conflict
from api.services import accessibility, service_gaps, service_radius
from api.services.ground import LAYER_OF, Ground, Tell
from api.services.merging import answer as merges
from api.services.merging.rules import check_parameters
from api.services.merging.units import LAYERS as MERGED_LAYERS
from api.services.shapes import Json, shape_problem
from api.services.shelf import Shelf
from data import plans, workspace
from geo.problems import Problem

# A change of one of these layers makes a run stale.
INPUTS = (
    "divisions",
    "natural_villages",
    "grids",
    "households",
    "centers",
    "profiles",
    "roads",
    "barriers",
    "terrain",
)
# Counted up when an analysis answers otherwise than before: what is stored is then no answer.
EDITION = 3
FAULTS_KEPT = 100

# Numbers and layers (name → GeoJSON text) of a question.
Answer = Callable[[Ground, Json, Tell], tuple[Json, dict[str, str]]]
ANALYSES: Mapping[str, Answer] = {
    "service_gaps": service_gaps.answer,
    "service_radius": service_radius.answer,
    "accessibility": accessibility.answer,
    "merges": merges.answer,
}


@dataclass(frozen=True)
class Question:
    """An analysis with its parameters, over the lines in force or of a plan's draft."""

    analysis: str
    parameters: Json = field(default_factory=dict)
    plan: UUID | None = None


class Outcome(NamedTuple):
    """What a run keeps: numbers, layers as GeoJSON text, and the versions it was made of."""

    result: Json
    layers: Mapping[str, str]
    input_versions: Json


def fetch_input_versions(connection: sa.Connection, plan: UUID | None = None) -> Json:
    """Return what the inputs of a run are now: epoch, versions, the revision of its plan."""
    versions = workspace.fetch_versions(connection)
    named = {layer: versions[layer] for layer in INPUTS if layer in versions}
    now = {"edition": EDITION, "epoch": workspace.fetch_value(connection, "epoch"), **named}
    if plan is not None:
        row = plans.fetch(connection, plan)
        now["plan"] = None if row is None else row["revision"]
    return now


def require_inputs(connection: sa.Connection, question: Question) -> None:
    """Refuse a question that cannot be answered, before it waits in the queue.

    Raises
    ------
    Conflict
        ``layer_empty``.
    GeoError
        ``merge_without_minimum``, ``merge_sizes_contradict``.
    """
    counts = workspace.fetch_counts(connection)
    way = LAYER_OF.get(question.parameters["mode"])
    needed: tuple[str, ...] = ("households", "centers")
    if question.analysis == "merges":
        check_parameters(question.parameters)
        needed = (MERGED_LAYERS[question.parameters["unit"]],)
    for layer in (*needed, *([way] if way else [])):
        if not counts.get(layer):
            raise Conflict("layer_empty", layer=layer)


def carry_out(connection: sa.Connection, shelf: Shelf, run: Json, tell: Tell) -> Outcome:
    """Answer a run's question on a snapshot.

    Parameters
    ----------
    tell
        Called with how far it is (0–1) and what it is at.
    """
    versions = fetch_input_versions(connection, run["plan_id"])
    ground = Ground(connection, versions, shelf, run["plan_id"])
    result, layers = ANALYSES[run["analysis"]](ground, run["parameters"], tell)
    return Outcome(result, layers, versions)


def shape_failure(problems: Sequence[Problem]) -> Json:
    """Return why a run has failed, as it is stored and answered."""
    shaped = [shape_problem(problem) for problem in problems[:FAULTS_KEPT]]
    return {**shaped[0], "problems": shaped[1:]}
