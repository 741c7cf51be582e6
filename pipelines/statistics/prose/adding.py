"""Numbers of a sentence that add up to the total told before them: one of unknown words among them is a part like the others."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from giar_crawler.items import Number
from pipelines.statistics.prose.lexicon import Token
from pipelines.statistics.prose.quantities import quantity_at

NUMBERS = re.compile("(?P<sign>[();])|(?P<listed>其中|包括)|[0-9一二两三四五六七八九十百]")
# No list of parts has more words.
MOST_TOKENS = 200


def numbers_in(text: str) -> list[Token]:
    """The numbers, brackets, semicolons and words for a list in a text: all that an addition needs of it."""
    found: list[Token] = []
    place = 0
    while (match := NUMBERS.search(text, place)) is not None:
        start, place = match.span()
        if match["sign"]:
            found.append(Token("separator", match["sign"], start, place))
        elif match["listed"]:
            found.append(Token("listed", match["listed"], start, place))
        elif (quantity := quantity_at(text, start)) is not None:
            place = max(place, quantity.end)
            found.append(Token("number" if quantity.counts else "share", text[start:place], start, place, quantity=quantity))
    return found


def adding(pieces: Iterable[tuple[int, Sequence[Token]]], since: int, total: Number, unit: str) -> frozenset[int]:
    """Where the numbers behind a place begin that together make a total, in rows one behind the other; what brackets hold is left out.

    `pieces` are the words between the semicolons of a sentence, each with the place where it begins.
    """
    rows: list[int] = []
    row: list[int] = []
    left, depth, aside, last = total, 0, False, 0
    words = ((base, token) for base, tokens in pieces for token in tokens if base + token.start > since)
    for _, (base, token) in zip(range(MOST_TOKENS), words, strict=False):
        if base != last or (token.kind == "separator" and token.text == ";"):
            last, aside = base, False
        if token.kind == "separator":
            depth = max(0, depth + (token.text == "(") - (token.text == ")"))
        # `公开38件;不予公开8件,其中国家秘密2件;信息不存在5件`: parts of a part.
        aside = aside or (token.kind == "listed" and bool(row))
        quantity = token.quantity
        if depth or aside or token.kind != "number" or quantity is None or quantity.unit != unit:
            continue
        row.append(base + token.start)
        left -= quantity.value
        if left < 0 or quantity.rough:
            break
        if left == 0:
            rows += row
            row, left = [], total
    return frozenset(rows)
