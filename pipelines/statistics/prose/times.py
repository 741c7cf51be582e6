"""Of which time a number is: expressions of years and parts of years."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import Literal

from pipelines.screens import beginnings

# What an expression means: the report's own year, another one, a part of a year, a year up to its end (`截至…底`), a day or a month in
# which something happened, a time since something.
Meaning = Literal["year", "own", "whole", "other", "part", "until", "day", "month", "since"]

_MONTHS = r"(?:1[0-2]|[1-9])月份?"
_DAY = r"(?:[12][0-9]|3[01]|[1-9])日"
_YEAR = r"(?P<year>(?:19|20)[0-9]{2})年度?"
_PATTERNS: tuple[tuple[str, Meaning], ...] = (
    (rf"自?{_YEAR}1月(?:1日)?起?[至到—–-](?:同年|当年|(?:19|20)[0-9]{{2}}年)?12月(?:31日|底|末)?[止底]?", "year"),
    # The regulation came into force in May 2008: these months are the whole of that year.
    (rf"自?(?=2008年5){_YEAR}5月(?:1日)?起?[至到—–-](?:同年|当年|2008年)?12月(?:31日|底|末)?[止底]?", "year"),
    (r"1月?(?:1日)?[至到—–-]12月(?:份|31日|底)?", "whole"),
    (rf"自?(?:19|20)[0-9]{{2}}年?[至到—–-]{_YEAR}(?![0-9]*月)", "other"),
    # `自2008年5月1日至2016年12月31日`
    (
        rf"自?(?P<from>(?:19|20)[0-9]{{2}})年(?:{_MONTHS}(?:{_DAY})?)?[初底]?起?[至到—–-](?!(?P=from)){_YEAR}(?:{_MONTHS}(?:{_DAY})?)?[底末]?",
        "other",
    ),
    (rf"自?{_YEAR}[^,;。]{{0,20}}?(?:以来|起[,]?至今)(?!至)", "since"),
    (
        r"自[^,;。0-9]{1,20}?以来(?!至)|[三四五六七八九十近几]+年来|(?:开通|建立|成立|实施|施行|运行|上线|开展)[^,;。]{0,6}以来(?!至)",
        "other",
    ),
    (rf"(?:截[至止]到?|[至到]){_YEAR}(?:12月(?:31日|底|末)?|年?底|末|终)[止前]?", "until"),
    (r"截[至止]到?(?:本年度?)?(?:12月(?:31日|底|末)?|年底|年末|年终)[止前]?", "until"),
    (r"截[至止]到?(?:目前|现在|今|发稿|当前|今年[0-9]{1,2}月)", "other"),
    (rf"截[至止]到?(?:{_YEAR})?{_MONTHS}(?:{_DAY}|底|末)?[止前]?", "part"),
    (rf"{_YEAR}(?:上半年|下半年|前[一二三1-3]季度|第?[一二三四1-4]季度)", "part"),
    (rf"{_YEAR}{_MONTHS}{_DAY}(?:[至到—–-](?:{_MONTHS})?{_DAY})?", "day"),
    (rf"{_YEAR}{_MONTHS}[0-9]{{1,2}}[至到—–-][0-9]{{1,2}}日", "day"),
    (rf"{_YEAR}1月(?:份)?[至到—–-]12月份?", "year"),
    (rf"{_YEAR}[0-9]{{1,2}}(?:月份?)?[至到—–-]{_MONTHS}(?:底|末)?", "part"),
    (rf"{_YEAR}{_MONTHS}(?:底|末|[上中下]旬)?", "month"),
    (rf"{_YEAR}(?:全年|年?[底末])?", "year"),
    (rf"(?:[0-9]{{1,2}}(?:月份?)?[至到—–-]){_MONTHS}", "part"),
    (rf"{_MONTHS}{_DAY}", "day"),
    (rf"{_MONTHS}(?:底|末|[上中下]旬)?", "month"),
    (r"上半年|下半年|前[一二三1-3]个?季度|第[一二三四1-4]季度|[一二三四]季度|(?:当|上|本|每)月|本季度|年初", "part"),
    (r"本年度?|今年|当年|报告(?:期|年度)内?|本报告年度|统计(?:期|年度)内?|统计期限内", "own"),
    (r"全年度?|年度?[内中]|一年[来中间]|过去一年|年度", "whole"),
    (r"去年(?:同期)?|上一?年度?(?:同期)?|往年|前年|历年来?|近年来?|多年来|上个?年度", "other"),
)


def _by_beginning() -> dict[str, re.Pattern[str]]:
    """By the character that an expression begins with one pattern of all those, the first that fits.

    Its group `e` with the number of the expression closes last.
    """
    groups = [f"(?P<e{n}>{written.replace('<year>', f'<year{n}>')})" for n, (written, _) in enumerate(_PATTERNS)]
    begun: dict[str, list[str]] = defaultdict(list)
    for group in groups:
        for character in beginnings(group):
            begun[character].append(group)
    return {character: re.compile("|".join(own)) for character, own in begun.items()}


EXPRESSIONS = _by_beginning()
STARTS = frozenset(EXPRESSIONS)
# So near behind a digit stands 年 or 月 where a time begins with it.
NEAR = 8


@dataclass(slots=True)
class Time:
    """An expression of time with the place where it ends and the year that it names, if any."""

    meaning: Meaning
    end: int
    year: int | None


def time_at(text: str, place: int) -> Time | None:
    """The expression of time that begins at a place of a text; `None` where none does."""
    if text[place].isdecimal():
        # Most digits begin a count, and nothing of a date stands behind them.
        window = text[place : place + NEAR]
        if "年" not in window and "月" not in window:
            return None
    expressions = EXPRESSIONS.get(text[place])
    match = expressions.match(text, place) if expressions else None
    if match is None or match.lastgroup is None:
        return None
    number = int(match.lastgroup.removeprefix("e"))
    written, meaning = _PATTERNS[number]
    year = match[f"year{number}"] if _YEAR in written else None
    return Time(meaning, match.end(), int(year) if year else None)
