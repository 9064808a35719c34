"""Open maps are told: a real server, real notifications, clients that are slow or gone."""

import asyncio
import http.client
import json
import threading
from contextlib import ExitStack, contextmanager
from urllib.parse import urlencode, urlsplit
from uuid import UUID

import psycopg2
import pytest
import uvicorn
from sqlalchemy import text

from api import dependencies, server
from api.app import create_app
from api.refusals import Unavailable
from api.services import events
from api.services.caller import LOCAL_PLANNER, Caller
from api.services.events import RESYNC, WAITING, Events, Subscriber, write_event
from api.settings import Settings
from data import plans
from data.events import Event, Listener
from tests.api import tiny
from tests.api.drafting import FIRST, MERGE, SECOND
from tests.data import handmade

PATIENCE_S = 60


class Stream:
    """What a browser's EventSource reads, line by line."""

    def __init__(self, url, path="/api/events", **headers):
        place = urlsplit(url)
        self.connection = http.client.HTTPConnection(place.hostname, place.port, timeout=PATIENCE_S)
        self.connection.request("GET", path, headers={"Accept-Encoding": "gzip", **headers})
        self.answer = self.connection.getresponse()

    def block(self):
        """Return the lines up to the next empty one; None at the end."""
        lines = []
        while True:
            line = self.answer.readline().decode()
            if not line:
                return None
            if line == "\n":
                return lines
            lines.append(line.rstrip("\n"))

    def event(self):
        """Return kind and details of the next event, without keep-alives; None at the end."""
        while (lines := self.block()) is not None:
            found = dict(line.split(": ", 1) for line in lines)
            if "event" in found:
                return found["event"], json.loads(found["data"])
        return None

    def close(self):
        self.answer.close()
        self.connection.close()


class Served:
    """A service on the test's own tiny county, and its streams."""

    def __init__(self, engine, home, stack, **options):
        self.engine = engine
        self.app = create_app(Settings(home=home), engine)
        if options:
            self.app.state.events = Events(engine, **options)
        config = uvicorn.Config(
            self.app, log_level="warning", server_header=False, timeout_graceful_shutdown=5
        )
        self.server = server.Server(self.app, config)
        bound, _ = server.bind_socket("127.0.0.1", 0)
        self.url = server.address_of(bound).url
        self.thread = threading.Thread(target=self.server.run, kwargs={"sockets": [bound]})
        self.thread.start()
        self.stack = stack
        stack.callback(bound.close)
        stack.callback(self.stop)
        while not self.server.started:
            assert self.thread.is_alive()

    def stop(self):
        self.server.should_exit = True
        self.thread.join()

    def open(self, path="/api/events", **headers):
        stream = Stream(self.url, path, **headers)
        self.stack.callback(stream.close)
        return stream

    def follow(self, **asked):
        """Open a stream and read its greeting."""
        stream = self.open(f"/api/events?{urlencode(asked)}")
        assert stream.event()[0] == "hello"
        return stream

    def ask(self, path, method="GET", body=None, **headers):
        place = urlsplit(self.url)
        connection = http.client.HTTPConnection(place.hostname, place.port, timeout=PATIENCE_S)
        sent = None if body is None else json.dumps(body)
        connection.request(method, path, sent, {"Content-Type": "application/json", **headers})
        answer = connection.getresponse()
        body = json.loads(answer.read())
        connection.close()
        return answer.status, body

    def run(self, statement, **values):
        with self.engine.begin() as connection:
            return connection.execute(text(statement), values)


@pytest.fixture
def serve(own_engine, tmp_path):
    with ExitStack() as stack:
        yield lambda **options: Served(own_engine, tmp_path, stack, **options)


@pytest.fixture
def served(serve):
    return serve()


NOBODY = {"author": None, "edit": None, "villages": None}
TOUCH = "UPDATE center SET name = name || '新'"
LISTENERS = (
    "SELECT pid FROM pg_stat_activity WHERE application_name = 'wangge events'"
    " AND datname = current_database()"
)


def test_a_stream_begins_with_the_versions_of_now(served):
    stream = served.open()
    assert stream.answer.status == 200
    assert stream.answer.getheader("content-type") == "text/event-stream; charset=utf-8"
    assert stream.answer.getheader("content-encoding") is None
    assert "no-store" in stream.answer.getheader("cache-control")
    first = stream.block()
    assert first[:2] == ["retry: 2000", "event: hello"]
    hello = json.loads(first[2].removeprefix("data: "))
    layers = served.ask("/api/workspace")[1]["layers"]
    assert hello["layers"]["grids"] == layers["grids"]["version"]
    assert hello["layers"]["divisions"] == layers["villages"]["version"]
    assert hello["layers"]["grids"].startswith(hello["epoch"])


def test_everybody_hears_of_a_change_of_a_layer(served):
    streams = [served.follow() for _ in range(3)]
    served.run(TOUCH)
    for stream in streams:
        assert stream.event() == ("layer", {"layer": "centers"})


def test_plans_and_comments_are_told(served):
    stream = served.follow()
    with served.engine.begin() as connection:
        plan = handmade.make_plan(connection, tiny.COUNTY)
    made = {"id": str(plan), "scope": tiny.COUNTY, "state": "draft", "revision": 0, **NOBODY}
    assert stream.event() == ("plan", made)
    with served.engine.begin() as connection:
        handmade.move_head(connection, plan, 1)
    assert stream.event() == ("plan", made | {"revision": 1})
    served.run(
        "INSERT INTO plan_comment (plan_id, text, author, made_at, geom) VALUES (:p, '?', 'li',"
        " now(), ST_SetSRID(ST_MakePoint(108, 31), 4490))",
        p=str(plan),
    )
    assert stream.event() == ("comment", {"id": str(plan), "scope": tiny.COUNTY})


def test_a_plan_tells_who_made_which_edit_where(served):
    stream = served.follow()
    wanted = {"name": "试划", "scope": tiny.COUNTY}
    _, plan = served.ask("/api/plans", "POST", wanted)
    path, revision = f"/api/plans/{plan['id']}", plan["revision"]
    told = [stream.event()[1]]
    for what, body in (
        ("/edits", MERGE),
        ("/edits", {"type": "lock", "villages": [SECOND]}),
        ("/undo", None),
        ("/submit", None),
        ("/reopen", None),
        ("/rebase", None),
        ("/copy", {"name": "又一个"}),
    ):
        status, body = served.ask(path + what, "POST", body, **{"If-Match": str(revision)})
        assert status in (200, 201), body
        revision = body["revision"]
        kind, details = stream.event()
        while what == "/rebase" and details["revision"] < revision:
            kind, details = stream.event()
        assert (kind, details["revision"]) == ("plan", revision)
        told.append(details)
    assert {one["author"] for one in told} == {"local"}
    assert [(one["edit"], one["villages"]) for one in told] == [
        (None, None),
        ("merge", [FIRST]),
        ("lock", [SECOND]),
        (None, []),
        *[(None, None)] * 4,
    ]


def test_what_is_said_of_one_write_is_not_said_of_the_next(served):
    """The connection goes back to the pool; whoever gets it has told nothing."""
    stream = served.follow()
    with served.engine.connect() as connection:
        with connection.begin():
            plan = handmade.make_plan(connection, tiny.COUNTY)
            plans.announce(connection, author="li", edit="split", villages=[FIRST])
            handmade.move_head(connection, plan, 1)
        with connection.begin():
            handmade.move_head(connection, plan, 1)
    told = [stream.event()[1] for _ in range(3)]
    said = {"author": "li", "edit": "split", "villages": [FIRST]}
    assert [{name: one[name] for name in NOBODY} for one in told] == [NOBODY, said, NOBODY]


@pytest.mark.parametrize(
    ("author", "villages", "heard"),
    [("李", 400, True), ("李", 600, False), ("李" * 4_000, 600, None)],
)
def test_a_notification_is_never_too_long_to_be_sent(served, author, villages, heard):
    """PostgreSQL refuses 8,000 bytes and the write with them: rather fewer things are told."""
    stream = served.follow()
    codes = [f"{500999001000 + number}" for number in range(villages)]
    with served.engine.begin() as connection:
        plan = handmade.make_plan(connection, tiny.COUNTY)
        plans.announce(connection, author=author, edit="renumber", villages=codes)
        handmade.move_head(connection, plan, 1)
    stream.event()
    told = stream.event()[1]
    assert told["author"] == (None if heard is None else author)
    assert told["villages"] == (codes if heard else None)


def presence(plan, editors):
    return "presence", {"plan": plan, "editors": editors}


def test_those_who_watch_a_plan_are_told_how_many_they_are(served):
    with served.engine.begin() as connection:
        one, other = (str(handmade.make_plan(connection, tiny.COUNTY)) for _ in range(2))
    first = served.follow(plan=one, client="tab-1")
    assert first.event() == presence(one, 1)
    elsewhere = served.follow(plan=other, client="tab-9")
    assert elsewhere.event() == presence(other, 1)
    bystander = served.follow(client="tab-8")
    second = served.follow(plan=one, client="tab-2")
    assert second.event() == first.event() == presence(one, 2)
    # the same page once more, and a reader without a name
    again = served.follow(plan=one, client="tab-2")
    assert again.event() == presence(one, 2)
    nameless = served.follow(plan=one)
    for stream in (first, second, again, nameless):
        assert stream.event() == presence(one, 3)
    again.close()
    nameless.close()
    for stream in (first, second):
        assert stream.event() == presence(one, 2)
    second.close()
    assert first.event() == presence(one, 1)
    served.run(TOUCH)
    for stream in (first, elsewhere, bystander):
        assert stream.event() == ("layer", {"layer": "centers"})


def test_a_plan_one_may_not_see_cannot_be_watched(served):
    with served.engine.begin() as connection:
        plan = str(handmade.make_plan(connection, FIRST))
    watcher = served.follow(plan=plan)
    assert watcher.event() == presence(plan, 1)
    clerk = Caller("li", "clerk", (SECOND,))
    served.app.dependency_overrides[dependencies.find_caller] = lambda: clerk
    for unknown in (plan, "00000000-0000-0000-0000-000000000000"):
        status, body = served.ask(f"/api/events?plan={unknown}&client=spy")
        assert (status, body["error"]["key"]) == (404, "not_found")
    served.run(TOUCH)
    # nobody was counted, not for a moment
    assert watcher.event() == ("layer", {"layer": "centers"})


@pytest.mark.parametrize("asked", ["client=A", "client=", f"client={'a' * 41}", "plan=7", "who=me"])
def test_who_asks_badly_is_refused(served, asked):
    status, body = served.ask(f"/api/events?{asked}")
    assert status == 400
    assert body["error"]["key"] in ("invalid_parameter", "unknown_parameter")


def test_what_is_rolled_back_is_not_told(served):
    stream = served.follow()
    with served.engine.connect() as connection:
        connection.execute(text(TOUCH))
        connection.rollback()
    served.run("UPDATE household SET residents = 4")
    assert stream.event() == ("layer", {"layer": "households"})


def test_a_notification_that_is_not_ours_is_passed_over(served, caplog):
    stream = served.follow()
    for payload in ("hello", "[1]", '{"event": "party"}', ""):
        served.run("SELECT pg_notify('wangge_events', :payload)", payload=payload)
    served.run(TOUCH)
    assert stream.event() == ("layer", {"layer": "centers"})
    assert "hello" in caplog.text


def test_a_plan_is_told_to_those_who_cover_its_scope(served):
    clerk = Caller("li", "clerk", (tiny.VILLAGES[1],))
    everybody = served.follow()
    served.app.dependency_overrides[dependencies.find_caller] = lambda: clerk
    stream = served.follow()
    with served.engine.begin() as connection:
        for scope in (tiny.COUNTY, tiny.VILLAGES[0], tiny.VILLAGES[1]):
            handmade.make_plan(connection, scope)
    told = stream.event()[1]
    assert told["scope"] == tiny.VILLAGES[1]
    scopes = {everybody.event()[1]["scope"] for _ in range(3)}
    assert scopes == {tiny.COUNTY, *tiny.VILLAGES}


def test_a_broken_connection_to_the_database_is_made_again(served, caplog):
    stream = served.follow()
    (before,) = served.run(LISTENERS).scalars()
    served.run("SELECT pg_terminate_backend(:pid)", pid=before)
    assert stream.event() == ("resync", {})
    (after,) = served.run(LISTENERS).scalars()
    assert after != before
    served.run(TOUCH)
    assert stream.event() == ("layer", {"layer": "centers"})
    assert "next try in 0.5 s" in caplog.text


def test_streams_hold_neither_connections_nor_threads(served):
    served.follow()
    threads = threading.active_count()
    streams = [served.follow() for _ in range(30)]
    assert served.engine.pool.checkedout() == 0
    # those that greeted wait for other work; there are never more than the service's threads
    assert threading.active_count() <= threads + Settings().threads
    assert len(list(served.run(LISTENERS))) == 1
    assert served.ask("/api/health")[0] == 200
    served.run(TOUCH)
    assert [stream.event() for stream in streams] == [("layer", {"layer": "centers"})] * 30


def test_too_many_streams_are_refused_until_one_leaves(serve):
    served = serve(limit=2, keep_alive_s=0.05)
    first, _ = served.follow(), served.follow()
    status, body = served.ask("/api/events")
    assert (status, body["error"]["key"]) == (503, "busy")
    first.close()
    while True:
        stream = served.open()
        if stream.answer.status == 200:
            break
        stream.close()
    assert stream.event()[0] == "hello"


def test_silence_is_filled(serve):
    served = serve(keep_alive_s=0.05)
    stream = served.follow()
    assert stream.block() == [": still here"]
    assert stream.block() == [": still here"]
    served.run(TOUCH)
    assert stream.event() == ("layer", {"layer": "centers"})


def test_a_stopping_service_ends_its_streams_by_the_front_door(served, caplog):
    streams = [served.follow() for _ in range(3)]
    served.stop()
    # cut off, reading would raise IncompleteRead
    assert [stream.event() for stream in streams] == [None] * 3
    assert "timeout graceful shutdown exceeded" not in caplog.text
    with served.engine.connect() as connection:
        assert list(connection.execute(text(LISTENERS))) == []


def test_a_foreign_page_may_not_listen(served):
    stream = served.open(**{"Sec-Fetch-Site": "cross-site"})
    assert stream.answer.status == 403
    assert json.loads(stream.answer.read())["error"]["key"] == "foreign_origin"


def test_without_a_database_nobody_is_let_in(serve, own_engine, monkeypatch):
    served = serve()
    monkeypatch.setattr(events, "LISTENING_S", 0.1)
    monkeypatch.setattr(served.app.state.events, "_connect", lambda: _refuse())
    monkeypatch.setattr(type(served.app.state.database), "read", _unreachable)
    status, body = served.ask("/api/events")
    assert (status, body["error"]["key"]) == (503, "database_unavailable")
    assert served.app.state.events._subscribers == set()


def _refuse():
    raise psycopg2.OperationalError("could not connect")


@contextmanager
def _unreachable(database):
    import sqlalchemy.exc

    raise sqlalchemy.exc.OperationalError("SELECT", {}, psycopg2.OperationalError("gone"))
    yield


# --- the parts ---------------------------------------------------------------------------


def test_a_slow_client_gets_one_resync_instead_of_an_endless_queue():
    async def run():
        slow = Subscriber(LOCAL_PLANNER)
        stream = slow.follow(b"hello", PATIENCE_S)
        said = [await anext(stream)]
        for number in range(WAITING * 3):
            slow.put(write_event("layer", {"layer": str(number)}))
        said.append(await anext(stream))
        slow.put(write_event("layer", {"layer": "after"}))
        said.append(await anext(stream))
        return said

    assert asyncio.run(run()) == [
        b"retry: 2000\nhello",
        RESYNC,
        write_event("layer", {"layer": "after"}),
    ]


def test_who_is_behind_still_hears_how_many_they_are():
    async def run():
        slow = Subscriber(LOCAL_PLANNER, UUID(int=7))
        stream = slow.follow(b"", PATIENCE_S)
        await anext(stream)
        for number in range(WAITING * 2):
            slow.put(write_event("layer", {"layer": str(number)}))
            slow.tell_presence(number)
        return [await anext(stream) for _ in range(2)]

    last = {"plan": str(UUID(int=7)), "editors": WAITING * 2 - 1}
    assert asyncio.run(run()) == [RESYNC, write_event("presence", last)]


def test_who_is_in_time_is_told_everything_in_order():
    async def run():
        quick = Subscriber(LOCAL_PLANNER)
        stream = quick.follow(b"", PATIENCE_S)
        await anext(stream)
        messages = [write_event("layer", {"layer": str(n)}) for n in range(WAITING)]
        for message in messages:
            quick.put(message)
        return messages == [await anext(stream) for _ in messages]

    assert asyncio.run(run())


def test_nobody_joins_before_the_service_runs_or_after_it_stops(own_engine):
    never = Events(own_engine)
    for ask in (never.listen, lambda: never.join(LOCAL_PLANNER)):
        with pytest.raises(Unavailable) as refused:
            ask()
        assert refused.value.problem.key == "service_stopping"
    never.stop()


def test_pauses_grow_while_the_server_is_away(caplog):
    tried = threading.Semaphore(0)

    def connect():
        tried.release()
        raise psycopg2.OperationalError("could not connect to server")

    listener = Listener(connect, lambda event: None, pauses_s=(0.001, 0.004))
    for _ in range(6):
        tried.acquire()
    listener.stop()
    assert not listener.alive
    pauses = [record.args[1] for record in caplog.records]
    assert pauses[:5] == [0.001, 0.002, 0.004, 0.004, 0.004]


def test_an_event_reaches_only_covered_callers():
    async def run():
        hub = Events(None)
        hub.open()
        clerk = hub.join(Caller("li", "clerk", (tiny.VILLAGES[0],)))
        planner = hub.join(LOCAL_PLANNER)
        hub._spread(Event("plan", tiny.COUNTY, {"scope": tiny.COUNTY}))
        hub._spread(Event("layer", None, {"layer": "grids"}))
        hub.close()
        return [
            [message async for message in subscriber.follow(b"", PATIENCE_S)][1:]
            for subscriber in (clerk, planner)
        ]

    clerk, planner = asyncio.run(run())
    layer = write_event("layer", {"layer": "grids"})
    assert clerk == [layer]
    assert planner == [write_event("plan", {"scope": tiny.COUNTY}), layer]
