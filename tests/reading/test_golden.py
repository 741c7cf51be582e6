"""The golden pages of `tests/pages`: one test per case and field, one for all figures of a case.

A case without expected.json gets one from the reading and fails: review it, then commit.
"""

import json
from decimal import Decimal
from functools import cache

import pytest

from pipelines import read
from pipelines.findings import codes
from tests.evaluate import FIELDS, META_KEYS, PAGES, SURE, agrees, figures_of, golden_folders, is_right, load_case, value_of

FOLDERS = [folder.name for folder in golden_folders()]
WITH_ANSWER = [name for name in FOLDERS if (PAGES / name / "expected.json").exists()]
KEYS = {*FIELDS, "figures", "no_other_figures", "findings", "blame", "units", "not_sure", "masked"}


@cache
def case_of(name):
    return load_case(PAGES / name)


@cache
def report_of(name):
    return read(case_of(name).page)


def plain(value):
    """A figure's value as JSON has it."""
    return float(value) if isinstance(value, Decimal) else value


def cases_with(key):
    return [name for name in WITH_ANSWER if key in case_of(name).expected]


@cache
def open_faults(name):
    """What is known to be read wrong of a case: keys of expected.json, each with the reason, in `open` of meta.json."""
    return json.loads((PAGES / name / "meta.json").read_text("utf-8")).get("open", {})


def case_param(name, key, *values):
    """A case as a parameter; a known fault must go on failing until its entry in `open` is taken out."""
    marks = [pytest.mark.xfail(strict=True, reason=open_faults(name)[key])] if key in open_faults(name) else []
    return pytest.param(name, *values, marks=marks)


def first_answer(name):
    """What the reading says of a case, as expected.json."""
    report = report_of(name)
    answer = {field: value_of(report, field) for field in FIELDS}
    answer["figures"] = {
        key: plain(figure.value) if figure.status == "number" else figure.status for key, figure in figures_of(report).items()
    }
    return answer | {"no_other_figures": True, "findings": sorted({finding.code for finding in report.findings})}


@pytest.mark.parametrize("name", FOLDERS)
def test_the_case_is_whole(name):
    """It says why it exists, knows only known keys, and has an answer."""
    folder = PAGES / name
    meta = json.loads((folder / "meta.json").read_text("utf-8"))
    assert meta["why"]
    assert meta["shows"]
    assert meta["medium"] in {"table", "text", "prose", "none"}
    assert meta.get("blind", True) is True
    assert set(meta) <= META_KEYS
    answer = folder / "expected.json"
    if not answer.exists():
        answer.write_text(json.dumps(first_answer(name), ensure_ascii=False, indent=1) + "\n", "utf-8")
        pytest.fail(f"{answer} was written from the reading: review it, then commit")
    assert set(case_of(name).expected) <= KEYS


@pytest.mark.parametrize(("name", "field"), [case_param(name, field, field) for field in FIELDS for name in cases_with(field)])
def test_field(name, field):
    given, wanted = value_of(report_of(name), field), case_of(name).expected[field]
    assert agrees(field, wanted, given), (wanted, given)


@pytest.mark.parametrize("name", [case_param(name, "figures") for name in cases_with("figures")])
def test_figures(name):
    """Every expected figure is right; where the case lists them all, there is no other."""
    expected, found = case_of(name).expected, figures_of(report_of(name))
    wrong = {
        key: (wanted, (found[key].value, found[key].status, found[key].raw[:40]) if key in found else "missing")
        for key, wanted in expected["figures"].items()
        if not is_right(found.get(key), wanted)
    }
    assert not wrong
    if expected.get("no_other_figures"):
        assert not {key: (found[key].value, found[key].raw[:60]) for key in found.keys() - expected["figures"].keys()}


@pytest.mark.parametrize("name", cases_with("findings"))
def test_findings_that_must_be_there(name):
    assert set(case_of(name).expected["findings"]) <= {finding.code for finding in report_of(name).findings}


@pytest.mark.parametrize("name", cases_with("blame"))
def test_blame(name):
    blamed = {finding.code: finding.blame for finding in report_of(name).findings}
    assert {code: blamed.get(code) for code in case_of(name).expected["blame"]} == case_of(name).expected["blame"]


@pytest.mark.parametrize("name", cases_with("units"))
def test_units(name):
    found = figures_of(report_of(name))
    assert {key: found[key].unit for key in case_of(name).expected["units"]} == case_of(name).expected["units"]


@pytest.mark.parametrize("name", cases_with("not_sure"))
def test_a_figure_that_may_be_wrong_is_doubted_and_named(name):
    report = report_of(name)
    found, named = figures_of(report), {figure for finding in report.findings for figure in finding.figures}
    for key in case_of(name).expected["not_sure"]:
        if key in found:
            assert found[key].confidence < SURE
            assert found[key].name in named


@pytest.mark.parametrize("name", cases_with("masked"))
def test_personal_data_are_masked(name):
    report = report_of(name)
    texts = [report.text, *(figure.raw for figure in report.figures), *(figure.label or "" for figure in report.figures)]
    texts += [finding.message + finding.message_zh for finding in report.findings] + [mention.raw for mention in report.dates]
    assert not [secret for secret in case_of(name).expected["masked"] if any(secret in text for text in texts)]


@pytest.mark.parametrize("name", WITH_ANSWER)
def test_every_finding_is_of_the_closed_table_and_complete(name):
    """A finding names figures of the record, has both wordings and a fingerprint of its own."""
    report = report_of(name)
    assert {finding.code for finding in report.findings} <= set(codes())
    assert all(finding.message and finding.message_zh and finding.fingerprint for finding in report.findings)
    prints = [finding.fingerprint for finding in report.findings]
    assert len(prints) == len(set(prints))


@pytest.mark.parametrize("name", WITH_ANSWER)
def test_prose_figures_lie_where_their_locator_says(name):
    """`text:START-END` cuts the sentence in `raw` out of the report's text."""
    report = report_of(name)
    for figure in report.figures:
        if figure.source == "prose":
            start, end = (int(part) for part in figure.locator.removeprefix("text:").split("-"))
            assert report.text[start:end].strip() == figure.raw
