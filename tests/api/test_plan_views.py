"""What the editor of a plan looks at: grids in a box, natural villages, numbers of its scope."""

import json
from collections import Counter

import pytest
import shapely
from shapely.geometry import shape
from sqlalchemy import text

from api import dependencies
from api.schemas_plans import SummaryOut
from api.services.caller import Caller
from api.services.plans import grids, settlements
from tests.api import tiny
from tests.api.drafting import (
    A1,
    A2,
    B1,
    B2,
    FIRST,
    LOCK,
    MERGE,
    MERGE_B,
    SECOND,
    SPLIT,
    TRANSFER,
    Draft,
    bent,
    box,
    redraw,
)

A3 = f"{FIRST}003"
EVERYWHERE = "107,30,109,32"
N00, N01, N10, N11 = "N00", "N01", "N10", "N11"


@pytest.fixture
def draft(own_client):
    return Draft.make(own_client)


def natural_villages(draft, **params):
    """Return code → properties, checked to be what they should be whatever was edited."""
    answer = draft.get("/natural_villages", **params)
    assert (answer["plan"], answer["revision"]) == (draft.id, draft.revision)
    found = {}
    for feature in answer["features"]:
        assert shape(feature["geometry"]).is_valid
        found[feature["properties"]["code"]] = feature["properties"]
    assert list(found) == sorted(found)
    return found


def refused(client, path, status, **params):
    answer = client.get(path, params=params)
    assert answer.status_code == status, answer.text
    return answer.json()["error"]


# --- grids -------------------------------------------------------------------------------


def test_a_box_shows_neighbours_that_cannot_be_edited(own_client):
    draft = Draft.make(own_client, FIRST)
    assert set(draft.grids()) == {A1, A2}
    found = draft.grids(bbox=EVERYWHERE)
    editable = {code: feature["properties"]["editable"] for code, feature in found.items()}
    assert editable == {A1: True, A2: True, B1: False, B2: False}
    assert set(draft.grids(bbox="108.021,31.001,108.022,31.002")) == {B1}
    assert found[B1]["properties"]["households"] == 4
    assert (found[B1]["properties"]["drafted"], found[B1]["properties"]["locked"]) == (False,) * 2


def test_a_village_that_is_asked_is_shown_whether_in_the_scope_or_not(own_client):
    draft = Draft.make(own_client, FIRST)
    assert set(draft.grids(village=SECOND)) == {B1, B2}
    assert set(draft.grids(village=SECOND, bbox="108.031,31.001,108.032,31.002")) == {B2}
    assert set(draft.grids(village=tiny.TOWNSHIP)) == {A1, A2, B1, B2}
    assert draft.grids(village=FIRST, bbox="108.031,31.001,108.032,31.002") == {}


@pytest.mark.parametrize("what", ["/grids", "/natural_villages"])
def test_a_village_there_is_none_of_is_refused(draft, what):
    error = refused(draft.client, f"{draft.path}{what}", 404, village="500999001009")
    assert error["key"] == "village_not_found"
    assert error["details"] == {"village": "500999001009"}
    assert "500999001009" in error["message_zh"]


@pytest.mark.parametrize("what", ["/grids", "/natural_villages"])
def test_what_the_caller_may_not_see_is_not_shown(own_client, what):
    draft = Draft.make(own_client, FIRST)
    clerk = Caller("li", "clerk", (FIRST,))
    own_client.app.dependency_overrides[dependencies.find_caller] = lambda: clerk
    found = draft.get(what, bbox=EVERYWHERE)["features"]
    assert {feature["properties"]["village_code"] for feature in found} == {FIRST}
    error = refused(own_client, f"{draft.path}{what}", 404, village=SECOND)
    assert error["key"] == "village_not_found"


@pytest.mark.parametrize("what", ["/grids", "/natural_villages"])
def test_too_many_at_once_are_refused(draft, what, monkeypatch):
    for module in (grids, settlements):
        monkeypatch.setattr(module, "MAX_GRIDS", 3)
    error = refused(draft.client, f"{draft.path}{what}", 413)
    assert (error["key"], error["details"]) == ("too_many_grids_asked", {"limit": 3})
    assert len(draft.get(what, bbox="108.001,31.001,108.011,31.002")["features"]) == 2


def test_coordinates_are_those_of_the_store_to_the_last_bit(draft, own_engine):
    odd = [108.0, 108.0 + 1 / 3e2, 108.012345678912345, 107.99999999999999, 108.1]
    ring = [[x, y] for x, y in zip(odd, (31.0, 31.1, 31.2, 31.3 - 1e-14, 31.4), strict=True)]
    odd_shape = {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
    islands = {
        "type": "MultiPolygon",
        "coordinates": [box(110, 30, 110.1, 30.1)["coordinates"], odd_shape["coordinates"]],
    }
    redraw(own_engine, **{f"g{A1}": odd_shape, f"g{B1}": islands})
    with own_engine.connect() as connection:
        stored = dict(list(connection.execute(text("SELECT code, ST_AsBinary(geom) FROM grid"))))
    found = {
        code: shapely.to_wkb(shape(feature["geometry"])) for code, feature in draft.grids().items()
    }
    assert found == {code: bytes(wkb) for code, wkb in stored.items()}


def test_a_grid_without_numbers_has_none(draft, own_engine):
    with own_engine.begin() as connection:
        connection.execute(text("DELETE FROM grid_indicator"))
    found = draft.grids()[A1]["properties"]
    assert (found["households"], found["area_m2"], found["profile_status"]) == (None, None, None)


# --- natural villages --------------------------------------------------------------------


def test_natural_villages_say_who_has_them(draft):
    found = natural_villages(draft)
    assert {code: one["grid"] for code, one in found.items()} == {
        N00: A1,
        N01: A2,
        N10: B1,
        N11: B2,
    }
    assert all(one["grids"] == [one["grid"]] for one in found.values())
    first = found[N00]
    assert (first["households"], first["residents"], first["name"]) == (4, 12, "张家湾")
    assert first["area_m2"] == pytest.approx(draft.grids()[A1]["properties"]["area_m2"], rel=1e-9)


def test_natural_villages_follow_the_draft_and_only_it(own_client):
    draft, other = Draft.make(own_client), Draft.make(own_client)
    draft.edit(SPLIT)
    assert natural_villages(draft)[N00]["grid"] is None
    assert set(natural_villages(draft)[N00]["grids"]) == {A1, A3}
    assert natural_villages(other)[N00]["grid"] == A1
    draft.do("/undo")
    assert natural_villages(draft)[N00]["grid"] == A1
    draft.do("/redo")
    draft.edit({"type": "merge", "grids": [A1, A3]}, TRANSFER)
    found = natural_villages(draft)
    # A1 has all of its own and a tenth of the neighbour
    assert (found[N00]["grid"], found[N00]["grids"]) == (A1, [A1])
    assert (found[N01]["grid"], found[N01]["grids"]) == (None, [A2, A1])
    draft.edit(MERGE | {"keep": A2})
    assert [natural_villages(draft)[name]["grid"] for name in (N00, N01)] == [A2] * 2
    draft.edit({"type": "renumber", "village": FIRST})
    assert [natural_villages(draft)[name]["grid"] for name in (N00, N01)] == [A1] * 2


def test_shares_are_those_of_a_naive_overlay(draft):
    draft.edit(
        SPLIT,
        {"type": "transfer", "to": A2, "area": box(108.004, 31.0, 108.01, 31.007)},
        {"type": "transfer", "to": B1, "area": box(108.03, 31.003, 108.0385, 31.01)},
    )
    lines = {code: shape(f["geometry"]) for code, f in draft.grids().items()}
    answer = draft.get("/natural_villages")["features"]
    for feature in answer:
        own, told = shape(feature["geometry"]), feature["properties"]
        shares = Counter({code: grid.intersection(own).area for code, grid in lines.items()})
        real = [code for code, area in shares.most_common() if area > own.area * 1e-6]
        assert told["grids"] == real
        assert told["grid"] == (real[0] if len(real) == 1 else None)
    assert sorted(len(f["properties"]["grids"]) for f in answer) == [1, 1, 2, 3]


@pytest.mark.parametrize(("off", "whole"), [(5e-9, True), (5e-8, False)])
def test_a_hair_is_no_share(draft, own_engine, off, whole):
    """Half a millimetre is nothing, five millimetres are land."""
    redraw(
        own_engine, **{f"g{A1}": bent(108.0, 108.01 - off), f"g{A2}": bent(108.01 - off, 108.02)}
    )
    found = natural_villages(draft)[N00]
    assert (found["grid"] == A1) is whole
    assert found["grids"] == ([A1] if whole else [A1, A2])


def test_land_in_no_grid_is_in_none(draft, own_engine):
    redraw(own_engine, **{f"g{A1}": bent(108.0, 108.008), f"g{B1}": bent(109.0, 109.1)})
    found = natural_villages(draft)
    assert (found[N00]["grid"], found[N00]["grids"]) == (None, [A1])
    assert (found[N10]["grid"], found[N10]["grids"]) == (None, [])


def test_of_grids_over_each_other_the_lowest_code_has_the_land(draft, own_engine):
    redraw(own_engine, **{f"g{A2}": bent(108.0, 108.02)})
    found = natural_villages(draft)[N00]
    assert (found["grid"], found["grids"]) == (A1, [A1, A2])


def test_a_household_is_counted_once_where_it_stands(draft, own_engine):
    """On the border of two natural villages the lowest code has it; codes in files do not count."""
    natural_villages(draft)  # what is kept must not be kept too long
    with own_engine.begin() as connection:
        move = "UPDATE household SET geom = ST_SetSRID(ST_MakePoint({}), 4490) WHERE code = '{}'"
        for code, place in (("H000", "108.01, 31.01"), ("H010", "108.02, 31.0"), ("H100", "1, 1")):
            connection.execute(text(move.format(place, code)))
        connection.execute(text("UPDATE household SET residents = 7 WHERE code = 'H000'"))
    found = natural_villages(draft)
    counted = {code: (one["households"], one["residents"]) for code, one in found.items()}
    assert counted == {N00: (4, 16), N01: (4, 12), N10: (3, 9), N11: (4, 12)}


def test_natural_villages_by_box_village_and_scope(own_client):
    draft = Draft.make(own_client, FIRST)
    assert set(natural_villages(draft)) == {N00, N01}
    found = natural_villages(draft, bbox="108.015,31.001,108.025,31.002")
    assert {code: one["editable"] for code, one in found.items()} == {N01: True, N10: False}
    assert set(natural_villages(draft, village=SECOND)) == {N10, N11}
    assert natural_villages(draft, bbox="100,30,101,31") == {}


def test_an_import_of_natural_villages_shows_at_once(draft, own_engine):
    natural_villages(draft)
    with own_engine.begin() as connection:
        connection.execute(
            text("""
                UPDATE natural_village SET geom = ST_SetSRID(ST_GeomFromGeoJSON(:shape), 4490)
                 WHERE code = 'N00'
            """),
            {"shape": json.dumps(box(108.0, 31.0, 108.015, 31.005))},
        )
    found = natural_villages(draft)[N00]
    assert (found["grid"], found["grids"], found["households"]) == (None, [A1, A2], 3)


# --- the numbers of the scope ------------------------------------------------------------


def summary(draft):
    answer = draft.get("/summary")
    SummaryOut.model_validate(answer)
    assert (answer["id"], answer["revision"]) == (draft.id, draft.revision)
    return answer


def reckoned(features):
    """Return what a summary says of grids, counted one by one."""
    rows = [feature["properties"] for feature in features.values()]
    sizes = sorted(row["households"] for row in rows if row["households"] is not None)
    statuses = Counter(row["profile_status"] for row in rows)
    return {
        "grids": len(rows),
        "households": sum(sizes),
        "residents": sum(row["residents"] or 0 for row in rows),
        "rated": len(rows) - statuses[None],
        **{name: statuses[name] for name in ("within", "below", "above", "empty")},
        "smallest": sizes[0] if sizes else None,
        "largest": sizes[-1] if sizes else None,
        "sizes": sizes,
    }


def without_kinds(part):
    return {name: value for name, value in part.items() if name != "by_area_type"}


def test_a_summary_adds_up_the_grids_before_and_after(draft):
    before = reckoned(draft.grids())
    assert without_kinds(summary(draft)["before"]) == before
    edits = [SPLIT, TRANSFER, MERGE_B, LOCK]
    for step in [*edits, "/undo", "/undo", "/undo", "/redo"]:
        draft.do(step) if isinstance(step, str) else draft.edit(step)
        found = summary(draft)
        assert without_kinds(found["before"]) == before
        assert without_kinds(found["after"]) == reckoned(draft.grids())
    assert before["sizes"] == [4, 4, 4, 4]
    assert found["after"]["sizes"] == [2, 2, 4, 4, 4]


def test_a_summary_is_of_the_scope(own_client):
    draft = Draft.make(own_client, SECOND)
    draft.edit(MERGE_B)
    found = summary(draft)
    assert (found["before"]["sizes"], found["after"]["sizes"]) == ([4, 4], [8])


def test_what_others_publish_is_in_both_sides_until_the_village_is_touched(own_client, own_engine):
    draft, other = Draft.make(own_client), Draft.make(own_client)
    draft.edit({"type": "lock", "grids": [A1]})
    other.edit(SPLIT, MERGE_B)
    other.do("/publish", {"note": "试"})
    found = summary(draft)
    # the second village as it is now in force; the first as it was when it was locked
    assert found["before"]["sizes"] == found["after"]["sizes"] == [4, 4, 8]
    # the lines the published plan was drawn upon, and its own
    found = summary(Draft(own_client, other.get()))
    assert (found["before"]["sizes"], found["after"]["sizes"]) == ([4, 4, 4, 4], [2, 2, 4, 8])


def test_the_rule_is_that_of_most_grids(draft, own_engine):
    profile = own_rules(own_engine)
    found = summary(draft)
    assert set(found["after"]["by_area_type"]) == {"mountain"}
    assert found["rule"] == profile["mountain"]
    assert found["after"]["by_area_type"]["mountain"]["rule"] == profile["mountain"]
    with own_engine.begin() as connection:
        connection.execute(
            text("UPDATE division SET area_type = 'urban' WHERE code = :v"), {"v": SECOND}
        )
    draft.edit(SPLIT)
    found = summary(draft)
    assert found["rule"] == profile["mountain"]
    assert {kind: part["sizes"] for kind, part in found["after"]["by_area_type"].items()} == {
        "mountain": [2, 2, 4],
        "urban": [4, 4],
    }
    assert found["after"]["by_area_type"]["urban"]["rule"] == profile["urban"]


def own_rules(engine):
    """Return area type → size rule of grids, as the store has them."""
    with engine.connect() as connection:
        rules = connection.execute(text("SELECT rules FROM profile WHERE is_default")).scalar_one()
    return {kind: sizes["households"] for kind, sizes in rules["sizes"]["grid"].items()}


def test_grids_without_numbers_are_counted_and_not_rated(draft, own_engine):
    with own_engine.begin() as connection:
        connection.execute(
            text("""
                DELETE FROM grid_indicator WHERE grid_id IN (SELECT id FROM grid WHERE code <> :a)
            """),
            {"a": A1},
        )
    found = summary(draft)["after"]
    assert (found["grids"], found["rated"], found["sizes"]) == (4, 1, [4])
    with own_engine.begin() as connection:
        connection.execute(text("DELETE FROM grid_indicator"))
    found = summary(draft)["after"]
    assert (found["smallest"], found["largest"], found["households"]) == (None, None, 0)


@pytest.mark.parametrize("what", ["/grids", "/natural_villages", "/summary"])
def test_a_plan_that_is_not_there_or_not_theirs(own_client, what):
    draft = Draft.make(own_client, FIRST)
    missing = "/api/plans/00000000-0000-0000-0000-000000000000"
    assert refused(own_client, missing + what, 404)["details"]["what"] == "plan"
    clerk = Caller("li", "clerk", (SECOND,))
    own_client.app.dependency_overrides[dependencies.find_caller] = lambda: clerk
    assert refused(own_client, draft.path + what, 404)["details"]["what"] == "plan"
