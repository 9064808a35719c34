"""Sentences about what people go on and around: roads, barriers, terrain."""

from __future__ import annotations

from geo.sentences.sentence import Sentence, error, warning

SENTENCES: dict[str, Sentence] = {
    "row_left_out": warning(
        "“{field_zh}”是“{value}”，不属于这个图层，未导入。",
        "{field_en} is “{value}”, which does not belong into this layer; left out.",
    ),
    "line_without_length": warning(
        "线的长度为零，未导入。", "The line has no length; it was left out."
    ),
    "line_repeated": warning(
        "这条线没有编号，又与前面的一条完全重合，未导入。",
        "The line has no code and is drawn exactly like an earlier one; left out.",
    ),
    "code_from_shape": warning(
        "{count} 条没有编号，已按图形自动编号；图形改动后编号也会变。",
        "{count} {count:line has/lines have} no code and got one made from the shape, which "
        "changes with it.",
        "再次导入改动过的文件时请选“替换”，以免新旧并存。",
        "Import a changed file with “replace”, or the old lines stay beside the new ones.",
    ),
    "speed_unknown": warning(
        "“{field_zh}”的“{value}”不是速度，按道路等级取速度。",
        "{field_en} “{value}” is no speed; the speed of the road's class holds.",
    ),
    "far_from_county": warning(
        "离县界超过 {limit_km} 公里，未导入。",
        "It lies more than {limit_km} km from the county; left out.",
    ),
    "not_a_raster": error(
        "{file} 不是 GeoTIFF 高程栅格。",
        "{file} is no GeoTIFF of heights.",
        "请导出为 GeoTIFF(.tif)；压缩包请先解压，分幅的高程请先拼接成一个文件。",
        "Export it as GeoTIFF (.tif); unpack archives, merge several sheets into one file first.",
    ),
    "raster_without_place": error(
        "{file} 没有地理坐标信息。",
        "{file} does not say where its cells lie.",
        "带 .tfw 的旧格式请在 GIS 软件里另存为 GeoTIFF。",
        "Save it as GeoTIFF in a GIS; a .tfw beside the file is not read.",
    ),
    "raster_rotated": error(
        "{file} 的栅格是旋转的，请先重采样为上北的栅格。",
        "The cells of {file} are rotated; resample it to north-up cells first.",
    ),
    "raster_is_picture": error(
        "{file} 是影像或彩色图片，不是高程。", "{file} is an image, not heights."
    ),
    "raster_bands": warning(
        "{file} 有 {count} 个波段，取第一个作为高程。",
        "{file} has {count} bands; the first is taken as the heights.",
    ),
    "terrain_elsewhere": error("{file} 与本县范围不相交。", "{file} does not meet the county."),
    "terrain_too_fine": error(
        "栅格边长 {cell_m:g} 米，共 {cells:,} 格，超过上限 {limit:,} 格；"
        "请改用 {coarser_m} 米或更粗的格网。",
        "Cells of {cell_m:g} m make {cells:,}; the limit is {limit:,}. "
        "Choose cells of {coarser_m} m or more.",
        "命令行用 --cell-m {coarser_m}，接口用参数 cell_m。",
        "On the command line --cell-m {coarser_m}, over HTTP the parameter cell_m.",
    ),
    "terrain_empty": error(
        "{file} 在本县范围内没有任何高程值。", "{file} has no height within the county."
    ),
    "terrain_in_feet": warning(
        "高程单位是英尺，已换算为米。", "The heights are in feet; they were converted to metres."
    ),
    "nodata_found": warning(
        "文件没有注明无数据值；{value:g} 不可能是高程，按无数据处理。",
        "The file names no value for missing heights; {value:g} can be none and is taken as such.",
    ),
    "heights_implausible": warning(
        "有 {count} 格的高程不在 {lowest:g} 到 {highest:g} 米之间，按无数据处理。",
        "{count} cells are not between {lowest:g} and {highest:g} m; they count as missing.",
    ),
    "terrain_incomplete": warning(
        "{percent:.1f}% 的{what_zh}没有高程；按步行地形计算时这些地方无法到达。",
        "{percent:.1f} % of {what_en} have no height; walking over terrain does not reach them.",
        "用覆盖全县的高程数据，或先把缺的图幅拼接进来。",
        "Use heights of the whole county, or merge the missing sheets first.",
    ),
    "osm_has_no_layer": error(
        "{file} 是 OpenStreetMap 数据，只能导入为道路(roads)或阻隔(barriers)，不能导入为 {layer}。",
        "{file} is an OpenStreetMap extract: it can come in as roads or barriers, not as {layer}.",
    ),
}
