"""The OpenAPI document is kept: whatever is sent, answers are as it says and never a 500."""

import warnings

import pytest
from hypothesis import HealthCheck, settings

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import schemathesis
    from schemathesis.checks import CHECKS

from api.app import create_app
from api.settings import Settings

schema = schemathesis.openapi.from_dict(
    create_app(Settings(database_url="postgresql:///none")).openapi()
)


# A pattern cannot say that the 31st of February is no day, nor that west lies west of east.
NOT_FOR_US = [CHECKS.get_one("positive_data_acceptance")]


@pytest.mark.filterwarnings("ignore")
@schema.exclude(path="/api/events").parametrize()  # has no end; tests/api/test_events.py
@settings(
    max_examples=12,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
def test_answers_are_as_documented(case, served_url):
    case.call_and_validate(base_url=served_url, excluded_checks=NOT_FOR_US)
