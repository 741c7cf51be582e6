"""The relations that a form prints or defines, tested on its figures, and who is to blame where they break."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from giar_crawler.items import Figure, Finding, Number
from pipelines.checks.blame import misread
from pipelines.checks.relations import Result, Values, failures, known_parts, rules
from pipelines.findings import finding, without_blame
from pipelines.statistics.forms import Form, Operand

# Figures whose confidence is lower than this, or that were taken by position, put a failure at our door, not at the publisher's.
CLEANLY_READ = 0.9
# What a figure is worth that seems to stand in a wrong cell.
MISPLACED = 0.5
# A sum of more figures is named by its ends.
MOST_NAMED = 4
SIGNED = {"int": False, "signed_int": True, "decimal": True, "money": True}


def broken_relations(form: Form, figures: Mapping[str, Figure]) -> list[Finding]:
    """A finding for every relation of the form that the figures break; figures that seem to stand in wrong cells lose their confidence.

    Continuity with last year's report is not tested here.
    """
    values = {name: figure.value for name, figure in figures.items() if figure.status == "number" and figure.value is not None}
    failed = failures(form, values)
    misplaced = misread(form, rules(form), figures, failed) if failed else {}
    findings = []
    for failure in failed:
        remark = relation_finding(failure, values)
        # A doubtful reading breaks relations as well as a careless clerk does.
        if remark.blame and any(_is_doubtful(figures[name]) for name in remark.figures if name in figures):
            without_blame(remark)
        elif remark.blame and form.table_of[remark.figures[0]].id in misplaced:
            remark.blame = "parser"
        findings.append(remark)
    for name in set().union(*misplaced.values()):
        figures[name].confidence = min(figures[name].confidence, MISPLACED)
    return findings + list(_wrong_types(form, figures, values))


def _is_doubtful(figure: Figure) -> bool:
    return figure.confidence < CLEANLY_READ or figure.source == "prose"


def _wording(operands: Sequence[Operand], total: Number) -> str:
    """The names of a side with its total; of a long sum the first and the last."""
    names = [operand.figure for operand in operands]
    written = " + ".join(names) if len(names) < MOST_NAMED else f"{names[0]} + … + {names[-1]}"
    return f"{written} ({total})"


def relation_finding(failure: Result, values: Values) -> Finding:
    """The finding on a relation that does not hold: both sides with their sums."""
    check, relation = failure.rule.check, failure.rule.relation
    code = "implausible" if check.severity == "soft" else "bound_exceeded" if check.kind == "bound" else "sum_disagrees"
    right = known_parts(failure.rule, values)
    least = "≥ " if check.kind == "sum_of_known_parts" else ""
    return finding(
        code,
        [operand.figure for operand in (*relation.left, *right)],
        check=check.id,
        left=_wording(relation.left, failure.left),
        right=least + _wording(right, failure.right),
    )


def _wrong_types(form: Form, figures: Mapping[str, Figure], values: Values) -> Iterator[Finding]:
    for name, value in values.items():
        if isinstance(value, int) and value >= 0:
            # Of any type.
            continue
        kind = form.types.get(name)
        if kind is None or figures[name].source == "prose":
            continue
        if (kind in ("int", "signed_int") and value != int(value)) or (not SIGNED[kind] and value < 0):
            remark = finding("value_type_wrong", [name], value=figures[name].raw, type=kind)
            if figures[name].confidence < CLEANLY_READ:
                without_blame(remark)
            yield remark
