"""Why a service or a command says no: one class a kind, each carrying one problem.

The web turns the class into a status (:mod:`api.errors`), the command line into a sentence.
"""

from __future__ import annotations

from typing import Any

from geo.problems import Problem

_WHAT_ZH = {
    "plan": "方案",
    "layer": "图层",
    "comment": "评论",
    "run": "分析",
    "import": "导入",
    "grid": "网格",
    "center": "中心",
    "household": "住户",
    "natural_village": "自然村",
    "batch": "批量查询",
    "report": "反馈",
    "API key": "接口密钥",
}


class Refusal(Exception):  # noqa: N818  (an answer, not a fault)
    """Base: ``problem`` says why, ``more`` lists further problems."""

    def __init__(
        self,
        problem: Problem | str,
        /,
        *,
        more: tuple[Problem, ...] = (),
        **details: Any,  # noqa: ANN401
    ) -> None:
        self.problem = Problem(problem, details) if isinstance(problem, str) else problem
        self.more = more
        super().__init__(self.problem.sentence("en"))


class BadParameter(Refusal):
    """A parameter of the address is unknown or makes no sense."""


class BadBody(Refusal):
    """The body was read and cannot be used."""


class Forbidden(Refusal):
    """The caller may not do this, or does not come from here."""


class NotFound(Refusal):
    """There is no such thing (for this caller)."""

    def __init__(self, key: str, /, **details: Any) -> None:  # noqa: ANN401
        if "what" in details:
            details["what_zh"] = _WHAT_ZH.get(details["what"], details["what"])
        super().__init__(key, **details)


class Conflict(Refusal):
    """It could be done, but not in the present state."""


class NotSeen(Refusal):
    """A write that does not say which revision it was made for."""


class EditRefused(Refusal):
    """An edit of a plan that would do harm; ``fix`` is one that does what was wanted, if any."""

    def __init__(self, problem: Problem, fix: dict[str, Any] | None = None) -> None:
        super().__init__(problem)
        self.fix = fix


class Gone(Refusal):
    """It was there and is no more."""


class TooLarge(Refusal):
    """More than the limit."""


class Unsupported(Refusal):
    """Content of a kind that is not read."""


class Unavailable(Refusal):
    """Not now; later yes."""


class InvalidSetting(Refusal):
    """A setting cannot be used: nothing was started."""


class CannotStart(Refusal):
    """The server cannot start here."""
