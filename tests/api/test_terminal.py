"""What a stranger's file says is shown, never obeyed, by the reader's terminal."""

import json
import logging
from collections import Counter

import pytest

from api.terminal import VisibleFormatter, print_json, print_table, say, say_problem, show_value
from geo.problems import Problem

ORDERS = "X\x1b[2J\x1b]0;owned\x07\x9b31m\r\u202egnp\u2028\udcff"


def assert_harmless(said):
    assert "owned" in said
    assert not set(said) & set("\x1b\x07\x9b\r\u202e\u2028\udcff")


@pytest.mark.parametrize(
    "speak",
    [
        lambda: say(ORDERS, ORDERS),
        lambda: say_problem(Problem("duplicate_code", {"code": ORDERS, "rows": ORDERS})),
        lambda: print_table("", [("", "left")], [[ORDERS]]),
        lambda: print_json({ORDERS: ORDERS}),
    ],
    ids=["say", "problem", "table", "json"],
)
def test_a_terminal_gets_no_orders(speak, capsys):
    speak()
    said = capsys.readouterr()
    assert_harmless(said.out + said.err)


def test_json_keeps_the_text(capsys):
    print_json({"code": ORDERS, "name": "上河村"})
    out = capsys.readouterr().out
    assert json.loads(out) == {"code": ORDERS, "name": "上河村"}
    assert "上河村" in out


def test_log_lines_give_no_orders():
    record = logging.LogRecord("wangge", logging.WARNING, "", 1, "GET %s", (ORDERS,), None)
    assert_harmless(VisibleFormatter().format(record))


@pytest.mark.parametrize("value", ["[red]x", "\\[red]x", "[/]", "[link=file:///etc]x[/link]"])
def test_a_cell_is_no_markup(value, capsys):
    print_table("", [("", "left")], [[value]])
    assert value in capsys.readouterr().out
    assert show_value(None) == "—"


@pytest.mark.parametrize("columns", ["40", "80", "200"])
def test_codes_and_sentences_are_never_cut(columns, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", columns)
    codes = [f"50022920120600{n}" for n in range(6)]
    sentence = "有 2,902,783.94 平方米不属于任何网格，涉及住户二十六户，请划给相邻的网格。"
    headings = [("网格  grids", "left")] * 5 + [("户数  households", "right"), ("", "left")]
    print_table("", headings, [[", ".join(codes), *codes[1:5], 1234567, sentence]])
    out = capsys.readouterr().out
    assert "…" not in out
    for code in codes:
        assert code in out
    assert {"grids", "households", "1,234,567"} <= set(out.split())
    said = Counter(out)
    assert all(said[sign] >= count for sign, count in Counter(sentence).items())
