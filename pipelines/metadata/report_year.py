"""The report year: from the title, the period that the report covers, the day of publication, the address, in this order."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from giar_crawler.items import ReportYearSource
from pipelines.decode.sections import NUMBER
from pipelines.metadata.wording import NUMERALS, YEAR

# Reports on disclosure exist from the regulation of 2007 on (in force 1 May 2008); a few cities reported before.
FIRST_YEAR, LAST_YEAR = 2003, 2100
# The report says its period in its first sentences; the opening of sections (2018年,…) is counted up to this line.
PERIOD_LINES = 80
# A year before 年, found from 年: a literal is looked for far faster than a choice of numerals.
_NAMED_YEAR = re.compile(rf"年(?<=[\d{''.join(NUMERALS)}]年)")
_IN_TITLE = re.compile(rf"({YEAR})\s*(?:年|\b)")
# The year that a report is of, and others: 2019年公布的2018年政府信息公开工作年度报告.
_BEHIND_YEAR = re.compile(r"\s*年(?P<own>度|(?:度?)(?:的|政府|政务|信息公开))?")
_QUOTED = re.compile(r"《[^《》]{0,80}》")
_PERIOD = re.compile(rf"({YEAR})年\s?\d{{1,2}}月\s?\d{{1,2}}日?起?(?:至|到|-|—|~|–)+(?:止)?\s?(?:({YEAR})年)?\s?12月\s?31日")
_ANNOUNCING = r"(?:现[将就把对]|公[布开]|编制|形成|撰写|发布)"
_ANNOUNCED = re.compile(rf"{_ANNOUNCING}[^。;《》]{{0,40}}?({YEAR})年度?[^。;]{{0,40}}?(?:报告|情况|年报)")
_ANNOUNCES = re.compile(_ANNOUNCING)
# What a line about a whole year has in it.
_LAST_DAY = "31日"
_UNTIL = re.compile(rf"截[至止]到?({YEAR})年(?:12月\s?31日|年?底|末)")
_OPENING = re.compile(rf"{NUMBER}?\s*({YEAR})年度?[,以我全共]")
_OF_URL = re.compile(r"/[a-z_]*?((?:19|20)\d\d)(?:nian(?:du)?|nd(?:bg)?|nb|n|year)(?=[/_.]|$)", re.IGNORECASE)
_ANNOUNCED_WEIGHT, _PERIOD_WEIGHT, _MOST_OPENINGS = 3, 3, 3


@dataclass(slots=True)
class ReportYear:
    """A report year and what it was read from; `disputed` is the year of the period where the title names another."""

    year: int
    source: ReportYearSource
    disputed: int | None = None


def year_of(text: str) -> int | None:
    """A year written in digits or in Chinese numerals (二〇一八), `None` when it can be no report year."""
    digits = text if text.isdigit() else "".join(str(NUMERALS.get(character, character)) for character in text)
    year = int(digits) if digits.isdigit() else 0
    return year if FIRST_YEAR <= year <= LAST_YEAR else None


def year_of_title(title: str | None) -> int | None:
    """The title's year: the first before 年度 or the report's name, else the first that 年 follows, else the first at all."""
    if not title:
        return None
    years = [(match[1], _BEHIND_YEAR.match(title, match.end(1))) for match in _IN_TITLE.finditer(title)]
    years.sort(key=lambda found: (found[1] is None, found[1] is None or not found[1]["own"]))
    return next((year for text, _ in years if (year := year_of(text)) is not None), None)


def _years_of(line: str) -> Iterator[tuple[str, int]]:
    """The years that a line's sentences about the period name, with what each is worth."""
    plain = _QUOTED.sub("", line) if "《" in line else line
    for match in _PERIOD.finditer(plain) if _LAST_DAY in plain else ():
        if match[2] is None or year_of(match[2]) == year_of(match[1]):
            yield match[1], _PERIOD_WEIGHT
    # Most words for announcing stand behind the last year of their line.
    for match in _ANNOUNCED.finditer(plain[:2000]) if _ANNOUNCES.search(plain, 0, plain.rfind("年")) else ():
        yield match[1], _ANNOUNCED_WEIGHT
    for match in _UNTIL.finditer(plain) if "截" in plain else ():
        yield match[1], 1


def _of_period(lines: Iterable[str], latest: int) -> tuple[int | None, int]:
    """The year that the sentences about the period agree on, with its weight. One typo among them must not win."""
    votes: dict[int, int] = defaultdict(int)
    openings: dict[int, int] = defaultdict(int)
    for line in lines:
        if _NAMED_YEAR.search(line) is None:
            continue
        opening = _OPENING.match(line)
        if opening and (year := year_of(opening[1])):
            openings[year] += 1
        for text, weight in _years_of(line):
            votes[year_of(text) or 0] += weight
    for year, count in openings.items():
        votes[year] += min(count, _MOST_OPENINGS)
    possible = [(weight, -year) for year, weight in votes.items() if FIRST_YEAR <= year <= latest]
    weight, negative = max(possible, default=(0, 0))
    return (-negative or None), weight


def _of_url(url: str | None) -> int | None:
    match = _OF_URL.search(url.split("?", 1)[0]) if url else None
    return year_of(match[1]) if match else None


def read_report_year(
    titled: int | None, lines: Iterable[str], published: date | None, url: str | None, month_of_url: int | None
) -> ReportYear | None:
    """The report year and its source; `None` when nothing tells it.

    `titled` is the year that the title names, `published` the day of publication, `month_of_url` the year of an address that has only year
    and month: both speak for the year before.
    """
    latest = published.year if published else LAST_YEAR
    period, weight = _of_period(lines, latest)
    # A title of a year to come is a typo where the text says better; else the day of publication is the more doubtful of the two.
    if titled is not None and (titled <= latest or period is None or weight < _PERIOD_WEIGHT):
        disputed = period if period is not None and period != titled and weight >= _PERIOD_WEIGHT else None
        return ReportYear(titled, "title", disputed)
    if period is not None and (weight > 1 or published is None or period == published.year - 1):
        return ReportYear(period, "period")
    if published is not None:
        return ReportYear(published.year - 1, "published_date")
    from_url = _of_url(url) or (month_of_url - 1 if month_of_url else None)
    return ReportYear(from_url, "url") if from_url else None
