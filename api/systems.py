"""The guard for other systems: whoever is not this machine needs a key, and may only look up."""

from __future__ import annotations

import anyio.to_thread
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from api.errors import error_response, problem_of, status_of
from api.services.api_keys import KnownKeys
from api.settings import Settings, is_loopback
from geo.problems import Problem

LOOK_UPS = frozenset(
    {
        "/api/addresses/search",
        "/api/addresses/suggest",
        "/api/addresses/reverse",
        "/api/grids/at",
        "/api/health",
    }
)
# Somebody stands between: a proxy on this machine does not make its callers this machine.
FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip", "via")


def find_keys(headers: Headers) -> set[str]:
    """Return the keys of a request's headers; a key in the address would end up in logs.

    Examples
    --------
    >>> find_keys(Headers({"X-API-Key": "wg_a"})), find_keys(Headers({"Authorization": "Basic x"}))
    ({'wg_a'}, set())
    """
    given = {value.strip() for value in headers.getlist("x-api-key")}
    for value in headers.getlist("authorization"):
        scheme, _, key = value.strip().partition(" ")
        if scheme.lower() == "bearer":
            given.add(key.strip())
    return given - {""}


class KeyHoldersOnly:
    """Let other systems look up with a key, and nothing else; this machine needs none.

    A key that is not known is refused from everywhere: who sends one wants to know.
    """

    def __init__(self, app: ASGIApp, *, settings: Settings, keys: KnownKeys) -> None:
        self.app = app
        self.other_systems = settings.other_systems
        self.keys = keys

    def _is_outside(self, scope: Scope, headers: Headers) -> bool:
        client = scope.get("client")
        return self.other_systems and bool(
            (client and not is_loopback(client[0])) or any(name in headers for name in FORWARDED)
        )

    async def _refusal(self, scope: Scope) -> tuple[int, Problem] | None:
        headers = Headers(scope=scope)
        outside = self._is_outside(scope, headers)
        method, path = scope["method"], scope["path"]
        if outside and not (method in ("GET", "HEAD") and path in LOOK_UPS):
            return 403, Problem("api_key_only_reads", {"method": method, "path": path})
        given = find_keys(headers)
        if not given:
            return (401, Problem("api_key_needed")) if outside else None
        key = given.pop()
        known = False if given else self.keys.knows(key)
        if known is None:
            known = await anyio.to_thread.run_sync(self.keys.ask, key)
        return None if known else (401, Problem("api_key_unknown"))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, or hand on; without the database no key is known, and that is 503."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        try:
            refusal = await self._refusal(scope)
        except Exception as error:
            if status_of(error) == 500:
                raise
            refusal = status_of(error), problem_of(error)
        if refusal is None:
            await self.app(scope, receive, send)
            return
        status, problem = refusal
        headers = {"WWW-Authenticate": 'Bearer realm="wangge"'} if status == 401 else None
        await error_response(status, problem, headers=headers)(scope, receive, send)
