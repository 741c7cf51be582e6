"""The filters that mean the same in every command that reads the database."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Annotated, get_args

import typer

from giar_crawler.cli.common import Refused
from giar_crawler.cli.places import check_code
from giar_crawler.items import Scope
from giar_crawler.spiders.arguments import BadArgumentError, parse_years
from pipelines.storage import UNKNOWN, ReportFilter

LEVELS = ("province", "city", "county", "township", "department")
FORMS = ("giar_2008_local", "giar_2014", "giar_2019", "giar_2021")
SCOPES = (*get_args(Scope), UNKNOWN)

Portals = Annotated[list[str] | None, typer.Option("--portals", metavar="ID[,ID]", help="only these portals")]
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
    if place is not None:
        check_code(place)
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


def chosen(option: str, given: list[str] | None, known: tuple[str, ...] | list[str]) -> tuple[str, ...]:
    """The values of an option that may be repeated or hold a list with commas."""
    values = tuple(value.strip() for item in given or () for value in item.split(",") if value.strip())
    for value in values:
        if value not in known:
            near = get_close_matches(value, known, n=3) or known[:10]
            there = f"known are {', '.join(near)}{' …' if len(known) > len(near) else ''}" if known else "the database has none"
            raise Refused(f"{option} {value}: unknown; {there}")
    return values
