"""Addresses written rightly, in every way people and offices write them."""

from __future__ import annotations

from dataclasses import replace

from benchmarks import address_rewrites as rewrites
from benchmarks.address_asker import NUMERAL, Asker, kind
from benchmarks.address_truth import Query, Recipe, parts_of, stem

# 第 before the number: 第村民小组 makes 第三村民小组
GROUP_WORDS = (
    "组",
    "社",
    "队",
    "小组",
    "村民小组",
    "居民小组",
    "第村民小组",
    "第小组",
    "第组",
    "第生产队",
)


@kind
def _as_stored(asker: Asker) -> Query:
    home = asker.home()
    recipe = Recipe(unit="unit" in home.says, group="group" in home.says)
    recipe = replace(recipe, town="full" if home.town in home.written else "")
    return asker.asked("as_stored", home.written, home, recipe)


@kind
def _head(asker: Asker) -> Query:
    home, recipe = asker.home(), asker.recipe()
    heads = (
        asker.head,
        asker.long_head,
        asker.head * 2,
        asker.county.region.province,
        asker.county.region.city,
    )
    heads += (f"中国{asker.long_head}", asker.head[:-1] if len(asker.head) == 3 else asker.head)
    return asker.asked("head", asker.rng.choice(heads) + str(parts_of(home, recipe)), home, recipe)


@kind
def _omitted(asker: Asker) -> Query | None:
    rng, home = asker.rng, asker.home()
    recipe = Recipe(
        rng.choice(("full", "stem", "")), rng.choice(("full", "stem", "")),
        rng.random() < 0.5, rng.random() < 0.5, rng.random() < 0.85,
    )  # fmt: skip
    parts = parts_of(home, recipe)
    named = parts.unit and not NUMERAL.search(parts.unit)
    if not (parts.village or (named and (parts.town or parts.door or parts.group))):
        return None
    return asker.asked("omitted", str(parts), home, recipe)


@kind
def _unit_only(asker: Asker) -> Query | None:
    home, rng = asker.home(), asker.rng
    recipe = Recipe("", "", True, rng.random() < 0.3, rng.random() < 0.8)
    if not home.unit or home.unit[0].isdigit():
        return None
    return asker.asked("unit_only", str(parts_of(home, recipe)), home, recipe)


@kind
def _no_house(asker: Asker) -> Query | None:
    home, rng = asker.home(), asker.rng
    recipe = Recipe("full", "full", rng.random() < 0.5, rng.random() < 0.7, door=False)
    return asker.asked("no_house", str(parts_of(home, recipe)), home, recipe)


@kind
def _numerals(asker: Asker) -> Query:
    rng, home, recipe = asker.rng, asker.home(), asker.recipe()
    form = rng.choice(list(rewrites.NUMERALS))
    text = str(parts_of(home, recipe, number=rewrites.NUMERALS[form]))
    return asker.asked(f"numerals_{form}", text, home, recipe)


@kind
def _words(asker: Asker) -> Query:
    """The words of group, house and sub-number."""
    rng, home, recipe = asker.rng, asker.home(), asker.recipe()
    parts = parts_of(
        home, recipe, number=rng.choice((str, rewrites.han)),
        word=rng.choice(GROUP_WORDS),
        door_word=rng.choice(("号", "号", "户", "号")),
        sub=rng.choice(("附{}号", "-{}", "附{}", "之{}")),
    )  # fmt: skip
    return asker.asked("words", str(parts), home, recipe)


@kind
def _width_and_script(asker: Asker) -> Query:
    rng, home, recipe = asker.rng, asker.home(), asker.recipe()
    text = str(parts_of(home, recipe))
    kind = rng.choice(("full_width", "traditional", "both"))
    if kind != "traditional":
        text = rewrites.full_width(text)
    if kind != "full_width":
        text = rewrites.traditional(text)
    return asker.asked(f"script_{kind}", text, home, recipe)


@kind
def _separated(asker: Asker) -> Query:
    rng, home, recipe = asker.rng, asker.home(), asker.recipe()
    parts = parts_of(home, recipe).all()
    kind = rng.choice(("spaces", "punctuation", "brackets", "everywhere"))
    if kind == "spaces":
        text = rewrites.spaced(parts, rng)
    elif kind == "punctuation":
        text = rewrites.punctuated(parts, rng)
    elif kind == "brackets":
        at = rng.randrange(len(parts))
        text = "".join(f"（{part}）" if n == at else part for n, part in enumerate(parts))
    else:
        text = " ".join("".join(parts))
        text = "".join(
            c
            for n, c in enumerate(text)
            if not (c == " " and text[n - 1 : n].isdigit() and text[n + 1 : n + 2].isdigit())
        )
    return asker.asked(f"separated_{kind}", text, home, recipe)


@kind
def _reordered(asker: Asker) -> Query:
    rng, home, recipe = asker.rng, asker.home(), asker.recipe()
    parts = parts_of(home, recipe).all()
    if rng.random() < 0.4:
        parts = parts[::-1]
    else:
        rng.shuffle(parts)
    glue = rng.choice(("", " ", "，"))
    return asker.asked("reordered", glue.join(parts), home, recipe)


@kind
def _village_word(asker: Asker) -> Query:
    rng, home, recipe = asker.rng, asker.home(), replace(asker.recipe(), village="full")
    parts = parts_of(home, recipe)
    bare = stem(home.village)
    if home.village.endswith("村"):
        word = rng.choice(("村委会", "行政村", "村民委员会", "大队", "村村委会", ""))
    elif home.village.endswith("社区"):
        word = rng.choice(("居委会", "社区居委会", "社区居民委员会", ""))
    else:
        word = home.village.removeprefix(bare)
    if word == "":
        recipe = replace(recipe, village="stem")
    if bare == home.village:
        word = ""
    return asker.asked("village_word", str(replace(parts, village=bare + word)), home, recipe)


@kind
def _town_word(asker: Asker) -> Query | None:
    rng, home, recipe = asker.rng, asker.home(), replace(asker.recipe(), town="full")
    parts = parts_of(home, recipe)
    word = rng.choice(("镇", "乡", "街道", "街道办", "镇人民政府", "公社"))
    if home.town[-1] not in "镇乡道" or asker.shares_stem(home.town):
        return None
    return asker.asked("town_word", str(replace(parts, town=stem(home.town) + word)), home, recipe)


@kind
def _old_name(asker: Asker) -> Query | None:
    held = asker.truth.old
    homes = [home for home in asker.county.homes if home.code in held]
    if not homes:
        return None
    home = asker.rng.choice(homes)
    recipe = replace(asker.recipe(), village="old")
    parts = replace(parts_of(home, replace(recipe, village="full")), village=held[home.code])
    return asker.asked("old_name", str(parts), home, recipe)
