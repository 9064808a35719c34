"""Other names of places: from files, from lists of villages, from versions that have ended."""

from datetime import date

import pandas as pd
import pytest
from sqlalchemy import text

from data import addresses, divisions, place_aliases, workspace
from data.importers.aliases import read_aliases
from tests.data.frames import LATER, NOW, make_divisions

TOWN, VILLAGE = "500229001", "500229001001"


def read(tmp_path, *lines, encoding="utf-8"):
    path = tmp_path / "aliases.csv"
    path.write_bytes("\n".join(lines).encode(encoding))
    return read_aliases(path, max_bytes=1_000_000)


def names(connection):
    frame = addresses.fetch_gazetteer(connection).aliases
    return [tuple(row) for row in frame.itertuples(index=False)]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("head", ["code,name,from,to", "编码,曾用名,启用日期,停用日期"])
def test_names_come_from_a_table(tmp_path, connection, head, encoding):
    rows = (
        f"{VILLAGE},老城村,1998-01-01,2019-06-30",
        f"{VILLAGE},东门口,,",
        f"{TOWN},城关镇,,2003",
    )
    result = read(tmp_path, head, *rows, encoding=encoding)
    assert not result.problems
    counts = place_aliases.store_frame(connection, result.frame, now=NOW)
    assert (counts.added, counts.unchanged) == (3, 0)
    assert names(connection) == [
        (TOWN, "城关镇", "old", None, date(2003, 1, 1)),
        (VILLAGE, "东门口", "other", None, None),
        (VILLAGE, "老城村", "old", date(1998, 1, 1), date(2019, 6, 30)),
    ]
    again = place_aliases.store_frame(connection, result.frame, now=LATER)
    assert (again.added, again.changed, again.unchanged) == (0, 0, 3)


def test_a_later_file_corrects_the_end_and_replacing_drops_what_it_lacks(tmp_path, connection):
    head = "code,name,kind,from,to"
    first = read(tmp_path, head, f"{VILLAGE},老城村,曾用名,1998-01-01,", f"{VILLAGE},东门口,俗名,,")
    place_aliases.store_frame(connection, first.frame, now=NOW)
    place_aliases.store_official(connection, [VILLAGE], pd.Series(["土城社区居民委员会"]))
    second = read(tmp_path, head, f"{VILLAGE},老城村,曾用名,1998-01-01,2019-06-30")
    counts = place_aliases.store_frame(connection, second.frame, mode="replace", now=LATER)
    assert (counts.added, counts.changed, counts.unchanged, counts.closed) == (0, 1, 0, 1)
    assert names(connection) == [
        (VILLAGE, "土城社区居民委员会", "official", None, None),
        (VILLAGE, "老城村", "old", date(1998, 1, 1), date(2019, 6, 30)),
    ]


def test_faults_of_a_table_are_told_by_row(tmp_path):
    result = read(
        tmp_path,
        "code,name,from,to",
        f"{VILLAGE},老城村,2019-06-30,1998-01-01",
        f"{VILLAGE},,,",
        f"{VILLAGE},东门口,去年,",
    )
    assert {(p.key, p.row) for p in result.problems} == {
        ("alias_dates_reversed", 1),
        ("missing_value", 2),
        ("date_not_valid", 3),
    }


def test_official_names_follow_the_list_and_change_nothing_when_equal(connection):
    store = place_aliases.store_official

    def version(connection):
        return addresses.version_of(workspace.fetch_etags(connection))

    store(connection, [TOWN, VILLAGE], pd.Series(["葛城街道办事处", "土城社区居民委员会"]))
    before = version(connection)
    store(connection, [TOWN, VILLAGE], pd.Series(["葛城街道办事处", "土城社区居民委员会"]))
    assert version(connection) == before
    store(connection, [TOWN, VILLAGE], pd.Series([None, "土城居委会"]))
    assert version(connection) != before
    assert names(connection) == [(VILLAGE, "土城居委会", "official", None, None)]


def test_the_name_a_division_had_before_is_an_old_name(connection):
    frame = make_divisions()
    divisions.store_frame(connection, frame, now=NOW)
    frame["name"] = frame["name"].replace({"土城社区": "新城社区"})
    divisions.store_frame(connection, frame, now=LATER)
    assert names(connection) == [(VILLAGE, "土城社区", "old", NOW.date(), LATER.date())]


def test_the_name_of_a_division_that_went_into_another_is_an_old_name_of_that(connection):
    divisions.store_frame(connection, make_divisions(), now=NOW)
    connection.execute(
        text("""UPDATE division SET valid_to = :later, successor_codes = ARRAY['500229001002']
                 WHERE code = :code"""),
        {"later": LATER, "code": VILLAGE},
    )
    assert names(connection) == [("500229001002", "土城社区", "old", NOW.date(), LATER.date())]
