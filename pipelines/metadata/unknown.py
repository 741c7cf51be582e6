"""Labels of a header that no rule knows: named, so that new ones are noticed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipelines.decode.document import Document, Line
from pipelines.labels import field_of
from pipelines.metadata.header import LONGEST_LINE, Pair
from pipelines.metadata.wording import kind_of_organ

# A label: a few characters before a colon or in brackets.
_WORD = r"[\u3400-\u9fff/]{2,8}"
_LABEL = re.compile(rf"(?:^|(?<=[\s|;\d)\]】]))[\[【]?(?P<label>{_WORD})[\]】]?\s*:|[\[【](?P<bracketed>{_WORD})[\]】]")
_CELL = re.compile(rf"[\[【]?(?P<label>{_WORD})[\]】]?:?")
# Header rows are known by so many labels that are known.
FEWEST_KNOWN = 2
MOST = 10


def _in_cells(line: Line) -> Iterator[str]:
    """The cells at the places of labels: every second one from the first label that is known."""
    cells = [" ".join(cell.clean.split()).replace(" ", "") for cell in line.cells or ()]
    if len(cells) % 2:
        return
    for cell in cells[::2]:
        if (match := _CELL.fullmatch(cell)) and field_of(cell) is None:
            yield match["label"]


def _in_text(line: Line) -> Iterator[str]:
    for match in _LABEL.finditer(line.clean):
        label = match["label"] or match["bracketed"]
        if field_of(label) is None and kind_of_organ(label) is None:
            yield label


def _is_header(line: Line) -> bool:
    """Whether every second cell of a row is a label, at least one of them known."""
    return any(field_of(cell.clean) is not None for cell in (line.cells or ())[::2])


def unknown_labels(document: Document, pairs: Sequence[Pair]) -> list[str]:
    """The labels that stand between known ones and are unknown, at most `MOST`, in the order of the page.

    Looked for on the lines and in the tables that have at least two known labels; what only ends a value (浏览次数) is known.
    """
    numbers = {pair.line for pair in pairs}
    if len(numbers) == 0 or len(pairs) < FEWEST_KNOWN:
        return []
    tables = {document.lines[number].table for number in numbers if document.lines[number].cells is not None}
    found: dict[str, None] = {}
    for number, line in enumerate(document.lines[: max(numbers) + 4]):
        is_own = number in numbers
        if not (is_own or (line.cells is not None and line.table in tables and _is_header(line))) or len(line.clean) > LONGEST_LINE:
            continue
        found.update(dict.fromkeys(_in_text(line) if line.cells is None else _in_cells(line)))
    return list(found)[:MOST]
