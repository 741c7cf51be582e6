"""Mutations of flattened text, where a table has lost its spans and often its blanks: by lines and by cells."""

from __future__ import annotations

from tests.evaluation.mutation.labels import SHORTEST, cut, garbled, is_clear, unknown_label
from tests.evaluation.mutation.pages import FlatPage, is_plain, mutation
from tests.evaluation.mutation.table_style import WIDE

Place = tuple[int, int]


def _numbers(page: FlatPage) -> list[str]:
    return [key for key in page.cells if is_plain(page.figure(key))]


def _remove(page: FlatPage, places: list[Place]) -> None:
    """Takes cells out of their lines, and lines that held nothing else out of the text."""
    for line, piece in sorted(places, reverse=True):
        parts = page.lines[line] or []
        del parts[piece]
        if not any(part.strip() for part in parts) and len(parts) < 2:
            page.lines[line] = None


def _rows(page: FlatPage) -> list[tuple[list[Place], list[str]]]:
    """The rows that have lines of their own, with the figures in them by key."""
    found = []
    keys = {place: key for key, place in page.cells.items()}
    used = [line for row in page.rows for line in {place[0] for place in row}]
    for row in page.rows:
        inside = [keys[place] for place in row if place in keys]
        if inside and all(used.count(line) == 1 for line in {place[0] for place in row}):
            found.append((row, inside))
    return found


@mutation("text")
def drop_cell_(page: FlatPage) -> bool:
    """A cell with a number is not there: its figure is gone, the others stay what they are."""
    key = page.choose(_numbers(page))
    if key is None:
        return False
    _remove(page, [page.cells[key]])
    page.gone([key])
    return True


@mutation("text")
def drop_blanks_(page: FlatPage) -> bool:
    """Empty cells are left out, in one row or in all: their figures are gone, the others stay what they are."""
    rows = [[key for key in keys if page.figure(key).status == "blank"] for _, keys in _rows(page)]
    chosen = page.some([keys for keys in rows if keys])
    _remove(page, [page.cells[key] for keys in chosen for key in keys])
    for keys in chosen:
        page.gone(keys)
    return bool(chosen)


@mutation("text")
def drop_row_(page: FlatPage) -> bool:
    """A row is not there: its figures are gone, all others stay."""
    row = page.choose(_rows(page))
    if row is None:
        return False
    for line, _ in row[0]:
        page.lines[line] = None
    page.gone(row[1])
    return True


@mutation("text")
def insert_row_(page: FlatPage) -> bool:
    """A row that no form has, with numbers, stands among the others: nothing changes."""
    row = page.choose((cells, keys) for cells, keys in _rows(page) if page.label(keys[0]) is not None)
    if row is None or page.source.form is None:
        return False
    cells, keys = row
    values = {page.cells[key]: str(page.random.randrange(1, 900)) for key in keys}
    label = page.label(keys[0])
    lines = sorted({line for line, _ in cells})
    texts = []
    for line in lines:
        parts = list(page.lines[line] or [])
        for piece in range(len(parts)):
            if (line, piece) == label:
                parts[piece] = f"{unknown_label(page.source.form, page.random)} "
            elif (line, piece) in values:
                parts[piece] = f" {values[line, piece]} "
        texts.append("|".join(parts))
    page.added[lines[-1]] = texts
    return True


@mutation("text")
def repeat_header_(page: FlatPage) -> bool:
    """The line above a table's first row stands once more between two rows: nothing changes."""
    rows = _rows(page)
    if len(rows) < 3:
        return False
    first = rows[0][0][0][0]
    above = page.lines[first - 1]
    if above is None or "|" not in page.source.text.splitlines()[first - 1]:
        return False
    same = [row for row in rows if len(row[0]) == len(rows[0][0])]
    row = page.choose(same[1:])
    if row is None:
        return False
    page.added[row[0][-1][0]] = ["|".join(above)]
    return True


@mutation("text")
def split_table_(page: FlatPage) -> bool:
    """A line of other text, as the foot of a printed page, stands between two rows: nothing changes."""
    row = page.choose(_rows(page))
    if row is None:
        return False
    page.added[max(line for line, _ in row[0])] = [page.random.choice(("- 3 -", "第3页 共5页", ""))]
    return True


@mutation("text")
def garble_label_(page: FlatPage) -> bool:
    """One label in five has a character or two lost, doubled or mistaken, and still is nearer to itself than to any other."""
    return _spoil(page, garbled)


@mutation("text")
def cut_label_(page: FlatPage) -> bool:
    """One label in five has lost its end, and begins no other label of the form."""
    return _spoil(page, cut)


def _spoil(page: FlatPage, how: object) -> bool:
    assert callable(how)
    found = dict.fromkeys(label for key in page.cells if (label := page.label(key)) is not None)
    every = [label for label in found if len(page.read(label)) >= SHORTEST]
    changed = 0
    for label in page.random.sample(every, max(1, len(every) // 5)) if every and page.source.form else ():
        spoiled = how(page.read(label), page.random)
        if is_clear(spoiled, page.read(label), page.source.form or ""):
            page.write(label, spoiled)
            changed += 1
    return changed > 0


@mutation("text")
def full_width_digits_(page: FlatPage) -> bool:
    """Digits are full-width, in one cell or in all."""
    keys = page.some(_numbers(page))
    for key in keys:
        page.write(page.cells[key], page.figure(key).raw.translate(WIDE))
    return bool(keys)


@mutation("text")
def units_in_cells_(page: FlatPage) -> bool:
    """Units stand behind the numbers."""
    keys = page.some(key for key in _numbers(page) if page.figure(key).unit)
    for key in keys:
        page.write(page.cells[key], f"{page.figure(key).raw}{page.figure(key).unit}")
    return bool(keys)


@mutation("text")
def thousands_separators_(page: FlatPage) -> bool:
    """Numbers from a thousand on have separators."""
    keys = page.some(key for key in _numbers(page) if (page.figure(key).value or 0) >= 1000)
    for key in keys:
        page.write(page.cells[key], f"{page.figure(key).value:,}")
    return bool(keys)


@mutation("text")
def misprint_(page: FlatPage) -> bool:
    """A number is another one, so that sums are off: what is printed counts."""
    key = page.choose(_numbers(page))
    if key is None:
        return False
    value = page.random.randrange(10, 90_000)
    page.write(page.cells[key], str(value))
    page.becomes(key, value, str(value))
    return True


@mutation("text")
def empty_cell_(page: FlatPage) -> bool:
    """A cell with a number is empty: blank, or nobody can tell."""
    key = page.choose(_numbers(page))
    if key is None:
        return False
    page.write(page.cells[key], "")
    page.becomes(key, None, "")
    return True


@mutation("text")
def two_numbers_(page: FlatPage) -> bool:
    """A cell holds two numbers: its figure is neither."""
    key = page.choose(_numbers(page))
    if key is None:
        return False
    page.write(page.cells[key], f"{page.figure(key).raw} {page.random.randrange(1, 99)}")
    page.muddled(key)
    return True


@mutation("text")
def blanks_removed_(page: FlatPage) -> bool:
    """No blanks stand around `|`."""
    page.lines = [parts and [part.strip() for part in parts] for parts in page.lines]
    return True


@mutation("text")
def tabs_(page: FlatPage) -> bool:
    """Tabs stand between the cells, as copied from a browser."""
    if any(len({line for line, _ in row}) > 1 for row in page.rows):
        return False
    page.written = page.text().replace(" | ", "\t").replace("|", "\t")
    return True
