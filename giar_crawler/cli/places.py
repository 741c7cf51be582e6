"""Places as options name them."""

from __future__ import annotations

import re
from typing import Annotated

import typer

from giar_crawler.cli.common import Refused
from pipelines.metadata.gazetteer import index, place_of_code, place_prefix

Place = Annotated[
    str | None,
    typer.Option("--place", metavar="ADCODE", help="only this place and what lies in it, e.g. 610400 for a city with its counties"),
]


def check_code(place: str) -> None:
    """Raises `Refused` for what is no whole code, and as `check_place` does."""
    if not re.fullmatch("[1-9][0-9]{5}", place):
        raise Refused(f"--place {place}: expected the six digits of GB/T 2260, e.g. 610000 for a province, 610400 for a city in it")
    check_place(place)


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
