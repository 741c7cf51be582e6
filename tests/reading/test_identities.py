"""Relations of the forms on built figures: each alone is one finding, the known parts of a sum too, and nothing else is one."""

import pytest

from pipelines.checks.identities import broken_relations
from pipelines.checks.relations import result_of, rules
from pipelines.statistics.forms import forms
from tests.reading.records import figures, whole

HARD = [
    (form.id, check.id, number)
    for form in forms().values()
    for check in form.checks
    if check.severity == "hard" and check.kind != "value_type"
    for number in range(len(check.relations))
]
KNOWN_PARTS = [key for key in HARD if "_known_" in key[1]]


def hard(form, given):
    return [remark for remark in broken_relations(forms()[form], given) if remark.code != "implausible"]


def relation_of(form, check, number):
    return next(one for one in forms()[form].checks if one.id == check).relations[number]


@pytest.mark.parametrize("form", forms())
@pytest.mark.parametrize("number", range(20))
def test_a_whole_record_has_no_finding(form, number):
    values = whole(form, number, (3, 20, 200)[number % 3])
    assert hard(form, figures(form, values)) == []
    told = [result_of(rule, values) for rule in rules(forms()[form])]
    assert len([result for result in told if result and result.holds]) >= 6


@pytest.mark.parametrize(("form", "check", "number"), [key for key in HARD if "_known_" not in key[1]])
def test_every_relation_is_tested_in_every_row_and_column(form, check, number):
    """With the figures of one relation alone on the page, one that is off is one finding that names them all."""
    relation = relation_of(form, check, number)
    values = {name: value for name, value in whole(form, number).items() if name in {operand.figure for operand in relation.operands}}
    assert hard(form, figures(form, values)) == []
    # Above all that the other side can be; below it where the left side has to be the smaller one.
    values[(relation.left if relation.operator != ">=" else relation.right)[0].figure] += 1000
    (remark,) = hard(form, figures(form, values))
    assert (remark.blame, remark.severity) == ("publisher", "error")
    assert remark.code == ("sum_disagrees" if relation.operator == "=" else "bound_exceeded")
    assert set(remark.figures) == set(values)
    assert check in remark.message


@pytest.mark.parametrize(("form", "check", "number"), KNOWN_PARTS)
def test_known_parts_never_exceed_a_printed_total(form, check, number):
    """Where a part is blank, the others are held against the total: more is one finding, as much or less is none."""
    relation = relation_of(form, check, number)
    names = {operand.figure for operand in relation.operands}
    values = {name: value for name, value in whole(form, number).items() if name in names}
    blank, part = relation.right[0].figure, relation.right[-1].figure
    values |= {blank: None}
    assert hard(form, figures(form, values)) == []
    (remark,) = hard(form, figures(form, values | {part: values[part] + 1000}))
    assert (remark.code, remark.severity) == ("sum_disagrees", "error")
    assert set(remark.figures) == names - {blank}
    assert hard(form, figures(form, values | {part: None})) == []
    assert hard(form, figures(form, values | {part: values[part] + 1000, relation.left[0].figure: None})) == []


def test_absent_parts_are_blanks_to_a_sum():
    remarks = hard("giar_2014", figures("giar_2014", {"requests_received_count": 5, "requests_online_count": 9}))
    assert [remark.figures for remark in remarks] == [["requests_online_count", "requests_received_count"]]


def test_a_doubtful_reading_blames_nobody():
    given = figures("giar_2014", {"staff_count": 5, "staff_full_time_count": 1, "staff_part_time_count": 1})
    given["staff_full_time_count"].confidence = 0.85
    (remark,) = hard("giar_2014", given)
    assert (remark.blame, remark.severity) == (None, "warning")


@pytest.mark.parametrize(
    ("name", "value", "wrong"), [("staff_count", -1, True), ("staff_count", 1.5, True), ("dedicated_budget", 1.5, False)]
)
def test_types_of_values(name, value, wrong):
    remarks = hard("giar_2014", figures("giar_2014", {name: value}))
    assert [(remark.code, remark.blame) for remark in remarks] == [("value_type_wrong", "publisher")] * wrong


def test_fingerprints_rest_on_the_remark_alone():
    """Neither the order of the figures nor another finding changes them."""
    values = whole("giar_2021", 1) | {"requests.granted[total]": 777}
    alone = {remark.fingerprint for remark in hard("giar_2021", figures("giar_2021", values))}
    backwards = dict(reversed(values.items()))
    assert {remark.fingerprint for remark in hard("giar_2021", figures("giar_2021", backwards))} == alone
    more = figures("giar_2021", values | {"review_litigation.review_total": 55, "article20_6.administrative_penalty[decisions]": -3})
    together = {remark.fingerprint for remark in hard("giar_2021", more)}
    assert alone < together
    assert len(together) == len(alone) + 2
