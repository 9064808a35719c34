"""``wangge gaps``, ``radius`` and ``access``: service, of the database or of files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from api.commands import service_options as options
from api.commands.service_options import Asked, Level, Means, Method, settle
from api.commands.service_tables import show_access, show_gaps, show_problems, show_radius
from api.commands.whole_file import whole_file
from api.terminal import prefers_chinese, print_json, progress, say

if TYPE_CHECKING:
    from api.services.files.answering import Answered
    from api.services.files.source import Paths
    from api.services.tables import Language


def add_to(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command(
        help="服务覆盖盲区：数据库，或文件进文件出。 Service gaps: of the database, or of files."
    )(gaps)
    app.command(
        help="服务半径与能力：数据库，或文件。 Service radius, load: of the database, or of files."
    )(radius)
    app.command(
        help="可达性(2SFCA)：数据库，或文件。 Accessibility: of the database, or of files."
    )(access)


def gaps(
    households: options.Households = None,
    centers: options.Centers = None,
    areas: options.Areas = None,
    roads: options.Roads = None,
    dem: options.Dem = None,
    barriers: options.Barriers = None,
    level: options.LevelAsked = Level.village,
    standard_m: options.StandardM = None,
    standard_min: options.StandardMin = None,
    mode: options.ModeAsked = None,
    means: options.MeansAsked = Means.walk,
    weight: options.Weight = None,
    id: options.Id = None,
    crs: options.Crs = None,
    cell_m: options.CellM = None,
    scope: options.Scope = None,
    plan: options.Plan = None,
    output: options.Output = None,
    as_json: options.AsJson = False,
) -> None:
    """Find households beyond every center."""
    asked = settle(locals())
    result = _answer("service_gaps", asked, output)
    _tell(result, output, as_json=as_json, show=show_gaps)


def radius(
    households: options.Households = None,
    centers: options.Centers = None,
    capacity: options.Capacity = None,
    with_capacity: options.WithCapacity = False,
    share: options.Share = 0.95,
    roads: options.Roads = None,
    dem: options.Dem = None,
    barriers: options.Barriers = None,
    areas: options.Areas = None,
    level: options.LevelAsked = Level.village,
    standard_m: options.StandardM = None,
    standard_min: options.StandardMin = None,
    mode: options.ModeAsked = None,
    means: options.MeansAsked = Means.walk,
    weight: options.Weight = None,
    id: options.Id = None,
    crs: options.Crs = None,
    cell_m: options.CellM = None,
    scope: options.Scope = None,
    plan: options.Plan = None,
    output: options.Output = None,
    as_json: options.AsJson = False,
) -> None:
    """Measure how far each center reaches."""
    asked = settle(locals(), share=share, capacity=with_capacity)
    result = _answer("service_radius", asked, output)
    _tell(result, output, as_json=as_json, show=show_radius)


def access(
    households: options.Households = None,
    centers: options.Centers = None,
    method: options.MethodAsked = Method.enhanced,
    supply: options.Supply = None,
    roads: options.Roads = None,
    dem: options.Dem = None,
    barriers: options.Barriers = None,
    areas: options.Areas = None,
    level: options.LevelAsked = Level.village,
    standard_m: options.StandardM = None,
    standard_min: options.StandardMin = None,
    mode: options.ModeAsked = None,
    means: options.MeansAsked = Means.walk,
    weight: options.Weight = None,
    id: options.Id = None,
    crs: options.Crs = None,
    cell_m: options.CellM = None,
    scope: options.Scope = None,
    plan: options.Plan = None,
    output: options.Output = None,
    as_json: options.AsJson = False,
) -> None:
    """Score how much service is within reach."""
    asked = settle(locals(), method=method.value)
    result = _answer("accessibility", asked, output)
    _tell(result, output, as_json=as_json, show=show_access)


def _answer(analysis: str, asked: Asked, output: Path | None) -> dict[str, Any]:
    """Answer, write the output if there is to be one, and return the numbers."""
    from api.services.files import writing

    if output is not None and not writing.is_known(output):
        endings = ", ".join(writing.FORMATS)
        raise typer.BadParameter(f"{output.name}: {endings}", param_hint="--output")
    language: Language = "zh" if prefers_chinese() else "en"

    def keep(answered: Answered) -> dict[str, Any]:
        if output is not None:
            _write(writing.write_files(answered, output, language))
        return answered.result

    with progress("正在计算", "measuring"):
        if asked.paths is None:
            return _of_database(analysis, asked, keep)
        return keep(_of_files(analysis, asked.paths, asked.parameters))


def _of_files(analysis: str, paths: Paths, parameters: dict[str, Any]) -> Answered:
    from api.services.files import answering

    return answering.ANSWERS[analysis](paths, parameters, lambda _part, _step: None)


def _of_database(
    analysis: str, asked: Asked, keep: Callable[[Answered], dict[str, Any]]
) -> dict[str, Any]:
    from api import server
    from api.services import run_tables, running
    from api.services.caller import LOCAL_PLANNER
    from api.services.plans import opening
    from api.settings import load_settings

    settings = load_settings()
    with server.open_database(settings) as engine:
        plan = None
        if asked.plan is not None:
            with engine.begin() as connection:
                plan = opening.find_plan(connection, asked.plan, LOCAL_PLANNER)["id"]
        question = run_tables.put_question(analysis, asked.parameters, plan)
        run = running.answer_now(engine, question, LOCAL_PLANNER)
        with engine.begin() as connection:
            return keep(
                run_tables.fetch_answer(connection, run, settings=settings, caller=LOCAL_PLANNER)
            )


def _write(files: Mapping[Path, bytes]) -> None:
    for path, content in files.items():
        with whole_file(path) as target:
            target.write(content)


def _tell(result: dict[str, Any], output: Path | None, *, as_json: bool, show: Any) -> None:  # noqa: ANN401
    show_problems(result["problems"])
    if as_json:
        print_json(result)
        return
    show(result)
    if output is not None:
        say(f"已写入 {output}。", f"Written: {output}.")
