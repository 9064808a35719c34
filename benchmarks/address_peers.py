"""What text similarity in PostgreSQL answers to the same addresses: pg_trgm and bigrams."""

from __future__ import annotations

import itertools
import re
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from psycopg2.extras import execute_values
from sqlalchemy import Connection, text

from data.cluster import Cluster
from data.db import make_engine
from geo.address.numerals import HAN, read_numeral
from geo.address.text import spell

# Below these the best match is no answer: pg_trgm's own default; half of the bigrams asked.
_SIMILAR = 0.3
_SHARED = 0.5
_TRIGRAM = text(
    "SELECT grid, similarity(said, :q) AS score FROM register WHERE said % :q"
    " ORDER BY score DESC, id LIMIT 20"
)
_BIGRAM = text(
    "SELECT grid, (SELECT count(*) FROM unnest(CAST(:grams AS text[])) AS g"
    " WHERE g = ANY(tsvector_to_array(words))) / CAST(:size AS float) AS score"
    " FROM register WHERE words @@ CAST(:query AS tsquery) ORDER BY score DESC, length(said), id"
    " LIMIT 20"
)


_NUMERAL = re.compile(rf"[{HAN}]+(?=组|社|队|号|户|栋|单元|室|排|弄)")


def normalise(address: str) -> str:
    """Return an address in the engine's own spelling, with numerals as digits: a fair start."""

    def digits(found: re.Match[str]) -> str:
        value = read_numeral(found[0])
        return found[0] if value is None else str(value)

    return _NUMERAL.sub(digits, spell(address).text.replace(" ", ""))


def bigrams(said: str) -> list[str]:
    """Return the pairs of neighbouring signs, with whole numbers as one sign."""
    signs: list[str] = []
    for sign in said:
        if signs and sign.isdigit() and signs[-1].isdigit():
            signs[-1] += sign
        elif sign.isalnum():
            signs.append(sign)
    return sorted({a + b for a, b in itertools.pairwise(signs)})


@contextmanager
def peer_store(addresses: Sequence[str], grids: Sequence[str]) -> Iterator[Connection]:
    """Make a private cluster with the register indexed both ways; yield a connection to it."""
    with tempfile.TemporaryDirectory(prefix="wangge-benchmark-", dir="/tmp") as folder:
        Path(folder).chmod(0o711)
        with Cluster(Path(folder) / "cluster").use() as url:
            engine = make_engine(url)
            with engine.begin() as connection:
                connection.execute(text("CREATE EXTENSION IF NOT EXISTS pg_trgm"))
                held = connection.execute(
                    text("SELECT cardinality(show_trgm('网格'))")
                ).scalar_one()
                if not held:
                    raise RuntimeError("pg_trgm finds no trigrams in Chinese text here")
                connection.execute(
                    text("CREATE TABLE register (id int, said text, grid text, words tsvector)")
                )
                said = [normalise(address) for address in addresses]
                rows = [
                    (at, one, grid, " ".join(bigrams(one)))
                    for at, (one, grid) in enumerate(zip(said, grids, strict=True))
                ]
                cursor = connection.connection.cursor()
                began = time.perf_counter()
                execute_values(
                    cursor,
                    "INSERT INTO register VALUES %s",
                    rows,
                    template="(%s, %s, %s, array_to_tsvector(string_to_array(%s, ' ')))",
                    page_size=5000,
                )
                for name, column in (("trigram", "said gin_trgm_ops"), ("bigram", "words")):
                    connection.execute(
                        text(f"CREATE INDEX {name} ON register USING gin ({column})")
                    )
                connection.execute(text("ANALYZE register"))
                print(f"peers: {len(rows)} rows, both indexes: {time.perf_counter() - began:.1f} s")
            with engine.connect() as connection:
                yield connection
            engine.dispose()


def ask_peer(peer: str, query: str, connection: Connection) -> tuple[str | None, tuple[str, ...]]:
    """Return the grid a peer gives (``None``: it refuses) and the grids it finds equally good."""
    said = normalise(query)
    if peer == "pg_trgm":
        rows = connection.execute(_TRIGRAM, {"q": said}).all()
        least = _SIMILAR
    else:
        grams = bigrams(said)
        if not grams:
            return None, ()
        asked = " | ".join("'" + gram.replace("'", "''") + "'" for gram in grams)
        rows = connection.execute(
            _BIGRAM, {"query": asked, "grams": grams, "size": len(grams)}
        ).all()
        least = _SHARED
    if not rows or rows[0].score < least:
        return None, ()
    best = tuple(dict.fromkeys(row.grid for row in rows if row.score >= rows[0].score - 1e-9))
    return (best[0] if len(best) == 1 else None), best
