"""Runs of merges on the tiny county: by the rules of grids, of natural villages, of villages."""

from tests.api import tiny
from tests.api.test_service_runs import run


def test_grids_below_the_minimum_are_joined(client):
    identity, found = run(
        client, "merges", minimum={"households": 6}, target={}, maximum={"households": 20}
    )
    import json
    print(json.dumps(found, ensure_ascii=False, indent=1)[:6000])
    assert found["counts"]["below"] == 4
    assert 0
