"""Flattened text that lost a number: what is left of it must not be taken for another figure in silence."""

from __future__ import annotations

import random
import re
from dataclasses import replace

import pytest

from pipelines import read
from tests.evaluation.cases import Case, figures_of, golden_folders, load_case
from tests.evaluation.tally import SURE, is_right

NUMBER = re.compile(r"(?<![\d.〔(（第年月-])(?:\d{1,3}(?:,\d{3})+|\d+)(?![\d.%年月日号条〕)）])")
# The tables stand behind the first part of a report.
BEFORE_TABLES = 0.4


def _texts() -> list[Case]:
    cases = (load_case(folder) for folder in golden_folders())
    return [case for case in cases if case.medium == "text" and case.figures and (case.page.headers or {}).get("content-type") is None]


@pytest.mark.parametrize("case", _texts(), ids=lambda case: case.name)
def test_lost_number(case: Case) -> None:
    """No figure is wrong, sure and without a finding where one number of the page is gone."""
    try:
        body = case.page.body.decode()
    except UnicodeDecodeError:
        pytest.skip("only what is in UTF-8 is changed here")
    numbers = [match for match in NUMBER.finditer(body) if match.start() > len(body) * BEFORE_TABLES]
    lost = random.Random(case.name).choice(numbers)  # noqa: S311 # not secret
    report = read(replace(case.page, body=(body[: lost.start()] + body[lost.end() :]).encode()))
    named = {name for one in report.findings for name in one.figures}
    figures = figures_of(report)
    sure = {key: figure for key, figure in figures.items() if figure.status == "number" and figure.confidence >= SURE}
    silent = [key for key, truth in case.figures.items() if key in sure and sure[key].name not in named and not is_right(sure[key], truth)]
    assert not silent, f"without {lost.group()} at {lost.start()}"
