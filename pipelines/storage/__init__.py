"""What is known, and since when: the tables, their migrations, and the verbs of the program on them."""

from pipelines.storage.changes import ChangeRow
from pipelines.storage.copying import TableDigest
from pipelines.storage.corrections import Correction, CorrectionRefused, Proposal, Withdrawal
from pipelines.storage.crawls import RESUME_WITHIN, Crawl, Walk
from pipelines.storage.documents import Change, canonical
from pipelines.storage.engine import parse_url
from pipelines.storage.errors import PortalLocked, RecordRefused, ReparseLocked, StorageError, StorageRefused
from pipelines.storage.health import Problem
from pipelines.storage.history import History, Version
from pipelines.storage.locks import portal_lock, reparse_lock
from pipelines.storage.lookup import ReportUnknown, Wanted
from pipelines.storage.marks import PortalMark, ReportMark, WalkMark
from pipelines.storage.observations import NO_ANSWER, Indexed, Observation
from pipelines.storage.opening import open_storage
from pipelines.storage.query import UNKNOWN, ReportFilter, StoredReport
from pipelines.storage.reparses import PageFilter
from pipelines.storage.rereading import ArchivedPage, Difference, Reread, Rereading, tally
from pipelines.storage.schema import upgrade
from pipelines.storage.storage import Storage
from pipelines.storage.withholdings import HIDDEN, Withholding

__all__ = [
    "HIDDEN",
    "NO_ANSWER",
    "RESUME_WITHIN",
    "UNKNOWN",
    "ArchivedPage",
    "Change",
    "ChangeRow",
    "Correction",
    "CorrectionRefused",
    "Crawl",
    "Difference",
    "History",
    "Indexed",
    "Observation",
    "PageFilter",
    "PortalLocked",
    "PortalMark",
    "Problem",
    "Proposal",
    "RecordRefused",
    "ReparseLocked",
    "ReportFilter",
    "ReportMark",
    "ReportUnknown",
    "Reread",
    "Rereading",
    "Storage",
    "StorageError",
    "StorageRefused",
    "StoredReport",
    "TableDigest",
    "Version",
    "Walk",
    "WalkMark",
    "Wanted",
    "Withdrawal",
    "Withholding",
    "canonical",
    "open_storage",
    "parse_url",
    "portal_lock",
    "reparse_lock",
    "tally",
    "upgrade",
]
