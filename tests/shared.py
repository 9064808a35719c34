"""Where the shared public data lies (tests that need it skip where it is not), and the sample."""

import functools
import os
from pathlib import Path

import pytest

from data.sample import SampleCounty, generate


def shared_data(name: str) -> Path:
    """Return the path of a shared file, or skip the test."""
    default = Path(__file__).parents[2] / "shared" / "data"
    path = Path(os.environ.get("WANGGE_SHARED_DATA", default)) / name
    if not path.exists():
        pytest.skip(f"shared data is not here: {path} (set WANGGE_SHARED_DATA)")
    return path


@functools.cache
def sample_county() -> SampleCounty:
    """Return the sample county, made once in this process."""
    return generate()
