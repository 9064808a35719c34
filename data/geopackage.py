"""Frames as one GeoPackage, the same bytes for the same frames."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import geopandas
import pyogrio

# GDAL writes when a layer was changed last; the clock is no part of an answer.
_CLOCK = "OGR_CURRENT_DATE"
_MADE = "2000-01-01T00:00:00.000Z"


def write_geopackage(layers: Mapping[str, geopandas.GeoDataFrame]) -> bytes:
    """Return a GeoPackage of frames by the names of their layers; shapes may be mixed."""
    with tempfile.TemporaryDirectory(prefix="wangge-") as folder, _stopped_clock():
        path = Path(folder) / "layers.gpkg"
        for number, (name, frame) in enumerate(layers.items()):
            kinds = set(frame.geom_type.dropna())
            mixed = len({kind.removeprefix("Multi") for kind in kinds}) != 1
            pyogrio.write_dataframe(
                frame,
                path,
                layer=name,
                driver="GPKG",
                append=number > 0,
                geometry_type="Unknown" if mixed else None,
                promote_to_multi=None if mixed else len(kinds) > 1,
            )
        return path.read_bytes()


@contextmanager
def _stopped_clock() -> Iterator[None]:
    before = pyogrio.get_gdal_config_option(_CLOCK)
    pyogrio.set_gdal_config_options({_CLOCK: _MADE})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({_CLOCK: before})
