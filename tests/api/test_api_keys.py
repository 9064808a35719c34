"""Other systems: a key, looking up, and nothing else."""

import hashlib
import json
import logging
from contextlib import contextmanager
from datetime import date

import pytest
from sqlalchemy import text

from api.app import create_app
from api.cli import main
from api.commands.serve import announce_systems
from api.database import Database
from api.refusals import BadParameter, Conflict, NotFound
from api.routers import ROUTERS
from api.server import Address
from api.services import api_keys
from api.services.api_keys import KnownKeys
from api.services.caller import LOCAL_PLANNER
from api.settings import Settings
from api.systems import FORWARDED, LOOK_UPS
from data import audit
from data.db import make_engine
from tests.api import tiny
from tests.api.conftest import NOW, TestClient
from tests.api.test_routes import assert_error_shape

HOST = "192.168.1.5"
OUTSIDE, HERE = "192.168.1.9", "127.0.0.1"
KEY = "wg_not-a-secret"
SEARCH = "/api/addresses/search?q=河东镇上河村1组1号"
ASKED = [
    SEARCH,
    "/api/addresses/search?township=河东镇&village=上河村&group=2",
    "/api/addresses/suggest?q=上河",
    "/api/addresses/reverse?lon=108.005&lat=31.005",
    "/api/addresses/reverse?lon=108.005&lat=31.005&format=csv",
    "/api/grids/at?lon=108.005&lat=31.005",
    "/api/health",
]


def settings_of(folder, **more):
    given = {"home": folder, "other_systems": True, "host": "0.0.0.0"}
    return Settings(**given | {"allowed_hosts": f"localhost,127.0.0.1,{HOST}"} | more)


@contextmanager
def asking(engine, settings, *, client=OUTSIDE, host=HOST):
    app = create_app(settings, engine)
    with TestClient(
        app,
        base_url=f"http://{host}:8765",
        client=(client, 50000),
        raise_server_exceptions=False,
    ) as found:
        yield found


def add_key(engine, name="hukou", key=KEY):
    with engine.begin() as connection:
        api_keys.add_key(connection, name, key, caller=LOCAL_PLANNER, now=NOW)


def refused(answer):
    assert_error_shape(answer)
    return answer.status_code, answer.json()["error"]["key"]


@pytest.fixture(scope="module")
def engine(kept_engine):
    """For tests that only look up."""
    add_key(kept_engine)
    return kept_engine


@pytest.fixture
def engine_of_keys(own_engine):
    """For tests that write what is about keys."""
    add_key(own_engine)
    return own_engine


@pytest.fixture(scope="module")
def outside(engine, tmp_path_factory):
    with asking(engine, settings_of(tmp_path_factory.mktemp("outside"))) as client:
        yield client


@pytest.mark.parametrize(
    "headers",
    [{"X-API-Key": KEY}, {"Authorization": f"Bearer {KEY}"}, {"authorization": f"bearer  {KEY} "}],
)
def test_a_key_opens_the_look_ups(outside, headers):
    for path in ASKED:
        assert outside.get(path, headers=headers).status_code == 200, path
    found = outside.get(SEARCH, headers=headers).json()
    assert (found["status"], found["grid"]["code"]) == ("ok", tiny.VILLAGES[0] + "001")


def test_without_a_key_nothing_is_answered(outside):
    for path in ASKED:
        answer = outside.get(path)
        assert refused(answer) == (401, "api_key_needed")
        assert answer.headers["www-authenticate"].startswith("Bearer")
        assert answer.headers["x-content-type-options"] == "nosniff"
    assert refused(outside.get(SEARCH, headers={"Authorization": "Basic d2c6d2c="}))[0] == 401
    assert refused(outside.get(SEARCH, headers={"X-API-Key": ""})) == (401, "api_key_needed")


@pytest.mark.parametrize("name", ["key", "api_key", "X-API-Key", "token", "access_token"])
def test_a_key_in_the_address_does_not_count(outside, name):
    assert refused(outside.get(SEARCH, params={name: KEY})) == (401, "api_key_needed")
    told = outside.get(SEARCH, params={name: KEY}, headers={"X-API-Key": KEY})
    assert refused(told) == (400, "unknown_parameter")
    assert KEY not in told.text


@pytest.mark.parametrize(
    "key", ["wg_another", KEY + "x", KEY[:-1], KEY.upper(), "x" * 5_000, "wg_\u00e9", "' OR 1=1 --"]
)
def test_a_wrong_key_is_unknown(outside, key):
    headers = [(b"x-api-key", key.encode("latin-1"))]
    assert refused(outside.get(SEARCH, headers=headers)) == (401, "api_key_unknown")


def test_two_keys_are_none(outside):
    both = {"X-API-Key": KEY, "Authorization": "Bearer wg_another"}
    assert refused(outside.get(SEARCH, headers=both)) == (401, "api_key_unknown")
    same = {"X-API-Key": KEY, "Authorization": f"Bearer {KEY}"}
    assert outside.get(SEARCH, headers=same).status_code == 200


def test_a_key_opens_nothing_else(outside):
    """Whatever route there is or will be: what is not a look-up is refused, key or no key."""
    told = 0
    paths = {route.path for router in ROUTERS for route in router.routes} | {"/", "/assets/x.js"}
    for path in sorted(paths | {path + "/" for path in LOOK_UPS}):
        for method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"):
            if path in LOOK_UPS and method in ("GET", "HEAD"):
                continue
            answer = outside.request(method, path, headers={"X-API-Key": KEY})
            assert answer.status_code == 403, (method, path)
            if method != "HEAD":
                assert refused(answer) == (403, "api_key_only_reads"), (method, path)
                told += 1
    assert told > 300
    assert refused(outside.get("/api/workspace")) == (403, "api_key_only_reads")


def test_every_look_up_is_a_route():
    assert {route.path for router in ROUTERS for route in router.routes} >= LOOK_UPS


def test_the_host_that_is_called_must_be_named(engine, tmp_path):
    with asking(engine, settings_of(tmp_path), host="wangge.county") as client:
        assert refused(client.get(SEARCH, headers={"X-API-Key": KEY})) == (403, "foreign_host")
    named = settings_of(tmp_path, allowed_hosts="localhost,wangge.county")
    with asking(engine, named, host="wangge.county") as client:
        assert client.get(SEARCH, headers={"X-API-Key": KEY}).status_code == 200
        page = {"X-API-Key": KEY, "Origin": "http://other.county"}
        assert refused(client.get(SEARCH, headers=page)) == (403, "foreign_origin")


def test_unless_it_is_set_nobody_outside_is_answered(engine, tmp_path):
    closed = Settings(home=tmp_path, allowed_hosts=("localhost", HOST))
    with asking(engine, closed) as client:
        answer = client.get(SEARCH, headers={"X-API-Key": KEY})
        assert refused(answer) == (403, "foreign_host")


@pytest.mark.parametrize("client", [HERE, "::1", "::ffff:127.0.0.1"])
def test_this_machine_needs_no_key(engine, tmp_path, client):
    with asking(engine, settings_of(tmp_path), client=client, host="localhost") as here:
        assert here.get("/api/workspace").status_code == 200
        assert here.post("/api/plans", json={"name": "a", "scope": "500999"}).status_code == 201
        assert here.get("/api/workspace", headers={"X-API-Key": KEY}).status_code == 200
        wrong = here.get("/api/workspace", headers={"X-API-Key": "wg_another"})
        assert refused(wrong) == (401, "api_key_unknown")


@pytest.mark.parametrize("header", FORWARDED)
def test_a_proxy_on_this_machine_is_not_this_machine(engine, tmp_path, header):
    told = {header: "10.0.0.9"}
    with asking(engine, settings_of(tmp_path), client=HERE, host="localhost") as here:
        assert refused(here.get("/api/workspace", headers=told)) == (403, "api_key_only_reads")
        assert refused(here.get(SEARCH, headers=told)) == (401, "api_key_needed")
        assert here.get(SEARCH, headers={**told, "X-API-Key": KEY}).status_code == 200


def test_the_server_says_where_other_systems_ask(tmp_path, capsys):
    settings = settings_of(tmp_path, allowed_hosts=f"localhost,::1,{HOST},fd00::2")
    announce_systems(settings, 8765)
    said = capsys.readouterr().err
    assert f"http://{HOST}:8765/api/ http://[fd00::2]:8765/api/" in said
    assert "localhost" not in said


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("0.0.0.0", "http://127.0.0.1:8765/"),
        ("::", "http://127.0.0.1:8765/"),
        ("127.0.0.1", "http://127.0.0.1:8765/"),
        ("::1", "http://[::1]:8765/"),
        (HOST, f"http://{HOST}:8765/"),
    ],
)
def test_the_address_for_a_browser_is_one_that_answers(host, url):
    assert Address(host, 8765).url == url


class Clock:
    now = 1000.0
    day = date(2026, 3, 1)

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def known(engine_of_keys, clock):
    return KnownKeys(Database(engine_of_keys), clock=clock, today=lambda: clock.day)


def check(known, key):
    """As the guard does."""
    found = known.knows(key)
    return known.ask(key) if found is None else found


def test_a_revoked_key_stops_and_a_new_one_counts_within_seconds(engine_of_keys, known, clock):
    assert check(known, KEY)
    with engine_of_keys.begin() as connection:
        api_keys.revoke_key(connection, "hukou", caller=LOCAL_PLANNER, now=NOW)
    add_key(engine_of_keys, "hukou", "wg_second")
    clock.now += api_keys.HELD_S - 0.1
    assert check(known, KEY)
    assert not check(known, "wg_second")
    clock.now += 0.2
    assert not check(known, KEY)
    assert check(known, "wg_second")


def test_use_is_written_once_a_day(engine_of_keys, known, clock):
    with engine_of_keys.begin() as connection:
        connection.execute(
            text("""
                CREATE TABLE written (id serial);
                CREATE FUNCTION count_writing() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN INSERT INTO written DEFAULT VALUES; RETURN NEW; END $$;
                CREATE TRIGGER counted AFTER UPDATE ON api_key FOR EACH ROW
                EXECUTE FUNCTION count_writing();
            """)
        )
    for _ in range(4):
        assert check(known, KEY)
        clock.now += 4
    again = KnownKeys(Database(engine_of_keys), clock=clock, today=lambda: clock.day)  # a new start
    assert check(again, KEY)
    assert _count(engine_of_keys) == (1, date(2026, 3, 1))
    clock.day = date(2026, 3, 2)
    assert check(known, KEY)
    assert check(known, KEY)
    assert _count(engine_of_keys) == (2, date(2026, 3, 2))


def _count(engine):
    with engine.connect() as connection:
        used = connection.execute(text("SELECT last_used_on FROM api_key")).scalar_one()
        return connection.execute(text("SELECT count(*) FROM written")).scalar_one(), used


def test_guesses_do_not_reach_the_database(engine_of_keys, known, clock, monkeypatch):
    assert check(known, KEY)
    monkeypatch.setattr(known, "_database", None)
    assert not any(check(known, f"wg_{n}") for n in range(100))
    assert check(known, KEY)


def test_without_the_database_no_key_is_known(tmp_path):
    engine = make_engine(f"postgresql:///nothing?host={tmp_path}")
    with asking(engine, settings_of(tmp_path)) as client:
        answer = client.get(SEARCH, headers={"X-API-Key": KEY})
        assert refused(answer) == (503, "database_unavailable")
        assert refused(client.get(SEARCH)) == (401, "api_key_needed")


def test_only_hashes_are_stored_and_all_is_in_the_audit(engine_of_keys):
    with engine_of_keys.begin() as connection:
        api_keys.revoke_key(connection, "hukou", caller=LOCAL_PLANNER, now=NOW)
        row = connection.execute(text("SELECT * FROM api_key")).mappings().one()
        acts = audit.fetch_acts(connection, limit=2)
        assert KEY not in str(connection.execute(text("SELECT * FROM audit")).all())
    assert bytes(row["secret_hash"]) == hashlib.sha256(KEY.encode()).digest()
    assert KEY not in str(dict(row))
    assert [(act["action"], act["details"]) for act in acts] == [
        ("api key revoke", {"name": "hukou"}),
        ("api key add", {"name": "hukou"}),
    ]


def test_names(engine_of_keys):
    with engine_of_keys.begin() as connection:

        def add(name):
            api_keys.add_key(connection, name, "wg_x", caller=LOCAL_PLANNER, now=NOW)

        with pytest.raises(Conflict) as taken:
            add("hukou")
        assert taken.value.problem.key == "api_key_name_taken"
        for name in ("", " a", "a\n", "a\x00", "x" * 81):
            with pytest.raises(BadParameter):
                add(name)
        with pytest.raises(NotFound):
            api_keys.revoke_key(connection, "no", caller=LOCAL_PLANNER, now=NOW)


def test_a_key_is_never_logged(outside, caplog):
    with caplog.at_level(logging.DEBUG):
        for headers in ({"X-API-Key": KEY}, {"X-API-Key": "wg_another"}):
            outside.get(SEARCH, headers=headers)
            outside.get("/api/workspace", headers=headers)
    assert KEY not in caplog.text
    assert "wg_another" not in caplog.text


def test_the_commands(own_engine, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("WANGGE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("DATABASE_URL", own_engine.url.render_as_string(hide_password=False))

    def wangge(*words):
        code = main(list(words))
        said = capsys.readouterr()
        return code, said.out, said.err

    code, out, said = wangge("keys", "add", "户籍系统")
    key = out.strip()
    assert (code, key[:3]) == (0, "wg_")
    assert len(key) > 40
    assert key not in said
    assert "WANGGE_OTHER_SYSTEMS" in said
    code, out, said = wangge("keys", "add", "户籍系统")
    assert (code, out) == (1, "")
    assert "已有名为 户籍系统 的接口密钥" in said

    with asking(own_engine, settings_of(tmp_path)) as client:
        assert client.get(SEARCH, headers={"X-API-Key": key}).status_code == 200

    code, out, _ = wangge("keys", "list", "--json")
    (listed,) = json.loads(out)
    assert (listed["name"], listed["revoked_at"]) == ("户籍系统", None)
    assert listed["last_used_on"]
    assert key not in out
    assert "hash" not in out
    assert "户籍系统" in wangge("keys", "list")[1]

    assert wangge("keys", "revoke", "户籍系统")[0] == 0
    code, _, said = wangge("keys", "revoke", "户籍系统")
    assert code == 1
    assert "没有找到接口密钥 户籍系统" in said
    with asking(own_engine, settings_of(tmp_path)) as client:
        answer = client.get(SEARCH, headers={"X-API-Key": key})
        assert refused(answer) == (401, "api_key_unknown")
    assert wangge("keys", "add", "户籍系统")[0] == 0
