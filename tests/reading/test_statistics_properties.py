"""What must hold of the grid, the numbers, the solver and the tables without a grid, whatever they are given."""

from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from giar_crawler.items import Figure, Page
from pipelines import read
from pipelines.decode.document import Table, TableCell
from pipelines.statistics.forms import forms
from pipelines.statistics.grid import WIDEST, expand
from pipelines.statistics.labels import indexes
from pipelines.statistics.matching import match_tables
from pipelines.statistics.numbers import in_words, read_value
from pipelines.statistics.solving import OpenRow, solve
from pipelines.statistics.tables import TableReader
from pipelines.statistics.tidy import tidied

CALM = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
FORM = forms()["giar_2021"]
REQUESTS = next(table for table in FORM.tables if table.id == "requests")
PARTS = [column for column in REQUESTS.columns if column.code != "total"]
LEAVES = [row for row in REQUESTS.value_rows if row.code not in {"received_new", "carried_over", "results_total", "carried_to_next"}]
LABELS = [label for index in indexes().values() for table in index.form.tables for label in [row.label for row in table.rows]]
OTHER = ["自然人", "总计", "其他", "统计指标", "单位", "统计数", "行政复议", "结果维持", "", "-", "无", "件", "1 234", "12①", "3件"]
MARKS = ["\n", " ", " | ", "|", "\t", "，", "："]
TEXTS = st.one_of(
    st.sampled_from(LABELS),
    st.sampled_from(
        ["自然人", "总计", "其他", "统计指标", "单位", "统计数", "行政复议", "结果维持", "", "-", "无", "件", "1 234", "12①", "3件"]
    ),
    st.integers(0, 10**6).map(str),
    st.text(max_size=12),
)
CELLS = st.builds(TableCell, TEXTS, st.just(""), st.integers(1, 6), st.integers(1, 12))


@st.composite
def tables(draw):
    """Tables of any cells; the clean text is the raw one."""
    rows = draw(st.lists(st.lists(CELLS, min_size=1, max_size=10), max_size=12))
    for row in rows:
        for cell in row:
            cell.clean = cell.raw.strip()
    return Table(rows, spans_known=draw(st.booleans()))


@CALM
@given(tables())
def test_cells_of_a_row_never_overlap(table):
    for row in expand(table):
        ends = 0
        for cell in row.own:
            assert ends <= cell.column < WIDEST
            ends = cell.end
        assert [cell.column for cell in row.all] == sorted(cell.column for cell in row.all)


@CALM
@given(tables())
def test_a_tidied_table_says_what_the_table_said(table):
    said = [{cell.clean for cell in row if cell.clean} for row in table.rows]
    assert [{cell.clean for cell in row if cell.clean} for row in tidied(table).rows] == said


@CALM
@given(tables(), st.sampled_from(sorted(indexes())))
def test_any_table_states_only_numbers_that_stand_in_its_cells(table, form):
    index = indexes()[form]
    printed = {read_value(cell.clean).number for row in table.rows for cell in row}
    printed |= {in_words(cell.clean).number for row in table.rows for cell in row}
    figures = TableReader(index, 2021).read(match_tables([table], index))
    for figure in figures.by_name.values():
        assert figure.name in index.form.types
        assert (figure.status == "number") == (figure.value is not None)
        assert figure.value is None or figure.value in printed


@CALM
@given(st.text(max_size=60))
def test_a_value_is_made_of_the_digits_of_its_text(text):
    value = read_value(text)
    assert (value.status == "number") == (value.number is not None)
    if value.number:
        digits = "".join(character for character in text if character.isdigit())
        assert "".join(map(str, Decimal(value.number).as_tuple().digits)).strip("0") in digits


def test_punctuation_around_a_number_is_no_part_of_it_but_a_decimal_point_is():
    assert [read_value(text).number for text in ("'8", "12。", "0、", "3.0", "7.")] == [8, 12, 0, 3, 7]
    assert read_value(".5").status == read_value(".5万元").status == "unreadable"


@st.composite
def balanced(draw):
    """A requests table whose sums hold: figure -> value, with many zeros, as offices have them."""
    small = st.sampled_from([0, 0, 0, 0, 1, 2, 3, 7, 12])
    values = {}
    for column in PARTS:
        leaves = {row.code: draw(small) for row in LEAVES}
        over, onward = draw(small), draw(small)
        values |= {(code, column.code): value for code, value in leaves.items()}
        total = sum(leaves.values())
        values |= {("results_total", column.code): total, ("carried_over", column.code): over, ("carried_to_next", column.code): onward}
        values["received_new", column.code] = total + onward - over
    for row in REQUESTS.value_rows:
        values[row.code, "total"] = sum(values[row.code, column.code] for column in PARTS)
    return values


@CALM
@given(balanced(), st.sets(st.sampled_from([row.code for row in LEAVES]), min_size=1, max_size=4))
def test_what_the_solver_places_is_where_it_was(values, opened):
    """Rows that lost their zeros: the solver may leave a cell open, never put it under another column."""
    figures, rows = {}, []
    for row in REQUESTS.value_rows:
        if row.code not in opened:
            for column in REQUESTS.columns:
                place = REQUESTS.cells[row.code, column.code]
                figures[place.name] = Figure(place.indicator, place.column, values[row.code, column.code], "number", "", "件", "table")
            continue
        kept = [column for column in REQUESTS.columns if values[row.code, column.code]]
        texts = [str(values[row.code, column.code]) for column in kept]
        rows.append(OpenRow(REQUESTS, row, REQUESTS.columns, tuple(TableCell(text, text) for text in texts)))
    for row, placed in zip(rows, solve(FORM, figures, rows), strict=True):
        for name, cell in placed.items():
            column = next(column for column in REQUESTS.columns if row.name(column) == name)
            assert (int(cell.clean) if cell else 0) == values[row.row.code, column.code]


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(
    st.lists(st.lists(TEXTS, min_size=1, max_size=9), min_size=1, max_size=40), st.sampled_from(["\n", " ", " | ", "|", "\t", "，", "："])
)
def test_any_flattened_text_raises_nothing(rows, mark):
    report = read(Page(None, "\n".join(mark.join(row) for row in rows).encode("utf-8", "replace")))
    assert all(figure.confidence <= 1 for figure in report.figures)
