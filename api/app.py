"""The web application: settings and an engine in, an ASGI application out."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import anyio.to_thread
import sqlalchemy as sa
from fastapi import Depends, FastAPI
from fastapi.routing import APIRoute
from starlette.middleware.gzip import GZipMiddleware

from api import VERSION
from api.database import Database
from api.dependencies import refuse_unknown_parameters
from api.errors import add_error_handlers
from api.guards import BoundedBody, LocalOnly, SecurityHeaders, StoppingAnswer
from api.openapi import ERROR_RESPONSES, describe
from api.routers import ROUTERS, web
from api.services.address_index import AddressIndexes
from api.services.api_keys import KnownKeys
from api.services.basemaps import basemap_sources
from api.services.events import Events
from api.services.lookup import LookupIndexes
from api.services.partition import PartitionCache
from api.services.plans.editing import Tried
from api.services.plans.previews import Previews
from api.services.plans.problems import ProblemLists
from api.services.plans.settlements import Settlements
from api.services.shelf import Shelf
from api.services.workers import Workers
from api.services.workspace import LayerSummaries
from api.settings import Settings
from api.systems import KeyHoldersOnly
from data.db import make_engine

STREAMS = 4  # exports hold a connection while they are sent, without holding a thread


def create_app(settings: Settings, engine: sa.Engine | None = None) -> FastAPI:
    """Make the application.

    Parameters
    ----------
    settings
        Read once; later changes of the environment are not seen.
    engine
        Engine on a migrated database; made from ``settings.database_url`` when absent.
    """
    if engine is None:
        if settings.database_url is None:
            raise ValueError("create_app needs an engine or settings.database_url")
        engine = make_engine(settings.database_url, pool_size=settings.threads + STREAMS)
    app = FastAPI(
        title="Wangge 网格",
        version=VERSION,
        openapi_url="/api/openapi.json",
        docs_url=None,  # their pages come from a CDN
        redoc_url=None,
        lifespan=_lifespan,
        responses=ERROR_RESPONSES,
        generate_unique_id_function=_operation_id,
    )
    app.state.settings = settings
    app.state.database = Database(engine)
    app.state.lookups = LookupIndexes()
    app.state.addresses = AddressIndexes(app.state.lookups)
    app.state.partitions = PartitionCache()
    app.state.summaries = LayerSummaries()
    app.state.problem_lists = ProblemLists()
    app.state.previews = Previews[Tried]()
    app.state.settlements = Settlements()
    app.state.events = Events(engine)
    app.state.workers = Workers(engine)
    app.state.shelf = Shelf()
    app.state.routes = [route for router in ROUTERS for route in router.routes]
    for router in ROUTERS:
        app.include_router(router, dependencies=[Depends(refuse_unknown_parameters)])
    app.include_router(web.router)
    add_error_handlers(app)
    describe(app)
    # The last one added is asked first.
    app.add_middleware(GZipMiddleware, minimum_size=8_192, compresslevel=1)
    app.add_middleware(BoundedBody, settings=settings)
    app.add_middleware(KeyHoldersOnly, settings=settings, keys=KnownKeys(app.state.database))
    app.add_middleware(LocalOnly, settings=settings)
    app.add_middleware(StoppingAnswer)
    app.add_middleware(SecurityHeaders, map_sources=basemap_sources(settings))
    return app


def _operation_id(route: APIRoute) -> str:
    return route.name


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[dict[str, Any]]:
    anyio.to_thread.current_default_thread_limiter().total_tokens = app.state.settings.threads
    app.state.events.open()
    app.state.workers.open()
    yield {}
    app.state.events.close()
    app.state.events.stop()
    app.state.workers.stop()
    app.state.database.engine.dispose()
