import io
import json
import os
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from api.commands.serve import tidy
from api.settings import Settings
from tests.api import tiny

FIRST = tiny.VILLAGES[0] + "001"


def upload(client, layer, content, name="file.geojson", **form):
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    files = {"file": (name, io.BytesIO(body))}
    return client.post("/api/imports", data={"layer": layer, **form}, files=files)


def counts(client):
    layers = client.get("/api/workspace").json()["layers"]
    return {name: (layer["count"], layer["version"]) for name, layer in layers.items()}


def test_nothing_is_stored_before_the_commit(own_client):
    before = counts(own_client)
    report = upload(own_client, "grids", tiny.grids(shift=0.002)).json()
    assert report["state"] == "reported"
    assert (report["rows"], report["good_rows"], report["can_commit"]) == (4, 4, True)
    assert report["mapping"]["code"] == "code"
    assert counts(own_client) == before

    done = own_client.post(f"/api/imports/{report['id']}/commit")
    assert done.json() == {
        "state": "committed",
        "added": 0,
        "changed": 2,
        "unchanged": 2,
        "closed": 0,
    }
    grid = own_client.get(f"/api/grids/{FIRST}").json()
    assert grid["bbox"][2] == 108.012
    assert len(grid["history"]) == 2
    assert grid["households"] == 4
    assert own_client.get(f"/api/imports/{report['id']}").json()["state"] == "committed"


def test_an_import_is_committed_once(own_client):
    report = upload(own_client, "centers", tiny.centers()).json()
    assert own_client.post(f"/api/imports/{report['id']}/commit").json()["unchanged"] == 1
    again = own_client.post(f"/api/imports/{report['id']}/commit")
    assert again.status_code == 409
    assert again.json()["error"]["key"] == "import_closed"
    assert own_client.delete(f"/api/imports/{report['id']}").status_code == 409


def test_a_discarded_import_is_gone(own_client):
    report = upload(own_client, "centers", tiny.centers()).json()
    assert own_client.delete(f"/api/imports/{report['id']}").status_code == 204
    late = own_client.post(f"/api/imports/{report['id']}/commit")
    assert late.json()["error"]["key"] == "import_closed"


def with_faults():
    grids = tiny.grids()
    first, second, third, _ = grids["features"]
    second["properties"]["code"] = first["properties"]["code"]
    third["geometry"]["coordinates"][0][1] = [float("nan"), 31.0]
    return grids


def test_rows_with_errors_are_told_and_refuse_the_commit(own_client):
    before = counts(own_client)
    report = upload(own_client, "grids", with_faults()).json()
    assert report["can_commit"] is False
    assert report["counts"]["error"] >= 3
    assert {p["row"] for p in report["problems"] if p["severity"] == "error"} == {1, 2, 3}
    assert all(p["message_zh"] and p["message"] for p in report["problems"])
    table = own_client.get(f"/api/imports/{report['id']}/problems.csv")
    assert table.headers["content-type"].startswith("text/csv")
    assert table.text.startswith("\ufeffrow,")
    assert "duplicate_code" in table.text

    refused = own_client.post(f"/api/imports/{report['id']}/commit")
    assert refused.status_code == 409
    assert refused.json()["error"]["key"] == "import_has_errors"
    assert counts(own_client) == before

    done = own_client.post(f"/api/imports/{report['id']}/commit?skip_bad_rows=true")
    assert done.status_code == 200
    assert done.json()["unchanged"] == 1


def test_a_replacing_import_never_skips_rows(own_client):
    before = counts(own_client)
    report = upload(own_client, "grids", with_faults(), mode="replace").json()
    refused = own_client.post(f"/api/imports/{report['id']}/commit?skip_bad_rows=true")
    assert refused.status_code == 409
    assert refused.json()["error"]["key"] == "replace_needs_all_rows"
    assert counts(own_client) == before


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.geojson", b""),
        ("a.geojson", b"{"),
        ("a.geojson", b"not json at all"),
        ("a.geojson", b'{"type": "FeatureCollection", "features": []}'),
        ("a.geojson", b'{"type": "Feature"}'),
        ("a.csv", b"\x00\x01\x02"),
        ("a.csv", b"code;name\n1"),
        ("a.gpkg", b"SQLite format 3\x00 and then nothing"),
        ("a.zip", b"PK\x03\x04 broken"),
        ("../../etc/passwd", b"root:x:0:0"),
        ("", b"x"),
        ("\u0000\u202e.geojson", b"{}"),
    ],
)
def test_files_that_are_none_get_a_report(own_client, name, content):
    before = counts(own_client)
    answer = upload(own_client, "grids", content, name=name or "x")
    assert answer.status_code == 201, answer.text
    report = answer.json()
    assert report["can_commit"] is False
    assert report["good_rows"] == 0
    assert report["counts"]["error"] >= 1
    refused = own_client.post(f"/api/imports/{report['id']}/commit?skip_bad_rows=true")
    assert refused.json()["error"]["key"] == "import_empty"
    assert counts(own_client) == before


def test_coordinates_without_a_system_are_not_guessed(own_client):
    table = b"code,lon,lat,residents\nH1,108.005,31.01,3\n"
    report = upload(own_client, "households", table, name="h.csv").json()
    assert report["can_commit"] is False
    report = upload(own_client, "households", table, name="h.csv", crs="GCJ02").json()
    assert report["can_commit"] is True
    assert report["crs"].upper().startswith("GCJ")


def test_columns_are_matched_by_hand_and_personal_ones_dropped(own_client):
    table = "nr,x,y,people,姓名,身份证号\nH1,108.005,31.01,3,张三,11010519491231002X\n".encode()
    mapping = {"code": "nr", "lon": "x", "lat": "y", "residents": "people"}
    report = upload(
        own_client,
        "households",
        table,
        name="h.csv",
        crs="EPSG:4490",
        mapping=json.dumps(mapping),
    ).json()
    assert report["mapping"]["residents"] == "people"
    assert {"姓名", "身份证号"} <= set(report["dropped_columns"])
    assert "张三" not in json.dumps(report, ensure_ascii=False)
    assert own_client.post(f"/api/imports/{report['id']}/commit").json()["added"] == 1


@pytest.mark.parametrize("mapping", ["{", "[]", '{"code": 1}', '"code"'])
def test_a_mapping_that_is_none(own_client, mapping):
    answer = upload(own_client, "grids", tiny.grids(), mapping=mapping)
    assert answer.status_code == 422
    assert answer.json()["error"]["key"] == "invalid_body"


def test_waiting_rows_that_are_gone(own_client, tmp_path):
    report = upload(own_client, "centers", tiny.centers()).json()
    for file in (tmp_path / "imports").glob("*.parquet"):
        file.unlink()
    answer = own_client.post(f"/api/imports/{report['id']}/commit")
    assert answer.status_code == 410
    assert answer.json()["error"]["key"] == "import_rows_gone"


def test_a_file_above_the_limit(own_client):
    answer = upload(own_client, "grids", b" " * 2_100_000)
    assert answer.status_code == 413
    assert answer.json()["error"]["key"] == "too_large"


def test_uploads_leave_nothing_behind(own_client, tmp_path):
    report = upload(own_client, "centers", tiny.centers()).json()
    own_client.post(f"/api/imports/{report['id']}/commit")
    assert list((tmp_path / "imports").iterdir()) == []
    assert own_client.get(f"/api/imports/{report['id']}/problems.csv").status_code == 410
    report = upload(own_client, "centers", tiny.centers()).json()
    assert len(list((tmp_path / "imports").iterdir())) == 2
    own_client.delete(f"/api/imports/{report['id']}")
    assert list((tmp_path / "imports").iterdir()) == []


def test_what_nobody_commits_for_a_day_is_discarded(own_client, own_engine, tmp_path):
    folder = tmp_path / "imports"
    old, new = (upload(own_client, "centers", tiny.centers()).json()["id"] for _ in range(2))
    yesterday = datetime.now(UTC) - timedelta(hours=25)
    with own_engine.begin() as connection:
        values = {"id": old, "at": yesterday}
        statement = "UPDATE import_batch SET created_at = :at WHERE id = CAST(:id AS uuid)"
        connection.execute(text(statement), values)
    broken_off = folder / "upload-abc"
    broken_off.mkdir()
    (broken_off / "a.csv").write_bytes(b"code\n")
    os.utime(broken_off, (yesterday.timestamp(),) * 2)

    tidy(own_engine, Settings(home=tmp_path))
    assert own_client.get(f"/api/imports/{old}").json()["state"] == "discarded"
    assert own_client.get(f"/api/imports/{new}").json()["state"] == "reported"
    assert {p.name.partition(".")[0] for p in folder.iterdir()} == {new}


@pytest.mark.parametrize("name", ["张三丰13800138000.csv", "11010519491231002X 王五.csv"])
def test_a_persons_number_in_the_file_name_is_kept_nowhere(own_client, own_engine, name):
    for content in (b"", b"code,lon,lat,residents\nH1,108.005,31.01,3\n"):
        answer = upload(own_client, "households", content, name=name, crs="EPSG:4490")
        report = answer.json()
        assert report["filename"] == "upload.csv"
        own_client.post(f"/api/imports/{report['id']}/commit")
        table = own_client.get(f"/api/imports/{report['id']}/problems.csv").text
        with own_engine.connect() as connection:
            kept = connection.exec_driver_sql(
                "SELECT CAST(row(b.*) AS text) FROM import_batch b"
                " UNION ALL SELECT CAST(row(a.*) AS text) FROM audit a"
            ).scalars()
            everything = "".join([answer.text, table, *kept])
        assert "upload.csv" in everything
        assert not any(part in everything for part in ("138001", "张三丰", "11010519", "王五"))


@pytest.mark.parametrize(
    "form",
    [
        {"mapping": '{"code": "a\\u0000"}'},
        {"mapping": '{"a\\u0000": "code"}'},
        {"mapping": '{"code": "\\ud800"}'},
        {"mapping": "[" * 19_000},
        {"mapping": '{"a":' * 3_000},
        {"source_layer": "a\0b"},
        {"crs": "a\0b"},
        {"encoding": "a\0b"},
    ],
    ids=str,
)
def test_options_the_store_cannot_hold(own_client, form):
    answer = upload(own_client, "grids", tiny.grids(), **form)
    assert answer.status_code == 422, answer.text
    error = answer.json()["error"]
    assert error["key"] == "invalid_body"
    assert error["details"]["place"] == next(iter(form))


def test_imports_are_written_down(own_client, own_engine):
    report = upload(own_client, "centers", tiny.centers()).json()
    own_client.post(f"/api/imports/{report['id']}/commit")
    with own_engine.connect() as connection:
        (act,) = connection.exec_driver_sql(
            "SELECT object FROM audit WHERE action = 'import' ORDER BY id DESC LIMIT 1"
        ).all()
    assert act.object == "centers"


def test_a_layer_far_away_does_not_move_the_map(own_client):
    extent = own_client.get("/api/workspace").json()["extent"]
    kansas = tiny.collection(
        [
            tiny.feature(
                {
                    "type": "Polygon",
                    "coordinates": [[[-99, 38], [-98, 38], [-98, 39], [-99, 39], [-99, 38]]],
                },
                code="KS1",
            )
        ]
    )
    report = upload(own_client, "natural_villages", kansas).json()
    assert own_client.post(f"/api/imports/{report['id']}/commit").status_code == 200
    workspace = own_client.get("/api/workspace").json()
    assert workspace["layers"]["natural_villages"]["extent"][0] == -99
    assert workspace["extent"] == extent
