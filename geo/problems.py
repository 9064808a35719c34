"""The one vocabulary of problems: key, severity, and a sentence in zh and en.

The API's errors, an import's report, the map's tooltips and the docs all speak it.
Sentences are ``str.format`` templates over :attr:`Problem.details`.
"""

from __future__ import annotations

import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from shapely.geometry.base import BaseGeometry

Language = Literal["zh", "en"]
Severity = Literal["error", "warning"]


class Sentence(NamedTuple):
    """What a key means and what to do: ``error`` refuses, ``warning`` flags."""

    severity: Severity
    zh: str
    en: str
    remedy_zh: str = ""
    remedy_en: str = ""


@dataclass(frozen=True)
class Problem:
    """One reason why something is refused or flagged.

    Parameters
    ----------
    key
        A key of :data:`VOCABULARY`.
    details
        Values for the sentence, also handed to machines.
    row
        1-based number of the data row in the file it came from, if any.
    field
        Column the problem is about, if any.
    grids
        Codes of the grids (or other units) concerned.
    geometry
        The place to highlight, in the CRS of the frame that was checked.
    """

    key: str
    details: Mapping[str, Any] = field(default_factory=dict)
    row: int | None = None
    field: str | None = None
    grids: tuple[str, ...] = ()
    geometry: BaseGeometry | None = None

    def __post_init__(self) -> None:
        if self.key not in VOCABULARY:
            raise KeyError(f"no such problem key: {self.key}")

    @property
    def severity(self) -> Severity:
        """``error`` or ``warning``."""
        return VOCABULARY[self.key].severity

    def sentence(self, language: Language) -> str:
        """Return the sentence for people.

        Examples
        --------
        >>> Problem("duplicate_code", {"code": "500229001001001"}).sentence("en")
        'Code 500229001001001 is used more than once.'
        """
        template: str = getattr(VOCABULARY[self.key], language)
        return _Formatter().vformat(template, (), self.details)


class _Formatter(string.Formatter):
    """A value nobody gave shows as a dash: reporting an error must never fail itself."""

    def get_value(self, key: int | str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:  # noqa: ANN401
        return kwargs.get(str(key), "—")

    def format_field(self, value: Any, format_spec: str) -> str:  # noqa: ANN401
        if format_spec and not isinstance(value, (int, float)):
            return str(value)
        return str(super().format_field(value, format_spec))


def _error(zh: str, en: str, remedy_zh: str = "", remedy_en: str = "") -> Sentence:
    return Sentence("error", zh, en, remedy_zh, remedy_en)


def _warning(zh: str, en: str, remedy_zh: str = "", remedy_en: str = "") -> Sentence:
    return Sentence("warning", zh, en, remedy_zh, remedy_en)


# Kept in groups; within a group in the order a file is read. A third and fourth text, where given,
# say what to do. Every key stands in docs/problems.md: `python -m geo.problems > docs/problems.md`.
VOCABULARY: dict[str, Sentence] = {
    # --- files and rows -------------------------------------------------------------------
    "duplicate_code": _error(
        "编码 {code} 重复。",
        "Code {code} is used more than once.",
        "给其中一个换上新编码，或删除重复的行。",
        "Give one of them a new code, or delete the repeated row.",
    ),
    "file_missing": _error("找不到文件 {file}。", "There is no file {file}."),
    "file_empty": _error("文件 {file} 是空的。", "The file {file} is empty."),
    "file_too_large": _error(
        "文件 {file} 有 {size_mb} MB，超过上限 {limit_mb} MB。",
        "The file {file} has {size_mb} MB; the limit is {limit_mb} MB.",
    ),
    "not_a_layer_file": _error(
        "{file} 不是可以导入的图层文件，而是{found_zh}。",
        "{file} is not a layer file that can be read; it is {found_en}.",
    ),
    "file_unreadable": _error(
        "读不出文件 {file}：{reason}。", "The file {file} cannot be read: {reason}."
    ),
    "not_geojson": _error(
        "{file} 是 JSON，但不是 GeoJSON（内容是 {found}）。",
        "{file} is JSON but not GeoJSON (it holds {found}).",
    ),
    "truncated_json": _error(
        "{file} 不完整，在第 {byte} 字节处中断。",
        "{file} is incomplete: it breaks off at byte {byte}.",
    ),
    "broken_json": _error(
        "{file} 在第 {byte} 字节处不是合法的 JSON。", "{file} is not valid JSON at byte {byte}."
    ),
    "several_layers": _error(
        "{file} 里有多个图层，请指定其中一个：{layers}。",
        "{file} holds several layers; name one of them: {layers}.",
    ),
    "layer_not_in_file": _error(
        "{file} 里没有图层 {layer}，只有：{layers}。",
        "{file} has no layer {layer}; it has: {layers}.",
    ),
    "layer_unknown": _error(
        "没有名为 {layer} 的图层，可用的是：{layers}。",
        "There is no layer {layer}; there are: {layers}.",
    ),
    "encoding_unknown": _error(
        "无法判断 {file} 的文字编码，请指定（例如 GB18030）。",
        "The text encoding of {file} cannot be told; name it (for example GB18030).",
    ),
    "encoding_wrong": _error(
        "{file} 的文字不能按 {encoding} 解读。", "The text of {file} cannot be read as {encoding}."
    ),
    "encoding_contradicts_label": _warning(
        "{file} 标明的编码是 {label}，实际是 {encoding}，已按实际编码读取。",
        "{file} is labelled {label} but its text is {encoding}; it was read as the latter.",
    ),
    "no_rows": _error("{file} 里没有数据行。", "{file} has no data rows."),
    "no_geometry": _error(
        "{file} 里没有坐标：需要经纬度列、x/y 列或 WKT 列。",
        "{file} has no coordinates: it needs lon/lat, x/y or WKT columns.",
    ),
    "column_not_found": _error(
        "文件里没有列 {column}（要用作“{field_zh}”）。",
        "The file has no column {column} (asked for as {field_en}).",
    ),
    "field_unknown": _error(
        "图层 {layer} 没有字段 {field}，可用的是：{fields}。",
        "Layer {layer} has no field {field}; it has: {fields}.",
    ),
    "field_without_column": _error(
        "文件里找不到必需的“{field_zh}”列；可以用“字段=列名”指定。",
        "The file has no column for {field_en}, which is required; name it as field=column.",
    ),
    "ambiguous_column": _warning(
        "“{field_zh}”有多个可能的列（{columns}），用了 {column}。",
        "Several columns could be {field_en} ({columns}); {column} was used.",
    ),
    "personal_column_dropped": _warning(
        "列 {column} 含个人信息，已丢弃，不会保存。",
        "Column {column} holds personal data; it was dropped and is not stored.",
    ),
    "personal_value_removed": _warning(
        "“{field_zh}”里的证件号或电话号码已删除，不会保存。",
        "An identity or phone number in {field_en} was removed and is not stored.",
    ),
    "crs_missing": _error(
        "文件没有说明坐标系，请指定。{hint_zh}",
        "The file does not say its coordinate system; name it. {hint_en}",
    ),
    "crs_contradicts_coordinates": _error(
        "坐标系 {crs} 与坐标数值不符（例如 {example}）。{hint_zh}",
        "The coordinate system {crs} contradicts the numbers (such as {example}). {hint_en}",
    ),
    "crs_overridden": _warning(
        "文件标明坐标系 {file_crs}，已按指定的 {crs} 读取。",
        "The file says {file_crs}; it was read as {crs}, as asked.",
    ),
    "broken_row": _error(
        "这一行读不出来（应有 {expected} 列，实有 {found} 列）。",
        "The row cannot be read (it should have {expected} columns and has {found}).",
    ),
    "broken_line": _error(
        "这一行不是合法的 GeoJSON 要素。", "The line is not a valid GeoJSON feature."
    ),
    "missing_value": _error("缺少“{field_zh}”。", "There is no {field_en}."),
    "count_not_number": _error(
        "“{field_zh}”应是整数，不是“{value}”。", "{field_en} must be a whole number, not “{value}”."
    ),
    "count_not_whole": _error(
        "“{field_zh}”应是整数，不能是小数 {value}。",
        "{field_en} must be a whole number, not the fraction {value}.",
    ),
    "count_negative": _error(
        "“{field_zh}”不能是负数 {value}。", "{field_en} must not be negative ({value})."
    ),
    "count_too_large": _error(
        "“{field_zh}”的数值 {value} 过大。", "{field_en} is too large ({value})."
    ),
    "number_not_valid": _error(
        "“{field_zh}”应是非负数，不是“{value}”。",
        "{field_en} must be a number that is not negative, not “{value}”.",
    ),
    "code_digits_lost": _error(
        "“{field_zh}”的值 {value} 是科学计数法或超长数值，原来的数字已丢失；请把该列存为文本。",
        "{field_en} is {value}: a scientific or overlong number has lost digits; keep it as text.",
    ),
    "choice_unknown": _error(
        "“{field_zh}”不能是“{value}”，可用的是：{choices}。",
        "{field_en} cannot be “{value}”; it is one of: {choices}.",
    ),
    "counts_not_valid": _error(
        "“{field_zh}”应写成“名称:人数;名称:人数”，不是“{value}”。",
        "{field_en} must be written as name:count;name:count, not “{value}”.",
    ),
    "date_not_valid": _error(
        "“{field_zh}”不是日期：“{value}”。", "{field_en} is not a date: “{value}”."
    ),
    "date_in_future": _error(
        "“{field_zh}”{value} 在将来；将来的界线请用方案管理。",
        "{field_en} {value} lies in the future; keep future lines in a plan.",
    ),
    "empty_geometry": _error("没有坐标或图形为空。", "The coordinates or the shape are missing."),
    "coordinates_not_numbers": _error(
        "坐标不是数字：“{x}”，“{y}”。", "The coordinates are not numbers: “{x}”, “{y}”."
    ),
    "coordinates_not_finite": _error("坐标里有 NaN 或无穷大。", "A coordinate is NaN or infinite."),
    "coordinates_out_of_range": _error(
        "坐标 {x}, {y} 超出范围。", "The coordinates {x}, {y} are out of range."
    ),
    "swapped_coordinates": _error(
        "经纬度颠倒了：{x}, {y}。", "Longitude and latitude are swapped: {x}, {y}."
    ),
    "wrong_geometry_type": _error(
        "图形类型应是{expected_zh}，不是 {found}。",
        "The shape must be a {expected_en}, not {found}.",
    ),
    "unreadable_geometry": _error(
        "图形读不出来（环未闭合或点数不足）。",
        "The shape cannot be read (a ring is not closed or has too few points).",
    ),
    "self_intersection": _error(
        "多边形在 {x}, {y} 处自相交或环有误：{reason}。",
        "The polygon crosses itself or has a wrong ring at {x}, {y}: {reason}.",
    ),
    "z_dropped": _warning(
        "{count} 行有高程值，已去掉。", "{count} rows have heights; these were dropped."
    ),
    "outside_county": _warning("位置在县界之外。", "The place lies outside the county."),
    "village_unknown": _warning(
        "库里没有村 {village_code}。", "There is no village {village_code} in the store."
    ),
    "tile_out_of_range": _error(
        "没有瓦片 {z}/{x}/{y}：级别为 0–22。", "There is no tile {z}/{x}/{y}: zooms are 0 to 22."
    ),
    # --- coordinates ----------------------------------------------------------------------
    "missing_crs": _error(
        "没有坐标系，无法确定位置。",
        "There is no coordinate system, so places cannot be known.",
        "说明文件的坐标系，例如 EPSG:4490、WGS84、GCJ02。",
        "Say which coordinate system the file is in, such as EPSG:4490, WGS84 or GCJ02.",
    ),
    "unknown_crs": _error(
        "不认识坐标系“{crs}”。",
        "Coordinate system “{crs}” is not known.",
        "写 EPSG 编号（如 4547）、WGS84、CGCS2000、GCJ02 或 BD09。",
        "Give an EPSG number (such as 4547), WGS84, CGCS2000, GCJ02 or BD09.",
    ),
    "metric_crs_needed": _error(
        "此计算需要以米为单位的坐标系，而数据是 {crs}。",
        "This computation needs a coordinate system in metres, but the data is in {crs}.",
        "先用 geo.crs.to_metric 转换。",
        "Convert the data with geo.crs.to_metric first.",
    ),
    "crs_differs": _error(
        "两份数据的坐标系不同：{crs} 与 {other}。",
        "The coordinate systems of the two data sets differ: {crs} and {other}.",
        "先转换到同一坐标系。",
        "Convert both to one coordinate system first.",
    ),
    "datum_offset_unknown": _warning(
        "{crs} 到 CGCS2000 没有公开的转换参数，位置可能偏差数十米到一百多米。",
        "There are no public parameters from {crs} to CGCS2000: places may be off by tens of "
        "metres to more than a hundred.",
        "请测绘部门把文件转换到 CGCS2000 后再导入。",
        "Ask the survey office for the file in CGCS2000.",
    ),
    "bad_coordinate": _error(
        "坐标无效：({x}, {y})。",
        "The coordinates ({x}, {y}) are not a place.",
        "检查坐标系是否选对、经纬度是否颠倒、数值是否缺失；八位横坐标的前两位是带号。",
        "Check the coordinate system, swapped longitude and latitude, and missing numbers; the "
        "first two digits of an eight-digit easting name its zone.",
    ),
    "broken_by_rounding": _error(
        "图形细小，存储到 0.1 毫米格点后不再有效：{reason_zh}。",
        "The shape is so small or narrow that storing it to 0.1 mm breaks it: {reason}.",
        "删除这个图形，或把它的尖角和狭缝改宽。",
        "Delete the shape, or widen its spikes and slits.",
    ),
    # --- codes and rules ------------------------------------------------------------------
    "irregular_code": _warning(
        "编码 {code} 不符合{level_zh}编码规则（{digits} 位数字），按原样保留。",
        "Code {code} does not follow the rule for a {level} ({digits} digits); kept as given.",
        "核对编码；不改也可以使用。",
        "Check the code; the data can be used as it is.",
    ),
    "too_many_grids": _error(
        "村 {village} 有 {count} 个网格，三位后缀编不下。",
        "Village {village} has {count} grids, more than a three-digit suffix can number.",
        "检查这些网格是否真的属于同一个村。",
        "Check whether these grids really belong to one village.",
    ),
    "profile_value": _error(
        "规则集的 {path}：{reason_zh}。",
        "Rule set, {path}: {reason}.",
        "修改规则集文件中的这一项。",
        "Correct this entry of the rule set.",
    ),
    "missing_rule": _error(
        "规则集“{profile}”没有给出 {path}。",
        "Rule set “{profile}” has no {path}.",
        "在规则集中补上这一项，或在分析中直接给出数值。",
        "Add it to the rule set, or give the number with the analysis.",
    ),
    "column_missing": _error(
        "缺少列：{columns}。",
        "Missing columns: {columns}.",
        "补上这些列，或在导入时指明对应的列。",
        "Add them, or say at import which columns they are.",
    ),
    "parameter_value": _error(
        "参数 {name} 的值“{value}”无效。",
        "Parameter {name} cannot be “{value}”.",
        "允许的值：{allowed}",
        "Allowed: {allowed}",
    ),
    # --- shapes and partition -------------------------------------------------------------
    "not_a_polygon": _error(
        "{code} 不是面：{found}。",
        "{code} is not a polygon but {found}.",
        "补画边界；网格必须是一个面。",
        "Draw its outline: a grid must be a polygon.",
    ),
    "invalid_shape": _error(
        "{code} 的图形无效：{reason_zh}。",
        "The shape of {code} is invalid: {reason}.",
        "在标出的位置修改边界，使它不再自己相交。",
        "Redraw the outline at the marked place so that it no longer crosses itself.",
    ),
    "multipart_grid": _warning(
        "网格 {code} 由 {parts} 块不相连的部分组成。",
        "Grid {code} is made of {parts} separate parts.",
        "确认是飞地；否则把小块划给相邻网格。",
        "Confirm that it is an exclave, or give the small parts to neighbouring grids.",
    ),
    "gap_in_village": _error(
        "{village} 有 {area_m2:,.2f} 平方米不属于任何网格，涉及 {households} 户。",
        "{area_m2:,.2f} m² of {village}, with {households} households, is in no grid.",
        "把这块地划给相邻网格。",
        "Give this land to a neighbouring grid.",
    ),
    "overlap": _error(
        "网格 {grids} 重叠 {area_m2:,.2f} 平方米，涉及 {households} 户。",
        "Grids {grids} overlap by {area_m2:,.2f} m², with {households} households.",
        "确定重叠部分归谁，从另一个网格中去掉。",
        "Decide who keeps the shared part and cut it from the other grid.",
    ),
    "outside_village": _error(
        "网格 {grids} 有 {area_m2:,.2f} 平方米在 {village} 之外，涉及 {households} 户。",
        "{area_m2:,.2f} m² of grid {grids}, with {households} households, lies outside {village}.",
        "把网格裁到村界之内，或核对网格所属的村。",
        "Cut the grid at the village boundary, or check which village it belongs to.",
    ),
    "edge_mismatch": _error(
        "网格 {grids} 的公共边没有共用同样的节点（{length_m:,.1f} 米）。",
        "Grids {grids} do not share the same nodes along their border ({length_m:,.1f} m).",
        "在公共边上补上缺少的节点，使两边完全一致。",
        "Add the missing node to the border so that both sides are the same.",
    ),
    "area_mismatch": _error(
        "{village} 的网格面积之和与总面积相差 {area_m2:,.2f} 平方米，但没有找到具体位置。",
        "The grids of {village} add up to {area_m2:,.2f} m² more or less than the whole, though "
        "no single place is at fault.",
        "检查村界与网格边界是否来自同一份数据。",
        "Check whether village and grid outlines come from the same source.",
    ),
    "grid_without_village": _error(
        "网格 {code} 不属于任何村。",
        "Grid {code} belongs to no village.",
        "给网格填写所属村编码；每个网格只属于一个村。",
        "Give the grid its village code: every grid belongs to exactly one village.",
    ),
    # --- the database server --------------------------------------------------------------
    "postgres_missing": _error(
        "没有找到 PostgreSQL {minimum} 或更高版本。{advice_zh}",
        "PostgreSQL {minimum} or newer was not found. {advice_en}",
    ),
    "postgis_missing": _error(
        "PostgreSQL {major}（{place}）没有 PostGIS。{advice_zh}",
        "PostgreSQL {major} ({place}) has no PostGIS. {advice_en}",
    ),
    "postgres_major_missing": _error(
        "{place} 中的数据属于 PostgreSQL {major}，但本机没有该版本；请安装它，或换一个数据目录。",
        "The data in {place} belongs to PostgreSQL {major}, which is not installed: "
        "install it, or use another data folder.",
    ),
    "postgres_account_missing": _error(
        "以 root 运行时需要系统账户 postgres，但它不存在。",
        "Running as root needs the system account postgres, which does not exist.",
    ),
    "home_unreachable": _error(
        "账户 {account} 无法进入数据目录 {place}；请用 WANGGE_HOME 换一个目录。",
        "Account {account} cannot enter the data folder {place}; choose another with WANGGE_HOME.",
    ),
    "home_not_writable": _error(
        "无法写入数据目录 {place}：{reason}。请用 WANGGE_HOME 换一个目录。",
        "The data folder {place} cannot be written: {reason}. Choose another with WANGGE_HOME.",
    ),
    "cluster_disk_full": _error(
        "磁盘已满，数据库无法运行（{place}）：{log}",
        "The disk is full, the database cannot run ({place}): {log}",
    ),
    "cluster_create_failed": _error(
        "无法创建数据库（{place}）：{log}", "The database could not be created ({place}): {log}"
    ),
    "cluster_start_failed": _error(
        "数据库未能启动（{place}）：{log}", "The database did not start ({place}): {log}"
    ),
    "cluster_stop_failed": _error(
        "数据库未能停止（{place}）：{log}", "The database did not stop ({place}): {log}"
    ),
    "cluster_in_use": _error(
        "数据库正在被其他程序使用；先关闭那些程序，或强制停止。",
        "The database is in use by another program: end that first, or stop it by force.",
    ),
    "database_url_invalid": _error(
        "DATABASE_URL 不是有效的 PostgreSQL 地址：{reason}。",
        "DATABASE_URL is not the address of a PostgreSQL server: {reason}.",
    ),
    "database_too_old": _error(
        "数据库软件 {software} {found} 太旧，至少需要 {minimum}。",
        "{software} {found} of the database is too old; {minimum} is the least.",
    ),
    "database_too_new": _error(
        "数据库由更新版本的 Wangge 写成（{found}），请升级程序。",
        "The database was written by a newer Wangge ({found}): update the program.",
    ),
    "database_encoding": _error(
        "数据库的编码或区域设置是 {found}，中文检索无法工作；请用 UTF-8 和 C.UTF-8 重建。",
        "Encoding or locale of the database is {found}, in which Chinese text cannot be searched: "
        "create it anew with UTF-8 and C.UTF-8.",
    ),
    "extension_missing": _error(
        "数据库缺少扩展 {extension}；请管理员安装后执行 CREATE EXTENSION {extension}。",
        "The database lacks the extension {extension}: ask its administrator to install it and "
        "run CREATE EXTENSION {extension}.",
    ),
    # --- maps -------------------------------------------------------------------------------
    "web_map_not_built": _error(
        "网页地图尚未构建：请运行 ./run demo（需要 Node.js 与网络各一次）。",
        "The web map has not been built: run ./run demo (it needs Node.js and the network once).",
    ),
    # --- asking the service ---------------------------------------------------------------
    "invalid_parameter": _error(
        "参数 {parameter} 无效：{reason}。", "Parameter {parameter} is not valid: {reason}."
    ),
    "unknown_parameter": _error(
        "没有名为 {parameter} 的参数。", "There is no parameter {parameter}."
    ),
    "invalid_body": _error(
        "请求内容无效({place})：{reason}。", "The request is not valid ({place}): {reason}."
    ),
    "invalid_point": _error(
        "第 {index} 个点无效：{reason}。", "Point {index} (counted from 0) is not valid: {reason}."
    ),
    "too_many_points": _error(
        "一次最多查询 {limit} 个点。", "At most {limit} points can be asked for at once."
    ),
    "not_found": _error("没有找到 {what} {id}。", "There is no {what} {id}."),
    "no_such_address": _error("没有这个网址：{path}。", "There is nothing at {path}."),
    "method_not_allowed": _error("{path} 不支持 {method}。", "{method} is not possible at {path}."),
    "unsupported_media_type": _error(
        "不支持这种内容：{content_type}。", "Content of this kind is not supported: {content_type}."
    ),
    "too_large": _error(
        "内容过大，上限为 {limit_mb} MB。", "This is too large; the limit is {limit_mb} MB."
    ),
    "foreign_host": _error(
        "只接受发往本机的请求，不接受 {host}。",
        "Only requests to this machine are answered, not to {host}.",
    ),
    "foreign_origin": _error(
        "不接受来自其他网站的请求：{origin}。", "Requests from another site are refused: {origin}."
    ),
    "forbidden_scope": _error(
        "您无权查看 {scope} 的数据。", "You may not see the data of {scope}."
    ),
    "database_unavailable": _error(
        "数据库暂时不可用，请稍后再试。", "The database cannot be reached; try again in a moment."
    ),
    "disk_full": _error("磁盘已满，没有保存任何内容。", "The disk is full; nothing was stored."),
    "busy": _error("请求太多，请稍后再试。", "Too much is going on; try again in a moment."),
    "internal_error": _error(
        "服务内部出错，已记入日志。", "Something went wrong inside the service; it is in the log."
    ),
    "port_taken": _error(
        "端口 {port} 已被占用，请用 --port 换一个。",
        "Port {port} is taken; choose another with --port.",
    ),
    "not_loopback": _error(
        "目前没有登录功能，只能在本机地址上提供服务，不能用 {host}。",
        "There is no login yet, so only this machine can be served, not {host}.",
    ),
    "invalid_setting": _error(
        "设置 {setting} 无效：{reason}。", "Setting {setting} is not valid: {reason}."
    ),
    "import_closed": _error(
        "这次导入已{state}，不能再提交。",
        "This import is already {state} and cannot be committed.",
    ),
    "import_has_errors": _error(
        "有 {count} 行有错误；请修改后重新上传，或选择跳过这些行。",
        "{count} rows have errors; correct and upload again, or choose to skip these rows.",
    ),
    "replace_needs_all_rows": _error(
        "整体替换时不能跳过有错的行：被跳过的行会使原有的内容停用。请先改正这 {count} 行。",
        "A replacing import cannot skip rows: what a skipped row stands for would be closed. "
        "Correct the {count} rows first.",
    ),
    "import_empty": _error("没有可以导入的行。", "There is no row that can be imported."),
    "import_rows_gone": _error(
        "待导入的数据已不在，请重新上传。", "The waiting rows are gone; upload the file again."
    ),
    "layer_empty": _error(
        "图层 {layer} 里还没有数据，请先导入。", "Layer {layer} is empty; import it first."
    ),
    "run_not_done": _error(
        "这次分析还没有结果(状态：{state})。", "This run has no result yet (state: {state})."
    ),
    "import_declined": _error("已取消，没有导入。", "Not imported, as you asked."),
    "self_check_failed": _error(
        "自检未通过({what})：{found}", "The check of {what} failed: {found}"
    ),
}


def _table(severity: Severity, language: Language) -> list[str]:
    """Return the rows of one table of :func:`document`, in the order of the vocabulary."""
    rows = []
    for key, entry in VOCABULARY.items():
        if entry.severity == severity:
            texts = (entry.zh, entry.remedy_zh) if language == "zh" else (entry.en, entry.remedy_en)
            cells = [text.replace("|", "\\|").replace("\n", " ") or "—" for text in texts]
            rows.append(f"| `{key}` | {cells[0]} | {cells[1]} |")
    return rows


def document() -> str:
    """Return ``docs/problems.md``: every key with its meaning and what to do, zh and en."""
    lines = [
        "# Problems 问题一览",
        "",
        "Everything Wangge refuses or flags, by key. Written by "
        "`python -m geo.problems > docs/problems.md`; do not edit by hand.",
        "`{…}` stands for the values of the case at hand.",
        "",
        "Wangge 拒绝或提示的每一种情况；`{…}` 处填入具体数值。",
    ]
    severities: tuple[tuple[Severity, str], ...] = (
        ("error", "Errors 错误: refused 拒绝"),
        ("warning", "Warnings 提示: flagged, data is kept 提示，数据保留"),
    )
    for severity, title in severities:
        lines += ["", f"## {title}"]
        lines += ["", "| key 键 | 含义 | 处理办法 |", "|---|---|---|", *_table(severity, "zh")]
        lines += ["", "| key | meaning | what to do |", "|---|---|---|", *_table(severity, "en")]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    import sys

    sys.stdout.write(document())
