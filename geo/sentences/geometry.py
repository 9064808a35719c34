"""Sentences about coordinates, codes, shapes and partitions, in the order in which they come up."""

from __future__ import annotations

from geo.sentences.sentence import Sentence, error, warning

SENTENCES: dict[str, Sentence] = {
    # coordinates
    "missing_crs": error(
        "没有坐标系，无法确定位置。",
        "There is no coordinate system, so places cannot be known.",
        "说明文件的坐标系，例如 EPSG:4490、WGS84、GCJ02。",
        "Say which coordinate system the file is in, such as EPSG:4490, WGS84 or GCJ02.",
    ),
    "unknown_crs": error(
        "不认识坐标系“{crs}”。",
        "Coordinate system “{crs}” is not known.",
        "写 EPSG 编号（如 4547）、WGS84、CGCS2000、GCJ02 或 BD09。",
        "Give an EPSG number (such as 4547), WGS84, CGCS2000, GCJ02 or BD09.",
    ),
    "metric_crs_needed": error(
        "此计算需要以米为单位的坐标系，而数据是 {crs}。",
        "This computation needs a coordinate system in metres, but the data is in {crs}.",
        "先用 geo.crs.to_metric 转换。",
        "Convert the data with geo.crs.to_metric first.",
    ),
    "crs_differs": error(
        "两份数据的坐标系不同：{crs} 与 {other}。",
        "The coordinate systems of the two data sets differ: {crs} and {other}.",
        "先转换到同一坐标系。",
        "Convert both to one coordinate system first.",
    ),
    "datum_offset_unknown": warning(
        "{crs} 到 CGCS2000 没有公开的转换参数，位置可能偏差数十米到一百多米。",
        "There are no public parameters from {crs} to CGCS2000: places may be off by tens of "
        "metres to more than a hundred.",
        "请测绘部门把文件转换到 CGCS2000 后再导入。",
        "Ask the survey office for the file in CGCS2000.",
    ),
    "bad_coordinate": error(
        "坐标无效：({x}, {y})。",
        "The coordinates ({x}, {y}) are not a place.",
        "检查坐标系是否选对、经纬度是否颠倒、数值是否缺失；八位横坐标的前两位是带号。",
        "Check the coordinate system, swapped longitude and latitude, and missing numbers; the "
        "first two digits of an eight-digit easting name its zone.",
    ),
    "broken_by_rounding": error(
        "图形细小，存储到 0.1 毫米格点后不再有效：{reason_zh}。",
        "The shape is so small or narrow that storing it to 0.1 mm breaks it: {reason}.",
        "删除这个图形，或把它的尖角和狭缝改宽。",
        "Delete the shape, or widen its spikes and slits.",
    ),
    # codes and rules
    "irregular_code": warning(
        "编码 {code} 不符合{level_zh}编码规则（{digits} 位数字），按原样保留。",
        "Code {code} does not follow the rule for a {level} ({digits} digits); kept as given.",
        "核对编码；不改也可以使用。",
        "Check the code; the data can be used as it is.",
    ),
    "too_many_grids": error(
        "村 {village} 有 {count} 个网格，三位后缀编不下。",
        "Village {village} has {count} grids, more than a three-digit suffix can number.",
        "检查这些网格是否真的属于同一个村。",
        "Check whether these grids really belong to one village.",
    ),
    "profile_value": error(
        "规则集的 {path}：{reason_zh}。",
        "Rule set, {path}: {reason}.",
        "修改规则集文件中的这一项。",
        "Correct this entry of the rule set.",
    ),
    "missing_rule": error(
        "规则集“{profile}”没有给出 {path}。",
        "Rule set “{profile}” has no {path}.",
        "在规则集中补上这一项，或在分析中直接给出数值。",
        "Add it to the rule set, or give the number with the analysis.",
    ),
    "column_missing": error(
        "缺少列：{columns}。",
        "Missing columns: {columns}.",
        "补上这些列，或在导入时指明对应的列。",
        "Add them, or say at import which columns they are.",
    ),
    "parameter_value": error(
        "参数 {name} 的值“{value}”无效。",
        "Parameter {name} cannot be “{value}”.",
        "允许的值：{allowed}",
        "Allowed: {allowed}",
    ),
    # shapes and partition
    "not_a_polygon": error(
        "{code} 不是面：{found}。",
        "{code} is not a polygon but {found}.",
        "补画边界；网格必须是一个面。",
        "Draw its outline: a grid must be a polygon.",
    ),
    "invalid_shape": error(
        "{code} 的图形无效：{reason_zh}。",
        "The shape of {code} is invalid: {reason}.",
        "在标出的位置修改边界，使它不再自己相交。",
        "Redraw the outline at the marked place so that it no longer crosses itself.",
    ),
    "multipart_grid": warning(
        "网格 {code} 由 {parts} 块不相连的部分组成。",
        "Grid {code} is made of {parts} separate parts.",
        "确认是飞地；否则把小块划给相邻网格。",
        "Confirm that it is an exclave, or give the small parts to neighbouring grids.",
    ),
    "gap_in_village": error(
        "{village} 有 {area_m2:,.2f} 平方米不属于任何网格，涉及 {households} 户。",
        "{area_m2:,.2f} m² of {village}, with {households} {households:household/households}, "
        "is in no grid.",
        "把这块地划给相邻网格。",
        "Give this land to a neighbouring grid.",
    ),
    "overlap": error(
        "网格 {grids} 重叠 {area_m2:,.2f} 平方米，涉及 {households} 户。",
        "Grids {grids} overlap by {area_m2:,.2f} m², with {households} "
        "{households:household/households}.",
        "确定重叠部分归谁，从另一个网格中去掉。",
        "Decide who keeps the shared part and cut it from the other grid.",
    ),
    "outside_village": error(
        "网格 {grids} 有 {area_m2:,.2f} 平方米在 {village} 之外，涉及 {households} 户。",
        "{area_m2:,.2f} m² of grid {grids}, with {households} "
        "{households:household/households}, lies outside {village}.",
        "把网格裁到村界之内，或核对网格所属的村。",
        "Cut the grid at the village boundary, or check which village it belongs to.",
    ),
    "edge_mismatch": error(
        "网格 {grids} 的公共边没有共用同样的节点（{length_m:,.1f} 米）。",
        "Grids {grids} do not share the same nodes along their border ({length_m:,.1f} m).",
        "在方案中对该村执行 match_borders，使两边完全一致。",
        "Run match_borders on the village in a plan: both sides become the same.",
    ),
    "area_mismatch": error(
        "{village} 的网格面积之和与总面积相差 {area_m2:,.2f} 平方米，但没有找到具体位置。",
        "The grids of {village} add up to {area_m2:,.2f} m² more or less than the whole, though "
        "no single place is at fault.",
        "检查村界与网格边界是否来自同一份数据。",
        "Check whether village and grid outlines come from the same source.",
    ),
    "grid_without_village": error(
        "网格 {code} 不属于任何村。",
        "Grid {code} belongs to no village.",
        "给网格填写所属村编码；每个网格只属于一个村。",
        "Give the grid its village code: every grid belongs to exactly one village.",
    ),
}
