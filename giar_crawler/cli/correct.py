"""`giar correct`: reviewed values in the place of what was read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from giar_crawler.cli.common import DEFAULT_DATABASE, Database, Json, Refused, clock, emit, put, refusals, say
from giar_crawler.cli.filters import SCOPES, Portals, YearRange, make_filter
from giar_crawler.cli.places import Place
from giar_crawler.correcting import BadTable, listed, read_table
from giar_crawler.export.changes import correction_object
from pipelines.statistics.reviewed import shown
from pipelines.storage import (
    Correction,
    CorrectionRefused,
    Proposal,
    ReportUnknown,
    Storage,
    Wanted,
    Withdrawal,
    open_storage,
)

USAGE = "giar correct DOCUMENT_URL 'INDICATOR[COLUMN]' VALUE --reason … --source … --by …"


def correct(  # noqa: PLR0913 - one parameter per option
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[DOCUMENT_URL] [INDICATOR] [VALUE]",
            help="the report's address (not with --publisher), the figure as INDICATOR or INDICATOR[COLUMN], and what stands there: "
            "a number in the unit of the form, or blank, dash, unreadable. A negative number stands behind --",
        ),
    ] = None,
    *,
    reason: Annotated[str | None, typer.Option("--reason", help="why the reading is wrong, or why the correction is withdrawn")] = None,
    source: Annotated[
        str | None, typer.Option("--source", help="what the value was taken from: the page, a scan, a letter of the office")
    ] = None,
    by: Annotated[str | None, typer.Option("--by", help="who reviewed it")] = None,
    publisher: Annotated[str | None, typer.Option("--publisher", help="whose report, by full name, instead of its address")] = None,
    year: Annotated[int | None, typer.Option("--year", help="its report year; goes with --publisher")] = None,
    scope: Annotated[str | None, typer.Option("--scope", help=f"its scope, where that is not enough: {', '.join(SCOPES)}")] = None,
    file: Annotated[
        Path | None, typer.Option("--file", metavar="FILE", help="a CSV file with a correction on each line; all are recorded or none")
    ] = None,
    withdraw: Annotated[bool, typer.Option("--withdraw", help="let the reading count again; the correction stays as a log")] = False,
    list_: Annotated[bool, typer.Option("--list", help="print the corrections in force")] = False,
    log: Annotated[bool, typer.Option("--log", help="print all corrections that there ever were")] = False,
    portals: Portals = None,
    place: Place = None,
    years: YearRange = None,
    database: Database = DEFAULT_DATABASE,
    as_json: Json = False,
) -> None:
    """Records reviewed values: they win over the reading in every export, are marked there and outlive every re-parse.

    Example: giar correct http://www.example.gov.cn/1.html 'requests.received_new[total]' 13 --reason "73 on the page is a misprint"
    --source "letter of the office, 2 March 2026" --by zhang
    """
    given = list(words or [])
    if list_ or log:
        if given or file or withdraw:
            raise Refused("--list and --log print corrections; they go with filters alone")
        _print(database, portals, place, years, log=log, as_json=as_json)
        return
    now = datetime.now(UTC)
    if file is not None:
        if given or withdraw or publisher or year is not None:
            raise Refused("--file names a table with all that is to be corrected; nothing else is named beside it")
        proposals, lines = _table(file, reason, source, by)
        made = _record(database, proposals, now, [f"line {line}: " for line in lines], f"{file}: ")
    else:
        whose = _wanted(given, publisher, year, scope)
        if withdraw:
            if len(given) != 1 or not (reason and by):
                raise Refused("expected: giar correct DOCUMENT_URL 'INDICATOR[COLUMN]' --withdraw --reason … --by …")
            with _storage(database) as storage:
                for correction in storage.withdraw(Withdrawal(whose, given[0], reason, by), now):
                    _put(correction, as_json=as_json)
            return
        if len(given) != 2 or not (reason and source and by):
            raise Refused(f"expected: {USAGE} (or --file, --withdraw, --list, --log)")
        proposals = [Proposal(whose, given[0], given[1], reason, source, by)]
        made = _record(database, proposals, now, [""], "")
    emit({"recorded": sum(made), "unchanged": len(made) - sum(made)}, as_json=as_json)


def _wanted(given: list[str], publisher: str | None, year: int | None, scope: str | None) -> Wanted:
    """Which report; its address is taken off what was given."""
    if publisher is None:
        if year is not None or scope is not None:
            raise Refused("--year and --scope go with --publisher; an address alone names one report")
        if not given:
            raise Refused(f"expected: {USAGE} (or --file, --withdraw, --list, --log)")
        return Wanted(given.pop(0))
    if year is None:
        raise Refused("--publisher goes with --year; `giar export reports` has both (columns publisher and report_year)")
    if scope is not None and scope not in SCOPES:
        raise Refused(f"--scope {scope}: known are {', '.join(SCOPES)}")
    return Wanted(None, publisher, year, scope)


def _table(file: Path, reason: str | None, source: str | None, by: str | None) -> tuple[list[Proposal], list[int]]:
    try:
        return read_table(file, {"reason": reason, "source": source, "by": by})
    except BadTable as error:
        raise Refused(str(error)) from error
    except OSError as error:
        raise Refused(f"{file} cannot be read: {error.strerror or error}") from error


@contextmanager
def _storage(database: str) -> Iterator[Storage]:
    with refusals(ReportUnknown):
        yield open_storage(database, create=False)


def _record(database: str, proposals: list[Proposal], at: datetime, marks: list[str], where: str) -> list[bool]:
    with _storage(database) as storage:
        try:
            return storage.correct(proposals, at)
        except CorrectionRefused as error:
            faults = [marks[number] + reason for number, reason in error.reasons.items()]
            raise Refused(where + (faults[0] if len(faults) == 1 else listed(faults))) from error


def _print(  # noqa: PLR0913 - what the call says
    database: str, portals: list[str] | None, place: str | None, years: str | None, *, log: bool, as_json: bool
) -> None:
    with _storage(database) as storage:
        filters = make_filter(
            storage.portal_ids(), portals=portals, place=place, level=None, years=years, form=None, scope=None, mirrors=True
        )
        count = 0
        for correction in storage.corrections(filters, withdrawn=log):
            _put(correction, as_json=as_json)
            count += 1
    if not as_json:
        say(f"{count} corrections")


def correction_line(correction: Correction) -> str:
    """A correction on one line: where, what it replaced, why, after what, who and when, and whether it still stands."""
    state = f"withdrawn by {correction.withdrawn_by}: {correction.withdrawn_reason}" if correction.withdrawn_at else ""
    state = state or ("the page has changed since" if correction.outdated else "")
    told = f"{correction.reason} ({correction.source}; {correction.by}, {clock(correction.made_at)})"
    value = f"{correction.read or 'nothing'} -> {shown(correction.value, correction.status)}"
    return f"{correction.document_url}  {correction.name}  {value}  {told}" + (f"  [{state}]" if state else "")


def _put(correction: Correction, *, as_json: bool) -> None:
    put(json.dumps(correction_object(correction), ensure_ascii=False) if as_json else correction_line(correction))
