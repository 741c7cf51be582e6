"""When a report is due, by kind of publisher and report year. Rules and their sources: `deadlines.yaml`."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeAlias

from giar_crawler.items import Scope
from pipelines.data import load

Publisher: TypeAlias = Literal["government", "department", "township"]
_BY_LEVEL: dict[str | None, Publisher] = {"department": "department", "township": "township"}
_BY_SCOPE: dict[str | None, Publisher] = {"department": "department", "office": "department", "township": "township"}


@cache
def _rules() -> dict[str, Any]:
    rule = {"first_year?": int, "last_year?": int, "government": str, "department": str, "township": str}
    data: dict[str, Any] = load(Path(__file__).with_name("deadlines.yaml"), {"rules": [rule], "first_year": int})
    return data


def first_report_year() -> int:
    """The first report year for which a report had to be published."""
    year: int = _rules()["first_year"]
    return year


def publisher_kind(level: str | None, scope: Scope | None = None) -> Publisher:
    """Whose deadline holds: by the scope of a report, else by the level of its portal."""
    return _BY_SCOPE.get(scope) or _BY_LEVEL.get(level, "government")


def deadline(report_year: int, kind: Publisher) -> date | None:
    """The last day on which the report of a year may be published, `None` for years before the regulation."""
    if report_year < first_report_year():
        return None
    for rule in _rules()["rules"]:
        if rule.get("first_year", 0) <= report_year <= rule.get("last_year", 9999):
            month, day = map(int, rule[kind].split("-"))
            return date(report_year + 1, month, day)
    return None
