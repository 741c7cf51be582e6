"""Numbers of a sentence that add up to the total told before them: one of unknown words among them is a part like the others."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import islice
from operator import attrgetter

from giar_crawler.items import Number
from pipelines.statistics.prose.lexicon import Token

START = attrgetter("start")
# No list of parts has more words.
MOST_TOKENS = 200


def adding(tokens: Sequence[Token], since: int, total: Number, unit: str) -> frozenset[int]:
    """Where the numbers behind a place begin that together make a total, in rows one behind the other; what brackets hold is left out."""
    rows: list[int] = []
    row: list[int] = []
    left, depth = total, 0
    begin = bisect_right(tokens, since, key=START)
    for token in islice(tokens, begin, begin + MOST_TOKENS):
        if token.kind == "separator":
            depth = max(0, depth + (token.text == "(") - (token.text == ")"))
        quantity = token.quantity
        if depth or token.kind != "number" or quantity is None or quantity.unit != unit:
            continue
        row.append(token.start)
        left -= quantity.value
        if left < 0 or quantity.rough:
            break
        if left == 0:
            rows += row
            row, left = [], total
    return frozenset(rows)
