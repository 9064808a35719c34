"""Answers to addresses over HTTP: ``python -m benchmarks.address_http ADDRESS QUERIES.csv``.

A server with the register must run at ADDRESS; QUERIES has a column ``text``. One client, one
question after another, as many as there are rows.
"""

from __future__ import annotations

import argparse
import csv
import time
from pathlib import Path

import httpx
import numpy as np

_TYPED = (2, 4, 7)  # signs after which somebody who types is helped


def main() -> None:
    """Print percentiles of search and suggest, and how many rows a second a table takes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address")
    parser.add_argument("queries", type=Path)
    given = parser.parse_args()
    with given.queries.open(encoding="utf-8-sig") as file:
        texts = [row["text"] for row in csv.DictReader(file)]
    with httpx.Client(base_url=given.address, timeout=300) as client:
        began = time.perf_counter()
        client.get("/api/addresses/search", params={"q": texts[0]}).raise_for_status()
        print(f"first question: {time.perf_counter() - began:.2f} s")
        _time(client, "search", texts)
        _time(client, "suggest", [text[:signs] for text in texts for signs in _TYPED])
        began = time.perf_counter()
        with given.queries.open("rb") as table:
            client.post(
                "/api/addresses/batch", files={"file": ("q.csv", table)}, data={"column": "text"}
            ).raise_for_status()
        print(f"table: {len(texts) / (time.perf_counter() - began):.0f} rows/s")


def _time(client: httpx.Client, what: str, texts: list[str]) -> None:
    spent = []
    for text in filter(str.strip, texts):
        began = time.perf_counter()
        client.get(f"/api/addresses/{what}", params={"q": text}).raise_for_status()
        spent.append((time.perf_counter() - began) * 1e3)
    median, late = np.quantile(spent, [0.5, 0.95])
    print(f"{what}: {len(spent)} questions, p50 {median:.1f}, p95 {late:.1f} ms")


if __name__ == "__main__":
    main()
