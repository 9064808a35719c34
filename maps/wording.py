"""The reports' words in both languages; same keys in each, held by a test."""

from __future__ import annotations

from geo.problems import Language

WORDS: dict[Language, dict[str, str]] = {
    "zh": {
        "heading": "党群服务覆盖盲区报告",
        "synthetic": "示例数据 SYNTHETIC：边界、住户与中心均为合成，不代表实际情况",
        "made_at": "生成时间",
        "data_version": "数据版本",
        "summary": "概要",
        "parameters": "参数与依据",
        "gaps": "覆盖盲区",
        "gaps_note": "按常住人口排序；盲区 = 居民点用地中超出服务标准的部分，直线距离",
        "no_gaps": "没有住户超出服务标准。",
        "shares": "各乡镇覆盖率",
        "villages": "村（社区）",
        "townships": "乡镇（街道）",
        "township": "乡镇（街道）",
        "centers": "党群服务中心",
        "level_county": "县级",
        "level_township": "乡镇级",
        "level_village": "村级",
        "level_station": "站点",
        "rank": "序号",
        "households": "户数",
        "residents": "常住人口",
        "elderly": "60岁以上",
        "served": "已覆盖户数",
        "share": "覆盖率",
        "unserved_households": "盲区户数",
        "unserved_residents": "盲区常住人口",
        "unserved_elderly": "盲区60岁以上",
        "area": "面积 (km²)",
        "nearest_center": "最近的中心",
        "nearest_distance": "盲区到中心 (km)",
        "farthest": "最远住户 (km)",
        "legend": "图例",
        "note": "直线距离会高估覆盖：河流与山地的实际路程更远。住户只以汇总数出现，无个人信息。",
    },
    "en": {
        "heading": "Service gaps of party-masses service centers",
        "synthetic": "SYNTHETIC sample data 示例数据: lines, households and centers are invented",
        "made_at": "Made at",
        "data_version": "Data version",
        "summary": "Summary",
        "parameters": "Parameters and sources",
        "gaps": "Service gaps",
        "gaps_note": (
            "Ranked by residents. A gap is settled land beyond the service standard, "
            "straight-line distance."
        ),
        "no_gaps": "No household lies beyond the service standard.",
        "shares": "Coverage by township",
        "villages": "Villages",
        "townships": "Townships",
        "township": "Township",
        "centers": "Service centers",
        "level_county": "county",
        "level_township": "township",
        "level_village": "village",
        "level_station": "station",
        "rank": "No.",
        "households": "Households",
        "residents": "Residents",
        "elderly": "Aged 60+",
        "served": "Served",
        "share": "Share served",
        "unserved_households": "Households in gaps",
        "unserved_residents": "Residents in gaps",
        "unserved_elderly": "Aged 60+ in gaps",
        "area": "Area (km²)",
        "nearest_center": "Nearest center",
        "nearest_distance": "Gap to center (km)",
        "farthest": "Farthest household (km)",
        "legend": "Legend",
        "note": (
            "A straight line flatters: rivers and mountains make the way longer. "
            "Households appear as counts only; the file holds no personal data."
        ),
    },
}
