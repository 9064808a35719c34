"""What the tests of bad input share: the upload, and what the store holds."""

from sqlalchemy import text

TABLES = ("division", "natural_village", "grid", "household", "center", "grid_indicator")


def stored(engine):
    """Return the number of rows of every table, histories included, and the layers' versions."""
    with engine.connect() as connection:
        counts = {
            table: connection.execute(text(f"SELECT count(*) FROM {table}")).scalar()
            for table in TABLES
        }
        versions = connection.execute(text("SELECT * FROM layer_version ORDER BY 1")).all()
    return counts, versions


def upload(client, layer, name, content, **form):
    files = {"file": (name, content)}
    return client.post("/api/imports", files=files, data={"layer": layer, **form})


def rows_of(report, key):
    return [p["row"] for p in report["problems"] if p["key"] == key]
