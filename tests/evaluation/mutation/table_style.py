"""Mutations of tables that change how things are written, and none of them: digits, units, labels, markup."""

from __future__ import annotations

import re
from decimal import Decimal

from lxml import etree

from tests.evaluation.mutation.grid import sheets
from tests.evaluation.mutation.labels import SHORTEST, cut, garbled, is_clear
from tests.evaluation.mutation.markup import content, inner, put
from tests.evaluation.mutation.pages import HtmlPage, mutation

WIDE = str.maketrans("0123456789.,+-", "０１２３４５６７８９．，＋－")


@mutation("table")
def full_width_digits(page: HtmlPage) -> bool:
    """Digits are full-width, in one cell or in all."""
    keys = page.some(page.numbers())
    for key in keys:
        put(page.cells[key], page.figure(key).raw.translate(WIDE))
    return bool(keys)


@mutation("table")
def thousands_separators(page: HtmlPage) -> bool:
    """Numbers from a thousand on have separators, ASCII or Chinese ones."""
    keys = page.some(key for key in page.numbers() if (page.figure(key).value or 0) >= 1000)
    comma = page.random.choice((",", "，"))
    for key in keys:
        put(page.cells[key], f"{page.figure(key).value:,}".replace(",", comma))
    return bool(keys)


@mutation("table")
def units_in_cells(page: HtmlPage) -> bool:
    """Units stand behind the numbers: `6件`, `160.5万元`, or the same amount in 元."""
    keys = page.some(key for key in page.numbers() if page.figure(key).unit)
    blank = page.random.choice(("", " ", "\u00a0"))
    for key in keys:
        figure = page.figure(key)
        value, unit = figure.value or 0, figure.unit
        if unit == "万元" and page.random.random() < 0.5:
            value, unit = (Decimal(value) * 10_000).normalize(), "元"
        put(page.cells[key], f"{value:f}{blank}{unit}" if isinstance(value, Decimal) else f"{value}{blank}{unit}")
    return bool(keys)


@mutation("table")
def digits_over_spans(page: HtmlPage) -> bool:
    """The digits of a number are split over spans, as Word leaves them."""
    keys = page.some(key for key in page.numbers() if len(page.figure(key).raw) > 1)
    for key in keys:
        text = page.figure(key).raw
        put(page.cells[key], "")
        holder = inner(page.cells[key])
        half = page.random.randrange(1, len(text))
        for part in (text[:half], text[half:]):
            etree.SubElement(holder, "span", lang="EN-US").text = part
    return bool(keys)


@mutation("table")
def signs_and_zeros(page: HtmlPage) -> bool:
    """Numbers are written with what means nothing: `+3`, `6.0`, blanks and no-break spaces around them."""
    keys = page.some(page.numbers())
    for key in keys:
        text = page.figure(key).raw
        styles = [f" {text}\u3000", f"\u00a0{text}\u00a0", f"\n\t{text}\n"]
        if text.isdigit():
            styles += [f"{text}.0", f"{text}.00"] + ([f"+{text}"] if text != "0" else [])
        put(page.cells[key], page.random.choice(styles))
    return bool(keys)


def _labels(page: HtmlPage) -> list[etree._Element]:
    found = dict.fromkeys(label for key in page.cells if (label := page.label(key)) is not None)
    return [label for label in found if len(content(label)) >= SHORTEST]


@mutation("table")
def garble_label(page: HtmlPage) -> bool:
    """One label in five has a character or two lost, doubled or mistaken, and still is nearer to itself than to any other."""
    form = page.source.form
    every = _labels(page)
    changed = 0
    for label in page.random.sample(every, max(1, len(every) // 5)) if every and form else ():
        spoiled = garbled(content(label), page.random)
        if is_clear(spoiled, content(label), form or ""):
            put(label, spoiled)
            changed += 1
    return changed > 0


@mutation("table")
def cut_label(page: HtmlPage) -> bool:
    """One label in five has lost its end, and begins no other label of the form."""
    form = page.source.form
    every = _labels(page)
    changed = 0
    for label in page.random.sample(every, max(1, len(every) // 5)) if every and form else ():
        spoiled = cut(content(label), page.random)
        if is_clear(spoiled, content(label), form or ""):
            put(label, spoiled)
            changed += 1
    return changed > 0


@mutation("table")
def broken_labels(page: HtmlPage) -> bool:
    """Labels are broken over lines and spans, or have blanks between their characters."""
    labels = _labels(page)
    for label in labels:
        text = content(label)
        half = page.random.randrange(1, len(text))
        style = page.random.randrange(3)
        put(label, text[:half] if style < 2 else "\u3000".join(text))
        if style < 2:
            etree.SubElement(inner(label) if len(label) else label, "br" if style else "span").text = None if style else text[half:]
        if style == 1:
            next(label.iter("br")).tail = text[half:]
    return bool(labels)


@mutation("table")
def white_space_removed(page: HtmlPage) -> bool:
    """There is no white space in the tables, neither between tags nor inside labels."""
    values = set(page.cells.values())
    for sheet in sheets(page):
        for element in sheet.table.iter():
            if element in values or any(cell in values for cell in element.iterancestors("td", "th")):
                continue
            element.text = "".join((element.text or "").split())
        for element in sheet.table.iterdescendants():
            if not any(cell in values for cell in element.iterancestors("td", "th")):
                element.tail = "".join((element.tail or "").split())
    return True


@mutation("table")
def layout_tables(page: HtmlPage) -> bool:
    """Each table stands in one to three layout tables, with other cells beside it."""
    for sheet in sheets(page):
        table = sheet.table
        for _ in range(page.random.randrange(1, 4)):
            frame = etree.Element("table", width="100%")
            frame.tail, table.tail = table.tail, None
            table.addprevious(frame)
            row = etree.SubElement(frame, "tr")
            if page.random.random() < 0.5:
                etree.SubElement(row, "td").text = page.random.choice(("\u00a0", "政府信息公开年报", "打印 关闭"))
            etree.SubElement(row, "td").append(table)
            table = frame
    return True


@mutation("table")
def tags_left_open(page: HtmlPage) -> bool:
    """Cells, rows and paragraphs are not closed, as in pages written by hand."""
    markup = re.sub(r"</(?:td|th|tr|p|li)>", "", page.text())
    # Without its end tag a cell takes in what stands behind an inner table.
    if any(next(sheet.table.iterancestors("td"), None) is not None for sheet in sheets(page)):
        return False
    page.written = markup
    return True
