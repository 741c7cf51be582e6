"""`giar coverage`: which reports are there, and why one is missing."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Annotated

import typer

from giar_crawler.cli.common import DEFAULT_DATABASE, Database, Json, Refused, clock, emit, put, refusals, say
from giar_crawler.cli.filters import Level, Mirrors, Portals, YearRange, make_filter
from giar_crawler.cli.places import Place
from giar_crawler.coverage.matrix import Cell, cells
from giar_crawler.coverage.summary import By, Group, summary
from giar_crawler.export.rows import coverage_row
from giar_crawler.items import SHANGHAI
from giar_crawler.outcomes import PageOutcome, PortalOutcome
from pipelines.checks.tested import tested
from pipelines.metadata.units import unit_of
from pipelines.storage import StoredReport, open_storage

# One sign for each outcome, so that sixteen years fit on a line; its colour on a terminal.
SIGNS: dict[str, str] = {
    PageOutcome.OK: "+",
    PortalOutcome.NOT_PUBLISHED: "!",
    PortalOutcome.NOT_FOUND: "?",
    PortalOutcome.NOT_DUE: ".",
    PortalOutcome.NOT_EXPECTED: " ",
    PortalOutcome.NOT_CRAWLED: "-",
}
OTHER_PAGE, OTHER_PORTAL = "~", "x"
COLOURS = {"+": "green", "~": "cyan", "!": "red", "?": "yellow", "x": "magenta"}
LEGEND = "+ read  ~ there, not read well  ! not published  ? not found  . not due  - not crawled  x lists could not be read"


def coverage(  # noqa: PLR0913 - one parameter per option
    *,
    explain: Annotated[tuple[str, int] | None, typer.Option("--explain", metavar="PORTAL YEAR", help="why this cell is what it is")] = None,
    by: Annotated[By | None, typer.Option("--by", help="how many reports are there, by province, level of the portal, or year")] = None,
    database: Database = DEFAULT_DATABASE,
    portals: Portals = None,
    place: Place = None,
    level: Level = None,
    years: YearRange = None,
    mirrors: Mirrors = None,
    as_json: Json = False,
) -> None:
    """Prints the matrix of portals and report years, a sign for each; --json has each cell with its reason, date and deadline.

    Examples: giar coverage --place 610000 --years 2019-; giar coverage --by province; giar coverage --explain chunhua 2021
    """
    if explain is not None and by is not None:
        raise Refused("--explain is about one cell, --by about many; give one of them")
    if explain is not None:
        portals, years = [explain[0]], str(explain[1])
    with refusals():
        storage = open_storage(database, create=False)
        filters = make_filter(
            storage.portal_ids(),
            portals=portals,
            place=place,
            level=level,
            years=years,
            form=None,
            scope=None,
            mirrors=mirrors,
        )
        found = list(cells(storage, filters, datetime.now(SHANGHAI).date()))
        groups = summary(found, storage.portal_marks(), by) if by else []
        stored = list(storage.reports(filters)) if explain and not as_json else []
    if explain is not None:
        found = [cell for cell in found if cell.report_year == explain[1]]
        if not found:
            raise Refused(f"--explain {explain[0]} {explain[1]}: no report of that year can be expected yet; years begin with 2008")
    if by:
        for row in group_rows(groups, by):
            emit(row, as_json=as_json)
    elif as_json:
        for cell in found:
            put(json.dumps(coverage_row(cell), ensure_ascii=False))
    elif explain is not None:
        print_explanation(found[0], stored)
    else:
        print_matrix(found)


def group_rows(groups: Sequence[Group], by: By) -> list[dict[str, object]]:
    """The lines of a summary: what was expected, is there and was read, then each outcome that any of the groups has."""
    outcomes = sorted({outcome for group in groups for outcome in group.outcomes})
    rows: list[dict[str, object]] = []
    for group in groups:
        place = unit_of(group.key) if by is By.PROVINCE else None
        counts = {"portals": group.portals, "expected": group.expected, "there": group.there, "read": group.read}
        name = {"name": place.names[-1].name} if place else {}
        rows.append({by.value: group.key, **name, **counts, **{outcome: group.outcomes[outcome] for outcome in outcomes}})
    return rows


def print_explanation(cell: Cell, stored: Sequence[StoredReport]) -> None:
    """Prints a cell, then how complete the tables of its reports are and how many of their sums hold."""
    for name, value in asdict(cell).items():
        put(f"{name:16}{_told(value)}")
    for each in stored:
        put(f"\n{each.document_url}")
        counts = tested(each.report)
        for name, value in asdict(counts).items() if counts else ():
            put(f"  {name:22}{value}")
        if counts is None:
            put("  no table was read")


def _told(value: object) -> str:
    return "" if value is None else clock(value) if isinstance(value, datetime) else str(value)


def sign(cell: Cell) -> str:
    """The sign of a cell."""
    return SIGNS.get(str(cell.outcome)) or (OTHER_PAGE if cell.outcome in set(PageOutcome) else OTHER_PORTAL)


def coloured(shown: str) -> str:
    """A sign in two columns, in its colour where somebody looks at it."""
    colour = COLOURS.get(shown)
    return typer.style(f"{shown:>2}", fg=colour) if colour and sys.stdout.isatty() and not os.environ.get("NO_COLOR") else f"{shown:>2}"


def print_matrix(found: Sequence[Cell]) -> None:
    """Prints a line for each portal, its years in columns of two characters."""
    rows: dict[str, dict[int | None, Cell]] = {}
    for cell in found:
        rows.setdefault(cell.portal, {})[cell.report_year] = cell
    years = sorted({cell.report_year for cell in found if cell.report_year is not None})
    width = max([6, *map(len, rows)])
    put(f"{'portal':{width}}  " + " ".join(f"{year % 100:02}" for year in years))
    for portal, row in rows.items():
        signs = " ".join(coloured(sign(row[year])) for year in years)
        own = row.get(None)
        put(f"{portal:{width}}  {signs}" + (f"  {own.outcome}" if own and own.outcome != PortalOutcome.OK else ""))
    say(LEGEND)
