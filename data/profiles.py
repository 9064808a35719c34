"""Profiles, the editable rule sets: those that ship, and the one in force."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

from sqlalchemy import Connection, text

from data.errors import NotFoundError
from geo.problems import Problem
from geo.profiles import Profile, parse_profile

DEFAULT = "mountain-county"

_STORE = text("""
    INSERT INTO profile (name, version, title_zh, title_en, source, rules)
    VALUES (:name, :version, :title_zh, :title_en, :source, CAST(:rules AS jsonb))
    ON CONFLICT (name, version) DO NOTHING
""")
_HAS_DEFAULT = text("SELECT EXISTS (SELECT FROM profile WHERE is_default)")
_IS_KNOWN = text("SELECT EXISTS (SELECT FROM profile WHERE name = :name AND version = :version)")
# two statements: the unique index allows no second default even within one
_UNCHOOSE = text("UPDATE profile SET is_default = false WHERE is_default")
_CHOOSE = text("UPDATE profile SET is_default = true WHERE name = :name AND version = :version")
_FETCH_DEFAULT = text("SELECT rules FROM profile WHERE is_default")
_FETCH_ALL = text(
    "SELECT name, version, title_zh, title_en, source, is_default FROM profile"
    " ORDER BY name, version"
)


def seed_profiles(connection: Connection) -> int:
    """Store the profiles that ship and are not there yet; return how many were added.

    A profile that is there is never changed: counties edit theirs. The default is chosen only if
    there is none.
    """
    added = 0
    for rules in _shipped():
        profile = parse_profile(rules)
        # Asked first: even an insert that adds nothing bumps the layer's version.
        if not _is_known(connection, profile.name, profile.version):
            added += _store(connection, profile, rules)
    if not connection.execute(_HAS_DEFAULT).scalar():
        versions = [p["version"] for p in fetch_profiles(connection) if p["name"] == DEFAULT]
        choose_default(connection, DEFAULT, max(versions))
    return added


def choose_default(connection: Connection, name: str, version: int) -> None:
    """Make a profile the one in force.

    Raises
    ------
    NotFoundError
        ``not_found``; the default stays as it was.
    """
    if not _is_known(connection, name, version):
        raise NotFoundError(Problem("not_found", {"what": "profile", "id": f"{name} {version}"}))
    connection.execute(_UNCHOOSE)
    connection.execute(_CHOOSE, {"name": name, "version": version})


def fetch_default(connection: Connection) -> Profile:
    """Return the profile in force; before any was stored, the one that ships as default."""
    rules = connection.execute(_FETCH_DEFAULT).scalar()
    if rules is None:
        rules = next(shipped for shipped in _shipped() if shipped["name"] == DEFAULT)
    return parse_profile(rules)


def fetch_profiles(connection: Connection) -> list[dict[str, Any]]:
    """Return name, version, titles, source and ``is_default`` of every profile."""
    return [dict(row) for row in connection.execute(_FETCH_ALL).mappings()]


def _shipped() -> list[dict[str, Any]]:
    folder = files("data").joinpath("profiles")
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".json"))
    return [json.loads(folder.joinpath(name).read_text("utf-8")) for name in names]


def _is_known(connection: Connection, name: str, version: int) -> bool:
    return bool(connection.execute(_IS_KNOWN, {"name": name, "version": version}).scalar())


def _store(connection: Connection, profile: Profile, rules: dict[str, Any]) -> int:
    values = {
        "name": profile.name,
        "version": profile.version,
        "title_zh": profile.title_zh,
        "title_en": profile.title_en,
        "source": profile.source,
        "rules": json.dumps(rules, ensure_ascii=False),
    }
    return connection.execute(_STORE, values).rowcount
