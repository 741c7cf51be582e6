"""Zeros that follow from sums: where a printed total equals its printed parts, which are counts, the blank parts can only be 0."""

from __future__ import annotations

from collections.abc import Mapping

from giar_crawler.items import Figure
from pipelines.statistics.forms import Form, Relation

# From numbers that are doubtful nothing follows. Those of a row that was found by its place count: the sum that they fill speaks for them.
LEAST = 0.8


def imply_zeros(form: Form, figures: Mapping[str, Figure]) -> None:
    """Gives every blank that a sum of the form leaves only 0 for that `implied_value`, with the check that proves it, the first of several.

    The figure stays blank, and an implied zero proves no other. A dash is the office's own word and gets none.
    """
    if "blank" not in [figure.status for figure in figures.values()]:
        return
    for inference in form.inferences:
        for check in inference.checks:
            for relation in check.relations:
                for figure in _zeros(relation, figures):
                    if figure.implied_by is None:
                        figure.implied_value, figure.implied_by = 0, check.id


def _zeros(relation: Relation, figures: Mapping[str, Figure]) -> list[Figure]:
    """The blank parts of one sum that can only be 0."""
    total = figures.get(relation.left[0].figure)
    parts = [figures[operand.figure] for operand in relation.right if operand.figure in figures]
    blanks = [part for part in parts if part.status == "blank"]
    if total is None or total.value is None or not blanks or any(part.status == "unreadable" for part in parts):
        return []
    printed = [part for part in parts if part.value is not None]
    if any(part.confidence < LEAST or part.value is None or part.value < 0 for part in (total, *printed)):
        return []
    return blanks if total.value == sum(part.value for part in printed if part.value is not None) else []
