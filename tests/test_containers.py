"""compose.yaml and Dockerfile, read as text: there is no container engine where the tests run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from api.settings import Settings, environment_name

ROOT = Path(__file__).parent.parent
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def services() -> dict:
    return yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))["services"]


def test_the_map_is_published_to_this_machine_only_and_the_database_not_at_all(services: dict):
    assert "ports" not in services["database"]
    assert all(port.startswith("127.0.0.1:") for port in services["wangge"]["ports"])


def test_there_is_no_password_that_works_everywhere(services: dict):
    password = services["database"]["environment"]["POSTGRES_PASSWORD"]
    assert password.startswith("${POSTGRES_PASSWORD:?")
    assert password in services["wangge"]["environment"]["DATABASE_URL"]


def test_both_say_when_they_are_well_and_come_back(services: dict):
    assert "healthcheck" in services["database"]
    assert "HEALTHCHECK" in DOCKERFILE
    assert {service["restart"] for service in services.values()} == {"unless-stopped"}
    assert services["wangge"]["depends_on"]["database"]["condition"] == "service_healthy"


def test_only_settings_that_exist_are_set(services: dict):
    known = {environment_name(field) for field in Settings.model_fields}
    assert set(services["wangge"]["environment"]) <= known
    assert set(re.findall(r"^ENV (\w+)=", DOCKERFILE, re.MULTILINE)) <= known


def test_the_image_runs_as_an_ordinary_user_and_installs_by_hash():
    last_stage = DOCKERFILE.rpartition("\nFROM ")[2]
    assert "\nUSER wangge\n" in last_stage
    installs = re.findall(r"pip install (.*)", last_stage)
    assert all("--require-hashes" in line or "--no-deps" in line for line in installs)


def test_what_is_copied_exists_and_is_not_ignored():
    kept = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    for sources in re.findall(r"^COPY (?!--from)(.*) \S+$", DOCKERFILE, re.MULTILINE):
        for source in sources.split():
            assert (ROOT / source).exists(), source
            assert f"!{source.partition('/')[0]}" in kept, source


def test_no_registry_is_named():
    images = re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    images += re.findall(r"image: (\S+)", (ROOT / "compose.yaml").read_text(encoding="utf-8"))
    assert images
    assert not [image for image in images if "." in image.partition("/")[0].partition(":")[0]]
