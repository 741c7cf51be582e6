"""Values that a page's scripts write into its header: `document.write('…')`, `getElementById('syh').innerHTML = …`, pairs in JSON.

Scripts are never run. Only string literals count, directly or through one variable, and only their text, so that nothing of them can act.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

from lxml import etree

from pipelines.data import load
from pipelines.decode.islands import unescaped
from pipelines.decode.tree import without_controls

LONGEST = 300
# A page has a dozen; more is an attack.
MOST_WRITES, MOST_OBJECTS = 200, 400
LONGEST_SCRIPT = 200_000
_LITERAL = r"""(?:"(?:[^"\\\n]|\\.){0,300}"|'(?:[^'\\\n]|\\.){0,300}')"""
_NAME = r"[A-Za-z_$][\w$]{0,60}"
# A literal or a variable, perhaps cut to its day: pubDate.substring(0,10), pubDate.split(' ')[0].
_CUT = r"\.(?:substr|substring|slice)\(\s*0\s*,\s*(?P<to>\d{1,3})\s*\)|\.split\(\s*['\"] ['\"]\s*\)\[0\]"
_VALUE = rf"(?P<value>{_LITERAL}|{_NAME})(?P<cut>{_CUT})?"
_ASSIGNED = re.compile(rf"(?<![\w$.])(?P<name>{_NAME})\s*=\s*(?P<value>{_LITERAL})\s*[;,\n]")
_WRITTEN = re.compile(rf"document\.write(?:ln)?\(\s*{_VALUE}\s*\)")
_SET = (
    re.compile(rf"getElementById\(\s*['\"](?P<id>[\w-]{{1,60}})['\"]\s*\)\.(?:innerHTML|innerText|textContent)\s*=\s*{_VALUE}\s*[;\n}}]"),
    re.compile(rf"\(\s*['\"]\#(?P<id>[\w-]{{1,60}})['\"]\s*\)\.(?:html|text)\(\s*{_VALUE}\s*\)"),
)
_COMMENT = re.compile(r"/\*[^*]*+(?:\*(?!/)[^*]*+)*+\*/")
_TAG = re.compile(r"<[^>]{0,200}>")
_MARKS = ("document.write", ".innerHTML", ".innerText", ".textContent", ").html(", ").text(")
_OBJECT = re.compile(r"\{[^{}]{1,1000}\}")


@cache
def _keys() -> dict[str, list[str]]:
    keys: dict[str, list[str]] = load(Path(__file__).with_name("scripted.yaml"), {"label": [str], "value": [str]})
    return keys


def _text(literal: str) -> str:
    return without_controls(_TAG.sub("", unescaped(literal[1:-1])))[:LONGEST]


def _meant(value: str, cut: str | None, to: str | None, variables: dict[str, str]) -> str | None:
    """What a literal or a variable stands for; `None` for a variable that no literal was given to."""
    text = _text(value) if value[0] in "\"'" else variables.get(value)
    if text is None or cut is None:
        return text
    return text[: int(to)] if to else text.split(" ", 1)[0]


def _set_by_id(root: etree._Element, values: dict[str, str]) -> None:
    for element in root.iter(etree.Element):
        text = values.get(element.get("id") or "")
        if text and not len(element) and not (element.text or "").strip() and element.tag not in ("script", "style"):
            element.text = text


def _scripts(root: etree._Element) -> list[tuple[etree._Element, str]]:
    """The scripts that stand in the page itself, with their text."""
    return [(script, script.text) for script in root.iter("script") if script.text and len(script.text) <= LONGEST_SCRIPT]


def write_scripted(root: etree._Element) -> None:
    """Writes into the tree what scripts would write there: texts at the place of `document.write`, and into empty elements by their id."""
    every = _scripts(root)
    if not any(mark in text for _, text in every for mark in _MARKS):
        return
    scripts = [(script, _COMMENT.sub("", text)) for script, text in every]
    variables = {match["name"]: _text(match["value"]) for _, text in scripts for match in _ASSIGNED.finditer(text)}
    by_id: dict[str, str] = {}
    left = MOST_WRITES
    for script, text in scripts:
        written = [_meant(match["value"], match["cut"], match["to"], variables) for match in _WRITTEN.finditer(text)][:left]
        left -= len(written)
        if shown := "".join(filter(None, written)):
            script.tail = without_controls(shown + (script.tail or ""))
        for match in chain.from_iterable(pattern.finditer(text) for pattern in _SET):
            meant = _meant(match["value"], match["cut"], match["to"], variables)
            if meant is not None and len(by_id) < MOST_WRITES:
                by_id.setdefault(match["id"], meant)
    if by_id:
        _set_by_id(root, by_id)


def _objects(script: str) -> Iterator[dict[str, Any]]:
    for number, match in enumerate(_OBJECT.finditer(script)):
        if number >= MOST_OBJECTS:
            return
        try:
            found = json.loads(match.group())
        except ValueError:
            continue
        if isinstance(found, dict):
            yield found


def labelled_data(root: etree._Element) -> list[tuple[str, str]]:
    """Labels with their values in the JSON of a page's scripts: `{"name": "索引号", "value": "…"}`, in their order."""
    keys = _keys()
    found: list[tuple[str, str]] = []
    for _, text in _scripts(root):
        if not any(f'"{key}"' in text for key in keys["value"]):
            continue
        for entry in _objects(text):
            label = next((entry[key] for key in keys["label"] if isinstance(entry.get(key), str)), None)
            value = next((entry[key] for key in keys["value"] if isinstance(entry.get(key), str)), None)
            if label and value and value.strip():
                found.append((without_controls(label), without_controls(_TAG.sub("", value)).strip()[:LONGEST]))
    return found
