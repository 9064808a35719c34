"""Shaping answers: JSON, revalidated bytes, streams, events."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from typing import Any

from fastapi import Request
from pydantic_core import to_json
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

REVALIDATE = "no-cache"  # keep it, but ask every time: an edit shows in the very next answer


def answer(
    value: Any,  # noqa: ANN401
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    media_type: str = "application/json",
) -> Response:
    """Return a value as JSON; what is not a number becomes null."""
    content = value if isinstance(value, (bytes, str)) else to_json(value, inf_nan_mode="null")
    return Response(content, status, {"Cache-Control": "no-store", **(headers or {})}, media_type)


def is_unchanged(request: Request, etag: str) -> bool:
    """Return whether the caller already holds the version ``etag`` (weak comparison)."""
    held = request.headers.get("if-none-match", "")
    tags = {tag.strip().removeprefix("W/") for tag in held.split(",")}
    return "*" in tags or quote_etag(etag).removeprefix("W/") in tags


def quote_etag(version: str) -> str:
    """Return a version as a weak ETag: compressed or not, it is the same answer."""
    return f'W/"{version}"'


def revalidated(
    request: Request,
    etag: str,
    content: Callable[[], bytes],
    media_type: str,
    cache_control: str = REVALIDATE,
) -> Response:
    """Return 304 when the caller holds ``etag``, 204 when there is nothing, else the content."""
    headers = {"ETag": quote_etag(etag), "Cache-Control": cache_control}
    if is_unchanged(request, etag):
        return Response(status_code=304, headers=headers)
    body = content()
    if not body:
        return Response(status_code=204, headers=headers)
    return Response(body, 200, headers, media_type)


class Stream:
    """A transaction that stays open while its rows are sent.

    The first chunk is made at once, so that an error is still an answer and not a torn file.
    """

    def __init__(
        self,
        opened: AbstractContextManager[Any],
        make: Callable[[Any], tuple[dict[str, str], Iterator[bytes]]],
    ) -> None:
        self._opened = opened
        connection = opened.__enter__()
        try:
            self.headers, self._chunks = make(connection)
            self._first = next(self._chunks, b"")
        except BaseException as error:
            opened.__exit__(type(error), error, error.__traceback__)
            raise

    def __iter__(self) -> Iterator[bytes]:
        """Send what is there; close the transaction whatever happens, also when nobody listens."""
        try:
            yield self._first
            yield from self._chunks
        finally:
            self._opened.__exit__(None, None, None)


def streamed(stream: Stream, media_type: str) -> StreamingResponse:
    """Return a stream as the answer's body."""
    headers = {"Cache-Control": "no-store", **stream.headers}
    return StreamingResponse(iter(stream), 200, headers, media_type)


class EventStream(StreamingResponse):
    """Server-sent events; ``leave`` is called once nobody is listening any more."""

    media_type = "text/event-stream"

    def __init__(self, content: AsyncIterator[bytes], leave: Callable[[], None]) -> None:
        # no-transform and the nginx header: whoever stands between must not collect a buffer full
        headers = {"Cache-Control": "no-store, no-transform", "X-Accel-Buffering": "no"}
        super().__init__(content, 200, headers)
        self._leave = leave

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send until the client is gone or the service stops."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._leave()
