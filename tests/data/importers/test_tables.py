import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.errors import ImportFileError
from data.importers.guard import Limits
from data.importers.tables import read_csv


def read(tmp_path, content: bytes, encoding=None):
    path = tmp_path / "rows.csv"
    path.write_bytes(content)
    return read_csv(path, encoding=encoding)


def values(source):
    return {name: column.to_pylist() for name, column in source.columns.items()}


def test_a_broken_row_in_the_middle_is_named_and_the_others_are_read(tmp_path):
    source = read(tmp_path, b"a,b,c\n1,2,3\n4,5\n6,7,8\n9,10,11,12\n13,14,15\n")
    assert values(source)["a"] == ["1", "6", "13"]
    assert source.rows.tolist() == [1, 3, 5]
    assert source.row_count == 5
    assert [(p.key, p.row, dict(p.details)) for p in source.problems] == [
        ("broken_row", 2, {"expected": 3, "found": 2}),
        ("broken_row", 4, {"expected": 3, "found": 4}),
    ]


def test_a_stray_quote_takes_no_other_row_with_it(tmp_path):
    source = read(tmp_path, b'a,b,c\n1,2,3\n4,"x,5\n6,7,8\n9,1,2\n')
    assert values(source)["a"] == ["1", "6", "9"]
    assert [p.row for p in source.problems] == [2]


def test_quoted_values_may_run_over_lines(tmp_path):
    source = read(tmp_path, '编码,地址\n1,"葛城街道\n12号"\n2,"他说""好"""\n'.encode())
    assert values(source)["地址"] == ["葛城街道\n12号", '他说"好"']
    assert not source.problems


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_encoding_and_delimiter_are_found(tmp_path, encoding, delimiter):
    text = "编码,名称,人口\r\n1,城口县,3\r\n2,,\r\n".replace(",", delimiter)
    source = read(tmp_path, text.encode(encoding))
    assert values(source) == {"编码": ["1", "2"], "名称": ["城口县", None], "人口": ["3", None]}


def test_text_that_is_in_no_encoding_is_refused(tmp_path):
    with pytest.raises(ImportFileError) as refused:
        read(tmp_path, b"a,b\n1,\xff\xff\xff\x81\n")
    assert refused.value.problems[0].key == "encoding_unknown"


def test_the_encoding_asked_for_is_held_to(tmp_path):
    with pytest.raises(ImportFileError) as refused:
        read(tmp_path, "a\n城口\n".encode("gb18030"), encoding="utf-8")
    assert refused.value.problems[0].key == "encoding_wrong"


def test_a_file_of_a_header_alone_has_no_rows(tmp_path):
    with pytest.raises(ImportFileError) as refused:
        read(tmp_path, b"code,lon,lat\n")
    assert refused.value.problems[0].key == "no_rows"


def test_columns_of_one_name_stay_apart(tmp_path):
    assert list(values(read(tmp_path, b"a,a,\n1,2,3\n"))) == ["a", "a_2", "column_3"]


cells = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=8)


@settings(max_examples=60)
@given(rows=st.lists(st.tuples(cells, cells, cells), min_size=1, max_size=8))
def test_whatever_is_written_is_read(tmp_path_factory, rows):
    # a row whose every cell is empty is no row for any reader
    rows = [(str(i), b, c) for i, (_, b, c) in enumerate(rows)]
    text = io.StringIO()
    csv.writer(text).writerows([("a", "b", "c"), *rows])
    source = read(tmp_path_factory.mktemp("csv"), text.getvalue().encode())
    found = list(zip(*values(source).values(), strict=True))
    assert found == [tuple(cell or None for cell in row) for row in rows]


@settings(max_examples=60)
@given(broken=st.sets(st.integers(0, 39)), count=st.integers(1, 40))
def test_every_broken_row_is_counted_once(tmp_path_factory, broken, count):
    lines = [f"{i},x" if i not in broken else f"{i},x,y" for i in range(count)]
    if all(i in broken for i in range(count)):
        lines.append("last,x")
    source = read(tmp_path_factory.mktemp("csv"), ("a,b\n" + "\n".join(lines)).encode())
    expected = [i + 1 for i in range(count) if i in broken]
    assert source.problems.bad_rows.tolist() == expected
    assert sorted([*source.rows.tolist(), *expected]) == list(range(1, source.row_count + 1))


def refusal(tmp_path, content, encoding=None, **options):
    path = tmp_path / "rows.csv"
    path.write_bytes(content)
    with pytest.raises(ImportFileError) as refused:
        read_csv(path, encoding=encoding, **options)
    return refused.value.problems[0]


@pytest.mark.parametrize("name", ["", "a"])
def test_too_many_columns_are_refused_at_once(tmp_path, name):
    problem = refusal(tmp_path, b"code," + f"{name},".encode() * 100_000 + b"\n1\n")
    assert problem.key == "too_many_columns"
    assert problem.details["limit"] == 16_384


def test_many_empty_cells_are_refused_before_they_are_parsed(tmp_path):
    content = b"," * 99 + b"\n" + (b"," * 99 + b"\n") * 30
    assert refusal(tmp_path, content, limits=Limits(cells=1000)).details["limit"] == 10


@pytest.mark.parametrize("content", [b"1,2\n" * 5, b"1\n" * 5, b"1,2\r" * 5])
def test_too_many_rows_are_refused(tmp_path, content):
    assert refusal(tmp_path, b"a,b\n" + content, limits=Limits(rows=4)).key == "too_many_rows"


@pytest.mark.parametrize(
    "encoding",
    ["hex", "zlib", "base64", "bz2", "rot13", "undefined", "a\0b", "", "unicode_escape", "no"],
)
def test_what_is_no_text_encoding_is_refused(tmp_path, encoding):
    assert refusal(tmp_path, "a,b\n1,城\n".encode(), encoding).key == "encoding_wrong"


@pytest.mark.parametrize("content", [b"a,b\n1,x\0y\n", b"a\0,b\n1,2\n"])
def test_nul_is_refused_whatever_encoding_is_asked_for(tmp_path, content):
    assert refusal(tmp_path, content, "utf-8").key == "encoding_wrong"
    assert refusal(tmp_path, content).key == "encoding_unknown"


def test_an_endless_cell_is_a_broken_row(tmp_path):
    source = read(tmp_path, b'a,b\n1,2\n3,"' + b"x" * 200_000 + b"\n4,5\n")
    assert values(source)["a"] == ["1", "4"]
    assert [(p.key, p.row) for p in source.problems] == [("broken_row", 2)]


def test_a_quote_that_is_never_closed_takes_no_row_with_it(tmp_path):
    source = read(tmp_path, b'a,b\n1,2\n3,"x\n4,5\n6,7\n')
    assert values(source)["a"] == ["1", "4", "6"]
    assert [(p.key, p.row) for p in source.problems] == [("broken_row", 2)]


def test_a_quote_amid_a_cell_is_a_character(tmp_path):
    source = read(tmp_path, b'a,b\n1,5" pipe\n2,3\n4,"x\n6,7\n')
    assert values(source) == {"a": ["1", "2", "6"], "b": ['5" pipe', "3", "7"]}
    assert [(p.key, p.row) for p in source.problems] == [("broken_row", 3)]


@pytest.mark.parametrize("length", [30, 20_000])
def test_an_open_quote_in_the_header_takes_no_row_into_the_names(tmp_path, length):
    source = read(tmp_path, b'"a,b\n' + b"1,13800138000\n" * length)
    assert list(source.columns) == ["a", "b"]
    assert source.row_count == length


def test_what_a_parser_quotes_is_not_passed_on(tmp_path, monkeypatch):
    def refuse(*_args, **_options):
        raise ValueError("row 1: 张三丰,13800138000")

    monkeypatch.setattr("pyarrow.csv.read_csv", refuse)
    problem = refusal(tmp_path, b"a,b\n1,2\n")
    assert (problem.key, problem.details["reason"]) == ("file_unreadable", "ValueError")


def test_text_saved_in_a_wrong_encoding_is_flagged(tmp_path):
    text = "城口县葛城街道土城村委会".encode().decode("gbk", "ignore")
    source = read(tmp_path, f"code,name\n1,{text}\n".encode())
    assert [p.key for p in source.problems] == ["text_garbled"]
    assert values(source)["name"] == [text]
