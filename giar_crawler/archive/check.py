"""Whether all that an archive holds is whole."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from giar_crawler.archive.errors import ArchiveError
from giar_crawler.archive.records import Fault, scan

# What a record without is nobody's: its digest proves nothing, or nothing can find it.
_NEEDED = ("warc-type", "warc-record-id", "warc-date")


@dataclass(slots=True)
class Checked:
    """What one file holds: its bytes, its whole records by type, and what of it is torn or damaged."""

    file: str
    size: int = 0
    records: Counter[str] = field(default_factory=Counter)
    faults: list[Fault] = field(default_factory=list)


def check_file(path: Path) -> Checked:
    """Reads every byte of a file: its gzip checksums, its records, their digests. Raises ArchiveError where it cannot be opened."""
    checked = Checked(path.name)
    try:
        with path.open("rb") as file:
            checked.size = path.stat().st_size
            for item in scan(file):
                if isinstance(item, Fault):
                    checked.faults.append(item)
                    continue
                checked.records[item.type] += 1
                missing = [name for name in _NEEDED if name not in item.headers]
                damage = f"it has no {', '.join(missing)}" if missing else item.damage()
                if damage is not None:
                    checked.faults.append(Fault(item.offset, f"{item.type} {item.headers.get('warc-target-uri', '')}: {damage}"))
            if not checked.size:
                checked.faults.append(Fault(0, "the file is empty", torn=True))
    except OSError as error:
        raise ArchiveError(f"archive {path.parent}: {path.name}: {error.strerror or error}") from error
    return checked
