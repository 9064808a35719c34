import numpy as np
import pyarrow as pa
import pytest

from data.importers.log import TOLD_OF_A_KIND, ProblemLog
from data.importers.values import read_values
from geo.frames import LAYERS

GRIDS, HOUSEHOLDS = LAYERS["grids"], LAYERS["households"]
CENTERS = LAYERS["centers"]


def read(field, given):
    array = given if isinstance(given, pa.Array) else pa.array(given)
    problems = ProblemLog()
    rows = np.arange(1, len(array) + 1)
    return read_values(field, array, rows, problems).to_pylist(), problems


def test_codes_stored_as_numbers_keep_their_digits():
    codes, problems = read(GRIDS.field("code"), [500229001001.0, 500229001002.0, None])
    assert codes == ["500229001001", "500229001002", None]
    assert not problems
    assert read(GRIDS.field("code"), ["500229001001.0", " ５００ "])[0] == ["500229001001", "500"]
    assert read(GRIDS.field("code"), pa.array([500229001001001001], pa.int64()))[0] == [
        "500229001001001001"
    ]


@pytest.mark.parametrize("lost", ["5.00229E+11", "5E11"])
def test_a_code_whose_digits_a_spreadsheet_lost_is_an_error(lost):
    codes, problems = read(GRIDS.field("code"), ["1", lost])
    assert codes == ["1", None]
    assert [(p.key, p.row, p.details["value"]) for p in problems] == [("code_digits_lost", 2, lost)]


def test_a_float_too_long_to_be_exact_is_an_error():
    assert read(GRIDS.field("code"), [5.002290010010010e17])[1][0].key == "code_digits_lost"


def test_counts_are_whole_and_not_negative():
    given = ["3", "4.0", " 5 ", "-1", "2.5", "三", "", None, "99999999999999", "１２", "+7", "1e3"]
    counts, problems = read(HOUSEHOLDS.field("residents"), given)
    assert counts == [3, 4, 5, None, None, None, None, None, None, 12, 7, None]
    assert {p.row: p.key for p in problems} == {
        4: "count_negative",
        5: "count_not_whole",
        6: "count_not_number",
        9: "count_too_large",
        12: "count_not_whole",
    }


@pytest.mark.parametrize(
    ("given", "counts"),
    [
        (pa.array([1, -2, None], pa.int32()), [1, None, None]),
        (pa.array([1.0, 2.5, float("nan")]), [1, None, None]),
    ],
)
def test_counts_of_typed_files_are_checked_alike(given, counts):
    assert read(HOUSEHOLDS.field("residents"), given)[0] == counts


def test_choices_are_known_in_both_languages():
    words, problems = read(GRIDS.field("kind"), ["basic", "专属网格", "Basic Grid", "大", None])
    assert words == ["basic", "dedicated", "basic", None, None]
    assert [(p.key, p.row) for p in problems] == [("choice_unknown", 4)]
    assert "dedicated (专属网格)" in problems[0].details["choices"]


def test_need_counts_come_as_pairs_or_as_json():
    given = ["残疾:1；低保：2", '{"低保": 2, "残疾": 1}', "残疾", "残疾:-1", None]
    counts, problems = read(HOUSEHOLDS.field("needs"), given)
    assert counts == ['{"低保": 2, "残疾": 1}'] * 2 + [None] * 3
    assert [p.row for p in problems] == [3, 4]


def test_services_come_in_any_list():
    assert read(CENTERS.field("services"), ["a; b", "a、b", '["a", "b"]'])[0] == ["a;b"] * 3


def test_a_plain_date_is_a_day_in_china():
    given = ["2024-01-02", "20240102", "2024/1/2", "2024年1月2日", "2024-01-02T00:00:00Z", "soon"]
    instants, problems = read(GRIDS.field("valid_from"), given)
    assert [f"{i:%Y-%m-%d %H}" if i else None for i in instants] == [
        *["2024-01-01 16"] * 4,
        "2024-01-02 00",
        None,
    ]
    assert [(p.key, p.row) for p in problems] == [("date_not_valid", 6)]


def test_numbers_are_finite_and_not_negative():
    field = CENTERS.field("floor_area_m2")
    assert read(field, ["12.5", "-1", "nan", "0", "-0.0"])[0] == [12.5, None, None, 0.0, 0.0]


def test_a_million_faults_are_counted_but_not_all_told():
    _, problems = read(HOUSEHOLDS.field("residents"), ["x"] * 5000)
    assert problems.totals["count_not_number"] == 5000
    assert len(problems) == TOLD_OF_A_KIND
    assert len(problems.bad_rows) == 5000


@pytest.mark.parametrize(
    "given",
    [
        *("0001-01-01", "-1", "1", "now", "today", "NaT", "99", "0000-00-00", "2024-02-30"),
        *("1899-12-31", "9999-99-99", "2024-13-01", "20240230", "2024-01-01 25:00", "12:00"),
        *(
            "2024-",
            "二〇二四年",
            "２０２４",
            "9" * 60,
            "1e5",
            "inf",
            "2024W01",
            "2024-1-1-1",
            "45292",
            "202403",
        ),
    ],
)
def test_what_is_no_day_is_no_date(given):
    instants, problems = read(GRIDS.field("valid_from"), [given])
    assert instants == [None]
    assert [p.key for p in problems] == ["date_not_valid"]


@pytest.mark.parametrize(
    ("given", "utc"),
    [
        ("2024", "2023-12-31 16:00:00"),
        ("2024年", "2023-12-31 16:00:00"),
        ("2024-03", "2024-02-29 16:00:00"),
        ("2024年3月", "2024-02-29 16:00:00"),
        ("2024.3.1", "2024-02-29 16:00:00"),
        ("2024-03-01 00:00:00.500", "2024-02-29 16:00:00"),
        ("2024/03/01 12:00:00+00", "2024-03-01 12:00:00"),
        ("2024-03-01T12:00:00.000+08:00", "2024-03-01 04:00:00"),
        ("9999-12-31", "9999-12-30 16:00:00"),
    ],
)
def test_dates_are_read_as_people_and_files_write_them(given, utc):
    instants, problems = read(GRIDS.field("valid_from"), [given])
    assert not problems
    assert f"{instants[0]:%Y-%m-%d %H:%M:%S}" == utc


def test_a_number_beyond_every_double_is_none():
    numbers, problems = read(CENTERS.field("floor_area_m2"), ["1e999", "1", "1e308"])
    assert numbers == [None, 1, 1e308]
    assert [(p.key, p.row) for p in problems] == [("number_not_valid", 1)]


@pytest.mark.parametrize(
    ("layer", "field", "given", "key"),
    [
        (HOUSEHOLDS, "needs", r'{"a\u0000": 1}', "counts_not_valid"),
        (HOUSEHOLDS, "needs", r'{"\ud800": 1}', "counts_not_valid"),
        (HOUSEHOLDS, "needs", "低\x00保:1", "counts_not_valid"),
        (HOUSEHOLDS, "needs", '{"a":' * 20000, "counts_not_valid"),
        (CENTERS, "services", r'["a\u0000"]', "choice_unknown"),
        (CENTERS, "services", r'["\ud83d"]', "choice_unknown"),
        (HOUSEHOLDS, "address", "1\x00号", "text_not_valid"),
        (HOUSEHOLDS, "code", "X\x001", "text_not_valid"),
    ],
)
def test_characters_no_database_takes_are_an_error_of_their_row(layer, field, given, key):
    values, problems = read(layer.field(field), ["残疾:1" if field == "needs" else "a", given])
    assert values[1] is None
    assert values[0] is not None
    assert [(p.key, p.row) for p in problems] == [(key, 2)]
