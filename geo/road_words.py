"""What files call roads and barriers, in OpenStreetMap's words and in those of Chinese offices.

Keys are what the store holds: for roads OpenStreetMap's value of ``highway``.
"""

from __future__ import annotations

# National, provincial, county, township and village roads (国道 … 村道) are administrative grades,
# first to fourth class (一级 … 四级, JTG B01) technical ones; a file has one or the other.
ROAD_CLASSES: dict[str, tuple[str, ...]] = {
    "motorway": ("高速公路", "高速", "高速路", "EXPRESSWAY"),
    "motorway_link": ("高速匝道", "高速公路匝道"),
    "trunk": ("国道", "G", "一级公路", "一级", "快速路", "城市快速路"),
    "trunk_link": ("快速路匝道", "国道匝道"),
    "primary": ("省道", "S", "二级公路", "二级", "主干路", "主干道", "城市主干路"),
    "primary_link": ("匝道",),
    "secondary": ("县道", "X", "三级公路", "三级", "次干路", "次干道", "城市次干路"),
    "secondary_link": ("次干路匝道",),
    "tertiary": ("乡道", "乡镇道路", "Y", "四级公路", "四级", "支路", "城市支路"),
    "tertiary_link": ("支路匝道",),
    "unclassified": ("村道", "C", "通村公路", "通村路", "通组路", "等外公路", "等外", "等外路"),
    "residential": ("街道", "街巷", "居住区道路", "小区道路", "巷道"),
    "living_street": ("生活街道",),
    "service": ("内部道路", "专用公路", "Z", "服务道路", "SERVICE ROAD"),
    "track": (
        *("机耕路", "机耕道", "田间道路", "生产路", "大车路", "农村道路"),
        *("TRACK_GRADE1", "TRACK_GRADE2", "TRACK_GRADE3", "TRACK_GRADE4", "TRACK_GRADE5"),
    ),
    "pedestrian": ("步行街",),
    "footway": ("人行道", "步行道", "人行路"),
    "path": ("小路", "小径", "乡村小路", "山路"),
    "steps": ("台阶", "梯步"),
    "cycleway": ("自行车道", "非机动车道"),
    "bridleway": ("马道",),
    "busway": ("公交专用道", "BUS_GUIDEWAY"),
    "road": ("道路", "未分类", "其他道路", "UNKNOWN"),
}
# Values of `highway` that nobody can go along, yet or any more.
NOT_ROADS: frozenset[str] = frozenset(
    {
        *("construction", "proposed", "planned", "abandoned", "disused", "razed", "demolished"),
        *("platform", "bus_stop", "rest_area", "services", "elevator", "corridor", "no"),
        *("raceway", "escape", "emergency_bay", "via_ferrata", "trailhead", "ladder"),
        *("在建", "规划", "拟建", "废弃"),
    }
)

ONEWAY: dict[str, tuple[str, ...]] = {
    "both": ("双向", "双向通行", "NO", "FALSE", "0", "否", "REVERSIBLE", "ALTERNATING"),
    "forward": ("单向", "单行", "单向通行", "顺向", "YES", "TRUE", "1", "是"),
    "backward": ("逆向", "-1", "REVERSE"),
}

BARRIER_KINDS: dict[str, tuple[str, ...]] = {
    "river": ("河流", "河", "江", "干流", "渠道", "运河", "沟渠", "CANAL", "RIVERBANK"),
    "water": ("水面", "水域", "湖泊", "水库", "坑塘", "LAKE", "RESERVOIR", "POND"),
    "railway": ("铁路", "高铁", "RAIL", "LIGHT_RAIL", "NARROW_GAUGE"),
    "wall": ("围墙", "围栏", "城墙", "隔离栏", "CITY_WALL", "RETAINING_WALL", "FENCE"),
    "cliff": ("陡崖", "悬崖", "陡坎", "断崖"),
}
# What stands in the same files and stops nobody.
NOT_BARRIERS: frozenset[str] = frozenset(
    {
        *("stream", "ditch", "drain", "brook", "tidal_channel", "wetland", "spring", "waterfall"),
        *("abandoned", "disused", "razed", "construction", "proposed", "subway", "platform"),
        *("小溪", "溪流", "排水沟", "在建", "规划", "废弃"),
    }
)
# km/h that China's rules give where a way only names its zone (Regulation on the Implementation
# of the Road Traffic Safety Law 2004, art. 45 and 78).
ZONE_KMH: dict[str, float] = {"CN:URBAN": 50.0, "CN:RURAL": 70.0, "CN:MOTORWAY": 120.0}
