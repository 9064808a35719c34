"""Routes: parse by dependency, call the service, shape the answer. No SQL, no geometry."""

from api.routers import (
    address_batches,
    addresses,
    answer_reports,
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
    unread_addresses,
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
        address_batches,
        unread_addresses,
        addresses,
        answer_reports,
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
