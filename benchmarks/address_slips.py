"""Addresses with slips, in Latin letters, in shorthand and among other words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from benchmarks import address_rewrites as rewrites
from benchmarks.address_asker import NUMERAL, Asker, kind, unsure
from benchmarks.address_homes import Home
from benchmarks.address_truth import Query, Recipe, parts_of, stem

BEFORE = (
    "我家住在", "麻烦送到", "请问", "现住址：", "家庭住址:", "地址是", "户籍地址：", "住", "位于",
    "我在",
    "户主家庭地址 ", "门牌号：", "您好，我住",
)  # fmt: skip
AFTER = (
    "家里", "（自建房）", "(租户)", " 电话13812345678", " 13812345678", "，收件人自取",
    "【老房子】", "院内", "一楼",
    "门口", "的房子", "（户主外出务工）", "。", " 联系电话：0827-5221234", "门牌", "（已拆迁）",
    "(2楼)", "！！",
)  # fmt: skip
BESIDE = ("旁边", "附近", "对面", "隔壁", "后面", "斜对面", "左边", "边上")


@kind
def _misspelt(asker: Asker) -> Query | None:
    """One sign of one name wrong, missing or too much; the other names are right."""
    rng, home = asker.rng, asker.home()
    recipe = Recipe(
        "full" if rng.random() < 0.8 else "", "full", rng.random() < 0.7, rng.random() < 0.6
    )
    parts = parts_of(home, recipe)
    element = rng.choice([name for name in ("town", "village", "unit") if getattr(parts, name)])
    others = [n for n in ("town", "village", "unit") if n != element and getattr(parts, n)]
    if not others:
        return None
    name = getattr(parts, element)
    proper = stem(name)
    error = rng.choice(list(rewrites.ERRORS))
    if len(proper) < 3 and error in ("dropped",):
        return None
    wrong = rewrites.ERRORS[error](proper, rng)
    if wrong == proper or wrong in asker.stems or wrong + name[len(proper) :] in asker.names:
        return None
    text = str(replace(parts, **{element: wrong + name[len(proper) :]}))
    expect, ids, grids = asker.truth.judge(home, recipe)
    if expect == "unknowable":
        return None
    far = rewrites.distance(wrong, proper)
    rivals = {getattr(h, element) for h in _around(asker, home, recipe, element)} - {name}
    if any(rewrites.distance(wrong, stem(rival)) <= far for rival in rivals if rival):
        expect = "right_or_unsure"
    elif name[0].isdigit() or (error != "homophone" and NUMERAL.search(proper)):
        # 十村号 for 十号村: the number could be a house's
        expect = "right_or_unsure"
    elif len(proper) <= 2 and (far >= 1 or error == "near_homophone"):
        # half of the name is another: most people would take it for another place
        expect = "right_or_unsure"
    return Query(f"misspelt_{error}", text, expect, ids, grids)


def _around(asker: Asker, home: Home, recipe: Recipe, element: str) -> Iterator[Home]:
    """Yield the homes that the other names of an address describe."""
    for other in asker.county.homes:
        if element != "town" and recipe.town and other.town != home.town:
            continue
        if element != "village" and recipe.village and other.village != home.village:
            continue
        if element != "unit" and recipe.unit and other.unit != home.unit:
            continue
        yield other


@kind
def _pinyin(asker: Asker) -> Query | None:
    rng, home, recipe = asker.rng, asker.home(), asker.recipe()
    parts = parts_of(home, recipe)
    if any(
        sign.isalpha() and sign.isascii()
        for name in (parts.town, parts.village, parts.unit)
        for sign in name
    ):
        return None
    style = rng.choice(("spaced", "toned", "capitals", "glued", "parts", "one_word"))
    pieces = []
    for part in parts.all():
        words = _pinyin_words(part, toned=style == "toned")
        if style in ("parts", "glued", "one_word"):
            words = ["".join(words).capitalize() if style == "parts" else "".join(words)]
        pieces.append(" ".join(words))
    text = ("" if style == "one_word" else " ").join(pieces)
    if style == "capitals":
        text = text.upper()
    return Query(f"pinyin_{style}", text, *asker.by_sound.judge(home, recipe))


def _pinyin_words(part: str, *, toned: bool) -> list[str]:
    held = rewrites.toned(part).split() if toned else list(rewrites.syllables(part))
    words: list[str] = []
    for one in held:
        if words and one.isdigit() and words[-1].isdigit():
            words[-1] += one
        else:
            words.append(one)
    return words


@kind
def _english(asker: Asker) -> Query | None:
    rng, home, recipe = asker.rng, asker.home(), replace(asker.recipe(), village="full")
    if any(sign.isascii() for sign in home.unit) or home.village in asker.town_stems:
        return None

    def word(name: str) -> str:
        return "".join(rewrites.syllables(name)).capitalize()

    kinds = {
        "镇": ("Town",),
        "乡": ("Township", "Town"),
        "道": ("Subdistrict",),
        "木": ("Sumu", "Township"),
        "场": ("Farm",),
    }
    pieces = []
    if home.building:
        pieces.append(f"Room {home.room}, Unit {home.door}, Building {home.building}")
    else:
        pieces.append(
            rng.choice(("No. {}", "No.{}", "No {}", "#{}")).format(
                f"{home.number}" + (f"-{home.sub}" if home.sub else "")
            )
        )
    if recipe.group and home.group:
        pieces.append(f"Group {home.group}")
    if recipe.unit and home.unit:
        pieces.append(word(home.unit))
    if home.village.endswith("社区"):
        pieces.append(word(stem(home.village)) + " Community")
    elif home.village.endswith("村"):
        pieces.append(
            word(home.village[:-1] if len(home.village) > 2 else home.village) + " Village"
        )
    elif home.village.endswith("嘎查"):
        pieces.append(word(stem(home.village)) + " Gacha")
    else:
        pieces.append(word(home.village))
    if recipe.town:
        pieces.append(f"{word(stem(home.town))} {rng.choice(kinds.get(home.town[-1], ('Town',)))}")
        recipe = replace(recipe, town="stem")
    if rng.random() < 0.5:
        pieces.append(_county_in_english(asker.head, word))
    return Query("english", ", ".join(pieces), *asker.by_sound.judge(home, recipe))


def _county_in_english(name: str, word: Callable[[str], str]) -> str:
    if name.endswith("傣族彝族自治县"):
        return word(name.removesuffix("傣族彝族自治县")) + " Dai and Yi Autonomous County"
    return word(name[:-1]) + (" Banner" if name.endswith("旗") else " County")


@kind
def _extra(asker: Asker) -> Query:
    rng, home, recipe = asker.rng, asker.home(), asker.recipe()
    text = str(parts_of(home, recipe))
    before = rng.choice(BEFORE) if rng.random() < 0.6 else ""
    after = rng.choice(AFTER) if not before or rng.random() < 0.4 else ""
    return asker.asked("extra_words", before + text + after, home, recipe)


@kind
def _building(asker: Asker) -> Query | None:
    """3-2-501, 3幢501, 3号楼2单元501 in an estate."""
    home, rng = asker.home(), asker.rng
    homes = [h for h in asker.county.homes if h.building]
    if not homes:
        return None
    home = rng.choice(homes)
    recipe = replace(asker.recipe(), unit=True)
    forms = (
        "{b}-{u}-{r}",
        "{b}幢{u}单元{r}室",
        "{b}号楼{u}单元{r}",
        "{b}栋{u}单元{r}",
        "{b}座{u}单元{r}号",
        "{b}#{u}单元{r}室",
        "{h}栋{i}单元{r}房",
    )
    door = rng.choice(forms).format(
        b=home.building,
        u=home.door,
        r=home.room,
        h=rewrites.han(home.building),
        i=rewrites.han(home.door),
    )
    return asker.asked("building", str(replace(parts_of(home, recipe), door=door)), home, recipe)


@kind
def _beside(asker: Asker) -> Query:
    home, recipe = asker.home(), asker.recipe()
    expect, ids, grids = asker.truth.judge(home, recipe)
    text = str(parts_of(home, recipe)) + asker.rng.choice(BESIDE)
    return Query("beside", text, unsure(expect), ids, grids)


@kind
def _shorthand(asker: Asker) -> Query | None:
    """3组12; 3-12 may be group 3 number 12 or number 3 附12."""
    rng, home = asker.rng, asker.home()
    recipe = Recipe("full" if rng.random() < 0.5 else "", rng.choice(("full", "stem")), False, True)
    if not home.group or home.building or home.sub or home.lead:
        return None
    parts = parts_of(home, recipe)
    kind = rng.choice(("bare", "dash", "han_group"))
    if kind == "dash":
        dashed = replace(parts, group="", door=f"{home.group}-{home.number}")
        expect, ids, grids = asker.truth.judge(home, recipe)
        other = asker.truth.key(
            replace(home, number=home.group, sub=home.number), replace(recipe, group=False)
        )
        grids = tuple(
            sorted({*grids, *asker.truth.judge_keys([other], replace(recipe, group=False))[2]})
        )
        return Query("shorthand_dash", str(dashed), unsure(expect), ids, grids)
    group = rewrites.han(home.group) + "组" if kind == "han_group" else parts.group
    return asker.asked(
        f"shorthand_{kind}", str(replace(parts, group=group, door=str(home.number))), home, recipe
    )
