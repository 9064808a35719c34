"""An open map shows what others store, without being asked to."""

from __future__ import annotations

from datetime import UTC, datetime

from playwright.sync_api import expect
from sqlalchemy import text

from data import grids
from tests.data import handmade
from tests.maps.web.conftest import fetch, wait_for_map

LATER = datetime(2026, 4, 1, tzinfo=UTC)


def open_map(open_page, service):
    """Open the map and wait until it follows the server; return page and addresses asked for."""
    page = open_page("about:blank")
    page.watch.origin = service.url
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    with page.expect_response(lambda r: r.url.endswith("/api/events")):
        page.goto(service.url)
    wait_for_map(page)
    return page, asked


def rename(service, code, name):
    """Store a grid under a new name, as a publishing colleague would."""
    with service.engine.begin() as connection:
        lines = grids.fetch_frame(connection)
        mine = lines[lines["code"] == code].assign(name=name)
        counts = grids.store_frame(connection, mine.reset_index(drop=True), now=LATER)
    assert counts.changed == 1


def test_an_open_map_shows_what_somebody_else_published(own_service, open_page):
    page, asked = open_map(open_page, own_service)
    row = page.locator(".table-row[data-code]").first
    code = row.get_attribute("data-code")
    before = fetch(page, "/api/workspace")["layers"]["grids"]["version"]
    page.evaluate("window.sameDocument = true")
    row.click()
    expect(page.locator(".inspector .rule-bar")).to_be_visible()
    with page.expect_response(
        lambda r: "/tiles/grids/" in r.url and not r.url.endswith(f"?v={before}")
    ) as tile:
        rename(own_service, code, "新名网格")
    after = fetch(page, "/api/workspace")["layers"]["grids"]["version"]
    assert tile.value.url.endswith(f"?v={after}")
    expect(page.locator(f".table-row[data-code='{code}']")).to_contain_text("新名网格")
    expect(page.locator(".inspector")).to_contain_text("新名网格")
    assert page.evaluate("window.sameDocument")
    # other layers are as they were: their tiles are not asked for again
    assert not any("/tiles/villages/" in url for url in asked[asked.index(tile.value.url) :])
    assert sum(url.endswith("/api/events") for url in asked) == 1


def test_somebody_elses_draft_leaves_the_map_alone(own_service, open_page):
    page, asked = open_map(open_page, own_service)
    page.wait_for_timeout(1000)
    asked.clear()
    with own_service.engine.begin() as connection:
        plan = handmade.make_plan(connection, "500229")
    with own_service.engine.begin() as connection:
        handmade.move_head(connection, plan, 1)
    page.wait_for_timeout(1000)
    assert not any("/tiles/" in url or "/api/grids" in url for url in asked)
    with (
        page.expect_response(lambda r: "/tiles/centers/" in r.url),
        own_service.engine.begin() as connection,
    ):
        connection.execute(text("UPDATE center SET name = name || '新'"))
    assert not any("/tiles/grids/" in url for url in asked)


def test_a_hidden_tab_leaves_its_connection_to_others_and_catches_up(own_service, open_page):
    page, asked = open_map(open_page, own_service)
    code = page.locator(".table-row[data-code]").first.get_attribute("data-code")
    turn(page, "hidden")
    asked.clear()
    rename(own_service, code, "换了名字")
    page.wait_for_timeout(1000)
    assert asked == []
    turn(page, "visible")
    expect(page.locator(f".table-row[data-code='{code}']")).to_contain_text("换了名字")
    assert sum(url.endswith("/api/events") for url in asked) == 1


def turn(page, state):
    """Show or hide the tab: a browser without a screen cannot."""
    page.evaluate(
        """(state) => {
          Object.defineProperty(document, 'visibilityState', {value: state, configurable: true});
          document.dispatchEvent(new Event('visibilitychange'));
        }""",
        state,
    )
