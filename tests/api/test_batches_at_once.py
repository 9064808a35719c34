"""Slices of a table that are asked for at the same time, as by a page that is reloaded."""

from __future__ import annotations

import contextlib
import csv
import io
import threading
from concurrent.futures import ThreadPoolExecutor, wait

from api.services import address_batches

ROWS = 40


def test_each_row_is_answered_once(client, monkeypatch):
    table = "地址\n" + "".join(f"河东镇上河村1组{number}号\n" for number in range(1, ROWS + 1))
    files = {"file": ("list.csv", table.encode(), "text/csv")}
    begun = client.post("/api/addresses/batches", files=files)
    assert begun.status_code == 201, begun.text
    url = f"/api/addresses/batches/{begun.json()['id']}"
    expected = client.post("/api/addresses/batch", files=files).content.decode("utf-8-sig")

    answer_rows, meeting = address_batches.answer_rows, threading.Barrier(2)

    def slowly(finder, texts):
        answered = list(answer_rows(finder, texts))
        with contextlib.suppress(threading.BrokenBarrierError):
            meeting.wait(1)  # two at once meet here, one alone goes on
        return answered

    monkeypatch.setattr(address_batches, "answer_rows", slowly)
    with ThreadPoolExecutor(2) as pool:
        slices = [pool.submit(client.post, f"{url}/next?rows=10") for _ in range(2)]
        assert [one.result().status_code for one in slices] == [200, 200]
    while client.get(url).json()["done"] < ROWS:
        client.post(f"{url}/next?rows=10")
    assert client.get(url).json()["done"] == ROWS
    given = client.get(f"{url}/file?format=csv").content.decode("utf-8-sig")
    timeless = [
        [{k: v for k, v in row.items() if k != "ms"} for row in csv.DictReader(io.StringIO(text))]
        for text in (given, expected)
    ]
    assert len(timeless[0]) == ROWS
    assert timeless[0] == timeless[1]


def test_who_looks_on_leaves_a_line_that_is_being_written(client):
    files = {"file": ("list.csv", "地址\n河东镇上河村1组1号\n".encode(), "text/csv")}
    identity = client.post("/api/addresses/batches", files=files).json()["id"]
    place = client.app.state.settings.home / "batches" / identity
    journal, line = place / "answers.jsonl", b'["ok", "house", "", "", "", 1.0, 1.0, "", "", ""]\n'
    with ThreadPoolExecutor(1) as pool:
        with address_batches._alone(place), journal.open("ab", buffering=0) as written:
            written.write(line[:9])
            looked = pool.submit(client.get, f"/api/addresses/batches/{identity}")
            wait([looked], timeout=1)
            written.write(line[9:])
        answer = looked.result()
    assert (answer.status_code, answer.json()["done"]) == (200, 1)
    assert journal.read_bytes() == line


def test_unknown_column_lists_what_there_is(client):
    files = {"file": ("list.csv", b'a,b,"c, d"\n1,2,3\n', "text/csv")}
    refused = client.post("/api/addresses/batches", files=files)
    assert refused.status_code == 422
    assert refused.json()["error"]["details"]["names"] == ["a", "b", "c, d"]
