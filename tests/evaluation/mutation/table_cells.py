"""Mutations of tables by single cells: lost, doubled, merged, filled with something else."""

from __future__ import annotations

from lxml import etree

from tests.evaluation.mutation.grid import sheets, stretch
from tests.evaluation.mutation.markup import content, inner, put, remove
from tests.evaluation.mutation.pages import HtmlPage, mutation


@mutation("table")
def drop_cell(page: HtmlPage) -> bool:
    """A cell with a number is not there and the cells behind it move up: its figure is gone, the others stay what they are."""
    key = page.choose(key for key in page.numbers() if not page.cells[key].get("rowspan"))
    if key is None:
        return False
    remove(page.cells[key])
    page.gone([key])
    return True


@mutation("table")
def drop_blanks(page: HtmlPage) -> bool:
    """Cells that hold nothing or a zero are left out, in one row or in all: their figures are gone, the others stay what they are."""
    empty = {key for key in page.cells if page.figure(key).status == "blank" or page.figure(key).raw == "0"}
    rows = [[key for key in row.keys if key in empty] for sheet in sheets(page) for row in sheet.rows]
    chosen = page.some([keys for keys in rows if keys])
    for keys in chosen:
        for key in keys:
            remove(page.cells[key])
        page.gone(keys)
    return bool(chosen)


@mutation("table")
def zeros_as_dashes(page: HtmlPage) -> bool:
    """Zeros are left empty or written as a dash, in one cell or in all: they are no numbers then."""
    keys = page.some(key for key in page.numbers() if page.figure(key).raw == "0")
    mark = page.random.choice(("", "/", "—", "-", "无", "\u00a0"))
    for key in keys:
        put(page.cells[key], mark)
        page.becomes(key, None, mark)
    return bool(keys)


@mutation("table")
def stray_cell(page: HtmlPage) -> bool:
    """An empty cell or one with a number stands too much in a row: the figures stay what they are."""
    key = page.choose(page.numbers())
    if key is None:
        return False
    cell = etree.Element("td")
    cell.text = page.random.choice((None, "\u00a0", str(page.random.randrange(1, 99))))
    page.cells[key].addprevious(cell)
    return True


@mutation("table")
def merge_blanks(page: HtmlPage) -> bool:
    """Two empty cells side by side, or two zeros left empty, are one: both figures are blank."""
    zeros = {cell: key for key, cell in page.cells.items() if page.figure(key).status == "blank" or page.figure(key).raw == "0"}
    pair = page.choose((cell, beside) for cell in zeros if (beside := cell.getnext()) is not None and beside in zeros)
    if pair is None:
        return False
    for cell in pair:
        put(cell, "")
        page.becomes(zeros[cell], None, "")
    stretch(pair[0], "colspan", 1)
    remove(pair[1])
    del page.cells[zeros[pair[1]]]
    return True


@mutation("table")
def misprint(page: HtmlPage) -> bool:
    """A number is another one, so that sums are off: what is printed counts."""
    key = page.choose(page.numbers())
    if key is None:
        return False
    value = page.random.randrange(10, 90_000)
    put(page.cells[key], str(value))
    page.becomes(key, value, str(value))
    return True


@mutation("table")
def empty_cell(page: HtmlPage) -> bool:
    """A cell with a number is empty: blank, whatever the sums say."""
    key = page.choose(page.numbers())
    if key is None:
        return False
    put(page.cells[key], page.random.choice(("", "\u00a0", "\u3000")))
    page.becomes(key, None, "")
    return True


@mutation("table")
def two_numbers(page: HtmlPage) -> bool:
    """A cell holds two numbers: its figure is neither."""
    key = page.choose(page.numbers())
    if key is None:
        return False
    cell = page.cells[key]
    holder = inner(cell)
    other = str(page.random.randrange(1, 99))
    if page.random.random() < 0.5:
        holder.text = f"{holder.text or ''} {other}"
    else:
        for child in list(cell):
            cell.remove(child)
        cell.text = None
        for text in (page.figure(key).raw, other):
            etree.SubElement(cell, "p").text = text
    page.muddled(key)
    return True


@mutation("table")
def shift_header_spans(page: HtmlPage) -> bool:
    """A header cell is a column wider or narrower than what is under it: the order of the cells stays, and so do the figures."""
    cells = [slot for sheet in sheets(page) for row in sheet.header for slot in row.own if len(row.own) > 1]
    slot = page.choose(cells)
    if slot is None:
        return False
    stretch(slot.cell, "colspan", page.random.choice((-1, 1)) if slot.across > 1 else 1)
    return True


@mutation("table")
def shift_row_spans(page: HtmlPage) -> bool:
    """Cells of data rows, in one row or in all, are a column wider than their header: the order stays, and so do the figures."""
    sheet = page.choose(sheets(page))
    if sheet is None:
        return False
    rows = page.some(sheet.rows[number] for number in sheet.data)
    labels = page.random.random() < 0.5
    for row in rows:
        label = page.label(row.keys[0])
        cell = label if labels and label is not None else page.cells[row.keys[page.random.randrange(len(row.keys))]]
        stretch(cell, "colspan", 1)
    return True


@mutation("table")
def write_out_merged_labels(page: HtmlPage) -> bool:
    """Labels over several rows are written out in each, as some editors do when cells are split: nothing changes."""
    groups = {}
    for sheet in sheets(page):
        for row in (sheet.rows[number] for number in sheet.data):
            for slot in row.own:
                if slot.down > 1 and slot.cell not in page.cells.values():
                    groups[slot.cell] = (sheet, slot)
    for sheet, slot in groups.values():
        for row in sheet.rows[slot.row + 1 : slot.row + slot.down]:
            twin = etree.Element(slot.cell.tag, colspan=str(slot.across))
            twin.text = content(slot.cell)
            before = [own for own in row.own if own.column < slot.column]
            row.tr.insert(len(before), twin)
        slot.cell.set("rowspan", "1")
    return bool(groups)
