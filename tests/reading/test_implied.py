"""Implied zeros: a blank that a printed sum leaves only 0 for says so, and stays blank."""

import json
import os
from collections import Counter
from pathlib import Path

import pytest

from giar_crawler.items import Page
from pipelines import read
from pipelines.checks.implied import imply_zeros
from pipelines.statistics.forms import forms
from tests.reading.records import figures, whole

SEEDS = os.environ.get("GIAR_SEEDS")
PARTS = ("upheld", "corrected", "other", "pending")


def review(total, *parts):
    """The review block of a report of 2021: which parts got an implied zero, and by which check."""
    values = {"review_total": total} | {f"review_{name}": part for name, part in zip(PARTS, parts, strict=True)}
    return implied("giar_2021", {f"review_litigation.{name}": value for name, value in values.items()})


def implied(form, values, **confidence):
    given = figures(form, values)
    for name, share in confidence.items():
        given[f"review_litigation.{name}"].confidence = share
    imply_zeros(forms()[form], given)
    assert all((figure.implied_value == 0) == (figure.implied_by is not None) for figure in given.values())
    assert all(figure.status == "blank" and figure.value is None for figure in given.values() if figure.implied_by)
    return {name.rpartition(".")[2]: figure.implied_by for name, figure in given.items() if figure.implied_by}


def test_a_total_that_its_printed_parts_fill():
    assert review(3, 3, None, 0, None) == {"review_corrected": "review_total", "review_pending": "review_total"}


def test_a_total_of_zero_fills_itself():
    assert set(review(0, None, None, None, None)) == {f"review_{part}" for part in PARTS}


@pytest.mark.parametrize(
    "cells",
    [
        (4, 3, None, 0, None),  # one is missing somewhere
        (2, 3, None, 0, None),  # the sum is off
        (None, 3, None, 0, None),  # no total
        ("dash", None, None, None, None),
        (3, 3, None, "unreadable", None),  # anything may be in it
        (3, 4, None, -1, None),  # not a count
        (3, 3, 0, 0, 0),
    ],
)
def test_nothing_follows(cells):
    assert review(*cells) == {}


def test_a_dash_gets_none_and_hinders_none():
    assert review(3, 3, "dash", 0, None) == {"review_pending": "review_total"}


def test_nothing_follows_from_a_doubtful_number():
    values = {f"review_litigation.review_{name}": value for name, value in {"total": 3, "upheld": 3, "corrected": None}.items()}
    assert implied("giar_2021", values) == {"review_corrected": "review_total"}
    assert implied("giar_2021", values, review_upheld=0.85) == {"review_corrected": "review_total"}
    assert implied("giar_2021", values, review_upheld=0.5) == {}


def test_an_implied_zero_proves_no_other():
    """The row's total is blank and only implied: its parts stay open where their own columns do not close."""
    row = dict.fromkeys(
        ("natural_person", "org_commercial", "org_research", "org_public_welfare", "org_legal_service", "org_other", "total")
    )
    values = {f"requests.granted[{column}]": value for column, value in row.items()} | {"requests.results_total[total]": 0}
    assert implied("giar_2021", values) == {"granted[total]": "results_sum"}


def test_the_first_of_several_proofs_is_named():
    values = {"requests.results_total[total]": 5, "requests.granted[total]": 5, "requests.partially_granted[total]": None}
    values |= {"requests.granted[natural_person]": 5, "requests.granted[org_other]": None}
    assert implied("giar_2021", values) == {"partially_granted[total]": "results_sum", "granted[org_other]": "row_total"}


@pytest.mark.parametrize("form", forms())
@pytest.mark.parametrize("number", range(5))
def test_every_zero_that_a_sum_counts_can_be_left_out(form, number):
    """Of a whole record the zero parts of the sums named by the form are made blank: all get their zero back, and nothing else does."""
    values = whole(form, number)
    sums = [relation for inference in forms()[form].inferences for check in inference.checks for relation in check.relations]
    parts = {operand.figure for relation in sums for operand in relation.right} - {relation.left[0].figure for relation in sums}
    zeros = {name for name in parts if values[name] == 0}
    assert form not in ("giar_2019", "giar_2021") or len(zeros) > 20
    given = figures(form, values | dict.fromkeys(zeros))
    imply_zeros(forms()[form], given)
    assert {name for name, figure in given.items() if figure.implied_by} == zeros


@pytest.mark.skipif(not SEEDS, reason="GIAR_SEEDS does not name the folder of the real documents")
@pytest.mark.parametrize(("number", "proofs"), [("002", {"results_sum": 140}), ("003", {"refusals_by_ground": 1}), ("004", {})])
def test_real_documents(number, proofs):
    path = next(Path(SEEDS).glob(f"{number}_*.txt"))
    report = read(Page(None, path.read_bytes()))
    assert Counter(figure.implied_by for figure in report.figures if figure.implied_by) == proofs
    blanks = [value for value in json.loads(path.with_suffix(".truth.json").read_text("utf-8"))["figures"].values() if value is None]
    assert len(blanks) == sum(proofs.values())
