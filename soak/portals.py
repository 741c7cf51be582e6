"""Sixty portals side by side in one process, a second between two requests to each, one of them dead.

No host may see two requests at once, nor two that began less than a second apart; and the host that takes every connection and answers
nothing may slow nobody else.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from itertools import chain, count, islice, pairwise, repeat
from pathlib import Path
from threading import Event

from demo.families import FAMILIES, FamilyPortal, FamilySite, register_of
from demo.server import DemoPortals
from demo.sites import Answer

PORTALS, DELAY = 60, 1.0
# What the servers may be late in noticing a request.
LATE = 0.25
# On a machine with more work than this for each processor they are late by seconds, and only the walk's own clock tells anything.
LOADED = 1.5
SAID = re.compile(r"at least ([\d.]+) s apart|smallest gap was ([\d.]+) s")
# Who waits for the dead host waits for its timeouts.
LONGEST_PAUSE = 10.0
DEAD = "dead"


class DeadSite(FamilySite):
    """Takes every connection and says nothing."""

    def article_path(self, article: object) -> str:
        """There is none."""
        raise NotImplementedError

    def answer(self, path: str, query: str, fields: dict[str, str]) -> Answer:
        """Never comes."""
        _ = path, query, fields
        Event().wait()
        raise AssertionError


def many(number: int) -> dict[str, FamilySite]:
    """So many portals of all families by address, the dead one first."""
    addresses = (f"127.0.75.{last}" for last in count(1))
    dead = FamilyPortal(DEAD, next(addresses), "trees", "黄陵县", "610632", "6106320001")
    found: dict[str, FamilySite] = {dead.host: DeadSite(dead)}
    every = [(portal, site) for portals, site in FAMILIES.values() for portal in portals]
    for (portal, site), turn in islice(zip(chain.from_iterable(repeat(every)), count()), number - 1):
        host = next(addresses)
        found[host] = site(replace(portal, host=host, id=f"{portal.id}-{turn // len(every)}"))
    return found


def run() -> bool:
    """Walks them, prints what was seen; whether all was as it has to be."""
    sites = many(PORTALS)
    with tempfile.TemporaryDirectory() as name, DemoPortals(0, served=sites) as demo:
        folder = Path(name)
        register = folder / "portals.yaml"
        register.write_text(register_of((site.portal for site in sites.values()), demo.port, DELAY), "utf-8")
        places = ["--database", f"sqlite:///{folder}/x.db", "--archive", str(folder / "archive")]
        command = [
            sys.executable,
            "-m",
            "giar_crawler.cli",
            "crawl",
            "--json",
            "--portals",
            str(register),
            "--at-once",
            str(PORTALS),
            *places,
        ]
        done = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603 # our own
        load = os.getloadavg()[1] / (os.cpu_count() or 1)
        if load > LOADED:
            print(f"the machine has {load:.1f} times the work that it can do: times as the servers saw them are not judged")
        rows = {row["portal"]: row for row in map(json.loads, done.stdout.splitlines())}
        faults = judge(sites, demo, rows, quiet=load <= LOADED)
    said = [float(one or other) for one, other in SAID.findall(done.stderr)]
    if min(said, default=0.0) < DELAY:
        faults.append(f"the walk itself says that it asked after {min(said, default=0.0)} s")
    print(done.stderr if faults else "", end="")
    for fault in faults:
        print(fault)
    print("pass" if not faults else f"BELOW: {len(faults)} faults")
    return not faults


def judge(sites: Mapping[str, FamilySite], demo: DemoPortals, rows: Mapping[str, dict[str, object]], *, quiet: bool) -> list[str]:
    """What is not as it has to be, a line for each; times as the servers saw them count on a `quiet` machine alone."""
    faults, gaps, means = [], [], []
    for host, site in sites.items():
        row = rows.get(site.portal.id, {})
        if isinstance(site, DeadSite):
            if row.get("outcome") != "unreachable":
                faults.append(f"{site.portal.id}: {row.get('outcome')} in the place of unreachable")
            continue
        wanted = len(site.report_urls(demo.port))
        if (row.get("outcome"), row.get("reports")) != ("ok", wanted):
            faults.append(f"{site.portal.id}: {row.get('outcome')} with {row.get('reports')} of {wanted} reports")
        visits = sorted(demo.visits[host])
        between = [after[0] - before[0] for before, after in pairwise(visits)]
        if any(after[0] < before[1] for before, after in pairwise(visits)):
            faults.append(f"{host}: two requests at once")
        if quiet and min(between) < DELAY - LATE:
            faults.append(f"{host}: two requests {min(between):.3f} s apart")
        gaps.append(min(between))
        means.append(sum(between) / len(between))
        if quiet and max(between) > LONGEST_PAUSE:
            faults.append(f"{host}: {max(between):.1f} s between two requests, it was held up")
    requests, seconds = sum(demo.hosts.values()), rows.get("total", {}).get("seconds")
    print(f"{len(sites)} portals at a time, {requests} requests in {seconds} s; between two of a host ", end="")
    print(f"{min(gaps):.3f} s at least (delay {DELAY:g} s), {sum(means) / len(means):.3f} in the mean, {max(means):.3f} in the slowest's")
    return faults
