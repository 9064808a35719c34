"""OpenStreetMap: extracts as they are published, and its tags wherever files carry them.

GDAL's driver puts a way's main tags into columns and all others into one, ``other_tags``.
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from data.errors import ImportFileError
from data.importers.guard import LIMITS, Limits
from data.importers.log import ProblemLog
from data.importers.ogr import read_layer
from data.importers.source import Source
from data.importers.texts import as_text
from geo.problems import Problem

# A block of a .pbf: the length of its header, then the header's type.
_PBF = re.compile(rb"(?s)\x00\x00\x00.\x0a\x09OSMHeader")
_XML = re.compile(rb"(?s)\s*(?:<\?xml[^>]*>)?\s*(?:<!--.*?-->\s*)*<osm[\s>]")

_TAGS = ("oneway", "maxspeed", "bridge", "junction", "natural", "tunnel")
_ROADS = "highway IS NOT NULL"
_LINES = (
    "waterway IN ('river', 'canal') OR railway IN ('rail', 'light_rail', 'narrow_gauge') "
    "OR barrier = 'city_wall' OR other_tags LIKE '%\"natural\"=>\"cliff\"%'"
)
_AREAS = "natural = 'water'"


def is_osm(head: bytes) -> bool:
    """Say whether a file that begins so is an OpenStreetMap extract, ``.osm.pbf`` or ``.osm``."""
    return bool(_PBF.match(head) or _XML.match(head))


def read_osm(path: Path, layer: str, *, limits: Limits = LIMITS) -> Source:
    """Read the roads or the barriers of an extract; everything else in it is passed over.

    Raises
    ------
    ImportFileError
        ``osm_has_no_layer`` for layers that no extract has, else as for every file.
    """
    if layer == "roads":
        source = _read(path, "lines", _ROADS, limits)
        unfold_tags(source)
        wanted = ("osm_id", "name", "highway", "oneway", "maxspeed", "bridge", "junction")
        source.columns = {c: source.columns[c] for c in wanted if c in source.columns}
        return source
    if layer == "barriers":
        return _read_barriers(path, limits)
    raise ImportFileError(Problem("osm_has_no_layer", {"file": path.name, "layer": layer}))


def unfold_tags(source: Source) -> None:
    """Give the tags that matter here a column each, out of ``other_tags`` if there is one."""
    if "other_tags" not in source.columns:
        return
    texts = as_text(source.columns.pop("other_tags"))
    for tag in _TAGS:
        found = pc.extract_regex(texts, rf'"{tag}"=>"(?P<value>(?:[^"\\]|\\.)*)"')
        values = pc.struct_field(found, "value")
        if tag not in source.columns and values.null_count < len(values):
            source.columns[tag] = values


def follow_tags(source: Source) -> None:
    """Read off what OpenStreetMap's tags mean together: roundabouts and motorways are one-way.

    Nothing is concluded from columns under other names than OpenStreetMap's: a motorway drawn as
    one line for both carriageways is not one-way.
    """
    columns = source.columns
    unfold_tags(source)
    junction, highway = columns.pop("junction", None), columns.get("highway")
    if "oneway" not in columns and (junction is not None or highway is not None):
        columns["oneway"] = pa.nulls(len(source.rows), pa.large_string())
    if "oneway" not in columns:
        return
    oneway = _both_ways_told(as_text(columns["oneway"]))
    implied = np.zeros(len(source.rows), dtype=bool)
    if junction is not None:
        implied |= _is_in(junction, ["roundabout", "circular"])
    if highway is not None:
        implied |= _is_in(highway, ["motorway"])
    columns["oneway"] = pc.if_else(pc.and_(pc.is_null(oneway), pa.array(implied)), "yes", oneway)


def _both_ways_told(texts: pa.Array) -> pa.Array:
    """Write out the letters of Geofabrik's files: B both, F forward, T against the line.

    Only where there is a B: a column of T and F alone may as well mean true and false, and is
    left to be refused.
    """
    letters = set(pc.unique(texts).drop_null().to_pylist())
    if "B" not in letters or not letters <= {"B", "F", "T"}:
        return texts
    for letter, word in (("B", "both"), ("F", "forward"), ("T", "backward")):
        texts = pc.if_else(pc.equal(texts, letter), word, texts)
    return texts


def _read_barriers(path: Path, limits: Limits) -> Source:
    parts = []
    for name, where in (("lines", _LINES), ("multipolygons", _AREAS)):
        try:
            part = _read(path, name, where, limits)
        except ImportFileError as error:
            if error.problems[0].key != "no_rows":
                raise
            continue
        unfold_tags(part)
        parts.append(_as_barriers(part))
    if not parts:
        raise ImportFileError(Problem("no_rows", {"file": path.name}))
    first = parts[0]
    columns = {
        name: pa.concat_arrays([part.columns[name] for part in parts]) for name in first.columns
    }
    shapes = np.concatenate([part.geometry for part in parts if part.geometry is not None])
    rows = np.arange(1, len(shapes) + 1, dtype=np.int64)
    nowhere = np.zeros(len(rows), dtype=bool)
    return Source(columns, rows, len(rows), ProblemLog(), shapes, nowhere, first.crs)


def _as_barriers(part: Source) -> Source:
    """Return a part with columns ``code``, ``name`` and ``kind``, without what lies in tunnels."""
    columns, count = part.columns, len(part.rows)
    none = pa.nulls(count, pa.large_string())

    def texts(name: str) -> pa.Array:
        return as_text(columns[name]) if name in columns else none

    kind = none
    for tag, value, meant in (
        ("natural", "cliff", "cliff"),
        ("natural", "water", "water"),
        ("barrier", None, "wall"),
        ("railway", None, "railway"),
        ("waterway", None, "river"),
    ):
        tagged = texts(tag)
        hit = pc.is_valid(tagged) if value is None else pc.equal(tagged, value)
        kind = pc.if_else(pc.fill_null(hit, False), pa.scalar(meant, pa.large_string()), kind)
    code = texts("osm_id")
    if "osm_way_id" in columns:  # an area is a way, or a relation, which has numbers of its own
        relation = pc.replace_substring_regex(code, "^", "r")
        code = pc.coalesce(texts("osm_way_id"), relation)
    open_air = ~_is_in(texts("tunnel"), ["yes", "culvert", "building_passage", "flooded"])
    where = pa.array(open_air)
    kept = {"code": code, "name": texts("name"), "kind": kind}
    shapes = None if part.geometry is None else part.geometry[open_air]
    rows = part.rows[open_air]
    part.columns = {name: values.filter(where) for name, values in kept.items()}
    return Source(part.columns, rows, len(rows), part.problems, shapes, None, part.crs)


def _read(path: Path, layer: str, where: str, limits: Limits) -> Source:
    return read_layer(str(path), path, name=path.name, limits=limits, layer=layer, where=where)


def _is_in(values: pa.Array, words: list[str]) -> NDArray[np.bool_]:
    hits = pc.is_in(as_text(values), pa.array(words, pa.large_string()))
    return np.asarray(hits.to_numpy(zero_copy_only=False), dtype=bool)
