"""Findings: made from the closed table `findings.yaml`, never from a string at the place where something is found."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from giar_crawler.items import Finding
from pipelines.data import load


@cache
def codes() -> dict[str, dict[str, str]]:
    """The closed table: code -> severity, blame, message, message_zh."""
    wording = {"severity": str, "blame?": str, "message": str, "message_zh": str}
    table: dict[str, dict[str, str]] = load(Path(__file__).with_name("findings.yaml"), {"*": wording})
    return table


def without_blame(remark: Finding) -> None:
    """Takes the blame from a finding, where the publisher's fault cannot be told from the copy's or the reading's: then it is no error."""
    remark.blame = None
    remark.severity = "warning" if remark.severity == "error" else remark.severity


def finding(code: str, figures: Iterable[str] = (), **facts: object) -> Finding:
    """A finding of the closed table with its wording filled from `facts`; the fingerprint is stable while code, figures and facts are."""
    entry = codes()[code]
    names = sorted(set(figures))
    marks = "|".join([code, *names, *(f"{key}={facts[key]}" for key in sorted(facts))])
    return Finding(
        code=code,
        severity=entry["severity"],  # type: ignore[arg-type]
        blame=entry.get("blame"),  # type: ignore[arg-type]
        message=entry["message"].format(**facts),
        message_zh=entry["message_zh"].format(**facts),
        figures=names,
        fingerprint=hashlib.sha256(marks.encode()).hexdigest()[:16],
    )
