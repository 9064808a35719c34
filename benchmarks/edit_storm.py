"""A hundred thousand random edits on random villages, each outcome checked by other means.

    .venv/bin/python -m benchmarks.edit_storm [--edits 100000] [--seed 1] [--first 0]

A session draws a village (Voronoi, strips 5 m × 2 km, islands, holes, exclaves, T-junctions,
winding borders, natural villages, two villages, big grids) and edits it until it has had 40 edits
or more than 40 grids; one session in twenty starts from a damaged village. Every outcome goes
through ``tests.geo.edits.checker``: exactly, in integers, at every step; by GEOS (the four checks
of the design) at every fifth and after the last; row order and repetition at every fiftieth. Any
fault is printed with the recipe that makes it again, and the exit status is 1. Same seed, same
numbers.
"""

from __future__ import annotations

import argparse
import collections
import resource
import sys
import traceback
import warnings

import numpy as np

from geo.edits import attempt, parse_edit
from tests.geo.edits import strokes
from tests.geo.edits.attempts import after, shuffled, told, tried
from tests.geo.edits.villages import KINDS, SITES, Case, damaged, make

SESSION = 40
MOST_GRIDS = 40
_SHARE = {"winding": 0.2, "natural": 2.0, "pair": 2.0}


class Storm:
    """Counts of what came of the edits, and the faults."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.accepted: collections.Counter[str] = collections.Counter()
        self.refused: collections.Counter[tuple[str, str]] = collections.Counter()
        self.fixes = 0
        self.edits = 0
        self.faults = 0

    def session(self, number: int) -> None:
        """Edit one village."""
        rng = np.random.default_rng([self.seed, number])
        sound = rng.random() > 0.05
        case = _village(rng, number)
        if not sound:
            case = damaged(case, number)
        weights = np.array([strokes.WEIGHTS[kind] for kind in strokes.TYPES], dtype=float)
        if not sound:
            weights += 30.0 * np.isin(
                strokes.TYPES, ("fill_gap", "resolve_overlap", "clip_to_village")
            )
        log: list[dict] = []
        for step in range(SESSION):
            kind = str(rng.choice(strokes.TYPES, p=weights / weights.sum()))
            edit = strokes.draw(rng, kind, case.partition)
            outcome, faults = self._try(case, edit, sound=sound, step=step)
            self.edits += 1
            if faults:
                self.faults += 1
                print(
                    f"FAULT session {number} step {step}: {faults}\n  {case.recipe}\n  after {log}"
                )
                print(f"  {edit}", flush=True)
                return
            if outcome is None:
                self.refused[kind, "(unreadable)"] += 1
            elif outcome.problem is not None:
                self.refused[kind, outcome.problem.key] += 1
                self.fixes += outcome.fix is not None
            else:
                self.accepted[kind] += 1
                log.append(edit)
                case = after(case, outcome)
                if len(case.partition.grids) > MOST_GRIDS:
                    return

    def _try(self, case: Case, edit: dict, *, sound: bool, step: int):
        thorough = step % 5 == 4 or step == SESSION - 1
        try:
            outcome, faults = tried(case, edit, sound=sound, thorough=thorough)
            if outcome is not None and self.edits % 50 == 0:
                turned, _ = tried(shuffled(case, step), edit, sound=sound, thorough=False)
                if told(turned) != told(outcome) or told(
                    attempt(case.partition, parse_edit(edit))
                ) != told(outcome):
                    faults.append("the outcome depends on the order of rows, or on chance")
        except Exception:  # whatever escapes is what this looks for
            return None, [traceback.format_exc()]
        return outcome, faults

    def report(self) -> str:
        lines = [f"{'type':16}{'accepted':>10}{'refused':>10}   why"]
        for kind in strokes.TYPES:
            keys = {key: n for (k, key), n in self.refused.items() if k == kind}
            why = ", ".join(f"{key} {n}" for key, n in sorted(keys.items(), key=lambda x: -x[1]))
            lines.append(f"{kind:16}{self.accepted[kind]:>10,}{sum(keys.values()):>10,}   {why}")
        total = sum(self.accepted.values())
        lines.append(
            f"{self.edits:,} edits: {total:,} accepted, {self.edits - total:,} refused "
            f"({self.fixes:,} with a fix, each tried), {self.faults} with a fault"
        )
        return "\n".join(lines)


def _village(rng: np.random.Generator, number: int) -> Case:
    shares = np.array([_SHARE.get(kind, 1.0) for kind in KINDS])
    return make(
        str(rng.choice(KINDS, p=shares / shares.sum())),
        number,
        count=int(rng.integers(2, 13)),
        site=str(rng.choice(list(SITES))),
        size=float(rng.choice([6.0, 50.0, 200.0, 700.0, 2000.0])),
        locked=int(rng.choice([0, 0, 0, 1, 2])),
        outlines=bool(rng.random() < 0.7),
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--edits", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, help="number of the first session")
    options = parser.parse_args()
    warnings.simplefilter("error")
    storm = Storm(options.seed)
    number, told_at = options.first, 0
    while storm.edits < options.edits:
        storm.session(number)
        number += 1
        if storm.edits - told_at >= 5_000:
            told_at = storm.edits
            print(f"… {storm.edits:,} edits, {storm.faults} faults", file=sys.stderr, flush=True)
    print(storm.report())
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(f"{number - options.first:,} villages, {used.ru_utime + used.ru_stime:.0f} CPU seconds")
    return 1 if storm.faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
