"""The layers and their columns: one table that importers, store, exports and docs share.

A *layer frame* is a GeoDataFrame in EPSG:4490 on the lattice, RangeIndex, with the columns
of its :class:`Layer` (missing optional ones are filled with NA) and a ``geometry`` column.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, NamedTuple

from geo.road_words import BARRIER_KINDS, NOT_BARRIERS, NOT_ROADS, ONEWAY, ROAD_CLASSES

Kind = Literal[
    "text", "code", "count", "number", "choice", "codes", "counts", "instant", "flag", "speed"
]
# ``obstacle``: a line or a polygon; ``place``: a point, or a polygon that stands for one
GeometryKind = Literal["point", "polygon", "line", "obstacle", "place"]


class Field(NamedTuple):
    """One column of a layer.

    ``aliases`` are names the column has in files of the field, compared in upper case;
    ``choices`` maps the allowed values to the words files use for them; rows with a word of
    ``left_out`` do not belong to the layer.
    """

    name: str
    kind: Kind
    zh: str
    en: str
    required: bool = False
    aliases: tuple[str, ...] = ()
    choices: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    left_out: frozenset[str] = frozenset()


class Layer(NamedTuple):
    """A layer a user can import and export.

    ``unique``: a code names one row of a file.
    """

    name: str
    zh: str
    en: str
    geometry: GeometryKind
    geometry_required: bool
    fields: tuple[Field, ...]
    unique: bool = True

    def field(self, name: str) -> Field:
        """Return the field called ``name``; ``KeyError`` if there is none."""
        return {f.name: f for f in self.fields}[name]


_NAME = Field(
    "name",
    "text",
    "名称",
    "name",
    aliases=("NAME", "MC", "XZQMC", "CUN_MC", "DJZQMC", "NAME20", "WGMC", "ZRCMC", "ZXMC"),
)
_RESIDENTS = Field(
    "residents",
    "count",
    "常住人口",
    "residents",
    aliases=("POP", "POPULATION", "TOTAL_POP", "CZRK", "RESIDENT"),
)
_REGISTERED = Field("registered", "count", "户籍人口", "registered population", aliases=("HJRK",))
_HOUSEHOLDS = Field("households", "count", "户数", "households", aliases=("HS", "HU"))
_VALID_FROM = Field(
    "valid_from", "instant", "启用日期", "valid from", aliases=("QYRQ", "START_DATE")
)

_LINE_CODES = ("OSM_ID", "@ID", "ID", "LDBH", "路段编号", "编号")

DIVISION_LEVELS: dict[str, tuple[str, ...]] = {
    "province": ("省", "直辖市", "自治区"),
    "city": ("市", "地级市"),
    "county": ("县", "区", "县级市"),
    "township": ("乡镇", "乡镇街道", "街道", "镇", "乡", "TOWN"),
    "village": ("村", "行政村", "社区", "村社区"),
}
GRID_KINDS: dict[str, tuple[str, ...]] = {
    "basic": ("基础网格", "基础", "BASIC GRID"),
    "dedicated": ("专属网格", "专属", "专属型", "DEDICATED GRID"),
}
CENTER_LEVELS: dict[str, tuple[str, ...]] = {
    "county": ("县级", "县", "区级"),
    "township": ("乡镇级", "镇级", "乡镇", "街道"),
    "village": ("村级", "村", "社区"),
    "station": ("站点", "驿站", "网格站"),
}
AREA_TYPES: tuple[str, ...] = ("urban", "rural_plain", "mountain")

LAYERS: dict[str, Layer] = {
    layer.name: layer
    for layer in (
        Layer(
            "divisions",
            "行政区划",
            "divisions",
            "polygon",
            False,
            (
                Field(
                    "code",
                    "code",
                    "区划代码",
                    "division code",
                    True,
                    ("XZQDM", "DJZQDM", "AREA_CODE", "PAC", "QSDM", "CUN_DM", "GEOID"),
                ),
                _NAME,
                Field(
                    "level",
                    "choice",
                    "级别",
                    "level",
                    aliases=("LEVEL", "JB"),
                    choices=DIVISION_LEVELS,
                ),
                Field(
                    "urban_rural_class",
                    "code",
                    "城乡分类代码",
                    "urban-rural class",
                    aliases=("CXFL", "UR_CODE", "CXFLDM"),
                ),
                Field(
                    "area_type",
                    "choice",
                    "地区类型",
                    "area type",
                    choices={
                        "urban": ("城镇",),
                        "rural_plain": ("平原农村", "农村"),
                        "mountain": ("山区",),
                    },
                ),
                Field("residents", "count", "常住人口", "residents", aliases=_RESIDENTS.aliases),
                _VALID_FROM,
            ),
        ),
        Layer(
            "natural_villages",
            "自然村",
            "natural villages",
            "polygon",
            True,
            (
                Field(
                    "code",
                    "code",
                    "自然村编码",
                    "natural village code",
                    True,
                    ("ID", "ZRCDM", "GEOID", "GEOID20", "GEO_ID", "PATH", "FID"),
                ),
                _NAME,
                Field(
                    "village_code",
                    "code",
                    "所属村编码",
                    "village code",
                    aliases=("CUN_DM", "XZQDM", "CUN"),
                ),
                _HOUSEHOLDS,
                _RESIDENTS,
                _REGISTERED,
            ),
        ),
        Layer(
            "grids",
            "网格",
            "grids",
            "polygon",
            True,
            (
                Field(
                    "code",
                    "code",
                    "网格编码",
                    "grid code",
                    True,
                    ("WGBM", "WGDM", "GRID_CODE", "GRIDCODE", "GRID_ID"),
                ),
                _NAME,
                Field(
                    "village_code",
                    "code",
                    "所属村编码",
                    "village code",
                    aliases=("CUN_DM", "XZQDM", "VILLAGE"),
                ),
                Field(
                    "kind",
                    "choice",
                    "网格类型",
                    "kind",
                    aliases=("WGLX", "TYPE"),
                    choices=GRID_KINDS,
                ),
                Field(
                    "parent_code", "code", "上级网格编码", "parent grid code", aliases=("SJWGBM",)
                ),
                Field("network", "code", "网络", "network", aliases=("WL",)),
                _VALID_FROM,
            ),
        ),
        Layer(
            "households",
            "住户",
            "households",
            "point",
            True,
            (
                Field(
                    "code",
                    "code",
                    "户编号",
                    "household id",
                    True,
                    ("HOUSEHOLD_ID", "HH_ID", "HBH", "ID"),
                ),
                Field("address", "text", "地址", "address", aliases=("ADDR", "DZ", "地址")),
                Field(
                    "village_code",
                    "code",
                    "所属村编码",
                    "village code",
                    aliases=("CUN_DM", "XZQDM"),
                ),
                Field(
                    "natural_village_code",
                    "code",
                    "自然村编码",
                    "natural village code",
                    aliases=("ZRCDM",),
                ),
                _RESIDENTS,
                _REGISTERED,
                Field("children", "count", "0–14岁", "aged 0–14"),
                Field("elderly", "count", "60岁以上", "aged 60 and over", aliases=("AGED_60",)),
                Field("aged_80", "count", "80岁以上", "aged 80 and over"),
                Field("needs", "counts", "需求人数", "need counts"),
            ),
        ),
        Layer(
            "centers",
            "党群服务中心",
            "service centers",
            "point",
            True,
            (
                Field("code", "code", "中心编号", "center code", True, ("CENTER_ID", "ZXBH", "ID")),
                _NAME,
                Field("level", "choice", "级别", "level", True, ("JB", "LEVEL"), CENTER_LEVELS),
                Field(
                    "village_code",
                    "code",
                    "所属村编码",
                    "village code",
                    aliases=("CUN_DM", "XZQDM"),
                ),
                Field("address", "text", "地址", "address", aliases=("DZ", "ADDR")),
                Field("services", "codes", "服务事项", "services"),
                Field("capacity", "count", "服务能力(户)", "capacity (households)"),
                Field("floor_area_m2", "number", "建筑面积(m²)", "floor area (m²)"),
                _VALID_FROM,
            ),
        ),
        Layer(
            "roads",
            "道路",
            "roads",
            "line",
            True,
            (
                Field("code", "code", "道路编号", "road code", aliases=_LINE_CODES),
                Field("name", "text", "名称", "name", aliases=("NAME", "MC", "LMC", "路名")),
                Field(
                    "road_class",
                    "choice",
                    "道路等级",
                    "road class",
                    True,
                    ("HIGHWAY", "FCLASS", "DLDJ", "等级", "公路等级", "行政等级", "技术等级"),
                    ROAD_CLASSES,
                    NOT_ROADS,
                ),
                Field(
                    "oneway",
                    "choice",
                    "通行方向",
                    "direction",
                    aliases=("ONEWAY", "单行", "单向"),
                    choices=ONEWAY,
                ),
                Field(
                    "speed_kmh",
                    "speed",
                    "限速(km/h)",
                    "speed (km/h)",
                    aliases=("MAXSPEED", "限速", "设计速度", "设计时速", "SPEED"),
                ),
                Field("bridge", "flag", "是否桥梁", "bridge", aliases=("桥梁", "QL")),
            ),
        ),
        Layer(
            "barriers",
            "阻隔",
            "barriers",
            "obstacle",
            True,
            (
                Field("code", "code", "阻隔编号", "barrier code", aliases=_LINE_CODES),
                Field("name", "text", "名称", "name", aliases=("NAME", "MC", "HLMC")),
                Field(
                    "kind",
                    "choice",
                    "阻隔类型",
                    "kind",
                    True,
                    ("TYPE", "FCLASS", "类型", "WATERWAY", "LX"),
                    BARRIER_KINDS,
                    NOT_BARRIERS,
                ),
            ),
        ),
    )
}
