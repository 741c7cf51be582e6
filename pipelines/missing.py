"""Pages that are not there although their status says 200. The wording is in `missing.yaml`."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

from pipelines.data import load
from pipelines.screens import screen


@cache
def lexicon() -> dict[str, Any]:
    """The checked wording: `patterns` with examples of what it `reads` and `leaves`."""
    data: dict[str, Any] = load(Path(__file__).with_name("missing.yaml"), {"patterns": [screen], "reads": [str], "leaves": [str]})
    return data


@cache
def _words() -> re.Pattern[str]:
    """The words, in lower case, of which each text that a pattern matches has one."""
    words = [pattern.words for pattern in lexicon()["patterns"]]
    return re.compile("|".join(map(re.escape, frozenset().union(*words))) if all(words) else "")


def says_missing(text: str) -> bool:
    """Whether a title, a line or a short page says that there is nothing here. Long texts may speak of other pages."""
    folded = text.casefold()
    return _words().search(folded) is not None and any(pattern.search(text, folded) for pattern in lexicon()["patterns"])
