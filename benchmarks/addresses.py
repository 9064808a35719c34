"""How well addresses are answered: ``python -m benchmarks.addresses [--county KEY] [--seed N]``.

Invented counties (``benchmarks/address_counties.py``) of regions and habits the engine was not
made with, and the labelled pack ``dev_pack_chengkou``; per kind of query.
"""

from __future__ import annotations

import argparse
import csv
import json
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from benchmarks.address_counties import REGIONS, County, make_county, official
from benchmarks.address_peers import ask_peer, peer_store
from benchmarks.address_queries import make_queries
from benchmarks.address_truth import Query
from geo.address.answer import Answer
from geo.address.gazetteer import Gazetteer, make_gazetteer
from geo.address.homes import Homes, localities_of, make_homes
from geo.address.register import read_addresses
from geo.address.search import search
from geo.locate import GridIndex

_ENDS = (
    ("社区居民委员会", "社区"),
    ("村村民委员会", "村"),
    ("村民委员会", "村"),
    ("居民委员会", "社区"),
)


@dataclass(frozen=True)
class Index:
    """The engine's index of a county, and the grids' codes by their position."""

    gazetteer: Gazetteer
    homes: Homes
    grids: NDArray[np.int32]
    codes: list[str]
    seconds: float

    def ask(self, text: str) -> Answer:
        return search(text, self.gazetteer, self.homes, self.grids)


def short(name: str) -> str:
    for long, plain in _ENDS:
        if name.endswith(long):
            return name.removesuffix(long) + plain
    return name


def make_index(
    register: pd.DataFrame, places: pd.DataFrame, aliases: pd.DataFrame, grid_of: Sequence[str]
) -> Index:
    """Return the index of a register in the pack's columns."""
    rows = []
    for r in places.itertuples():
        code = str(r.village_code)
        rows += [
            (code[:2], r.province, "province"), (code[:4], r.city, "city"),
            (code[:6], r.county, "county"),
            (code[:9], r.town, "township"), (code, short(str(r.village_official)), "village"),
        ]  # fmt: skip
    divisions = pd.DataFrame(rows, columns=["code", "name", "level"]).drop_duplicates("code")
    began = time.process_time()
    read = read_addresses(
        register["address"].tolist(), register["village_code"].tolist(), divisions
    )
    register = pd.concat([register.reset_index(drop=True), read], axis=1)
    gazetteer = make_gazetteer(divisions, localities_of(register), aliases)
    homes = make_homes(register, gazetteer)
    codes = sorted(set(grid_of))
    position = {code: at for at, code in enumerate(codes)}
    grids = np.asarray([position[code] for code in grid_of], dtype=np.int32)[homes.row]
    return Index(gazetteer, homes, grids, codes, time.process_time() - began)


def index_of(county: County) -> Index:
    region = county.region
    register = pd.DataFrame(
        [(str(h.id), h.code, h.written) for h in county.homes],
        columns=["household_id", "village_code", "address"],
    )
    places = pd.DataFrame(
        [
            (c, region.province, region.city, region.county, t, official(v))
            for c, t, v in county.villages
        ],
        columns=["village_code", "province", "city", "county", "town", "village_official"],
    )
    aliases = pd.DataFrame(county.aliases, columns=["code", "name", "kind"])
    return make_index(register, places, aliases, [h.grid for h in county.homes])


def pack_of(folder: Path) -> tuple[Index, list[Query], list[str], list[str]]:
    """Return index, queries, addresses and grids of a labelled pack."""
    register = pd.read_csv(folder / "register.csv", dtype=str)
    places = pd.read_csv(folder / "places.csv", dtype=str)
    features = json.loads((folder / "grids.geojson").read_text())["features"]
    codes = [feature["properties"]["grid_id"] for feature in features]
    shapes = np.array([shapely.geometry.shape(f["geometry"]) for f in features], dtype=object)
    found = GridIndex(codes, shapes).locate(
        register["lon"].astype(float).to_numpy(), register["lat"].astype(float).to_numpy()
    )
    grids = [codes[at] for at in found]
    aliases = pd.DataFrame(columns=["code", "name", "kind"])
    with (folder / "queries.csv").open(encoding="utf-8") as file:
        queries = [_pack_query(row) for row in csv.DictReader(file)]
    return (
        make_index(register, places, aliases, grids),
        queries,
        register["address"].tolist(),
        grids,
    )


def _pack_query(row: dict[str, str]) -> Query:
    ids = tuple(int(one) for one in row["gold_household_ids"].split(";") if one)
    grids = tuple(one for one in row["gold_grid_ids"].split(";") if one)
    return Query(row["type"], row["text"], row["expect"], ids, grids)


def verdict(
    query: Query, ok: bool, given: str | None, listed: set[str], level: str | None, *, none: bool
) -> str:
    """Return ``good``, ``missed``, ``wrong`` (ok in another grid) or ``false`` (ok, nothing is)."""
    right = set(query.grids)
    expect = query.expect
    if expect in ("none", "none_or_ambiguous"):
        return "false" if ok else "good" if none or expect != "none" else "missed"
    if expect == "village_or_none":
        whole = level == "village" and (given in right or not right)
        return "good" if not ok or whole else "false"
    if ok and given not in right:
        return "wrong"
    if expect == "not_house":
        if ok:
            return "good" if level != "house" and len(right) == 1 else "wrong"
        return "good" if len(right) > 1 and listed else "missed"
    if expect == "right_or_unsure":
        return "good"
    if expect == "ambiguous":
        return "wrong" if ok else "good" if listed and right <= listed else "missed"
    return "good" if ok else "missed"


def judge(query: Query, answer: Answer, codes: Sequence[str]) -> str:
    given = codes[answer.grid] if answer.grid >= 0 else None
    listed = (
        {codes[at] for at in answer.grids if at >= 0} if answer.status == "ambiguous" else set()
    )
    none = answer.status == "none"
    return verdict(query, answer.status == "ok", given, listed, answer.level, none=none)


Counts = dict[str, Counter[str]]


def score(queries: Sequence[Query], index: Index, failures: int) -> tuple[Counts, list[float]]:
    """Ask all queries; print the first failures of every kind."""
    counts: Counts = defaultdict(Counter)
    times = []
    for query in queries:
        began = time.perf_counter()
        answer = index.ask(query.text)
        times.append(time.perf_counter() - began)
        result = judge(query, answer, index.codes)
        counts[query.type][result] += 1
        if result != "good" and counts[query.type][result] <= failures:
            _print_failure(query, answer, result, index.codes)
    return counts, times


def _print_failure(query: Query, answer: Answer, result: str, codes: Sequence[str]) -> None:
    given = codes[answer.grid][6:] if answer.grid >= 0 else None
    listed = sorted(codes[at][6:] for at in answer.grids if at >= 0)
    faults = [(f.value, f.element, f.fault, f.meant) for f in answer.faults]
    print(
        f"{result:6} {query.type} {query.text!r}\n       expect {query.expect} "
        f"{[grid[6:] for grid in query.grids]} got {answer.status} {answer.level} "
        f"{given} {listed[:6]} {answer.parsed} {faults}"
    )


def score_peers(queries: Sequence[Query], addresses: Sequence[str], grids: Sequence[str]) -> None:
    """Ask the same of pg_trgm and of bigrams in PostgreSQL."""
    with peer_store(addresses, grids) as connection:
        for peer in ("pg_trgm", "bigram"):
            counts: Counts = defaultdict(Counter)
            times = []
            for query in queries:
                began = time.perf_counter()
                given, listed = ask_peer(peer, query.text, connection)
                times.append(time.perf_counter() - began)
                ok, many = given is not None, set(listed) if given is None else set()
                result = verdict(query, ok, given, many, "house" if ok else None, none=not listed)
                counts[query.type][result] += 1
            report(peer, counts, times, kinds=False)


def report(name: str, counts: Counts, times: list[float], *, kinds: bool = True) -> None:
    total: Counter[str] = Counter()
    print(f"\n{name:32} {'n':>5} {'good':>6} {'wrong':>6} {'false':>6} {'missed':>6}")
    for kind, count in sorted(counts.items()):
        total += count
        if kinds:
            _line(kind, count)
    _line("all", total)
    ms = np.asarray(times) * 1e3
    print(
        f"ms a query: p50 {np.median(ms):.2f}, p95 {np.quantile(ms, 0.95):.2f}, max {ms.max():.1f}"
    )


def _line(name: str, count: Counter[str]) -> None:
    n = count.total()
    marks = " ".join(f"{count[key]:6}" for key in ("wrong", "false", "missed"))
    print(f"{name:32} {n:5} {count['good'] / n:6.3f} {marks}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--county", choices=sorted(REGIONS), action="append")
    parser.add_argument("--pack", type=Path, help="folder of a labelled pack, instead of counties")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--households", type=int, default=3000)
    parser.add_argument("--each", type=int, default=30, help="queries of every kind")
    parser.add_argument("--failures", type=int, default=0, help="so many of each kind are printed")
    parser.add_argument("--peers", action="store_true", help="pg_trgm and bigrams as well")
    given = parser.parse_args()
    if given.pack:
        index, queries, addresses, grids = pack_of(given.pack)
        _run(given.pack.name, index, queries, addresses, grids, given)
        return
    for key in given.county or REGIONS:
        county = make_county(REGIONS[key], given.seed, given.households)
        queries = make_queries(county, given.seed, given.each)
        written = [home.written for home in county.homes]
        _run(key, index_of(county), queries, written, [h.grid for h in county.homes], given)


def _run(
    name: str, index: Index, queries: list[Query], addresses: list[str], grids: list[str],
    given: argparse.Namespace,
) -> None:  # fmt: skip
    index.ask("一 ba zhem ping")  # compiles
    began = time.process_time()
    counts, times = score(queries, index, given.failures)
    report(f"{name} ({len(addresses)} households)", counts, times)
    print(f"CPU: index {index.seconds:.2f} s, queries {time.process_time() - began:.2f} s")
    if given.peers:
        score_peers(queries, addresses, grids)


if __name__ == "__main__":
    main()
