"""Who is asking, and for which divisions: the one place that accounts will change."""

from __future__ import annotations

from dataclasses import dataclass

from api.refusals import Forbidden


@dataclass(frozen=True)
class Caller:
    """An account: ``scopes`` are division-code prefixes, the empty prefix is everything."""

    name: str
    role: str
    scopes: tuple[str, ...]

    def covers(self, code: str) -> bool:
        """Return whether the caller may see the division, grid or village ``code``."""
        return any(code.startswith(scope) for scope in self.scopes)

    def narrow(self, wanted: str | None) -> str | None:
        """Return the code prefix to read: ``wanted`` if allowed; None is everything.

        Raises
        ------
        Forbidden
            If ``wanted`` (or everything) is more than the caller may see.

        Examples
        --------
        >>> Caller("li", "clerk", ("500229001",)).narrow("500229001002")
        '500229001002'
        """
        wanted = wanted or ""
        if self.covers(wanted):
            return wanted or None
        if not wanted and len(self.scopes) == 1:
            return self.scopes[0]
        raise Forbidden("forbidden_scope", scope=wanted or "*")


LOCAL_PLANNER = Caller("local", "planner", ("",))
