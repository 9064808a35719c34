"""Joint villages 联村 as ``wangge plan`` prints them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from api.terminal import both, print_table

_CHANGES_ZH = {"added": "新增", "removed": "取消", "changed": "改动"}


def show_joint(changes: Sequence[tuple[int | str, Mapping[str, Any]]]) -> None:
    """Print joint villages that differ: members that come with +, that leave with −.

    Parameters
    ----------
    changes
        Line of the file (or "") and what has changed.
    """
    print_table(
        both("联村", "joint villages"),
        [
            (both("行", "line"), "right"),
            (both("编码", "code"), "left"),
            (both("名称", "name"), "left"),
            ("", "left"),
            (both("成员村", "members"), "left"),
        ],
        [
            (
                number,
                joint["code"],
                joint["name"],
                both(_CHANGES_ZH[joint["change"]], joint["change"]),
                _members(joint),
            )
            for number, joint in changes
        ],
    )


def _members(joint: Mapping[str, Any]) -> str:
    if joint["change"] != "changed":
        return ", ".join(joint["members"])
    before = joint["before"]["members"]
    stay = [code for code in joint["members"] if code in before]
    come = [f"+{code}" for code in joint["members"] if code not in before]
    left = [f"−{code}" for code in before if code not in joint["members"]]
    return ", ".join([*stay, *come, *left])
