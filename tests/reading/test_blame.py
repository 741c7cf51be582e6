"""Who is blamed for sums that do not add up: whole records with the misprints of offices, and with the faults of a reading."""

import random
from itertools import product

import pytest

from pipelines.checks.identities import broken_relations
from pipelines.checks.rearrangements import grid_of
from pipelines.statistics.forms import forms
from tests.reading.records import figures, whole

NUMBERS = range(40)
NEW_FORMS = ("giar_2019", "giar_2021")
TOTALS = {
    form.id: [
        r.left[0].figure for c in form.checks if c.kind == "identity" and c.severity == "hard" for r in c.relations if len(r.left) == 1
    ]
    for form in forms().values()
}
SUMMED = {
    form.id: sorted(
        {o.figure for c in form.checks if c.kind == "identity" and c.severity == "hard" for r in c.relations for o in r.operands}
    )
    for form in forms().values()
}


def blamed(form, values):
    """Who is blamed by the findings on hard relations, and the figures with their confidence."""
    given = figures(form, values)
    remarks = [remark for remark in broken_relations(forms()[form], given) if remark.code != "implausible"]
    return {remark.blame for remark in remarks}, given, {name for remark in remarks for name in remark.figures}


def start(form, kind, number):
    chance = random.Random(f"{form} {kind} {number}")  # noqa: S311 - the same faults in every run
    return whole(form, number, chance.choice([3, 20, 200])), chance


# --- what offices do


def another_digit(form, values, chance):
    name = chance.choice([name for name in SUMMED[form] if values[name]] or SUMMED[form])
    digits = list(str(values[name]))
    place = chance.randrange(len(digits))
    digits[place] = chance.choice([digit for digit in "0123456789" if digit != digits[place]])
    values[name] = int("".join(digits))


def total_off(form, values, chance):
    name = chance.choice([name for name in TOTALS[form] if values[name]] or TOTALS[form])
    values[name] = max(0, values[name] + chance.choice([-2, -1, 1, 2, 3, 10])) if values[name] else 4


def balance_off(form, values, chance):
    """Requests carried over were forgotten, in both columns that count them."""
    if form not in NEW_FORMS:
        return total_off(form, values, chance)
    row = chance.choice(["received_new", "carried_over", "carried_to_next", "results_total"])
    more = chance.choice([1, 1, 2, 3])
    for column in ("natural_person", "total"):
        values[f"requests.{row}[{column}]"] += more
    return None


def zeros_left_out(form, values, chance):
    another_digit(form, values, chance)
    values |= {name: None for name, value in values.items() if value == 0}


def two_misprints(form, values, chance):
    another_digit(form, values, chance)
    total_off(form, values, chance)


MISPRINTS = [another_digit, total_off, balance_off, zeros_left_out, two_misprints]


@pytest.mark.parametrize("form", forms())
def test_the_publisher_is_blamed_for_misprints(form):
    """At least 95 in 100 that break anything; the others are explained as well by numbers in wrong cells."""
    found = []
    for fault, number in product(MISPRINTS, NUMBERS):
        values, chance = start(form, fault.__name__, number)
        fault(form, values, chance)
        blame, given, _ = blamed(form, values)
        found += [blame == {"publisher"}] if blame else []
        assert blame <= {"publisher", "parser"}
        assert blame != {"publisher"} or {figure.confidence for figure in given.values()} == {1.0}
    assert len(found) >= 0.8 * len(MISPRINTS) * len(NUMBERS)
    assert sum(found) >= 0.95 * len(found)


# --- what a reading does


def _put(values, names, numbers):
    for name, number in zip(names, numbers, strict=True):
        values[name] = number


def row_to_the_right(values, grid, chance):
    row = chance.choice([row for row in grid if any(values[name] for name in row)])
    _put(values, row, [None, *[values[name] for name in row][:-1]])


def row_to_the_left(values, grid, chance):
    row = chance.choice([row for row in grid if any(values[name] for name in row)])
    _put(values, row, [*[values[name] for name in row][1:], None])


def cell_dropped(values, grid, chance):
    row = chance.choice([row for row in grid if any(values[name] for name in row)])
    numbers = [values[name] for name in row]
    del numbers[chance.randrange(len(row))]
    _put(values, row, [*numbers, None])
    del values[row[-1]]


def empty_cell_put_in(values, grid, chance):
    row = chance.choice([row for row in grid if any(values[name] for name in row)])
    numbers = [values[name] for name in row]
    numbers.insert(chance.randrange(len(row)), None)
    _put(values, row, numbers[: len(row)])


def header_shifted(values, grid, _):
    for row in grid:
        _put(values, row, [None, *[values[name] for name in row][:-1]])


def total_and_another_column(values, grid, chance):
    other = chance.randrange(len(grid[0]) - 1)
    for row in grid:
        values[row[other]], values[row[-1]] = values[row[-1]], values[row[other]]


def total_and_a_row_beside(values, grid, chance):
    place = next(number for number, row in enumerate(grid) if "results_total" in row[0])
    other = place + chance.choice([-1, 1])
    for upper, lower in zip(grid[place], grid[other], strict=True):
        values[upper], values[lower] = values[lower], values[upper]


def labels_down(values, grid, chance):
    first = chance.randrange(len(grid) - 4)
    for column in zip(*grid[first:], strict=True):
        _put(values, column, [None, *[values[name] for name in column][:-1]])


def labels_up(values, grid, chance):
    first = chance.randrange(len(grid) - 4)
    for column in zip(*grid[first:], strict=True):
        _put(values, column, [*[values[name] for name in column][1:], None])


ROWS = [row_to_the_right, row_to_the_left, cell_dropped, empty_cell_put_in]
FAULTS = [
    *[
        (form, "requests", fault)
        for form in NEW_FORMS
        for fault in (*ROWS, header_shifted, total_and_another_column, total_and_a_row_beside)
    ],
    *[(form, "requests", fault) for form in NEW_FORMS for fault in (labels_down, labels_up)],
    *[(form, "review_litigation", fault) for form in NEW_FORMS for fault in ROWS],
]


@pytest.mark.parametrize(("form", "table", "fault"), FAULTS)
def test_the_publisher_is_not_blamed_for_numbers_in_wrong_cells(form, table, fault):
    """And no wrong number is left without a finding on it or with confidence."""
    grid = grid_of(next(one for one in forms()[form].tables if one.id == table))
    seen = 0
    for number in NUMBERS:
        true, chance = start(form, fault.__name__, number)
        if not any(true[name] for row in grid for name in row):
            continue
        values = dict(true)
        fault(values, grid, chance)
        blame, given, named = blamed(form, values)
        if not blame:
            continue
        seen += 1
        assert blame == {"parser"}, number
        silent = [n for n, figure in given.items() if figure.value != true[n] and figure.confidence >= 0.9 and n not in named]
        assert silent == [], number
    assert seen >= 0.4 * len(NUMBERS)


@pytest.mark.parametrize("form", ["giar_2008_local", "giar_2014"])
@pytest.mark.parametrize("fault", [labels_down, labels_up])
def test_a_list_whose_labels_slipped(form, fault):
    """Where the slip breaks three sums or more, it is the reading's, and the whole list is doubtful."""
    grid = grid_of(forms()[form].tables[0])
    seen = 0
    for number in NUMBERS:
        values, chance = start(form, fault.__name__, number)
        fault(values, grid, chance)
        given = figures(form, values)
        remarks = [remark for remark in broken_relations(forms()[form], given) if remark.code != "implausible"]
        if len(remarks) >= 3:
            seen += 1
            assert {remark.blame for remark in remarks} == {"parser"}, number
            assert {figure.confidence for figure in given.values()} == {0.5}, number
    assert seen >= 15


# --- single cases


def test_one_cell_that_breaks_its_row_and_its_column_is_a_misprint():
    values = whole("giar_2021", 3)
    values["requests.granted[natural_person]"] += 5
    blame, _, named = blamed("giar_2021", values)
    assert blame == {"publisher"}
    assert {"requests.granted[total]", "requests.results_total[natural_person]"} <= named


def test_rows_of_another_report_are_no_misprints():
    """Half of the table is of another office: many sums of all kinds are off, and no few numbers explain them."""
    values, other = whole("giar_2021", 1, 50), whole("giar_2021", 2, 50)
    values |= {name: value for name, value in other.items() if "requests.unable" in name or "requests.refused" in name}
    blame, given, _ = blamed("giar_2021", values)
    assert blame == {"parser"}
    assert {figure.confidence for name, figure in given.items() if name.startswith("requests.")} == {0.5}
    assert {figure.confidence for name, figure in given.items() if not name.startswith("requests.")} == {1.0}


def test_the_verdict_on_one_table_leaves_the_others():
    values = whole("giar_2021", 3)
    grid = grid_of(next(table for table in forms()["giar_2021"].tables if table.id == "requests"))
    row = next(row for row in grid[2:] if values[row[0]])
    values["review_litigation.review_total"] += 1
    _put(values, row, [None, *[values[name] for name in row][:-1]])
    given = figures("giar_2021", values)
    remarks = [remark for remark in broken_relations(forms()["giar_2021"], given) if remark.code != "implausible"]
    by_table = {remark.figures[0].partition(".")[0]: remark.blame for remark in remarks}
    assert by_table == {"requests": "parser", "review_litigation": "publisher"}
    assert {name for name, figure in given.items() if figure.confidence < 0.9} >= {name for name in row if values[name]}


def test_the_verdict_does_not_change_fingerprints():
    values = whole("giar_2021", 3)
    grid = grid_of(next(table for table in forms()["giar_2021"].tables if table.id == "requests"))
    row = next(row for row in grid if values[row[0]])
    _put(values, row, [None, *[values[name] for name in row][:-1]])
    sure, unsure = figures("giar_2021", values), figures("giar_2021", values)
    for figure in unsure.values():
        figure.confidence = 0.85
    prints = [[(remark.blame, remark.fingerprint) for remark in broken_relations(forms()["giar_2021"], one)] for one in (sure, unsure)]
    assert {blame for blame, _ in prints[0]} == {"parser"}
    assert {blame for blame, _ in prints[1]} == {None}
    assert [fingerprint for _, fingerprint in prints[0]] == [fingerprint for _, fingerprint in prints[1]]
