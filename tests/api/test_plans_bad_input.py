"""Whatever is drawn or sent: a problem key, never half an edit, never a broken partition."""

import json
import math
import socket
import time

import httpx
import pytest

from api import server
from api.settings import Settings
from data.db import make_engine
from tests.api.conftest import clone
from tests.api.desk import stored
from tests.api.drafting import (
    A1,
    A2,
    B1,
    FIRST,
    MERGE,
    SPLIT,
    TRANSFER,
    Draft,
    box,
    line,
    polygon,
)


@pytest.fixture
def draft(own_client):
    return Draft.make(own_client)


@pytest.fixture(scope="module")
def untouched(kept_client):
    """A plan that every edit here leaves as it is."""
    return Draft.make(kept_client)


def split(*points, grid=A1):
    return {"type": "split", "grid": grid, "line": line(*points)}


def transfer(area, to=A1):
    return {"type": "transfer", "to": to, "area": area}


def reshape(*points):
    return {"type": "reshape", "grids": [A1, A2], "line": line(*points)}


HOLE = polygon(
    [(108.008, 31.006), (108.013, 31.006), (108.013, 31.014), (108.008, 31.014), (108.008, 31.006)],
    [(108.011, 31.009), (108.012, 31.009), (108.012, 31.011), (108.011, 31.011), (108.011, 31.009)],
)
BOW_TIE = polygon(
    [(108.008, 31.006), (108.013, 31.014), (108.013, 31.006), (108.008, 31.014), (108.008, 31.006)]
)
METRIC = [(405_000.0, 3_433_000.0), (406_000.0, 3_433_000.0)]

REFUSED = {
    "line that misses": (split((108.015, 31.0), (108.015, 31.02)), "line_misses"),
    "line in another village": (split((108.031, 31.001), (108.039, 31.019)), "line_misses"),
    "line on another continent": (split((8.0, 47.0), (8.1, 47.1)), "line_misses"),
    "line that touches a corner": (split((107.99, 31.01), (108.0, 31.0), (108.01, 30.99)), None),
    "line that ends inside": (split((107.99, 31.01), (108.005, 31.01)), "line_does_not_cross"),
    "line that lies inside": (split((108.002, 31.01), (108.008, 31.01)), "line_does_not_cross"),
    "line along the border": (split((108.01, 30.99), (108.01, 31.03)), None),
    "line along the outline": (split((107.99, 31.0), (108.02, 31.0)), None),
    "line hair beside the border": (
        split((108.0099999, 30.999), (108.0099999, 31.021)),
        "line_along_border",
    ),
    "line of one place": (split((108.005, 31.01), (108.005, 31.01)), "invalid_edit"),
    "line of one point": (split((108.005, 31.01)), "invalid_edit"),
    "line without points": (split(), "invalid_edit"),
    "line as text": (
        {"type": "split", "grid": A1, "line": "LINESTRING (0 0, 1 1)"},
        "invalid_edit",
    ),
    "point for a line": (
        {"type": "split", "grid": A1, "line": {"type": "Point", "coordinates": [108, 31]}},
        "invalid_edit",
    ),
    "line in metres": (split(*METRIC), "coordinates_in_metres"),
    "line with latitude first": (split((31.01, 107.99), (31.01, 108.02)), "coordinates_swapped"),
    "line beyond the globe": (
        split((108.0, 31.0), (108.0, 31.0), (200.0, 100.0)),
        "bad_coordinate",
    ),
    "line of letters": (
        {"type": "split", "grid": A1, "line": {"type": "LineString", "coordinates": [["a", "b"]]}},
        "invalid_edit",
    ),
    "line of truths": (split((True, False), (108.0, 31.0)), "invalid_edit"),
    "line that only touches the border": (reshape((108.01, 31.01), (108.015, 31.01)), None),
    "border outside of both": (reshape((108.03, 31.0), (108.03, 31.02)), None),
    "area with nobody's land": (transfer(box(107.9, 31.0, 107.95, 31.02)), "area_misses"),
    "area of another village": (transfer(box(108.021, 31.001, 108.029, 31.019)), "area_misses"),
    "area of the grid itself": (transfer(box(108.001, 31.001, 108.009, 31.019)), None),
    "area that only touches": (transfer(box(108.02, 31.0, 108.03, 31.02), to=A2), "area_misses"),
    "area in the middle of a neighbour": (
        transfer(box(108.014, 31.008, 108.016, 31.012)),
        "not_adjacent",
    ),
    "bow-tie": (transfer(BOW_TIE), "drawing_invalid"),
    "ring of two points": (
        transfer(polygon([(108.01, 31.0), (108.011, 31.01), (108.01, 31.0)])),
        "invalid_edit",
    ),
    "area in metres": (transfer(polygon([*METRIC, (405_000.0, 3_434_000.0)])), None),
    "area as a line": (transfer(line((108.0, 31.0), (108.01, 31.01))), "invalid_edit"),
    "area that takes all": (transfer(box(107.9, 30.9, 108.1, 31.1)), "would_empty"),
    "unknown grid": (split((107.99, 31.01), (108.02, 31.01), grid="999"), "grid_not_found"),
    "no code at all": (split((107.99, 31.01), (108.02, 31.01), grid=""), "invalid_edit"),
    "number for a code": (split((107.99, 31.01), (108.02, 31.01), grid=7), "invalid_edit"),
    "unknown natural village": (
        {"type": "assign", "natural_villages": ["N99"], "to": A1},
        "natural_village_not_found",
    ),
    "natural village of another village": (
        {"type": "assign", "natural_villages": ["N10"], "to": A1},
        "natural_village_not_found",
    ),
    "unknown village": ({"type": "renumber", "village": "500999009009"}, "village_not_found"),
    "grids of two villages": (MERGE | {"grids": [A1, B1]}, "different_villages"),
    "one grid": (MERGE | {"grids": [A1]}, "invalid_edit"),
    "the same grid twice": (MERGE | {"grids": [A1, A1]}, "invalid_edit"),
    "no gap": ({"type": "fill_gap", "at": [108.005, 31.01]}, "no_gap_here"),
    "gap nowhere": ({"type": "fill_gap", "at": [10.0, 10.0]}, "edit_misses"),
    "no overlap": ({"type": "resolve_overlap", "grids": [A1, A2], "winner": A1}, "no_overlap"),
    "nothing outside": ({"type": "clip_to_village", "grid": A1}, "nothing_outside"),
    "no vertex": ({"type": "move_vertex", "from": [108.005, 31.01], "to": [108, 31]}, None),
    "vertex nowhere": ({"type": "move_vertex", "from": [0, 0], "to": [1, 1]}, "edit_misses"),
    "corner of the county": (
        {"type": "move_vertex", "from": [108.0, 31.0], "to": [108.001, 31.001]},
        "vertex_on_outline",
    ),
    "kind there is none of": (
        {"type": "set_attributes", "grid": A1, "attributes": {"kind": "big"}},
        "invalid_edit",
    ),
    "attribute there is none of": (
        {"type": "set_attributes", "grid": A1, "attributes": {"geom": "x"}},
        "invalid_edit",
    ),
    "same name": (
        {"type": "set_attributes", "grid": A1, "attributes": {"name": "第1网格"}},
        "no_change",
    ),
    "numbers as they are": ({"type": "renumber", "village": FIRST}, "no_change"),
    "lock of nothing": ({"type": "lock"}, "invalid_edit"),
    "unlock of what is open": ({"type": "unlock", "grids": [A1]}, "no_change"),
    "unknown edit": ({"type": "explode", "grid": A1}, "invalid_edit"),
    "no type": ({"grid": A1}, "invalid_edit"),
    "type as a list": ({"type": ["split"]}, "invalid_edit"),
    "more than there is": (SPLIT | {"force": True}, "invalid_edit"),
    "NUL in a code": (MERGE | {"grids": [A1, "a\0b"]}, "invalid_edit"),
    "nothing": ({}, "invalid_edit"),
}


@pytest.mark.parametrize(("edit", "key"), REFUSED.values(), ids=REFUSED)
def test_refused_with_a_key_and_without_a_trace(untouched, kept_engine, edit, key):
    draft = untouched
    before = stored(kept_engine), draft.get(), draft.grids()
    error = draft.refusal(edit)
    assert key in (None, error["key"]), error
    assert error["message"]
    assert error["message_zh"]
    preview = draft.client.post(f"{draft.path}/edits?preview=true", json=edit)
    assert (preview.status_code, preview.json()["error"]) == (422, error)
    assert (stored(kept_engine), draft.get(), draft.grids()) == before


def test_lines_that_look_odd_may_still_do(draft):
    """One that crosses itself, one drawn far beyond the village, one along a border for a while."""
    loop = [(107.99, 31.006), (108.006, 31.006), (108.006, 31.012), (108.004, 31.012),
            (108.004, 31.002), (108.02, 31.002)]  # fmt: skip
    for edit in (
        split(*loop),
        split((100.0, 31.015), (120.0, 31.015), grid=A2),
    ):
        answer = draft.send("/edits", edit)
        assert answer.status_code in (200, 422), answer.text
        if answer.status_code == 200:
            draft.revision = answer.json()["revision"]
    assert draft.get("/problems")["errors"] == 0


def test_an_area_with_a_hole_leaves_the_hole(draft):
    """The hole would be an island of A2 inside A1: refused, or taken along by the fix."""
    error = draft.refusal(transfer(HOLE))
    assert error["key"] == "would_disconnect"
    draft.edit(error["details"]["fix"])
    assert draft.get("/problems")["errors"] == 0


def circle(count):
    return polygon(
        [
            (
                round(108.01 + 0.002 * math.cos(2 * math.pi * i / count), 9),
                round(31.01 + 0.002 * math.sin(2 * math.pi * i / count), 9),
            )
            for i in range(count)
        ]
        + [(108.012, 31.01)]
    )


def test_many_vertices_are_fine_too_many_are_not(draft):
    assert draft.edit(transfer(circle(5_000)))["head"] == 1
    error = draft.refusal(transfer(circle(100_000)))
    assert error["key"] == "too_many_vertices"
    assert error["details"]["limit"] < 100_000


def test_a_million_vertices_are_more_than_a_request_may_hold(draft):
    body = json.dumps(transfer(circle(1_000_000))).encode()
    answer = draft.client.post(
        f"{draft.path}/edits",
        content=body,
        headers={"If-Match": str(draft.revision), "Content-Type": "application/json"},
    )
    assert (answer.status_code, answer.json()["error"]["key"]) == (413, "too_large")
    assert draft.get()["head"] == 0


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"split"',
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"type": "split", "grid": "%s", "line": {"type": "LineString", "coordinates":'
        b" [[NaN, 31.0], [108.0, Infinity]]}}" % A1.encode(),
        b'{"type": "move_vertex", "from": [1e400, 0], "to": [0, %s]}' % (b"9" * 5_000),
        b'{"type": "merge", "grids": ' + b"[" * 2_000 + b"]" * 2_000 + b"}",
    ],
    ids=range(10),
)
def test_bodies_that_are_no_edit(untouched, body):
    draft = untouched
    answer = draft.client.post(
        f"{draft.path}/edits",
        content=body,
        headers={"If-Match": str(draft.revision), "Content-Type": "application/json"},
    )
    assert answer.status_code in (400, 422), answer.text
    assert answer.json()["error"]["key"] in ("invalid_body", "invalid_edit", "bad_coordinate")
    assert draft.get()["revision"] == draft.revision


@pytest.mark.parametrize(
    "query",
    ["bbox=1,2,3", "bbox=9,9,1,1", "village=%27", "village=", "bbox=nan,0,1,1", "plan=1"],
)
def test_bad_questions_about_grids(untouched, query):
    draft = untouched
    assert draft.client.get(f"{draft.path}/grids?{query}").status_code == 400


def test_a_client_that_goes_away(cluster_url, tiny_database, tmp_path):
    """Cut off in the middle of an edit: nothing. After it: the edit is there, whole."""
    settings = Settings(home=tmp_path, port=0)
    with clone(cluster_url, tiny_database) as url:
        engine = make_engine(url, pool_size=20)
        bound, _ = server.bind_socket("127.0.0.1", 0)
        with (
            bound,
            server.running_server(settings, engine, bound) as address,
            httpx.Client(base_url=address.url) as client,
        ):
            draft = Draft.make(client)
            body = json.dumps(SPLIT).encode()
            head = (
                f"POST {draft.path}/edits HTTP/1.1\r\nHost: 127.0.0.1:{address.port}\r\n"
                f"If-Match: {draft.revision}\r\nContent-Type: application/json\r\n"
                f"Content-Length: {len(body)}\r\n\r\n"
            ).encode()
            for part in (head[: len(head) // 2], head, head + body[: len(body) // 2]):
                with socket.create_connection(("127.0.0.1", address.port)) as wire:
                    wire.sendall(part)
            time.sleep(0.3)
            assert draft.get()["head"] == 0
            with socket.create_connection(("127.0.0.1", address.port)) as wire:
                wire.sendall(head + body)
            deadline = time.monotonic() + 30
            while draft.get()["head"] == 0:
                assert time.monotonic() < deadline
                time.sleep(0.05)
            assert set(draft.grids()) >= {A1, A2, f"{FIRST}003"}
            assert draft.get("/problems")["errors"] == 0
            # the one who went away asks again with the revision it knew
            late = draft.send("/edits", SPLIT)
            assert (late.status_code, late.json()["error"]["key"]) == (409, "plan_changed")
            assert late.json()["error"]["details"]["edits"][0]["type"] == "split"
        engine.dispose()


def test_a_grid_that_was_merged_away_is_not_there_any_more(draft):
    draft.edit(MERGE)
    assert draft.refusal(TRANSFER | {"to": A2})["key"] == "grid_not_found"
    assert draft.refusal(MERGE)["details"]["code"] == A2
