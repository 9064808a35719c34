"""What a report says of a wrong value: enough to find it, nothing of a person."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.importers.columns import safe_names
from data.importers.quoting import HIDDEN, printable, quote
from data.importers.read import read_file
from tests.api.hostile import IDENTITY, PERSON, PHONE, geojson, household, register
from tests.api.tiny import CENTER, feature


@pytest.mark.parametrize(
    "value",
    [
        *("3", "-1", "2.5", "1e3", "1e300", "nan", "-inf", "12a", "K-1", "5.00229E+11", "+7"),
        *("2024-02-30", "2024年13月1日", "20240230", "2024-01-02 25:00", "37354027"),
        *("108.123456789012", "3535000.123456789", ""),
    ],
)
def test_numbers_dates_and_codes_are_quoted(value):
    assert quote(value) == value


@pytest.mark.parametrize(
    "value",
    [
        *(PERSON, "张三", "Zhang", "Zhang San", "三户", "欧阳·娜娜", IDENTITY, PHONE),
        *("+86 138 0013 8000", "138-0013-8000", "１３８００１３８０００", "1.3800138e10"),
        *("13800138000.0", "0.13800138e11", "1380013800000e-2", "1.1010519491231e17"),
        *("023-59221234", "02359221234", "G12345678", "6222021234567890123", "a@b.cn"),
        *(f".{PHONE}", f"1.{PHONE}", f"1.{IDENTITY[:17]}"),
        *(f"{PERSON}{PHONE}", f"3{PERSON}", "渝A12345", "残疾:1", 13800138000, 13800138000.0),
    ],
)
def test_what_may_be_a_persons_is_not(value):
    assert quote(value) == HIDDEN


@settings(max_examples=200)
@given(st.text(max_size=4), st.sampled_from([PERSON, PHONE, IDENTITY]), st.text(max_size=4))
def test_no_neighbours_bring_a_person_back(before, secret, after):
    assert secret not in quote(before + secret + after)


def test_nothing_that_breaks_a_database_or_a_terminal():
    assert printable("名称\tA\r\n") == "名称\tA\r\n"
    assert printable("\x00\x1b\ud83d\x9b") == "�" * 4


def reported(result):
    return " ".join(
        [
            *(f"{p.sentence('zh')} {p.sentence('en')} {dict(p.details)}" for p in result.problems),
            *(*result.columns, *result.unused_columns, *result.dropped_columns),
            str(result.mapping),
            result.frame.to_csv(),
        ]
    )


def read(folder, content, layer="households", name="rows.csv", crs="EPSG:4490", encoding=None):
    path = folder / name
    path.write_bytes(content)
    return read_file(path, layer, crs=crs, encoding=encoding)


@pytest.mark.parametrize(
    "shifted",
    [
        {"lon": PERSON + PHONE},
        {"lat": IDENTITY},
        {"lon": PHONE},
        {"lon": PERSON, "lat": PHONE},
        {"residents": PERSON},
        {"residents": PHONE},
        {"residents": f"-{PHONE}"},
        {"residents": f"{PHONE}.5"},
        {"residents": f"{PHONE}00"},
    ],
)
@pytest.mark.parametrize("sound", [0, 4, 30])
def test_a_shifted_row_is_refused_and_not_repeated(tmp_path, shifted, sound):
    lines = [household(i) for i in range(sound)]
    result = read(tmp_path, register(*lines, household(99, **shifted)))
    assert result.problems
    text = reported(result)
    assert not any(secret in text for secret in (PERSON, PHONE, IDENTITY, "1.3800138e"))


def test_a_number_column_of_geojson_may_hold_a_phone_number(tmp_path):
    point = {"type": "Point", "coordinates": list(CENTER)}
    named = {"name": "中心", "level": "village"}
    content = geojson(
        feature(point, code="C1", capacity=5.5, **named),
        feature(point, code="C2", capacity=int(PHONE), **named),
        *(feature(point, code=f"C{i}", capacity=3, **named) for i in range(3, 9)),
    )
    result = read(tmp_path, content, "centers", "centers.geojson", None)
    assert {p.key: p.row for p in result.problems} == {
        "count_not_whole": 1,
        "count_too_large": 2,
    }
    assert PHONE not in reported(result)


def test_an_unknown_choice_is_not_repeated(tmp_path):
    point = {"type": "Point", "coordinates": list(CENTER)}
    content = geojson(feature(point, code="C1", name="中心", level=PERSON))
    result = read(tmp_path, content, "centers", "centers.geojson", None)
    assert [p.key for p in result.problems] == ["choice_unknown"]
    assert result.problems[0].details["value"] == HIDDEN


@pytest.mark.parametrize(
    "first",
    [
        f"X0,{PERSON},108.005,31.01,{PHONE},3",
        f"X0,{PERSON},108.005,31.01,0,3",
        f"X0,{PERSON},37354027,3535000,0,3",
        f"X0,{PERSON},{IDENTITY[:-1]}1,0,0,3",
        f"X0,{PERSON},POINT (108 31),a,b,c",
    ],
)
def test_a_first_row_that_is_no_header_is_not_repeated(tmp_path, first):
    result = read(tmp_path, f"{first}\n{first}\n".encode())
    assert [p.key for p in result.problems] == ["header_missing"]
    assert not any(s in reported(result) for s in (PERSON, PHONE, IDENTITY[:-1]))


def test_a_column_of_a_map_layer_named_like_a_number_loses_its_name(tmp_path):
    point = {"type": "Point", "coordinates": list(CENTER)}
    named = {"code": "C1", "name": "中心", "level": "village"}
    content = geojson(feature(point, **named, **{PHONE: "x", f"电话{PHONE}": "y"}))
    result = read(tmp_path, content, "centers", "centers.geojson", None)
    assert len(result.frame) == 1
    assert PHONE not in reported(result)


def test_years_and_codes_are_names_of_columns(tmp_path):
    lines = ["code,2020,01,甲\x1b,lon,lat", "a,1,2,3,108,31", ""]
    result = read(tmp_path, "\n".join(lines).encode())
    assert result.columns == ("code", "2020", "01", "甲�", "lon", "lat")
    assert len(result.frame) == 1


def test_what_the_user_says_may_be_repeated(tmp_path):
    path = tmp_path / "rows.csv"
    path.write_bytes(register(household(1)))
    mapping = {"a\x00": "code", "residents": "b\ud800", "address": "\x1b[31m"}
    result = read_file(path, "households", crs="x\x00\ud800", mapping=mapping, source_layer="\x00")
    assert {p.key for p in result.problems} == {"field_unknown", "column_not_found", "unknown_crs"}
    text = reported(result)
    assert text == printable(text)


def test_names_of_columns_are_fit_for_a_database():
    assert safe_names(["a\x00", "a\ud800", "a"]) == (["a�", "a�_2", "a"], False)
