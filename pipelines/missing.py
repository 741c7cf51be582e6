"""Pages that are not there although their status says 200. The wording is in `missing.yaml`."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from pipelines.data import any_of, load


@cache
def lexicon() -> dict[str, Any]:
    """The checked wording: `patterns` as one, with examples of what it `reads` and `leaves`."""
    data: dict[str, Any] = load(Path(__file__).with_name("missing.yaml"), {"patterns": any_of, "reads": [str], "leaves": [str]})
    return data


def says_missing(text: str) -> bool:
    """Whether a title, a line or a short page says that there is nothing here. Long texts may speak of other pages."""
    return lexicon()["patterns"].search(text) is not None
