"""Every link of the docs leads somewhere, and nothing names a registry or a CDN."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout
    return [ROOT / name for name in listed.decode().split("\0") if name]


PAGES = [path for path in tracked() if path.suffix == ".md"]


def slug(heading: str) -> str:
    kept = re.sub(r"[^\w\- ]", "", heading.strip().lower())
    return kept.replace(" ", "-")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path):
    dead = []
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text("utf-8")):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        path = (page.parent / name).resolve() if name else page
        if not path.exists():
            dead.append(target)
        elif anchor and path.suffix == ".md":
            headings = re.findall(r"^#+ (.*)$", path.read_text("utf-8"), re.MULTILINE)
            if anchor not in map(slug, headings):
                dead.append(target)
    assert not dead


def test_no_file_names_a_registry_or_a_cdn():
    # Written in two halves, so that this file is not its own finding.
    hosts = [
        "pypi." + "org", "registry.npm" + "js", "files.python" + "hosted", "deb.deb" + "ian",
        "cdn.js" + "delivr", "unp" + "kg.com", "cdn" + "js.",
    ]  # fmt: skip
    found = {
        f"{path.relative_to(ROOT)}: {host}"
        for path in tracked()
        if path.is_file() and path.suffix not in {".png", ".gpkg"}
        for host in hosts
        if host in path.read_text("utf-8", errors="ignore")
    }
    assert not found
