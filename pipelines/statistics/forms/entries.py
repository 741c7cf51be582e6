"""YAML whose mappings know their lines, so that every fault of a data file is an error that names file and line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, ClassVar

import yaml

from pipelines.data import SafeLoader


class FormError(Exception):
    """A file of the forms is wrong; the message is `FILE:LINE: what`."""


class Entry(dict[str, Any]):
    """A mapping of the file that knows its line."""

    line: int = 0


class _Loader(SafeLoader):
    """Safe YAML whose mappings know their lines and whose keys are unique."""


def _entry(loader: _Loader, node: yaml.MappingNode) -> Entry:
    loader.flatten_mapping(node)
    entry = Entry()
    entry.line = node.start_mark.line + 1
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if key in entry:
            raise yaml.MarkedYAMLError(problem=f"the key {key} stands twice", problem_mark=key_node.start_mark)
        entry[key] = loader.construct_object(value_node, deep=True)
    return entry


_Loader.add_constructor("tag:yaml.org,2002:map", _entry)


def allowed_keys(keys: Mapping[str, str]) -> dict[str, set[str]]:
    """The keys that each part of a file may have, from words; what stands after a bar is for human readers only."""
    return {part: set(words.replace("|", "").split()) for part, words in keys.items()}


class EntryReader:
    """The checks over one file; `fail` is the only way out of a fault. Subclasses name the keys that they allow."""

    allowed: ClassVar[dict[str, set[str]]] = {}
    lists: ClassVar[tuple[str, ...]] = ()

    def __init__(self, path: Path) -> None:
        self.path = path

    def document(self, what: str) -> Entry:
        """The whole file; `what` says how it has to look."""
        try:
            document = yaml.load(self.path.read_text("utf-8"), _Loader)  # noqa: S506 - a SafeLoader that adds lines, refuses double keys
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 0
            raise FormError(f"{self.path}:{line}: {error.problem}") from error
        if not isinstance(document, Entry):
            raise FormError(f"{self.path}:1: {what}")
        return document

    def fail(self, entry: Entry, what: str) -> FormError:
        """The error to raise for an entry."""
        return FormError(f"{self.path}:{entry.line}: {what}")

    def keys(self, entry: Entry, part: str, required: Iterable[str]) -> None:
        """Refuses unknown and missing keys."""
        if unknown := sorted(map(str, set(entry) - self.allowed[part])):
            raise self.fail(entry, f"unknown key {unknown[0]} in a {part}; allowed: {', '.join(sorted(self.allowed[part]))}")
        if missing := sorted(set(required) - set(entry)):
            raise self.fail(entry, f"a {part} needs the key {missing[0]}")

    def part(self, entry: Entry, key: str) -> Entry:
        """The mapping under a key."""
        value = entry[key]
        if not isinstance(value, Entry):
            raise self.fail(entry, f"{key} must be a mapping")
        return value

    def parts(self, entry: Entry, key: str) -> list[Entry]:
        """The list of mappings under a key; empty where there is none."""
        value = entry.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, Entry) for item in value):
            raise self.fail(entry, f"{key} must be a list of mappings")
        return value

    def texts(self, entry: Entry, *keys: str) -> None:
        """Refuses values that are no text, or under the keys of `lists` no list of texts."""
        for key in keys:
            value = entry.get(key, "")
            if not (isinstance(value, str) or (key in self.lists and isinstance(value, list) and all(isinstance(x, str) for x in value))):
                raise self.fail(entry, f"{key} must be {'a list of texts' if key in self.lists else 'a text'}, not {value!r}")

    def choice(self, entry: Entry, key: str, allowed: Iterable[str]) -> Any:  # noqa: ANN401 - one of the Literal types of a model
        """The value under a key, which is one of a few words or missing."""
        value = entry.get(key)
        if value is not None and value not in allowed:
            raise self.fail(entry, f"{key}: {value} is not one of {', '.join(allowed)}")
        return value

    def unique(self, entries: Iterable[Entry], key: str) -> None:
        """Refuses the second entry with the same value under a key."""
        seen: dict[str, int] = {}
        for entry in entries:
            if entry[key] in seen:
                raise self.fail(entry, f"the {key} {entry[key]} stands twice, first in line {seen[entry[key]]}")
            seen[entry[key]] = entry.line
