"""JSON that servers answer with: whatever comes, an object, its parts by name, texts and numbers without surprises."""

from __future__ import annotations

import html
import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

from pipelines.decode.tree import folded

LONGEST_TEXT = 500
LARGEST = 1_000_000
TAG = re.compile(r"<[^<>]{0,200}>")
DAY = re.compile(r"(?:19|20)\d\d-\d\d-\d\d")
CHINA = timedelta(hours=8)


def object_of(text: str) -> dict[str, Any]:
    """The JSON object that a text is; empty where it is anything else."""
    if not text.lstrip("\ufeff \t\r\n").startswith("{"):
        return {}
    try:
        found = json.loads(text.lstrip("\ufeff"), strict=False)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def part(value: object, *names: str) -> object:
    """What stands below these names, `None` where the way ends."""
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def objects(value: object, most: int) -> list[dict[str, Any]]:
    """The objects in a list, so many at most; empty where it is no list."""
    return [item for item in value[:most] if isinstance(item, dict)] if isinstance(value, list) else []


def words(value: object) -> str:
    """A text without markup (searches mark what they found), unescaped and folded; empty for anything else."""
    return folded(html.unescape(TAG.sub("", value[:LONGEST_TEXT]))) if isinstance(value, str) else ""


def number(value: object) -> int | None:
    """A count, written as a number or as its digits; `None` for anything else."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 10:
        value = int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LARGEST else None


def day(value: object) -> str | None:
    """A date as `YYYY-MM-DD`: the day of a printed time, or the day in China of a time in seconds or milliseconds."""
    if isinstance(value, str):
        found = DAY.match(value.strip())
        return found.group() if found else None
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    seconds = value // 1000 if value > 10**11 else value
    return f"{datetime.fromtimestamp(seconds, UTC) + CHINA:%Y-%m-%d}" if 10**8 < seconds < 10**10 else None
