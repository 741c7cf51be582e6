"""Which of several documents stands for a publisher's report of a year: the first rule that tells them apart decides, and is shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from giar_crawler.items import Figure
from giar_crawler.outcomes import PageOutcome
from pipelines.storage import StoredReport

# What `chosen_by` says where there was nothing to choose.
ONLY = "only"


def _medium(stored: StoredReport) -> int:
    """0 where the figures come from tables of the page itself, 1 where from an attachment, 2 where from neither."""
    sources = {figure.source for figure in stored.report.figures}
    return 0 if "table" in sources else 1 if "attachment" in sources else 2


def _read(figure: Figure) -> bool:
    return figure.preferred and figure.source != "prose" and figure.status != "unreadable"


# From the first that decides to the last; smaller is better.
RULES: dict[str, Callable[[StoredReport], Any]] = {
    "own_site": lambda stored: stored.report.outcome is PageOutcome.MIRROR,
    "html": _medium,
    "complete": lambda stored: -sum(map(_read, stored.report.figures)),
    "present": lambda stored: stored.gone_since is not None,
    "newest": lambda stored: -stored.report.published_date.toordinal() if stored.report.published_date else 0,
    "address": lambda stored: stored.document_url,
}


def best(candidates: Sequence[StoredReport]) -> tuple[StoredReport, str]:
    """The document that stands for all, and the rule that decided against the next best one."""
    ranked = sorted(((tuple(rule(stored) for rule in RULES.values()), stored) for stored in candidates), key=lambda pair: pair[0])
    if len(ranked) == 1:
        return ranked[0][1], ONLY
    (first, chosen), (second, _) = ranked[:2]
    decided = next((name for name, one, other in zip(RULES, first, second, strict=True) if one != other), "address")
    return chosen, decided
