"""The rows of an answer that a page's own script asked for: JSON of any shape, HTML within it, XML with an element for each part, HTML."""

from __future__ import annotations

import json
import re
from itertools import islice
from typing import Any

from lxml import etree

from giar_crawler.platforms.addresses import absolute
from giar_crawler.platforms.answers import day, number, words
from giar_crawler.platforms.base import ListEntry
from giar_crawler.platforms.page import page_of_text
from giar_crawler.platforms.rows import entries_of
from giar_crawler.platforms.script_values import is_called
from giar_crawler.platforms.turns import Turn

LONGEST = 8_000_000
MOST_ROWS, MOST_NODES, MOST_DEPTH = 1000, 50_000, 12
CALLBACK = re.compile(r"^\s*[\w$.]{1,60}\s*\(\s*(?=[\[{])")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
MARKUP = re.compile(r"<(?:a|li|tr)\b", re.IGNORECASE)
SLOT = re.compile(r"\{([\w$]{1,40})\}")
DECLARED = re.compile(r"^\s*<\?xml[^<>]*\?>")


def rows_of(text: str, url: str, turn: Turn) -> tuple[list[ListEntry], int | None]:
    """The rows of an answer, and how many there are in all by its own count (`None` where it does not say)."""
    text = text.lstrip("\ufeff \t\r\n")[:LONGEST]
    if text.startswith("<?xml"):
        return _of_xml(text, turn)
    value = _loaded(text)
    if value is None:
        return entries_of(page_of_text(turn.base if MARKUP.search(text) else url, text)), None
    found: dict[str, ListEntry] = {}
    markup: list[str] = []
    total: int | None = None
    waiting: list[tuple[str, object, int]] = [("", value, 0)]
    for _ in range(MOST_NODES):
        if not waiting:
            break
        name, node, depth = waiting.pop()
        entry = _entry(node, turn) if isinstance(node, dict) else None
        if entry is not None:
            if len(found) < MOST_ROWS:
                found.setdefault(entry.url, entry)
            # Nodes of a tree have others below them; what else a row has (files, pictures) are no rows.
            below = [(key, part) for key, part in node.items() if is_called("children", key)] if isinstance(node, dict) else []
            waiting += [(key, part, depth + 1) for key, part in reversed(below)] if depth < MOST_DEPTH else []
        elif isinstance(node, str) and MARKUP.search(node):
            markup.append(node)
        elif isinstance(node, dict | list) and depth < MOST_DEPTH:
            parts = [(str(key), part) for key, part in node.items()] if isinstance(node, dict) else [("", part) for part in node]
            waiting += [(key, part, depth + 1) for key, part in reversed(parts)]
        elif total is None and is_called("total", name):
            total = number(node)
    return list(found.values()) or entries_of(page_of_text(turn.base, "\n".join(markup))), total


def _loaded(text: str) -> Any:  # noqa: ANN401 # JSON
    text = CALLBACK.sub("", text)
    if text[:1] not in {"{", "["}:
        return None
    try:
        value, _ = json.JSONDecoder(strict=False).raw_decode(text)
        # Some servers send JSON within a text.
        inner = (
            next((part for part in value.values() if isinstance(part, str) and part[:1] in {"{", "["}), None)
            if isinstance(value, dict)
            else None
        )
        return [value, json.loads(inner)] if inner else value
    except (ValueError, RecursionError):
        return None


def _entry(row: dict[str, Any], turn: Turn) -> ListEntry | None:
    named = sorted((name for name in row if is_called("title", name)), key=lambda name: "title" not in name.lower())
    title = next((said for name in named if CHINESE.search(said := words(row[name]))), "")
    address = _address(row, turn) if title else None
    if address is None:
        return None
    dates = (day(value) for name, value in row.items() if is_called("date", name))
    return ListEntry(address, title, next((found for found in dates if found), None))


def _address(row: dict[str, Any], turn: Turn) -> str | None:
    """The address of a row: as the page makes it of the row's parts, else the part that is one."""
    for shape in turn.links:
        names = SLOT.findall(shape)
        values = {name: str(row[name]) for name in names if isinstance(row.get(name), str | int) and str(row[name])}
        if names and len(values) == len(names):
            url = absolute(turn.base, "".join(values[part] if place % 2 else part for place, part in enumerate(SLOT.split(shape))))
            if url is not None and url != turn.base:
                return url
    kept = (value for name, value in row.items() if is_called("address", name) and isinstance(value, str) and len(value) > 1)
    return next((url for value in kept if (url := absolute(turn.base, value))), None)


def _of_xml(text: str, turn: Turn) -> tuple[list[ListEntry], int | None]:
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(DECLARED.sub("", text).encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    if root is None:
        return [], None
    found: list[ListEntry] = []
    markup: list[str] = []
    total: int | None = None
    for element in islice(root.iter("*"), MOST_NODES):
        values = {str(name): str(value) for name, value in element.attrib.items()}
        values |= {str(child.tag): (child.text or "").strip() for child in element if not len(child)}
        total = total if total is not None else next((number(value) for name, value in values.items() if is_called("total", name)), None)
        entry = _entry(values, turn)
        if entry is not None and len(found) < MOST_ROWS:
            found.append(entry)
        elif element.text and MARKUP.search(element.text):
            markup.append(element.text)
    return found or entries_of(page_of_text(turn.base, "\n".join(markup))), total
