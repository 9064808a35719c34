import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.importers.personal import find_personal_values, is_personal_name, remove_personal
from data.importers.read import read_file

# invented: region, date and order are made up, the check digit is right
IDENTITY = "11010519491231002X"
MOBILE = "13812345678"


@pytest.mark.parametrize(
    "name",
    ["户主姓名", "身份证号码", "联系电话", "Phone", "ID_Card", "mobile phone", "SFZH", "e-mail"],
)
def test_personal_columns_are_known_by_name(name):
    assert is_personal_name(name, "grids")


@pytest.mark.parametrize("name", ["code", "名称", "address", "地址", "residents", "telescope"])
def test_other_columns_are_not(name):
    assert not is_personal_name(name, "grids")


def test_a_name_in_a_register_of_households_is_a_persons():
    assert is_personal_name("name", "households")
    assert not is_personal_name("name", "natural_villages")


def test_numbers_are_known_by_value():
    texts = [
        f"张三{IDENTITY}",
        MOBILE,
        "138-1234-5678",
        "１３８１２３４５６７８",
        "500229001001001",
    ]
    assert find_personal_values(pa.array(texts)).tolist() == [True, True, True, True, False]


def test_codes_of_eighteen_digits_are_not_identity_numbers():
    # 12 digits of a village and six of a household: positions 7–14 can read like a date
    codes = [f"500229200101{i:06d}" for i in range(12000, 13000)]
    assert not find_personal_values(pa.array(codes)).any()


@settings(max_examples=80)
@given(before=st.text("村组号地址 ", max_size=5), after=st.text("村组号地址 ", max_size=5))
def test_nothing_personal_is_left(before, after):
    texts = pa.array([f"{before}{IDENTITY} {MOBILE},{MOBILE}{after}"])
    cleaned = remove_personal(texts)
    assert not find_personal_values(cleaned).any()
    assert MOBILE not in cleaned[0].as_py()
    assert IDENTITY not in cleaned[0].as_py()


def test_personal_data_never_gets_past_the_reader(tmp_path):
    path = tmp_path / "register.csv"
    path.write_text(
        "code,户主,address,备注,lon,lat\n"
        f"1,张三,土城社区1号 {MOBILE},{IDENTITY},108.66,31.94\n"
        f"2,李四,土城社区2号,{IDENTITY},108.67,31.95\n",
        encoding="utf-8",
    )
    result = read_file(path, "households", crs="EPSG:4490")
    assert result.dropped_columns == ("户主", "备注")
    assert result.frame["address"].tolist() == ["土城社区1号", "土城社区2号"]
    told = [(p.key, p.row) for p in result.problems]
    assert told == [
        ("personal_column_dropped", None),
        ("personal_column_dropped", None),
        ("personal_value_removed", 1),
    ]
    seen = f"{result.frame.to_csv()} {[p.details for p in result.problems]} {result.mapping}"
    assert not any(secret in seen for secret in (MOBILE, IDENTITY, "张三", "李四"))


def test_a_personal_column_cannot_be_asked_for(tmp_path):
    path = tmp_path / "register.csv"
    path.write_text("code,姓名,lon,lat\n1,张三,108.66,31.94\n", encoding="utf-8")
    result = read_file(path, "households", crs="4490", mapping={"address": "姓名"})
    assert "column_not_found" in [p.key for p in result.problems]
    assert "张三" not in result.frame.to_csv()


def write_counts(folder, counts):
    path = folder / "register.csv"
    lines = [f"{i},{count},108.66,31.94" for i, count in enumerate(counts)]
    path.write_text("\n".join(["code,residents,lon,lat", *lines, ""]), encoding="utf-8")
    return read_file(path, "households", crs="4490")


def test_a_phone_number_among_counts_is_an_error_of_its_row(tmp_path):
    result = write_counts(tmp_path, [3, 4, MOBILE, 2, 1])
    assert [(p.key, p.row) for p in result.problems] == [("count_too_large", 3)]
    assert result.frame["residents"].tolist() == [3, 4, 2, 1]
    assert result.dropped_columns == ()


def test_a_column_mostly_of_phone_numbers_is_dropped_whatever_it_is_called(tmp_path):
    result = write_counts(tmp_path, [3, MOBILE, MOBILE, MOBILE, 1])
    assert result.dropped_columns == ("residents",)


def test_a_number_field_never_takes_a_phone_number(tmp_path):
    path = tmp_path / "centers.csv"
    sound = "\n".join(f"{i},中心,village,20,108.66,31.94" for i in range(5))
    path.write_text(
        f"code,name,level,floor_area_m2,lon,lat\n{sound}\nz,中心,village,{MOBILE},108.66,31.94\n",
        encoding="utf-8",
    )
    result = read_file(path, "centers", crs="4490")
    assert [(p.key, p.row) for p in result.problems] == [("personal_value_removed", 6)]
    assert int(MOBILE) not in result.frame["floor_area_m2"].tolist()
