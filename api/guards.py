"""ASGI guards in front of everything: this machine only, own pages only, bounded requests.

There is no login yet, so any page in the planner's browser could otherwise reach the service
(by a foreign origin, or by DNS rebinding under a foreign host name). What other systems may do
with a key is guarded by :mod:`api.systems`, behind these.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import error_response
from api.refusals import TooLarge
from api.settings import Settings, is_loopback
from geo.problems import Problem

MB = 1_000_000
IMPORTS = "/api/imports"


def host_name(authority: str) -> str:
    """Return the name in ``name:port``, lower case, without IPv6 brackets.

    Examples
    --------
    >>> host_name("LocalHost:8765"), host_name("[::1]:8765"), host_name("127.0.0.1")
    ('localhost', '::1', '127.0.0.1')
    """
    try:
        return (urlsplit(f"//{authority}").hostname or "").lower()
    except ValueError:
        return ""


class LocalOnly:
    """Answer only this machine, addressed by its own name, asked by its own pages.

    Where a setting lets others in, these are let through to the next guard.
    """

    def __init__(self, app: ASGIApp, *, settings: Settings) -> None:
        self.app = app
        self.hosts = {name.lower() for name in settings.allowed_hosts}
        self.answers_others = settings.allow_remote or settings.other_systems

    def _refusal(self, scope: Scope) -> Problem | None:
        headers = Headers(scope=scope)
        client = scope.get("client")
        if not self.answers_others and client and not is_loopback(client[0]):
            return Problem("foreign_host", {"host": client[0]})
        authority = headers.get("host", "")
        if host_name(authority) not in self.hosts or len(headers.getlist("host")) > 1:
            return Problem("foreign_host", {"host": authority})
        origin = headers.get("origin")
        if origin is not None and origin.lower() != f"{scope['scheme']}://{authority}".lower():
            return Problem("foreign_origin", {"origin": origin})
        # no Origin on a plain GET: the browser still says when another page asks
        site = headers.get("sec-fetch-site")
        if site in ("cross-site", "same-site") and scope["path"] != "/":
            return Problem("foreign_origin", {"origin": site})
        return None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse with 403, or hand on."""
        problem = self._refusal(scope) if scope["type"] == "http" else None
        if problem is not None:
            await error_response(403, problem)(scope, receive, send)
            return
        await self.app(scope, receive, send)


class BoundedBody:
    """Refuse requests above the limit: by the declared length, and by what really comes."""

    def __init__(self, app: ASGIApp, *, settings: Settings) -> None:
        self.app = app
        self.limit_mb = settings.max_request_mb
        self.upload_mb = settings.max_upload_mb

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count the bytes of the body as they arrive (chunked bodies declare none)."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        # multipart adds a little around the file
        upload = scope["path"].rstrip("/") == IMPORTS
        limit_mb = self.upload_mb + 1 if upload else self.limit_mb
        shown_mb = self.upload_mb if upload else self.limit_mb
        problem = Problem("too_large", {"limit_mb": shown_mb})
        declared = Headers(scope=scope).get("content-length", "")
        if declared.isdigit() and int(declared) > limit_mb * MB:
            await error_response(413, problem, headers={"Connection": "close"})(
                scope, receive, send
            )
            return
        received = 0
        answered = False

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > limit_mb * MB:
                raise TooLarge(problem)
            return message

        async def with_refusal(message: Message) -> None:
            # whoever was reading the body may have made something else of the exception
            nonlocal answered
            if received <= limit_mb * MB:
                await send(message)
            elif not answered:
                answered = True
                refusal = error_response(413, problem, headers={"Connection": "close"})
                await refusal(scope, receive, send)

        await self.app(scope, counted, with_refusal)


class StoppingAnswer:
    """Answer 503 when the service stops before a request is through with its work.

    uvicorn cancels what still runs after its time of grace, and would answer for us with plain
    text and a traceback.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand on; the cancellation ends here, where nothing is left to be done."""
        begun = False

        async def noticed(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, noticed)
        except asyncio.CancelledError:
            if scope["type"] != "http" or begun:
                raise
            problem = Problem("service_stopping")
            refusal = error_response(503, problem, headers={"Connection": "close"})
            await refusal(scope, receive, send)


class SecurityHeaders:
    """Headers on every answer; an answer that sets one itself keeps its own."""

    def __init__(self, app: ASGIApp, *, map_sources: Iterable[str] = ()) -> None:
        self.app = app
        sources = " ".join(("'self'", *map_sources))
        self.headers = {
            # the map sets styles on elements; scripts come from files of ours only
            "Content-Security-Policy": (
                "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
                f"img-src {sources} data: blob:; connect-src {sources}; "
                "worker-src 'self' blob:; object-src 'none'; base-uri 'none'; "
                "form-action 'self'; frame-ancestors 'none'"
            ),
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
            "Referrer-Policy": "strict-origin-when-cross-origin",
            "Cross-Origin-Resource-Policy": "same-origin",
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Add the headers as the answer starts."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, with_headers)
