"""Nothing goes undocumented: settings, commands, routes, problem keys."""

import re
from pathlib import Path

import pytest

from api.app import create_app
from api.documents import PAGES
from api.settings import Settings, environment_name
from geo.problems import VOCABULARY, document

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("name", PAGES)
def test_pages_that_write_themselves_are_up_to_date(name):
    written = (DOCS / name).read_text(encoding="utf-8")
    assert written == PAGES[name](), "run: python -m api.documents"


def test_every_problem_is_documented():
    written = (DOCS / "problems.md").read_text(encoding="utf-8")
    assert written == document(), "run: python -m geo.problems > docs/problems.md"
    for key in VOCABULARY:
        assert f"`{key}`" in written


def test_every_setting_is_documented_and_described():
    page = (DOCS / "settings.md").read_text(encoding="utf-8")
    for name, field in Settings.model_fields.items():
        assert f"`{environment_name(name)}`" in page
        assert field.description


def test_every_route_is_documented():
    guide = (DOCS / "api.md").read_text(encoding="utf-8")
    # {layer} and {format} are spelled out in words
    for path, methods in (
        create_app(Settings(database_url="postgresql:///x")).openapi()["paths"].items()
    ):
        for method in methods:
            if method in ("get", "post", "delete", "put", "patch"):
                pattern = rf"`{method.upper()} {re.escape(path)}[`?\[]"
                assert re.search(pattern, guide), f"{method.upper()} {path} is not in docs/api.md"


def test_every_key_the_guide_names_exists():
    guide = (DOCS / "api.md").read_text(encoding="utf-8")
    table = guide[guide.index("| status | when |") : guide.index("## Versions")]
    for key in re.findall(r"`([a-z]+_[a-z_]+)`", table):
        assert key in VOCABULARY, key


@pytest.mark.parametrize("page", sorted(DOCS.rglob("*.md")), ids=lambda page: page.name)
def test_links_between_pages_lead_somewhere(page):
    for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", page.read_text("utf-8")):
        assert (page.parent / target).exists(), f"{page.name} links to {target}"
