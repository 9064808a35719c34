"""Roads and barriers: OpenStreetMap's files and tags, offices' words, lines that are none."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import shapely

from data.importers.check import Context, check_rows
from data.importers.read import read_file
from data.roads import with_defaults
from tests.data.frames import NOW, make_frame
from tests.shared import shared_data

# Nodes 1…6 in a row, 0.001° apart; 4 and 5 above 1 and 2.
NODES = {
    n: (108 + x / 1000, 31 + y / 1000)
    for n, (x, y) in enumerate([(0, 0), (1, 0), (2, 0), (0, 1), (1, 1), (2, 1)], start=1)
}
JUNCTIONS = 4443  # vertices of the Ningjin file that more than one line (or end) has
WAYS = [
    (11, [1, 2], {"highway": "primary", "name": "城万路", "oneway": "yes", "maxspeed": "60"}),
    (12, [2, 3], {"highway": "primary", "oneway": "-1", "maxspeed": "30 mph", "bridge": "viaduct"}),
    (13, [2, 5], {"highway": "residential", "oneway": "no", "maxspeed": "CN:urban"}),
    (14, [4, 5, 6, 4], {"highway": "tertiary", "junction": "roundabout"}),
    (15, [1, 4], {"highway": "motorway", "maxspeed": "none"}),
    (16, [3, 6], {"highway": "construction"}),
    (17, [1, 5], {"highway": "footway", "oneway": "reversible", "bridge": "no"}),
    (21, [1, 6], {"waterway": "river", "name": "任河"}),
    (22, [3, 4], {"waterway": "river", "tunnel": "culvert"}),
    (23, [2, 4], {"waterway": "stream"}),
    (24, [1, 2, 5, 1], {"natural": "water"}),
    (25, [2, 6], {"railway": "rail"}),
    (26, [5, 6], {"railway": "subway"}),
    (27, [4, 6], {"natural": "cliff"}),
    (31, [1, 2, 4, 1], {"building": "yes"}),
]


def write_xml(path: Path) -> Path:
    nodes = [f'<node id="{n}" version="1" lon="{x}" lat="{y}"/>' for n, (x, y) in NODES.items()]
    ways = [
        f'<way id="{way}" version="1">'
        + "".join(f'<nd ref="{node}"/>' for node in through)
        + "".join(f'<tag k="{k}" v="{v}"/>' for k, v in tags.items())
        + "</way>"
        for way, through, tags in WAYS
    ]
    text = "\n".join(
        ["<?xml version='1.0' encoding='UTF-8'?>", '<osm version="0.6">', *nodes, *ways]
    )
    path.write_text(text + "\n</osm>\n", encoding="utf-8")
    return path


def write_pbf(path: Path) -> Path:
    osmium = pytest.importorskip("osmium", reason="osmium writes .osm.pbf; it is not installed")
    with osmium.SimpleWriter(str(path)) as writer:
        for node, place in NODES.items():
            writer.add_node(osmium.osm.mutable.Node(id=node, version=1, location=place))
        for way, through, tags in WAYS:
            writer.add_way(osmium.osm.mutable.Way(id=way, version=1, nodes=through, tags=tags))
    return path


@pytest.fixture(params=["roads.osm", "roads.osm.pbf"])
def extract(request, tmp_path):
    path = tmp_path / request.param
    return write_pbf(path) if path.suffix == ".pbf" else write_xml(path)


def write_geojson(path: Path, rows: list[tuple[dict, dict]]) -> Path:
    features = [{"type": "Feature", "properties": p, "geometry": g} for p, g in rows]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


def line(*places) -> dict:
    return {"type": "LineString", "coordinates": [list(place) for place in places]}


def test_roads_of_an_extract(extract):
    result = read_file(extract, "roads")
    assert dict(result.problems.totals) == {"row_left_out": 1, "speed_unknown": 1}
    assert result.row_count == 7
    assert result.crs == "EPSG:4326"
    found = with_defaults(result.frame).set_index("code")
    assert found["road_class"].to_dict() == {
        "11": "primary",
        "12": "primary",
        "13": "residential",
        "14": "tertiary",
        "15": "motorway",
        "17": "footway",
    }
    assert found["oneway"].to_dict() == {
        "11": "forward",
        "12": "backward",
        "13": "both",
        "14": "forward",  # a roundabout
        "15": "forward",  # a motorway
        "17": "both",
    }
    assert found["speed_kmh"].tolist() == pytest.approx(
        [60, 48.3, 50, np.nan, np.nan, np.nan], nan_ok=True
    )
    assert found.index[found["bridge"]].tolist() == ["12"]
    assert found.loc["11", "name"] == "城万路"


def test_ways_that_meet_in_a_node_share_it_to_the_last_bit(extract):
    shapes = read_file(extract, "roads").frame.set_index("code").geometry
    assert shapes["11"].coords[-1] == shapes["12"].coords[0] == shapes["13"].coords[0]
    assert shapes["14"].coords[0] == shapes["15"].coords[-1]


def test_barriers_of_an_extract(extract):
    result = read_file(extract, "barriers")
    assert not result.problems
    kinds = result.frame.set_index("code")["kind"].to_dict()
    assert kinds == {"21": "river", "24": "water", "25": "railway", "27": "cliff"}
    shapes = result.frame.set_index("code").geometry
    assert shapes["24"].geom_type == "Polygon"
    assert shapes["21"].geom_type == "LineString"


def test_an_extract_holds_no_households(extract):
    result = read_file(extract, "households")
    assert result.problems[0].key == "osm_has_no_layer"
    assert result.problems.fatal


def test_an_extract_that_breaks_off(tmp_path, extract):
    broken = tmp_path / f"broken{''.join(extract.suffixes)}"
    broken.write_bytes(extract.read_bytes()[:-40])
    assert read_file(broken, "roads").problems.fatal


def test_an_extract_without_roads(tmp_path):
    path = tmp_path / "empty.osm"
    path.write_text("<?xml version='1.0'?>\n<osm version='0.6'></osm>\n")
    for layer in ("roads", "barriers"):
        assert read_file(path, layer).problems[0].key == "no_rows"


def test_words_of_an_office(tmp_path):
    path = tmp_path / "roads.csv"
    words = ["国道", "省道", "县道", "乡道", "村道", "高速公路", "四级", "机耕路", "规划"]
    rows = [
        f'{i},{word},{way},{speed},{bridge},"LINESTRING (108.{i} 31, 108.{i}5 31)"'
        for i, (word, way, speed, bridge) in enumerate(
            zip(
                words,
                ["双向", "单向", "逆向", "", "", "1", "0", "", ""],
                ["60公里/小时", "40km/h", "６０", "", "", "", "80;60", "快", ""],
                ["是", "否", "", "", "", "", "", "", ""],
                strict=True,
            )
        )
    ]
    header = "路段编号,道路等级,通行方向,限速,桥梁,WKT"
    path.write_bytes("\n".join([header, *rows]).encode("gbk"))
    result = read_file(path, "roads", crs="EPSG:4490")
    assert dict(result.problems.totals) == {"row_left_out": 1, "speed_unknown": 1}
    frame = with_defaults(result.frame)
    assert frame["road_class"].tolist() == [
        *("trunk", "primary", "secondary", "tertiary", "unclassified", "motorway"),
        *("tertiary", "track"),
    ]
    # one line for both carriageways: an office's motorway is not one-way unless it says so
    assert frame["oneway"].tolist()[:7] == [
        *("both", "forward", "backward", "both", "both", "forward", "both")
    ]
    assert frame["speed_kmh"].tolist() == pytest.approx(
        [60, 40, 60, np.nan, np.nan, np.nan, 60, np.nan], nan_ok=True
    )
    assert frame["bridge"].tolist() == [True] + [False] * 7


def test_letters_of_geofabrik(tmp_path):
    rows = [
        ({"osm_id": str(i), "fclass": "track_grade2", "oneway": letter}, line((108, i), (108.1, i)))
        for i, letter in enumerate("BFT", start=30)
    ]
    result = read_file(write_geojson(tmp_path / "g.geojson", rows), "roads")
    assert result.frame["oneway"].tolist() == ["both", "forward", "backward"]
    # without a B these may be true and false: nobody is sent the wrong way
    result = read_file(write_geojson(tmp_path / "g.geojson", rows[1:]), "roads")
    assert result.problems.totals["choice_unknown"] == 2


def test_other_tags_in_any_file(tmp_path):
    tags = '"bridge"=>"yes","maxspeed"=>"50","oneway"=>"yes","name:en"=>"a \\"b\\""'
    rows = [({"osm_id": 1, "highway": "road", "other_tags": tags}, line((108, 31), (108.1, 31)))]
    frame = read_file(write_geojson(tmp_path / "t.geojson", rows), "roads").frame
    assert (frame["oneway"][0], frame["speed_kmh"][0], frame["bridge"][0]) == ("forward", 50, True)


def test_broken_rows(tmp_path):
    good = line((108, 31), (108.1, 31))
    crossing = line((108, 31), (108.2, 31.2), (108.2, 31), (108, 31.2))
    rows = [
        ({"code": "a", "road_class": "track"}, good),
        ({"code": "b", "road_class": "track"}, line((108, 31), (108, 31))),
        ({"code": "c", "road_class": "track"}, {"type": "Point", "coordinates": [108, 31]}),
        ({"code": "d", "road_class": "goat trail"}, good),
        ({"code": "e", "road_class": None}, good),
        ({"code": "f", "road_class": "track"}, crossing),
        ({"code": "g", "road_class": "track"}, line((108, 31), (500, 31))),
        ({"code": "h", "road_class": "track"}, None),
        ({"code": "i", "road_class": "no"}, None),
        ({"code": "k", "road_class": "track", "speed": "0"}, good),
        ({"code": "k", "road_class": "path"}, good),
    ]
    result = read_file(write_geojson(tmp_path / "r.geojson", rows), "roads")
    by_row = {problem.row: problem.key for problem in result.problems}
    assert by_row == {
        2: "line_without_length",
        3: "wrong_geometry_type",
        4: "choice_unknown",
        5: "missing_value",
        7: "coordinates_out_of_range",
        8: "empty_geometry",
        9: "row_left_out",
        10: "duplicate_code",
        11: "duplicate_code",
    }
    assert result.frame["code"].tolist() == ["a", "f"]
    assert result.problems.left_out_rows.tolist() == [2, 9]


def test_lines_of_several_parts_become_rows(tmp_path):
    parts = {
        "type": "MultiLineString",
        "coordinates": [
            [[108, 31], [108.1, 31]],
            [[108.2, 31], [108.2, 31]],
            [[109, 31], [109, 32]],
        ],
    }
    rows = [
        ({"code": "a", "road_class": "track"}, parts),
        ({"code": "b", "road_class": "track"}, line((108, 31), (108.1, 31))),
    ]
    result = read_file(write_geojson(tmp_path / "m.geojson", rows), "roads")
    assert not result.problems
    assert result.frame["code"].tolist() == ["a-1", "a-2", "b"]
    assert result.frame["row"].tolist() == [1, 1, 2]
    assert result.frame.geometry[1].equals(shapely.LineString([(109, 31), (109, 32)]))


def test_lines_without_a_code_get_the_same_one_in_every_file(tmp_path):
    first = ({"highway": "track"}, line((108, 31), (108.1, 31)))
    other = ({"highway": "track"}, line((108, 31), (108.1, 31.1)))
    result = read_file(write_geojson(tmp_path / "a.geojson", [first, other, first]), "roads")
    assert dict(result.problems.totals) == {"code_from_shape": 1, "line_repeated": 1}
    codes = result.frame["code"].tolist()
    assert len(set(codes)) == 2
    again = read_file(write_geojson(tmp_path / "b.geojson", [other]), "roads")
    assert again.frame["code"].tolist() == codes[1:]


def test_far_roads_are_left_out_near_ones_kept():
    county = shapely.box(108, 31, 108.5, 31.5)
    shapes = [
        shapely.LineString([(x, 31.2), (x + 0.05, 31.2)]) for x in (108.2, 108.6, 108.72, 109.5)
    ]
    rows = [{"code": str(i), "road_class": "track"} for i in range(4)]
    frame = make_frame("roads", rows, shapes)
    problems = check_rows("roads", frame, Context(NOW, county=county))
    assert dict(problems.totals) == {"far_from_county": 2}
    assert problems.left_out_rows.tolist() == [3, 4]
    assert not problems.bad_rows.size


def test_real_roads_of_ningjin():
    result = read_file(shared_data("osm/ningjin_130528_roads.geojson"), "roads")
    assert not result.problems
    frame = with_defaults(result.frame)
    assert len(frame) == 2118
    assert (frame["oneway"] == "forward").sum() == 181
    assert not (frame["oneway"] == "backward").any()
    metres = frame.to_crs(4547).length.sum()
    assert metres == pytest.approx(2_524_000, rel=0.01)
    # as connected as the file: where lines meet they meet to the last bit
    _, meeting = np.unique(shapely.get_coordinates(frame.geometry), axis=0, return_counts=True)
    assert (meeting > 1).sum() == JUNCTIONS
