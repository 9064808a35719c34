"""GeoJSON documents and GeoJSON line by line, looked through before GDAL reads them.

GDAL drops what is no feature, takes any ``crs`` it does not know for WGS 84, turns 30 February
into 1 March and fetches a ``crs`` that is a link. So the document is first gone through here,
feature by feature and a few megabytes at a time.
"""

from __future__ import annotations

import codecs
import json
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyproj
from pyproj.exceptions import CRSError

from data.errors import ImportFileError
from data.importers.encodings import find_encoding
from data.importers.guard import LIMITS, Limits, check_rows, guard
from data.importers.jsontext import JsonText, not_geojson
from data.importers.ogr import read_layer
from data.importers.source import Source
from geo.problems import Problem

_COPY_BYTES = 8_000_000
_NOT_SAID = object()
_KINDS = {"FeatureCollection", "Feature", "GeometryCollection"}
_KINDS |= {"Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon"}


@dataclass
class _Outline:
    """What a document is: its type, its ``crs`` member and which features are such."""

    kind: object = None
    crs: object = _NOT_SAID
    sound: list[bool] = field(default_factory=list)


def read_geojson(path: Path, *, limits: Limits = LIMITS) -> Source:
    """Read a GeoJSON document; what is no feature is reported, the others are read.

    Raises
    ------
    ImportFileError
        ``truncated_json``, ``broken_json``, ``not_geojson``, ``unknown_crs`` for a link,
        ``encoding_unknown`` or what ``read_layer`` raises.
    """
    with tempfile.TemporaryDirectory(prefix="wangge-") as folder, guard(path):
        text, contradiction = _as_utf8(path, Path(folder))
        outline = _look_through(text, path.name, limits)
        source = _read(text, path.name, limits)
        if contradiction is not None:
            source.problems.add(contradiction)
        numbers = np.arange(1, len(outline.sound) + 1, dtype=np.int64)
        sound = np.array(outline.sound, dtype=bool)
        if not sound.all():
            if source.row_count != sound.sum():
                raise ValueError("members of features are no features")
            source.problems.add_rows("broken_feature", numbers[~sound])
            source.rows, source.row_count = numbers[sound], len(numbers)
        source.crs_assumed = outline.crs is _NOT_SAID
        if not source.crs_assumed:
            source.crs = _told_crs(outline.crs, source.crs)
        return source


def read_geojsonseq(path: Path, *, limits: Limits = LIMITS) -> Source:
    """Read one GeoJSON feature a line; a line that is none is reported, the others are read.

    Raises
    ------
    ImportFileError
        ``not_geojson`` if no line is a feature, or as ``read_geojson``.
    """
    with tempfile.TemporaryDirectory(prefix="wangge-") as folder, guard(path):
        text, contradiction = _as_utf8(path, Path(folder))
        document = Path(folder) / "document.geojson"
        sound: list[bool] = []
        first = True
        with text.open("rb") as lines, document.open("wb") as kept:
            kept.write(b'{"type":"FeatureCollection","features":[')
            for line in lines:
                line = line.removeprefix(codecs.BOM_UTF8).replace(b"\x1e", b"").strip()
                if not line:
                    continue
                good = _is_feature(line, path.name)
                if good:
                    kept.write(line if first else b"," + line)
                    first = False
                sound.append(good)
                check_rows(path.name, len(sound), limits)
            kept.write(b"]}")
        if not any(sound):
            raise ImportFileError(not_geojson(path.name, "no feature"))
        source = _read(document, path.name, limits)
        if contradiction is not None:
            source.problems.add(contradiction)
        numbers, good_lines = np.arange(1, len(sound) + 1, dtype=np.int64), np.array(sound)
        source.problems.add_rows("broken_line", numbers[~good_lines])
        source.rows, source.row_count = numbers[good_lines], len(sound)
        source.crs_assumed = True
        return source


def _read(path: Path, name: str, limits: Limits) -> Source:
    # dates stay text: GDAL would correct an impossible one instead of saying so
    return read_layer(f"GeoJSON:{path}", path, name=name, limits=limits, DATE_AS_STRING="YES")


def _look_through(path: Path, name: str, limits: Limits) -> _Outline:
    outline = _Outline()
    with path.open("rb") as file:
        text = JsonText(file, name)
        if text.peek() != "{":
            raise ImportFileError(not_geojson(name, type(text.value()).__name__))
        for key in text.members():
            if key == "features" and text.peek() == "[":
                for feature in text.elements():
                    outline.sound.append(_check_feature(feature, name))
                    check_rows(name, len(outline.sound), limits)
                continue
            value = text.value()
            if key == "type":
                outline.kind = value
            elif key == "crs":
                _refuse_link(value, name)
                outline.crs = value
            elif key in ("geometry", "geometries"):
                _check_links(value, name)
        text.end()
    if not isinstance(outline.kind, str) or outline.kind not in _KINDS:
        raise ImportFileError(not_geojson(name, outline.kind))
    return outline


def _check_feature(value: object, name: str) -> bool:
    """Return whether ``value`` is a feature; raise for one that points elsewhere."""
    if not isinstance(value, dict):
        return False
    _check_links(value, name)
    return bool(value.get("type") == "Feature")


def _check_links(value: object, name: str) -> None:
    if isinstance(value, dict):
        _refuse_link(value.get("crs"), name)
        for member in ("geometry", "geometries"):
            _check_links(value.get(member), name)
    elif isinstance(value, list):
        for part in value:
            _check_links(part, name)


def _refuse_link(crs: object, name: str) -> None:
    """Refuse a coordinate system that is to be fetched: GDAL would do so."""
    if isinstance(crs, dict) and str(crs.get("type")).lower() in ("link", "url"):
        raise ImportFileError(Problem("unknown_crs", {"crs": f"link ({name})"}))


def _told_crs(member: object, found: pyproj.CRS | None) -> pyproj.CRS | None:
    """Return the system a ``crs`` member names; None (unknown) if it names none that exists."""
    if not isinstance(member, dict) or not isinstance(member.get("properties"), dict):
        return None
    named = member["properties"].get("name")
    if member.get("type") == "EPSG":  # the way before 2008
        named = f"EPSG:{member['properties'].get('code')}"
    try:
        told = pyproj.CRS.from_user_input(str(named))
    except CRSError:
        return None
    if found is not None and told.equals(found, ignore_axis_order=True):
        return found
    return told


def _is_feature(line: bytes, name: str) -> bool:
    try:
        return _check_feature(json.loads(line), name)
    except (ValueError, RecursionError) as error:
        if isinstance(error, ImportFileError):
            raise
        return False


def _as_utf8(path: Path, folder: Path) -> tuple[Path, Problem | None]:
    """Return a file of the same text in UTF-8, and a warning if ``path`` itself is not."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as file:
            while piece := file.read(_COPY_BYTES):
                decoder.decode(piece)
    except UnicodeDecodeError:
        content = path.read_bytes()
        found = find_encoding(content, path.name, asked=None)
        copy = folder / "text.geojson"
        copy.write_bytes(content.decode(found).encode())
        details = {"file": path.name, "label": "UTF-8 (GeoJSON)", "encoding": found}
        return copy, Problem("encoding_contradicts_label", details)
    return path, None
