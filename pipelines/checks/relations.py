"""Whether the relations of a form hold among given values."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TypeAlias

from giar_crawler.items import Number
from pipelines.statistics.forms import Check, Form, Operand, Relation

Values = Mapping[str, Number]
# The sum of one side of a relation. Raises KeyError where one of its figures has no number.
Side: TypeAlias = Callable[[Values], Number]
COMPARED: dict[str, Callable[[Number, Number], bool]] = {"=": operator.eq, "<=": operator.le, ">=": operator.ge}


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """One relation of a check. A sum of known parts speaks only where its `identity` is not testable."""

    check: Check
    relation: Relation
    identity: Rule | None = None
    testable: bool = field(init=False)  # whether it is between figures of one report
    names: frozenset[str] = field(init=False)  # of its figures
    left: Side = field(init=False)
    right: Side = field(init=False)
    compare: Callable[[Number, Number], bool] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "testable", not any(operand.previous for operand in self.relation.operands))
        object.__setattr__(self, "names", frozenset(operand.figure for operand in self.relation.operands))
        object.__setattr__(self, "left", _side(self.relation.left))
        object.__setattr__(self, "right", _side(self.relation.right))
        object.__setattr__(self, "compare", COMPARED[self.relation.operator])


@dataclass(slots=True)  # not frozen: a page has fifty, and freezing makes them three times as slow
class Result:
    """A rule that could be tested: whether it holds, and the sums of its sides."""

    rule: Rule
    holds: bool
    left: Number
    right: Number


@cache
def rules(form: Form) -> tuple[Rule, ...]:
    """Every relation of a form as a rule, in its order."""
    found: dict[str, list[Rule]] = {}
    for check in form.checks:
        identities: Sequence[Rule | None] = found[check.of] if check.of else [None] * len(check.relations)
        found[check.id] = [Rule(check, relation, of) for relation, of in zip(check.relations, identities, strict=True)]
    return tuple(rule for of_check in found.values() for rule in of_check)


def known_parts(rule: Rule, values: Values) -> Sequence[Operand]:
    """The operands on the right that count: of a sum of known parts only those that are numbers."""
    right = rule.relation.right
    return [part for part in right if part.figure in values] if rule.check.kind == "sum_of_known_parts" else right


def result_of(rule: Rule, values: Values) -> Result | None:
    """The result of one rule; `None` where a blank or last year's report leaves it open."""
    if rule.identity is not None and _sums(rule.identity, values) is not None:
        return None
    sums = _sums(rule, values)
    return Result(rule, rule.compare(*sums), *sums) if sums else None


def failures(form: Form, values: Values) -> list[Result]:
    """The results of all rules of a form that do not hold."""
    tested: set[Rule] = set()
    failed = []
    for rule in rules(form):
        if rule.identity not in tested and (sums := _sums(rule, values)):
            tested.add(rule)
            if not rule.compare(*sums):
                failed.append(Result(rule, False, *sums))
    return failed


def _side(operands: Sequence[Operand]) -> Side:
    # With one name this gives a number, not a tuple of one.
    numbers = operator.itemgetter(*[one.figure for one in operands])
    if any(one.sign <= 0 for one in operands):
        return lambda values: sum(one.sign * values[one.figure] for one in operands)
    return numbers if len(operands) == 1 else lambda values: sum(numbers(values))


def _sums(rule: Rule, values: Values) -> tuple[Number, Number] | None:
    """The sums of both sides of a rule; `None` where one of its figures has no number, or is last year's."""
    if not rule.testable:
        return None
    right = rule.right
    if rule.check.kind == "sum_of_known_parts":
        known = known_parts(rule, values)
        if not known:
            return None
        right = _side(known)
    try:
        return rule.left(values), right(values)
    except KeyError:
        return None


def solved(rule: Rule, name: str, values: Values) -> Number | None:
    """The number of one figure that would make the sides of a rule equal; `None` where another figure is missing."""
    # A copy of the values of a whole table takes longer than the sums.
    names = rule.names if rule.identity is None else rule.names | rule.identity.names
    result = result_of(rule, {one: values[one] for one in names if one in values} | {name: 0})
    if result is None:
        return None
    factor = sum(operand.sign for operand in rule.relation.left if operand.figure == name)
    factor -= sum(operand.sign for operand in rule.relation.right if operand.figure == name)
    return (result.right - result.left) * factor if abs(factor) == 1 else None
