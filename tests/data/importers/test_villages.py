"""Lists of villages as counties keep them: names and codes, the whole chain in each row."""

import pytest

from data.importers.villages import OFFICIAL, read_villages

HEAD = "village_code,province,city,county,town,village_official"
ROWS = (
    "500229001001,重庆市,县,城口县,葛城街道办事处,土城社区居民委员会",
    "500229001002,重庆市,县,城口县,葛城街道办事处,东方红二村村民委员会",
    "500229102201,重庆市,县,城口县,巴山镇,柿坪村委会",
)


def read(tmp_path, *lines, encoding="utf-8", **settings):
    path = tmp_path / "places.csv"
    path.write_bytes("\n".join(lines).encode(encoding))
    return read_villages(path, max_bytes=1_000_000, **settings)


def units(result):
    frame = result.frame
    return {
        c: (lv, n) for c, lv, n in zip(frame["code"], frame["level"], frame["name"], strict=False)
    }


def officials(result):
    named = result.frame[result.frame[OFFICIAL].notna()]
    return dict(zip(named["code"], named[OFFICIAL], strict=False))


def keys(result):
    return {p.key: p.severity for p in result.problems}


WHOLE = {
    "50": ("province", "重庆市"),
    "500229": ("county", "城口县"),
    "500229001": ("township", "葛城街道"),
    "500229102": ("township", "巴山镇"),
    "500229001001": ("village", "土城社区"),
    "500229001002": ("village", "东方红二村"),
    "500229102201": ("village", "柿坪村"),
}


def test_a_list_makes_the_whole_chain(tmp_path):
    result = read(tmp_path, HEAD, *ROWS)
    assert units(result) == WHOLE
    assert keys(result) == {}
    assert officials(result) == {
        "500229001": "葛城街道办事处",
        "500229001001": "土城社区居民委员会",
        "500229001002": "东方红二村村民委员会",
        "500229102201": "柿坪村委会",
    }
    rows = dict(zip(result.frame["code"], result.frame["row"], strict=False))
    assert (rows["500229"], rows["500229001001"], rows["500229102201"]) == (0, 1, 3)
    assert result.frame.geometry.isna().all()


@pytest.mark.parametrize(
    "head",
    [
        "村代码,省,市,县,乡镇,村委会名称",
        "行政区划代码,省份,地市,区县,镇街,全称",
        "统计用区划代码,province_name,city_name,county_name,town_name,村(社区)",
        "AREA_CODE,省(市),市州,县(市、区),乡镇(街道),NAME",
    ],
)
def test_columns_are_found_by_the_names_counties_use(tmp_path, head):
    assert units(read(tmp_path, head, *ROWS)) == WHOLE


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encodings(tmp_path, encoding):
    assert units(read(tmp_path, HEAD, *ROWS, encoding=encoding)) == WHOLE


def test_a_city_that_has_a_name_is_kept(tmp_path):
    row = "433123001001,湖南省,湘西土家族苗族自治州,凤凰县,沱江镇,金家园社区居民委员会"
    found = units(read(tmp_path, HEAD, row))
    assert found["4331"] == ("city", "湘西土家族苗族自治州")
    assert found["43"] == ("province", "湖南省")


def test_the_name_that_is_given_beside_the_official_one_is_used(tmp_path):
    result = read(
        tmp_path, "村代码,村名,全称", "500229001001,土城,土城社区居民委员会", "500229001002,凤凰,"
    )
    assert units(result) == {
        "500229001001": ("village", "土城"),
        "500229001002": ("village", "凤凰"),
    }
    assert officials(result) == {"500229001001": "土城社区居民委员会"}


def test_two_committees_of_one_name_keep_their_full_names(tmp_path):
    rows = ("500229001001,大塘村民委员会", "500229001002,大塘村村民委员会")
    assert units(read(tmp_path, "村代码,村名", *rows)) == {
        "500229001001": ("village", "大塘村民委员会"),
        "500229001002": ("village", "大塘村村民委员会"),
    }


def test_rows_of_townships_and_counties_are_such(tmp_path):
    result = read(
        tmp_path,
        "code,name,county",
        "500200000000,重庆市郊县,",
        "500229000000,城口县,",
        "500229001000,葛城街道办事处,城口",
        "500229001001,土城社区,城口",
    )
    assert units(result) == {
        "5002": ("city", "重庆市郊县"),
        "500229": ("county", "城口县"),
        "500229001": ("township", "葛城街道"),
        "500229001001": ("village", "土城社区"),
    }


def test_a_division_with_two_names_has_that_of_most_rows(tmp_path):
    wrong = "500229001003,重庆市,县,城口,葛城街道办事处,梧桐社区"
    result = read(tmp_path, HEAD, *ROWS, wrong)
    assert units(result)["500229"] == ("county", "城口县")
    (problem,) = result.problems
    assert (problem.key, problem.details["code"], problem.details["count"]) == (
        "division_named_twice",
        "500229",
        1,
    )
    assert problem.severity == "warning"


def test_faults_are_told_by_row(tmp_path):
    result = read(
        tmp_path,
        HEAD,
        ROWS[0],
        ROWS[0],
        "500229001004,重庆市,县,城口县,葛城街道,",
        "5.00229E+11,重庆市,县,城口县,葛城街道,滨河社区",
        "A-17,重庆市,县,城口县,葛城街道,河边村",
    )
    told = {(p.key, p.row) for p in result.problems}
    assert told == {
        ("duplicate_code", 1),
        ("duplicate_code", 2),
        ("missing_value", 3),
        ("code_digits_lost", 4),
    }
    assert units(result)["A-17"] == ("village", "河边村")


def test_a_list_without_names_is_refused(tmp_path):
    result = read(tmp_path, "village_code,town", "500229001001,葛城街道")
    assert result.problems.fatal
    assert keys(result) == {"field_without_column": "error"}
    assert result.frame.empty


def test_a_file_that_cannot_be_read_is_told(tmp_path):
    result = read(tmp_path, "")
    assert keys(result) == {"file_empty": "error"}
    assert result.frame.empty


def test_people_and_their_numbers_do_not_come_in(tmp_path):
    result = read(tmp_path, f"{HEAD},联系人,电话", *(f"{row},张三,13800138000" for row in ROWS))
    assert result.dropped_columns == ("联系人", "电话")
    assert "138" not in str(result.problems)
    assert units(result) == WHOLE
