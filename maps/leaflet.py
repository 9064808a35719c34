"""A folium map that opens with no network: every script and style is inside the file."""

from __future__ import annotations

import re
from html import escape
from pathlib import Path
from typing import Any, NamedTuple

import folium
from branca.element import Element, Figure, MacroElement
from jinja2 import Template

from geo.errors import GeoError
from geo.problems import Problem

BUILT = Path(__file__).parent / "static" / "report"


class LeafletAssets(NamedTuple):
    """Text of Leaflet's script and style sheet."""

    script: str
    style: str


def load_leaflet(folder: Path = BUILT) -> LeafletAssets:
    """Read Leaflet as the front-end build left it.

    Raises
    ------
    GeoError
        ``web_map_not_built`` when the front end was never built.
    """
    try:
        return LeafletAssets(
            (folder / "leaflet.js").read_text("utf-8"), (folder / "leaflet.css").read_text("utf-8")
        )
    except FileNotFoundError as error:
        raise GeoError(Problem("web_map_not_built")) from error


class OfflineMap(folium.Map):
    """``folium.Map`` without its ten links to other hosts.

    The lists are the instance's own: ``add_js_link`` changes folium's class-level ones, which
    would leak one report's links into every map of the process.
    """

    def __init__(self, assets: LeafletAssets, **options: Any) -> None:  # noqa: ANN401
        super().__init__(tiles=None, prefer_canvas=False, **options)
        self.default_js = []
        self.default_css = []
        header = self.figure.header
        # `</script` cannot stand inside an inlined script; no other text can end it.
        script = assets.script.replace("</script", "<\\/script")
        # The source map comment would be a request to the server.
        script = re.sub(r"//# sourceMappingURL=\S+", "", script)
        style = re.sub(r"url\((?!data:)[^)]*\)", "none", assets.style)
        header.add_child(Element(_raw(f"<script>{script}</script>")), name="leaflet_js")
        header.add_child(Element(_raw(f"<style>{style}</style>")), name="leaflet_css")

    @property
    def figure(self) -> Figure:
        """The document the map stands in."""
        root = self.get_root()
        assert isinstance(root, Figure)
        return root


class MapMark(MacroElement):
    """The review number or working-map line on the map itself, and a metric scale bar."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        {{ this._parent.get_name() }}.attributionControl.setPrefix({{ this.text|tojson }});
        L.control.scale({imperial: false}).addTo({{ this._parent.get_name() }});
        {% endmacro %}
        """
    )

    def __init__(self, text: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "MapMark"
        self.text = escape(text)


def _raw(text: str) -> str:
    """Keep branca from reading ``{{`` in foreign text as a template."""
    return "{% raw %}" + text + "{% endraw %}"


def steady_names(html: str) -> str:
    """Replace folium's random element names by counters, so that same input gives same bytes.

    Examples
    --------
    >>> steady_names("map_0123456789abcdef0123456789abcdef")
    'map_1'
    """
    names: dict[str, str] = {}
    return re.sub(
        r"(?<=_)[0-9a-f]{32}", lambda m: names.setdefault(m[0], str(len(names) + 1)), html
    )
