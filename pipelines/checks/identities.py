"""The relations that a form prints or defines, tested on its figures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from giar_crawler.items import Figure, Finding, Number
from pipelines.findings import finding, without_blame
from pipelines.statistics.forms import Check, Form, Operand, Relation

# Figures whose confidence is lower than this, or that were taken by position, put a failure at our door, not at the publisher's.
CLEANLY_READ = 0.9
SIGNED = {"int": False, "signed_int": True, "decimal": True, "money": True}


def _sum(operands: Iterable[Operand], values: dict[str, Number]) -> Number:
    return sum([operand.sign * values[operand.figure] for operand in operands])


def holds(check: Check, relation: Relation, values: dict[str, Number]) -> tuple[bool, Number, Number] | None:
    """Whether a relation holds and the sums of its sides; `None` where a blank or last year's report leaves it open.

    For `sum_of_known_parts` only the parts on the right that are numbers are summed.
    """
    right: Sequence[Operand] = relation.right
    if check.kind == "sum_of_known_parts":
        right = [operand for operand in right if operand.figure in values]
    for operand in (*relation.left, *right):
        if operand.previous or operand.figure not in values:
            return None
    if not right:
        return None
    left_sum, right_sum = _sum(relation.left, values), _sum(right, values)
    verdict = {"=": left_sum == right_sum, "<=": left_sum <= right_sum, ">=": left_sum >= right_sum}[relation.operator]
    return verdict, left_sum, right_sum


def _wording(operands: tuple[Operand, ...], total: Number) -> str:
    names = " + ".join(operand.figure for operand in operands) if len(operands) < 4 else f"the sum of {len(operands)} parts"
    return f"{names} ({total})"


def broken_relations(form: Form, figures: dict[str, Figure]) -> Iterator[Finding]:
    """A finding for every relation of the form that the figures break. Continuity with last year's report is not tested here."""
    values = {name: figure.value for name, figure in figures.items() if figure.status == "number" and figure.value is not None}
    tested: set[tuple[str, int]] = set()
    for check in form.checks:
        for number, relation in enumerate(check.relations):
            if check.kind == "sum_of_known_parts" and (check.of or "", number) in tested:
                continue
            result = holds(check, relation, values)
            if result is None:
                continue
            tested.add((check.id, number))
            verdict, left, right = result
            if not verdict:
                yield _failure(check, relation, figures, left, right)
    yield from _test_types(form, figures, values)


def _failure(check: Check, relation: Relation, figures: dict[str, Figure], left: Number, right: Number) -> Finding:
    operands = [*relation.left, *relation.right]
    code = "implausible" if check.severity == "soft" else "bound_exceeded" if check.kind == "bound" else "sum_disagrees"
    found = finding(
        code,
        [operand.figure for operand in operands],
        check=check.id,
        left=_wording(relation.left, left),
        right=_wording(relation.right, right),
    )
    # A doubtful reading breaks relations as well as a careless clerk does.
    if found.blame and any(figures[o.figure].confidence < CLEANLY_READ for o in operands if o.figure in figures):
        without_blame(found)
    return found


def _test_types(form: Form, figures: dict[str, Figure], values: dict[str, Number]) -> Iterator[Finding]:
    for name, value in values.items():
        kind = form.types.get(name)
        if kind is None or figures[name].source == "prose":
            continue
        whole = value == int(value)
        if (kind in ("int", "signed_int") and not whole) or (not SIGNED[kind] and value < 0):
            yield finding("value_type_wrong", [name], value=figures[name].raw, type=kind)
