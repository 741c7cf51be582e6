"""The labels of the metadata header: which field a printed label stands for."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path

import yaml

# A label is short; longer text is not worth the look-up and must not fill the memory of `field_of`.
LONGEST = 16
_FIELD_KEYS = {"seen", "unverified", "weak", "printed"}
_TOP_KEYS = {"fields", "ignored", "empty_values", "meta"}
_SPACE = re.compile(r"\s+")
_COMMENT = re.compile(r"<!--.*?-->|<!--.*$|^[^<]*-->")
# `ignored` labels stand for this field: they end the value before them and are dropped.
IGNORED = "ignored"


class LabelsError(ValueError):
    """The data file of the labels is wrong; the message names the file and the key."""


@dataclass(slots=True)
class Labels:
    """The checked labels. `fields` maps a normalised label to its field, `pattern` finds labels with a colon or in brackets in a line."""

    fields: dict[str, str] = field(default_factory=dict)
    weak: set[str] = field(default_factory=set)
    empty: set[str] = field(default_factory=set)
    meta: dict[str, list[str]] = field(default_factory=dict)
    pattern: re.Pattern[str] = field(default_factory=lambda: re.compile(r"(?!)"))


def normalised(text: str) -> str:
    """A label as it is looked up: NFKC, no white space, no colon behind it, no brackets around it."""
    text = _SPACE.sub("", unicodedata.normalize("NFKC", text).translate(_ZERO_WIDTH))
    return text.strip("[]【】").rstrip(":").strip("[]【】")


_ZERO_WIDTH = dict.fromkeys([0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF])


def _strings(value: object, where: str) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
        raise LabelsError(f"{where}: a list of texts is expected")
    return value


def _pattern(names: list[str]) -> re.Pattern[str]:
    """Finds a label followed by a colon, or a label in brackets; white space may stand between its characters (索 引 号).

    Neighbouring spans often leave no blank between a value and the next label: one in brackets or of four characters needs none,
    a short one only a digit (`2015-03-17来源:`), for 来源 and 时间 end other words as well.
    """

    def spaced(chosen: list[str]) -> str:
        return "|".join(r"\s*".join(map(re.escape, name)) for name in sorted(chosen, key=len, reverse=True))

    every, long = spaced(names), spaced([name for name in names if len(name) >= 4])
    return re.compile(rf"[\[【](?P<bracketed>{every})[\]】]\s*:?|(?:(?:^|(?<=[\s|;,、。)\]】\d]))(?P<plain>{every})|(?P<long>{long}))\s*:")


def load(path: Path) -> Labels:
    """The labels of a file. Raises `LabelsError` that names the file and the key for what is unknown, doubled or no text."""
    data = yaml.safe_load(path.read_text("utf-8"))
    if not isinstance(data, dict) or set(data) != _TOP_KEYS:
        raise LabelsError(f"{path.name}: the keys have to be {sorted(_TOP_KEYS)}")
    labels = Labels(empty={normalised(value) for value in _strings(data["empty_values"], f"{path.name}: empty_values")} | {""})
    entries = [(code, entry) for code, entry in data["fields"].items()] + [(IGNORED, {"unverified": data["ignored"]})]
    for code, entry in entries:
        if not isinstance(entry, dict) or not set(entry) <= _FIELD_KEYS:
            raise LabelsError(f"{path.name}: fields.{code}: only {sorted(_FIELD_KEYS)} are allowed")
        own = [name for key in ("seen", "unverified") for name in _strings(entry.get(key, []), f"{path.name}: fields.{code}.{key}")]
        for name in own:
            if normalised(name) != name or len(name) > LONGEST:
                raise LabelsError(f"{path.name}: fields.{code}: {name} is not normalised or too long")
            if labels.fields.setdefault(name, code) != code:
                raise LabelsError(f"{path.name}: fields.{code}: {name} stands for {labels.fields[name]} already")
        labels.weak.update(_strings(entry.get("weak", []), f"{path.name}: fields.{code}.weak"))
        for name in [*entry.get("printed", []), *entry.get("weak", [])]:
            if normalised(name) not in own:
                raise LabelsError(f"{path.name}: fields.{code}: {name} is no spelling of a label of the field")
    for code, names in data["meta"].items():
        labels.meta[code] = [name.lower() for name in _strings(names, f"{path.name}: meta.{code}")]
    labels.pattern = _pattern(list(labels.fields))
    return labels


@cache
def labels() -> Labels:
    """The labels that come with the program."""
    return load(Path(__file__).with_name("header_labels.yaml"))


@lru_cache(maxsize=4096)
def _field_of(text: str) -> str | None:
    return labels().fields.get(normalised(text))


def field_of(text: str) -> str | None:
    """The field that a whole cell or line names, `None` when it is no label."""
    return _field_of(text) if 0 < len(text) <= LONGEST else None


def value_of(text: str) -> str | None:
    """A value without template comments and folded; `None` when nothing or a placeholder is left."""
    if "<!--" in text or "-->" in text:
        text = _COMMENT.sub("", text)
    text = text.strip().strip("|").strip()
    return None if normalised(text) in labels().empty else text


def meta_value(meta: dict[str, str], code: str) -> str | None:
    """The first meta tag of a field that has content."""
    for name in labels().meta[code]:
        if (content := meta.get(name)) and (value := value_of(content)):
            return value
    return None
