"""Which lines of a page are the report itself: without navigation, header table and footer."""

from __future__ import annotations

from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import Any

from pipelines.data import any_of, load
from pipelines.decode.document import Line
from pipelines.decode.html import Container
from pipelines.decode.sections import is_heading
from pipelines.digest import is_furniture
from pipelines.labels import labels

# The body holds at least this share of the page's weight; the smallest container that does is the body.
ENOUGH = 0.9
# A known container is believed when it holds at least this share: a side box may bear the same class.
ENOUGH_OF_KNOWN = 0.5
# The header stands among the first lines.
HEADER_LINES = 40
# Buttons and footers are short lines; a longer one is text that may name what a footer names.
PARAGRAPH = 300
# So many lines of such a length above the report are an abstract; with more of them, or with a section, it has begun.
SENTENCE, MOST_PARAGRAPHS = 60, 2


@cache
def _parts() -> dict[str, Any]:
    shape = {"containers": [str], "above": any_of, "below": any_of, "below_within": any_of}
    data: dict[str, Any] = load(Path(__file__).with_name("page_parts.yaml"), shape)
    return data


def _weight(line: Line) -> int:
    """How much a line speaks for being report: its text outside links; short lines are menus more often than text."""
    own = len(line.raw) - line.linked
    if line.cells is None:
        return own if own >= 10 and not is_furniture(line.raw) else 0
    return max(own, 4 * len(line.cells)) if own else 0


def _known(container: Container, names: frozenset[str]) -> bool:
    element = container.element
    return (element.get("id") or "").lower() in names or not names.isdisjoint((element.get("class") or "").lower().split())


def main_range(lines: list[Line], containers: list[Container]) -> range:
    """The lines of the element that holds the report; all lines when no element does.

    That is the smallest known container with most of the page's text in it. Where there is none, it is the smallest element with nearly all
    text, widened while what stands around it is text as well: a signature below a table, a paragraph above it.
    """
    weights = list(accumulate(map(_weight, lines), initial=0))
    total = weights[-1]
    if not total:
        return range(len(lines))
    shares = [(container, (weights[container.stop] - weights[container.start]) / total) for container in containers]
    names = frozenset(_parts()["containers"])
    known = [container for container, share in shares if share >= ENOUGH_OF_KNOWN and _known(container, names)]
    if known:
        best = min(known, key=lambda container: container.stop - container.start)
        return range(best.start, best.stop)
    around = sorted((container for container, share in shares if share >= ENOUGH), key=lambda container: container.stop - container.start)
    if not around:
        return range(len(lines))
    body = range(around[0].start, around[0].stop)
    for container in around[1:]:
        if not all(_is_text(line) for line in (*lines[container.start : body.start], *lines[body.stop : container.stop])):
            break
        body = range(container.start, container.stop)
    return body


def _is_text(line: Line) -> bool:
    """Whether a line beside the body can belong to it: no link, no header, none of what stands above and below reports."""
    if line.linked or labels().opening.match(line.clean):
        return False
    return not (_parts()["above"].match(line.clean) or (len(line.clean) < PARAGRAPH and _is_below(line.clean)))


def _is_below(text: str) -> bool:
    parts = _parts()
    return (parts["below"].match(text) or parts["below_within"].search(text)) is not None


def trim(lines: list[Line], within: range) -> range:
    """The range without the breadcrumb and header above the report, and without the buttons and footer below it."""
    start, stop = within.start, within.stop
    header, above = labels().opening, _parts()["above"]
    paragraphs = 0
    for index in range(start, min(stop, start + HEADER_LINES)):
        line = lines[index]
        # The source is often printed once more below a short report.
        paragraphs += line.cells is None and len(line.clean) >= SENTENCE and header.match(line.clean) is None
        if paragraphs > MOST_PARAGRAPHS or is_heading(line):
            break
        leads = start == index and (_is_below(line.clean) or line.linked * 2 > len(line.raw) or is_furniture(line.clean))
        if leads or header.match(line.clean) or above.match(line.clean):
            start = index + 1
    last = start + (stop - start) * 2 // 3
    for index in range(last, stop):
        line = lines[index]
        text = line.clean
        if len(text) < PARAGRAPH and ((line.cells is None and index > last and header.match(text)) or _is_below(text)):
            stop = index
            break
    while stop > start and _trails(lines[stop - 1]):
        stop -= 1
    return range(start, stop)


def _trails(line: Line) -> bool:
    return line.cells is None and (line.linked * 2 > len(line.raw) or is_furniture(line.clean))
