"""Answers of data that say with status 200 that the call was refused, or failed: a signature that only the page's script can make."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from giar_crawler.platforms.answer_rows import CALLBACK
from pipelines.data import load, pattern

# What says no more than that is short; an answer with rows is not.
LONGEST = 4000
DATA = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*(?:[\w$.]{1,60}\s*\(\s*)?\{")


@cache
def _words() -> dict[str, re.Pattern[str]]:
    names = ("flags", "codes", "good", "messages", "empty", "says")
    found: dict[str, re.Pattern[str]] = load(Path(__file__).with_name("refused.yaml"), dict.fromkeys(names, pattern))
    return found


def says_refused(body: bytes) -> bool:
    """Whether an answer is an object of data that has no rows and says that there are none for this call."""
    if len(body) > LONGEST or not DATA.match(body):
        return False
    try:
        answer, _ = json.JSONDecoder(strict=False).raw_decode(CALLBACK.sub("", body.decode("utf-8-sig", "replace").strip()))
    except (ValueError, RecursionError):
        return False
    return isinstance(answer, dict) and not any(map(_holds, answer.values())) and _refuses(answer)


def _holds(value: object) -> bool:
    """Whether a part of an answer has anything in it."""
    if isinstance(value, dict):
        return any(map(_holds, value.values()))
    return bool(value) if isinstance(value, list) else isinstance(value, str) and "<" in value


def _refuses(answer: dict[str, Any]) -> bool:
    words = _words()
    values = [(name, str(value).strip()) for name, value in answer.items() if isinstance(value, str | int | float)]
    said = " ".join(value for name, value in values if words["messages"].fullmatch(name))
    if words["empty"].search(said):
        return False
    false = any(words["flags"].fullmatch(name) and value.lower() in {"false", "0", "n", "no"} for name, value in values)
    bad = any(words["codes"].fullmatch(name) and not words["good"].fullmatch(value) for name, value in values)
    return false or bad or words["says"].search(said) is not None
