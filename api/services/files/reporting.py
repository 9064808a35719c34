"""The report of an answer to files: one HTML file that opens with no network."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd

from api.services import workspace
from api.services.asking import Asked
from api.services.files.source import Paths
from api.services.service_gaps import draw_reach
from api.services.shapes import Json
from api.services.tables import Language
from api.settings import COUNTY_TIME, load_settings
from geo.crs import STORE_CRS
from geo.service.gaps import ServiceGaps

if TYPE_CHECKING:
    from maps.service_report import Facts

_VERSION_DIGITS = 12


@dataclass(frozen=True)
class Page:
    """A report that is written when somebody wants it.

    Parameters
    ----------
    analysis
        Name of the analysis.
    asked, paths, result
        What was asked of which files, and what came of it.
    drawn
        The areas on its map.
    found
        Gaps only.
    """

    analysis: str
    asked: Asked
    paths: Paths
    result: Json
    drawn: gpd.GeoDataFrame
    found: ServiceGaps | None = None

    def write(self, language: Language) -> bytes:
        """Return the report; it is of the time of the latest file, whenever it is written."""
        # Imported late: only a report pays for folium at start.
        from maps.access_report import make_access_report
        from maps.gaps_report import make_gaps_report
        from maps.radius_report import make_radius_report
        from maps.reports import write_report

        facts = self._facts(language)
        if self.analysis == "service_radius":
            report = make_radius_report(facts, self.result, self.drawn)
        elif self.analysis == "accessibility":
            report = make_access_report(facts, self.result, self.drawn)
        else:
            report = make_gaps_report(facts, self.result, self.drawn, self._reach())
        return write_report(report).encode()

    def _reach(self) -> gpd.GeoDataFrame:
        """Draw the land in reach: without areas to draw gaps in nobody has needed it so far."""
        question, ways = self.asked.question, self.asked.ways
        found = self.found
        if found is None:
            return self.drawn.iloc[:0]
        reached = found.reached or {
            kind: ways.land(question.sites, question.measure, limit)
            for kind, limit in question.standards.items()
        }
        return draw_reach(replace(found, reached=reached))

    def _facts(self, language: Language) -> Facts:
        from maps.service_report import Facts

        used = list(_used(self.paths))
        profile = self.asked.county.profile
        nothing = gpd.GeoDataFrame({"code": [], "name": []}, geometry=[], crs=STORE_CRS)
        land = self.asked.county.land
        latest = max(path.stat().st_mtime for path in used)
        return Facts(
            title="、".join(path.name for path in used),
            made_at=datetime.fromtimestamp(int(latest), COUNTY_TIME),
            data_version=_digest(used),
            mark=workspace.map_mark(load_settings())[language],
            synthetic=False,
            villages=nothing if land is None else land,
            townships=nothing,
            centers=self.asked.question.centers,
            language=language,
            parameters={**self.asked.parameters, "weight": self.result["weight"]},
            scope=None,
            plan=None,
            profile=profile.title_zh if language == "zh" else profile.title_en,
            source=profile.source,
            travel_source=profile.travel.source,
        )


def _used(paths: Paths) -> Iterator[Path]:
    for field in fields(paths):
        value = getattr(paths, field.name)
        if isinstance(value, Path):
            yield value


def _digest(paths: Sequence[Path]) -> str:
    """Return what tells these files from any others."""
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:_VERSION_DIGITS]
