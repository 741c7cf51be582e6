"""`giar portals`: the register, what is in it and whether it is valid."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer

from giar_crawler.cli.common import Json, Refused, put, put_table, say
from giar_crawler.cli.missing import missing
from giar_crawler.cli.places import check_place
from giar_crawler.outcomes import PortalOutcome
from giar_crawler.register import Portal, Register, RegisterError, load_register
from giar_crawler.register.portal import Level

if TYPE_CHECKING:
    from giar_crawler.runner.probe import Probe

app = typer.Typer(
    help="The register of portals: what is in it, and whether it is valid. Example: giar portals list --place 44 --level city",
    no_args_is_help=True,
    rich_markup_mode=None,
)

_COLUMNS = ("id", "adcode", "level", "name", "home", "platform", "verified")
Files = Annotated[
    list[Path] | None,
    typer.Option("--portals", metavar="FILE|DIR", help="only the portals of this register file or folder; may be repeated"),
]
OwnFiles = Annotated[
    list[Path] | None,
    typer.Option("--portals", metavar="FILE|DIR", help="a register file or folder of your own, over the packaged; may be repeated"),
]
Place = Annotated[
    str | None,
    typer.Option("--place", metavar="ADCODE", help="only portals of this place: 44 or 440000 for all of Guangdong, 440300 for Shenzhen"),
]
LevelFilter = Annotated[Level | None, typer.Option("--level", help="only portals of this level")]


@app.command("list", help="Lists the portals by place and level. Example: giar portals list --place 440300 --level department")
def list_portals(place: Place = None, level: LevelFilter = None, portals: Files = None, as_json: Json = False) -> None:
    register = _load(portals or ())
    try:
        chosen = list(register.within(place)) if place else list(register)
    except ValueError as error:
        raise Refused(f"--place: {error}; e.g. 44, 440000 or 440300") from error
    if place:
        check_place(place)
    only = set(register.given) if portals else None
    chosen = [portal for portal in chosen if (level is None or portal.level == level) and (only is None or portal.id in only)]
    chosen.sort(key=lambda portal: (portal.adcode, portal.level == "department", portal.level == "township", portal.id))
    if as_json:
        for portal in chosen:
            put(json.dumps(portal.as_dict(), ensure_ascii=False))
    else:
        put_table([_COLUMNS, *map(_row, chosen)])
    say(f"{len(chosen)} of {len(register)} portals")


@app.command("check", help="Checks the packaged register and your own files laid over it. Example: giar portals check my-portals.yaml")
def check(
    files: Annotated[list[Path] | None, typer.Argument(metavar="FILE|DIR", help="register files or folders of your own")] = None,
    as_json: Json = False,
) -> None:
    faults, register = [], None
    try:
        register = load_register(files or ())
    except RegisterError as error:
        faults = error.faults
    if as_json:
        report = {
            "portals": len(register) if register else None,
            "given": len(register.given) if register else None,
            "faults": [fault.as_dict() for fault in faults],
        }
        put(json.dumps(report, ensure_ascii=False))
    for fault in faults:
        say(str(fault))
    if register is None:
        say(f"the register is wrong: {len(faults)} {'fault' if len(faults) == 1 else 'faults'}")
        raise typer.Exit(2)
    say(f"the register is valid: {len(register)} portals, {len(register.given)} of them from your own files")


@app.command(
    "probe", help="Says what platform a portal is. Example: giar portals probe http://www.example.gov.cn/ --contact me@example.org"
)
def probe_page(
    page: Annotated[str, typer.Argument(metavar="URL|FILE", help="the address of a page of the portal, or a saved page")],
    url: Annotated[str | None, typer.Option("--url", metavar="URL", help="the address of a saved page")] = None,
    contact: Annotated[
        str, typer.Option("--contact", envvar="GIAR_CONTACT", metavar="ADDRESS", help="your e-mail address or URL, for the user agent")
    ] = "",
    portals: OwnFiles = None,
    as_json: Json = False,
) -> None:
    # The reading and Scrapy take a second to import; the other commands do without them.
    from giar_crawler.runner.probe import ProbeError, probe, probe_portal  # noqa: PLC0415

    register = _load(portals or ())
    known = register.find_host(urlsplit(page if "://" in page else url or "").netloc)
    try:
        found = probe_portal(page, contact, known) if "://" in page else probe(url, _saved(Path(page)))
    except ProbeError as error:
        raise Refused(str(error)) from error
    except OSError as error:
        raise Refused(f"{page} cannot be read: {error.strerror or error}; give a saved page or an address with http://") from error
    if as_json:
        put(json.dumps(asdict(found), ensure_ascii=False))
    else:
        _say_probe(found, known, page)
    if found.outcome != PortalOutcome.OK:
        raise typer.Exit(1)


def _saved(file: Path) -> bytes:
    if body := file.read_bytes():
        return body
    raise Refused(f"{file} is empty; save the page once more, or give its address with http://")


def _say_probe(found: Probe, known: Portal | None, page: str) -> None:
    if known is not None:
        say(f"the register has this host as {known.id}")
    if found.outcome != PortalOutcome.OK:
        say(f"{found.outcome}: {found.said}")
        return
    points = ", ".join(f"{name} {number}" for name, number in found.scores.items())
    say(f"{found.url if '://' in page else page}: {found.platform}" + (f" ({points})" if points else ""))
    for mark in found.evidence:
        say(f"  {mark}")
    if not found.evidence:
        say("  no mark of any family; lists are read by their links")
    for note in found.notes:
        say(f"  {note}")
    put(found.as_yaml.rstrip())


def _load(paths: Sequence[Path]) -> Register:
    try:
        return load_register(paths)
    except RegisterError as error:
        raise Refused(f"the register is wrong\n{error}") from error


def _row(portal: Portal) -> tuple[str, ...]:
    verified = portal.verified.isoformat() if portal.verified else "-"
    return (portal.id, portal.adcode, portal.level, portal.name, portal.home, portal.platform, verified)


app.command("missing")(missing)
