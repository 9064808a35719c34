"""Routes: parse by dependency, call the service, shape the answer. No SQL, no geometry."""

from api.routers import (
    addresses,
    events,
    exports,
    grids,
    health,
    imports,
    joint_villages,
    lookup,
    merges,
    partition,
    places,
    plan_difference,
    plan_edits,
    plan_files,
    plan_views,
    plans,
    run_tables,
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
        events,
        lookup,
        grids,
        places,
        joint_villages,
        partition,
        addresses,
        imports,
        exports,
        tiles,
        runs,
        run_tables,
        merges,
        plans,
        plan_edits,
        plan_views,
        plan_difference,
        plan_files,
    )
)

__all__ = ["ROUTERS"]
