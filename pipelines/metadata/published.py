"""The day of publication among all dates of a page, by the list of priorities; and what speaks for a migration of the portal."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from giar_crawler.items import DateMention, PublishedDateSource
from pipelines.decode.document import Document, Line
from pipelines.labels import meta_value
from pipelines.metadata.dates import ReadDate, date_of_url, read_date
from pipelines.metadata.header import Pair
from pipelines.metadata.organs import Organs
from pipelines.metadata.site import is_foreign_meta
from pipelines.reading import Reading

PRIORITY: tuple[PublishedDateSource, ...] = ("meta", "header", "line", "url", "list", "written", "signature", "form_foot", "generated")
# A page's own date and its meta tag may lie a few days apart (edited, then published); more is a contradiction.
FEW_DAYS = 31
# Old reports are posted again when a portal moves; nobody does so after this many years. Without any year, the last day that is believed.
MOST_LATE = 20
LAST_DAY = date(2049, 12, 31)
# Lines around the title that may hold a bare date.
AROUND_TITLE = 6
LONGEST_LINE = 80
_BY_FIELD: dict[str, PublishedDateSource] = {"written_date": "written", "generated_date": "generated"}
_DATED = frozenset({"published_date", "written_date", "generated_date", "archived_date"})
_TODAY = ("今天", "今日", "星期", "现在时间", "农历", "当前时间")


@dataclass(slots=True)
class Published:
    """The day of publication with its source, and all dates under labels.

    `leftover` is a meta date that the page contradicts, `absurd` are dates that cannot have been when the page was fetched. `from_url` is
    the date of the page's address, a day or not.
    """

    value: date | None
    source: PublishedDateSource | None
    dates: list[DateMention]
    leftover: str | None = None
    written: date | None = None
    absurd: list[str] = field(default_factory=list)
    from_url: ReadDate | None = None


_DIGIT = re.compile(r"\d|[〇○一二三四五六七八九十]")
_LAST_DATE = re.compile(r"(?![上下]一)[^:]{2,6}:\S{1,30}\s+((?:19|20)\d\d[-./年]\d{1,2}[-./月]\d{1,2}日?)$")


def _bare(line: Line) -> ReadDate | None:
    """The date of a line under the title that has no label: `2019-03-27 10:20 浏览次数:12`, `作者:某乡 2015年2月10日`."""
    text = line.clean.lstrip(" [(【〔")
    if (last := _LAST_DATE.match(text)) is not None and len(text) <= LONGEST_LINE:
        text = last.group(1)
    if not 8 <= len(text) <= LONGEST_LINE or not text.startswith(("19", "20")) or line.cells is not None or line.linked * 2 > len(line.raw):
        return None
    read = read_date(text[:40].strip(" []()【】〔〕")) if not any(word in text for word in _TODAY) else None
    return read if read is not None and read.value is not None and text.startswith(read.raw) else None


@dataclass(slots=True)
class _Dates:
    """The dates found: by source, the first of each, and as mentions under labels."""

    found: dict[PublishedDateSource, date] = field(default_factory=dict)
    mentions: list[DateMention] = field(default_factory=list)

    def note(self, source: PublishedDateSource | None, read: ReadDate | None) -> None:
        if source and read and read.value:
            self.found.setdefault(source, read.value)

    def mention(self, label: str, raw: str, read: ReadDate | None) -> None:
        # What else stands in the value (a counter, a source without a blank before it) is no part of the date.
        raw = read.raw if read else raw
        self.mentions.append(DateMention(label, raw, read.value if read else None, read.precision if read else None))


def _read_header(pairs: Sequence[Pair], dates: _Dates) -> None:
    for pair in pairs:
        if pair.field in _DATED and pair.value is not None:
            read = read_date(pair.value)
            # The button of a search box, an author: what stands where the date would.
            if read is None and not _DIGIT.search(pair.value):
                continue
            dates.mention(pair.label, pair.raw or pair.value, read)
            dates.note(pair.place if pair.field == "published_date" else _BY_FIELD.get(pair.field), read)


def _read_signatures(organs: Organs, dates: _Dates) -> None:
    signatures: tuple[tuple[str, PublishedDateSource, ReadDate | None], ...] = (
        ("落款", "signature", organs.signed_date),
        ("填报日期", "form_foot", organs.filled_date),
    )
    for label, source, read in signatures:
        if read is not None:
            dates.mention(label, read.raw, read)
            dates.note(source, read)


def _read_meta(document: Document, url: str | None, year_end: date | None, dates: _Dates) -> str | None:
    """Adds the meta date unless it is a leftover; returns its wording when the page contradicts it."""
    raw = meta_value(document.meta, "published_date")
    read = read_date(raw)
    if raw is None or read is None or read.value is None:
        return None
    dates.mentions.insert(0, DateMention("PubDate", raw, read.value, read.precision))
    own = dates.found.get("header") or dates.found.get("line")
    before_end = year_end is not None and own is not None and read.value < year_end < own
    if is_foreign_meta(document, url) or before_end:
        return raw
    dates.found["meta"] = read.value
    return raw if own is not None and abs((own - read.value).days) > FEW_DAYS else None


def read_published(reading: Reading, pairs: Sequence[Pair], organs: Organs, title_line: int, year_end: date | None) -> Published:
    """The day of publication, its source, and the dates under labels.

    `title_line` is the index of the title's line, -1 when unknown; `year_end` the end of the report year where the title tells it. A meta
    date counts unless its tags belong to another site or it lies before `year_end` while the page itself names a later day.
    """
    document, url, dates = reading.document, reading.page.url, _Dates()
    _read_header(pairs, dates)
    start = title_line if title_line >= 0 else document.body.start
    for line in document.lines[start + 1 : start + 1 + AROUND_TITLE] if "line" not in dates.found else ():
        dates.note("line", _bare(line))
    from_url = date_of_url(url)
    dates.note("url", from_url)
    dates.note("list", read_date(reading.page.context.list_date))
    _read_signatures(organs, dates)
    leftover = _read_meta(document, url, year_end, dates)
    latest = _latest(reading, year_end)
    absurd = sorted({value.isoformat() for value in dates.found.values() if value > latest})
    found = {source: value for source, value in dates.found.items() if value <= latest}
    source = next((name for name in PRIORITY if name in found), None)
    weaker: tuple[PublishedDateSource, ...] = ("written", "signature", "form_foot")
    written = next((found[name] for name in weaker if name in found), None)
    return Published(found[source] if source else None, source, dates.mentions, leftover, written, absurd, from_url)


def _latest(reading: Reading, year_end: date | None) -> date:
    """The last day on which a page can have been published: that of its fetching, else long after the report's year."""
    if reading.page.fetched_at is not None:
        return reading.page.fetched_at.date() + timedelta(days=2)
    return year_end.replace(year=year_end.year + MOST_LATE) if year_end else LAST_DAY


def is_migration(published: date | None, written: date | None, year: int | None) -> bool | None:
    """True when the page itself shows that its late day of publication is that of a move: it was written in its own season. Else `None`.

    One page alone can never show the opposite.
    """
    if published is None or written is None or year is None:
        return None
    return True if published.year >= year + 2 and written.year <= year + 1 and (published - written).days > 365 else None
