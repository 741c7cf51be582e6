"""Dates as Chinese portals print them, to a value and a precision."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from string import ascii_letters

from giar_crawler.items import Precision
from pipelines.metadata.wording import NUMERALS, ZEROS

FIRST_YEAR, LAST_YEAR = 1990, 2100
# A header's date with its time; longer text is no date.
LONGEST = 60
LAST_MONTH = 12
_MONTHS = {name: number for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}

_DIGITS = {character: str(value) for character, value in NUMERALS.items()}
_HAN_YEAR = rf"[{ZEROS}\d一二三四五六七八九壹贰叁肆伍陆柒捌玖]{{4}}|[一二]千[{ZEROS}]?(?:[一二三四五六七八九]?十)?[一二三四五六七八九]?"
_HAN_SMALL = "[〇○◯零元正一二三四五六七八九十廿卅壹贰叁肆伍陆柒捌玖拾]{1,4}"
_DIGIT = r"\d\s?\d?"
# Word loses characters at the border of its spans: 2020119日 is no date. So the parts must be told apart by 年 and 月, by one separator, or
# by a blank where one of the two characters was lost.
_CHINESE = re.compile(
    rf"(?<![\d〇○◯零一二三四五六七八九])(?P<year>\d{{4}}|\d(?:\s\d){{3}}|{_HAN_YEAR})(?:\s*年|\s(?=\d{{1,2}}\s*月\s*\d{{1,2}}\s*[日号]|\d{{1,2}}\s\d{{1,2}}\s?[日号]))"
    rf"(?:\s*(?P<month>{_DIGIT}|{_HAN_SMALL})(?:\s*月(?:份(?!\d))?|\s(?=\d{{1,2}}\s?[日号]))"
    rf"(?:\s*(?P<day>{_DIGIT}(?=\s*[日号])|{_HAN_SMALL}(?=\s*[日号])|\d{{1,2}}(?![\d\s]|\s\d)|\d{{1,2}}$)\s*[日号]?)?)?"
)
_SEPARATED = re.compile(
    r"(?<![\d./-])(?P<year>\d{4})\s?([-./])\s?(?P<month>\d{1,2})\s?\2\s?(?P<day>\d{2}(?=\d{2}:\d{2})|\d{1,2}(?!\d|\s?\2\s?\d))"
)
_COMPACT = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d{2})(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12]\d|3[01])(?!\d)"
    r"|(?<!\d)(?P<year2>(?:19|20)\d{2})(?P<month2>0[1-9]|1[0-2])(?P<day2>0[1-9]|[12]\d|3[01])(?=(?:[01]\d|2[0-3])[0-5]\d[0-5]\d(?!\d))"
)
_MONTH_ONLY = re.compile(r"(?<![\d./-])(?P<year>\d{4})([-./])(?P<month>0[1-9]|1[0-2]|[1-9])(?![\d./-]|\s*[万亿元件条个人%])")
# As Java and mail write it: Wed Mar 27 10:24:05 CST 2019, 27-Mar-2019, March 2019.
_MONTH_NAME = r"(?P<month>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)[a-z]*\.?"
_ENGLISH = (
    re.compile(rf"(?<!\d)(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[\s-]{_MONTH_NAME}[\s,-]+(?P<year>\d{{4}})(?!\d)", re.IGNORECASE),
    re.compile(
        rf"\b{_MONTH_NAME}\s(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s(?:\d\d:\d\d:\d\d\s(?:[A-Z]{{2,4}}\s)?)?(?P<year>\d{{4}})(?!\d)",
        re.IGNORECASE,
    ),
    re.compile(rf"\b{_MONTH_NAME},?\s(?P<year>\d{{4}})(?!\d)", re.IGNORECASE),
)
# 03/27/2019 and 27/03/2019 tell day and month apart, 03/04/2019 does not.
_YEAR_LAST = re.compile(r"(?<![\d./-])(?P<one>\d{1,2})([/.-])(?P<two>\d{1,2})\2(?P<year>\d{4})(?!\d)")
# By the order in which they win, each with characters of which whatever it matches has one.
_PATTERNS = (
    (_CHINESE, frozenset("年日号")),
    (_SEPARATED, frozenset("-./")),
    (_COMPACT, frozenset("12")),
    (_MONTH_ONLY, frozenset("-./")),
    (_YEAR_LAST, frozenset("-./")),
    *((pattern, frozenset(ascii_letters)) for pattern in _ENGLISH),
)
_BARE_YEAR = re.compile(r"(?:19|20)\d{2}")
# Seconds or milliseconds since 1970, as scripts keep times.
_EPOCH = re.compile(r"(?:/Date\()?(\d{10})(?:\d{3})?(?:[+-]\d{4})?(?:\)/)?")
LAST_EPOCH = 2_147_483_647
# 2019-03-26T16:00:00.000Z is midnight in China.
_UTC = re.compile(r"(?P<day>\d{4}-\d\d-\d\d)T(?P<time>\d\d:\d\d:\d\d)(?:\.\d{1,6})?(?:Z|\+00:?00)")
_CHINA = timezone(timedelta(hours=8))
# What follows or stands before the date of a span of time: 2019年1月1日至12月31日, 2018—2019年.
_GOES_ON = re.compile(rf"\s*(?:起?[至到]|[-—–~/]{{1,2}})\s*(?:今|\d|[{ZEROS}一二三四五六七八九十])")
_WENT_ON = re.compile(r"\d\s*年?度?\s*(?:[至到]|[-—–~]{1,2})\s*$")
# 农历 counts other months; 民国 other years, of which none has four digits.
_LUNAR = re.compile(r"[农阴夏]历\s*$")
# Behind a year or a month alone a digit is the rest of a date that lost its characters.
_REST = re.compile(r"\s*\d")
_TIME = re.compile(r"\s*\d{1,2}\s\d{1,2}:\d\d")
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
# What all of these begin with.
_URL_YEAR = re.compile(r"/t?(?:19|20)\d\d")
_URL_MONTH = re.compile(r"/(?P<year>(?:19|20)\d\d)(?P<month>0[1-9]|1[0-2])(?=/)")


@dataclass(slots=True)
class ReadDate:
    """A date that was read. `value` is `None` unless the day is known; `year` and `month` are what is known then. `raw` is its wording."""

    raw: str
    year: int
    month: int | None
    value: date | None
    precision: Precision


def _small(text: str) -> int | None:
    """A month or a day in Chinese numerals: 元, 十一, 廿五, 二十, 三〇, 〇三, 贰拾柒."""
    if text in ("元", "正"):
        return 1
    text = text.replace("廿", "二十").replace("卅", "三十").replace("拾", "十")
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
    if not text.isdigit():
        text = "".join(text.split())
    if text.isdigit():
        return int(text)
    return _MONTHS.get(text[:3].lower()) or _small(text)


def _year(text: str) -> int:
    if text.isdecimal():
        return int(text)
    thousands, thousand, rest = "".join(text.split()).partition("千")
    if not thousand:
        return int("".join(_DIGITS.get(character, character) for character in thousands))
    return 1000 * int(_DIGITS[thousands]) + (_small(rest.lstrip(ZEROS)) or 0 if rest.lstrip(ZEROS) else 0)


def _parts(match: re.Match[str]) -> tuple[str, str | None, str | None] | None:
    """Year, month and day of a match as printed; `None` where day and month cannot be told apart."""
    parts = match.groupdict()
    if "one" in parts:
        one, two = parts["one"], parts["two"]
        if int(one) == int(two) or int(two) > LAST_MONTH:
            return parts["year"], one, two
        return (parts["year"], two, one) if int(one) > LAST_MONTH else None
    if parts["year"] is None:
        return parts["year2"], parts["month2"], parts["day2"]
    return parts["year"], parts.get("month"), parts.get("day")


def _made(match: re.Match[str]) -> ReadDate | None:
    """The date of a match; `None` for days that the calendar lacks and years out of range."""
    parts = _parts(match)
    if parts is None:
        return None
    year, month, day = _year(parts[0]), _part(parts[1]), _part(parts[2])
    if not FIRST_YEAR <= year <= LAST_YEAR or (parts[1] and month is None) or (parts[2] and day is None):
        return None
    if month is not None and not 1 <= month <= LAST_MONTH:
        return None
    raw = match.group().strip()
    if month is None or day is None:
        return ReadDate(raw, year, month, None, "year" if month is None else "month")
    try:
        return ReadDate(raw, year, month, date(year, month, day), "day")
    except ValueError:
        return None


def _alone(text: str, match: re.Match[str], read: ReadDate) -> bool:
    """Whether what stands around a match leaves it a date of its own: no span of time, no lunar month, no rest of lost characters."""
    if _LUNAR.search(text, 0, match.start()):
        return False
    return read.value is not None or _REST.match(text, match.end()) is None or _TIME.match(text, match.end()) is not None


def _found(text: str) -> Iterator[tuple[re.Match[str], ReadDate]]:
    """The dates of a normalised text with their matches, pattern by pattern."""
    there = set(text)
    for pattern, characters in _PATTERNS:
        for match in () if characters.isdisjoint(there) else pattern.finditer(text):
            if (read := _made(match)) and _alone(text, match, read):
                yield match, read


def _precedence(found: tuple[re.Match[str], ReadDate]) -> tuple[bool, int]:
    """Those with a day come first, each in the order of the text."""
    match, read = found
    return read.value is None, match.start()


def _first(text: str) -> tuple[re.Match[str], ReadDate] | None:
    """The date of a normalised text that comes first, with its match."""
    found = []
    for one in _found(text):
        if _precedence(one) == (False, 0):
            return one
        found.append(one)
    return min(found, key=_precedence, default=None)


def dates_in(text: str) -> Iterator[ReadDate]:
    """The dates of a short text with a day, in order; then those without. The text is normalised here."""
    return (read for _, read in sorted(_found(unicodedata.normalize("NFKC", text)), key=_precedence))


def read_date(text: str | None) -> ReadDate | None:
    """The date in a header's value, a meta tag or a list row; `None` when there is none that can be trusted, and for a span of time.

    A date with a day wins over one without. What own patterns do not know is tried with dateparser.
    """
    if not text or len(text) > LONGEST:
        return None
    text = unicodedata.normalize("NFKC", text).strip()
    if (read := _of_machine(text)) is not None:
        return read
    first = _first(text)
    if first is None:
        return _by_library(text)
    match, read = first
    return None if _GOES_ON.match(text, match.end()) or _WENT_ON.search(text, 0, match.start()) else read


def _of_machine(text: str) -> ReadDate | None:
    """The day in China of an instant as programs write it, or a bare year."""
    if match := _EPOCH.fullmatch(text):
        seconds = int(match[1])
        moment = datetime.fromtimestamp(seconds, UTC) if seconds <= LAST_EPOCH else None
    elif match := _UTC.search(text):
        moment = _moment(f"{match['day']}T{match['time']}+00:00")
    else:
        return ReadDate(text, int(text), None, None, "year") if _BARE_YEAR.fullmatch(text) and int(text) <= LAST_YEAR else None
    if moment is None or moment.year < FIRST_YEAR:
        return None
    day = moment.astimezone(_CHINA).date()
    return ReadDate(text, day.year, day.month, day, "day")


def _moment(written: str) -> datetime | None:
    try:
        return datetime.fromisoformat(written)
    except ValueError:
        return None


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
    if _URL_YEAR.search(path) is None:
        return None
    for pattern in (*_URL_DAYS, _URL_MONTH):
        for match in pattern.finditer(path):
            if read := _made(match):
                return read
    return None
