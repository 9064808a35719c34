"""Answers that clerks say are wrong."""

from data.answer_reports import fetch_reports, settle_report, store_report
from tests.data.frames import LATER, NOW


def test_reports_are_kept_listed_and_settled_once(connection):
    answer = {"status": "ok", "grid": {"code": "500229001001-G01"}}
    first = store_report(connection, "土城三组5号", answer, note="应是二组", now=NOW)
    second = store_report(connection, "老城6号", {"status": "none"}, note="", now=LATER)
    found = fetch_reports(connection)
    assert (found.total, [row["id"] for row in found.rows]) == (2, [second, first])
    assert found.rows[1]["answer"] == answer

    assert settle_report(connection, first, note="已改登记", now=LATER)
    assert not settle_report(connection, first, note="再改", now=LATER)
    assert not settle_report(connection, 999_999, note="", now=LATER)
    assert [row["id"] for row in fetch_reports(connection, settled=False).rows] == [second]
    (settled,) = fetch_reports(connection, settled=True).rows
    assert (settled["settled_note"], settled["settled_at"]) == ("已改登记", LATER)
    assert len(fetch_reports(connection, limit=1, offset=1).rows) == 1
