"""Access against the ``access`` package; what is handed out is what there is."""

import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.reach.line import StraightLine
from geo.reach.matrix import Reach
from geo.service.access import gaussian, measure_access, zones

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of its dependencies, when it is imported
    from access.fca import three_stage_fca, two_stage_fca

LIMIT = 4_000.0
DECAYS = {
    "2sfca": None,
    "e2sfca": zones([1_000, 2_500, LIMIT], [1.0, 0.68, 0.22]),
    "3sfca": gaussian(LIMIT + 1),
}


def case(seed, homes=120, sites=9):
    rng = np.random.default_rng(seed)
    at, to = rng.uniform(0, 12_000, (homes, 2)), rng.uniform(0, 12_000, (sites, 2))
    reach = StraightLine().within(at, to, "distance", LIMIT)
    return reach, rng.integers(0, 300, sites).astype(float), rng.integers(1, 7, homes)


def by_peer(reach, supply, demand, method):
    """Return score by household of the package, NaN for those it leaves out."""
    people = pd.DataFrame({"demand": demand.astype(float)})
    people.index.name = "geoid"
    centers = pd.DataFrame({"supply": supply})
    centers.index.name = "geoid"
    costs = pd.DataFrame({"origin": reach.households, "dest": reach.centers, "cost": reach.costs})
    decay = DECAYS[method]
    fca = three_stage_fca if method == "3sfca" else two_stage_fca
    weigh = None if decay is None else lambda cost: float(decay(np.array([cost]))[0])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of pandas
        scores = fca(
            people,
            centers,
            costs,
            max_cost=LIMIT,
            demand_index=True,
            supply_index=True,
            weight_fn=weigh,
        )
    return scores.reindex(people.index).to_numpy()


@pytest.mark.parametrize("method", DECAYS)
@pytest.mark.parametrize("seed", range(4))
def test_against_the_access_package(method, seed):
    reach, supply, demand = case(seed)
    found = measure_access(reach, supply, demand, method, DECAYS[method])
    peer = by_peer(reach, supply, demand, method)
    reached = np.diff(reach.starts) > 0
    assert reached.any()
    assert not reached.all()
    np.testing.assert_allclose(found.score[reached], peer[reached], rtol=1e-12, atol=1e-15)
    assert (found.score[~reached] == 0).all()


@settings(max_examples=60)
@given(st.integers(0, 10_000), st.sampled_from(sorted(DECAYS)))
def test_all_supply_is_handed_out(seed, method):
    reach, supply, demand = case(seed, homes=30, sites=7)
    demand = np.where(demand > 3, 0, demand)
    found = measure_access(reach, supply, demand, method, DECAYS[method])
    coming = np.zeros(7)
    weights = np.ones(len(reach.costs)) if method == "2sfca" else DECAYS[method](reach.costs)
    np.add.at(coming, reach.centers, weights * demand[reach.households])
    assert demand @ found.score == pytest.approx(supply[coming > 0].sum())
    np.testing.assert_array_equal(found.unreached, (coming == 0) & (supply > 0))
    np.testing.assert_array_equal(np.isnan(found.ratio), coming == 0)
    assert np.isfinite(found.score).all()


def test_by_hand():
    # two households share the first center, the second center is one household's own
    reach = Reach.of_pairs([0, 1, 1], [0, 0, 1], [1.0, 2.0, 3.0], shape=(3, 3), limit=9.0)
    found = measure_access(reach, [12.0, 5.0, 7.0], [2, 4, 3])
    assert found.ratio.tolist()[:2] == [2.0, 1.25]
    assert np.isnan(found.ratio[2])
    assert found.score.tolist() == [2.0, 3.25, 0.0]
    assert found.unreached.tolist() == [False, False, True]
    means = found.means([0, 0, -1], [2, 4, 3], 2)
    assert means[0] == pytest.approx((2 * 2.0 + 4 * 3.25) / 6)
    assert np.isnan(means[1])


def test_zones_end_with_their_breaks():
    weigh = zones([10.0, 20.0], [1.0, 0.5])
    assert weigh(np.array([0.0, 10.0, 10.1, 20.0, 20.1])).tolist() == [1.0, 1.0, 0.5, 0.5, 0.0]


def test_supply_only_those_come_to_whose_weight_is_nought():
    reach = Reach.of_pairs([0], [0], [25.0], shape=(1, 1), limit=30.0)
    for method in ("e2sfca", "3sfca"):
        found = measure_access(reach, [3.0], [2], method, zones([20.0], [1.0]))
        assert found.score.tolist() == [0.0]
        assert found.unreached.tolist() == [True]


@pytest.mark.parametrize(
    ("supply", "demand", "method", "decay"),
    [
        ([-1.0], [1], "2sfca", None),
        ([np.nan], [1], "2sfca", None),
        ([1.0], [-1], "2sfca", None),
        ([1.0], [1, 1], "2sfca", None),
        ([1.0], [1], "e2sfca", None),
        ([1.0], [1], "2sfca", gaussian(1.0)),
    ],
)
def test_wrong_numbers(supply, demand, method, decay):
    reach = Reach.of_pairs([0], [0], [1.0], shape=(1, 1), limit=1.0)
    with pytest.raises(ValueError, match=r"a center|a decay"):
        measure_access(reach, supply, demand, method, decay)


def test_wrong_zones():
    with pytest.raises(ValueError, match="breaks"):
        zones([2.0, 1.0], [1.0, 0.5])
    with pytest.raises(ValueError, match="breaks"):
        zones([1.0, 2.0], [1.0])
