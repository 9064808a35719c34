"""Invented mountains: a height raster whose valleys pass through the real township seats.

The heights are synthetic. They decide where land is settled and where limits run (along ridges,
sometimes along streams), so that the cells look like land and not like a drawing exercise.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import ndimage
from scipy.sparse.csgraph import minimum_spanning_tree
from scipy.spatial import cKDTree

from data.sample.frame import FloatArray

STEP_M = 100.0
_STRIKE = np.deg2rad(-28.0)  # the Daba mountains run from north-west to south-east
_VALLEY_M, _RISE_M = 560.0, 820.0
_HEAD_SPACING_M, _STREAM_SLOPE = 4300.0, 0.045
_OCTAVES = ((9000.0, 1.0), (4600.0, 0.62), (2300.0, 0.36), (1100.0, 0.17), (550.0, 0.07))


@dataclass(frozen=True)
class Terrain:
    """Heights on a square raster of :data:`STEP_M` metres, in the metric CRS.

    ``heights_m[row, column]`` is at (x0 + column * STEP_M, y0 + row * STEP_M);
    ``ridges`` is the place on the slope: about -1 on valley floors, 1 on crests; ``rivers`` are
    the large ones, as lines of points.
    """

    x0: float
    y0: float
    heights_m: FloatArray
    ridges: FloatArray
    rivers: tuple[FloatArray, ...]

    def height_m(self, x: FloatArray, y: FloatArray) -> FloatArray:
        """Height above sea level at points of the metric CRS, linear between raster points."""
        return self._sample(self.heights_m, x, y)

    def ridge(self, x: FloatArray, y: FloatArray) -> FloatArray:
        """Place on the slope, from -1 (valley floor) to 1 (crest)."""
        return self._sample(self.ridges, x, y)

    def _sample(self, raster: FloatArray, x: FloatArray, y: FloatArray) -> FloatArray:
        at = np.vstack([(y - self.y0) / STEP_M, (x - self.x0) / STEP_M])
        sampled: FloatArray = ndimage.map_coordinates(raster, at, order=1, mode="nearest")
        return sampled


def make_terrain(
    outline: FloatArray, seats: FloatArray, rng: np.random.Generator, *, margin_m: float = 3000.0
) -> Terrain:
    """Raise mountains around valleys that join the seats.

    Parameters
    ----------
    outline
        (n, 2) ring of the county, metric CRS.
    seats
        (m, 2) places that lie on a valley floor.
    """
    low = outline.min(axis=0) - margin_m
    columns, rows = (np.ceil((np.ptp(outline, axis=0) + 2 * margin_m) / STEP_M) + 1).astype(int)
    x, y = np.meshgrid(low[0] + np.arange(columns) * STEP_M, low[1] + np.arange(rows) * STEP_M)

    rivers, points, floors = _rivers(seats, outline, rng)
    tree = cKDTree(points)
    distance, nearest = tree.query(np.column_stack([x.ravel(), y.ravel()]), k=6)
    floor = np.average(floors[nearest], axis=1, weights=1.0 / (distance + 60.0))
    distance, floor = distance[:, 0].reshape(x.shape), floor.reshape(x.shape)
    crests = _crests(x, y, rng)
    heights = (
        floor
        + _RISE_M * (1.0 - np.exp(-distance / 2600.0)) * (0.6 + 0.4 * crests)
        + 480.0 * np.clip(distance / 1400.0, 0.0, 1.0) * crests
    )
    heights = ndimage.gaussian_filter(heights, 1.2)
    around = ndimage.gaussian_filter(heights, 1300.0 / STEP_M, mode="nearest")
    ridges = ndimage.gaussian_filter(np.clip((heights - around) / 190.0, -1.0, 1.0), 1.0)
    return Terrain(float(low[0]), float(low[1]), heights, ridges, tuple(rivers))


def _rivers(
    seats: FloatArray, outline: FloatArray, rng: np.random.Generator
) -> tuple[list[FloatArray], FloatArray, FloatArray]:
    """Rivers as lines, points along them and all streams, the height of the valley floor there.

    Rivers join every seat to its neighbours and leave the county; then streams join scattered
    heads, the nearest first, to what flows already, so that valleys branch.
    """
    gaps = np.hypot(*(seats[:, None, :] - seats[None, :, :]).transpose(2, 0, 1))
    links = [(seats[a], seats[b]) for a, b in np.argwhere(minimum_spanning_tree(gaps).toarray())]
    center = outline.mean(axis=0)
    for bearing in (0.12, 0.9, 2.2, 3.3, 4.4, 5.4):
        ray = np.array([np.cos(bearing), np.sin(bearing)])
        edge = outline[np.argmax((outline - center) @ ray)]
        nearest = seats[np.argmin(np.hypot(*(seats - edge).T))]
        links.append((nearest, edge + 0.1 * (edge - nearest)))
    rivers = [_wind(start, end, rng) for start, end in links]
    points = np.vstack(rivers)
    low, size = outline.min(axis=0), np.ptp(outline, axis=0)
    floors = _VALLEY_M + 330.0 * (points[:, 0] - low[0]) / size[0]  # the land rises to the east

    across, up = np.meshgrid(*(np.arange(0.0, length, _HEAD_SPACING_M) for length in size))
    heads = low + np.column_stack([across.ravel(), up.ravel()])
    heads += rng.uniform(0.0, _HEAD_SPACING_M, heads.shape)
    reach, _ = cKDTree(points).query(heads)
    for head in heads[np.argsort(reach, kind="stable")]:
        away = np.hypot(*(points - head).T)
        joint = int(np.argmin(away))
        if away[joint] > 1200.0:
            stream = _wind(points[joint], head, rng)
            climb = np.linspace(0.0, 1.0, len(stream)) ** 1.4 * away[joint] * _STREAM_SLOPE
            points = np.vstack([points, stream])
            floors = np.concatenate([floors, floors[joint] + climb])
    return rivers, points, floors


def _wind(start: FloatArray, end: FloatArray, rng: np.random.Generator) -> FloatArray:
    """Bend a straight line by moving midpoints sideways, ever less."""
    line = np.vstack([start, end])
    while (length := float(np.hypot(*(line[1] - line[0])))) > 120.0:
        steps = np.diff(line, axis=0)
        sideways = np.column_stack([-steps[:, 1], steps[:, 0]])
        bend = 0.16 if length > 1500.0 else 0.1
        middle = line[:-1] + steps / 2 + sideways * rng.normal(0.0, bend, (len(steps), 1))
        woven = np.empty((len(line) + len(middle), 2))
        woven[0::2], woven[1::2] = line, middle
        line = woven
    return line


def _crests(x: FloatArray, y: FloatArray, rng: np.random.Generator) -> FloatArray:
    """Ridged noise in 0…1, longer along the strike of the range."""
    along = x * np.cos(_STRIKE) + y * np.sin(_STRIKE)
    across = -x * np.sin(_STRIKE) + y * np.cos(_STRIKE)
    total = np.zeros_like(x)
    for wavelength, weight in _OCTAVES:
        stretch = 1.7 if wavelength > 4000.0 else 1.25
        noise = rng.normal(0.0, 1.0, (64, 64))
        at = np.vstack([along.ravel() / (wavelength * stretch), across.ravel() / wavelength]) * 2
        wave = ndimage.map_coordinates(noise, at, order=3, mode="grid-wrap").reshape(x.shape)
        total += weight * (1.0 - np.minimum(np.abs(wave), 1.6) / 0.8)
    low, high = np.quantile(total, [0.01, 0.99])
    crests: FloatArray = np.clip((total - low) / (high - low), 0.0, 1.0)
    return crests
