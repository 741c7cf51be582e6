"""A record and its rows: what is stored is enough to give back the same record."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import Any

from sqlalchemy import RowMapping

from giar_crawler.items import (
    AttachmentLink,
    Classification,
    DateMention,
    Figure,
    Finding,
    IndexNumber,
    Mirror,
    Report,
    Section,
)
from giar_crawler.outcomes import PageOutcome
from pipelines.digest import text_digest
from pipelines.findings import finding
from pipelines.storage.models import Base
from pipelines.storage.types import Json, plain

Row = dict[str, Any]


@dataclass(slots=True)
class Rows:
    """A record as rows: of `reports` under the record's own names with two digests, and of `figures` and `findings` in its order."""

    report: Row
    figures: list[Row]
    findings: list[Row]


# Fields of the record that are rows of their own.
_TABLES = frozenset({"figures", "findings"})
# The same content fetched again may come in other bytes around it (banners, counters), from a variant of the address, and its cells may lie
# elsewhere in the page, and other code may read the same: none of these makes another reading.
_FETCH = frozenset({"url", "fetched_at", "body_sha256", "parser_version"})


# `list | tuple` is made anew at each call.
_LISTS = (list, tuple)
_NAMES: dict[type, tuple[str, ...]] = {}


def _names(kind: type) -> tuple[str, ...]:
    """The fields of a noun, none for what is no noun; `dataclasses.fields` collects them anew each time."""
    names = _NAMES.get(kind)
    if names is None:
        names = tuple(field.name for field in dataclasses.fields(kind)) if dataclasses.is_dataclass(kind) else ()
        _NAMES[kind] = names
    return names


# What of their rows a record's figures and findings are made of, and what of its own it is.
FIGURE, FINDING = _names(Figure), _names(Finding)
_PLAIN = tuple(name for name in _names(Report) if name not in _TABLES)
_FIGURE_OF, _FINDING_OF, _PLAIN_OF = attrgetter(*FIGURE), attrgetter(*FINDING), attrgetter(*_PLAIN)
# Of the record those that are stored as JSON.
_NESTED = tuple(column.name for column in Base.metadata.tables["reports"].columns if isinstance(column.type, Json))


def _as_json(value: object) -> Any:  # noqa: ANN401 - any JSON value
    # Most are.
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, _LISTS):
        return [_as_json(item) for item in value]
    if names := _names(type(value)):
        return {name: _as_json(getattr(value, name)) for name in names}
    return value.isoformat() if isinstance(value, date) else value


def to_rows(report: Report) -> Rows:
    """The rows of a record. A figure whose key another one has taken is left out, and a finding says so."""
    figures, notes = _figure_rows(report)
    rows = Rows(_report_row(report), figures, _finding_rows([*report.findings, *notes]))
    rows.report |= {"reading_sha256": _reading_digest(rows), "text_sha256": text_digest(report)}
    return rows


def _report_row(report: Report) -> Row:
    row: Row = dict(zip(_PLAIN, _PLAIN_OF(report), strict=True))
    for name in _NESTED:
        row[name] = _as_json(row[name])
    row["outcome"] = str(report.outcome)
    return row


def _figure_rows(report: Report) -> tuple[list[Row], list[Finding]]:
    rows: dict[tuple[str, str, str], Row] = {}
    twice: list[str] = []
    for figure in report.figures:
        row: Row = dict(zip(FIGURE, _FIGURE_OF(figure), strict=True))
        row["column"] = figure.column or ""
        for name in ("value", "implied_value"):
            row[name] = None if row[name] is None else plain(row[name])
        key = (figure.indicator, row["column"], figure.source)
        if key in rows:
            twice.append(figure.name)
        else:
            rows[key] = row | {"position": len(rows)}
    return list(rows.values()), [finding("figure_not_stored", twice, count=len(twice))] if twice else []


def _finding_rows(findings: Iterable[Finding]) -> list[Row]:
    # The same remark made twice is one remark.
    rows: dict[str, Row] = {}
    for remark in findings:
        row = dict(zip(FINDING, _FINDING_OF(remark), strict=True))
        rows.setdefault(remark.fingerprint, row | {"position": len(rows)})
    return list(rows.values())


def _reading_digest(rows: Rows) -> str:
    # Over all that today's code made of the content: equal when nothing of it has changed.
    reading = [
        {key: value for key, value in rows.report.items() if key not in _FETCH},
        [{key: value for key, value in figure.items() if key != "locator"} for figure in rows.figures],
        rows.findings,
    ]
    return hashlib.sha256(json.dumps(reading, sort_keys=True, default=str).encode()).hexdigest()


def restore(row: RowMapping, figures: Iterable[Sequence[Any]], findings: Iterable[Sequence[Any]]) -> Report:
    """The record that was stored; `figures` and `findings`, in the order of their positions, are two keys, then `FIGURE` and `FINDING`."""
    plain_fields = {name: row[name] for name in _PLAIN}
    index_number, mirror = row["index_number"], row["mirror"]
    return Report(
        **plain_fields
        | {
            "outcome": PageOutcome(row["outcome"]),
            "classification": Classification(**row["classification"]),
            "mirror": mirror and Mirror(**mirror),
            "index_number": index_number and IndexNumber(**index_number),
            "other_index_numbers": [IndexNumber(**parts) for parts in row["other_index_numbers"]],
            "dates": [_date_mention(parts) for parts in row["dates"]],
            "sections": [Section(**parts) for parts in row["sections"]],
            "attachments": [AttachmentLink(**parts) for parts in row["attachments"]],
            "figures": [Figure(values[2], values[3] or None, *values[4:]) for values in figures],
            "findings": [Finding(*values[2:]) for values in findings],
        }
    )


def _date_mention(parts: Mapping[str, Any]) -> DateMention:
    return DateMention(**{**parts, "value": parts["value"] and date.fromisoformat(parts["value"])})
