"""Mutations of tables by whole columns: put in, taken out, exchanged, always with their headers."""

from __future__ import annotations

import copy

from lxml import etree

from tests.evaluation.mutation.grid import GridRow, Sheet, sheets, stretch
from tests.evaluation.mutation.labels import column_codes, words
from tests.evaluation.mutation.markup import content, remove
from tests.evaluation.mutation.pages import HtmlPage, mutation


@mutation("table")
def insert_column(page: HtmlPage) -> bool:
    """A column that the form lacks stands behind the last one, with numbers or remarks: nothing changes."""
    sheet = page.choose(sheet for sheet in sheets(page) if sheet.header and sheet.header[-1].own)
    if sheet is None:
        return False
    label, made = page.random.choice((("备注", None), ("备注", "无变化"), ("同比增减", "number"), ("上年同期数", "number")))
    top = etree.SubElement(sheet.header[0].tr, sheet.header[-1].own[-1].cell.tag)
    top.set("rowspan", str(len(sheet.header)))
    top.text = label
    for number in sheet.data:
        cell = etree.SubElement(sheet.rows[number].tr, "td")
        cell.text = str(page.random.randrange(1, 900)) if made == "number" else made
    return True


def _columns(page: HtmlPage, sheet: Sheet) -> dict[str, etree._Element]:
    """The columns of a table by code, each with its only header cell; none where a row is not wholly known or another table goes on."""
    if page.source.form is None:
        return {}
    rows = [sheet.rows[number] for number in sheet.data]
    codes = {page.figure(key).column or "" for row in rows for key in row.keys} - {""}
    if any({page.figure(key).column for key in row.keys} != codes or len(row.keys) != len(codes) for row in rows):
        return {}
    beside = {page.figure(key).column for key in page.cells if not any(key in row.keys for row in rows)}
    if codes & beside and len(codes) > 3:
        return {}  # the rest of the table stands elsewhere, perhaps without a header of its own
    known = column_codes(page.source.form)
    heads: dict[str, list[etree._Element]] = {code: [] for code in codes}
    for row in sheet.rows:
        for slot in () if row.keys else row.own:
            for code in codes & known.get(words(content(slot.cell)), frozenset()):
                heads[code].append(slot.cell)
        if not row.keys and any(content(slot.cell).isdigit() for slot in row.own):
            return {}
    return {code: cells[0] for code, cells in sorted(heads.items()) if len(cells) == 1}


def _key(page: HtmlPage, row: GridRow, code: str) -> str:
    return next(key for key in row.keys if page.figure(key).column == code)


def _cell(page: HtmlPage, row: GridRow, code: str) -> etree._Element:
    return page.cells[_key(page, row, code)]


def _exchange(one: etree._Element, other: etree._Element) -> None:
    """Exchanges what two cells hold."""
    first, second = [copy.deepcopy(child) for child in one], [copy.deepcopy(child) for child in other]
    texts = one.text, other.text
    for cell, children, text in ((one, second, texts[1]), (other, first, texts[0])):
        for child in list(cell):
            cell.remove(child)
        cell.text = text
        cell.extend(children)


@mutation("table")
def swap_columns(page: HtmlPage) -> bool:
    """Two columns have changed places with their headers: each figure stays what it is by its labels."""
    choices = []
    for sheet in sheets(page):
        heads = _columns(page, sheet)
        pairs = [(one, other) for one in heads for other in heads if one < other]
        choices += [(sheet, heads, *pair) for pair in pairs if heads[pair[0]].getparent() is heads[pair[1]].getparent()]
    choice = page.choose(choices)
    if choice is None:
        return False
    sheet, heads, one, other = choice
    _exchange(heads[one], heads[other])
    for number in sheet.data:
        first, second = (_key(page, sheet.rows[number], code) for code in (one, other))
        _exchange(page.cells[first], page.cells[second])
        page.cells[first], page.cells[second] = page.cells[second], page.cells[first]
    return True


@mutation("table")
def drop_column(page: HtmlPage) -> bool:
    """A column is not there, nor its header: its figures are gone, the others stay."""
    choices = [(sheet, heads, code) for sheet in sheets(page) if len(heads := _columns(page, sheet)) > 2 for code in heads]
    choice = page.choose(choices)
    if choice is None:
        return False
    sheet, heads, code = choice
    head = next(slot for row in sheet.rows for slot in row.own if slot.cell is heads[code])
    for row in sheet.rows[: head.row]:
        for slot in row.own:
            if slot.column <= head.column < slot.column + slot.across:
                if slot.across == 1:
                    return False
                stretch(slot.cell, "colspan", -1)
    remove(head.cell)
    for number in sheet.data:
        remove(_cell(page, sheet.rows[number], code))
    page.gone([key for row in sheet.rows for key in row.keys if page.figure(key).column == code])
    return True


@mutation("table")
def insert_column_between(page: HtmlPage) -> bool:
    """A column 小计 with numbers stands among the others, with its header: nothing changes."""
    choices = [(sheet, heads, code) for sheet in sheets(page) if len(heads := _columns(page, sheet)) > 2 for code in heads]
    choice = page.choose(choices)
    if choice is None:
        return False
    sheet, heads, code = choice
    head = next(slot for row in sheet.rows for slot in row.own if slot.cell is heads[code])
    for row in sheet.rows[: head.row]:
        for slot in row.own:
            if slot.column <= head.column < slot.column + slot.across:
                stretch(slot.cell, "colspan", 1)
    twin = etree.Element(head.cell.tag, rowspan=str(head.down))
    twin.text = "部门小计"
    head.cell.addprevious(twin)
    for number in sheet.data:
        cell = etree.Element("td")
        cell.text = str(page.random.randrange(1, 900))
        _cell(page, sheet.rows[number], code).addprevious(cell)
    return True
