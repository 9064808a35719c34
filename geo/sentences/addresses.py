"""Sentences about tables of addresses."""

from __future__ import annotations

from geo.sentences.sentence import Sentence, error

SENTENCES: dict[str, Sentence] = {
    "address_column_unknown": error(
        "不知道哪一列是地址；表中有：{columns}。",
        "It is not clear which column holds the addresses; there are: {columns}.",
        "指明地址列的列名。",
        "Name the column of addresses.",
    ),
    "batch_not_done": error(
        "还没有全部查完：{done} / {rows} 行。",
        "Not all rows are answered yet: {done} of {rows}.",
    ),
}
