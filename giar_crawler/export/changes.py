"""The log of changes and the history of one report as rows and objects."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from typing import Any

from giar_crawler.export.files import Row
from giar_crawler.export.record import instant, number
from pipelines.storage import ChangeRow, Correction, History, ReportFilter, Storage, Version


def change_row(change: ChangeRow) -> Row:
    """A change with its moment as text."""
    return asdict(change) | {"at": instant(change.at)}


def rows(storage: Storage, filters: ReportFilter) -> Iterator[Row]:
    """All changes of the chosen reports, the oldest first."""
    return map(change_row, storage.changes(filters))


def history_object(history: History) -> Row:
    """The history of one report as JSON knows it."""
    absences = [{"gone_since": instant(gone), "returned_at": instant(back)} for gone, back in history.absences]
    parts = {
        "absences": absences,
        "corrections": [correction_object(each) for each in history.corrections],
        "versions": [_version(each) for each in history.versions],
    }
    return _plain({name: getattr(history, name) for name in History.__slots__ if name not in parts}) | parts


def correction_object(correction: Correction) -> Row:
    """A correction as JSON knows it."""
    return _plain(asdict(correction)) | {"value": None if correction.value is None else number(correction.value)}


def _version(version: Version) -> Row:
    edits = version.edits and {"left_out": version.edits.left_out, "shown": [asdict(each) for each in version.edits.shown]}
    return _plain(asdict(version)) | {"archived": [_plain(asdict(each)) for each in version.archived], "edits": edits}


def _plain(facts: dict[str, Any]) -> Row:
    return {name: instant(value) if isinstance(value, datetime) else value for name, value in facts.items()}
