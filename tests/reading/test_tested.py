"""How complete tables are, and how many printed sums could be tested."""

from dataclasses import replace

import pytest

from giar_crawler.items import Page
from pipelines import read
from pipelines.checks.tested import Tested, tested
from tests.evaluation.cases import PAGES

TOTAL = "requests.received_new[total]"


@pytest.fixture(scope="module")
def report():
    """A page of the 2021 form with a number in each of its 200 cells; the form has 42 sums, all of which add up here."""
    return read(Page(None, (PAGES / "blind_2021_city_large_numbers" / "page.html").read_bytes()))


def changed(report, name, **changes):
    return replace(report, figures=[replace(one, **changes) if one.name == name else one for one in report.figures])


def test_all_is_there_and_adds_up(report):
    assert tested(report) == Tested(200, 200, 200, 42, 0, 0)


def test_a_wrong_number_breaks_the_sums_that_it_is_in(report):
    # The total of its row, and the balance of what came in with what was done.
    assert tested(changed(report, TOTAL, value=9)) == Tested(200, 200, 200, 40, 2, 0)


def test_a_blank_leaves_them_open(report):
    assert tested(changed(report, TOTAL, status="blank", value=None)) == Tested(200, 200, 199, 40, 0, 2)


def test_a_cell_that_is_not_there_is_not_found(report):
    less = replace(report, figures=[one for one in report.figures if one.name != TOTAL])
    assert tested(less) == Tested(200, 199, 199, 40, 0, 2)


def test_prose_has_no_cells(report):
    assert tested(replace(report, form=None)) is None
