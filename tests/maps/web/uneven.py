"""Answers that come late and in another order, as over a slow line or from a busy machine.

``WANGGE_UNEVEN=7 ./run test tests/maps/web`` (any number; it draws the delays) finds what works
only because answers usually come in the order of their questions.
"""

from __future__ import annotations

import asyncio
import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

import sqlalchemy as sa
from fastapi import FastAPI
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import server
from api.app import create_app
from api.settings import Settings

SEED = os.environ.get("WANGGE_UNEVEN")


class UnevenAnswers:
    """Every request and every part of an answer may have to wait; some wait long."""

    def __init__(self, app: ASGIApp, seed: str) -> None:
        self.app = app
        self._random = random.Random(seed)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)

        async def send_late(message: Message) -> None:
            await self._wait()
            await send(message)

        await self._wait()
        await self.app(scope, receive, send_late)

    async def _wait(self) -> None:
        most = self._random.choices([0, 0.2, 1.5], [50, 40, 10])[0]
        await asyncio.sleep(self._random.uniform(0, most))


@contextmanager
def answers() -> Iterator[None]:
    """Make every app uneven that is created inside, where that is asked for."""
    if SEED is None:
        yield
        return

    def create_uneven(settings: Settings, engine: sa.Engine) -> FastAPI:
        app = create_app(settings, engine)
        app.add_middleware(UnevenAnswers, seed=SEED)
        return app

    with mock.patch.object(server, "create_app", create_uneven):
        yield
