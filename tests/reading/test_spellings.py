"""The tables of spellings: every value of every entry, as somebody wrote it down who had not seen the reading."""

import pytest

from tests.evaluation.spellings import TABLES, entries, spellings

LEAST = {"dates": 80, "index_numbers": 60, "publishers": 40, "titles": 60}


def values():
    for table in TABLES:
        for number, spelling in enumerate(spellings(table)):
            marks = [pytest.mark.xfail(strict=True, reason=spelling.open)] if spelling.open else []
            yield pytest.param(spelling, id=f"{table}-{spelling.number}-{spelling.key}-{number}", marks=marks)


@pytest.mark.parametrize("table", TABLES)
def test_the_tables_are_large_enough_and_say_why(table):
    assert len(entries(table)) >= LEAST[table]
    assert all(entry["why"] for entry in entries(table))


def test_a_third_of_the_titles_are_no_reports():
    titles = entries("titles")
    assert sum(not entry["is_report"] for entry in titles) * 3 >= len(titles)


@pytest.mark.parametrize("spelling", values())
def test_spelling(spelling):
    assert spelling.given == spelling.wanted, spelling.printed
