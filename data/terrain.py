"""The terrain: one raster of heights a county, kept as the file it is."""

from __future__ import annotations

from datetime import datetime

import geopandas
import shapely
from sqlalchemy import Connection, text

from data.geotiff import read_geotiff
from data.versions import Mode, StoreCounts
from geo.crs import STORE_CRS
from geo.reach.heights import Heights

LAYER = "terrain"
COLUMNS = (
    "code",
    "source",
    "zone",
    "cell_m",
    "columns",
    "rows",
    "lowest_m",
    "highest_m",
    "nodata_share",
)

_FRAME = text("""
    SELECT code, source, zone, cell_m, columns, rows, lowest_m, highest_m, nodata_share,
           ST_AsBinary(geom) AS wkb
      FROM terrain ORDER BY code
""")
_CONTENT = text("""
    SELECT content FROM terrain
     WHERE CAST(:county AS text) IS NULL OR code = :county ORDER BY code LIMIT 1
""")
_STORE = text("""
    INSERT INTO terrain (code, source, zone, cell_m, columns, rows, lowest_m, highest_m,
                         nodata_share, content, geom)
    VALUES (:code, :source, :zone, :cell_m, :columns, :rows, :lowest_m, :highest_m,
            :nodata_share, :content, ST_GeomFromWKB(:wkb, 4490))
    ON CONFLICT (code) DO UPDATE SET
        source = EXCLUDED.source, zone = EXCLUDED.zone, cell_m = EXCLUDED.cell_m,
        columns = EXCLUDED.columns, rows = EXCLUDED.rows, lowest_m = EXCLUDED.lowest_m,
        highest_m = EXCLUDED.highest_m, nodata_share = EXCLUDED.nodata_share,
        content = EXCLUDED.content, geom = EXCLUDED.geom
    WHERE terrain.content <> EXCLUDED.content OR terrain.source <> EXCLUDED.source
    RETURNING CAST(xmax AS text) <> '0' AS changed
""")
_OTHERS = text("DELETE FROM terrain WHERE NOT code = ANY (:codes) RETURNING id")


def fetch_frame(
    connection: Connection, *, scope: str | None = None, at: datetime | None = None
) -> geopandas.GeoDataFrame:
    """Return what is known of each raster, its extent as geometry; not the heights.

    ``scope`` and ``at`` are accepted as for the other layers.
    """
    rows = [row._asdict() for row in connection.execute(_FRAME)]
    shapes = [shapely.from_wkb(bytes(row["wkb"])) for row in rows]
    columns = {name: [row[name] for row in rows] for name in COLUMNS}
    return geopandas.GeoDataFrame(columns, geometry=shapes, crs=STORE_CRS)


def fetch_heights(connection: Connection, *, county: str | None = None) -> Heights | None:
    """Return the heights of a county, None if there are none.

    Parameters
    ----------
    county
        Division code; None for those of the lowest code, in most stores the only ones.
    """
    content = fetch_content(connection, county=county)
    return None if content is None else read_geotiff(content)


def fetch_content(connection: Connection, *, county: str | None = None) -> bytes | None:
    """Return the GeoTIFF of :func:`fetch_heights`."""
    content = connection.execute(_CONTENT, {"county": county}).scalar()
    return None if content is None else bytes(content)


def store_frame(
    connection: Connection,
    frame: geopandas.GeoDataFrame,
    *,
    mode: Mode = "upsert",
    now: datetime,
) -> StoreCounts:
    """Store rasters (:func:`data.importers.terrain.read_terrain`) in the place of their county's.

    Parameters
    ----------
    mode
        ``replace`` deletes those of all other counties.
    now
        Accepted as for the other layers; there are no versions.
    """
    added = changed = 0
    for row in frame.to_dict("records"):
        values = {name: row[name] for name in (*COLUMNS, "content")}
        shape = shapely.to_wkb(row["geometry"])
        done = connection.execute(_STORE, {**values, "wkb": shape}).scalar()
        added, changed = added + (done is False), changed + (done is True)
    closed = 0
    if mode == "replace":
        closed = len(connection.execute(_OTHERS, {"codes": frame["code"].tolist()}).all())
    return StoreCounts(added, changed, len(frame) - added - changed, closed)
