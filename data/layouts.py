"""How a layer lies in its table: one description that loading, reading and exporting share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

import geopandas
import numpy as np
import pandas as pd
import pyarrow as pa
import shapely

from geo.crs import STORE_CRS
from geo.frames import GeometryKind

ColumnKind = Literal["text", "integer", "bigint", "float", "boolean", "instant", "list", "counts"]

_ARROW: dict[ColumnKind, pa.DataType] = {
    "text": pa.large_string(),
    "integer": pa.int64(),
    "bigint": pa.int64(),
    "float": pa.float64(),
    "boolean": pa.bool_(),
    "instant": pa.timestamp("us", "UTC"),
    "list": pa.large_string(),
    "counts": pa.large_string(),
}


class Column(NamedTuple):
    """A column of a table.

    ``list`` columns (text[]) stand in frames as text joined by ``;``, ``counts`` (jsonb) as
    JSON text. ``default`` is an SQL literal for a value nobody gave. A column that is not
    ``stored`` is only read.
    """

    name: str
    kind: ColumnKind = "text"
    default: str = "NULL"
    stored: bool = True


class Layout(NamedTuple):
    """A layer and its table.

    ``scope`` is the column whose prefix says which division a row belongs to, None where rows
    belong to none; ``key`` names a thing through all its versions; ``extra`` columns come from
    a join with ``indicators``. Columns of ``written`` are computed and stored with a row, but are
    no part of its frame: one question reads them, all others need not carry them.
    """

    layer: str
    table: str
    geometry: GeometryKind
    columns: tuple[Column, ...]
    scope: str | None = "village_code"
    key: tuple[str, ...] = ("code",)
    versioned: bool = True
    extra: tuple[Column, ...] = ()
    written: tuple[Column, ...] = ()


_NAME = Column("name", default="''")
_FLAGS = Column("flags", "list", "'{}'::text[]")
_INDICATORS = (
    Column("households", "integer"),
    Column("residents", "integer"),
    Column("registered", "integer"),
    Column("children", "integer"),
    Column("elderly", "integer"),
    Column("aged_80", "integer"),
    Column("area_m2", "float"),
    Column("compactness", "float"),
    Column("reock", "float"),
    Column("span_m", "float"),
    Column("center_median_m", "float"),
    Column("center_p90_m", "float"),
    Column("center_max_m", "float"),
    Column("profile_status"),
)

LAYOUTS: dict[str, Layout] = {
    layout.layer: layout
    for layout in (
        Layout(
            "divisions",
            "division",
            "polygon",
            (
                Column("code"),
                _NAME,
                Column("level"),
                Column("parent_code"),
                Column("urban_rural_class"),
                Column("area_type"),
                Column("residents", "integer"),
                _FLAGS,
            ),
            scope="code",
        ),
        Layout(
            "natural_villages",
            "natural_village",
            "polygon",
            (
                Column("code"),
                _NAME,
                Column("village_code"),
                Column("households", "integer"),
                Column("residents", "integer"),
                Column("registered", "integer"),
                _FLAGS,
            ),
        ),
        Layout(
            "grids",
            "grid",
            "polygon",
            (
                Column("network", default="'all_purpose'"),
                Column("code"),
                _NAME,
                Column("village_code"),
                Column("kind", default="'basic'"),
                Column("parent_code"),
                _FLAGS,
            ),
            key=("network", "code"),
            extra=_INDICATORS,
        ),
        Layout(
            "households",
            "household",
            "point",
            (
                Column("code"),
                Column("address", default="''"),
                Column("village_code"),
                Column("natural_village_code"),
                Column("residents", "integer", "0"),
                Column("registered", "integer"),
                Column("children", "integer"),
                Column("elderly", "integer"),
                Column("aged_80", "integer"),
                Column("needs", "counts", "'{}'::jsonb"),
                _FLAGS,
            ),
            versioned=False,
            written=(
                Column("locality", default="''"),
                Column("group_no", "integer"),
                Column("number", "integer"),
                Column("sub_number", "integer"),
                Column("building", default="''"),
                Column("unit", default="''"),
                Column("room", default="''"),
                Column("address_fault", default="''"),
            ),
        ),
        Layout(
            "centers",
            "center",
            "point",
            (
                Column("code"),
                _NAME,
                Column("level"),
                Column("village_code"),
                Column("address", default="''"),
                Column("services", "list", "'{}'::text[]"),
                Column("capacity", "integer"),
                Column("floor_area_m2", "float"),
                _FLAGS,
            ),
        ),
        Layout(
            "roads",
            "road",
            "line",
            (
                Column("code"),
                _NAME,
                Column("road_class"),
                Column("oneway", default="'both'"),
                Column("speed_kmh", "float"),
                Column("bridge", "boolean", "false"),
            ),
            scope=None,
            versioned=False,
        ),
        Layout(
            "barriers",
            "barrier",
            "obstacle",
            (Column("code"), _NAME, Column("kind")),
            scope=None,
            versioned=False,
        ),
    )
}
# Layers of the map that are a level of the divisions.
DIVISION_LEVELS = {"counties": "county", "townships": "township", "villages": "village"}


def stored_columns(layout: Layout) -> tuple[Column, ...]:
    """Return every column of the table that a row is stored with, without its geometry."""
    return (*layout.columns, *layout.written)


def read_columns(layout: Layout) -> tuple[Column, ...]:
    """Return every column a frame of the layer has, without its geometry, ``id`` first."""
    versions = (Column("valid_from", "instant"), Column("valid_to", "instant"))
    return (
        Column("id", "bigint"),
        *layout.columns,
        *layout.extra,
        *(versions if layout.versioned else ()),
    )


def arrow_types(layout: Layout) -> Mapping[str, pa.DataType]:
    """Return column → Arrow type of :func:`read_columns` and the geometry columns after them."""
    types = {column.name: _ARROW[column.kind] for column in read_columns(layout)}
    if layout.geometry == "point":
        return types | {"x": pa.float64(), "y": pa.float64()}
    return types | {"wkb": pa.large_string()}


def make_frame(layout: Layout, table: pa.Table) -> geopandas.GeoDataFrame:
    """Return the layer frame of a table that was fetched with :func:`arrow_types`.

    Whole numbers that may be missing are ``Int64``, texts ``str``, instants UTC.
    """
    series: dict[str, pd.Series[Any]] = {}
    for column in read_columns(layout):
        values = table.column(column.name)
        if column.kind == "bigint":
            series[column.name] = pd.Series(values.to_numpy())
        elif column.kind == "integer":
            whole = values.combine_chunks() if values.num_chunks != 1 else values.chunk(0)
            missing = np.asarray(whole.is_null().to_numpy(zero_copy_only=False))
            numbers = whole.fill_null(0).to_numpy().copy()
            series[column.name] = pd.Series(pd.arrays.IntegerArray(numbers, missing))
        elif column.kind == "instant":
            series[column.name] = values.to_pandas().astype("datetime64[us, UTC]")
        elif column.kind == "float":
            series[column.name] = pd.Series(values.to_numpy().astype(np.float64))
        elif column.kind == "boolean":
            series[column.name] = pd.Series(values.to_numpy(zero_copy_only=False).astype(np.bool_))
        else:
            series[column.name] = values.to_pandas().astype("str")
    if layout.geometry == "point":
        shapes = shapely.points(table.column("x").to_numpy(), table.column("y").to_numpy())
    else:
        shapes = shapely.from_wkb(table.column("wkb").to_numpy())
    return geopandas.GeoDataFrame(series, geometry=np.asarray(shapes, dtype=object), crs=STORE_CRS)
