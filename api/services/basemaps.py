"""The base map behind the layers: presets, and what the browser may fetch for them."""

from __future__ import annotations

import re
from typing import Any, NamedTuple
from urllib.parse import quote, urlsplit

from api.settings import Settings


class Preset(NamedTuple):
    """A public map service: XYZ templates with {z}, {x}, {y}; ``{key}`` is filled in."""

    url: str
    labels_url: str | None
    crs: str
    attribution: str


def _tianditu(layer: str) -> str:
    # asked by key and value, WMTS of Tianditu is an XYZ template
    return (
        f"https://t{{0-7}}.tianditu.gov.cn/{layer}_w/wmts?SERVICE=WMTS&REQUEST=GetTile"
        f"&VERSION=1.0.0&LAYER={layer}&STYLE=default&TILEMATRIXSET=w&FORMAT=tiles"
        "&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}&tk={key}"
    )


PRESETS: dict[str, Preset] = {
    "osm": Preset(
        "https://tile.openstreetmap.org/{z}/{x}/{y}.png",
        None,
        "wgs84",
        "© OpenStreetMap contributors",
    ),
    "tianditu_vec": Preset(_tianditu("vec"), _tianditu("cva"), "wgs84", "© 天地图"),
    "tianditu_img": Preset(_tianditu("img"), _tianditu("cia"), "wgs84", "© 天地图"),
    "amap": Preset(
        "https://webrd0{1-4}.is.autonavi.com/appmaptile?lang=zh_cn&size=1&scale=1&style=8"
        "&x={x}&y={y}&z={z}",
        None,
        "gcj02",
        "© 高德地图",
    ),
}


def describe_basemap(settings: Settings) -> dict[str, Any] | None:
    """Return what the web map needs to show the base map, None when there is none."""
    if settings.basemap == "none":
        return None
    preset = PRESETS.get(settings.basemap) or Preset(settings.basemap_url or "", None, "wgs84", "")
    return {
        "kind": "wmts" if settings.basemap == "wmts" else "xyz",
        "url": _fill(preset.url, settings),
        "labels_url": _fill(preset.labels_url, settings) if preset.labels_url else None,
        "crs": settings.basemap_crs or preset.crs,
        "attribution": preset.attribution,
    }


def basemap_sources(settings: Settings) -> tuple[str, ...]:
    """Return the origins the page may fetch from, as Content-Security-Policy writes them.

    Hosts that differ in a number only become one wildcard: ``t{0-7}.x.cn`` → ``*.x.cn``.
    """
    described = describe_basemap(settings)
    if described is None:
        return ()
    urls = [url for url in (described["url"], described["labels_url"]) if url]
    return tuple(sorted({_source(url) for url in urls}))


# A WMTS resource template on the usual Web Mercator matrix is an XYZ template with longer names.
_WMTS_NAMES = {"{TileMatrix}": "{z}", "{TileRow}": "{y}", "{TileCol}": "{x}"}


def _fill(url: str, settings: Settings) -> str:
    for name, short in _WMTS_NAMES.items():
        url = re.sub(re.escape(name), short, url, flags=re.IGNORECASE)
    return url.replace("{key}", quote(settings.basemap_key or "", safe=""))


def _source(url: str) -> str:
    parts = urlsplit(re.sub(r"\{[^}]*\}", "0", url))
    host = parts.netloc.rpartition("@")[2]
    if re.search(r"\{[^}]*\}", url.split("/")[2]):
        host = "*." + host.partition(".")[2]
    # a setting cannot smuggle a second directive into the header
    return f"{parts.scheme}://{re.sub(r'[^A-Za-z0-9.:*-]', '', host)}"
