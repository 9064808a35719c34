"""The lock files: every package by hash, no host named, and they agree with each other."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LOCKS = sorted(ROOT.glob("requirements*.lock"))
PACKAGE_LOCK = ROOT / "maps" / "web" / "package-lock.json"


def pins(lock: str) -> dict[str, str]:
    """Package → version, of one lock."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9][a-z0-9._-]*)==([^\s;]+)", text, re.MULTILINE))


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", re.split(r"[<>=!~;\[ ]", name, maxsplit=1)[0]).lower()


def test_the_locks_are_there():
    names = [lock.name for lock in LOCKS]
    assert names == [
        "requirements-dev.lock",
        "requirements-node.lock",
        "requirements-tools.lock",
        "requirements.lock",
    ]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_requirement_is_pinned_and_hashed_and_names_no_host(lock: Path):
    text = lock.read_text(encoding="utf-8")
    assert "://" not in text
    requirements = text.replace("\\\n", " ").splitlines()
    assert requirements
    for requirement in requirements:
        assert re.match(r"^[a-z0-9._-]+==\S+ ", requirement), requirement
        assert "--hash=sha256:" in requirement, requirement


def test_the_dev_lock_holds_the_base_lock():
    base, dev = pins("requirements.lock"), pins("requirements-dev.lock")
    assert {name: dev.get(name) for name in base} == base


def test_the_tools_agree_with_the_dev_lock():
    tools, dev = pins("requirements-tools.lock"), pins("requirements-dev.lock")
    shared = tools.keys() & dev.keys()
    assert "hatchling" in shared
    assert {name: tools[name] for name in shared} == {name: dev[name] for name in shared}


def test_every_dependency_is_locked():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert {normal(d) for d in project["dependencies"]} <= pins("requirements.lock").keys()
    extras = project["optional-dependencies"]
    assert {normal(d) for d in extras["dev"]} <= pins("requirements-dev.lock").keys()
    assert {normal(d) for d in extras["node"]} <= pins("requirements-node.lock").keys()


def test_the_front_ends_lock_is_hashed_and_names_no_host():
    text = PACKAGE_LOCK.read_text(encoding="utf-8")
    assert '"resolved"' not in text
    packages = json.loads(text)["packages"]
    assert len(packages) > 1
    for name, package in packages.items():
        if name and not package.get("link"):
            assert package["integrity"].startswith("sha512-"), name
