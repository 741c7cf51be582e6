"""What a paragraph remembers while it is read: time and actor in force, the total whose parts follow, and what was stated."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from giar_crawler.items import Number
from pipelines.statistics.prose.adding import adding, numbers_in
from pipelines.statistics.prose.labels import CHANNELS, actor_of
from pipelines.statistics.prose.lexicon import Token
from pipelines.statistics.prose.rules import Rule
from pipelines.statistics.prose.state import PART, UNKNOWN, Counted, Manner, Setting, State, Stated, Total

# The topics of headings that are families of totals too.
TOTALS = frozenset({"proactive", "requests", "staff", "training"})
# Requests of another year are no part of those received.
CARRIED = "requests.carried"
CARRIED_OVER = "requests.carried_over[total]"
RECEIVED = "requests_received_count"
# What some requests are about, among the parts of a total.
SUBJECT = "subject"
# What another body or part of it did, among the parts of a total.
BODY = "body"
WEBSITE = "channel_website_info_count"
# `截至目前`: how many there are, of what there is.
UNTIL = "截"
# What the parts of a list of unknown things are parts of.
UNKNOWN_THINGS = ("unknown",)
# What begins a paragraph that lists the parts of what the one before told.
LISTS = ("其中", "包括")
KINDS_OF_STAFF = ("staff_full_time_count", "staff_part_time_count")
WAYS = ("requests_in_person_count", "requests_fax_count", "requests_online_count", "requests_letter_count")
APPLICANTS = "requests.received_new"
OUTCOMES = (("refused",), ("undone",))
# `行政复议3件;行政诉讼2件,维持2件`: of two totals told one behind the other a part is one of the nearest.
CASES = frozenset({"review", "litigation", "direct", "after_review"})
# So far back it is looked for what a statement contradicts or replaces; no paragraph states more.
RECENT = 100


@dataclass(slots=True)
class Memory:
    """The memory of a paragraph.

    `stated` is all that was stated, from `first` on in this sentence, from `began` on behind its last semicolon. `pending` is the
    label of the clause before, `last` that of the last number, `heading` the words right above. `unsure`: the sentence speaks of
    unknown things; `listing`: behind `其中`, of `listed_of`; `others`: the last number is another body's. `text` is the sentence,
    `said` the whole paragraph; `other_year`: the sentences since the last year named are of another one; `requested`: requests for
    disclosure were told; `planned` is what a clause of plans was about; `told` is how much was stated before the last clause;
    `led`: the sentence began with what a leader attended; `compared` is what the clause in hand compares with another year, `reached`
    what the one before it does, `accounts` the channel of which accounts were counted, `rowed` how much of the row stood before the
    last semicolon; `sorts` is what the kinds or issues told last are of; `earlier` is what the paragraph before stated; `pieces` are
    the words of the sentence between its semicolons, `ahead` gives what stands behind the last of them, `behind` has its numbers once
    they were asked for; `row` has its numbers, `opened` the last clause without one and how many stood before it; `bracketed`: the
    clause is all that brackets hold behind a number, `named` their label before one; `base` is where the piece in hand begins, `place`
    where its last number does, `since` where that of the last total does; `sites`: the sentence tells what other websites published;
    `inside`: behind a `其中` since its last semicolon, or behind `其中:`, which lists what semicolons part (`listed_on`); `near` and
    `beside` are which rules found their pattern in the paragraph and in the sentence.
    """

    setting: Setting
    state: State = field(default_factory=State)
    stated: list[Stated] = field(default_factory=list)
    first: int = 0
    began: int = 0
    pending: tuple[str, ...] = ()
    last: tuple[str, ...] = ()
    unsure: bool = False
    listing: bool = False
    others: bool = False
    listed_of: tuple[str, ...] = ()
    text: str = ""
    said: str = ""
    heading: str = ""
    other_year: bool = False
    requested: bool = False
    planned: tuple[str, ...] = ()
    told: int = 0
    led: bool = False
    compared: tuple[str, ...] = ()
    reached: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    rowed: int = 0
    opened: tuple[tuple[str, ...], int] = ((), 0)
    sorts: tuple[str, ...] = ()
    earlier: list[Stated] = field(default_factory=list)
    pieces: list[tuple[int, Sequence[Token]]] = field(default_factory=list)
    ahead: Callable[[], str] = str
    behind: Sequence[Token] | None = None
    row: list[Counted] = field(default_factory=list)
    bracketed: bool = False
    named: tuple[str, ...] = ()
    base: int = 0
    place: int = -1
    since: int = -1
    sites: bool = False
    inside: bool = False
    listed_on: bool = False
    near: dict[int, bool] = field(default_factory=dict)
    beside: dict[int, bool] = field(default_factory=dict)

    def follow(self, before: Memory, text: str) -> None:
        """Goes on where the paragraph before stopped: its total, unless unknown things or another body stand between."""
        self.requested, self.earlier = before.requested, before.stated[-RECENT:]
        if before.state.total is not None and before.state.total not in (UNKNOWN, PART) and before.state.total.families:
            total = before.state.total
            families = (*total.families, *(topic for topic in self.setting.topics & TOTALS if topic not in total.families))
            self.state.total = replace(total, families=families)
        elif before.state.total in (UNKNOWN, PART) and text.startswith(LISTS):
            self.state.total = UNKNOWN

    def _is_other(self, year: int | None) -> bool:
        own = self.setting.report_year
        return year is not None and own is not None and year != own

    def _time(self, tokens: Sequence[Token]) -> None:
        compared = False
        for token in tokens:
            compared = compared or token.kind == "compare"
            if token.kind == "cumulative":
                self.state.other_time = True
            if token.time is None or compared:
                continue
            meaning, named = token.time.meaning, token.time.year
            other, month = self._is_other(named), False
            if meaning == "since":
                other = other or named is None
            elif meaning in ("other", "part"):
                other = True
            elif meaning == "whole":
                # `而在2015年,全年…`: the year that the sentence names is the one.
                other = self.state.other_time and (self.state.other_year or any(one.time and one.time.meaning == "year" for one in tokens))
            elif meaning in ("day", "month"):
                other, month = other or self.state.other_time, meaning == "month" or self.state.month
            self.state.other_time, self.state.month = other, month
            self.state.now = meaning == "other" and token.text.startswith(UNTIL)
            self.state.other_year = other if meaning == "year" else self.state.other_year and meaning != "own"
            self.state.until = self.state.until or meaning == "until"

    def _stood_behind(self, earlier: State) -> bool:
        """Goes back to what was told before the total of all years: `本年度受理37件,历年累计102件`."""
        if earlier.total is None or earlier.other_time:
            return False
        self.state = earlier
        self.state.total = replace(earlier.total, running=True)
        return True

    def _dated(self, outside: State, tokens: Sequence[Token]) -> State:
        """What holds behind a time in brackets; what the clause before them told is of another one then: `12件(2014年)`."""
        earlier = self.state.copied()
        self._time(tokens)
        other = self.state.other_time and not earlier.other_time
        self.state = earlier
        if not other:
            return outside
        if self.told == len(self.stated):
            # `本年度内(截至10月底)收到申请5件`
            outside.other_time = any(token.time is not None and token.time.meaning == "part" for token in tokens)
            return outside
        for one in self.stated[self.told :]:
            one.withdrawn = True
        outside.total = UNKNOWN
        return outside

    def _actor(self, tokens: Sequence[Token], *, listed: bool, zero: bool = False) -> int:
        """Notes who acts; returns how many tokens name it."""
        who, length = actor_of(tokens, self.text, self.setting.publisher)
        if who is not None:
            # `其中市政府受理23件`: its own name among the parts is one of them.
            part = (
                listed
                and who == "own"
                and not any(token.kind in CHANNELS or token.kind in ("leader", "request_system") for token in tokens[length : length + 2])
            )
            self.state.other_actor = who == "other" or part or (who == "level" and not zero)
        return length

    def _blocked(self) -> bool:
        return self.state.other_time or self.state.other_actor or self.state.month

    def _withdraw(self, *beginnings: str, since: int = 0) -> None:
        for one in self.stated[max(since, len(self.stated) - RECENT) :]:
            one.withdrawn = one.withdrawn or one.indicator.startswith(beginnings)

    def _doubt(self, indicator: str) -> None:
        for one in self.stated[self.first :]:
            one.weak = one.weak or one.indicator == indicator

    def _in_items(self, rule: Rule) -> bool:
        return bool(rule.of) and self.state.total is not None and self.state.total.unit == "条"

    def _fits(self, rule: Rule) -> bool:
        if rule.topic and (self.unsure or not rule.topic & self.setting.topics):
            return False
        if rule.near is not None and not self._once(self.near, rule.number, rule.near, self.said):
            return False
        if rule.beside is not None and not self._once(self.beside, rule.number, rule.beside, self.text):
            return False
        if rule.first and self.state.total is not None and rule.family in self.state.total.families:
            return False
        if rule.replaces and self.state.total is None:
            return False
        if not rule.not_of.isdisjoint(self._families()):
            return False
        if rule.adds and not self._adds_up():
            return False
        return not rule.of or not rule.of.isdisjoint(self._families())

    def _once(self, known: dict[int, bool], number: int, pattern: re.Pattern[str], text: str) -> bool:
        """Whether a pattern of a rule is in a text: looked for once, however many numbers the text has."""
        if number not in known:
            known[number] = pattern.search(text) is not None
        return known[number]

    def _families(self) -> tuple[str, ...]:
        """What parts are parts of: the last total, else what the heading alone is about."""
        total = self.state.total
        if total is not None:
            lost = total.stated is not None and total.stated.withdrawn
            return UNKNOWN_THINGS if lost or (self.listing and total is UNKNOWN) else total.families
        topics = self.setting.topics & TOTALS
        return tuple(topics) if len(topics) == 1 else ()

    def _adds_up(self) -> bool:
        """Whether the number in hand and those around it add up to the total told before."""
        total = self.state.total
        if total is None or total.stated is None or total.stated.withdrawn or total.stated.rough:
            return False
        return self.place in adding(self._pieces(), self.since, total.stated.value, total.unit)

    def _pieces(self) -> Iterator[tuple[int, Sequence[Token]]]:
        yield from self.pieces
        base, tokens = self.pieces[-1]
        if self.behind is None:
            self.behind = numbers_in(self.ahead())
        yield base + tokens[-1].end, self.behind

    def _of_nearest(self, rules: Sequence[Rule], label: tuple[str, ...]) -> Sequence[Rule]:
        """Of the rules for results of reviews and of lawsuits those of which were told last, or which the label itself names.

        How requests came and from whom is told of all, not behind what became of some: `不予公开12件,其中网络申请3件`.
        """
        families = self._families()
        if families[:1] in OUTCOMES:
            return [rule for rule in rules if rule.gives not in WAYS and not rule.gives.startswith(APPLICANTS)]
        nearest = next((family for family in families if family in CASES), None)
        if nearest is None:
            return rules
        return [rule for rule in rules if not rule.of or not rule.of <= CASES or nearest in rule.of or not rule.of.isdisjoint(label)]

    def _give(self, known: Sequence[Rule], value: Number, manner: Manner) -> None:
        """States a value for all rules that are known of it, and takes it as the total of what follows where it is one."""
        total: Total | None = None
        for rule in known:
            stated = Stated(rule.gives, value, manner.rough, manner.weak or rule.weak, sole=rule.sole)
            if rule.gives and not self._add(rule, stated, fresh=manner.fresh):
                continue
            if value and rule.of and not rule.family and not rule.gives.startswith(CARRIED):
                self.state.parts = (*self.state.parts, stated)
            if rule.family and total is None:
                inherited = self._families() if rule.of else ()
                # `行政复议30件,其中政府信息公开2件,维持20件`: of the list's own total or of this one.
                running = rule.replaces and self.listing and rule.family in CASES
                total = Total((rule.family, *inherited), stated, manner.unit, running)
        if total is not None:
            self.state.total, self.state.parts = total, ()
            self.since = self.place
            if "requests" in total.families:
                self.requested = True

    def _add(self, rule: Rule, stated: Stated, *, fresh: bool) -> bool:
        """Adds a statement, unless what was told before forbids it; withdraws what it replaces."""
        if rule.replaces or fresh:
            self._withdraw(rule.gives)
        before = [one for one in self.stated[-RECENT:] if one.indicator == rule.gives and not one.withdrawn]
        for one in before:
            one.withdrawn = one.withdrawn or (one.sole and not rule.sole)
        if self.sites and rule.gives == WEBSITE:
            return False
        if rule.topic and any(one.value != stated.value and not one.sole for one in before):
            # What is plainly of disclosure was told before.
            return False
        if self.inside and rule.gives.startswith("channel_") and rule.family != "website" and "website" in self.listed_of:
            # `政府网站发布信息8951条,其中…微博114条`: more than the website's.
            self._withdraw(WEBSITE)
        same = [
            one for one in self.stated[max(self.first, len(self.stated) - RECENT) :] if one.indicator == rule.gives and not one.withdrawn
        ]
        if self.listing and same and same[0].value != stated.value:
            if rule.topic or rule.family not in CASES:
                if rule.gives in KINDS_OF_STAFF:
                    # `专职人员数1名,其中专职0名、兼职1名`
                    self._withdraw(rule.gives, since=self.first)
                # One of the parts in a list is no other total.
                return False
            # `行政复议12件、诉讼5件,其中政府信息公开类复议3件、诉讼1件`
            self._withdraw(rule.gives, since=self.first)
            same = []
        if len(same) > 1 and sum(one.value for one in same) == stated.value:
            # `收取复印费8元、邮寄费12元,合计收取费用20元`
            self._withdraw(rule.gives, since=self.first)
        if not any(one.value == stated.value for one in same):
            self.stated.append(stated)
        return True
