"""Compiled code is dropped when any source it may be made of has changed.

numba looks only at the file of the function it compiles; what that function calls in other files
is part of the compiled code, too, and would stay as it was.
"""

from __future__ import annotations

import contextlib
from pathlib import Path

import geo

INDEX, CODE = "*.nbi", "*.nbc"


def drop_stale(folder: Path = Path(geo.__file__).parent) -> int:
    """Delete compiled code that is older than the newest source beside it; return how many files.

    Parameters
    ----------
    folder
        Package whose compiled code lies in its ``__pycache__`` folders.
    """
    newest = max(file.stat().st_mtime for file in folder.rglob("*.py"))
    found = [*folder.rglob(f"__pycache__/{INDEX}"), *folder.rglob(f"__pycache__/{CODE}")]
    stale = []
    with contextlib.suppress(FileNotFoundError):  # another process is at it as well
        stale = [file for file in found if file.stat().st_mtime < newest]
    for file in stale:
        with contextlib.suppress(OSError):  # not ours to delete: then it is not ours to read either
            file.unlink(missing_ok=True)
    return len(stale)
