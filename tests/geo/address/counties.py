"""Small invented counties with their index, made once in this process."""

import functools

from benchmarks.address_counties import REGIONS, County, make_county
from benchmarks.address_queries import make_queries
from benchmarks.address_truth import Query
from benchmarks.addresses import Index, index_of

KEYS = tuple(sorted(REGIONS))
SEED = 20


@functools.cache
def county(key: str) -> County:
    return make_county(REGIONS[key], SEED, households=700, villages=30)


@functools.cache
def index(key: str) -> Index:
    return index_of(county(key))


@functools.cache
def queries(key: str) -> list[Query]:
    return make_queries(county(key), SEED, each=8)


def grid_of(key: str, text: str) -> tuple[str, str | None, str | None]:
    """Return status, grid and level of the answer to a text."""
    held = index(key)
    answer = held.ask(text)
    grid = held.codes[answer.grid] if answer.grid >= 0 else None
    return answer.status, grid, answer.level
