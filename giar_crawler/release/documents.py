"""What changed in reports and their figures, address by address."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any
from urllib.parse import urlsplit

from giar_crawler.export.files import Row
from giar_crawler.release import causes
from giar_crawler.release.causes import ATTRIBUTION, CORRECTED, DESCRIPTION, Cause, Figure, Page, Side
from giar_crawler.release.merging import Block, Shelf, Workshop, blocks, side_by_side
from giar_crawler.release.opened import BadRelease, Opened
from pipelines.storage import RecordRefused, canonical

FIELDS = (*sorted(ATTRIBUTION), *DESCRIPTION)
# What a row of the panel says of whose year it is.
SERIES = ("publisher", "scope", "report_year", "unit_id", "adcode", "document_url")
_REPORT = ("url", "body_sha256", "parser_version", *FIELDS)
Documents = Iterator[tuple[str, Side, Side, list[tuple[str, str]]]]


def documents(old: Opened, new: Opened, workshop: Workshop) -> Documents:
    """Each address with what both releases have there, and the series of the panel (with `old` or `new`) that it stands for."""
    tables = {}
    for side, release, other in (("old", old, new), ("new", new, old)):
        for name, made in _TABLES.items():
            tables[f"{side} {name}"] = workshop.in_order(made(release))
        tables[f"{side} holders"] = workshop.in_order(_holders(release, other, workshop))
    for key, found in side_by_side(tables):
        series = [(side, key) for side in ("old", "new") for key in found[f"{side} series"]]
        yield key, _side(found, "old"), _side(found, "new"), series


def address(release: Opened, url: str) -> str:
    """The address under which a report is known, however it was written. Raises BadRelease for what is none."""
    try:
        return canonical(url)
    except RecordRefused as error:
        raise BadRelease(f"{release.folder}: {error}") from error


def _side(found: dict[str, list[Any]], side: str) -> Side:
    reports = found[f"{side} reports"]
    figures = [Figure(*row) for row in found[f"{side} figures"]]
    return Side(
        report=reports[0] if reports else None,
        figures={(figure.indicator, figure.column, figure.source): figure for figure in figures},
        pages=[Page(*row) for row in found[f"{side} pages"]],
        holders=found[f"{side} holders"],
    )


def _reports(release: Opened) -> Iterator[Block]:
    for row in release.rows("reports", _REPORT):
        yield address(release, row[0]), [dict(zip(_REPORT, row, strict=True))]


def _holders(release: Opened, other: Opened, workshop: Workshop) -> Iterator[Block]:
    """The addresses of which the release has the report under another one: it says so itself, or the other release does."""
    yield from _alternates(release)
    here = workshop.in_order((address(release, url), [url]) for (url,) in release.rows("reports", ("url",)))
    for _, found in side_by_side({"here": here, "there": workshop.in_order(_alternates(other))}):
        for url in found["there"] if found["here"] else ():
            yield address(other, url), found["here"]


def _alternates(release: Opened) -> Iterator[Block]:
    """Each further address of a report with the one under which the release has it."""
    for url, others in release.rows("reports", ("url", "alternate_urls")):
        for other in others.split():
            yield address(release, other), [url]


def _grouped(table: str, key: str, kind: tuple[str, ...]) -> Callable[[Opened], Iterator[Block]]:
    def read(release: Opened) -> Iterator[Block]:
        for url, rows in blocks((row[0], row[1:]) for row in release.rows(table, (key, *kind))):
            yield address(release, url), rows

    return read


def series_of(row: Sequence[str]) -> str:
    """Publisher, scope, place and year of a row of the panel (SERIES), by line; namesakes of no unit are told apart by code or host."""
    publisher, scope, report_year, unit_id, adcode, url = row
    return "\n".join((publisher, scope, unit_id or adcode or urlsplit(url).netloc, report_year))


def _series(release: Opened) -> Iterator[Block]:
    for row, _ in groupby(release.rows("panel", SERIES)):
        if row[-1]:
            yield address(release, row[-1]), [series_of(row)]


_TABLES: dict[str, Callable[[Opened], Iterator[Block]]] = {
    "reports": _reports,
    "figures": _grouped("figures", "document_url", Figure._fields),
    "pages": _grouped("pages", "url", Page._fields),
    "series": _series,
}


def only(old: Side, new: Side) -> Counter[str]:
    """How many archived answers one release has and the other lacks."""
    before, after = ({(page.fetched_at, page.body_sha256) for page in side.pages} for side in (old, new))
    return Counter({"both": len(before & after), "only_old": len(before - after), "only_new": len(after - before)})


def changes(old: Side, new: Side) -> Iterator[Row]:
    """The rows of one address: first the report, then its figures by code, column and source."""
    about = _about(old, new)
    if old.report is None or new.report is None:
        there, lacking = (new, old) if old.report is None else (old, new)
        if there.report is None:
            return
        cause, change = causes.of_presence(there, lacking), "added" if there is new else "removed"
        side = "new" if there is new else "old"
        holder = lacking.holders[0] if lacking.holders else None
        other = "old" if side == "new" else "new"
        yield about | {"class": cause, "kind": "report", "change": change, side: there.report["url"], other: holder}
        for _, figure in sorted(there.figures.items()):
            yield about | _named(figure) | {"class": cause, "kind": "figure", "change": change, side: shown(figure)}
        return
    for name in FIELDS:
        before, after = old.report[name], new.report[name]
        if before != after:
            cause = causes.of_field(name, old, new)
            yield about | {"class": cause, "kind": "report", "change": "changed", "field": name, "old": before, "new": after}
    yield from (about | row for row in _figures(old, new))


def _figures(old: Side, new: Side) -> Iterator[Row]:
    document = causes.of_document(old, new)
    for key in sorted(old.figures.keys() | new.figures.keys()):
        before, after = old.figures.get(key), new.figures.get(key)
        if (before and before.stands) == (after and after.stands):
            continue
        cause = causes.of_figure(before, after, document)
        named = _named(after or before)
        if key[-1] == CORRECTED:
            # A correction takes the place of what was read, which comes back with its withdrawal.
            before, after = before or _exported(old, key), after or _exported(new, key)
        change = "added" if before is None else "removed" if after is None else "changed"
        with_unit = before is not None and after is not None and before.unit != after.unit
        words = {"old": before and shown(before, with_unit=with_unit), "new": after and shown(after, with_unit=with_unit)}
        yield named | {"class": cause, "kind": "figure", "change": change, **words}


def _exported(side: Side, key: tuple[str, str, str]) -> Figure | None:
    """The figure that exports use in the place of a correction."""
    return next((one for one in side.figures.values() if (one.indicator, one.column) == key[:2] and one.preferred == "true"), None)


def _named(figure: Figure | None) -> Row:
    return {"indicator": figure.indicator, "column": figure.column, "source": figure.source} if figure else {}


def shown(figure: Figure, *, with_unit: bool = False) -> str:
    """A figure in one word: its value or status, with the zero that is implied, and with the unit where it is told."""
    words = figure.value if figure.status == "number" else figure.status
    if figure.implied_value:
        words += f" (implied {figure.implied_value})"
    return f"{words} {figure.unit}".rstrip() if with_unit else words


def _about(old: Side, new: Side) -> Row:
    """Whose report it is, after the newer release where it has it, and what it was read from."""
    report = new.report or old.report or {}
    row: Row = {name: report.get(name) for name in ("portal", "publisher", "scope", "report_year")}
    row["document_url"] = report.get("url")
    for side, its in (("old", old.report), ("new", new.report)):
        for name in ("content_sha256", "parser_version"):
            row[f"{side}_{name}"] = its[name] if its else None
    return row


def fates(old: Side, new: Side, series: Iterable[tuple[str, str]], shelf: Shelf) -> None:
    """Puts down for the panel what became of the document that stands for these series."""
    for side, key in series:
        one, other = (old, new) if side == "old" else (new, old)
        moved = Cause.IDENTITY if other.report else causes.of_presence(one, other)
        shelf.put((key, [[side, moved, causes.of_document(old, new)]]))
