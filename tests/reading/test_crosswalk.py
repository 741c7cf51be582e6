"""The cross-walk: every indicator in every form it has, by values that differ in every cell; reasons for missing values; faulty files."""

import json
import os
import re
from decimal import Decimal
from pathlib import Path

import pytest

from giar_crawler.items import Figure
from pipelines.statistics.forms import crosswalk as module
from pipelines.statistics.forms import forms
from pipelines.statistics.forms.crosswalk import CONCEPTS, crosswalk, load_crosswalk
from pipelines.statistics.forms.entries import FormError
from tests.reading.records import figures

FILE = Path(module.__file__).with_name("crosswalk.yaml")
SEEDS = os.environ.get("GIAR_SEEDS")
EVERY = [(code, form) for code, indicator in crosswalk().indicators.items() for form in indicator.forms]


def numbered(form):
    """A number of its own for every figure: powers of 3, so that every sum of different figures is another number."""
    return {name: 3**number for number, name in enumerate(forms()[form].types)}


def prose(values):
    return [Figure(name, None, value, "number", "全年…", None, "prose") for name, value in values.items()]


def of(form, *given):
    return crosswalk().values(form, [figure for part in given for figure in (part.values() if isinstance(part, dict) else part)])


def test_the_packaged_file_is_whole():
    walk = crosswalk()
    assert len(walk.indicators) == 123
    assert set(walk.grades) == {"A", "B", "C"}
    assert walk.without_form == ("giar_2014", "giar_2021", "giar_2019")


@pytest.mark.parametrize(("code", "form"), EVERY)
def test_an_indicator_is_the_sum_of_its_terms(code, form):
    """Every term of every form is found in a whole record, with its sign."""
    terms = crosswalk().indicators[code].forms[form]
    numbers = numbered(CONCEPTS if terms.prose else form)
    given = prose(numbers) if terms.prose else figures(form, numbers)
    found = of(form, given)[code]
    assert found.value == sum(operand.sign * numbers[operand.figure] for operand in terms.operands)
    assert (found.missing, found.implied_value, found.grade) == (None, None, terms.grade)
    assert [part.figure.name for part in found.parts] == [operand.figure for operand in terms.operands]


@pytest.mark.parametrize("form", forms())
def test_what_a_form_does_not_have(form):
    found = of(form, figures(form, numbered(form)))
    lacking = {code for code, indicator in crosswalk().indicators.items() if form not in indicator.forms}
    assert lacking
    assert {found[code].missing for code in lacking} == {"not_in_form"}
    assert {(found[code].value, found[code].grade, found[code].parts) for code in lacking} == {(None, None, ())}


def test_hand_made_values():
    """Of the figures that real reports of two forms print."""
    new = figures(
        "giar_2021",
        {
            "requests.received_new[total]": 7,
            "requests.unable_not_held[total]": 2,
            "requests.unable_needs_creation[total]": 1,
            "requests.unable_still_unclear[total]": 0,
            "review_litigation.review_total": 9,
            "review_litigation.review_pending": 2,
            "article20_8.administrative_fees[fees_amount]": Decimal("25.1"),
        },
    )
    found = of("giar_2021", new)
    assert {code: found[code].value for code in ("requests_new", "outcome_unable", "review_closed", "administrative_fees")} == {
        "requests_new": 7,
        "outcome_unable": 3,
        "review_closed": 7,
        "administrative_fees": Decimal("25.1"),
    }
    assert (found["requests_new"].unit, found["administrative_fees"].unit) == ("件", "万元")
    assert found["request_fees"].missing == "not_in_form"
    old = of("giar_2014", figures("giar_2014", {"replies_granted_count": 5, "replies_already_public_count": 3, "review_cases_count": 4}))
    assert (old["outcome_granted"].value, old["outcome_granted"].grade, old["review_closed"].value) == (8, "B", 4)
    local = of(
        "giar_2008_local", figures("giar_2008_local", {"requests_received_count[period]": 5, "requests_received_count[cumulative]": 50})
    )
    assert (local["requests_new"].value, local["requests_new"].grade) == (5, "B")


@pytest.mark.parametrize(("status", "missing"), [(None, "blank"), ("dash", "dash"), ("unreadable", "unreadable")])
def test_a_cell_without_a_number_has_its_reason(status, missing):
    found = of("giar_2021", figures("giar_2021", {"requests.received_new[total]": status}))
    assert (found["requests_new"].value, found["requests_new"].missing) == (None, missing)
    assert found["requests_carried_over"].missing == "row_absent"


def test_a_sum_needs_all_its_operands():
    values = {
        "requests.unable_not_held[total]": 2,
        "requests.unable_needs_creation[total]": None,
        "requests.unable_still_unclear[total]": 1,
    }
    found = of("giar_2021", figures("giar_2021", values))["outcome_unable"]
    assert (found.value, found.implied_value, found.missing) == (None, None, "operand_missing")
    assert [part.missing for part in found.parts] == [None, "blank", None]
    nothing = of("giar_2021", figures("giar_2021", dict.fromkeys(values)))["outcome_unable"]
    assert (nothing.value, nothing.missing) == (None, "blank")


def test_implied_zeros_count_beside_the_value_only():
    values = {
        "requests.unable_not_held[total]": 2,
        "requests.unable_needs_creation[total]": None,
        "requests.unable_still_unclear[total]": 1,
    }
    given = figures("giar_2021", values)
    blank = given["requests.unable_needs_creation[total]"]
    blank.implied_value, blank.implied_by = 0, "results_sum"
    found = of("giar_2021", given)
    assert (found["outcome_unable"].value, found["outcome_unable"].implied_value) == (None, 3)
    assert (found["unable_needs_creation"].value, found["unable_needs_creation"].implied_value) == (None, 0)
    assert found["unable_needs_creation"].missing == "blank"


def test_a_sentence_counts_where_the_form_lacks_the_indicator():
    table = figures("giar_2021", {"requests.received_new[total]": 7})
    found = of("giar_2021", table, prose({"proactive_info_count": 4330, "requests_received_count": 8}))
    assert (found["proactive_info"].value, found["proactive_info"].grade) == (4330, "C")
    assert found["requests_new"].value == 7
    assert of("giar_2021", table)["proactive_info"].missing == "not_in_form"


def test_a_report_without_a_table_is_read_with_the_oldest_form_that_fits():
    found = of(None, prose({"requests_received_count": 71, "proactive_info_count": 5}))
    assert (found["requests_new"].value, found["requests_new"].grade) == (71, "A")
    assert found["requests_in_person"].missing == "no_table"
    assert found["review_pending"].missing == "no_table"
    assert found["review_pending"].parts[0].operand.figure == "review_litigation.review_pending"
    assert found["requests_other_form"].missing == "not_in_form"


def test_only_preferred_figures_count():
    table = figures("giar_2014", {"requests_received_count": 7})
    stated = prose({"requests_received_count": 8})
    stated[0].preferred = False
    assert of("giar_2014", table, stated)["requests_new"].value == 7


def test_units_that_nobody_knows_are_none():
    given = figures("giar_2019", {"article20_9.government_procurement[procurement_amount]": 12})
    next(iter(given.values())).unit = None
    assert of("giar_2019", given)["procurement_amount"].unit is None


def test_two_forms_compare_as_the_worse_grade():
    indicator = crosswalk().indicators["outcome_granted"]
    assert indicator.comparability("giar_2019", "giar_2021") == "A"
    assert indicator.comparability("giar_2014", "giar_2021") == "B"
    assert crosswalk().indicators["outcome_refused"].comparability("giar_2014", "giar_2008_local") == "C"
    assert indicator.comparability("giar_2014", "giar_2031") is None


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("code: requests_carried_over", "code: requests_new", "requests_new stands twice"),
        ("sum: [requests_received_count]", "sum: [requests_taken_count]", "requests_taken_count"),
        ("sum: [requests_received_count]", "sum: [requests_received_count, -requests_received_count]", "twice"),
        ("sum: [requests_received_count]", "sum: requests_received_count", "sum must be a list"),
        ("grade: A", "grade: D", "D is not one of"),
        ("    giar_2021: {sum", "    giar_2031: {sum", "giar_2031"),
        ("  unit: 件", "  unit: 3", "unit"),
        ("  name_en: New requests\n", "", "name_en"),
        ("  name_en: New requests\n", "  name_en: New requests\n  colour: red\n", "colour"),
        ("code: requests_new\n", "code: Requests-New\n", "Requests-New"),
        ("prose: true, note", "prose: often, note", "often"),
        ("without_form: [giar_2014", "without_form: [giar_2010", "without_form"),
        ("  B: 'same", "  D: 'same", "B"),
    ],
)
def test_a_fault_is_refused_with_file_and_line(tmp_path, old, new, named):
    text = FILE.read_text("utf-8")
    assert old in text
    path = tmp_path / "crosswalk.yaml"
    path.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(FormError) as error:
        load_crosswalk(path, forms())
    match = re.match(rf"{re.escape(str(path))}:(\d+): ", str(error.value))
    assert match
    assert named in str(error.value)
    at = text[: text.index(old)].count("\n") + 1
    assert "stands twice" in named or abs(int(match.group(1)) - at) <= 12


@pytest.mark.skipif(not SEEDS, reason="GIAR_SEEDS does not name the folder of the real documents")
@pytest.mark.parametrize("number", ["000", "001", "002", "003", "004"])
def test_real_documents(number):
    """Every indicator is the sum of the true figures where they have them all."""
    path = next(Path(SEEDS).glob(f"{number}_*.truth.json"))
    truth = json.loads(path.read_text("utf-8"), parse_float=Decimal)
    true = {
        (f"{name}[{column}]" if column else name): value for key, value in truth["figures"].items() for name, column in [key.split("|")]
    }
    given = (
        figures(truth["form"], true).values()
        if truth["form"]
        else prose({name: value for name, value in true.items() if value is not None})
    )
    found = crosswalk().values(truth["form"], given)
    with_value = 0
    for code, one in found.items():
        terms = crosswalk().terms(crosswalk().indicators[code], truth["form"])
        wanted = [true.get(operand.figure) for operand in terms.operands] if terms else [None]
        if None in wanted:
            assert one.value is None, code
            assert one.missing, code
        else:
            assert one.value == sum(operand.sign * value for operand, value in zip(terms.operands, wanted, strict=True)), code
            with_value += 1
    assert with_value >= {"000": 1, "001": 5, "002": 30, "003": 50, "004": 50}[number]
