"""Tables of addresses, wrong answers, the place next door."""

import csv
import io

import pytest
import xlsxwriter

from data.spreadsheet import Sheet, write_workbook
from tests.api import tiny

FIRST = tiny.VILLAGES[0] + "001"
SECOND = tiny.VILLAGES[0] + "002"
ROWS = [
    ("1", "河东镇上河村一组１號", "=1+1"),
    ("2", "上河村", "13800000000"),
    ("3", "月球路1号", ""),
    ("4", "", "空"),
    ("5", "上河村2组2号", "a,b"),
]


def table(encoding="utf-8", header=("序号", "地址", "备注")):
    text = io.StringIO()
    csv.writer(text).writerows([header, *ROWS])
    return text.getvalue().encode(encoding)


def read(content):
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def send(client, content, name="表.csv", path="/api/addresses/batch", **form):
    return client.post(path, files={"file": (name, content)}, data=form)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_table_comes_back_with_grids_and_reasons(client, encoding):
    answer = send(client, table(encoding))
    assert answer.status_code == 200, answer.text
    rows = read(answer.content)
    assert [(r["序号"], r["地址"]) for r in rows] == [row[:2] for row in ROWS]
    assert [r["status"] for r in rows] == ["ok", "ambiguous", "none", "none", "ok"]
    assert [r["grid_code"] for r in rows] == [FIRST, "", "", "", SECOND]
    assert rows[0]["level"] == "house"
    assert rows[0]["household_id"] == "H000"
    assert rows[1]["candidate_grid_codes"] == f"{FIRST};{SECOND}"
    assert rows[2]["reason_zh"].startswith("没有找到")
    assert not any("。；" in row["reason_zh"] or ".;" in row["reason"] for row in rows)
    assert any("（" in row["reason_zh"] and "(" in row["reason"] for row in rows)
    # a cell that a spreadsheet would run is text
    assert rows[0]["备注"] == "'=1+1"
    # only what came as plain UTF-8 from a program goes back as that
    assert answer.content.startswith(b"\xef\xbb\xbf") == (encoding != "utf-8")


def test_a_workbook_comes_back_as_a_workbook(client):
    book = write_workbook([Sheet("a", ("序号", "地址", "备注"), ("text",) * 3, ROWS)])
    answer = send(client, book, "表.xlsx")
    assert answer.status_code == 200, answer.text
    assert answer.content.startswith(b"PK")
    as_csv = read(send(client, book, "表.xlsx", format="csv").content)
    assert [r["grid_code"] for r in as_csv] == [FIRST, "", "", "", SECOND]


def test_merged_titles_above_the_heading_are_no_heading(client, tmp_path):
    path = tmp_path / "b.xlsx"
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet()
        page.merge_range("A1:C1", "河东镇住户登记表")
        page.write_row("A3", ["序号", "地址", "备注"])
        for at, row in enumerate(ROWS):
            page.write_row(3 + at, 0, [float(row[0]), *row[1:]])
    rows = read(send(client, path.read_bytes(), "表.xlsx", format="csv").content)
    assert [(r["序号"], r["地址"]) for r in rows] == [row[:2] for row in ROWS]
    assert [r["grid_code"] for r in rows] == [FIRST, "", "", "", SECOND]


def test_the_column_is_asked_for_where_it_cannot_be_told(client):
    odd = table(header=("a", "b", "c"))
    refused = send(client, odd)
    assert refused.status_code in (400, 422)
    assert refused.json()["error"]["key"] == "address_column_unknown"
    assert refused.json()["error"]["details"]["columns"] == "a, b, c"
    rows = read(send(client, odd, column="b").content)
    assert [r["grid_code"] for r in rows] == [FIRST, "", "", "", SECOND]


def test_names_of_columns_that_are_taken_get_a_number(client):
    rows = read(send(client, table(header=("status", "地址", "grid_code"))).content)
    assert rows[0]["status"] == "1"
    assert rows[0]["status_2"] == "ok"
    assert rows[0]["grid_code_2"] == FIRST


def test_a_batch_goes_on_slice_by_slice(client):
    begun = send(client, table(), path="/api/addresses/batches")
    assert begun.status_code == 201, begun.text
    batch = begun.json()
    assert (batch["column"], batch["row_count"], batch["done"]) == ("地址", 5, 0)
    one = f"/api/addresses/batches/{batch['id']}"
    early = client.get(one + "/file")
    assert (early.status_code, early.json()["error"]["key"]) == (409, "batch_not_done")
    assert client.post(one + "/next", params={"rows": 2}).json()["done"] == 2
    # whoever asks again goes on where it was
    assert client.get(one).json()["counts"] == {"ok": 1, "ambiguous": 1}
    over = client.post(one + "/next", params={"rows": 1000}).json()
    assert (over["done"], over["counts"]) == (5, {"ok": 2, "ambiguous": 1, "none": 2})
    assert over["preview"][0]["grid_code"] == FIRST
    file = client.get(one + "/file")
    assert [r["grid_code"] for r in read(file.content)] == [FIRST, "", "", "", SECOND]
    assert client.get(one + "/file", params={"format": "xlsx"}).content.startswith(b"PK")
    assert client.delete(one).status_code == 204
    assert client.get(one).status_code == 404


def test_a_broken_line_of_the_journal_is_answered_again(client):
    batch = send(client, table(), path="/api/addresses/batches").json()
    one = f"/api/addresses/batches/{batch['id']}"
    client.post(one + "/next", params={"rows": 3})
    home = client.app.state.settings.home / "batches" / batch["id"]
    journal = home / "answers.jsonl"
    journal.write_bytes(journal.read_bytes()[:-20])  # the power failed
    assert client.get(one).json()["done"] == 2
    assert client.post(one + "/next", params={"rows": 1000}).json()["done"] == 5
    rows = read(client.get(one + "/file").content)
    assert [r["status"] for r in rows] == ["ok", "ambiguous", "none", "none", "ok"]


def test_wrong_answers_are_told_and_settled(own_client):
    client = own_client
    told = client.post(
        "/api/addresses/reports",
        json={"query": "上河村1组1号 13800000000", "note": "应是第2网格，电话13800000000"},
    )
    assert told.status_code == 201, told.text
    assert told.json()["answer"]["grid"]["code"] == FIRST
    listed = client.get("/api/addresses/reports", params={"settled": False}).json()
    assert listed["total"] == 1
    report = listed["reports"][0]
    # nobody's number is kept
    assert "138" not in report["query"] + report["note"]
    settle = f"/api/addresses/reports/{report['id']}/settle"
    assert client.post(settle, json={"note": "已改"}).status_code == 204
    assert client.post(settle, json={"note": "再改"}).status_code == 404
    assert client.get("/api/addresses/reports", params={"settled": False}).json()["total"] == 0


def test_a_place_and_the_addresses_next_to_it(client):
    near = client.get("/api/addresses/reverse", params={"lon": 108.0026, "lat": 31.0051}).json()
    assert near["grid"]["code"] == FIRST
    assert near["village"]["name"] == "上河村"
    first = near["addresses"][0]
    assert first["matched_address"] == "小县河东镇上河村1组1号"
    assert 0 < first["distance_m"] < 30
    assert len(near["addresses"]) == 3


def test_an_address_by_its_parts(client):
    found = client.get(
        "/api/addresses/search", params={"village": "上河村", "group": "一", "number": "1"}
    ).json()
    assert found["grid"]["code"] == FIRST
    assert client.get("/api/addresses/search").json()["error"]["key"] == "invalid_parameter"
    both = client.get("/api/addresses/search", params={"q": "上河村", "village": "上河村"})
    assert both.json()["error"]["key"] == "invalid_parameter"


HOSTILE = [
    "",
    "一",
    "村" * 3000,
    "🏠🏠",
    "\x00\x07",
    "'; DROP TABLE household; --",
    "<script>alert(1)</script>",
    "%_%",
    "110101199003078515",
    "13800000000",
    "Москва, Кремль 1",
    "اسم",
    "=cmd|'/C calc'!A0",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_whatever_is_typed_is_answered_and_never_with_a_grid(client, text):
    for path in ("search", "suggest"):
        answer = client.get(f"/api/addresses/{path}", params={"q": text})
        assert answer.status_code in (200, 400, 422), answer.text
        if path == "search" and answer.status_code == 200:
            assert answer.json()["status"] != "ok"
            assert answer.json()["grid"] is None
