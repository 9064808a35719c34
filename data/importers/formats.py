"""What a file is, told from its content: a name is a hint, never proof."""

from __future__ import annotations

import json
import re
import shutil
import zipfile
from pathlib import Path, PurePosixPath
from typing import Literal

from data.errors import ImportFileError
from data.importers.guard import guard, too_large
from data.importers.jsontext import not_geojson
from data.importers.osm import is_osm
from geo.problems import Problem

Format = Literal[
    "geojson", "geojsonseq", "gpkg", "shapefile", "flatgeobuf", "parquet", "osm", "csv"
]

_HEAD_BYTES = 65_536
_SHP_MAGIC = b"\x00\x00\x27\x0a"
_MAGIC: tuple[tuple[bytes, Format], ...] = (
    (b"SQLite format 3\x00", "gpkg"),
    (b"fgb\x03fgb", "flatgeobuf"),
    (b"PAR1", "parquet"),
    (_SHP_MAGIC, "shapefile"),
)
# little- and big-endian, of up to 4 GB and above
TIFF_MAGIC = (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")
_NOT_READ: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF", "PDF 文档", "a PDF document"),
    (b"\x89PNG", "图片", "an image"),
    (b"\xff\xd8\xff", "图片", "an image"),
    (
        b"\xd0\xcf\x11\xe0",
        "旧版 Excel/Word 文件，请另存为 CSV",
        "an old Excel/Word file; save as CSV",
    ),
    (b"\x1f\x8b", "gzip 压缩文件，请先解压", "a gzip archive; unpack it first"),
    *(
        (magic, "高程或影像栅格(TIFF)", "a raster of heights or an image (TIFF)")
        for magic in TIFF_MAGIC
    ),
    (b"7z\xbc\xaf", "7z 压缩文件，请先解压", "a 7z archive; unpack it first"),
    (b"Rar!", "RAR 压缩文件，请先解压", "a RAR archive; unpack it first"),
)
_SHAPEFILE_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
_GEOJSON_TYPES = {
    "FeatureCollection",
    "Feature",
    "GeometryCollection",
    *("Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon"),
}


def check_size(path: Path, max_bytes: int) -> None:
    """Refuse a file that is missing, empty or larger than ``max_bytes``, before reading it.

    Raises
    ------
    ImportFileError
        ``file_missing``, ``file_empty`` or ``file_too_large``.
    """
    if not path.is_file():
        raise ImportFileError(Problem("file_missing", {"file": path.name}))
    size = path.stat().st_size
    if size == 0:
        raise ImportFileError(Problem("file_empty", {"file": path.name}))
    if size > max_bytes:
        raise too_large(path.name, size, max_bytes)


def detect_format(path: Path) -> Format | Literal["zip"]:
    """Return what the content of ``path`` is.

    Raises
    ------
    ImportFileError
        ``not_a_layer_file`` with what it is instead.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    for magic, name in _MAGIC:
        if head.startswith(magic):
            if name == "gpkg" and not _is_geopackage(path, head):
                raise _refuse(
                    path, "SQLite 数据库，不是 GeoPackage", "an SQLite database, no GeoPackage"
                )
            return name
    if is_osm(head.removeprefix(b"\xef\xbb\xbf")):
        return "osm"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "zip"
    for magic, zh, en in _NOT_READ:
        if head.startswith(magic):
            raise _refuse(path, zh, en)
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not start:
        raise ImportFileError(Problem("file_empty", {"file": path.name}))
    if start.startswith(b"\x1e"):
        return "geojsonseq"
    if start[:1] in (b"{", b"["):
        return _json_format(path, start)
    if start.startswith(b"<"):
        if re.match(rb"(?i)<(!doctype html|html|head|body)", start):
            raise _refuse(path, "网页(HTML)", "a web page (HTML)")
        raise _refuse(path, "XML 文件", "an XML file")
    if path.suffix.lower() in (".geojson", ".json", ".geojsonl", ".gpkg", ".shp", ".fgb"):
        raise _refuse(path, "普通文本或损坏的文件", "plain text or a damaged file")
    return "csv"


def unpack_shapefile(path: Path, folder: Path, *, layer: str | None, max_bytes: int) -> Path:
    """Unpack the shapefile of a zip archive into ``folder`` and return its ``.shp``.

    Parameters
    ----------
    path
        The archive.
    folder
        An empty folder of the caller.
    layer
        Name of the shapefile (without ``.shp``) if the archive holds several.
    max_bytes
        Limit of the unpacked size, told by the archive and held while unpacking.

    Raises
    ------
    ImportFileError
        ``not_a_layer_file``, ``layer_not_in_file``, ``several_layers`` or ``file_too_large``.
    """
    try:
        archive = zipfile.ZipFile(path)
    except zipfile.BadZipFile as error:
        raise _refuse(path, "损坏的 zip 文件", "a damaged zip archive") from error
    with archive:
        names = {
            PurePosixPath(entry.filename.replace("\\", "/")): entry
            for entry in archive.infolist()
            if not entry.is_dir() and not entry.filename.startswith("__MACOSX/")
        }
        shapes = sorted(p for p in names if p.suffix.lower() == ".shp")
        if not shapes:
            if PurePosixPath("[Content_Types].xml") in names:
                raise _refuse(
                    path, "Excel/Word 文件，请另存为 CSV", "an Excel/Word file; save as CSV"
                )
            raise _refuse(path, "不含 Shapefile 的 zip 文件", "a zip archive without a shapefile")
        chosen = shapes[0]
        if layer is not None or len(shapes) > 1:
            chosen = PurePosixPath(choose_layer(path.name, {p.stem: str(p) for p in shapes}, layer))
        parts = {
            p.suffix.lower(): entry
            for p, entry in names.items()
            if p.with_suffix("") == chosen.with_suffix("") and p.suffix.lower() in _SHAPEFILE_PARTS
        }
        size = sum(entry.file_size for entry in parts.values())
        if size > max_bytes:
            raise too_large(path.name, size, max_bytes)
        for suffix, entry in parts.items():
            with guard(path), archive.open(entry) as source:
                target = folder / f"layer{suffix}"
                with target.open("wb") as file:
                    shutil.copyfileobj(source, file)
    shape = folder / "layer.shp"
    with shape.open("rb") as file:
        if file.read(4) != _SHP_MAGIC:  # GDAL would open it as whatever it is, links and all
            raise _refuse(path, "不含 Shapefile 的 zip 文件", "a zip archive without a shapefile")
    return shape


def choose_layer(file: str, layers: dict[str, str], wanted: str | None) -> str:
    """Return the one of ``layers`` (name → value) that is ``wanted``, or the only one.

    Raises
    ------
    ImportFileError
        ``layer_not_in_file`` or ``several_layers``, naming the layers there are.
    """
    listed = ", ".join(layers)
    if wanted is not None:
        if wanted not in layers:
            details = {"file": file, "layer": wanted, "layers": listed}
            raise ImportFileError(Problem("layer_not_in_file", details))
        return layers[wanted]
    if not layers:
        zh, en = "没有图形图层的文件", "a file without a layer of shapes"
        details = {"file": file, "found_zh": zh, "found_en": en}
        raise ImportFileError(Problem("not_a_layer_file", details))
    if len(layers) != 1:
        raise ImportFileError(Problem("several_layers", {"file": file, "layers": listed}))
    return next(iter(layers.values()))


def _is_geopackage(path: Path, head: bytes) -> bool:
    """Return whether GDAL will read an SQLite file as a GeoPackage, by its application id."""
    broken = len(head) < 100  # less than its own header: GDAL says so
    return broken or head[68:72] in (b"GPKG", b"GP10", b"GP11") or path.suffix.lower() == ".gpkg"


def _json_format(path: Path, start: bytes) -> Format:
    first, _, rest = start.partition(b"\n")
    if start[:1] == b"{" and rest.lstrip()[:1] == b"{":
        try:
            kind = json.loads(first).get("type")
            if isinstance(kind, str) and kind in _GEOJSON_TYPES:
                return "geojsonseq"
        except (ValueError, RecursionError):
            pass  # a document over several lines: not one feature a line
    if path.suffix.lower() in (".geojsonl", ".geojsons", ".geojsonseq", ".ndjson", ".jsonl"):
        return "geojsonseq"
    types = re.findall(rb'"type"\s*:\s*"(\w+)"', start)
    if types[:1] == [b"Topology"]:
        raise ImportFileError(not_geojson(path.name, "Topology"))
    return "geojson"


def _refuse(path: Path, zh: str, en: str) -> ImportFileError:
    return ImportFileError(
        Problem("not_a_layer_file", {"file": path.name, "found_zh": zh, "found_en": en})
    )
