"""Forms as data: the packaged ones load whole; a faulty file is refused with its name and line."""

import re
from pathlib import Path

import pytest

from pipelines.statistics import forms as package
from pipelines.statistics.forms import forms
from pipelines.statistics.forms.loader import FormError, load_form

FILES = {path.stem: path for path in Path(package.__file__).parent.glob("giar_*.yaml")}
SIZES = {"giar_2008_local": 70, "giar_2014": 58, "giar_2019": 200, "giar_2021": 200}


def test_packaged_forms_have_all_their_figures():
    assert set(forms()) == set(FILES) == set(SIZES)
    requests_and_reviews = {"giar_2019": 23 * 7 + 15, "giar_2021": 25 * 7 + 15}
    article20 = {"giar_2019": 6 + 6 + 6 + 2 + 2, "giar_2021": 6 + 1 + 2 + 1}
    for name, form in forms().items():
        expected = requests_and_reviews[name] + article20[name] if name in article20 else SIZES[name]
        assert len(form.types) == expected, name


def test_every_identity_speaks_of_figures_of_its_form():
    for form in forms().values():
        names = {operand.figure for check in form.checks for relation in check.relations for operand in (*relation.left, *relation.right)}
        assert names
        assert names <= set(form.types)


def test_inferences_rest_on_sums_of_their_form():
    for form in forms().values():
        (inference,) = form.inferences
        assert {check.id for check in inference.checks} <= {check.id for check in form.checks}
        assert all(form.types[operand.figure] == "int" for check in inference.checks for r in check.relations for operand in r.operands)
    assert [check.id for check in forms()["giar_2021"].inferences[0].checks][:2] == ["results_sum", "row_total"]


def broken(tmp_path, form, old, new, count=1):
    """A copy of a packaged form with one fault; returns its path and the line of the fault."""
    text = FILES[form].read_text("utf-8")
    assert old in text
    path = tmp_path / f"{form}.yaml"
    path.write_text(text.replace(old, new, count), "utf-8")
    return path, text[: text.index(old)].count("\n") + 1


def refused(path):
    with pytest.raises(FormError) as error:
        load_form(path)
    match = re.match(rf"{re.escape(str(path))}:(\d+): ", str(error.value))
    assert match, f"file and line are missing: {error.value}"
    return str(error.value), int(match.group(1))


@pytest.mark.parametrize(
    ("form", "old", "new", "named"),
    [
        ("giar_2014", "    kind: value\n", "    kind: value\n    colour: red\n", "colour"),
        ("giar_2014", "code: requests_fax_count", "code: requests_in_person_count", "requests_in_person_count"),
        ("giar_2014", "kind: value", "kind: number", "number"),
        ("giar_2014", "parent: requests_received_count", "parent: requests_taken_count", "requests_taken_count"),
        ("giar_2021", "code: org_research", "code: org_commercial", "org_commercial"),
        ("giar_2021", "layout: matrix", "layout: cube", "cube"),
        ("giar_2021", "requests.received_new[{column}] +", "requests.received_old[{column}] +", "received_old"),
        ("giar_2021", "for_each: columns", "for_each: cells", "cells"),
        ("giar_2021", "kind: identity", "kind: equality", "equality"),
        ("giar_2021", "requests.received_new[{column}] +", "requests.received_new[{column}] * 2 +", "expr"),
        ("giar_2019", "value_type: money", "value_type: yen", "yen"),
        ("giar_2008_local", "value_columns:\n", "wert_columns:\n", "wert_columns"),
        ("giar_2014", "  - received_by_channel\n", "  - received_by_weather\n", "received_by_weather"),
        ("giar_2014", "  - received_by_channel\n", "  - principal_press\n", "no sum of counts"),
        ("giar_2014", "  - received_by_channel\n", "  - replies_vs_completed\n", "no sum of counts"),
        ("giar_2021", "  - results_sum\n", "  - requests_balance\n", "no sum of counts"),
        ("giar_2019", "  kind: inference\n", "  kind: guess\n", "guess"),
        ("giar_2019", "  kind: inference\n", "  kind: inference\n  sure: true\n", "sure"),
    ],
)
def test_fault_is_refused_with_file_and_line(tmp_path, form, old, new, named):
    path, at = broken(tmp_path, form, old, new)
    message, line = refused(path)
    assert named in message
    # The line of the entry that holds the fault: at most a few above it.
    assert at - 12 <= line <= at + 12, f"fault in line {at}, reported for {line}"


def test_double_key_is_refused_with_its_line(tmp_path):
    path, at = broken(tmp_path, "giar_2014", "    label: 1.当面申请数\n", "    label: 1.当面申请数\n    label: 当面\n")
    message, line = refused(path)
    assert "label" in message
    assert line == at + 1


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("", "mapping"),
        ("- a\n- b\n", "mapping"),
        ("form: [\n", "expected"),
        ("form:\n  id: x\n", "needs the key"),
        ("form:\n  id: x\n  title_zh: y\n  valid_report_years: {first: 2020, last: null}\ntables: 3\nchecks: []\n", "tables"),
        ("form: x\ntables: []\nchecks: []\n", "form"),
        ("form:\n  id: x\n  title_zh: y\n  valid_report_years: 2020\ntables: []\nchecks: []\n", "valid_report_years"),
        ("form:\n  id: x\n  title_zh: y\n  valid_report_years: {first: 2020}\ntables:\n- 3\nchecks: []\n", "table"),
    ],
)
def test_a_file_of_another_shape_is_refused(tmp_path, text, named):
    path = tmp_path / "x.yaml"
    path.write_text(text, "utf-8")
    message, _ = refused(path)
    assert named in message
