"""The sample county served once a run, and a real browser that refuses to leave the server.

A test fails on any request to another host, on any error of the page's scripts and on any console
error, unless it says that it expects them.
"""

from __future__ import annotations

import fcntl
import json
import re
import shutil
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright
from sqlalchemy import make_url, text

import maps
from api import server
from api.services import samples, workspace
from api.settings import Settings
from data.db import make_engine, make_single_engine
from tests.maps.web import uneven

CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
]
SMALL = {"width": 1366, "height": 768}
LARGE = {"width": 1600, "height": 940}
# patience, not a limit: the machine may be busy with other tests
expect.set_options(timeout=60_000)
NO_MAP = "no-map"
STATIC = Path(maps.__file__).parent / "static"
SAMPLE = "web_sample"
NOW = datetime(2026, 3, 1, tzinfo=UTC)


# --- the server --------------------------------------------------------------------------


@contextmanager
def _clone(cluster_url: str, template: str) -> Iterator[str]:
    name = f"web_{uuid.uuid4().hex}"
    _run(cluster_url, f"CREATE DATABASE {name} TEMPLATE {template}")
    try:
        yield _url_of(cluster_url, name)
    finally:
        _run(cluster_url, f"DROP DATABASE {name} WITH (FORCE)")


def _url_of(cluster_url: str, database: str) -> str:
    return make_url(cluster_url).set(database=database).render_as_string(hide_password=False)


def _run(url: str, statement: str) -> None:
    engine = make_single_engine(url).execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))


@pytest.fixture(scope="session")
def built_map() -> Path:
    """Folder of the built web map; it is made by ``npm run build``, which ``./run test`` does."""
    if not (STATIC / "index.html").is_file():
        pytest.fail("maps/static is not built: run `npm ci && npm run build` in maps/web")
    return STATIC


@pytest.fixture(scope="session")
def sample_database(cluster_url, template, pytestconfig, tmp_path_factory) -> str:
    """Name of a database with the sample county, one a run; nobody stays connected to it."""
    with (pytestconfig.cluster_home / "sample.lock").open("a+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        lock.seek(0)
        if not lock.read():
            _fill_sample(cluster_url, template, tmp_path_factory.mktemp("sample-home"))
            lock.write("filled")
    return SAMPLE


def _fill_sample(cluster_url: str, template: str, home: Path) -> None:
    _run(cluster_url, f"CREATE DATABASE {SAMPLE} TEMPLATE {template}")
    engine = make_engine(_url_of(cluster_url, SAMPLE))
    with engine.begin() as connection:
        workspace.seed(connection)
        for layer, path in samples.write_files(home / "sample").items():
            samples.bring_in(connection, layer, path, settings=Settings(home=home), now=NOW)
        samples.finish(connection, home / "sample")
    engine.dispose()


class Service:
    """A server on a port of its own that can go away and come back, as after a power cut."""

    def __init__(self, database_url: str, home: Path) -> None:
        self.settings = Settings(home=home)
        self.engine = make_engine(database_url, pool_size=self.settings.threads + server.STREAMS)
        self._port = 0
        self._running = ExitStack()
        self.url = ""

    def start(self) -> None:
        bound, _ = server.bind_socket("127.0.0.1", self._port)
        self._running.enter_context(bound)
        with uneven.answers():
            address = self._running.enter_context(
                server.running_server(self.settings, self.engine, bound)
            )
        self._port = address.port
        self.url = address.url

    def stop(self) -> None:
        self._running.close()


@contextmanager
def _serve(url: str, home: Path) -> Iterator[Service]:
    service = Service(url, home)
    try:
        service.start()
        yield service
    finally:
        service.stop()
        service.engine.dispose()


@pytest.fixture(scope="session")
def service(cluster_url, sample_database, built_map, tmp_path_factory) -> Iterator[Service]:
    """The sample county on a port: tests on it draw in drafts of their own and store no more."""
    with (
        _clone(cluster_url, sample_database) as url,
        _serve(url, tmp_path_factory.mktemp("home")) as running,
    ):
        yield running


@pytest.fixture
def own_service(cluster_url, sample_database, built_map, tmp_path) -> Iterator[Service]:
    """A copy of the sample county of the test's own: to publish and import, to switch off."""
    with _clone(cluster_url, sample_database) as url, _serve(url, tmp_path) as running:
        yield running


@pytest.fixture
def empty_service(fresh_database, built_map, tmp_path) -> Iterator[Service]:
    """A service on a database without any data."""
    with _serve(fresh_database, tmp_path) as running:
        yield running


# --- the browser -------------------------------------------------------------------------


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Playwright itself, for the tests that need a second browser."""
    with sync_playwright() as running:
        yield running


def find_chromium() -> str:
    """Return the path of the system's Chromium; the test fails, never skips, without one."""
    executable = shutil.which("chromium") or shutil.which("chromium-browser")
    if executable is None:
        pytest.fail("Chromium is missing: apt-get install chromium")
    return executable


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """The system's Chromium; nothing is downloaded."""
    browser = playwright.chromium.launch(executable_path=find_chromium(), args=CHROMIUM_ARGUMENTS)
    yield browser
    browser.close()


class Watch:
    """What a page did that it should not; ``allow`` names console errors a test expects."""

    def __init__(self, page: Page, origin: str) -> None:
        self.origin = origin
        self.strangers: list[str] = []
        self.errors: list[str] = []
        self.allowed: list[str] = []
        page.on("request", self._see_request)
        page.on("console", self._see_console)
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def allow(self, pattern: str) -> None:
        self.allowed.append(pattern)

    def check(self) -> None:
        assert self.strangers == []
        unexpected = [e for e in self.errors if not any(re.search(p, e) for p in self.allowed)]
        assert unexpected == []

    def _see_request(self, request) -> None:
        if not request.url.startswith((self.origin, "data:", "blob:")):
            self.strangers.append(request.url)

    def _see_console(self, message) -> None:
        if message.type == "error":
            self.errors.append(f"{message.text} {message.location['url']}")


def _open(browser: Browser, url: str, language: str, size: dict[str, int], path: str) -> Page:
    locale = "zh-CN" if language == "zh" else "en-US"
    context = browser.new_context(viewport=size, locale=locale, accept_downloads=True)
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.watch = Watch(page, url)
    if path == NO_MAP:
        # a page of this origin with nothing on it, not even an icon to ask for
        blank = {"body": "<link rel=icon href=data:,>", "content_type": "text/html"}
        page.route(url + path, lambda route: route.fulfill(**blank))
    page.goto(url + path)
    page.unroute_all()
    return page


def _close(page: Page) -> None:
    # an answer of the test's own that is still under way would fail the next test
    page.unroute_all(behavior="ignoreErrors")
    page.context.close()
    page.watch.check()


@pytest.fixture
def open_page(browser: Browser):
    """Open the web map: ``open_page(url, language="zh", size=LARGE)`` → page with ``.watch``.

    A test that opens a plan at once needs no map before: ``path=NO_MAP``. Name the service before
    it among a test's arguments: what comes last is closed first, and a page that outlives its
    server complains.
    """
    opened: list[Page] = []

    def open_one(
        url: str, *, language: str = "zh", size: dict[str, int] = LARGE, path: str = ""
    ) -> Page:
        opened.append(_open(browser, url, language, size, path))
        return opened[-1]

    yield open_one
    for page in opened:
        _close(page)


@pytest.fixture
def page(open_page, service) -> Page:
    """The sample county in Chinese at 1600 × 940, drawn."""
    page = open_page(service.url)
    wait_for_map(page)
    return page


# --- the workbench, kept open ------------------------------------------------------------


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    report = yield
    item.is_failed = getattr(item, "is_failed", False) or report.failed
    return report


@pytest.fixture(scope="session")
def _benches() -> Iterator[list[Page]]:
    benches: list[Page] = []
    yield benches
    for bench in benches:
        _close(bench)


@pytest.fixture
def bench(service, browser, _benches, request) -> Iterator[Page]:
    """The list of plans in Chinese at 1600 × 940, in a page that is kept from test to test.

    Loading a map takes longer than most tests of a tool. A page is handed on only when the test
    has passed and the plan it drew in could be closed; whatever else it finds open is new.
    """
    if not _benches:
        fresh = _open(browser, service.url, "zh", LARGE, "")
        _benches.append(fresh)
        wait_for_map(fresh)
        fresh.keyboard.press("2")
    page = _benches.pop()
    page.is_bench = True
    # the list itself: a plan that is made while it is read for the first time would be missing
    expect(page.locator(".plan-row, .plan-steps").first).to_be_visible()
    try:
        yield page
        is_kept = not getattr(request.node, "is_failed", False) and _is_cleared(page)
        page.watch.check()
    except BaseException:
        page.context.close()
        raise
    page.watch.errors.clear()
    page.watch.allowed.clear()
    if is_kept:
        _benches.append(page)
    else:
        page.context.close()


def _is_cleared(page: Page) -> bool:
    """Leave the plan and whatever is open in it; return whether the page is as it was."""
    page.unroute_all(behavior="ignoreErrors")
    page.mouse.up()
    page.set_viewport_size(LARGE)
    page.mouse.move(800, 3)
    close = page.get_by_label("关闭方案")
    for _ in range(5):
        if page.locator(".preview-card, .compare-legend, [aria-modal=true]").count() == 0:
            break
        page.keyboard.press("Escape")
        page.wait_for_timeout(100)
    if close.count() != 1 or page.locator("[aria-modal=true]").count():
        return False
    close.click()
    page.evaluate("window.wanggeMap.fitCounty(0); localStorage.removeItem('wangge.sketch')")
    page.wait_for_selector(".new-plan")
    return page.locator(".inspector, .tools, .compare-legend").count() == 0


def wait_for_map(page: Page) -> None:
    """Wait until the tiles in view are drawn and the table has rows."""
    page.wait_for_selector("#map[data-loading=false]")
    page.wait_for_selector(".table-row[data-code]")
    page.wait_for_timeout(400)  # a fit is animated


def fetch(page: Page, path: str):
    """Return the JSON the server answers, asked apart from the page."""
    answer = page.request.get(page.watch.origin.rstrip("/") + path)
    assert answer.ok, (path, answer.status)
    return json.loads(answer.text())


def choose(page: Page, label: str, option: str) -> None:
    """Pick an option of a select by mouse."""
    page.get_by_label(label, exact=True).and_(page.locator("input")).click()
    page.get_by_role("option", name=option).first.click()
