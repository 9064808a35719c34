"""Every route: asks who is calling, refuses unknown parameters, fails in the one shape."""

import pytest
from fastapi.routing import APIRoute

from api import dependencies
from api.app import create_app
from api.routers import ROUTERS, web
from api.settings import Settings
from data.db import make_engine
from geo.problems import VOCABULARY
from tests.api.conftest import make_client

FORBIDDEN_WORDS = ("Traceback", "SELECT", "psycopg", "sqlalchemy", 'File "')


def routes():
    """Return every route we declare."""
    found = [route for router in (*ROUTERS, web.router) for route in router.routes]
    assert all(isinstance(route, APIRoute) for route in found)
    assert len(found) > 20
    return found


def dependencies_of(dependant):
    for inner in dependant.dependencies:
        yield inner.call
        yield from dependencies_of(inner)


def names_of(route):
    return f"{min(route.methods)} {route.path}"


def assert_error_shape(answer):
    assert answer.headers["content-type"] == "application/json", answer.text
    body = answer.json()
    assert set(body) == {"error"}
    error = body["error"]
    assert set(error) == {"key", "message", "message_zh", "details"}
    assert error["key"] in VOCABULARY
    assert error["message"]
    assert any("\u4e00" <= letter <= "\u9fff" for letter in error["message_zh"])
    assert not any(word in answer.text for word in FORBIDDEN_WORDS), answer.text


@pytest.mark.parametrize("route", routes(), ids=names_of)
def test_every_route_asks_who_is_calling(route):
    """The app asks for every route too; each route asks by itself, so that it cannot forget."""
    asked = set(dependencies_of(route.dependant))
    assert dependencies.open_desk in asked
    assert dependencies.find_caller in asked


def fill(path):
    return (
        path.replace("{z}", "3")
        .replace("{x}", "1")
        .replace("{y}", "1")
        .replace("{layer}", "grids")
        .replace("{format}", "geojson")
        .replace("{name}", "areas")
        .replace("{id}", "7")
        .replace("{code}", "nowhere")
    )


@pytest.mark.parametrize(
    "route", [route for route in routes() if route.include_in_schema], ids=names_of
)
def test_every_route_refuses_what_it_would_ignore(client, route):
    answer = client.request(min(route.methods), fill(route.path), params={"plam": "1"})
    assert answer.status_code == 400, answer.text
    assert_error_shape(answer)
    assert answer.json()["error"]["key"] in ("unknown_parameter", "invalid_parameter")


BAD = [
    ("GET", "/api/nothing", 404),
    ("GET", "/nothing.js", 404),
    ("GET", "/../api/app.py", 404),
    ("GET", "/%2e%2e/%2e%2e/etc/passwd", 404),
    ("PUT", "/api/health", 405),
    ("GET", "/api/imports", 405),
    ("DELETE", "/api/grids/at", 405),
    ("GET", "/api/grids/at", 400),
    ("GET", "/api/grids/at?lon=x&lat=1", 400),
    ("GET", "/api/grids/at?lon=nan&lat=1", 400),
    ("GET", "/api/grids/at?lon=181&lat=1", 400),
    ("GET", "/api/grids/at?lon=108&lat=31&date=yesterday", 400),
    ("GET", "/api/grids/at?lon=108&lat=31&date=2026-13-01", 400),
    ("GET", "/api/grids/at?lon=108&lat=31&plan=1", 400),
    ("GET", "/api/grids?bbox=1,2,3", 400),
    ("GET", "/api/grids?bbox=9,9,1,1", 400),
    ("GET", "/api/grids?bbox=a,b,c,d", 400),
    ("GET", "/api/grids?bbox=nan,0,1,1", 400),
    ("GET", "/api/grids?sort=geom", 400),
    ("GET", "/api/grids?limit=0", 400),
    ("GET", "/api/grids?limit=100000", 400),
    ("GET", "/api/grids?offset=-1", 400),
    ("GET", "/api/grids?q=%00", 400),
    ("GET", "/api/grids?village=%27%20OR%201=1", 400),
    ("GET", "/api/grids/nowhere", 404),
    ("GET", "/api/grids/%00", 400),
    ("GET", "/api/divisions/999", 404),
    ("GET", "/api/natural_villages/none", 404),
    ("GET", "/api/centers/none", 404),
    ("GET", "/api/households/0", 400),
    ("GET", "/api/households/99999999999999999999", 400),
    ("GET", "/api/households/987654321", 404),
    ("GET", "/api/partition/problems?scope=*", 400),
    ("GET", "/api/addresses/search", 400),
    ("GET", "/api/addresses/search?q=", 400),
    ("GET", "/api/addresses/search?q=x&limit=0", 400),
    ("GET", "/api/imports/7", 400),
    ("GET", "/api/imports/3f2c8a52-0000-4000-8000-000000000000", 404),
    ("GET", "/api/imports/3f2c8a52-0000-4000-8000-000000000000/problems.csv", 404),
    ("POST", "/api/imports/3f2c8a52-0000-4000-8000-000000000000/commit", 404),
    ("DELETE", "/api/imports/3f2c8a52-0000-4000-8000-000000000000", 404),
    ("GET", "/api/exports/grids.dwg", 400),
    ("GET", "/api/exports/secrets.geojson", 400),
    ("GET", "/api/exports/grids.geojson?date=x", 400),
    ("GET", "/tiles/grids/23/0/0.mvt", 400),
    ("GET", "/tiles/grids/-1/0/0.mvt", 400),
    ("GET", "/tiles/grids/1/2/0.mvt", 400),
    ("GET", "/tiles/secrets/1/0/0.mvt", 400),
    ("GET", "/tiles/grids/1/0/0.png", 404),
    ("GET", "/api/runs/3f2c8a52-0000-4000-8000-000000000000", 404),
    ("GET", "/api/runs/3f2c8a52-0000-4000-8000-000000000000/result", 404),
    ("GET", "/api/runs/3f2c8a52-0000-4000-8000-000000000000/layers/areas", 404),
    ("GET", "/api/runs/3f2c8a52-0000-4000-8000-000000000000/report.html", 404),
    ("GET", "/api/runs/3f2c8a52-0000-4000-8000-000000000000/layers/Secrets", 400),
]


@pytest.mark.parametrize(("method", "path", "status"), BAD)
def test_bad_questions_fail_in_the_one_shape(client, method, path, status):
    answer = client.request(method, path)
    assert answer.status_code == status, answer.text
    assert_error_shape(answer)


@pytest.mark.parametrize(
    "address", ["23/0/0", "-1/0/0", "1/2/0", "1/0/2", "0/-1/0", f"3/{'9' * 30}/0"]
)
def test_a_tile_that_cannot_be_says_so(client, address):
    answer = client.get(f"/tiles/grids/{address}.mvt")
    assert answer.status_code == 400
    error = answer.json()["error"]
    assert error["key"] == "tile_out_of_range"
    assert address in error["message_zh"]


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/api/runs", "", 422),
        ("/api/runs", "{", 422),
        ("/api/runs", "[]", 422),
        ("/api/runs", '{"analysis": "mind_reading"}', 422),
        ("/api/runs", '{"analysis": "service_gaps", "parameters": {"level": "moon"}}', 422),
        ("/api/runs", '{"analysis": "service_gaps", "parameters": {"standard_m": -1}}', 422),
        ("/api/runs", '{"analysis": "service_gaps", "parameters": {"standard_m": 1e999}}', 422),
        ("/api/runs", '{"analysis": "service_gaps", "parameters": {"radius": 1}}', 422),
        ("/api/runs", '{"analysis": "service_gaps", "plan": "x"}', 422),
        ("/api/imports", "not a form", 422),
    ],
)
def test_bad_bodies_fail_in_the_one_shape(client, path, body, status):
    answer = client.post(path, content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == status, answer.text
    assert_error_shape(answer)


def test_guards_stand_before_every_route(client):
    assert_error_shape(client.get("/api/health", headers={"Host": "evil.example"}))
    answer = client.get("/api/workspace", headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403
    assert_error_shape(answer)
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    large = client.post("/api/grids/at", content=b" " * 9_000_000)
    assert large.status_code == 413
    assert_error_shape(large)


def test_a_fault_of_ours_shows_nothing_of_the_inside(client, monkeypatch):
    def fail(*_, **__):
        raise RuntimeError("SELECT secret FROM Traceback")

    monkeypatch.setattr("api.routers.workspace.workspace.describe", fail)
    answer = client.get("/api/workspace")
    assert answer.status_code == 500
    assert_error_shape(answer)
    assert answer.json()["error"]["key"] == "internal_error"


def test_without_a_database_503_in_the_one_shape(tmp_path):
    engine = make_engine(f"postgresql:///nothing?host={tmp_path}")
    with make_client(Settings(home=tmp_path), engine) as client:
        for path in ("/api/health", "/api/workspace", "/api/grids/at?lon=1&lat=1"):
            answer = client.get(path)
            assert answer.status_code == 503
            assert answer.headers["retry-after"]
            assert_error_shape(answer)
            assert answer.json()["error"]["key"] == "database_unavailable"


def test_no_pages_that_fetch_from_a_cdn(client):
    for path in ("/docs", "/redoc"):
        assert client.get(path).status_code == 404


def test_without_an_engine_or_an_address_there_is_no_app():
    with pytest.raises(ValueError, match="database_url"):
        create_app(Settings(database_url=None))
