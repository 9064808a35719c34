"""What people call a division whose official name is that of its committee or office."""

from __future__ import annotations

import re

# Cities that are only a heading of the statistical code: what they stand for has no name.
_PLACEHOLDERS = frozenset(
    ("县", "市辖区", "市辖县", "省直辖县级行政区划", "自治区直辖县级行政区划")
)
_VILLAGERS = re.compile(r"(?:村民委员会|村委会|村民委)$")
_RESIDENTS = re.compile(r"(?:居民委员会|居委会|居民委)$")
_OFFICE = re.compile(r"(?:人民政府|办事处)$")
# what a name may end in without a word that says which kind of unit it is
_KINDS = ("村", "社区", "嘎查", "居", "小区", "新村")


def is_placeholder(name: str) -> bool:
    """Return whether a name of a city only fills the place between province and county.

    Examples
    --------
    >>> is_placeholder("县"), is_placeholder("市辖区"), is_placeholder("湘西土家族苗族自治州")
    (True, True, False)
    """
    return name.strip() in _PLACEHOLDERS


def spoken_name(official: str) -> str:
    """Return the name as people say it; a name that is none of an office is left as it is.

    Examples
    --------
    >>> [spoken_name(n) for n in ("土城社区居民委员会", "东方红二村村民委员会", "柿坪村委会")]
    ['土城社区', '东方红二村', '柿坪村']
    >>> [spoken_name(n) for n in ("镇东街居委会", "葛城街道办事处", "巴山镇人民政府", "西村")]
    ['镇东街社区', '葛城街道', '巴山镇', '西村']
    """
    name = official.strip()
    for pattern, kind in ((_VILLAGERS, "村"), (_RESIDENTS, "社区")):
        stem = pattern.sub("", name)
        if stem and stem != name:
            return stem if stem.endswith(_KINDS) else stem + kind
    stem = _OFFICE.sub("", name)
    # 办事处 alone is a unit too; of a street, a town or a township it is the office
    return stem if stem.endswith(("街道", "镇", "乡", "县", "区", "市", "省")) else name
