"""`giar portals missing`: places whose government has no portal in the register."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

from giar_crawler.cli.common import Json, Refused, put, put_table, say
from giar_crawler.cli.places import Place, check_code
from giar_crawler.coverage.deadlines import first_report_year
from giar_crawler.coverage.unlisted import in_force, tallies
from giar_crawler.export.files import Row, csv_text
from giar_crawler.items import SHANGHAI
from giar_crawler.register import RegisterError, load_register


def missing(  # noqa: PLR0913 - one parameter per option
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="FILE|DIR", help="register files or folders of your own, laid over the packaged one")
    ] = None,
    *,
    place: Place = None,
    level: Annotated[Literal["province", "city", "county"] | None, typer.Option("--level", help="only places of this level")] = None,
    year: Annotated[int | None, typer.Option("--year", metavar="YEAR", help="the places and portals of that report year")] = None,
    counts: Annotated[bool, typer.Option("--counts", help="only how many in each province and level")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="print the list as CSV, for spreadsheets")] = False,
    as_json: Json = False,
) -> None:
    """Lists the places of the gazetteer whose government has no portal in the register.

    Example: giar portals missing --place 610000 --counts
    """
    if as_csv and as_json:
        raise Refused("--csv and --json are two ways to print the same; give one of them")
    today = datetime.now(SHANGHAI).year
    if year is not None and not first_report_year() <= year <= today:
        raise Refused(f"--year {year}: report years lie between {first_report_year()} and {today}")
    if place is not None:
        check_code(place)
    try:
        portals = list(load_register(files or ()))
    except RegisterError as error:
        raise Refused(f"the register is wrong\n{error}") from error
    found = in_force(portals, year, today, place, (level,) if level else ())
    if not found:
        raise Refused(f"the gazetteer has no such place {f'in {year}' if year else 'today'}")
    rows: list[Row] = [asdict(each) for each in (tallies(found) if counts else (each for each in found if not each.listed))]
    for row in rows:
        row.pop("listed", None)
    if as_json:
        for row in rows:
            put(json.dumps(row, ensure_ascii=False))
    elif rows and as_csv:
        put(csv_text(rows))
    elif rows:
        put_table([list(rows[0]), *(map(str, row.values()) for row in rows)])
    lacking = sum(not each.listed for each in found)
    then = f"in {year}" if year else "today"
    say(f"{lacking} of {len(found)} places in force {then} have no portal of their government in the register ({len(portals)} portals)")
