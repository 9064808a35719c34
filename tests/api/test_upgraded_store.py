"""A store that an older program has filled is brought to this one, and its addresses are known."""

import json

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import text

from api.services.address_index import AddressIndexes
from api.services.addresses import Finder
from api.services.caller import LOCAL_PLANNER
from api.services.lookup import LookupIndexes
from data import addresses, households
from data.db import make_single_engine
from data.migrate import FOLDER, fetch_revision, revisions, upgrade
from tests.api import tiny

FIRST = tiny.VILLAGES[0] + "001"
# As the program of revision 0006 has stored them.
_DIVISION = """
    INSERT INTO division (code, level, name, parent_code, valid_from, geom)
    VALUES (:code, :level, :name, :parent, '2026-01-01',
            ST_Multi(ST_SetSRID(ST_GeomFromGeoJSON(:shape), 4490)))
"""
_NATURAL_VILLAGE = """
    INSERT INTO natural_village (code, name, village_code, valid_from, geom)
    VALUES (:code, :name, :village_code, '2026-01-01',
            ST_Multi(ST_SetSRID(ST_GeomFromGeoJSON(:shape), 4490)))
"""
_GRID = """
    INSERT INTO grid (code, name, village_code, valid_from, geom)
    VALUES (:code, :name, left(:code, 12), '2026-01-01',
            ST_Multi(ST_SetSRID(ST_GeomFromGeoJSON(:shape), 4490)))
"""
_HOUSEHOLD = """
    INSERT INTO household (code, address, address_key, village_code, residents, geom)
    VALUES (:code, :address, :address, :village_code, :residents,
            ST_SetSRID(ST_MakePoint(:lon, :lat), 4490))
"""
_PARENTS = {"township": tiny.COUNTY, "village": tiny.TOWNSHIP}


def migrate_to(connection, revision):
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def fill_as_of_0006(engine):
    """Make the schema of an older program and put the tiny county in by plain SQL."""
    with engine.begin() as connection:
        migrate_to(connection, "0006")
        for feature in tiny.divisions()["features"]:
            level = feature["properties"]["level"]
            _insert(connection, _DIVISION, feature, parent=_PARENTS.get(level))
        for feature in tiny.natural_villages()["features"]:
            _insert(connection, _NATURAL_VILLAGE, feature)
        for feature in tiny.grids()["features"]:
            _insert(connection, _GRID, feature)
        connection.execute(text(_HOUSEHOLD), tiny.households())


def _insert(connection, statement, feature, **more):
    shape = json.dumps(feature["geometry"])
    connection.execute(text(statement), {**feature["properties"], "shape": shape, **more})


def search(engine, query):
    with engine.connect() as connection:
        finder = Finder(connection, AddressIndexes(LookupIndexes()), LOCAL_PLANNER)
        return finder.search(query, limit=5)


@pytest.fixture
def older(empty_database):
    engine = make_single_engine(empty_database)
    fill_as_of_0006(engine)
    return engine


@pytest.mark.parametrize("already", ["0006", "0007"])
def test_a_filled_store_answers_after_the_upgrade(older, already, monkeypatch):
    monkeypatch.setattr(households, "_READ_AT_ONCE", 5)
    with older.begin() as connection:
        migrate_to(connection, already)
    told = []
    assert upgrade(older, told=lambda *far: told.append(far)) is True
    assert told == [(5, 16), (10, 16), (15, 16), (16, 16)]
    house = search(older, "河东镇上河村一组1号")
    assert (house["status"], house["level"]) == ("ok", "house")
    assert house["grid"]["code"] == FIRST
    settlement = search(older, "上河村张家湾")
    assert (settlement["status"], settlement["grid"]["code"]) == ("ok", FIRST)
    assert search(older, "河东镇上河村9组1号")["status"] != "ok"
    assert upgrade(older) is False


def test_an_upgrade_that_is_broken_off_leaves_the_older_store(older, monkeypatch):
    monkeypatch.setattr(households, "_READ_AT_ONCE", 5)

    def broken_off(done, total):
        if done > 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        upgrade(older, told=broken_off)
    assert fetch_revision(older) == "0006"
    assert upgrade(older) is True
    assert fetch_revision(older) == revisions()[-1]
    assert search(older, "河东镇下河村2组4号")["status"] == "ok"


def test_a_register_without_addresses_gets_no_faults(older):
    with older.begin() as connection:
        connection.execute(text("UPDATE household SET address = '', address_key = ''"))
    upgrade(older)
    with older.connect() as connection:
        assert addresses.fetch_unread(connection).faults == {}
