"""A release as it lies on the disk: found by tag or folder, checked to the last byte, read row by row."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from giar_crawler.export.files import fused
from giar_crawler.export.package import MARK, SUMS, read_mark, sha256_of
from giar_crawler.release.create import FORMAT

HOME = Path("releases")
# What a comparison reads.
TABLES = ("reports", "figures", "panel", "pages", "portals", "corrections")
_SUM = re.compile(r"([0-9a-f]{64})  (.+)")
# Longer than any cell: a figure's sentence may be a page long.
_LONGEST = 1 << 28


class BadRelease(ValueError):
    """There is no such release, or it is not what it was when it was made; the message says what to do."""


@dataclass(slots=True, frozen=True)
class Opened:
    """A release whose checksums hold; `facts` is what it was made of."""

    folder: Path
    facts: dict[str, Any]

    @property
    def tag(self) -> str:
        """Its name."""
        return str(self.facts["tag"])

    def rows(self, table: str, columns: Sequence[str]) -> Iterator[list[str]]:
        """These columns of a table as text, in the order of its rows. Raises BadRelease where one is not there."""
        csv.field_size_limit(_LONGEST)
        path = self.folder / "data" / f"{table}.csv"
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file)
            head = next(reader, [])
            if missing := [name for name in columns if name not in head]:
                raise BadRelease(f"{path}: there is no column {missing[0]}; the release is not of this program")
            places = [head.index(name) for name in columns]
            for row in reader:
                yield [fused(row[place]) for place in places]


def find(name: str) -> Path:
    """The folder of a release that is named by its tag or by its folder. Raises BadRelease."""
    places = [HOME / name, Path(name)]
    found = next((place for place in places if place.is_dir()), None)
    if found is None:
        there = sorted(path.name for path in HOME.iterdir() if not path.name.startswith(".")) if HOME.is_dir() else []
        known = f"{HOME}/ has: {', '.join(there[-20:])}" if there else f"there is none in {HOME}/"
        raise BadRelease(f"{name}: no release of that tag, and no such folder; {known}")
    return found


def open_release(folder: Path) -> Opened:
    """The release in a folder. Raises BadRelease where it is none, of another format, or not to the byte what was written."""
    facts = read_mark(folder)
    if "tag" not in facts:
        kind = "the package of one export" if facts else "no release"
        raise BadRelease(f"{folder}: this is {kind}; `giar release create TAG` makes releases")
    if facts.get("format") != FORMAT:
        made = f"of format {facts.get('format')} (made by giar {facts.get('release')})"
        raise BadRelease(f"{folder} is {made}, this program compares format {FORMAT}; use the giar that made the newer one")
    _verify(folder)
    return Opened(folder, facts)


def _verify(folder: Path) -> None:
    try:
        lines = (folder / SUMS).read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadRelease(f"{folder}: {SUMS} cannot be read; take a whole copy of the release") from error
    sums = {match[2]: match[1] for match in map(_SUM.fullmatch, lines) if match}
    wanted = [MARK, *(f"data/{table}.csv" for table in TABLES)]
    # What else is listed is verified too: a release is whole or it is none.
    for name in dict.fromkeys([*wanted, *sums]):
        path = folder / name
        if name not in sums or not path.resolve().is_relative_to(folder.resolve()):
            raise BadRelease(f"{folder}: {SUMS} does not name {name}; take a whole copy of the release")
        if not path.is_file():
            raise BadRelease(f"{folder}: {name} is missing; take a whole copy of the release")
        if sha256_of(path) != sums[name]:
            raise BadRelease(f"{folder}: {name} is not what was released (its checksum differs); take a whole copy of the release")
    _verify_hashes(folder, sums)


def _verify_hashes(folder: Path, sums: dict[str, str]) -> None:
    """Whether the schema speaks of these very tables: SHA256SUMS can be made again by anybody who changed a file."""
    package = json.loads((folder / MARK).read_text("utf-8"))
    for one in package.get("resources", []):
        if one.get("hash") != f"sha256:{sums.get(one.get('path'))}":
            raise BadRelease(f"{folder}: {one.get('path')} is not what {MARK} says; take a whole copy of the release")
