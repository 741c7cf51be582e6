"""What stands before and behind a number, and what `and` joins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipelines.statistics.prose.labels import BESIDE
from pipelines.statistics.prose.lexicon import Token

# What may stand before `未` or `没有` and changes nothing.
HARMLESS = frozenset({"disclosure", "request", "info", "about", "happen", "and", "apply", "each", "because", "natural", "org_all"})

STAFF = frozenset({"staff", "full_time", "part_time"})
MICROS = {"微博": "weibo", "微信": "wechat"}
# No count is so long without a counting word behind it.
MOST_BARE_DIGITS = 6
# `2名兼职人员负责…`
DUTIES = frozenset({"scope", "handle", "undertake", "appoint", "hold", "spend"})


def readings(said: tuple[str, ...], thing: tuple[str, ...]) -> list[tuple[str, ...]]:
    """A thing with what is said before the negation, and without it where that changes nothing."""
    alone = [thing] if HARMLESS.issuperset(said) else []
    return [said + thing, *alone] if said else [thing]


def parts(label: tuple[str, ...]) -> list[list[tuple[str, ...]]]:
    """The things that `and` joins, each in two readings: with the words that the first one shares with it, and without them."""
    parts: list[list[str]] = [[]]
    for word in label:
        if word == "and":
            parts.append([])
        else:
            parts[-1].append(word)
    things = [tuple(part) for part in parts if part]
    if not things:
        return []
    return [[things[0]], *([things[0][:-1] + thing, thing] for thing in things[1:])]


def tail_of(between: list[Token], *, last: bool) -> list[Token]:
    """Of the words between two numbers those that belong to the first: up to the last `and`; all behind the last number."""
    if last:
        return between
    place = max((index for index, token in enumerate(between) if token.kind == "and"), default=0)
    return between[:place]


def loose(tokens: Sequence[Token], index: int) -> bool:
    """Whether a number has neither a counting word nor an end behind it: part of a code, a row of a table."""
    quantity = tokens[index].quantity
    if quantity is None or quantity.unit:
        return False
    digits = tokens[index].text
    if len(digits) > MOST_BARE_DIGITS or (digits[0] == "0" and len(digits) > 1):
        # The values of a row run together: `申请数量4110118`.
        return True
    if index + 1 == len(tokens):
        return False
    return tokens[index + 1].kind not in ("and", "each", "respectively", "neg", "time")


def aside(tokens: Sequence[Token], index: int) -> bool:
    """Whether a number only leads to another one (`从300条增加到320条`) or describes something (`收到3件的单位`)."""
    following = tokens[index + 1 : index + 3]
    if not following:
        return False
    if following[0].kind == "compare":
        return following[0].text.endswith(("到", "至"))
    return following[0].text == "的" and len(following) == 2 and following[1].kind == "gap"


def attached(behind: Sequence[Token]) -> bool:
    """Whether the first word that says something behind a number is a thing that it counts (`12件政府信息公开申请`)."""
    for token in behind:
        if token.kind == "granted" and token.text.startswith("全部"):
            return False
        if token.kind in (
            "each",
            "respectively",
            "neg",
            "on_time",
            "late",
            "share",
            "compare",
            "time",
            "rough",
            "scope",
            "appoint",
            "complete",
            "handle",
            "reply",
            "in_term",
            "and",
        ):
            return False
        if token.kind not in BESIDE:
            return True
    return False


def both_micros(tokens: Sequence[Token]) -> list[Token]:
    """The tokens with `微博、微信` as the two channels that it names, in their order."""
    parted: list[Token] = []
    for token in tokens:
        names = sorted(MICROS, key=token.text.find)
        if token.kind != "two_micro" or any(name not in token.text for name in names):
            parted.append(token)
            continue
        first, second = (replace(token, kind=MICROS[name], text=name) for name in names)
        parted += [first, replace(token, kind="and", text="、"), second]
    return parted


def conjuncts(tokens: Sequence[Token]) -> list[list[Token]]:
    """The tokens between the words for `and`."""
    parts: list[list[Token]] = [[]]
    for token in tokens:
        if token.kind == "and":
            parts.append([])
        else:
            parts[-1].append(token)
    return [part for part in parts if part]


def beginning(tokens: Sequence[Token], index: int) -> int:
    """Where the clause of a token begins."""
    while 0 < index < len(tokens) and not (tokens[index - 1].kind == "separator" and tokens[index - 1].text in ",;"):
        index -= 1
    return index


def until_duty(behind: list[Token]) -> list[Token]:
    """Of what stands behind a number of people what names them, without what they do: `兼职人员[承办信息公开日常事务]`."""
    end = next((index for index, token in enumerate(behind) if token.kind in DUTIES), len(behind))
    return behind if not end and any(token.kind in STAFF for token in behind) else behind[:end]
