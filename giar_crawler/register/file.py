"""One file of the register: YAML read with its lines kept, so that every fault names its place."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from giar_crawler.register.faults import Fault
from giar_crawler.register.portal import Portal, is_loopback
from giar_crawler.register.schema import CHECKS, REQUIRED, Wrong, read_value
from pipelines.data import SafeLoader
from pipelines.metadata.gazetteer import level_of

MAX_BYTES = 5_000_000
MAX_DEPTH = 10  # an entry is four deep; libyaml's composer recurses
MIN_DELAY = 0.5  # seconds; portals of counties are small machines


@dataclass(slots=True)
class Entry:
    """A portal with the place where it is written."""

    portal: Portal
    file: str
    line: int

    @property
    def where(self) -> str:
        """The place as `FILE:LINE`."""
        return f"{self.file}:{self.line}"


class RegisterFile:
    """One file on its way in. `ids` are all ids in it with their lines, those of faulty entries too; `entries` are the sound ones."""

    def __init__(self, path: Path, name: str) -> None:
        self.path, self.name = path, name
        self.faults: list[Fault] = []
        self.entries: list[Entry] = []
        self.ids: list[tuple[str, int]] = []

    def fault(self, line: int, message: str, allowed: str | None = None, *, entry: str | None = None, key: str | None = None) -> None:
        self.faults.append(Fault(self.name, line, entry, key, message, allowed))

    def read(self) -> None:
        """Reads the file once; nothing is raised, what is wrong is in `faults`."""
        root = self._compose()
        if root is None:
            return
        portals = None
        if isinstance(root, yaml.MappingNode):
            for key, value in root.value:
                if key.value == "portals" and portals is None:
                    portals = value
                else:
                    self.fault(_line(key), "it is unknown or stands twice", "portals", key=str(key.value)[:60])
        if not isinstance(portals, yaml.SequenceNode):
            self.fault(
                _line(portals or root), "there is no list of portals", "a file that begins with `portals:` and holds a list of entries"
            )
            return
        for number, node in enumerate(portals.value, 1):
            self._entry(number, node)

    def _compose(self) -> yaml.Node | None:
        """The root of the file's nodes; `None` with a fault where it is no harmless YAML."""
        try:
            if self.path.stat().st_size > MAX_BYTES:
                self.fault(0, f"the file has {self.path.stat().st_size} bytes", f"up to {MAX_BYTES}; spread the portals over several files")
                return None
            text = self.path.read_bytes().decode("utf-8-sig")
        except OSError as error:
            self.fault(0, f"the file cannot be read: {error.strerror or error}")
            return None
        except UnicodeDecodeError as error:
            line = error.object[: error.start].count(b"\n") + 1
            self.fault(line, f"byte 0x{error.object[error.start]:02x} is not UTF-8", "UTF-8 text; convert the file if it is GBK")
            return None
        try:
            root: yaml.Node | None = yaml.compose(text, Loader=SafeLoader) if self._harmless(text) else None
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 0
            tab = "\t" in "".join(text.split("\n")[line - 1 : line])
            begun = f" ({error.context} that begins in line {error.context_mark.line + 1})" if error.context_mark else ""
            self.fault(line, f"this is not YAML: {error.problem}{begun}", "spaces for indentation, never tabs" if tab else None)
            return None
        except yaml.reader.ReaderError as error:
            self.fault(text[: error.position].count("\n") + 1, f"this is not YAML: {error.reason}")
            return None
        if root is None and not self.faults:
            self.fault(0, "the file is empty", "a file that begins with `portals:` and holds a list of entries")
        return root

    def _harmless(self, text: str) -> bool:
        """Whether the file has no anchors (they can blow up), no tags of its own and no deep nesting; events are read before nodes."""
        depth = 0
        for event in yaml.parse(text, Loader=SafeLoader):
            line = event.start_mark.line + 1 if event.start_mark else 0
            if getattr(event, "anchor", None) is not None:
                self.fault(line, "anchors and aliases (&x, *x) are not read", "each entry written out")
            elif isinstance(event, yaml.NodeEvent) and getattr(event, "tag", None) is not None:
                self.fault(line, f"the tag {str(event.tag)[:40]!r} is not read", "plain values")  # type: ignore[attr-defined]
            elif isinstance(event, yaml.CollectionStartEvent):
                depth += 1
                if depth > MAX_DEPTH:
                    self.fault(line, f"it nests deeper than {MAX_DEPTH} levels", "`portals:` and a list of entries")
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            if self.faults:
                return False
        return True

    def _entry(self, number: int, node: yaml.Node) -> None:
        if not isinstance(node, yaml.MappingNode):
            self.fault(_line(node), "it is not a mapping of keys", "id, name, adcode, home …", entry=f"#{number}")
            return
        before = len(self.faults)
        named = next((value.value for key, value in node.value if key.value == "id" and isinstance(value, yaml.ScalarNode)), "")
        name = named[:64] or f"#{number}"
        values: dict[str, Any] = {}
        lines: dict[str, int] = {}
        for key_node, value_node in node.value:
            self._key(key_node, value_node, values, lines, name)
        if "id" in values:
            self.ids.append((values["id"], lines["id"]))
        for key in REQUIRED:
            if key not in lines:
                self.fault(_line(node), "the key is missing", "id, name, adcode and home are required", entry=name, key=key)
        if len(self.faults) == before:
            self.entries.append(Entry(Portal(**{"level": level_of(values["adcode"])} | values), self.name, _line(node)))
        if "home" in values and ("hosts" in values or "hosts" not in lines):
            rest: dict[str, Any] = {"id": name, "name": "", "adcode": "", "level": "county"}
            self._together(Portal(**rest | values), lines)

    def _key(self, key_node: yaml.Node, value_node: yaml.Node, values: dict[str, Any], lines: dict[str, int], name: str) -> None:
        key = key_node.value if isinstance(key_node, yaml.ScalarNode) else "?"
        if key not in CHECKS:
            near = difflib.get_close_matches(key, CHECKS, n=1)
            hint = f"the key is unknown; did you mean {near[0]}?" if near else "the key is unknown"
            self.fault(_line(key_node), hint, ", ".join(CHECKS), entry=name, key=key[:60])
        elif key in lines:
            self.fault(_line(key_node), f"the key stands twice, first in line {lines[key]}", "each key once", entry=name, key=key)
        else:
            lines[key] = _line(key_node)
            try:
                value = read_value(key, value_node)
            except Wrong as wrong:
                self.fault(_line(wrong.node or value_node), wrong.message, wrong.allowed, entry=name, key=key)
            else:
                if value is not None:
                    values[key] = value

    def _together(self, portal: Portal, lines: dict[str, int]) -> None:
        """What only several keys together can get wrong."""
        for address in portal.lists:
            host = urlsplit(address).netloc
            if not portal.owns(host):
                allowed = ", ".join(portal.all_hosts) + " or a host listed under hosts"
                self.fault(lines["lists"], f"the host {host} is not the portal's", allowed, entry=portal.id, key="lists")
        if portal.delay < MIN_DELAY and not all(is_loopback(host) for host in portal.all_hosts):
            message = f"{portal.delay:g} s is too fast for a machine that is not your own"
            self.fault(lines["delay"], message, f"{MIN_DELAY} s or more; less only on loopback", entry=portal.id, key="delay")
        if portal.render and portal.tls == "legacy":
            message = "no browser speaks old TLS: a portal with tls: legacy cannot be drawn"
            self.fault(lines["render"], message, "render: false, or tls: normal", entry=portal.id, key="render")
        if portal.id in portal.former_ids:
            self.fault(lines["former_ids"], "the portal's own id is among its former ones", "other ids", entry=portal.id, key="former_ids")


def _line(node: yaml.Node) -> int:
    line: int = node.start_mark.line + 1
    return line
