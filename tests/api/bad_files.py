"""Files that must be refused, each with the key of its problem and the rows it is told of."""

from typing import NamedTuple

from tests.api import hostile, tiny
from tests.api.hostile import center, geojson, grid, grids_with, household, register, register_with

LONLAT = {"crs": "EPSG:4490"}
WHOLE = [None]  # a problem of the file, not of a row
HTML = b"<!DOCTYPE html><html></html>"
METRES = "urn:ogc:def:crs:EPSG::4547"
LINE = {"type": "LineString", "coordinates": [[108, 31], [108.01, 31.01]]}
COLLECTION = {"type": "GeometryCollection", "geometries": [tiny.box(108, 31, 108.01, 31.01)] * 2}
NESTED = {"type": "GeometryCollection", "geometries": [COLLECTION, COLLECTION]}
OPEN_RING = {"type": "Polygon", "coordinates": [[[108, 31], [108.01, 31], [108.01, 31.01]]]}
SPIKE = {
    "type": "Polygon",
    "coordinates": [[[108, 31], [108 + 1e-10, 31], [108, 31 + 1e-10], [108, 31]]],
}


class BadFile(NamedTuple):
    """A file as it is uploaded, and what must be said of it."""

    layer: str
    name: str
    content: bytes
    form: dict[str, str]
    key: str
    rows: list[int | None]


def table(content, key, rows=WHOLE, **form):
    return BadFile("households", "a.csv", content, LONLAT | form, key, rows)


def row(line, key):
    """Return a register whose third row is ``line``."""
    return table(register_with(line), key, [3])


def drawing(layer, content, key, rows=WHOLE, name="a.geojson"):
    return BadFile(layer, name, content, {}, key, rows)


def point(x, y):
    return {"type": "Point", "coordinates": [x, y]}


def centers_with(geometry):
    """Return five centers, the last one's place as given."""
    return geojson(*(center(i) for i in range(4)), center(9, geometry))


ONE = register(household(1))
CRS_MEMBER = {"type": "name", "properties": {"name": METRES}}
LONGITUDES = {
    "NaN": "coordinates_not_finite",
    "-inf": "coordinates_not_finite",
    "1e400": "coordinates_not_finite",
    "181": "coordinates_out_of_range",
    "108,005": "coordinates_not_numbers",
    "108°0′18″E": "coordinates_not_numbers",
    "": "coordinates_not_numbers",
}
RESIDENTS = {
    "-1": "count_negative",
    "2.5": "count_not_whole",
    "三人": "count_not_number",
    "NaN": "count_not_number",
    "2147483648": "count_too_large",
    "9" * 400: "count_too_large",
    hostile.SQL: "count_not_number",
}

REFUSED: dict[str, BadFile] = {
    # coordinate systems
    "csv says no crs": BadFile("households", "a.csv", ONE, {}, "crs_missing", WHOLE),
    "crs is no crs": table(ONE, "unknown_crs", crs="EPSG:999999"),
    "crs is a height": table(ONE, "unknown_crs", crs="EPSG:5773"),
    "degrees said to be metres": table(ONE, "crs_contradicts_coordinates", crs="EPSG:4547"),
    "metres said to be degrees": table(
        register(household(1, lon="37354027", lat="3400000")), "crs_contradicts_coordinates"
    ),
    "geojson with the crs of another": drawing(
        "grids", geojson(grid(9), crs=CRS_MEMBER), "crs_contradicts_coordinates"
    ),
    # tables
    "no column is the code": table(b"a,b\n1,2\n", "field_without_column"),
    "no column is a place": table(b"a,b\n1,2\n", "no_geometry"),
    "header only": table(register(), "no_rows"),
    "empty file": table(b"", "file_empty"),
    "only a mark": table(b"\xef\xbb\xbf\n", "file_empty"),
    "NUL bytes": table(register_with(household(9, address="a\0b")), "encoding_unknown"),
    "bytes of no encoding": table(bytes(range(256)) * 40, "encoding_unknown"),
    "Latin-1": table(
        register(household(1, address="Café é à")).decode().encode("latin-1"), "encoding_unknown"
    ),
    "not as asked": table(ONE, "encoding_wrong", encoding="ascii"),
    "an encoding nobody knows": table(ONE, "encoding_wrong", encoding="nonsense"),
    "broken row": row("X9,too,few", "broken_row"),
    "unquoted comma": row(household(9, address="一组,2号"), "broken_row"),
    "quote never closed": table(
        register_with(household(9, address='"一组'), after=40), "broken_row", [3]
    ),
    "quote never closed at the end": table(
        register(household(1), household(9, address='"一组')), "broken_row", [2]
    ),
    "a code twice": table(
        register(household(1), household(2), household(1)), "duplicate_code", [1, 3]
    ),
    "a code Excel has spoilt": row(household(9).replace("X9", "5.00229E+11"), "code_digits_lost"),
    "no code": row(household(9).removeprefix("X9"), "missing_value"),
    **{f"lon {v}": row(household(9, lon=f'"{v}"'), key) for v, key in LONGITUDES.items()},
    **{
        f"residents {v[:9]}": row(household(9, residents=f'"{v}"'), key)
        for v, key in RESIDENTS.items()
    },
    "a swapped row": row(household(9, lon="31.01", lat="108.005"), "swapped_coordinates"),
    "all rows swapped": table(
        register(*(household(i, lon="31.01", lat="108.005") for i in range(3))),
        "swapped_coordinates",
        [1, 2, 3],
    ),
    "WKT that is none": table(
        b'code,wkt\nX1,POINT (108 31)\nX2,"POINT (108"\n', "unreadable_geometry", [2]
    ),
    "a mapping to no column": table(ONE, "column_not_found", mapping='{"code": "nope"}'),
    "a mapping of no field": table(ONE, "field_unknown", mapping='{"nope": "code"}'),
    "larger than the limit": table(
        register(*(household(i, address="长" * 300) for i in range(1200))), "file_too_large"
    ),
    # not what the name says
    "a web page": drawing("grids", HTML, "not_a_layer_file"),
    "a picture": table(b"\x89PNG\r\n\x1a\n", "not_a_layer_file"),
    "a workbook": table(hostile.archive({"[Content_Types].xml": b"<x/>"}), "not_a_layer_file"),
    "broken off": drawing("grids", grids_with(None)[:-30], "truncated_json"),
    "broken off in a word": drawing("grids", grids_with(None)[:70], "truncated_json"),
    "a JSON array": drawing("grids", b"[1, 2, 3]", "not_geojson"),
    "TopoJSON": drawing("grids", b'{"type":"Topology","objects":{},"arcs":[]}', "not_geojson"),
    "any JSON": drawing("grids", b'{"a": 1}', "not_geojson"),
    "no feature": drawing("grids", geojson(), "no_rows"),
    "broken lines": drawing(
        "grids",
        hostile.lines(grid(1), grid(2)).replace(b"\n", b"\n{broken\n[]\n", 1),
        "broken_line",
        [2, 3],
        name="a.geojsonl",
    ),
    # shapes
    "shape null": drawing("grids", grids_with(None), "empty_geometry", [2]),
    "no coordinates": drawing("centers", centers_with({"type": "Point"}), "empty_geometry", [5]),
    "collections": drawing("grids", grids_with(NESTED), "wrong_geometry_type", [2]),
    "a line": drawing("grids", grids_with(LINE), "wrong_geometry_type", [2]),
    "an area for a place": drawing(
        "centers", centers_with(hostile.SQUARE), "wrong_geometry_type", [5]
    ),
    "a bow-tie": drawing("grids", grids_with(hostile.BOW_TIE), "self_intersection", [2]),
    "a ring left open": drawing("grids", grids_with(OPEN_RING), "unreadable_geometry", [2]),
    "too small to store": drawing("grids", grids_with(SPIKE), "broken_by_rounding", [2]),
    "off the globe": drawing(
        "centers", centers_with(point(500, 31)), "coordinates_out_of_range", [5]
    ),
    "swapped": drawing("centers", centers_with(point(31.01, 108.005)), "swapped_coordinates", [5]),
    "a grid twice": drawing("grids", geojson(grid(9), grid(9)), "duplicate_code", [1, 2]),
    "a date that comes": drawing(
        "centers", geojson(center(1), center(2, valid_from="2099-06-01")), "date_in_future", [2]
    ),
    "dates there are not": drawing(
        "centers",
        geojson(center(1, valid_from="soon"), center(2, valid_from="2024-02-30")),
        "date_not_valid",
        [1, 2],
    ),
}


# --- containers --------------------------------------------------------------------------


def parts_without(folder, suffix, **others):
    parts = hostile.shapefile_parts(folder)
    kept = {name: part for name, part in parts.items() if not name.endswith(suffix)}
    return hostile.archive(kept | {f"villages.{kind}": part for kind, part in others.items()})


def two_shapefiles(folder):
    parts = hostile.shapefile_parts(folder)
    return hostile.archive(parts | {f"other_{name}": part for name, part in parts.items()})


def bomb(folder):
    return hostile.archive(hostile.shapefile_parts(folder) | {"villages.dbf": bytes(30_000_000)})


# file name, how to make its content in a folder, key
CONTAINERS = {
    "zip with two shapefiles": ("a.zip", two_shapefiles, "several_layers"),
    "zip without .shx": ("a.zip", lambda f: parts_without(f, ".shx"), "file_unreadable"),
    "zip without .prj": ("a.zip", lambda f: parts_without(f, ".prj"), "crs_missing"),
    "zip without .dbf": ("a.zip", lambda f: parts_without(f, ".dbf"), "field_without_column"),
    "spoilt .prj": ("a.zip", lambda f: parts_without(f, ".prj", prj=b"nonsense"), "crs_missing"),
    ".shp alone": (
        "a.shp",
        lambda f: hostile.shapefile_parts(f)["villages.shp"],
        "file_unreadable",
    ),
    "zip bomb": ("a.zip", bomb, "file_too_large"),
    "zip broken off": ("a.zip", lambda f: two_shapefiles(f)[:-30], "not_a_layer_file"),
    "zip of a text": ("a.zip", lambda f: hostile.archive({"a.txt": b"x"}), "not_a_layer_file"),
    "two layers": ("a.gpkg", lambda f: hostile.geopackage(f, "one", "two"), "several_layers"),
    "GeoPackage broken off": (
        "a.gpkg",
        lambda f: hostile.geopackage(f, "one")[:30_000],
        "file_unreadable",
    ),
    "SQLite that is no GeoPackage": ("a.gpkg", hostile.sqlite, "file_unreadable"),
    "junk after a Parquet mark": ("a.parquet", lambda f: b"PAR1" + b"x" * 99, "file_unreadable"),
}
