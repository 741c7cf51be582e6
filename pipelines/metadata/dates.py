"""Dates as Chinese portals print them, to a value and a precision."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from giar_crawler.items import Precision
from pipelines.metadata.wording import NUMERALS

FIRST_YEAR, LAST_YEAR = 1990, 2100
# A header's date with its time; longer text is no date.
LONGEST = 60

_DIGITS = {character: str(value) for character, value in NUMERALS.items()}
_HAN_YEAR = "[〇○◯零OoΟО0一二三四五六七八九]{4}"
_HAN_SMALL = "[〇○◯零元正一二三四五六七八九十廿卅]{1,4}"
_DIGIT = r"\d\s?\d?"
# Word loses characters at the border of its spans: 2020119日 is no date. So the parts must be told apart by 年 and 月 or by one separator.
_CHINESE = re.compile(
    rf"(?<![\d〇○◯零一二三四五六七八九])(?P<year>\d{{4}}|{_HAN_YEAR})\s*年"
    rf"(?:\s*(?P<month>{_DIGIT}|{_HAN_SMALL})\s*月(?:份(?!\d))?"
    rf"(?:\s*(?P<day>{_DIGIT}(?=\s*[日号])|{_HAN_SMALL}(?=\s*[日号])|\d{{1,2}}(?![\d\s]|\s\d)|\d{{1,2}}$)\s*[日号]?)?)?"
)
_SEPARATED = re.compile(r"(?<![\d./-])(?P<year>\d{4})\s?([-./])\s?(?P<month>\d{1,2})\s?\2\s?(?P<day>\d{1,2})(?!\d|\s?\2\s?\d)")
_COMPACT = re.compile(r"(?<!\d)(?P<year>(?:19|20)\d{2})(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12]\d|3[01])(?!\d)")
_MONTH_ONLY = re.compile(r"(?<![\d./-])(?P<year>\d{4})([-./])(?P<month>0[1-9]|1[0-2]|[1-9])(?![\d./-])")
_PATTERNS = (_CHINESE, _SEPARATED, _COMPACT, _MONTH_ONLY)
_GROUPS = re.compile(r"\d+")
# Where the address of a page has its day: TRS t20190327_, Hanweb /art/2019/3/27/, /20190327/, /2019-03-27/, /201903/27/,
# /2019-03/27/, /2019/0327/.
_URL_DAYS = tuple(
    re.compile(pattern)
    for pattern in (
        r"/t(?P<year>(?:19|20)\d\d)(?P<month>\d\d)(?P<day>\d\d)_",
        r"/(?P<year>(?:19|20)\d\d)/(?P<month>\d{1,2})/(?P<day>\d{1,2})(?=/|$|\.)",
        r"/(?P<year>(?:19|20)\d\d)(?P<month>\d\d)(?P<day>\d\d)(?=/|\.|_|$)",
        r"/(?P<year>(?:19|20)\d\d)-(?P<month>\d{1,2})-(?P<day>\d{1,2})(?=/|\.|$)",
        r"/(?P<year>(?:19|20)\d\d)-?(?P<month>\d\d)/(?P<day>\d\d)(?=/)",
        r"/(?P<year>(?:19|20)\d\d)/(?P<month>\d\d)(?P<day>\d\d)(?=/)",
    )
)
_URL_MONTH = re.compile(r"/(?P<year>(?:19|20)\d\d)(?P<month>0[1-9]|1[0-2])(?=/)")


@dataclass(slots=True, frozen=True)
class ReadDate:
    """A date that was read. `value` is `None` unless the day is known; `year` and `month` are what is known then. `raw` is its wording."""

    raw: str
    year: int
    month: int | None
    value: date | None
    precision: Precision


def _small(text: str) -> int | None:
    """A month or a day in Chinese numerals: 元, 十一, 廿五, 二十, 三〇, 〇三."""
    if text in ("元", "正"):
        return 1
    text = text.replace("廿", "二十").replace("卅", "三十")
    tens, ten, ones = text.partition("十")
    if not ten:
        digits = "".join(_DIGITS.get(character, "?") for character in text)
        return int(digits) if digits.isdigit() and len(digits) <= 2 else None
    if len(tens) > 1 or len(ones) > 1:
        return None
    high = int(_DIGITS.get(tens, "0")) if tens else 1
    low = int(_DIGITS.get(ones, "0")) if ones else 0
    return high * 10 + low


def _part(text: str | None) -> int | None:
    if text is None:
        return None
    text = "".join(text.split())
    return int(text) if text.isdigit() else _small(text)


def _year(text: str) -> int:
    return int("".join(_DIGITS.get(character, character) for character in text))


def _made(match: re.Match[str]) -> ReadDate | None:
    """The date of a match; `None` for days that the calendar lacks and years out of range."""
    parts = match.groupdict()
    year, month, day = _year(parts["year"]), _part(parts.get("month")), _part(parts.get("day"))
    if not FIRST_YEAR <= year <= LAST_YEAR or (parts.get("month") and month is None) or (parts.get("day") and day is None):
        return None
    if month is not None and not 1 <= month <= 12:
        return None
    if month is None or day is None:
        return ReadDate(match.group().strip(), year, month, None, "year" if month is None else "month")
    try:
        return ReadDate(match.group().strip(), year, month, date(year, month, day), "day")
    except ValueError:
        return None


def dates_in(text: str) -> Iterator[ReadDate]:
    """The dates of a short text with a day, in order; then those without. The text is normalised here."""
    text = unicodedata.normalize("NFKC", text)
    found = [(match.start(), read) for pattern in _PATTERNS for match in pattern.finditer(text) if (read := _made(match))]
    found.sort(key=lambda item: (item[1].value is None, item[0]))
    return (read for _, read in found)


def read_date(text: str | None) -> ReadDate | None:
    """The date in a header's value, a meta tag or a list row; `None` when there is none that can be trusted.

    A date with a day wins over one without. What own patterns do not know is tried with dateparser.
    """
    if not text or len(text) > LONGEST:
        return None
    return next(dates_in(text), None) or _by_library(text)


def _by_library(text: str) -> ReadDate | None:
    """Dateparser's answer, where the text holds just a year, a month and a day as numbers of their own in this order.

    Without that condition it makes 2019-01-13 of 2019年13月1日, and today's day of a bare year.
    """
    groups = [int(group) for group in _GROUPS.findall(text) if len(group) <= 4]
    if len(groups) < 3 or not FIRST_YEAR <= groups[0] <= LAST_YEAR or not all(1 <= group <= 31 for group in groups[1:3]):
        return None
    import dateparser  # noqa: PLC0415  # 0.2 s to import, and hardly ever needed

    settings = {"PARSERS": ["absolute-time"], "REQUIRE_PARTS": ["year", "month", "day"], "DATE_ORDER": "YMD"}
    parsed = dateparser.parse(text, languages=["zh"], settings=settings)
    if parsed is None or [parsed.year, parsed.month, parsed.day] != groups[:3]:
        return None
    return ReadDate(text, parsed.year, parsed.month, parsed.date(), "day")


def date_of_url(url: str | None) -> ReadDate | None:
    """The day (else the month) that a page's address has in its path: `/t20190327_12.html`, `/art/2019/3/27/`, `/202003/`."""
    if not url:
        return None
    path = url.split("?", 1)[0].split("#", 1)[0][:2000]
    for pattern in (*_URL_DAYS, _URL_MONTH):
        for match in pattern.finditer(path):
            if read := _made(match):
                return read
    return None
