"""A release: every export of one state of the database in one package, with what it takes to make it again and to explain it.

Two releases of one database differ in nothing but tag and moment (and, on another day, in the coverage, where deadlines passed).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from giar_crawler.export.columns import Table, table
from giar_crawler.export.files import Row, beside
from giar_crawler.export.package import Cover, write_cover, write_tables
from giar_crawler.export.record import instant
from giar_crawler.export.rows import KINDS
from pipelines.metadata.units import fingerprint
from pipelines.statistics.reviewed import shown
from pipelines.storage import ReportFilter, Storage
from pipelines.version import parser_version

# Another number where a release of before can no longer be compared.
FORMAT = 1
# A name that is a folder's name everywhere and no path, no option and not hidden.
TAG = re.compile(r"[^\W_][\w.+-]{0,62}[\w+-]|[^\W_]")


@dataclass(slots=True, frozen=True)
class Release:
    """What was written: the rows of each table, the versions of the reading with the number of their reports, and today's version."""

    rows: dict[str, int]
    parser_versions: dict[str, int]
    today: str


class _Watch:
    """What is learnt of the rows while they are written: who read the reports, and a digest over what the archive has.

    The digest is over moment, address and bytes alone: the same for the same pages, wherever they lie and whatever they were read as.
    """

    def __init__(self) -> None:
        self.versions: Counter[str] = Counter()
        self.archive = hashlib.sha256()

    def reports(self, rows: Iterator[Row]) -> Iterator[Row]:
        for row in rows:
            self.versions[row["parser_version"]] += 1
            yield row

    def pages(self, rows: Iterator[Row]) -> Iterator[Row]:
        for row in rows:
            self.archive.update(f"{row['fetched_at']} {row['url']} {row['body_sha256']}\n".encode())
            yield row


def create(folder: Path, tag: str, storage: Storage, at: datetime) -> Release:
    """Writes a release into a new folder, whole or not at all. An OSError where the folder came to be in the meantime."""
    watch = _Watch()
    with beside(folder, replace=False) as side, storage.one_state() as state:
        contents = write_tables(side, _tables(state, watch))
        made = Release(contents.rows, dict(sorted(watch.versions.items())), parser_version())
        facts = {
            "tag": tag,
            "format": FORMAT,
            "data": contents.version,
            "made_by": made.today,
            "parser_versions": made.parser_versions,
            "gazetteer": fingerprint(),
            "register": contents.digest("portals"),
            "corrections": contents.digest("corrections"),
            "archive": watch.archive.hexdigest(),
        }
        write_cover(side, contents, Cover("giar-release", tag, facts, "Made of", facts, at.replace(microsecond=0)))
    return made


def _tables(state: Storage, watch: _Watch) -> Iterator[tuple[Table, Iterator[Row]]]:
    for name, kind in KINDS.items():
        rows = kind.rows(state, ReportFilter(scopes=kind.scopes, mirrors=kind.mirrors))
        yield kind.table, watch.reports(rows) if name == "reports" else rows
    yield table("portals"), map(_portal, state.portals())
    yield table("corrections"), _corrections(state)
    yield table("pages"), watch.pages(map(_page, state.archived()))


def _portal(portal: dict[str, Any]) -> Row:
    details = json.dumps(portal["details"], ensure_ascii=False, sort_keys=True)
    return {**portal, "portal": portal["id"], "details": details}


def _page(page: dict[str, Any]) -> Row:
    return {**page, "portal": page["portal_id"], "outcome": page["page_outcome"], "fetched_at": instant(page["fetched_at"])}


def _corrections(state: Storage) -> Iterator[Row]:
    """Those in force, as `giar correct --file` takes them."""
    found = sorted(state.corrections(ReportFilter()), key=lambda one: (one.document_url, one.indicator, one.column or ""))
    for one in found:
        yield {name: getattr(one, name) for name in table("corrections").names} | {"value": shown(one.value, one.status)}
