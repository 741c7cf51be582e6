"""How complete a report's tables are, and how far its sums could be tested."""

from __future__ import annotations

from dataclasses import dataclass

from giar_crawler.items import Report
from pipelines.checks.relations import result_of, rules
from pipelines.statistics.forms import forms


@dataclass(slots=True, frozen=True)
class Tested:
    """How many cells the form has, how many of them the page has and hold a number, how many identities hold, break or cannot be tested.

    An identity is one printed sum in one row or column. It cannot be tested where one of its cells has no number.
    """

    cells: int
    cells_found: int
    cells_with_number: int
    identities_passed: int
    identities_failed: int
    identities_untestable: int


def tested(report: Report) -> Tested | None:
    """What the preferred figures of a report, corrections among them, come to; `None` for a report without a table."""
    if report.form is None:
        return None
    form = forms()[report.form]
    figures = [figure for figure in report.figures if figure.preferred and figure.source != "prose" and figure.name in form.types]
    values = {figure.name: figure.value for figure in figures if figure.status == "number" and figure.value is not None}
    identities = [rule for rule in rules(form) if rule.check.kind == "identity" and rule.check.severity == "hard" and rule.testable]
    results = [result for rule in identities if (result := result_of(rule, values)) is not None]
    passed = sum(result.holds for result in results)
    return Tested(
        cells=len(form.types),
        cells_found=len(figures),
        cells_with_number=len(values),
        identities_passed=passed,
        identities_failed=len(results) - passed,
        identities_untestable=len(identities) - len(results),
    )
