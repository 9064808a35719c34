"""Service gaps: the households beyond the standard of every center, and where they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import geopandas
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.errors import GeoError
from geo.indicators import counts_of
from geo.problems import Problem
from geo.profiles import AreaType
from geo.reach.line import StraightLine
from geo.reach.matrix import Mode, Nearest, Ways
from geo.service.areas import find_areas
from geo.service.columns import categories
from geo.service.question import Question
from geo.service.ranking import rank_areas
from geo.service.shares import STATUSES, count_states, in_gaps, measure_shares, status_of

_SUMMED = ("residents", "elderly", "children")


@dataclass(frozen=True)
class ServiceGaps:
    """Who is left out, by household, by area and by division.

    A household is *served*, or *far* (beyond its standard), *unreachable* (no way leads to any
    center), *off_network* (no road within the snap limit), *no_center* (there is none), or
    *unlocated* (no place, or outside the terrain). Far, unreachable, off the network and without
    any center are in gaps; of the unlocated nothing is known, so they are in none and count as not
    served.

    Parameters
    ----------
    question
        As asked.
    mode
        Of the ways that were gone.
    near
        Nearest center of each household.
    homes
        One row for *every* household, index of the caller's: ``status`` (category), ``served``,
        ``center`` (code as category, missing without one), ``cost`` (NaN without a way),
        ``standard``, ``village``, ``area_type``, ``grid`` (categories, ``""`` where unknown),
        ``gap`` (rank of the area, 0 for none). Costs in metres, or seconds.
    states
        Index: the statuses; ``households``, ``people`` (the weight asked for), ``residents``.
    areas
        One row a gap, ``rank`` from 1: ``households``, ``people``, ``residents``, ``elderly``,
        ``children`` unserved there (NA without such a column), ``area_m2``; ``nearest_center``
        (code) and ``nearest_cost`` of the household nearest to any center, ``farthest_cost`` and
        ``farthest`` (position, -1) of the one farthest from its own, ``mean_cost`` (weighted);
        ``extension_90``, ``extension_all``: by how much the standard must grow to serve 90 % of its
        people, all of its households (NaN if no standard does); ``excess``: Σ people × cost beyond
        the standard; ``without_way``: households no way leads from, in none of the costs;
        ``site_lon``, ``site_lat``, ``site_people``: the household beside which one new center
        would by straight line cover most people of the gap, and how many
        (:func:`geo.service.hints.find_best_places`); ``villages`` (sorted codes of the households'
        villages), ``geometry``.
    shares
        :func:`geo.service.shares.measure_shares`.
    reached
        Land in reach of any center by area type, in the question's zone; for drawing. Empty where
        nothing was drawn.
    """

    question: Question
    mode: Mode
    near: Nearest
    homes: pd.DataFrame
    states: pd.DataFrame
    areas: geopandas.GeoDataFrame
    shares: pd.DataFrame
    reached: Mapping[AreaType, shapely.Geometry]

    @property
    def served(self) -> int:
        """Households within the standard of a center."""
        return int(self.homes["served"].sum())

    @property
    def unserved(self) -> geopandas.GeoDataFrame:
        """The caller's rows of the households in gaps, with center, cost, standard and gap."""
        rows = in_gaps(np.asarray(self.homes["status"].cat.codes, np.int8))
        mine = self.homes.iloc[rows]
        return self.question.households.iloc[rows].assign(
            nearest_center=mine["center"].astype(object),
            cost=mine["cost"],
            standard=mine["standard"],
            status=mine["status"].astype(object),
            area_rank=mine["gap"],
        )


def measure_service(
    question: Question,
    ways: Ways | None = None,
    *,
    near: Nearest | None = None,
    split_large: bool = True,
    draw: bool = True,
) -> ServiceGaps:
    """Find the households no center serves, and the land they are on.

    A household is served when the way to its nearest center costs no more than the standard of
    its village's area type; exactly at the standard is served. Served or not is decided by cost
    alone, never by the drawn land.

    Parameters
    ----------
    question
        Households, centers, standards (:func:`geo.service.question.pose_question`).
    ways
        How people get there; straight lines if not given. Roads and terrain must be in the
        question's zone.
    near
        The nearest centers, if they are known already.
    split_large
        Cut an area along village borders if its households do not fit into one circle of the
        standard, so that no single new center could serve them all. Without it mountain
        counties come out as one area.
    draw
        Without it nothing is drawn: who is served, counts and shares only.

    Returns
    -------
    ServiceGaps
        Areas in EPSG:4490 on the lattice. An area is a connected piece of land minus the land in
        reach of any center, by the standard of the land's area type. Around an unserved household
        that is on no such land (outside all land, on land drawn as reached, of a village with
        another standard) a circle of 50 m is drawn. Every unserved household that has a place is
        in exactly one area. Ranked by people, people × cost beyond the standard, households,
        place. The order of the rows given does not matter.

    Examples
    --------
    >>> import shapely
    >>> from geo.profiles import parse_profile
    >>> from geo.service.question import pose_question
    >>> at = lambda *xy, **columns: geopandas.GeoDataFrame(
    ...     columns, geometry=shapely.points([480_000, 3_530_000] + np.array(xy)), crs=4545)
    >>> question = pose_question(
    ...     at((0, 1000), (0, 2000), (0, 2001)),
    ...     at((0, 0), code=["k1"], level=["village"]),
    ...     profile=parse_profile({"name": "county"}), area_types={}, standard=2000)
    >>> found = measure_service(question)
    >>> found.served, found.areas["extension_all"].round(6).tolist()
    (2, [1.0])
    """
    chosen = StraightLine() if ways is None else ways
    if near is None:
        near = chosen.nearest(question.homes, question.sites, question.measure)
    _check_near(question, near)
    status = status_of(question, near)
    frame = question.households
    sums = {name: counts_of(frame, name).astype(np.int64) for name in _SUMMED if name in frame}
    residents = sums.get("residents", np.zeros(len(frame), np.int64))
    counted = {"people": question.people, "residents": residents}
    rows = in_gaps(status) if draw else np.array([], np.int64)
    straight_m = question.of_area_type(question.straight_m)[rows]
    reached = {
        kind: chosen.land(question.sites, question.measure, limit)
        for kind, limit in question.standards.items()
        if draw
    }
    shapes, member = find_areas(
        question.land, reached, question.homes[rows], straight_m, split=split_large
    )
    areas, ranks = rank_areas(
        question, near, rows, shapes, member, {name: sums.get(name) for name in _SUMMED}
    )
    gap = np.zeros(len(frame), dtype=np.int32)
    gap[rows] = ranks[member]
    return ServiceGaps(
        question=question,
        mode=chosen.mode,
        near=near,
        homes=_describe(question, near, status, gap),
        states=count_states(status, counted),
        areas=areas,
        shares=measure_shares(question, status, counted),
        reached=reached,
    )


def _check_near(question: Question, near: Nearest) -> None:
    """Refuse the nearest centers of another question."""
    if not len(near.center) == len(near.cost) == len(near.state) == len(question.homes):
        details = {
            "name": "near",
            "value": len(near.center),
            "allowed": str(len(question.homes)),
        }
        raise GeoError(Problem("parameter_value", details, field="near"))


def _describe(
    question: Question, near: Nearest, status: NDArray[np.int8], gap: NDArray[np.int32]
) -> pd.DataFrame:
    codes, of_center = np.unique(
        question.centers["code"].to_numpy().astype(np.str_), return_inverse=True
    )
    center = np.append(of_center, -1)[near.center]  # position -1 is the last: no center
    return pd.DataFrame(
        {
            "status": categories(STATUSES, status),
            "served": status == 0,
            "center": categories(codes.tolist(), center),
            "cost": near.cost,
            "standard": question.limits,
            "village": question.villages,
            "area_type": question.area_types,
            "grid": question.grids,
            "gap": gap,
        },
        index=question.households.index,
    )
