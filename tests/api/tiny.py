"""A county of four grids, small enough to reckon in one's head, as the files a user would bring.

::

    31.02 ┌────┬────┬────┬────┐      villages 1 and 2, each two grids wide; natural villages are
          │ 01 │ 02 │ 01 │ 02 │      the same halves. ● service center in village 1.
          │  ● │    │    │    │      Households: one in the middle of each quarter of a grid.
    31.00 └────┴────┴────┴────┘
        108.00     .02       .04
"""

import csv
import json
from pathlib import Path

COUNTY, TOWNSHIP = "500999", "500999001"
VILLAGES = ("500999001001", "500999001002")
CENTER = (108.005, 31.01)
WIDTH, HEIGHT = 0.01, 0.02


def box(west, south, east, north):
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [[[round(v, 9) for v in p] for p in ring]]}


def outline(west, south, east, north):
    """Return a box with a node at every corner of a grid: borders are shared node by node."""
    count = round((east - west) / WIDTH)
    along = [round(west + WIDTH * i, 9) for i in range(count + 1)]
    ring = [[x, south] for x in along] + [[x, north] for x in reversed(along)]
    return {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}


def feature(geometry, **properties):
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def collection(features):
    return {"type": "FeatureCollection", "features": features}


def cells():
    """Yield village index, half, west edge of the four grids."""
    for village in range(2):
        for half in range(2):
            yield village, half, 108.0 + WIDTH * (2 * village + half)


def divisions():
    county = outline(108.0, 31.0, 108.04, 31.02)
    return collection(
        [
            feature(county, code=COUNTY, name="小县", level="county"),
            feature(county, code=TOWNSHIP, name="河东镇", level="township"),
            feature(
                outline(108.0, 31.0, 108.02, 31.02),
                code=VILLAGES[0],
                name="上河村",
                level="village",
            ),
            feature(
                outline(108.02, 31.0, 108.04, 31.02),
                code=VILLAGES[1],
                name="下河村",
                level="village",
            ),
        ]
    )


def grids(shift=0.0):
    """Grids; ``shift`` moves the border inside the first village east."""
    rows = []
    for village, half, west in cells():
        east = west + WIDTH
        if village == 0:
            west, east = (west, east + shift) if half == 0 else (west + shift, east)
        code = f"{VILLAGES[village]}{half + 1:03d}"
        rows.append(feature(box(west, 31.0, east, 31.02), code=code, name=f"第{half + 1}网格"))
    return collection(rows)


def natural_villages():
    return collection(
        [
            feature(
                box(west, 31.0, west + WIDTH, 31.02),
                code=f"N{village}{half}",
                name="张家湾" if (village, half) == (0, 0) else f"湾{village}{half}",
                village_code=VILLAGES[village],
            )
            for village, half, west in cells()
        ]
    )


def households():
    rows = []
    for village, half, west in cells():
        for i, (dx, dy) in enumerate([(0.25, 0.25), (0.75, 0.25), (0.25, 0.75), (0.75, 0.75)]):
            rows.append(
                {
                    "code": f"H{village}{half}{i}",
                    "address": f"小县河东镇{'上下'[village]}河村{half + 1}组{i + 1}号",
                    "lon": round(west + dx * WIDTH, 9),
                    "lat": round(31.0 + dy * HEIGHT, 9),
                    "village_code": VILLAGES[village],
                    "residents": 3,
                    "registered": 4,
                    "children": 1,
                    "elderly": 1,
                }
            )
    return rows


def centers():
    return collection(
        [
            feature(
                {"type": "Point", "coordinates": list(CENTER)},
                code="C1",
                name="上河村党群服务中心",
                level="village",
                village_code=VILLAGES[0],
            )
        ]
    )


def write_files(folder: Path) -> dict[str, Path]:
    """Write the five files; return them in the order they come in."""
    files = {}
    for layer, content in {
        "divisions": divisions(),
        "natural_villages": natural_villages(),
        "grids": grids(),
        "centers": centers(),
    }.items():
        files[layer] = folder / f"{layer}.geojson"
        files[layer].write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    files["households"] = folder / "households.csv"
    with files["households"].open("w", encoding="utf-8", newline="") as target:
        rows = households()
        table = csv.DictWriter(target, rows[0])
        table.writeheader()
        table.writerows(rows)
    order = ("divisions", "natural_villages", "grids", "households", "centers")
    return {layer: files[layer] for layer in order}
