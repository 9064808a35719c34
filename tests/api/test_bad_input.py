"""What is wrong with a file is told by row, in both languages; the store stays as it was."""

from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import text

from api.settings import Settings
from data.db import make_engine
from tests.api import hostile, tiny
from tests.api.bad_files import CONTAINERS, LONLAT, REFUSED, centers_with
from tests.api.conftest import clone, make_client
from tests.api.desk import TABLES, rows_of, stored, upload
from tests.api.hostile import household, register


@pytest.fixture(scope="module")
def shared_engine(cluster_url, tiny_database):
    with clone(cluster_url, tiny_database) as url:
        engine = make_engine(url, pool_size=8)
        yield engine
        engine.dispose()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def desk(shared_engine, folder):
    """A client of one county for all the files that must not change it."""
    settings = Settings(home=folder, max_upload_mb=1, max_request_mb=8)
    with make_client(settings, shared_engine) as client:
        yield client


def check_refusal(client, report, key, rows):
    assert rows_of(report, key) == rows
    assert report["can_commit"] is False
    assert report["counts"]["error"] > 0
    for problem in report["problems"]:
        assert any("\u4e00" <= c <= "\u9fff" for c in problem["message_zh"])
        assert problem["message"] not in ("", problem["message_zh"])
        assert "{" not in problem["message"] or problem["key"] == "file_unreadable"
    table = client.get(f"/api/imports/{report['id']}/problems.csv")
    listed = [line.split(",")[::2][:2] for line in table.text.splitlines() if f",{key}," in line]
    assert listed == [["" if row is None else str(row), key] for row in rows]
    refused = client.post(f"/api/imports/{report['id']}/commit")
    assert refused.status_code == 409
    assert refused.json()["error"]["key"] in ("import_has_errors", "import_empty")


@pytest.mark.parametrize("case", REFUSED)
def test_a_bad_file_is_told_and_refused(case, desk, shared_engine, folder):
    layer, name, content, form, key, rows = REFUSED[case]
    before = stored(shared_engine)
    answer = upload(desk, layer, name, content, **form)
    assert answer.status_code == 201, answer.text
    check_refusal(desk, answer.json(), key, rows)
    assert stored(shared_engine) == before
    assert not list((folder / "imports").glob("upload-*"))


WRONG_PLACES = {
    "null": [None, None],
    "text": ["108.005", "31.01"],
    "NaN": [float("nan"), 31.01],
    "one number": [108.005],
    "none": [],
    "an object": {"x": 108.005, "y": 31.01},
}


@pytest.mark.parametrize("place", WRONG_PLACES)
def test_coordinates_that_are_none_are_told_of_their_row(place, desk, shared_engine):
    before = stored(shared_engine)
    content = centers_with({"type": "Point", "coordinates": WRONG_PLACES[place]})
    report = upload(desk, "centers", "a.geojson", content).json()
    errors = [p for p in report["problems"] if p["severity"] == "error"]
    assert [p["row"] for p in errors] == [5]
    assert (report["good_rows"], report["can_commit"]) == (4, False)
    assert stored(shared_engine) == before


# --- containers --------------------------------------------------------------------------


@pytest.mark.parametrize("case", CONTAINERS)
def test_a_bad_container_is_told_and_refused(case, desk, shared_engine, folder, tmp_path):
    name, make, key = CONTAINERS[case]
    before = stored(shared_engine)
    answer = upload(desk, "natural_villages", name, make(tmp_path))
    assert answer.status_code == 201, answer.text
    check_refusal(desk, answer.json(), key, [None])
    assert stored(shared_engine) == before
    assert not list((folder / "imports").glob("upload-*"))


@pytest.mark.parametrize("climb", ["../../", "/", "..\\..\\"])
def test_an_archive_cannot_climb_out_of_its_folder(climb, desk, tmp_path):
    parts = hostile.shapefile_parts(tmp_path, "climber")
    content = hostile.archive({f"{climb}{name}": part for name, part in parts.items()})
    report = upload(desk, "natural_villages", "a.zip", content).json()
    assert report["good_rows"] == 2
    for place in (Path("/"), Path("/tmp"), Path.cwd(), Path.cwd().parent):
        assert not list(place.glob("climber.*"))


def test_the_layer_of_a_geopackage_is_chosen_by_name(desk, tmp_path):
    content = hostile.geopackage(tmp_path, "one", "two")
    wrong = upload(desk, "natural_villages", "a.gpkg", content, source_layer="three").json()
    assert rows_of(wrong, "layer_not_in_file") == [None]
    assert "one, two" in wrong["problems"][0]["message_zh"]
    right = upload(desk, "natural_villages", "a.gpkg", content, source_layer="two").json()
    assert (right["rows"], right["can_commit"]) == (2, True)


# --- odd, but right ----------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_every_usual_encoding_gives_the_same_rows(encoding, desk):
    content = register(household(1), household(2)).decode().encode(encoding)
    report = upload(desk, "households", "a.csv", content, **LONLAT).json()
    assert report["counts"] == {"error": 0, "warning": 0}
    assert report["preview"][0]["address"] == "小县上河村1号"


def test_mixed_line_ends_are_line_ends(desk):
    lines = [hostile.HEADER, household(1), household(2), household(3)]
    content = f"{lines[0]}\r\n{lines[1]}\n{lines[2]}\r{lines[3]}\r\n".encode()
    report = upload(desk, "households", "a.csv", content, **LONLAT).json()
    assert (report["rows"], report["can_commit"]) == (3, True)


def test_ten_thousand_columns_are_read(desk):
    header = f"{hostile.HEADER},{','.join(f'c{i}' for i in range(10_000))}"
    content = register(household(1) + "," * 10_000, header=header)
    report = upload(desk, "households", "a.csv", content, **LONLAT).json()
    assert (report["rows"], report["can_commit"]) == (1, True)
    assert len(report["unused_columns"]) == 10_000


def test_heights_are_dropped_and_told(desk):
    high = {"type": "Point", "coordinates": [*tiny.CENTER, 812.5]}
    content = hostile.geojson(hostile.center(1, high))
    report = upload(desk, "centers", "a.geojson", content).json()
    assert rows_of(report, "z_dropped") == [None]
    assert report["can_commit"] is True


def test_a_shape_of_very_many_points_is_read(desk):
    south = [[round(108 + i * 2e-7, 9), 31.0] for i in range(20_000)]
    ring = [*south, [108.004, 31.01], [108.0, 31.01], south[0]]
    content = hostile.geojson(hostile.grid(9, {"type": "Polygon", "coordinates": [ring]}))
    report = upload(desk, "grids", "a.geojson", content).json()
    assert (report["good_rows"], report["counts"]["error"]) == (1, 0)


NAMES = {
    "markup": hostile.SCRIPT,
    "SQL": hostile.SQL,
    "emoji": "😀👩‍👩‍👧",
    "control characters": "一\x07二\x1b[2J三",
    "direction mark": "\u202e网格",
    "formula": "=cmd|' /C calc'!A0",
    "markup of the terminal": "[red]红[/red]",
}


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_only_a_name(name, own_client, own_engine):
    content = hostile.geojson(hostile.center(1, name=NAMES[name]))
    report = upload(own_client, "centers", "a.geojson", content).json()
    assert own_client.post(f"/api/imports/{report['id']}/commit").json()["changed"] == 1
    shown = own_client.get("/api/centers/C1")
    assert shown.headers["content-type"] == "application/json"
    assert shown.json()["name"] == NAMES[name]
    table = own_client.get("/api/exports/centers.csv").text
    assert "\n=" not in table
    assert ",=" not in table
    assert stored(own_engine)[0]["household"] == 16


# --- personal data -----------------------------------------------------------------------

PERSONAL = {
    "columns by name": register(
        *(f"{household(i)},{hostile.PERSON},{hostile.IDENTITY},{hostile.PHONE}" for i in range(30)),
        header=f"{hostile.HEADER},户主姓名,身份证号,联系电话",
    ),
    "columns by value": register(
        *(f"{household(i)},{hostile.IDENTITY},{hostile.PHONE}" for i in range(30)),
        header=f"{hostile.HEADER},备注,说明",
    ),
    "numbers in an address": register(
        *(household(i) for i in range(30)),
        household(99, address=f"小县{hostile.IDENTITY} {hostile.PHONE}"),
    ),
    "a phone number for residents": register(
        *(household(i) for i in range(30)), household(99, residents=hostile.PHONE)
    ),
    "an identity number as a code, twice": register(
        *(household(i) for i in range(30)),
        *[household(99).replace("X99", hostile.IDENTITY)] * 2,
    ),
    "a row that is broken": register(
        *(household(i) for i in range(30)),
        f"X99,{hostile.PERSON},{hostile.IDENTITY},{hostile.PHONE}",
    ),
}


@pytest.mark.parametrize("case", PERSONAL)
def test_personal_data_goes_nowhere(case, own_client, own_engine, tmp_path, caplog):
    report = upload(own_client, "households", "a.csv", PERSONAL[case], **LONLAT)
    places = {"report": report.text, "log": caplog.text}
    identity = report.json()["id"]
    places["problems.csv"] = own_client.get(f"/api/imports/{identity}/problems.csv").text
    for path in (tmp_path / "imports").glob("*.parquet"):
        places["staged"] = pd.read_parquet(path).drop(columns="geometry").to_csv()
    own_client.post(f"/api/imports/{identity}/commit?skip_bad_rows=true")
    with own_engine.connect() as connection:
        for table in (*TABLES, "import_batch", "audit"):
            rows = connection.execute(text(f"SELECT CAST(t AS text) FROM {table} t")).scalars()
            places[table] = "\n".join(rows)
    assert "X29" in places["household"]
    for place, content in places.items():
        for number in (hostile.IDENTITY, hostile.PHONE, hostile.PERSON):
            assert number not in content, place
