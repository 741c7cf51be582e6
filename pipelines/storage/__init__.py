"""What is known, and since when: the tables, their migrations, and the verbs of the program on them."""

from pipelines.storage.documents import Change, canonical
from pipelines.storage.engine import parse_url
from pipelines.storage.errors import PortalLocked, RecordRefused, StorageError, StorageRefused
from pipelines.storage.locks import portal_lock
from pipelines.storage.query import ReportFilter, StoredReport
from pipelines.storage.schema import upgrade
from pipelines.storage.storage import RESUME_WITHIN, Crawl, Observation, Storage, Walk, open_storage

__all__ = [
    "RESUME_WITHIN",
    "Change",
    "Crawl",
    "Observation",
    "PortalLocked",
    "RecordRefused",
    "ReportFilter",
    "Storage",
    "StorageError",
    "StorageRefused",
    "StoredReport",
    "Walk",
    "canonical",
    "open_storage",
    "parse_url",
    "portal_lock",
    "upgrade",
]
