"""Labelled queries about an invented county, kind by kind."""

from __future__ import annotations

from benchmarks import address_forms, address_refusals, address_slips
from benchmarks.address_asker import KINDS, Asker
from benchmarks.address_counties import County
from benchmarks.address_truth import Query

# the modules of kinds register them when they are imported
KIND_MODULES = (address_forms, address_slips, address_refusals)


def make_queries(county: County, seed: int, each: int = 30) -> list[Query]:
    """Return ``each`` queries of every kind, or fewer where the county does not have them."""
    asker = Asker(county, seed)
    made: dict[tuple[str, str], Query] = {}
    for kind in KINDS.values():
        count = tries = 0
        while count < each and tries < each * 20:
            tries += 1
            query = kind(asker)
            known = query is not None and query.expect != "unknowable"
            if known and (query.type, query.text) not in made:
                made[query.type, query.text] = query
                count += 1
    return list(made.values())
