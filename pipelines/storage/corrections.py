"""Reviewed values: they win over the reading wherever figures are read out, outlive every re-parse, and none is ever deleted.

All functions that take a connection work in the caller's transaction.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, RowMapping, and_, func, insert, select, update

from giar_crawler.items import Figure, FigureStatus, Finding, Number, Report
from pipelines.checks.corrected import recheck
from pipelines.findings import finding
from pipelines.statistics.reviewed import review, shown, unit_of
from pipelines.storage.lookup import ReportUnknown, Wanted, find_record
from pipelines.storage.models import CorrectionRow, DocumentRow, FigureRow, PortalRow, ReportRow

GAVE_WAY = "replaced by a later correction"


@dataclass(slots=True, frozen=True)
class Proposal:
    """What a reviewer wants recorded: the report, the figure as one word, its value or status in words, why, after what, and who."""

    wanted: Wanted
    figure: str
    words: str
    reason: str
    source: str
    by: str


@dataclass(slots=True, frozen=True)
class Withdrawal:
    """Which correction is to count no more, why, and who says so."""

    wanted: Wanted
    figure: str
    reason: str
    by: str


@dataclass(slots=True, frozen=True)
class Correction:
    """A correction as it is stored. `read` is what the reading made of the place when it was made (`None`: it had no such figure).

    `outdated` says that the page has changed since the reviewer saw it.
    """

    document_url: str
    portal: str | None
    publisher: str | None
    report_year: int | None
    indicator: str
    column: str | None
    value: Number | None
    status: FigureStatus
    read: str | None
    reason: str
    source: str
    by: str
    made_at: datetime
    outdated: bool
    withdrawn_at: datetime | None
    withdrawn_by: str | None
    withdrawn_reason: str | None

    @property
    def name(self) -> str:
        """The figure as one word."""
        return f"{self.indicator}[{self.column}]" if self.column else self.indicator


class CorrectionRefused(ValueError):
    """Proposals that cannot be recorded, by their place in what was given, each with its reason; none of them was."""

    def __init__(self, reasons: dict[int, str]) -> None:
        super().__init__("; ".join(reasons.values()))
        self.reasons = reasons


def record(connection: Connection, proposals: Sequence[Proposal], at: datetime) -> list[bool]:
    """For each proposal whether it is new; one that is in force already with the same words on the same page is not. All or none."""
    made: list[bool] = []
    refused: dict[int, str] = {}
    taken: dict[tuple[int, str], int] = {}
    for number, proposal in enumerate(proposals):
        try:
            document_id = find_record(connection, proposal.wanted)
            if taken.setdefault((document_id, proposal.figure), number) != number:
                raise ValueError(f"{proposal.figure} of {proposal.wanted} is given twice")  # noqa: TRY301 - told like all others
            made.append(_record(connection, document_id, proposal, at))
        except ValueError as error:
            refused[number] = str(error)
    if refused:
        raise CorrectionRefused(refused)
    return made


def _record(connection: Connection, document_id: int, proposal: Proposal, at: datetime) -> bool:
    version = connection.execute(
        select(ReportRow.id, ReportRow.form, ReportRow.content_sha256).where(
            ReportRow.document_id == document_id, ReportRow.superseded_at.is_(None)
        )
    ).one_or_none()
    if version is None:
        raise ReportUnknown(f"{proposal.wanted} holds no report any more")
    figures = _figures(connection, version.id)
    reviewed = review(proposal.figure, proposal.words, version.form, figures)
    read = next((shown(each.value, each.status) for each in figures if each.preferred and each.name == proposal.figure), None)
    facts = {
        "value": reviewed.value,
        "status": reviewed.status,
        "reason": proposal.reason,
        "source": proposal.source,
        "reviewer": proposal.by,
        "content_sha256": version.content_sha256,
    }
    place = {"indicator": reviewed.indicator, "column": reviewed.column or "", "field": ""}
    there = [CorrectionRow.__table__.columns[name] == value for name, value in place.items()]
    # Two that come at once take their turns. SQLite has one writer at a time anyway.
    connection.execute(select(DocumentRow.id).where(DocumentRow.id == document_id).with_for_update())
    all_there = select(CorrectionRow).where(*there, _of(connection, document_id))
    made = connection.execute(all_there).mappings().all()
    before = [row for row in made if row["withdrawn_at"] is None]
    if len(before) == 1 and all(before[0][name] == value for name, value in facts.items()):
        return False
    # Their order is that of their times: one at the same instant, or by a clock that was set back, comes just behind the last one.
    at = max([at, *(row["made_at"] + timedelta(microseconds=1) for row in made)])
    for row in before:
        _withdraw(connection, row["id"], at, proposal.by, GAVE_WAY)
    connection.execute(insert(CorrectionRow).values(document_id=document_id, **place, **facts, made_at=at, read=read))
    return True


def _of(connection: Connection, document_id: int) -> ColumnElement[bool]:
    """Those of a record: of its document, and of the other addresses of the same report, one of which may have been the record then."""
    others = select(DocumentRow.id).where(DocumentRow.duplicate_of == document_id)
    return CorrectionRow.document_id.in_([document_id, *connection.execute(others).scalars()])


def _figures(connection: Connection, report_id: int) -> list[Figure]:
    """The figures of a version as they were read, without their places."""
    names = ("indicator", "column", "value", "status", "raw", "unit", "source", "preferred")
    columns = [FigureRow.__table__.columns[name] for name in names]
    rows = connection.execute(select(*columns).where(FigureRow.report_id == report_id)).mappings()
    return [Figure(**{**row, "column": row["column"] or None}) for row in rows]


def _withdraw(connection: Connection, correction_id: int, at: datetime, by: str, reason: str) -> None:
    log = {"withdrawn_at": at, "withdrawn_by": by, "withdrawn_reason": reason}
    connection.execute(update(CorrectionRow).where(CorrectionRow.id == correction_id).values(**log))


def withdraw(connection: Connection, withdrawal: Withdrawal, at: datetime) -> list[Correction]:
    """The corrections that were in force there; from now on the reading counts again. Raises `ReportUnknown` where there is none."""
    wanted, figure = withdrawal.wanted, withdrawal.figure
    own = _of(connection, find_record(connection, wanted))
    rows = connection.execute(_SELECT.where(CorrectionRow.withdrawn_at.is_(None), own)).mappings().all()
    there = [(row["id"], _restore(row)) for row in rows]
    chosen = [(number, each) for number, each in there if each.name == figure]
    if not chosen:
        named = f"; there are: {', '.join(sorted(each.name for _, each in there))}" if there else ""
        raise ReportUnknown(f"no correction of {figure!r} is in force for {wanted}{named}")
    for number, _ in chosen:
        _withdraw(connection, number, at, withdrawal.by, withdrawal.reason)
    return [replace(each, withdrawn_at=at, withdrawn_by=withdrawal.by, withdrawn_reason=withdrawal.reason) for _, each in chosen]


def listed(connection: Connection, conditions: Iterable[ColumnElement[bool]], *, withdrawn: bool) -> Iterator[Correction]:
    """The corrections in force of the chosen reports in the order in which they were made, with `withdrawn` all that there ever were."""
    in_force = () if withdrawn else (CorrectionRow.withdrawn_at.is_(None),)
    for row in connection.execute(_SELECT.where(*in_force, *conditions)).mappings():
        yield _restore(row)


def of_document(connection: Connection, document_id: int) -> list[Correction]:
    """All corrections that there ever were of one document, in the order in which they were made."""
    return [_restore(row) for row in connection.execute(_SELECT.where(CorrectionRow.document_id == document_id)).mappings()]


def in_force(connection: Connection, records: Mapping[int, int]) -> defaultdict[int, list[Correction]]:
    """The corrections of records by the id of their document, the latest last; `records` has them by all documents that show them."""
    found: defaultdict[int, list[Correction]] = defaultdict(list)
    chosen = _SELECT.add_columns(CorrectionRow.document_id).where(
        CorrectionRow.withdrawn_at.is_(None), CorrectionRow.document_id.in_(list(records))
    )
    for row in connection.execute(chosen).mappings():
        found[records[row["document_id"]]].append(_restore(row))
    return found


def lay_over(report: Report, corrections: Iterable[Correction]) -> None:
    """Puts corrections, the latest last, before what was read in their places, and says so in findings.

    The reading's own figures stay beside them and are preferred no more.
    """
    latest = {each.name: each for each in corrections}
    for correction in latest.values():
        _put(report, correction)
    if latest:
        recheck(report, latest.keys())
        report.findings += [remark for each in latest.values() for remark in _remarks(report, each)]


def _put(report: Report, correction: Correction) -> None:
    same = [number for number, figure in enumerate(report.figures) if figure.name == correction.name]
    place = same[0] if same else len(report.figures)
    read = report.figures[place] if same else None
    for number in same:
        report.figures[number].preferred = False
    unit = unit_of(correction.name, report.form) or (read.unit if read else None)
    words = shown(correction.value, correction.status)
    figure = Figure(correction.indicator, correction.column, correction.value, correction.status, words, unit, "correction")
    figure.label, figure.locator = (read.label, read.locator) if read else (None, None)
    report.figures.insert(place, figure)


def _remarks(report: Report, correction: Correction) -> Iterator[Finding]:
    value = shown(correction.value, correction.status)
    was = correction.read or "nothing"
    yield finding("corrected", [correction.name], value=value, read=was, reason=correction.reason, source=correction.source)
    if correction.outdated:
        read = [each for each in report.figures if each.name == correction.name and each.source != "correction"]
        now = shown(read[0].value, read[0].status) if read else "nothing"
        yield finding("correction_outdated", [correction.name], value=value, read=was, now=now)


# The report of a correction is the current version of its document.
_SELECT = (
    select(
        CorrectionRow.id,
        DocumentRow.url.label("document_url"),
        *(func.coalesce(DocumentRow.portal_id, ReportRow.portal).label("portal"), ReportRow.publisher, ReportRow.report_year),
        *(CorrectionRow.indicator, CorrectionRow.column, CorrectionRow.value, CorrectionRow.status, CorrectionRow.read),
        *(CorrectionRow.reason, CorrectionRow.source, CorrectionRow.reviewer.label("by"), CorrectionRow.made_at),
        (CorrectionRow.content_sha256 != ReportRow.content_sha256).label("outdated"),
        *(CorrectionRow.withdrawn_at, CorrectionRow.withdrawn_by, CorrectionRow.withdrawn_reason),
    )
    .join(DocumentRow, CorrectionRow.document_id == DocumentRow.id)
    .join(ReportRow, and_(ReportRow.document_id == DocumentRow.id, ReportRow.superseded_at.is_(None)))
    .outerjoin(PortalRow, DocumentRow.portal_id == PortalRow.id)
    .where(CorrectionRow.field == "")
    .order_by(CorrectionRow.made_at, CorrectionRow.id)
)


def _restore(row: RowMapping) -> Correction:
    values = {name: row[name] for name in Correction.__slots__}
    return Correction(**values | {"column": values["column"] or None, "outdated": bool(values["outdated"])})
