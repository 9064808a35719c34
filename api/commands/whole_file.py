"""Files that a command writes as a whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any


class whole_file:  # noqa: N801  (used like open)
    """Write a file as a whole or not at all: into a neighbour, renamed at the end."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> Any:  # noqa: ANN401
        folder = self.path.absolute().parent
        folder.mkdir(parents=True, exist_ok=True)
        self._file = tempfile.NamedTemporaryFile(
            dir=folder, prefix=f".{self.path.name}.", delete=False
        )
        return self._file

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        self._file.close()
        unfinished = Path(self._file.name)
        if kind is not None:
            unfinished.unlink(missing_ok=True)
            return
        unfinished.chmod(0o666 & ~_umask())
        unfinished.replace(self.path)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
