import numpy as np
import pandas as pd
import pyarrow as pa
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg2 import sql
from sqlalchemy import text

from data import bulk

KINDS = {"t": "text", "i": "integer", "b": "bigint", "f": "float", "w": "instant", "g": "geometry"}
TYPES = "t text, i integer, b bigint, f float8, w timestamptz, g geometry"

texts = st.none() | st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12)
rows = st.tuples(
    texts,
    st.none() | st.integers(-(2**31), 2**31 - 1),
    st.none() | st.integers(-(2**63), 2**63 - 1),
    st.none() | st.floats(allow_nan=False),
    st.none() | st.datetimes(pd.Timestamp("1900-01-01"), pd.Timestamp("2200-01-01")),
    st.none() | st.tuples(st.floats(-180, 180), st.floats(-90, 90)).map(shapely.Point),
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(rows, min_size=1, max_size=12))
def test_whatever_is_copied_in_is_there(connection, rows):
    bulk.run(connection, sql.SQL(f"CREATE TEMP TABLE copied (n integer, {TYPES})"))
    t, i, b, f, w, g = (list(column) for column in zip(*rows, strict=True))
    columns = {
        "n": ("integer", pd.Series(range(len(rows)))),
        "t": ("text", pd.Series(t, dtype="str")),
        "i": ("integer", pd.Series(i, dtype="Int64")),
        "b": ("bigint", pd.Series(b, dtype="Int64")),
        "f": ("float", pd.Series(f, dtype="float64")),
        "w": ("instant", pd.Series(w, dtype="datetime64[us]").dt.tz_localize("UTC")),
        "g": ("geometry", pd.Series(np.array(g, dtype=object))),
    }
    bulk.copy_rows(connection, "copied", columns)
    query = sql.SQL("SELECT t, i, b, f, w, ST_AsBinary(g), ST_SRID(g) FROM copied ORDER BY n")
    found = bulk.run(connection, query)
    bulk.run(connection, sql.SQL("DROP TABLE copied"))
    assert [row[:4] for row in found] == [row[:4] for row in rows]
    assert [row[4] and row[4].replace(tzinfo=None) for row in found] == w
    assert [row[5] and shapely.from_wkb(bytes(row[5])) for row in found] == g
    assert {row[6] for row in found} <= {4490, None}


def test_more_rows_than_are_laid_out_at_once(connection):
    count = 50_001
    bulk.run(connection, sql.SQL("CREATE TEMP TABLE many (n integer, t text)"))
    numbers = pd.Series(range(count))
    words = ("第" + numbers.astype("str")).astype("str")
    bulk.copy_rows(connection, "many", {"n": ("integer", numbers), "t": ("text", words)})
    query = text("SELECT count(*), sum(n), bool_and(t = '第' || n) FROM many")
    assert connection.execute(query).one() == (count, count * (count - 1) // 2, True)


def test_a_table_comes_out_with_empty_text_and_null_apart(connection):
    query = "SELECT * FROM (VALUES (1, '', NULL), (2, 'a\nb,\"c\"', %(word)s)) AS v"
    types = {"n": pa.int64(), "a": pa.large_string(), "b": pa.large_string()}
    table = bulk.fetch_table(connection, query, {"word": "村'"}, types)
    assert table.to_pylist() == [
        {"n": 1, "a": "", "b": None},
        {"n": 2, "a": 'a\nb,"c"', "b": "村'"},
    ]
    empty = bulk.fetch_table(connection, "SELECT 1 WHERE false", {}, {"n": pa.int64()})
    assert empty.num_rows == 0


def test_indexes_are_back_after_a_first_load(connection):
    listed = text("SELECT indexdef FROM pg_indexes WHERE tablename = 'household' ORDER BY 1")
    before = connection.execute(listed).scalars().all()
    with bulk.indexes_aside(connection, "household"):
        assert len(connection.execute(listed).scalars().all()) < len(before)
    assert connection.execute(listed).scalars().all() == before
