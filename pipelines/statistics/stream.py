"""Tables that lost their grid: labels and values one after the other, on lines of their own or several on a line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import groupby, pairwise, takewhile

from pipelines.decode.document import Document, Table, TableCell
from pipelines.statistics.headers import names_year, values_first
from pipelines.statistics.labels import LabelIndex, number_of
from pipelines.statistics.scanning import Token, Vocabulary, is_value, may_have_values, scan_lines, vocabulary_of

# What stands for a sentence among the tokens: it ends the row before it, and needs no look-up.
SENTENCE = "。"
# So many texts without a value between them, and so many values, are columns.
FEWEST_IN_COLUMN = 12
# What the place of a token in running text begins with.
IN_TEXT = "text:"
# So many rows of a matrix show whether empty lines are its blank cells.
FEWEST_ROWS = 3
# A text without a label that is longer is a sentence.
LONGEST_PIECE = 60


def _is_sentence(token: Token) -> bool:
    return token.kind == "text" and (len(token.text) > LONGEST_PIECE or token.text.endswith("。"))


def _texts(document: Document, vocabulary: Vocabulary, *, with_grids: bool) -> Iterator[TableCell]:
    """The texts of the report, cut at labels and values. Without grids what is said in sentences is one."""
    for plain, lines in groupby(document.body_lines, key=lambda line: line.cells is None or (len(line.cells) == 1 and not with_grids)):
        if plain:
            for token, cell in scan_lines(list(lines), vocabulary):
                said = (with_grids or token.listed) and not _is_sentence(token)
                yield cell if said else TableCell(cell.raw, SENTENCE)
        elif document.media == "text" or with_grids:
            yield from (cell for line in lines for cell in line.cells or ())
        else:
            yield TableCell("", SENTENCE)


def tokens_of(document: Document, index: LabelIndex, *, with_grids: bool) -> list[TableCell]:
    """All labels and values of the report that stand in no grid, or all `with_grids`, in their order; other texts as they are."""
    tokens = list(_texts(document, vocabulary_of(index.form.id), with_grids=with_grids))
    return tokens if with_grids else _without_gaps(tokens, index)


def _without_gaps(tokens: list[TableCell], index: LabelIndex) -> list[TableCell]:
    """The tokens without the empty lines, but for those that are blank cells.

    They are where every row of a matrix that has a number then has as many cells as the matrix has columns.
    """
    rows: dict[str, list[range]] = defaultdict(list)  # by table, where the values of its rows stand
    for place, token in enumerate(tokens):
        owner = next((table for table, row in index.said(token.clean).rows if row.kind == "value"), None) if token.clean else None
        if owner is not None and owner.layout == "matrix":
            stop = place + 1
            while stop < len(tokens) and index.said(tokens[stop].clean).is_value:
                stop += 1
            rows[owner.id].append(range(place + 1, stop))
    cells: set[int] = set()
    for table in index.form.tables:
        wide = len(table.columns)
        full = [row for row in rows[table.id] if any(tokens[place].clean for place in row)]
        # Behind the last row the next caption may stand apart.
        widths = [len(row) for row in full[:-1]] + [min(wide, len(row)) for row in full[-1:]]
        if len(widths) >= FEWEST_ROWS and set(widths) == {wide}:
            cells.update(place for row in rows[table.id] if len(row) >= wide for place in row[:wide])
    return [token for place, token in enumerate(tokens) if place in cells or not _is_gap(token)]


def _is_gap(token: TableCell) -> bool:
    return not token.raw and not token.clean and token.place.startswith(IN_TEXT)


def _in_header(token: TableCell, index: LabelIndex) -> bool:
    said = index.said(token.clean)
    return said.word or (bool(said.columns) and not (said.rows and number_of(token.clean)))


def _rows(tokens: list[TableCell], index: LabelIndex) -> Iterator[list[TableCell]]:
    """The tokens as rows: labels and the values behind them; the labels of a header are a row of their own."""
    labels: list[TableCell] = []
    values: list[TableCell] = []
    for token in [*tokens, None]:
        if token is not None and (not token.clean or is_value(token.clean)):
            values.append(token)
            continue
        if values:
            heads = [place for place, label in enumerate(labels) if _in_header(label, index)]
            cut = heads[-1] + 1 if len(heads) > 1 else 0
            while 0 < cut < len(labels) and names_year(labels[cut]):
                cut += 1
            if cut:
                yield labels[heads[0] : cut]
            yield labels[cut:] + values
            labels, values = [], []
        if token is not None:
            labels.append(token)
    if labels:
        yield labels


def stream_table(tokens: list[TableCell], index: LabelIndex) -> Table:
    """The labels and values that stand in no grid, as one table without spans; its rows are empty where there are none.

    Where a header has the values before their labels, what is below it is read from the last token to the first.
    """
    if (first := values_first(tokens, index)) is not None:
        header = list(takewhile(lambda token: _in_header(token, index), tokens[first:]))
        rows = list(_rows(tokens[first + len(header) :][::-1], index))
        return Table([header[::-1], *rows[::-1]], spans_known=False)
    return Table(list(_rows(tokens, index)), spans_known=False)


def stated_labels(document: Document, fewest: int) -> set[str]:
    """The texts before a value, and those in a column above one of values: what may be labels of a form whose grid was lost.

    Empty where the page has fewer than `fewest` values at all, as most sentences do.
    """
    if document.media != "text" and not may_have_values(document.body_lines, fewest):
        return set()
    texts = [token.clean for token in _texts(document, vocabulary_of(None), with_grids=False) if token.clean]
    found = {text for text, behind in pairwise(texts) if is_value(behind) and not is_value(text)}
    above: list[str] = []
    for valued, run in groupby(texts, key=is_value):
        column = list(run)
        if len(column) < FEWEST_IN_COLUMN:
            continue
        if valued:
            found.update(above)
        else:
            above = column
    return found
