"""What a file is, told from its content: a name is a hint, never proof."""

from __future__ import annotations

import json
import re
import shutil
import zipfile
from pathlib import Path, PurePosixPath
from typing import Literal

from data.errors import ImportFileError
from geo.problems import Problem

Format = Literal["geojson", "geojsonseq", "gpkg", "shapefile", "flatgeobuf", "parquet", "csv"]

_HEAD_BYTES = 65_536
_MAGIC: tuple[tuple[bytes, Format], ...] = (
    (b"SQLite format 3\x00", "gpkg"),
    (b"fgb\x03fgb", "flatgeobuf"),
    (b"PAR1", "parquet"),
    (b"\x00\x00\x27\x0a", "shapefile"),
)
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
        raise _too_large(path.name, size, max_bytes)


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
            return name
    if head.startswith(b"PK\x03\x04"):
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
            raise _too_large(path.name, size, max_bytes)
        for suffix, entry in parts.items():
            with archive.open(entry) as source, (folder / f"layer{suffix}").open("wb") as target:
                shutil.copyfileobj(source, target)
    return folder / "layer.shp"


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
    if len(layers) != 1:
        raise ImportFileError(Problem("several_layers", {"file": file, "layers": listed}))
    return next(iter(layers.values()))


def explain_json(path: Path, reason: str = "") -> Problem:
    """Return why a JSON file could not be read: where it breaks off, or what it holds instead.

    ``reason`` is told when the document is sound GeoJSON as far as we can see.
    """
    content = path.read_bytes().removeprefix(b"\xef\xbb\xbf")
    try:
        value = json.loads(content)
    except UnicodeDecodeError as error:
        return Problem("broken_json", {"file": path.name, "byte": error.start})
    except json.JSONDecodeError as error:
        # an unterminated string is reported at its beginning, yet it is the end that is missing
        at_end = error.pos >= len(error.doc.rstrip()) - 1 or error.msg.startswith("Unterminated")
        if at_end:
            return Problem("truncated_json", {"file": path.name, "byte": len(content)})
        byte = len(error.doc[: error.pos].encode("utf-8", "surrogatepass"))
        return Problem("broken_json", {"file": path.name, "byte": byte})
    return _not_geojson(
        path, value.get("type") if isinstance(value, dict) else type(value).__name__
    )


def _json_format(path: Path, start: bytes) -> Format:
    first, _, rest = start.partition(b"\n")
    if start[:1] == b"{" and rest.lstrip()[:1] == b"{":
        try:
            if json.loads(first).get("type") in _GEOJSON_TYPES:
                return "geojsonseq"
        except ValueError:
            pass  # a document over several lines: not one feature a line
    if path.suffix.lower() in (".geojsonl", ".geojsons", ".geojsonseq", ".ndjson", ".jsonl"):
        return "geojsonseq"
    types = re.findall(rb'"type"\s*:\s*"(\w+)"', start)
    if start[:1] == b"[" or (len(start) < _HEAD_BYTES - 16 and not types):
        raise ImportFileError(explain_json(path))
    if types[:1] == [b"Topology"]:
        raise ImportFileError(_not_geojson(path, "Topology"))
    return "geojson"


def _not_geojson(path: Path, kind: object) -> Problem:
    known = {"Topology": "TopoJSON", "list": "JSON array", "None": "JSON object"}
    return Problem("not_geojson", {"file": path.name, "found": known.get(str(kind), str(kind))})


def _refuse(path: Path, zh: str, en: str) -> ImportFileError:
    return ImportFileError(
        Problem("not_a_layer_file", {"file": path.name, "found_zh": zh, "found_en": en})
    )


def _too_large(name: str, size: int, limit: int) -> ImportFileError:
    details = {"file": name, "size_mb": round(size / 1e6, 1), "limit_mb": round(limit / 1e6, 1)}
    return ImportFileError(Problem("file_too_large", details))
