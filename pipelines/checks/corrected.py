"""The checks of a record once more, after a reviewer has put some of its figures right."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from giar_crawler.items import Report
from pipelines.checks.identities import relation_finding
from pipelines.checks.implied import imply_zeros
from pipelines.checks.relations import failures
from pipelines.findings import without_blame
from pipelines.statistics.forms import forms

# What is said of numbers; of a number that a reviewer has replaced it says nothing any more.
ABOUT_NUMBERS = frozenset({"sum_disagrees", "bound_exceeded", "implausible", "value_type_wrong", "prose_disagrees"})


def recheck(report: Report, corrected: AbstractSet[str]) -> None:
    """Renews the findings and the implied zeros that rest on corrected figures (names); all others stay as they are.

    A relation that a corrected figure still breaks blames nobody: whether another one of its figures was misread is not known.
    """
    report.findings = [each for each in report.findings if each.code not in ABOUT_NUMBERS or corrected.isdisjoint(each.figures)]
    if report.form is None:
        return
    form = forms()[report.form]
    figures = {figure.name: figure for figure in report.figures if figure.preferred}
    values = {name: figure.value for name, figure in figures.items() if figure.status == "number" and figure.value is not None}
    for failure in failures(form, values):
        remark = relation_finding(failure, values)
        if not corrected.isdisjoint(remark.figures):
            without_blame(remark)
            report.findings.append(remark)
    for figure in figures.values():
        figure.implied_value = figure.implied_by = None
    imply_zeros(form, figures)
