"""Files no planner should bring, and some do: broken, mislabelled, malicious, personal.

Every function returns the bytes of one file. What is right in them is the tiny county of
:mod:`tests.api.tiny`, so that each file has the one fault it is named after.
"""

import io
import json
import sqlite3
import struct
import zipfile
from pathlib import Path

import geopandas
import shapely

from tests.api import tiny

HEADER = "code,address,lon,lat,village_code,residents"
# Built by the rules (region, birth date, check digit; mobile prefix), of nobody.
IDENTITY = "11010519491231002X"
PHONE = "13800138000"
PERSON = "张三丰"

SQUARE = tiny.box(108.001, 31.001, 108.002, 31.002)
BOW_TIE = {
    "type": "Polygon",
    "coordinates": [[[108, 31], [108.01, 31.01], [108.01, 31], [108, 31.01], [108, 31]]],
}
SCRIPT = "<script>alert(1)</script>"
SQL = "'; DROP TABLE household; --"


# --- tables ------------------------------------------------------------------------------


def household(number, *, lon="108.005", lat="31.01", address="小县上河村1号", residents="3"):
    """Return a sound line of a register, without its line end."""
    return f"X{number},{address},{lon},{lat},{tiny.VILLAGES[0]},{residents}"


def register(*lines, header=HEADER, end="\n"):
    return end.join([header, *lines, ""]).encode()


def register_with(line, *, before=2, after=2):
    """Return a register whose row ``before + 1`` is ``line``."""
    sound = [household(i) for i in range(before + after)]
    return register(*sound[:before], line, *sound[before:])


# --- GeoJSON -----------------------------------------------------------------------------


def geojson(*features, **members):
    return json.dumps(tiny.collection(list(features)) | members, ensure_ascii=False).encode()


def lines(*features):
    """Return one feature a line."""
    return "\n".join(json.dumps(feature, ensure_ascii=False) for feature in features).encode()


def grid(number, geometry=SQUARE, **properties):
    code = f"{tiny.VILLAGES[0]}{number:03d}"
    return tiny.feature(geometry, **({"code": code, "name": "第九网格"} | properties))


def grids_with(geometry):
    """Return three grids, the second one's shape as given."""
    return geojson(grid(91), grid(92, geometry), grid(93))


def center(number, geometry=None, **properties):
    geometry = geometry or {"type": "Point", "coordinates": list(tiny.CENTER)}
    named = {"code": f"C{number}", "name": "中心", "level": "village"}
    return tiny.feature(geometry, **(named | properties))


# --- containers --------------------------------------------------------------------------


def frame(count=2):
    shapes = [shapely.box(108 + i / 100, 31, 108.01 + i / 100, 31.02) for i in range(count)]
    codes = [f"N9{i}" for i in range(count)]
    table = {"code": codes, "name": ["湾"] * count}
    return geopandas.GeoDataFrame(table, geometry=shapes, crs="EPSG:4490")


def geopackage(folder: Path, *layers: str) -> bytes:
    path = folder / "made.gpkg"
    for layer in layers:
        frame().to_file(path, layer=layer, driver="GPKG")
    return path.read_bytes()


def sqlite(folder: Path) -> bytes:
    """Return a database that is no GeoPackage."""
    path = folder / "made.db"
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE register (code TEXT, lon REAL, lat REAL)")
        database.execute("INSERT INTO register VALUES ('X1', 108.005, 31.01)")
    return path.read_bytes()


def shapefile_parts(folder: Path, name: str = "villages") -> dict[str, bytes]:
    path = folder / f"{name}.shp"
    frame().to_file(path, driver="ESRI Shapefile", encoding="utf-8")
    return {part.name: part.read_bytes() for part in sorted(folder.glob(f"{name}.*"))}


def archive(entries: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in entries.items():
            target.writestr(name, content)
    return made.getvalue()


def lying_archive(entries: dict[str, bytes], *, told: int) -> bytes:
    """Return an archive that says each entry has only ``told`` bytes."""
    content = bytearray(archive(entries))
    for mark, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        place = content.find(mark)
        while place >= 0:
            content[place + offset : place + offset + 4] = struct.pack("<I", told)
            place = content.find(mark, place + 4)
    return bytes(content)


def encrypted_archive(entries: dict[str, bytes]) -> bytes:
    """Return an archive whose entries are marked as encrypted."""
    content = bytearray(archive(entries))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = content.find(mark)
        while place >= 0:
            content[place + offset] |= 1
            place = content.find(mark, place + 4)
    return bytes(content)
