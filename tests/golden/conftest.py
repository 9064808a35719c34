"""Golden files are accepted on purpose: ``WANGGE_ACCEPT_GOLDEN=1 pytest tests/golden``."""

import os
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent / "files"


@pytest.fixture
def golden():
    """Compare a text with its golden file; write it when that is asked for."""

    def check(name, text):
        file = FOLDER / name
        if os.environ.get("WANGGE_ACCEPT_GOLDEN"):
            file.parent.mkdir(exist_ok=True)
            file.write_text(text, encoding="utf-8")
        assert file.is_file(), f"no golden file {name}: WANGGE_ACCEPT_GOLDEN=1 writes it"
        assert text == file.read_text(encoding="utf-8"), f"{name} has changed"

    return check
