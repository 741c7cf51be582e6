"""Numbers in running text: Arabic and Chinese numerals with their multiplier, their counting word, and whether they are only rough."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from giar_crawler.items import Number
from pipelines.statistics.numbers import exact

SCALES = {"十": 10, "百": 100, "千": 1_000, "万": 10_000, "亿": 100_000_000}
UNITS = "万元|亿元|千元|元|人次|条次|篇次|场次|件次|条|件|篇|个|项|宗|份|部|起|场|期|名|家|例|次|人|处|则|批|大类|类|户|封|辑|幅|位|班"
# `人大代表`, `个月`, `部门` are no counting words, `次要` neither.
_NO_UNIT = (
    r"(?<=人)[大民员才口]|(?<=个)(?:百分|工作日|月|小时|季)|(?<=部)[门分]|(?<=次)要|(?<=期)间|(?<=名)[单列]|"
    r"(?<=项)目|(?<=条)例|(?<=件)事|(?<=起)[至草到]"
)
UNIT = rf"(?P<unit>{UNITS})(?!{_NO_UNIT})"
_BEHIND = r"(?P<rough2>余|多|左右|上下)?(?P<limit>以上|以下|以内|及以上)?"
MONEY = frozenset({"元", "千元", "万元", "亿元"})
# A row of digits is read as one: 345 is never read out of 12345.
ARABIC = re.compile(
    r"(?P<digits>[0-9][0-9,]{0,15}(?:\.[0-9]{1,6})?)(?![0-9.])(?P<scale>[百千万亿])?(?P<rough>余|多|几)?(?P<scale2>万|亿)?"
    rf"(?:{UNIT})?{_BEHIND}"
)
CHINESE = re.compile(rf"(?P<digits>[一二两三四五六七八九十百千万零〇]{{1,9}})(?P<rough>余|多|几)?{UNIT}{_BEHIND}")
# A number that counts nothing of ours: shares, ratios, dates, clock times, ranks.
SHARE = re.compile(
    r"[0-9][0-9,.]{0,18}(?:%|‰|个百分点|百分点|倍|折|成|分钟|小时|个?工作日|个?月|天|年|日|号|周|岁|点|楼|层|室|公里|平方|米|亩|吨|/)"
)
DIGIT_RUN = re.compile(r"[0-9.,]+")
ZERO = re.compile(r"零(?=$|[,;)])")
ORDINAL = re.compile(r"第[0-9一二三四五六七八九十百]{1,4}")
# Chinese numerals behind these count nothing: 每一条, 同一件, 唯一, 统一; 一次性, 一站式 and 一件事 are words.
NO_COUNT_BEFORE = frozenset("每同唯统任第其逐首")
# `申请数十件` is some dozens, `申请数十二件` is twelve.
VAGUE_BEFORE = frozenset("数几上成")
NO_COUNT_AFTER = re.compile(r"[性]|事[一,]|把手|[起]来")
DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
# `三四` and `一两` are rough; more digits in a row are a number read out.
LONGEST_ROUGH = 2
STARTS = frozenset({*"0123456789第十百", *DIGITS})
MOST_DIGITS = 12


@dataclass(slots=True)
class Quantity:
    """A number of running text with the place where it ends.

    `unit` is its counting word, empty where none is printed; money is in its printed unit. `counts` is false for what is no count (a
    percentage, a date, a rank). `limit`: it is only a bound (`200条以上`).
    """

    end: int
    value: Number = 0
    unit: str = ""
    rough: bool = False
    limit: bool = False
    counts: bool = True


def chinese(numeral: str) -> int | None:
    """The value of a Chinese numeral below ten million (`一百二十`, `两千零五`, `一二〇`); `None` where it is none.

    >>> chinese("一百二十")
    120
    """
    if (len(numeral) > LONGEST_ROUGH or "〇" in numeral) and all(character in DIGITS for character in numeral):
        return int("".join(str(DIGITS[character]) for character in numeral))
    total, part, digit = 0, 0, None
    for character in numeral:
        if character in DIGITS:
            if digit:
                # `三四件`, `二三十件`
                return None
            digit = DIGITS[character]
        elif character == "万":
            total, part, digit = (total + part + (digit or 0)) * 10_000, 0, None
        else:
            scale = SCALES[character]
            if digit is None and (scale > 10 or part):
                return None
            part, digit = part + (1 if digit is None else digit) * scale, None
    return total + part + (digit or 0)


def quantity_at(text: str, place: int) -> Quantity | None:
    """The number that begins at a place of a text; `None` where none does."""
    character = text[place]
    if character in "0123456789":
        return _arabic(text, place)
    if character == "第":
        match = ORDINAL.match(text, place)
        return Quantity(match.end(), counts=False) if match else None
    if character == "零" and (match := ZERO.match(text, place)):
        return Quantity(match.end())
    if character in DIGITS or character in "十百":
        return _chinese(text, place)
    return None


def _arabic(text: str, place: int) -> Quantity | None:
    share = SHARE.match(text, place)
    match = ARABIC.match(text, place)
    if match is None:
        digits = DIGIT_RUN.match(text, place)
        return Quantity(digits.end() if digits else place + 1, counts=False)
    if share is not None and not match["unit"]:
        return Quantity(share.end(), counts=False)
    digits_text = match["digits"].rstrip(",")
    if len(digits_text.replace(",", "").replace(".", "")) > MOST_DIGITS or ",," in digits_text:
        return Quantity(match.end(), counts=False)
    if match["digits"] != digits_text and not match["unit"]:
        return Quantity(place + len(digits_text), exact(digits_text))
    scale = SCALES.get(match["scale"] or "", 1) * SCALES.get(match["scale2"] or "", 1)
    value = exact(str(Decimal(digits_text.replace(",", "")) * scale))
    return Quantity(match.end(), value, match["unit"] or "", bool(match["rough"] or match["rough2"]), bool(match["limit"]))


def _chinese(text: str, place: int) -> Quantity | None:
    if place and text[place - 1] in NO_COUNT_BEFORE:
        return None
    if place and text[place - 1] in "上下" and text[place] == "一":
        return None
    match = CHINESE.match(text, place)
    if match is None or NO_COUNT_AFTER.match(text, match.end()):
        return None
    value = chinese(match["digits"])
    vague = place and text[place - 1] in VAGUE_BEFORE and SCALES.keys() >= set(match["digits"])
    if value is None or vague:
        return Quantity(match.end(), counts=False)
    return Quantity(match.end(), value, match["unit"], bool(match["rough"] or match["rough2"]), bool(match["limit"]))
