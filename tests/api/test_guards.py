import asyncio
import json

import pytest

from api.guards import BoundedBody, LocalOnly, SecurityHeaders
from api.settings import Settings

SETTINGS = Settings(max_request_mb=1, max_upload_mb=2)


async def _echo(scope, receive, send):
    size, more = 0, True
    while more:
        message = await receive()
        size += len(message.get("body", b""))
        more = message.get("more_body", False)
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": str(size).encode()})


def ask(app, *, path="/", client=("127.0.0.1", 5), headers=None, chunks=(b"",)):
    """Ask an ASGI app directly, as no client library would: any header, any chunk."""
    given = {"host": "localhost:8765", **(headers or {})}
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "server": ("127.0.0.1", 8765),
        "client": client,
        "headers": [(k.encode(), v.encode()) for k, v in given.items() if v is not None],
    }
    waiting = [
        {"type": "http.request", "body": chunk, "more_body": i < len(chunks) - 1}
        for i, chunk in enumerate(chunks)
    ]
    sent = []

    async def receive():
        return waiting.pop(0)

    async def send(message):
        sent.append(message)

    asyncio.run(app(scope, receive, send))
    body = b"".join(m.get("body", b"") for m in sent)
    return sent[0]["status"], {k.decode(): v.decode() for k, v in sent[0]["headers"]}, body


def refused_key(answer):
    status, _, body = answer
    return status, json.loads(body)["error"]["key"]


@pytest.fixture
def local():
    return LocalOnly(_echo, settings=SETTINGS)


def test_this_machine_is_answered(local):
    assert ask(local)[0] == 200
    assert ask(local, headers={"host": "127.0.0.1"})[0] == 200
    assert ask(local, headers={"host": "[::1]:8765"}, client=("::1", 5))[0] == 200
    same = {"host": "localhost:8765", "origin": "http://localhost:8765"}
    assert ask(local, headers=same)[0] == 200
    assert ask(local, headers={"sec-fetch-site": "same-origin"}, path="/api/health")[0] == 200
    assert ask(local, headers={"sec-fetch-site": "cross-site"})[0] == 200, "a link to the map"


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example:8765", "10.0.0.1:8765", "", None, "[::1"]
)
def test_foreign_hosts_are_refused(local, host):
    assert refused_key(ask(local, headers={"host": host})) == (403, "foreign_host")


def test_other_machines_are_refused(local):
    assert refused_key(ask(local, client=("10.0.0.9", 5))) == (403, "foreign_host")
    opened = LocalOnly(_echo, settings=Settings(allow_remote=True))
    assert ask(opened, client=("172.17.0.1", 5))[0] == 200


@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "null", "http://localhost:9999", "https://localhost:8765", ""],
)
def test_foreign_origins_are_refused(local, origin):
    assert refused_key(ask(local, headers={"origin": origin})) == (403, "foreign_origin")


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_what_other_pages_fetch_is_refused(local, site):
    answer = ask(local, headers={"sec-fetch-site": site}, path="/api/workspace")
    assert refused_key(answer) == (403, "foreign_origin")


def test_bodies_are_bounded():
    app = BoundedBody(_echo, settings=SETTINGS)
    half = b"x" * 600_000
    assert ask(app, chunks=(half,))[2] == b"600000"
    assert refused_key(ask(app, headers={"content-length": "1000001"})) == (413, "too_large")


def test_chunked_bodies_are_bounded_too():
    app = BoundedBody(_echo, settings=SETTINGS)
    half = b"x" * 600_000

    async def swallows(scope, receive, send):
        try:
            await _echo(scope, receive, send)
        except Exception:
            await send({"type": "http.response.start", "status": 400, "headers": []})
            await send({"type": "http.response.body", "body": b"bad form"})

    assert ask(app, path="/api/imports", chunks=(half, half, half))[2] == b"1800000"
    for inner in (swallows,):
        bounded = BoundedBody(inner, settings=SETTINGS)
        assert refused_key(ask(bounded, chunks=(half, half))) == (413, "too_large")
        answer = ask(bounded, path="/api/imports", chunks=(half,) * 6)
        assert refused_key(answer) == (413, "too_large")
        assert json.loads(answer[2])["error"]["details"] == {"limit_mb": 2}


def test_every_answer_carries_the_policy():
    app = SecurityHeaders(_echo, map_sources=("https://*.tianditu.gov.cn",))
    headers = ask(app)[1]
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "script-src 'self';" in policy
    assert "img-src 'self' https://*.tianditu.gov.cn data: blob:" in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff"
