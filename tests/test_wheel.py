"""What the wheel holds: a file that is left out is missed only by the user."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("geo", "api", "maps", "data")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Names in a wheel built from a copy of the checkout, with a built web map put into it."""
    copy = tmp_path_factory.mktemp("checkout")
    leave_out = shutil.ignore_patterns("__pycache__", "node_modules", "static")
    for package in PACKAGES:
        shutil.copytree(ROOT / package, copy / package, ignore=leave_out)
    for name in ("pyproject.toml", "README.md", "LICENSE", "NOTICE", ".gitignore"):
        shutil.copy(ROOT / name, copy / name)
    (copy / "maps" / "static" / "assets").mkdir(parents=True)
    (copy / "maps" / "static" / "index.html").write_text("<!doctype html>")
    (copy / "maps" / "static" / "assets" / "index-1.js").write_text("")
    out = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out)]
    built = subprocess.run([*command, str(copy)], capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stdout + built.stderr
    (path,) = out.glob("*.whl")
    with zipfile.ZipFile(path) as archive:
        return set(archive.namelist())


def test_every_file_of_the_packages_is_in_it(wheel: set[str]):
    kept = {
        ".py",
        ".sql",
        ".json",
        ".csv",
        ".geojson",
        ".gz",
        ".css",
        ".js",
        ".html",
        ".mako",
        ".md",
        ".txt",
    }
    expected = set()
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*"):
            place = path.relative_to(ROOT).as_posix()
            if path.suffix not in kept or place.startswith(("maps/web/", "maps/static/")):
                continue
            expected.add(place)
    assert expected - wheel == set()


def test_the_schema_its_migrations_and_the_profiles_are_in_it(wheel: set[str]):
    assert "data/migrations/sql/0001_schema.sql" in wheel
    assert "data/migrations/env.py" in wheel
    assert "data/migrations/versions/0001_schema.py" in wheel
    assert any(name.startswith("data/profiles/") and name.endswith(".json") for name in wheel)


def test_the_built_web_map_is_in_it_and_its_sources_are_not(wheel: set[str]):
    assert {"maps/static/index.html", "maps/static/assets/index-1.js"} <= wheel
    assert not [name for name in wheel if name.startswith("maps/web/")]


def test_nothing_else_is_at_the_top(wheel: set[str]):
    tops = {name.partition("/")[0] for name in wheel}
    assert {top for top in tops if not top.endswith(".dist-info")} == set(PACKAGES)


def test_licence_and_notice_are_in_it(wheel: set[str]):
    licences = {name.rpartition("/")[2] for name in wheel if "/licenses/" in name}
    assert {"LICENSE", "NOTICE"} <= licences
