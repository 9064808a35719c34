"""Which lines a question is about: in force, of a day, or of a draft the caller may see."""

from __future__ import annotations

import sqlalchemy as sa

from api.refusals import BadParameter, NotFound
from api.services.caller import Caller
from data.lines import PLANNED, Lines, check_layer, fetch_draft


def open_lines(
    connection: sa.Connection,
    asked: Lines,
    caller: Caller,
    *,
    layer: str = "grids",
    network: str | None = None,
) -> Lines:
    """Return the lines that are asked, with their network.

    Parameters
    ----------
    layer
        Layer that is read: a draft has grids only.
    network
        Network that was asked for; None for the planned one, of a draft for its own.

    Raises
    ------
    NotFound
        For a plan there is none of, or whose scope the caller does not cover.
    BadParameter
        ``invalid_parameter`` for another network than the draft's.
    ParameterError
        ``plan_without_lines``.
    """
    check_layer(layer, asked)
    if asked.plan is None:
        return asked.of(network or PLANNED)
    draft = fetch_draft(connection, asked.plan)
    if draft is None or not caller.covers(draft.scope):
        raise NotFound("not_found", what="plan", id=str(asked.plan))
    if network not in (None, draft.network):
        raise BadParameter("invalid_parameter", parameter="network", reason=draft.network)
    return asked.of(draft.network)
