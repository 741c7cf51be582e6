"""Numbers whose digits stand apart in their cell (`324 4` in a narrow column): joined where the identities prove it.

They prove nothing where they hold for the parts too: of `4 2` in every cell, this year's 4 and last year's 2, the sums of both years hold,
and so do those of 42.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from giar_crawler.items import Figure, Finding, Number
from pipelines.findings import finding
from pipelines.statistics.forms import Form, Relation
from pipelines.statistics.numbers import exact

# No number begins with a zero that says nothing.
APART = re.compile(r"^[1-9]\d*(?: \d+)+$", re.ASCII)
PARTS = (0, -1)
JOINED = 0.95


def join_digits(form: Form, figures: dict[str, Figure]) -> list[Finding]:
    """Joins the digits of unreadable figures where every equation that they are in holds then; returns the findings on them."""
    joined = {
        name: exact(figure.raw.replace(" ", ""))
        for name, figure in figures.items()
        if figure.status == "unreadable" and APART.match(figure.raw)
    }
    if not joined:
        return []
    plain = {name: figure.value or 0 for name, figure in figures.items() if figure.status != "unreadable"}
    values = plain | joined
    parted = [plain | {name: exact(figures[name].raw.split()[part]) for name in joined} for part in PARTS]
    findings = []
    for name, number in joined.items():
        equations = [relation for relation in form.identities if any(operand.figure == name for operand in relation.operands)]
        if equations and _hold(equations, values) and not any(_hold(equations, parts) for parts in parted):
            figure = figures[name]
            figure.status, figure.value, figure.confidence = "number", number, JOINED
            findings.append(finding("number_joined", [name], raw=figure.raw))
    return findings


def _hold(relations: Iterable[Relation], values: dict[str, Number]) -> bool:
    return all(_holds(relation, values) for relation in relations)


def _holds(relation: Relation, values: dict[str, Number]) -> bool:
    """Whether an equation can be tested and holds."""
    if not all(operand.figure in values for operand in relation.operands):
        return False
    left, right = (sum([operand.sign * values[operand.figure] for operand in side]) for side in (relation.left, relation.right))
    return left == right
