"""What the reading of a paragraph knows between its words: its setting, what was stated, what the parts that follow are parts of."""

from __future__ import annotations

from dataclasses import dataclass

from giar_crawler.items import Number

# None of these classes is frozen: a page makes dozens of each, and freezing makes them four times as slow.


@dataclass(slots=True)
class Stated:
    """A number that a sentence states for a figure; `sole`: only where the report tells of no other requests than these."""

    indicator: str
    value: Number
    rough: bool = False
    weak: bool = False
    withdrawn: bool = False
    sole: bool = False


@dataclass(slots=True)
class Counted:
    """A number of a sentence with its words and whose and of when it is."""

    label: tuple[str, ...]
    value: Number
    unit: str
    other_actor: bool
    other_time: bool


@dataclass(slots=True)
class Total:
    """What the parts that follow are parts of, the nearest first; `stated` is the figure of the nearest.

    `running`: the total of all years stood behind it, so that only parts that add up are its own.
    """

    families: tuple[str, ...] = ()
    stated: Stated | None = None
    unit: str = ""
    running: bool = False


UNKNOWN = Total()
# A part of the total whose own parts follow: none of them is one of all.
PART = Total(("part",))


@dataclass(slots=True)
class Setting:
    """What is known of the report around a sentence: its year, its own body, what the heading is about."""

    report_year: int | None = None
    publisher: str | None = None
    topics: frozenset[str] = frozenset()


@dataclass(slots=True)
class State:
    """What the words so far leave for those that follow: of when and of whom they speak, and what the last total was.

    `now`: that other time is the day of the report; `other_year`: the sentence itself names another year; `parts` are the parts of the last
    total that it told.
    """

    other_time: bool = False
    now: bool = False
    other_year: bool = False
    month: bool = False
    other_actor: bool = False
    until: bool = False
    total: Total | None = None
    parts: tuple[Stated, ...] = ()

    def copied(self) -> State:
        """A copy to go back to, whatever the words that follow change."""
        times = (self.other_time, self.now, self.other_year, self.month)
        return State(*times, self.other_actor, self.until, self.total, self.parts)


@dataclass(slots=True)
class Manner:
    """How a number is stated, and its counting word.

    Roughly, only indirectly (`weak`), for all things named (`each`), anew in place of an older total (`fresh`), in a way that is no
    statement (`doubtful`: a bound, a running total).
    """

    unit: str = ""
    rough: bool = False
    weak: bool = False
    each: bool = False
    fresh: bool = False
    doubtful: bool = False
