"""Mutations of tables by whole rows, columns and tables: what page breaks, careless editing and other templates do to them."""

from __future__ import annotations

import copy
from itertools import pairwise

from lxml import etree

from tests.evaluation.mutation.grid import GridRow, Sheet, cut_before, header_copy, insert_before, sheets, stretch
from tests.evaluation.mutation.labels import unknown_label
from tests.evaluation.mutation.markup import content, put, remove
from tests.evaluation.mutation.pages import HtmlPage, mutation


def _loose(row: GridRow) -> bool:
    """Whether no cell of the row reaches down into the next one."""
    return bool(row.keys) and all(slot.down == 1 for slot in row.own)


def _number(row: GridRow) -> int:
    return row.own[0].row if row.own else 0


@mutation("table")
def drop_row(page: HtmlPage) -> bool:
    """A row is not there: its figures are gone, all others stay."""
    row = page.choose(row for sheet in sheets(page) if len(sheet.data) > 1 for row in sheet.rows if _loose(row))
    if row is None:
        return False
    for slot in row.reaching:
        stretch(slot.cell, "rowspan", -1)
    remove(row.tr)
    page.gone(row.keys)
    return True


@mutation("table")
def insert_row(page: HtmlPage) -> bool:
    """A row that no form has, with numbers, stands among the others: nothing changes."""
    row = page.choose(row for sheet in sheets(page) for row in sheet.rows if _loose(row) and page.label(row.keys[0]) is not None)
    label = None if row is None else page.label(row.keys[0])
    if row is None or label is None or page.source.form is None:
        return False
    if any(slot.row + slot.down == _number(row) + 1 for slot in row.reaching):
        return False  # behind the last row of a group the new one would be outside of it
    place = list(row.tr).index(label)
    values = [list(row.tr).index(page.cells[key]) for key in row.keys]
    twin = copy.deepcopy(row.tr)
    put(twin[place], unknown_label(page.source.form, page.random))
    for value in values:
        put(twin[value], str(page.random.randrange(1, 900)))
    for slot in row.reaching:
        stretch(slot.cell, "rowspan", 1)
    row.tr.addnext(twin)
    return True


@mutation("table")
def repeat_header(page: HtmlPage) -> bool:
    """The header stands once more between two rows, as at a page break: nothing changes."""
    sheet = page.choose(sheet for sheet in sheets(page) if sheet.header and len(sheet.data) > 1)
    if sheet is None:
        return False
    number = page.random.choice(sheet.data[1:])
    cut_before(sheet, number)
    insert_before(sheet.rows[number].tr, header_copy(sheet))
    return True


def _split(page: HtmlPage, sheet: Sheet, number: int, head: list[etree._Element]) -> None:
    cut_before(sheet, number)
    rest = etree.Element("table")
    rest.extend([*head, *(row.tr for row in sheet.rows[number:])])
    rest.tail, sheet.table.tail = sheet.table.tail, None
    sheet.table.addnext(rest)
    if page.random.random() < 0.5:
        foot = etree.Element("p")
        foot.text = f"- {page.random.randrange(2, 9)} -"
        sheet.table.addnext(foot)


@mutation("table")
def split_table(page: HtmlPage) -> bool:
    """A table is two, the second without a header, at times with the number of a page between them: nothing changes."""
    sheet = page.choose(sheet for sheet in sheets(page) if len(sheet.data) > 1)
    if sheet is None:
        return False
    _split(page, sheet, page.random.choice(sheet.data[1:]), [])
    return True


@mutation("table")
def split_table_under_its_header(page: HtmlPage) -> bool:
    """A table is two, each with the header: nothing changes."""
    sheet = page.choose(sheet for sheet in sheets(page) if sheet.header and len(sheet.data) > 1)
    if sheet is None:
        return False
    _split(page, sheet, page.random.choice(sheet.data[1:]), header_copy(sheet))
    return True


@mutation("table")
def glue_tables(page: HtmlPage) -> bool:
    """Two tables are one: nothing changes."""
    every = sheets(page)
    pair = page.choose(pairwise(every))
    if pair is None:
        return False
    first, second = pair
    holder = first.rows[-1].tr.getparent()
    if holder is None:
        return False
    for row in second.rows:
        holder.append(row.tr)
    remove(second.table)
    return True


@mutation("table")
def swap_tables(page: HtmlPage) -> bool:
    """Two tables have changed places: nothing changes."""
    every = [sheet for sheet in sheets(page) if sheet.header]
    if len(every) < 2:
        return False
    first, second = page.random.sample([sheet.table for sheet in every], 2)
    marks = etree.Element("i"), etree.Element("i")
    for table, mark in zip((first, second), marks, strict=True):
        table.addprevious(mark)
        mark.tail, table.tail = table.tail, None
    for mark, table in zip(marks, (second, first), strict=True):
        table.tail, mark.tail = mark.tail, None
        mark.addprevious(table)
        remove(mark)
    return True


@mutation("table")
def drop_header(page: HtmlPage) -> bool:
    """The header rows of a table are not there: nothing changes, and nothing must be taken for what it is not."""
    sheet = page.choose(
        sheet for sheet in sheets(page) if sheet.header and all(s.row + s.down <= sheet.data[0] for r in sheet.header for s in r.own)
    )
    if sheet is None:
        return False
    for row in sheet.rows[: sheet.data[0]]:
        remove(row.tr)
    return True


@mutation("table")
def swap_rows(page: HtmlPage) -> bool:
    """Two rows whose labels nobody can mistake have changed places: nothing changes."""
    pairs = []
    for sheet in sheets(page):
        texts = [content(slot.cell) for row in sheet.rows for slot in row.own]
        rows = [row for row in sheet.rows if _loose(row) and not row.reaching]
        labelled = [(row, page.label(row.keys[0])) for row in rows]
        distinct = [row for row, label in labelled if label is not None and len(content(label)) > 4 and texts.count(content(label)) == 1]
        pairs += [(one, other) for one, other in pairwise(distinct) if len(one.own) == len(other.own)]
    pair = page.choose(pairs)
    if pair is None:
        return False
    one, other = (row.tr for row in pair)
    mark = etree.Element("i")
    one.addprevious(mark)
    other.addprevious(one)
    mark.addprevious(other)
    remove(mark)
    return True
