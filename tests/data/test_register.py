"""The register: addresses read as they are stored, read again as names change, all at once."""

import geopandas
import pandas as pd
import pytest
import shapely
from sqlalchemy import text

from data import addresses, centers, divisions, households, natural_villages, stores, workspace
from tests.data.frames import LATER, NOW, VILLAGE, make_divisions, make_frame, make_households

OTHER = "500229001002"
READ = ("locality", "group_no", "number", "sub_number", "building", "unit", "room", "address_fault")


def register(*written, village=VILLAGE):
    frame = make_households([(108.001 + i / 1000, 31.001) for i in range(len(written))])
    frame["address"] = pd.Series(list(written), dtype="str")
    frame["village_code"] = pd.Series([village] * len(written), dtype="str")
    return frame


def stored(connection):
    rows = connection.execute(text(f"SELECT code, {', '.join(READ)} FROM household ORDER BY code"))
    return {row[0]: tuple(row[1:]) for row in rows}


def version(connection):
    return addresses.version_of(workspace.fetch_etags(connection))


def places():
    frame = make_divisions()
    frame["name"] = frame["name"].str.replace("社区", "村")
    return frame


@pytest.fixture
def county(connection):
    divisions.store_frame(connection, places(), now=NOW)
    return connection


def test_addresses_are_read_as_they_are_stored(county):
    frame = register(
        "土城村三组12号附3号",
        "葛城街道土城村仙人坳5号",
        "锦绣小区3栋2单元501室",
        "土城村",
        None,
    )
    households.store_frame(county, frame, now=NOW)
    found = stored(county)
    assert found["H0"] == ("", 3, 12, 3, "", "", "", "")
    assert found["H1"] == ("仙人坳", None, 5, None, "", "", "", "")
    assert found["H2"][0] == "锦绣小区"
    assert found["H2"][4:7] == ("3", "2", "501")
    assert [found[code][-1] for code in ("H3", "H4")] == ["no_number", "no_address"]


def test_what_an_address_no_longer_says_is_forgotten(county):
    households.store_frame(county, register("土城村三组12号附3号"), now=NOW)
    counts = households.store_frame(county, register("土城村仙人坳5号"), now=LATER)
    assert counts.changed == 1
    assert stored(county)["H0"] == ("仙人坳", None, 5, None, "", "", "", "")


def test_a_file_of_counts_leaves_addresses_as_they_are(county):
    households.store_frame(county, register("土城村三组12号"), now=NOW)
    households.store_frame(county, register(None).assign(residents=7), now=LATER)
    assert stored(county)["H0"][:3] == ("", 3, 12)


def test_addresses_without_villages_keep_the_village_that_is_stored(county):
    households.store_frame(county, register("土城村三组12号"), now=NOW)
    households.store_frame(county, register("三组15号", village=None), now=LATER)
    assert stored(county)["H0"] == ("", 3, 15, None, "", "", "", "")


def test_a_village_that_is_put_right_is_read_again(county):
    households.store_frame(county, register("土城村三组12号", village=OTHER), now=NOW)
    assert stored(county)["H0"][-1] == "other_place"
    households.store_frame(county, register(None), now=LATER)
    assert stored(county)["H0"] == ("", 3, 12, None, "", "", "", "")


def test_addresses_are_read_again_when_names_come_or_change(connection):
    frame = register("土城村三组12号")
    stores.store_frame(connection, "households", frame, now=NOW)
    before = stored(connection)["H0"]
    stores.store_frame(connection, "divisions", places(), now=LATER)
    after = stored(connection)["H0"]
    assert before != after
    assert after == ("", 3, 12, None, "", "", "", "")
    then = version(connection)
    assert households.read_again(connection) == 0
    assert version(connection) == then


def test_the_register_as_a_whole(county):
    frame = register("土城村三组12号附3号", None)
    frame.loc[1, "village_code"] = None
    households.store_frame(county, frame, now=NOW)
    found = addresses.fetch_register(county)
    assert list(found["code"]) == ["H0", "H1"]
    first, second = found.to_dict("records")
    assert (first["address"], first["village_code"]) == ("土城村三组12号附3号", VILLAGE)
    assert (first["group_no"], first["number"], first["sub_number"]) == (3, 12, 3)
    assert (first["lon"], first["lat"]) == (108.001, 31.001)
    assert pd.isna(second["village_code"])
    assert pd.isna(second["number"])
    assert second["locality"] == ""
    for name in ("village_code", "natural_village_code", "locality", "building", "unit", "room"):
        assert isinstance(found[name].dtype, pd.CategoricalDtype)
        assert "" in found[name].cat.categories
    assert [str(found[n].dtype) for n in ("group_no", "number", "sub_number")] == ["Int32"] * 3


def test_an_empty_register_and_gazetteer_are_frames_too(connection):
    found = addresses.fetch_register(connection)
    assert (len(found), "locality" in found, "" in found["locality"].cat.categories) == (0, 1, 1)
    assert [len(frame) for frame in addresses.fetch_gazetteer(connection)] == [0, 0, 0]


def test_the_gazetteer_has_every_place_in_force(county):
    shape = shapely.box(108, 31, 108.01, 31.01)
    rows = [{"code": "N1", "name": "仙人坳", "village_code": VILLAGE}]
    natural_villages.store_frame(county, make_frame("natural_villages", rows, [shape]), now=NOW)
    rows = [{"code": "C1", "name": "土城党群服务中心", "level": "village"}]
    point = shapely.Point(108.005, 31.005)
    centers.store_frame(county, make_frame("centers", rows, [point]), now=NOW)
    found = addresses.fetch_gazetteer(county)
    assert found.divisions.to_dict("list")["level"] == ["county", "township", "village", "village"]
    assert found.natural_villages.to_dict("records") == [
        {"code": "N1", "name": "仙人坳", "village_code": VILLAGE}
    ]
    assert addresses.fetch_center_names(county) == {"C1": "土城党群服务中心"}


@pytest.mark.parametrize("layer", ["divisions", "households", "natural_villages"])
def test_every_write_changes_the_version(county, layer):
    before = version(county)
    frames: dict[str, geopandas.GeoDataFrame] = {
        "divisions": places().assign(residents=7),
        "households": register("土城村三组12号"),
        "natural_villages": make_frame(
            layer, [{"code": "N1", "village_code": VILLAGE}], [shapely.box(108, 31, 108.01, 31.01)]
        )
        if layer == "natural_villages"
        else None,
    }
    stores.store_frame(county, layer, frames[layer], now=LATER)
    assert version(county) != before


def test_what_could_not_be_read_is_listed(county):
    written = ("土城村", "土城村三组12号", "凤凰村5号", "土城村9组", None)
    households.store_frame(county, register(*written), now=NOW)
    found = addresses.fetch_unread(county, limit=2)
    assert found.faults == {"no_number": 2, "no_address": 1, "other_place": 1}
    assert [(row["code"], row["fault"]) for row in found.rows] == [
        ("H0", "no_number"),
        ("H2", "other_place"),
    ]
    assert len(addresses.fetch_unread(county).rows) == 4
    assert addresses.fetch_unread(county, scope=OTHER).faults == {}
