"""The filters that mean the same in every command that reads the database."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import Annotated, get_args

import typer

from giar_crawler.cli.common import Refused
from giar_crawler.items import Scope
from giar_crawler.spiders.arguments import BadArgumentError, parse_years
from pipelines.metadata.gazetteer import index, place_of_code
from pipelines.storage import UNKNOWN, ReportFilter, place_prefix

LEVELS = ("province", "city", "county", "township", "department")
FORMS = ("giar_2008_local", "giar_2014", "giar_2019", "giar_2021")
SCOPES = (*get_args(Scope), UNKNOWN)

Portals = Annotated[list[str] | None, typer.Option("--portals", metavar="ID[,ID]", help="only these portals")]
Place = Annotated[
    str | None,
    typer.Option("--place", metavar="ADCODE", help="only this place and what lies in it, e.g. 610400 for a city with its counties"),
]
Level = Annotated[list[str] | None, typer.Option("--level", metavar="LEVEL", help=f"only portals of: {', '.join(LEVELS)}")]
YearRange = Annotated[str | None, typer.Option("--years", metavar="A-B|A-|A", help="only these report years")]
Form = Annotated[list[str] | None, typer.Option("--form", metavar="FORM", help=f"only reports in the form: {', '.join(FORMS)}")]
ScopeOption = Annotated[list[str] | None, typer.Option("--scope", metavar="SCOPE", help=f"only reports of the scope: {', '.join(SCOPES)}")]
Mirrors = Annotated[
    bool | None,
    typer.Option("--mirrors/--no-mirrors", help="with or without copies on strangers' hosts; only the panel is without"),
]


def make_filter(  # noqa: PLR0913 - one parameter per option
    known_portals: list[str],
    *,
    portals: list[str] | None,
    place: str | None,
    level: list[str] | None,
    years: str | None,
    form: list[str] | None,
    scope: list[str] | None,
    mirrors: bool | None,
) -> ReportFilter:
    """The filter that the options describe. Raises `Refused` for a value that can never match, naming what is known."""
    if place is not None and not re.fullmatch("[1-9][0-9]{5}", place):
        raise Refused(f"--place {place}: expected the six digits of GB/T 2260, e.g. 610000 for a province, 610400 for a city in it")
    if place is not None:
        check_place(place)
    try:
        wanted = parse_years(years)
    except BadArgumentError as error:
        raise Refused(f"--years: {error}") from error
    return ReportFilter(
        portals=chosen("--portals", portals, known_portals),
        place=place,
        levels=chosen("--level", level, LEVELS),
        years=(wanted.first, wanted.last),
        forms=chosen("--form", form, FORMS),
        scopes=chosen("--scope", scope, SCOPES),
        mirrors=mirrors is not False,
    )


def check_place(place: str) -> None:
    """Raises `Refused` for a code, or the beginning of one, that no place ever had, naming the nearest of its city or province."""
    known, prefix = index().by_code, place_prefix(place)
    if any(code.startswith(prefix) for code in known):
        return
    number = int(place.ljust(6, "0"))
    kin = (named for code in known if code.startswith(place[:2]) and (named := place_of_code(code)))
    near = sorted(kin, key=lambda named: (named.adcode[:4] != place[:4], abs(int(named.adcode) - number)))[:3]
    told = ", ".join(f"{named.adcode} {named.name}" for named in near)
    there = f"near it are {told}" if near else "those of the provinces are listed by: giar portals missing --counts"
    raise Refused(f"--place {place}: no place has or had this code; {there}")


def chosen(option: str, given: list[str] | None, known: tuple[str, ...] | list[str]) -> tuple[str, ...]:
    """The values of an option that may be repeated or hold a list with commas."""
    values = tuple(value.strip() for item in given or () for value in item.split(",") if value.strip())
    for value in values:
        if value not in known:
            near = get_close_matches(value, known, n=3) or known[:10]
            there = f"known are {', '.join(near)}{' …' if len(known) > len(near) else ''}" if known else "the database has none"
            raise Refused(f"{option} {value}: unknown; {there}")
    return values
