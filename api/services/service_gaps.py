"""The analysis ``service_gaps``: who is beyond the standard of every center, and where."""

from __future__ import annotations

from api.services import gaps
from api.services.county import County
from api.services.ground import Ground, Tell
from api.services.shapes import Json
from geo.service.gaps import ServiceGaps, measure_service
from geo.service.question import pose_question


def answer(ground: Ground, parameters: Json, tell: Tell) -> tuple[Json, dict[str, str]]:
    """Return the numbers and the layers of a run."""
    tell(0.05, "reading")
    county = ground.county(parameters["scope"])
    tell(0.2, "measuring")
    found = measure(county, parameters)
    tell(0.8, "drawing")
    layers = {"areas": gaps.write_areas(found), "unserved": gaps.write_unserved(found)}
    return shape_result(county, found), layers


def measure(county: County, parameters: Json) -> ServiceGaps:
    """Find the gaps."""
    question = pose_question(
        county.households,
        county.centers,
        county.land,
        profile=county.profile,
        area_types=county.area_types,
        level=parameters["level"],
        standard=parameters["standard_m"],
        weight="residents",
    )
    return measure_service(question)


def shape_result(county: County, found: ServiceGaps) -> Json:
    """Return what a run keeps."""
    return gaps.shape_gaps(
        found,
        names=county.names,
        center_names=dict(zip(county.centers["code"], county.centers["name"], strict=True)),
    )
