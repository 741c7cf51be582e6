"""The register as a whole: the packaged files with the user's own laid over them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from giar_crawler.register.faults import Fault, RegisterError
from giar_crawler.register.file import Entry, RegisterFile
from giar_crawler.register.portal import Portal, host_key

PACKAGED = Path(__file__).with_name("data")


@dataclass(slots=True)
class Register:
    """The portals by id, in the order of the packaged files and then of the user's own. `given` are the ids of the user's own."""

    entries: dict[str, Entry] = field(default_factory=dict)
    given: tuple[str, ...] = ()
    _former: dict[str, str] = field(default_factory=dict)
    _hosts: dict[str, list[str]] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Portal]:
        return (entry.portal for entry in self.entries.values())

    def __len__(self) -> int:
        return len(self.entries)

    def __contains__(self, portal_id: str) -> bool:
        return self.get(portal_id) is not None

    def get(self, portal_id: str) -> Portal | None:
        """The portal with this id, or the one that once had it; `None` for an unknown id."""
        entry = self.entries.get(portal_id) or self.entries.get(self._former.get(portal_id, ""))
        return entry.portal if entry else None

    def within(self, place: str) -> list[Portal]:
        """The portals in a place, which is named by its code or the beginning of one: 44 and 440000 are all of Guangdong, 4403 Shenzhen.

        Raises ValueError for what is no such code.
        """
        if not re.fullmatch(r"[1-9]\d(?:\d\d){0,2}", place):
            raise ValueError(f"{place!r} is not a code of two, four or six digits")
        prefix = re.sub(r"(?:00)+$", "", place)
        return [portal for portal in self if portal.adcode.startswith(prefix)]

    def find_host(self, host: str) -> Portal | None:
        """The portal that a host belongs to; of several on one host the one nearest to its root, then the first. `None` for a stranger."""
        try:
            owners = self._hosts.get(host_key(host), [])
        except ValueError:
            return None
        return min((self.entries[owner].portal for owner in owners), key=lambda portal: len(urlsplit(portal.home).path), default=None)


def _files(paths: Sequence[Path], faults: list[Fault]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            inside = sorted(file for file in path.iterdir() if file.suffix in {".yaml", ".yml"} and file.is_file())
            if not inside:
                faults.append(Fault(str(path), 0, None, None, "there is no register file in this folder", "*.yaml or *.yml"))
            yield from inside
        else:
            yield path


def _read(files: list[tuple[Path, str]], faults: list[Fault]) -> dict[str, Entry]:
    """The entries of files that stand beside each other, where one id may occur once."""
    found: dict[str, Entry] = {}
    places: dict[str, str] = {}
    for path, name in files:
        file = RegisterFile(path, name)
        file.read()
        faults += file.faults
        found |= {entry.portal.id: entry for entry in file.entries}
        for portal_id, line in file.ids:
            first = places.setdefault(portal_id, f"{name}:{line}")
            if first != f"{name}:{line}":
                faults.append(Fault(name, line, portal_id, "id", f"the id is taken already, by {first}", "each id once, never used again"))
    return found


def _former(entries: dict[str, Entry], faults: list[Fault]) -> dict[str, str]:
    former: dict[str, str] = {}
    for portal_id, entry in entries.items():
        for old in entry.portal.former_ids:
            owner = old if old in entries else former.setdefault(old, portal_id)
            if owner != portal_id:
                message = f"the former id {old} belongs to {owner}, {entries[owner].where}"
                faults.append(Fault(entry.file, entry.line, portal_id, "former_ids", message, "ids that nobody else has or had"))
    return former


def load_register(paths: Sequence[Path] | None = None, *, packaged: bool = True) -> Register:
    """The packaged register with the user's own files and folders laid over it: their entries replace packaged ones wholly, by id.

    Raises RegisterError with all faults of all files. `packaged=False` leaves the packaged one out.
    """
    faults: list[Fault] = []
    ours = [(path, f"{PACKAGED.parent.name}/{PACKAGED.name}/{path.name}") for path in sorted(PACKAGED.glob("*.yaml"))] if packaged else []
    theirs = dict.fromkeys(file.resolve() for file in _files([Path(path) for path in paths or ()], faults))
    entries = _read(ours, faults)
    given = _read([(path, _shown(path)) for path in theirs], faults)
    entries |= given
    former = _former(entries, faults)
    if faults:
        raise RegisterError(sorted(faults, key=lambda fault: (fault.file, fault.line)))
    hosts: dict[str, list[str]] = {}
    for portal_id, entry in entries.items():
        for key in {host_key(host) for host in entry.portal.all_hosts}:
            hosts.setdefault(key, []).append(portal_id)
    return Register(entries, tuple(given), former, hosts)


def _shown(path: Path) -> str:
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)
