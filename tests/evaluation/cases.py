"""The golden pages as cases: what was read of a page beside what is true of it.

A case is a folder of `tests/pages` with the page's bytes (page.html or page.txt), expected.json and meta.json. The keys of meta.json:
`why` the case exists and what it `shows`; `url`, `content_type` and `context`, as the walk would give them; `medium` of the figures (table,
text, prose, none); `clean`: nothing of it may be doubted; `open`: keys of expected.json that are known to be read wrong, each with the
reason; `blind`: whoever built the page had not seen the reading, and it was built before the code that reads it.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from giar_crawler.items import Figure, Page, PageContext, Report

PAGES = Path(__file__).parents[1] / "pages"
META_KEYS = frozenset({"why", "shows", "url", "content_type", "context", "medium", "clean", "open", "blind"})


@dataclass(slots=True)
class Case:
    """A page with what is true of it. `figures` maps `INDICATOR|COLUMN` to a number, `null` or a status other than number."""

    name: str
    page: Page
    medium: str
    clean: bool
    expected: dict[str, Any]
    blind: bool = False
    open: dict[str, str] = field(default_factory=dict)

    @property
    def figures(self) -> dict[str, Any]:
        """The expected figures; empty where the case checks none."""
        found: dict[str, Any] = self.expected.get("figures", {})
        return found


def load_case(folder: Path) -> Case:
    """The case of a folder of `tests/pages`. Without expected.json nothing is expected of it."""
    meta = json.loads((folder / "meta.json").read_text("utf-8"))
    body = next(path for path in (folder / "page.html", folder / "page.txt") if path.exists()).read_bytes()
    context: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in meta["context"].items()}
    headers = {"content-type": meta["content_type"]} if meta["content_type"] else {}
    answer = folder / "expected.json"
    expected = json.loads(answer.read_text("utf-8"), parse_float=Decimal) if answer.exists() else {}
    page = Page(meta["url"], body, headers, context=PageContext(**context))
    return Case(folder.name, page, meta["medium"], meta["clean"], expected, meta.get("blind", False), meta.get("open", {}))


def golden_folders() -> list[Path]:
    """The folders of all golden pages, by name."""
    return sorted(path.parent for path in PAGES.glob("*/meta.json"))


def seed_cases() -> list[Case]:
    """The real documents of the folder that `GIAR_SEEDS` names; none where it is not set."""
    folder = os.environ.get("GIAR_SEEDS")
    if not folder:
        return []
    cases = []
    for path in sorted(Path(folder).glob("*.txt")):
        expected = json.loads(path.with_suffix(".truth.json").read_text("utf-8"), parse_float=Decimal)
        # Given there in simplified characters, which is not what the page prints.
        expected.pop("publisher_raw", None)
        medium = "text" if expected["form"] else "prose"
        cases.append(Case(path.stem, Page(None, path.read_bytes()), medium, clean=False, expected=expected))
    return cases


def figures_of(report: Report) -> dict[str, Figure]:
    """The preferred figures of a record under the keys of expected.json."""
    return {f"{figure.indicator}|{figure.column or ''}": figure for figure in report.figures if figure.preferred}


def value_of(report: Report, name: str) -> object:
    """A field of a record as expected.json has it."""
    if name in ("index_number", "index_kind"):
        number = report.index_number
        return None if number is None else number.normalized if name == "index_number" else number.kind
    if name == "suspected_original":
        return report.mirror.suspected_original if report.mirror else None
    if name == "dates":
        return {mention.label: mention.value.isoformat() if mention.value else None for mention in reversed(report.dates)}
    value = getattr(report, name)
    return value.isoformat() if name == "published_date" and value else value


def agrees(name: str, wanted: object, given: object) -> bool:
    """Whether a field is right. Of the dates only those that are listed have to be among the record's."""
    if name == "dates" and isinstance(wanted, dict) and isinstance(given, dict):
        return wanted.items() <= given.items()
    return wanted == given
