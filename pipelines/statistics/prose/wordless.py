"""Clauses without a number: zeros said in words, what `全部` says of the last total, and what a clause leads to in those that follow."""

from __future__ import annotations

from collections.abc import Sequence

from giar_crawler.items import Number
from pipelines.statistics.prose.labels import label_of, label_of_heading
from pipelines.statistics.prose.lexicon import Token
from pipelines.statistics.prose.memory import CARRIED_OVER, RECEIVED
from pipelines.statistics.prose.narrowing import REVIEWS, Narrowing
from pipelines.statistics.prose.rules import Rule, matching
from pipelines.statistics.prose.sequences import parts, readings
from pipelines.statistics.prose.state import UNKNOWN, Manner, Total

Label = tuple[str, ...]

# `申请办结率100%`; of anything else it opens another matter.
OWN_RATE = frozenset({"rate", "apply", "request", "disclosure"})
# What `均` may be said of.
WHOSE = frozenset({"apply", "request", *REVIEWS})
RESULTS = frozenset({"upheld", "dismissed", "corrected"})
# `未发生`, `没有收到`: what was named before, in the sentence or in the heading.
BARE = frozenset({"happen", "receive", "collect", "and"})
# `没有被纠错的行政复议和行政诉讼` denies only some of either.
QUALIFYING = frozenset({"corrected", "upheld", "dismissed", "annulled"})
# `没有涉及政府信息公开的`: the cases told before are none of ours.
UNRELATED = (("because",), ("happen", "disclosure"))
# Words that make a clause speak of something that is handled, so that `办结15件` behind it is about that.
HANDLING = frozenset({"receive", "accept", "handle", "in_progress", "complete", "reply", "rate"})


def names_a_figure(heading: str) -> bool:
    """Whether `无。` under a heading states a figure: one of what the heading names, or of a part of it."""
    label = label_of_heading(heading)
    return any(matching(one) for things in ([label], *parts(label)) for one in things)


class Wordless(Narrowing):
    """A paragraph as far as it reads clauses without a number."""

    def _wordless(self, tokens: list[Token]) -> None:
        if any(token.kind == "neg" for token in tokens):
            self._zeros(tokens)
            return
        self._resumed(tokens)
        each = next((index for index, token in enumerate(tokens) if token.kind == "each"), None)
        if each is not None and WHOSE.issuperset(label_of(tokens[:each], None)):
            self._each(label_of(tokens[each + 1 :], self.setting.publisher))
            return
        if tokens[0].kind == "granted" and tokens[0].text.startswith("全部"):
            self._each(("granted",))
            return
        named = self._actor(tokens, listed=self.listing)
        label = label_of(tokens[named:], self.setting.publisher)
        self.pending, self.opened = label, (label, len(self.row))
        self._passed_on(label)
        if tokens[-1].kind == "among":
            # `建议提案答复件中`: of what, the word for `among` takes out of the label.
            label = label_of(tokens[named:-1], self.setting.publisher)
            family = next((word for word in label if word in REVIEWS), None)
            if family is not None:
                # `行政复议中,维持16件` goes back to one of those told before.
                self._back_to(family, label)
                return
        foreign = "rate" in label and not OWN_RATE.issuperset(label)
        if foreign or ("gap" in label and HANDLING.intersection(label)):
            self.state.total = UNKNOWN
        elif (self.bracketed and "and" not in label) or (tokens[0].kind != "and" and self._single()):
            # Of a single one what is said is said of all: `行政复议1件,结果维持`; and what brackets add: `工作人员2名(兼职)`.
            self._each(label)

    def _single(self) -> bool:
        stated = self.state.total.stated if self.state.total is not None else None
        return stated is not None and stated.value == 1

    def _resumed(self, tokens: list[Token]) -> None:
        """`行政复议均维持,行政诉讼判决驳回` behind both goes back to the one that the clause begins with."""
        family = tokens[0].kind
        if family in REVIEWS and family not in self._families()[:1] and not RESULTS.isdisjoint(token.kind for token in tokens):
            self._back_to(family, ())

    def _passed_on(self, label: Label) -> None:
        """`行政复议3件;行政诉讼:一审2件,二审1件,均维持`: behind the name of the one nothing is said of the other."""
        named, families = [word for word in label if word in REVIEWS], self._families()
        if named and named[-1] not in families and not REVIEWS.keys().isdisjoint(families):
            self.state.total, self.state.parts = (Total((named[-1],)) if "gap" not in label else UNKNOWN), ()

    def _each(self, label: Label, value: Number | None = None) -> None:
        """`全部办结`, `均为网络申请`: all of the last total, or of the number that stands before it."""
        total, told = self.state.total, self.state.parts
        stated = total.stated if total is not None else None
        if self._blocked() or (value is None and (stated is None or stated.withdrawn or self._parts_left())):
            # `其中网络申请20件,均同意公开` may be said of the twenty alone.
            return
        labels = [label, *(one for part in parts(label) for one in part)] if "and" in label else [label]
        known = [rule for one in labels for rule in self._of_nearest(matching(one), one) if rule.of and rule.gives and self._fits(rule)]
        known = [rule for rule in known if stated is None or rule.gives != stated.indicator]
        if not known:
            return
        if any(rule.gives == CARRIED_OVER for rule in known):
            # `受理1件,系上年结转`
            self._withdraw(RECEIVED, since=self.first)
        if value is not None:
            self._give(known, value, Manner())
        elif stated is not None:
            self._give(known, stated.value, Manner(rough=stated.rough))
        # `其余108件均已答复,其中…`: the parts are of those.
        told = () if value is not None and any(rule.family for rule in known) else told
        self.state.total, self.state.parts = total, told

    def _zeros(self, tokens: list[Token]) -> None:
        """`未收到…`, `没有发生…和…`: zero of each thing that is named."""
        negations = [index for index, token in enumerate(tokens) if token.kind == "neg"]
        start = 0
        for index, end in zip(negations, [*negations[1:], len(tokens)], strict=True):
            if index + 1 == end < len(tokens) or not self._denied(tokens[start:index], tokens[index + 1 : end]):
                # `不存在未答复的情况`
                # `没有发现未公开的` says no zero of anything.
                return
            start = end

    def _denied(self, before: list[Token], after: list[Token]) -> bool:
        """States the zeros of one negation; returns whether there are any."""
        named = self._actor(before, listed=False, zero=True)
        said = label_of(before[named:], self.setting.publisher)
        things = label_of(after, self.setting.publisher)
        weak = False
        if BARE.issuperset(things) and not matching(things):
            weak = not said
            things, said = said or self.pending or label_of_heading(self.heading), ()
        elif self.pending and "gap" not in self.pending and not matching(things):
            said = said + self.pending
        self.pending = ()
        if things in UNRELATED:
            self._unrelated()
            return False
        return "gap" not in said and not self._blocked() and self._zero(said, things, weak=weak)

    def _zero(self, said: Label, things: Label, *, weak: bool) -> bool:
        known = self._first_known(readings(said, things))
        if not known and "and" in things and QUALIFYING.isdisjoint(parts(things)[0][0]):
            for part in parts(things):
                known += self._first_known([label for one in part for label in readings(said, one)])
        if known:
            self._give(known, 0, Manner(weak=weak))
        return bool(known)

    def _first_known(self, labels: Sequence[Label]) -> list[Rule]:
        """The rules for zeros of the first label that has any."""
        return next((found for label in labels if (found := self._zero_rules(label))), [])

    def _zero_rules(self, label: Label) -> list[Rule]:
        return [rule for rule in matching(label) if rule.gives and self._fits(rule) and not rule.except_zero and not rule.only_each]
