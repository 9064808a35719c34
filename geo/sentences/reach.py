"""Sentences about service: what a question about centers and households has to be told with."""

from __future__ import annotations

from geo.sentences.sentence import Sentence, warning

SENTENCES: dict[str, Sentence] = {
    "level_without_center": warning(
        "没有{level_zh}及以上的服务中心，因此没有一户被覆盖。",
        "There is no center of level “{level}” or higher, so nobody is served.",
        "换一个中心级别，或导入这一级的服务中心。",
        "Ask for another level, or import the centers of this one.",
    ),
    "places_unknown": warning(
        "有 {count} 户没有可用的坐标，不算已覆盖，也不在任何盲区里。",
        "{count} {count:household has/households have} no usable place, counting neither as "
        "served nor in any gap.",
        "补上这些住户的坐标。",
        "Give these households coordinates.",
    ),
    "weights_unknown": warning(
        "有 {count} 户没有填“{field_zh}”，按 0 计。",
        "{count} {count:household has/households have} no value for {field_en}; it counts as 0.",
        "补上这一列，或改按户数统计。",
        "Fill the column, or count households instead.",
    ),
}
