from pathlib import Path

import pytest

from data.sample import SampleCounty
from data.sample.write import write_county
from tests.shared import sample_county


@pytest.fixture(scope="session")
def county() -> SampleCounty:
    return sample_county()


@pytest.fixture(scope="session")
def files(county: SampleCounty, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return write_county(county, tmp_path_factory.mktemp("sample"))
