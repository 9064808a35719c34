"""What others build on changes on purpose only: the OpenAPI document, the commands, an export."""

import json

from api.app import create_app
from api.documents import command_helps
from api.settings import Settings
from data import exporters
from data.db import make_engine
from tests.api import tiny
from tests.api.conftest import NOW, bring_in, clone


def test_the_openapi_document(golden):
    document = create_app(Settings(database_url="postgresql:///none")).openapi()
    document["info"]["version"] = "VERSION"
    golden("openapi.json", json.dumps(document, ensure_ascii=False, indent=1) + "\n")


def test_the_commands(golden):
    golden("commands.txt", "\n\n".join(f"# {words}\n{text}" for words, text in command_helps()))


def test_an_export(golden, cluster_url, template, tmp_path):
    with clone(cluster_url, template) as url:
        engine = make_engine(url)
        bring_in(engine, tmp_path, tiny.write_files(tmp_path), now=NOW)
        with engine.connect() as connection:
            text = b"".join(exporters.stream(connection, "grids", "geojson")).decode()
        engine.dispose()
    golden("grids.geojson", text)
