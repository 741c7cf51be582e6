"""`giar changes`: what is new, was edited without a word, vanished or came back."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Annotated

import typer

from giar_crawler.cli.common import DEFAULT_DATABASE, Database, Json, clock, moment, put, refusals, say
from giar_crawler.cli.filters import Level, Mirrors, Portals, YearRange, make_filter
from giar_crawler.cli.places import Place
from giar_crawler.export.changes import change_row
from pipelines.storage import ChangeRow, open_storage

# So many changes of one edit stand on its line.
MOST_SHOWN = 3
LONGEST = 30


def changes(  # noqa: PLR0913 - one parameter per option
    since: Annotated[str, typer.Option("--since", metavar="DATE", help="what happened on that day and after, e.g. 2026-01-31")],
    *,
    database: Database = DEFAULT_DATABASE,
    portals: Portals = None,
    place: Place = None,
    level: Level = None,
    years: YearRange = None,
    mirrors: Mirrors = None,
    as_json: Json = False,
) -> None:
    """Prints a line for every report that is new, was edited, vanished, came back or was corrected, over all portals, the oldest first.

    --json has a line for each figure, field or sentence of an edit. Example: giar changes --since 2026-03-01 --place 610000
    """
    start = moment("--since", since)
    with refusals():
        storage = open_storage(database, create=False)
        filters = make_filter(
            storage.portal_ids(), portals=portals, place=place, level=level, years=years, form=None, scope=None, mirrors=mirrors
        )
        found = storage.changes(filters, start)
        if as_json:
            for change in found:
                put(json.dumps(change_row(change), ensure_ascii=False))
        else:
            _print(found)


def _print(found: Iterable[ChangeRow]) -> None:
    """A line for each change of a report; how many there were of each kind goes to stderr."""
    counts: Counter[str] = Counter()
    reread = 0
    for (at, kind, url, _), rows in groupby(found, lambda row: (row.at, row.kind, row.document_url, row.kind == "corrected" and row)):
        told = list(rows)
        counts[kind] += 1
        reread += told[0].reread
        about = f"{told[0].portal or '-'}  {told[0].report_year or '-'}  {told[0].publisher or '-'}"
        put("  ".join(part for part in (clock(at), f"{kind:9}", about, _summary(told), url) if part))
    say("  ".join(f"{kind}={count}" for kind, count in counts.items()) or "nothing changed")
    if reread:
        say(
            f"{reread} of the edits lie between two versions of the program, and may be what the new one reads otherwise: "
            "`giar reparse --stale` settles that"
        )


def _summary(rows: Sequence[ChangeRow]) -> str:
    """The first changes of an edit, and how many more there are."""
    told = [_told(row) for row in rows if row.old is not None or row.new is not None]
    more = [f"and {len(told) - MOST_SHOWN} more"] if len(told) > MOST_SHOWN else []
    return "; ".join([*told[:MOST_SHOWN], *more])


def _told(row: ChangeRow) -> str:
    name = (f"{row.indicator}[{row.column}]" if row.column else row.indicator) or row.field
    old, new = (("nothing" if value is None else value if len(value) <= LONGEST else value[:LONGEST] + "…") for value in (row.old, row.new))
    return f"{name} {old} -> {new}"
