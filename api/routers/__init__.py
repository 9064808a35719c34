"""Routes: parse by dependency, call the service, shape the answer. No SQL, no geometry."""

from api.routers import (
    addresses,
    exports,
    grids,
    health,
    imports,
    lookup,
    partition,
    places,
    runs,
    tiles,
    workspace,
)

# Order matters: /api/grids/at is asked before /api/grids/{code}.
ROUTERS = tuple(
    module.router
    for module in (
        health,
        workspace,
        lookup,
        grids,
        places,
        partition,
        addresses,
        imports,
        exports,
        tiles,
        runs,
    )
)

__all__ = ["ROUTERS"]
