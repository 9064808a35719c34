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
        "{count} lines have no code; they got one made from their shape, which changes with it.",
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
    "osm_has_no_layer": error(
        "{file} 是 OpenStreetMap 数据，只能导入为道路(roads)或阻隔(barriers)，不能导入为 {layer}。",
        "{file} is an OpenStreetMap extract: it can come in as roads or barriers, not as {layer}.",
    ),
}
