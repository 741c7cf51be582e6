"""`giar crawl`: walks portals, archives their pages, reads the reports, stores them."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime
from difflib import get_close_matches
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Annotated, cast

import typer

from giar_crawler.cli.common import (
    DEFAULT_ARCHIVE,
    DEFAULT_DATABASE,
    Archive,
    CommandError,
    Database,
    Json,
    ReaderGone,
    Refused,
    Stopped,
    emit,
    refusals,
    say,
)
from giar_crawler.items import SHANGHAI
from giar_crawler.outcomes import FAILED_PORTALS
from giar_crawler.register import Portal, Register, RegisterError, load_register
from giar_crawler.rendering import NoBrowserError, rendering_settings
from giar_crawler.runner.plan import LONGEST_REST, Estimate, estimate, last_walks, longest, next_walks
from giar_crawler.spiders.arguments import BadArgumentError, check_contact, parse_years, walk_arguments
from giar_crawler.spiders.rechecks import Seen
from pipelines.storage import open_storage

if TYPE_CHECKING:
    from giar_crawler.runner.run import Options, Run, Summary

# So many hosts, or portals that are not due, are named one by one.
MOST_HOSTS = 20
# Portals at a time: each has some open files, and processes have a thousand.
MOST_AT_ONCE = 100


def crawl(  # noqa: PLR0913, PLR0917 # one parameter for each option
    portal_ids: Annotated[list[str] | None, typer.Argument(metavar="PORTAL_ID", help="portals of the register by id")] = None,
    portals: Annotated[
        list[Path] | None, typer.Option("--portals", metavar="FILE|DIR", help="register files of your own, over the packaged")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="every enabled portal of the register")] = False,
    due: Annotated[
        bool,
        typer.Option(
            "--due",
            help="only portals whose time has come: daily January to March, weekly until June, then monthly",
        ),
    ] = False,
    years: Annotated[str | None, typer.Option("--years", metavar="A-B|A-|A", help="report years to store; unknown years are kept")] = None,
    limit: Annotated[int | None, typer.Option("--limit", min=1, metavar="N", help="report pages per portal")] = None,
    delay: Annotated[
        float | None, typer.Option("--delay", metavar="S", help="seconds between requests; may only raise the register's")
    ] = None,
    at_once: Annotated[
        int | None,
        typer.Option(
            "--at-once", min=1, max=MOST_AT_ONCE, metavar="N", help="portals walked at a time (default: half of them, 16 at most)"
        ),
    ] = None,
    plan: Annotated[bool, typer.Option("--plan", help="print portals, hosts, requests and hours; ask nobody")] = False,
    offline: Annotated[bool, typer.Option("--offline", help="only the archive answers")] = False,
    contact: Annotated[
        str | None,
        typer.Option("--contact", envvar="GIAR_CONTACT", metavar="ADDRESS", help="your e-mail address or URL, for the user agent"),
    ] = None,
    database: Database = DEFAULT_DATABASE,
    archive: Archive = DEFAULT_ARCHIVE,
    as_json: Json = False,
    verbose: Annotated[bool, typer.Option("--verbose", help="log every request to stderr")] = False,
) -> None:
    """Walks portals, archives their pages, reads the reports and stores them. The same command continues a walk that was killed.

    Example: giar crawl linan snchunhua --years 2019- --contact me@example.org
    """
    with refusals(RegisterError, BadArgumentError):
        register = load_register(portals or [])
        wanted = parse_years(years)
        chosen = choose(register, portal_ids or [], own=bool(portals), every=every, due=due)
        if delay is not None and not 0 <= delay <= 86_400:
            raise Refused(f"--delay {delay:g}: expected seconds between 0 and 86400")
        if due:
            chosen = only_due(chosen, database)
        estimates = estimated(chosen, database, walk_arguments(wanted, limit), delay) if plan else []
        if not plan and not offline:
            chosen = only_open(chosen, named=bool(portal_ids))
            check_contact(contact, [host for portal in chosen for host in portal.all_hosts])
    if plan:
        print_plan(chosen, estimates, at_once, as_json=as_json)
        return
    try:
        for portal in chosen:
            if portal.render and not offline:
                rendering_settings(portal)
    except NoBrowserError as error:
        raise Refused(str(error)) from error
    # Scrapy takes half a second to import; `--help`, refusals and the other commands do without it.
    from giar_crawler.runner.run import Options  # noqa: PLC0415

    level = "DEBUG" if verbose else "WARNING"
    options = Options(database, archive, wanted, limit, delay, offline, contact, level, at_once)
    sys.exit(walk(chosen, options, as_json=as_json))


def choose(register: Register, ids: Sequence[str], *, own: bool, every: bool, due: bool) -> list[Portal]:
    """The portals that the call means. Raises Refused for a call that means none, an unknown id, a portal that is not to be walked."""
    today = datetime.now(SHANGHAI).date()
    if ids:
        chosen = []
        for portal_id in dict.fromkeys(ids):
            portal = register.get(portal_id)
            if portal is None:
                near = get_close_matches(portal_id, register.entries, n=3)
                hint = f"did you mean {' or '.join(near)}?" if near else "`giar portals list` shows all"
                raise Refused(f"portal {portal_id!r} is in no register; {hint}")
            if (why := resting(portal, today)) is not None:
                raise Refused(f"portal {portal.id} is not walked: {why}")
            chosen.append(portal)
        return list({portal.id: portal for portal in chosen}.values())
    if not (own or every or due):
        raise Refused("which portals? Name ids, or give --portals FILE, --due, or --all for every portal of the register")
    pool = [portal for portal in register if not own or every or portal.id in register.given]
    awake = [portal for portal in pool if resting(portal, today) is None]
    if not awake:
        raise Refused(f"none of the {len(pool)} portals is enabled")
    return awake


def resting(portal: Portal, today: date) -> str | None:
    """Why a portal is not walked now, `None` where it is."""
    reason = f" ({portal.reason})" if portal.reason else ""
    if not portal.enabled:
        return f"it is disabled in the register{reason}"
    if portal.paused_until is not None and portal.paused_until > today:
        return f"it is paused until {portal.paused_until}{reason}"
    return None


def only_due(portals: Sequence[Portal], database: str) -> list[Portal]:
    """The portals whose time has come; says of the others when theirs will."""
    now = datetime.now(UTC)
    later = next_walks(portals, open_storage(database).walks(now - LONGEST_REST), now)
    for portal_id, again in sorted(later.items(), key=lambda item: item[1])[:MOST_HOSTS]:
        say(f"{portal_id} is not due before {again.astimezone(SHANGHAI):%Y-%m-%d %H:%M}")
    if len(later) > MOST_HOSTS:
        say(f"and {len(later) - MOST_HOSTS} more are not due")
    return [portal for portal in portals if portal.id not in later]


def only_open(portals: Sequence[Portal], *, named: bool) -> list[Portal]:
    """The portals that are open now; says of the others until when they are not. Raises Refused where all are closed that were named."""
    now = datetime.now(UTC)
    closed = {portal.id: until for portal in portals if (until := portal.closed_until(now)) is not None}
    told = [f"{portal_id} is closed until {until:%Y-%m-%d %H:%M}" for portal_id, until in sorted(closed.items(), key=lambda item: item[1])]
    if named and len(closed) == len(portals):
        raise Refused("; ".join(told))
    for line in told[:MOST_HOSTS]:
        say(line)
    if len(told) > MOST_HOSTS:
        say(f"and {len(told) - MOST_HOSTS} more are closed")
    return [portal for portal in portals if portal.id not in closed]


def estimated(portals: Sequence[Portal], database: str, arguments: Mapping[str, object], delay: float | None) -> list[Estimate]:
    """What a walk of these portals with these arguments would cost, by what the database knows of them."""
    storage = open_storage(database)
    last = last_walks(storage.walks(datetime.now(UTC) - LONGEST_REST), arguments)
    estimates = []
    for portal in portals:
        known = [Seen(url, *times) for url, times in storage.document_times(portal.id).items()] if portal.id in last else []
        estimates.append(estimate(portal, last.get(portal.id), known, limit=cast("int | None", arguments["limit"]), delay=delay))
    return estimates


def print_plan(portals: Sequence[Portal], estimates: Sequence[Estimate], at_once: int | None, *, as_json: bool) -> None:
    """Prints what a walk of these portals would ask of whom, and for how long."""
    rows: list[dict[str, object]] = [
        {"portal": each.portal, "hosts": list(each.hosts), "requests": each.requests, "delay": each.delay, "hours": round(each.hours, 2)}
        for each in estimates
    ]
    hosts = sorted({host for each in estimates for host in each.hosts})
    rows.append(
        {
            "portal": "total",
            "hosts": hosts if as_json else [len(hosts)],
            "requests": sum(each.requests for each in estimates),
            "hours": round(longest(estimates, portals, at_once), 2),
        }
    )
    for row in rows:
        emit(row, as_json=as_json)


def walk(portals: Sequence[Portal], options: Options, *, as_json: bool) -> int:
    """Walks the portals and prints a line for each; the exit code."""
    from rich.console import Console  # noqa: PLC0415 # as in crawl()

    from giar_crawler.runner.progress import Progress  # noqa: PLC0415
    from giar_crawler.runner.run import Run, total  # noqa: PLC0415

    started = monotonic()
    unwritten: list[CommandError] = []

    def tell(summary: Summary) -> None:
        # A walk goes on where nobody reads how it went: what it brings is in the database.
        try:
            emit(asdict(summary), as_json=as_json)
        except CommandError as error:
            unwritten.append(error)

    with refusals():
        run = Run(portals, options, tell)
    with Progress(Console(stderr=True), run.line):
        run.start()
    tell(total(run.summaries, monotonic() - started))
    say_hosts(run)
    for failure in unwritten:
        if not isinstance(failure, ReaderGone):
            raise failure
    return verdict(run)


def say_hosts(run: Run) -> None:
    """Says what was asked of whom, and the smallest time between two requests that each host saw; the busiest hosts first."""
    for host, requests in run.host_requests.most_common(MOST_HOSTS):
        gap = f", at least {run.host_gaps[host]:.3g} s apart" if host in run.host_gaps else ""
        say(f"{host}: {requests} {'request' if requests == 1 else 'requests'}{gap}")
    if (others := len(run.host_requests) - MOST_HOSTS) > 0:
        smallest = min(run.host_gaps.values(), default=0.0)
        say(f"and {others} more hosts; over all the smallest gap was {smallest:.3g} s")


def verdict(run: Run) -> int:
    """The exit code of a run."""
    if run.stopped is not None:
        say(f"giar: the run had to stop: {run.stopped}\nWhat was archived and stored is kept; the same command continues.")
        return Stopped.exit_code
    if run.interrupted:
        say("giar: stopped; what was archived and stored is kept, the same command continues")
        return Stopped.exit_code
    return int(bool(run.locked or run.broken or run.failed_pages) or any(summary.outcome in FAILED_PORTALS for summary in run.summaries))
