"""A cell's text to a value: number, blank, dash or unreadable. Blank is not zero, and what is no number is never made one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from giar_crawler.items import FigureStatus, Number

# After NFKC: full-width digits and signs are ASCII, `∕` and `⁄` are slashes.
DASHES = re.compile(r"^(?:[-—–―_一─━/\\∕⁄~]+|无)$")
PLAIN = r"[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
UNITS = "亿元|千万元|百万元|万元|千元|百元|元|万|人次|篇次|条次|件次|条|件|次|篇|个|人|项|宗|份|部|起|场|期|名|家"
# What is counted in thousands or millions is rounded.
ROUNDED = frozenset(
    f"{many}{unit}"
    for many in ("百", "千", "万", "十万", "百万", "千万", "亿")
    for unit in ("条", "件", "次", "篇", "个", "人", "人次", "项")
)
UNIT_WORDS = frozenset(UNITS.split("|")) | ROUNDED
NUMBER = re.compile(rf"^(?P<sign>[-+−]{{0,2}}|[↑↓]|增加?|减少?)(?P<digits>{PLAIN})(?P<unit>{UNITS})?$", re.ASCII)
MINUS = ("-", "−", "--", "↓", "减", "减少", "−−")
# A unit in a label: `采购总金额(万元)`, `本年收费金额(单位:人民币元)`, `采购总金额/元`.
IN_LABEL = re.compile(
    rf"\((?:单位:?)?(?:人民币)?(?P<in>{'|'.join(sorted(ROUNDED, key=len, reverse=True))}|{UNITS})(?:人民币)?\)"
    r"|[,/、](?:单位:?)?(?P<behind>[百千万亿]*元)$"
)
# The unit that money is counted in, in yuan.
# `3万` is an amount in 万元. Of things it is a rounded number, and none is read.
TEN_THOUSAND = "万"
YUAN = {
    "元": Decimal(1),
    "百元": Decimal(100),
    "千元": Decimal(1_000),
    TEN_THOUSAND: Decimal(10_000),
    "万元": Decimal(10_000),
    "百万元": Decimal(1_000_000),
    "千万元": Decimal(10_000_000),
    "亿元": Decimal(100_000_000),
}
# Blanks that separate a number from its unit or sign.
BLANKS = re.compile(rf"(?<=\d)\s+(?={UNITS})|(?<=[-+增减加少])\s+(?=\d)")
# What sheets and typists leave around a number: the mark of a text before it, punctuation behind it. A dot before it is a decimal point.
BEFORE, BEHIND = " '`’‘", " '`’‘。、,;."
# 零 and 〇, with a unit or without.
ZERO = re.compile(rf"^[零〇](?=$|(?:{UNITS})$)")
# A footnote behind a number: `20*`, `46(1)` (a raised mark, or ①).
# Or what it was last year: `457件(上年459件)`. Or where it is explained. What it contains may be meant as well.
MARKED = re.compile(r"(?:\*{1,3}|\(\d\)|\((?:上年|去年|上一年|20\d\d年)[^()]{1,12}\)|\((?:详?见|注|较|比|同比)[^()]{1,24}\))$")
# One number with its unit among words (`共收到310件`), if none of the words says that it is a part, a difference, or another year's.
IN_WORDS = re.compile(rf"^[^\d]{{0,12}}?(?P<number>{PLAIN})(?P<unit>{UNITS})[^\d]{{0,10}}$", re.ASCII)
OTHER_NUMBER = re.compile(r"[增减比约余近超]|其中|上一?年|去年|同期|以上|以下|不足|平均|每|累计|第")
# Thousands that a blank parts.
THOUSANDS = re.compile(rf"^\d{{1,3}}(?: \d{{3}})+(?:{UNITS})?$", re.ASCII)
LONGEST = 40
# Values repeat from page to page; so many are remembered.
MOST_KNOWN = 8_192
# More digits than any count or amount of a county has: a telephone or identity number got into the cell.
MOST_DIGITS = 15


@dataclass(slots=True, frozen=True)
class Value:
    """What a cell says: its status, the number in `unit`, and the unit printed in the cell (`None` where none is).

    `doubt` is the finding that is due where a number is not printed plainly: `3 993` may be two numbers, `46(1)` has a footnote.
    """

    status: FigureStatus
    number: Number | None = None
    unit: str | None = None
    doubt: str | None = None


BLANK = Value("blank")
DASH = Value("dash")
# 一: a dash, or one where other figures are in Chinese numerals too.
DASH_OR_ONE = Value("dash", doubt="one")
UNREADABLE = Value("unreadable")
# Digits, but too many for one number: those of several cells perhaps.
DIGITS = Value("unreadable", doubt="digits")


def exact(digits: str) -> Number:
    """The number of plain digits: an `int` where it is whole (`6.0` is 6), a `Decimal` otherwise; never a float."""
    number = Decimal(digits.replace(",", ""))
    return int(number) if number == number.to_integral_value() else number.normalize()


def read_value(text: str) -> Value:
    """The value of a cell's clean text. Blanks inside a number make it unreadable: `5 3` may be two numbers.

    >>> read_value("1,234件")
    Value(status='number', number=1234, unit='件', doubt=None)
    """
    return _VALUES[text]


class _Values(dict[str, Value]):
    """The values of texts, read when first asked for. Long texts are no values, and are not kept."""

    def __missing__(self, text: str) -> Value:
        if len(text) > LONGEST:
            return UNREADABLE
        if len(self) >= MOST_KNOWN:
            self.clear()
        self[text] = value = _read(text)
        return value


_VALUES = _Values()


def _read(text: str) -> Value:
    text = text.strip()
    if not text:
        return BLANK
    if DASHES.match(text):
        return DASH_OR_ONE if text == "一" else DASH
    if ZERO.match(text):
        return Value("number", 0, ZERO.sub("", text) or None)
    text, doubt = BLANKS.sub("", text.lstrip(BEFORE).rstrip(BEHIND)), None
    if THOUSANDS.match(text):
        text, doubt = text.replace(" ", ""), "number_spaced"
    elif MARKED.search(text):
        text, doubt = MARKED.sub("", text), "number_marked"
    match = NUMBER.match(text)
    if match is None or sum(character.isdigit() for character in match["digits"]) > MOST_DIGITS:
        return DIGITS if text.isascii() and text.isdigit() else UNREADABLE
    number = exact(match["digits"])
    return Value("number", -number if match["sign"] in MINUS else number, match["unit"], doubt)


def in_words(text: str) -> Value:
    """The value of a cell that says its one number in words: a number with a doubt, or unreadable."""
    match = IN_WORDS.match(text) if len(text) <= LONGEST else None
    if match is None or OTHER_NUMBER.search(text):
        return UNREADABLE
    return Value("number", exact(match["number"]), match["unit"], "number_in_words")


# Counting words for things, which offices exchange freely; persons and times are counted apart.
THINGS = frozenset({"条", "件", "篇", "个", "项", "宗", "份", "部", "起"})


def contradicts(printed: str | None, wanted: str | None) -> bool:
    """Whether a unit printed in a cell is another than the form's: `5人` in a row of 件."""
    if printed is None or wanted is None or printed == wanted or {printed, wanted} <= THINGS or {printed, wanted} <= YUAN.keys():
        return False
    return {printed, wanted} != {"人", "名"}


def unit_in_label(label: str) -> str | None:
    """The unit that a label prints in brackets, or an amount's behind a mark; `None` where it prints none."""
    match = IN_LABEL.search("".join(label.split())) if "(" in label or label.endswith("元") else None
    return match["in"] or match["behind"] if match else None


def convert(number: Number, printed: str | None, wanted: str | None) -> Number:
    """The number in the wanted unit: money between 元, 万元 and 亿元; counting words count alike."""
    if printed in YUAN and wanted in YUAN and printed != wanted:
        return exact(str(Decimal(number) * YUAN[printed] / YUAN[wanted]))
    return number
