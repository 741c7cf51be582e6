"""The day of publication among all dates of a page, by the list of priorities; and what speaks for a migration of the portal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from giar_crawler.items import DateMention, PublishedDateSource
from pipelines.decode.document import Document, Line
from pipelines.metadata.dates import ReadDate, date_of_url, read_date
from pipelines.metadata.header import Pair
from pipelines.metadata.labels import meta_value
from pipelines.metadata.organs import Organs

PRIORITY: tuple[PublishedDateSource, ...] = ("meta", "header", "line", "url", "list", "written", "signature", "form_foot", "generated")
# A page's own date and its meta tag may lie a few days apart (edited, then published); more is a contradiction.
FEW_DAYS = 31
# Lines around the title that may hold a bare date.
AROUND_TITLE = 6
LONGEST_LINE = 80
_BY_FIELD: dict[str, PublishedDateSource] = {"written_date": "written", "generated_date": "generated"}
_DATED = frozenset({"published_date", "written_date", "generated_date", "archived_date"})
_TODAY = ("今天", "今日", "星期", "现在时间", "农历", "当前时间")


@dataclass(slots=True)
class Published:
    """The day of publication with its source, and all dates under labels. `leftover` is a meta date that the page contradicts."""

    value: date | None
    source: PublishedDateSource | None
    dates: list[DateMention]
    leftover: str | None = None
    written: date | None = None


def _same_site(domain: str, url: str | None) -> bool:
    """Whether a SiteDomain meta tag can belong to the page's host; unknown hosts are believed."""
    host = (urlsplit(url).hostname or "") if url else ""
    domain = domain.lower().removeprefix("http://").removeprefix("https://").split("/")[0].split(":")[0]
    core = ".".join(domain.split(".")[-3:]) if domain.endswith((".gov.cn", ".com.cn")) else ".".join(domain.split(".")[-2:])
    return not host or not domain or host == domain or host.endswith("." + core) or host == core


def is_foreign_meta(document: Document, url: str | None) -> bool:
    """Whether the meta tags are those of another site: a template's leftovers."""
    domain = meta_value(document.meta, "site_domain")
    return domain is not None and "gov.cn" in (urlsplit(url).hostname or "" if url else "") and not _same_site(domain, url)


def _bare(line: Line) -> ReadDate | None:
    """The date of a line under the title that has no label: `2019-03-27 10:20 浏览次数:12`."""
    text = line.clean
    if not 8 <= len(text) <= LONGEST_LINE or line.cells is not None or line.linked * 2 > len(line.raw) or any(word in text for word in _TODAY):
        return None
    read = read_date(text[:40].strip(" []()")) if text.lstrip(" [(").startswith(("19", "20")) else None
    return read if read is not None and read.value is not None and not text.lstrip(" [(").startswith(f"{read.year}年度") else None


def _mention(label: str, raw: str, read: ReadDate | None) -> DateMention:
    return DateMention(label, raw, read.value if read else None, read.precision if read else None)


def read_published(
    document: Document, pairs: Sequence[Pair], organs: Organs, title_line: int, url: str | None, list_date: str | None, year_end: date | None
) -> Published:
    """The day of publication, its source, and the dates under labels.

    `title_line` is the index of the title's line, -1 when unknown; `year_end` the end of the report year where the title tells it. A meta date
    counts unless its tags belong to another site or it lies before `year_end` while the page itself names a later day.
    """
    found: dict[PublishedDateSource, date] = {}
    dates: list[DateMention] = []

    def note(source: PublishedDateSource | None, read: ReadDate | None) -> None:
        if source and read and read.value:
            found.setdefault(source, read.value)

    tagged_text = meta_value(document.meta, "published_date")
    tagged = read_date(tagged_text)
    if tagged and tagged_text:
        dates.append(_mention("PubDate", tagged_text, tagged))
    for pair in pairs:
        if pair.field not in _DATED or pair.value is None:
            continue
        read = read_date(pair.value)
        dates.append(_mention(pair.label, pair.raw or pair.value, read))
        note(_BY_FIELD.get(pair.field) if pair.field != "published_date" else pair.place, read)
    start = title_line if title_line >= 0 else document.body.start
    for line in document.lines[start + 1 : start + 1 + AROUND_TITLE] if "line" not in found else ():
        note("line", _bare(line))
    note("url", date_of_url(url))
    note("list", read_date(list_date))
    for label, source, read in (("落款", "signature", organs.signed_date), ("填报日期", "form_foot", organs.filled_date)):
        if read is not None:
            dates.append(_mention(label, read.raw, read))
            note(source, read)  # type: ignore[arg-type]
    leftover = None
    if tagged and tagged.value:
        own = found.get("header") or found.get("line")
        before_end = year_end is not None and tagged.value < year_end and own is not None and own > year_end
        if is_foreign_meta(document, url) or before_end:
            leftover = tagged_text
        else:
            found["meta"] = tagged.value
            if own is not None and abs((own - tagged.value).days) > FEW_DAYS:
                leftover = tagged_text
    source = next((name for name in PRIORITY if name in found), None)
    written = next((found[name] for name in ("written", "signature", "form_foot") if name in found), None)
    return Published(found[source] if source else None, source, dates, leftover, written)


def is_migration(published: date | None, written: date | None, year: int | None) -> bool | None:
    """True when the page itself shows that its late day of publication is that of a move: it was written in its own season. Else `None`.

    One page alone can never show the opposite.
    """
    if published is None or written is None or year is None:
        return None
    return True if published.year >= year + 2 and written.year <= year + 1 and (published - written).days > 365 else None
