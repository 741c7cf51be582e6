"""`giar coverage`: which reports are there, and why one is missing."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Annotated

import typer

from giar_crawler.cli.common import DEFAULT_DATABASE, Database, Json, Refused, Stopped, put, say
from giar_crawler.cli.filters import Level, Mirrors, Place, Portals, YearRange, make_filter
from giar_crawler.coverage.matrix import SHANGHAI, Cell, cells
from giar_crawler.export.rows import coverage_row
from giar_crawler.outcomes import PageOutcome, PortalOutcome
from pipelines.storage import StorageError, StorageRefused, open_storage

# One sign for each outcome, so that sixteen years fit on a line.
SIGNS: dict[str, str] = {
    PageOutcome.OK: "+",
    PortalOutcome.NOT_PUBLISHED: "!",
    PortalOutcome.NOT_FOUND: "?",
    PortalOutcome.NOT_DUE: ".",
    PortalOutcome.NOT_EXPECTED: " ",
    PortalOutcome.NOT_CRAWLED: "-",
}
OTHER_PAGE, OTHER_PORTAL = "~", "x"
LEGEND = "+ read  ~ there, not read well  ! not published  ? not found  . not due  - not crawled  x lists could not be read"


def coverage(  # noqa: PLR0913 - one parameter per option
    *,
    explain: Annotated[tuple[str, int] | None, typer.Option("--explain", metavar="PORTAL YEAR", help="why this cell is what it is")] = None,
    database: Database = DEFAULT_DATABASE,
    portals: Portals = None,
    place: Place = None,
    level: Level = None,
    years: YearRange = None,
    mirrors: Mirrors = None,
    as_json: Json = False,
) -> None:
    """Prints the matrix of portals and report years, a sign for each; --json has each cell with its reason, date and deadline.

    Example: giar coverage --place 610000 --years 2019-
    """
    if explain is not None:
        portals, years = [explain[0]], str(explain[1])
    try:
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
    except StorageRefused as error:
        raise Refused(str(error)) from error
    except StorageError as error:
        raise Stopped(str(error)) from error
    if explain is not None:
        found = [cell for cell in found if cell.report_year == explain[1]]
        if not found:
            raise Refused(f"--explain {explain[0]} {explain[1]}: no report of that year can be expected yet; years begin with 2008")
    if as_json:
        for cell in found:
            put(json.dumps(coverage_row(cell), ensure_ascii=False))
    elif explain is not None:
        for name, value in asdict(found[0]).items():
            put(f"{name:16}{'' if value is None else value}")
    else:
        print_matrix(found)


def sign(cell: Cell) -> str:
    """The sign of a cell."""
    return SIGNS.get(str(cell.outcome)) or (OTHER_PAGE if cell.outcome in set(PageOutcome) else OTHER_PORTAL)


def print_matrix(found: Sequence[Cell]) -> None:
    """Prints a line for each portal, its years in columns of two characters."""
    rows: dict[str, dict[int | None, Cell]] = {}
    for cell in found:
        rows.setdefault(cell.portal, {})[cell.report_year] = cell
    years = sorted({cell.report_year for cell in found if cell.report_year is not None})
    width = max([6, *map(len, rows)])
    put(f"{'portal':{width}}  " + " ".join(f"{year % 100:02}" for year in years))
    for portal, row in rows.items():
        signs = " ".join(f"{sign(row[year]):>2}" for year in years)
        own = row.get(None)
        put(f"{portal:{width}}  {signs}" + (f"  {own.outcome}" if own and own.outcome != PortalOutcome.OK else ""))
    say(LEGEND)
