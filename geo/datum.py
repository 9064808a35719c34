"""GCJ-02 and BD-09, the shifted coordinates of Chinese map services, both ways.

GCJ-02 (AMap, Tencent) moves WGS84 by up to some hundred metres; BD-09 (Baidu) moves GCJ-02 once
more. Forward formulas: the public ones, as in the open ``eviltransform`` and ``coordtransform``
projects (Krasovsky 1940 ellipsoid, a = 6,378,245 m, e² = 0.00669342162296594323). There is no
closed inverse: it is iterated.
"""

from __future__ import annotations

import enum
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

_A = 6378245.0
_E2 = 0.00669342162296594323
_BD_PI = np.pi * 3000.0 / 180.0
# Outside this box the services do not shift (lon west, east, lat south, north).
_BOX = (72.004, 137.8347, 0.8293, 55.8271)
_TOLERANCE = 1e-12
_ROUNDS = 40


class Datum(enum.StrEnum):
    """A shifted coordinate system of a Chinese map service."""

    GCJ02 = "gcj02"
    BD09 = "bd09"


def shift(
    lon: ArrayLike, lat: ArrayLike, datum: Datum | Literal["gcj02", "bd09"]
) -> tuple[Floats, Floats]:
    """Move WGS84 (or CGCS2000) coordinates to ``datum``.

    Parameters
    ----------
    lon, lat
        Degrees, arrays of one shape.

    Returns
    -------
    tuple of ndarray
        Shifted lon and lat in degrees; outside the box of the formula (72.004–137.8347 E,
        0.8293–55.8271 N) unchanged. NaN stays NaN.

    Examples
    --------
    >>> lon, lat = shift(108.659846, 31.94992, "gcj02")
    >>> round(float(lon), 6), round(float(lat), 6)
    (108.664214, 31.947633)
    """
    x, y = _pair(lon, lat)
    inside = _inside(x, y)
    u, v = _forward(x, y, Datum(datum))
    return np.where(inside, u, x), np.where(inside, v, y)


def unshift(
    lon: ArrayLike, lat: ArrayLike, datum: Datum | Literal["gcj02", "bd09"]
) -> tuple[Floats, Floats]:
    """Move coordinates in ``datum`` back to WGS84.

    Parameters
    ----------
    lon, lat
        Degrees in ``datum``, arrays of one shape.

    Returns
    -------
    tuple of ndarray
        WGS84 lon and lat in degrees: shifting them again gives the input within 1e-11 degree
        (a thousandth of a millimetre). Points whose origin lies outside the box were never shifted
        and come back as they are. Within a kilometre of the box's edge two origins can give the
        same point; then the one inside the box is returned.
    """
    u, v = _pair(lon, lat)
    kind = Datum(datum)
    x, y = u.copy(), v.copy()
    with np.errstate(invalid="ignore", over="ignore"):
        for _ in range(_ROUNDS):
            # The shift changes by about a hundredth of the step: each round gains two digits.
            p, q = _forward(x, y, kind)
            dx, dy = p - u, q - v
            x, y = x - dx, y - dy
            step = np.maximum(np.abs(dx), np.abs(dy))
            if not (step[np.isfinite(step) & (step < 10)] > _TOLERANCE).any():
                break
    inside = _inside(x, y)
    return np.where(inside, x, u), np.where(inside, y, v)


def _pair(lon: ArrayLike, lat: ArrayLike) -> tuple[Floats, Floats]:
    x, y = np.broadcast_arrays(np.asarray(lon, np.float64), np.asarray(lat, np.float64))
    return x, y


def _inside(x: Floats, y: Floats) -> NDArray[np.bool_]:
    west, east, south, north = _BOX
    return (x >= west) & (x <= east) & (y >= south) & (y <= north)


def _forward(x: Floats, y: Floats, datum: Datum) -> tuple[Floats, Floats]:
    """Apply the formula everywhere, whether inside the box or not."""
    with np.errstate(invalid="ignore"):
        u, v = _gcj(x, y)
        return _bd(u, v) if datum is Datum.BD09 else (u, v)


def _gcj(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    x, y = lon - 105.0, lat - 35.0
    root = np.sqrt(np.abs(x))
    waves = 20.0 * np.sin(6.0 * x * np.pi) + 20.0 * np.sin(2.0 * x * np.pi)
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north += (
        waves
        + (20.0 * np.sin(y * np.pi) + 40.0 * np.sin(y / 3.0 * np.pi))
        + (160.0 * np.sin(y / 12.0 * np.pi) + 320.0 * np.sin(y * np.pi / 30.0))
    ) * (2.0 / 3.0)
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east += (
        waves
        + (20.0 * np.sin(x * np.pi) + 40.0 * np.sin(x / 3.0 * np.pi))
        + (150.0 * np.sin(x / 12.0 * np.pi) + 300.0 * np.sin(x / 30.0 * np.pi))
    ) * (2.0 / 3.0)
    phi = np.radians(lat)
    magic = 1.0 - _E2 * np.sin(phi) ** 2
    north = np.degrees(north / ((_A * (1.0 - _E2)) / (magic * np.sqrt(magic))))
    east = np.degrees(east / (_A / np.sqrt(magic) * np.cos(phi)))
    return lon + east, lat + north


def _bd(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    radius = np.sqrt(lon * lon + lat * lat) + 0.00002 * np.sin(lat * _BD_PI)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * _BD_PI)
    return radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006
