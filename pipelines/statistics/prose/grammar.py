"""The grammar over clauses: of each number what it counts, whose and of when; of `其中` lists whose parts they are."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from giar_crawler.items import Number
from pipelines.statistics.numbers import convert
from pipelines.statistics.prose.ellipsis import SPREAD, Elliptical
from pipelines.statistics.prose.labels import BESIDE, actor_of, label_of
from pipelines.statistics.prose.lexicon import Token, tokenise
from pipelines.statistics.prose.memory import BODY, CARRIED_OVER, RECEIVED, SUBJECT, WEBSITE
from pipelines.statistics.prose.preparing import prepared
from pipelines.statistics.prose.quantities import MONEY, Quantity
from pipelines.statistics.prose.rules import matching
from pipelines.statistics.prose.sequences import (
    STAFF,
    aside,
    attached,
    beginning,
    both_micros,
    conjuncts,
    loose,
    parts,
    tail_of,
    until_duty,
)
from pipelines.statistics.prose.state import PART, UNKNOWN, Counted, Manner, State, Stated, Total
from pipelines.statistics.prose.wordless import HANDLING, Label

# Behind `…件中` all that these words say is of the last total.
WHOLE = HANDLING | {"apply", "request", "disclosure", "info", "proactive"}
# What is told by kinds of which only some are known.
SORTED = frozenset({"proactive", "all_reviews", "all_litigation"})
# What people come to.
GATHERINGS = frozenset({"training", "meeting"})
# A number with such a counting word opens something new when nobody knows what it counts.
OPENING = frozenset({"条", "件", "宗", "起", "份", "例", "项", "封", "部", "篇"})
# All that a part of this year need say of a running total.
NEW = SPREAD | {"newly"}
PERSONS = frozenset({"人", "名", "位"})
TAKES_PART = frozenset({"attend", "trainee", "receive"})
LED_BY_PRINCIPAL = ("press_conferences_by_principal", "online_interviews_by_principal")
OF_REQUESTS = Total(("requests",))
# `从办理结果看:`, `2012年的申请中,`, `办结的17件中,` go back to the requests told before.
RESUMES = re.compile(
    r"(?:在|从|对|以|上述|这些|所有|全部|已|经|年内|全年|本年度?|当年|(?:19|20)[0-9]{2}年度?|收到|受理|办理|办结|答复|处理|作出|的|[0-9]+[件宗份条]|"
    r"(?:政府)?信息公开|依申请公开)*(?:申请|结果|情况|件|宗|答复|[0-9]+[件宗](?=[中当之]))(?:(?:当中|之中|中|来看|上看|看|分类|是|为|如下)?[,:]|(?P<each>(?=均|全部|皆)))"
)
# Brackets that name more of what is counted.
INCLUDING = re.compile(r"\((?:其中)?(?:包含|含|包括|以及|及|和|或)[^()0-9]*$")
# `12件(2014年)`, `12件(均为2014年)`
DATE_WORDS = frozenset({"time", "drop", "each"})
BLOCKING = frozenset({"plan"})
# In brackets behind what is counted these name only some of it.
INCLUDED = frozenset({"含", "包含", "包括", "其中"})
COUNT = re.compile("[0-9一二两三四五六七八九十]")
# `(含上年结转12件`, `其中上年结转12件`, where those that came in the year are not told.
OF_THEM = re.compile("[(,:](?:其中|含|包括|包含)[^,;()]*$")
# What holds outside of brackets: the state, the label that the last clause leads to, whether a list is told.
Outside = tuple[State, Label, bool]


class Paragraph(Elliptical):
    """A paragraph in the reading: the grammar over its sentences, clauses and numbers."""

    def read(self, sentence: str, *, continues: bool = False, ahead: Callable[[], str] = str) -> list[Stated]:
        """The figures that a clean sentence without blanks states; `continues` behind a semicolon. What follows may yet withdraw them.

        `ahead` gives what stands behind its own semicolon.
        """
        known = self._begin(sentence, continues=continues)
        saved: list[Outside] = []
        clause: list[Token] = []
        opened, counted = -1, False
        tokens = tokenise(self.text)
        if not continues:
            self.pieces, self.row, self.base, self.place, self.since = [], [], 0, -1, -1
        self.pieces.append((self.base, tokens))
        self.rowed = len(self.row)
        self.ahead, self.behind = ahead, None
        self.inside = self.listed_on = continues and self.listed_on
        if tokens and tokens[0].time is not None and tokens[0].time.meaning == "year":
            self.other_year = self._is_other(tokens[0].time.year)
        if not BLOCKING.isdisjoint([token.kind for token in tokens]):
            tokens = self._until_plan(tokens)
        for token in [*tokens, Token("separator", ",", len(self.text), len(self.text))]:
            if token.kind != "separator":
                clause.append(token)
                continue
            if clause:
                if saved and DATE_WORDS.issuperset(one.kind for one in clause):
                    saved[-1] = (self._dated(saved[-1][0], clause), *saved[-1][1:])
                self.told = len(self.stated)
                whole = opened == clause[0].start and token.text == ")" and clause[0].text not in INCLUDED
                self.bracketed = whole and counted
                counted = clause[-1].kind == "number"
                if whole and not self.bracketed and COUNT.match(self.text, token.end):
                    self.named = label_of(clause, self.setting.publisher)
                else:
                    self._clause(clause)
                    self.named = ()
                self.listed_on = self.listed_on or (token.text == ":" and clause[-1].kind == "listed")
                clause = []
            self._bracket(token, saved)
            opened = token.end if token.text == "(" else -1
        self.base += len(self.text) + 1
        return self.stated[known:]

    def _begin(self, sentence: str, *, continues: bool) -> int:
        """Makes ready for a sentence or a piece of one; returns how much was stated before."""
        self.text = prepared(sentence, self.setting.report_year, self.setting.publisher)
        known = len(self.stated)
        self.pending, self.began = (), known
        self.accounts = self.compared = ()
        self.beside.clear()
        if continues and self._all_bodies():
            # `收到537件,其中市局本级212件、各分局325件;办结541件`
            self.state.other_actor = False
            self.listing = self.unsure = False
        total = UNKNOWN if self.state.total is PART else self.state.total
        self.state.total, self.state.parts = total, ()
        if not continues:
            self.first = known
            self.sorts = ()
            self.last, self.unsure, self.listing, self.led, self.sites = (), False, False, False, False
            self.state.other_time = self.other_year
            self.state.other_year = False
            self.state.other_actor = False
            self.state.until = False
            self.state.month = False
            resumes = RESUMES.match(self.text) if self.requested else None
            if resumes and (resumes["each"] is None or "requests" not in self._families()):
                total = self.state.total if self._families()[:1] == ("requests",) else None
                self.state.total = replace(total, running=False) if total is not None else OF_REQUESTS
        return known

    def _bracket(self, separator: Token, saved: list[Outside]) -> None:
        """What brackets say holds inside them: keeps the state at the first, takes it back at the last."""
        if separator.text == "(":
            saved.append((self.state.copied(), self.pending, self.listing))
            self._narrow(alone=True)
        elif separator.text == ")" and saved:
            self.state, self.pending, self.listing = saved.pop()
            if INCLUDING.search(self.text, 0, separator.start):
                # `予以公开(含部分公开)15件` is of neither alone.
                self.pending = ()

    def _until_plan(self, tokens: list[Token]) -> list[Token]:
        """The clauses before the first one that tells a plan, an aim or an example, and those from `实际…` on."""
        first = next(index for index, token in enumerate(tokens) if token.kind in BLOCKING)
        actual = next((index for index, token in enumerate(tokens[first:], first) if token.kind == "actual"), len(tokens))
        if any(token.kind in BLOCKING for token in tokens[actual:]):
            actual = len(tokens)
        begin, end = beginning(tokens, first), beginning(tokens, actual)
        if end < len(tokens):
            planned = next((index for index, token in enumerate(tokens[begin:end], begin) if token.kind == "number"), end)
            self.planned = tuple(one for one in label_of(tokens[begin:planned], self.setting.publisher) if one not in BLOCKING)
        return tokens[:begin] + tokens[max(begin, end) :]

    # --- clauses

    def _clause(self, tokens: list[Token]) -> None:
        kinds = [token.kind for token in tokens]
        listed = "listed" in kinds[:2]
        if listed:
            self.listing = self.inside = True
            self._narrow()
            self.listed_of = self.state.total.families if self.state.total is not None else ()
        if "unrelated" in kinds:
            self._unrelated()
            return
        self._compares(tokens, kinds)
        self._decided(tokens)
        numbers = [index for index, kind in enumerate(kinds) if kind == "number"]
        if numbers:
            self._of_both(kinds)
        elif "no_request" in kinds:
            # `收到申请3件,均为咨询,不属于政府信息公开申请`
            self._withdraw("requests", since=self.first)
            return
        if not numbers:
            self._time(tokens)
            self._wordless(tokens)
            return
        if "average" in kinds:
            return
        start = 0
        spread = self._respectively(tokens, kinds, numbers)
        for place, index in enumerate(numbers):
            end = numbers[place + 1] if place + 1 < len(numbers) else len(tokens)
            before, between = tokens[start:index], tokens[index + 1 : end]
            behind, start = tail_of(between, last=place + 1 == len(numbers)), index + 1
            start += len(behind)
            if "compare" in kinds[:index] or loose(tokens, index) or aside(tokens, index):
                continue
            if spread is not None:
                if place < len(spread):
                    self._number(spread[place], tokens[index], [], listed=listed, each=False)
                continue
            # `当面、网络申请各占2件、3件` has a number for each.
            series = kinds[index + 1 : index + 3] == ["and", "number"]
            each = not series and "each" in kinds[index - len(before) : index]
            rest = self._number(before, tokens[index], behind, listed=listed, each=each)
            if rest:
                self._wordless(rest)

    def _respectively(self, tokens: list[Token], kinds: list[str], numbers: list[int]) -> list[list[Token]] | None:
        """The things in front of `分别`, one for each number; `None` without that word, none where numbers and things do not fit."""
        if "respectively" not in kinds[: numbers[0]]:
            return None
        place = kinds.index("respectively")
        last = numbers[-1]
        done = [token for token in tokens[place : numbers[0]] if token.kind not in BESIDE]
        if any(token.kind not in BESIDE | {"number", "and"} for token in tokens[numbers[0] : last]) or not SPREAD.issuperset(
            token.kind for token in done
        ):
            # `分别召开新闻发布会4次、在线访谈6次` has its things behind the word; `甲、乙分别收到…5件、7件` has two bodies.
            return [] if "and" in kinds[:place] else None
        things = [thing + done for thing in conjuncts(both_micros(tokens[:place]))]
        return things if len(things) == len(numbers) else []

    # --- numbers

    def _number(self, before: list[Token], number: Token, behind: list[Token], *, listed: bool, each: bool) -> list[Token]:
        """Reads one number; returns what stands behind it and is no part of its label."""
        earlier, self.place = self.state.copied(), self.base + number.start
        before = self._without_comers(before, behind)
        self._time(before)
        named = self._actor(before, listed=self.listing)
        label = label_of(before[named:], self.setting.publisher)
        rest: list[Token] = list(behind)
        quantity = number.quantity
        if quantity is None:
            return rest
        each_at = next((index for index, token in enumerate(behind) if token.kind == "each"), None)
        if not label and each_at is not None and {"apply", "request"}.issuperset(label_of(behind[:each_at], None)):
            # `43件申请全部办结并予答复`, behind `网上申请1件、现场申请1件` `2件均予公开`
            if whole := self._whole(quantity):
                self._state_figure(whole, quantity.value, before, Manner(quantity.unit))
            self._each(label_of(behind[each_at + 1 :], self.setting.publisher), quantity.value)
            return []
        if quantity.unit in PERSONS:
            behind, rest = until_duty(behind), []
        if behind and (attached(behind) or not (label or self.named)):
            tail = label_of(behind, self.setting.publisher)
            if tail and behind[-1].kind != "among":
                self._time(behind)
                whole = label + tail
                label, rest = tail if tail[0] in ("attend", "receive") and "sent" not in label and not matching(whole) else whole, []
            elif behind[-1].kind == "among":
                self._among(label + label_of(behind[:-1], self.setting.publisher), quantity)
                return []
        if label == ("cumulative",) and self._stood_behind(earlier):
            return rest
        whole, summed = self._summed(quantity, label, before)
        label, elliptical = (whole, False) if whole else self._in_context(label, before)
        label = self._of_sorts(label, quantity.unit, alone=not before)
        if not named and self._goes_on_of_a_leader(label):
            return rest
        cumulative = self.state.until and "newly" not in label and self._running(before)
        manner = Manner(
            unit=quantity.unit,
            rough=quantity.rough or bool(before and before[-1].kind == "rough"),
            each=each,
            fresh=summed or "newly" in [token.kind for token in before] or (listed and any(token.time for token in before)),
            doubtful=cumulative or quantity.limit,
        )
        self.row.append(Counted(label, quantity.value, quantity.unit, self.state.other_actor, self.state.other_time))
        known = self._state_figure(label, quantity.value, before, manner)
        self.last = label if known is not None else ()
        if known is None:
            self._counted(label, quantity.unit)
            self._unknown(label, number, behind, fresh=manner.fresh)
        self.others = known is False and self.state.other_actor
        if known is False or (known is None and self._blocked()):
            of_both = listed and elliptical and any(token.time and self._is_other(token.time.year) for token in before)
            self._foreign(label, quantity.value, earlier, elliptical=elliptical, of_both=of_both)
        return rest

    def _running(self, before: Sequence[Token]) -> bool:
        """Whether words count on from the years before: not where they name the year, `2022年累计发布`."""
        year = any(token.time is not None and token.time.meaning in ("year", "own") for token in before)
        return not year and any(token.text.startswith("累计") for token in before)

    def _without_comers(self, before: list[Token], behind: Sequence[Token]) -> list[Token]:
        """The words in front of a number, none where they name who came: `举办培训班1次,社区工作人员26人次参加`."""
        if not before or not behind or behind[0].kind not in TAKES_PART or "training" not in self._families():
            return before
        named = before[-1].kind == "staff" or actor_of(before, self.text, self.setting.publisher)[1] == len(before)
        return [] if named else before

    def _among(self, label: Label, quantity: Quantity) -> None:
        """Takes what a label in front of `中` names as what the parts that follow are parts of.

        `网络申请60件中,同意公开30件`, `不同意公开的3件中,涉及国家秘密1件`, `5件建议中,网络提交3件`
        """
        if WHOLE.issuperset(label):
            if "request" in label and self.state.total is None and not self._blocked():
                # `在12件政府信息公开申请中,均已按期答复`
                self.state.total = Total(("requests",), Stated("", quantity.value), quantity.unit)
            elif self.state.total is not None and "requests" in self.state.total.families:
                if rules := self._known(label, quantity.unit, quantity.value, ()):
                    # `在已答复的316件申请中`
                    self._give(rules, quantity.value, Manner(quantity.unit))
                # `办结的55件中,公开38件`: these are what the parts make together.
                self.state.total = replace(self.state.total, stated=Stated("", quantity.value), unit=quantity.unit)
            self.since = self.place
            return
        families = self._families_of(label)
        if not families and self.requested:
            self.state.total = OF_REQUESTS
            families = self._families_of(label)
        self.state.total, self.state.parts = (Total(families) if families else UNKNOWN), ()

    def _foreign(self, label: Label, value: Number, earlier: State, *, elliptical: bool, of_both: bool) -> None:
        """Notes what a number of another body or time means for those around it; `of_both`: the total before it is of two years."""
        if not self.listing and not elliptical and {"receive", "accept"}.intersection(label):
            # Requests of another body or year are those that `办理结果` behind them is of.
            self.requested = False
        if label[:1] == ("leader",):
            # `县政府主要负责同志出席1场,部门主要负责同志出席7场`
            self._withdraw(*LED_BY_PRINCIPAL, since=self.first)
        if of_both and self.told > self.first:
            # `公开560条,其中2015年120条`
            self.stated[self.told - 1].withdrawn = True
        if self.listing or elliptical:
            # A part of another time or body changes nothing for the parts that follow.
            earlier.other_actor, earlier.parts = self.state.other_actor, (*earlier.parts, Stated(BODY, value))
            self.state = earlier

    def _unknown(self, label: Label, number: Token, behind: Sequence[Token], *, fresh: bool) -> None:
        """Forgets the last total where a number of something unknown opens a new matter."""
        if fresh and NEW.issuperset(label) and len(self.stated) > self.first and not self._blocked():
            # `累计发布3.5万条,其中本年度发布5200条`: the total is of more than the year.
            self.stated[-1].withdrawn = True
        # An unknown kind of what the list is of: `其中书面申请80件`, `其中财务信息57条`.
        unit = number.quantity.unit if number.quantity is not None else ""
        if "web_parts" in label:
            # `县政府网站公开95条,各部门网站公开1231条`: the government's websites are all of these.
            self._doubt(WEBSITE)
        if unit in OPENING and "web" in label and SPREAD.intersection(label):
            # `县政府网站公开95条,县局子站公开1231条`: of which website the figure is, is not said.
            self.sites = True
            self._withdraw(WEBSITE, since=self.first)
        part = self.listing and (label[-1:] in (("apply",), ("request",)) or not SORTED.isdisjoint(self.listed_of))
        if not GATHERINGS.isdisjoint(label) and "training" in (*self._families(), *self.setting.topics):
            # `组织食品安全业务培训19次,培训2300人次`, `召开教育系统会议1次,参会160人次`
            self.unsure = True
            self.state.total = UNKNOWN
        if unit in PERSONS and "staff" in self._families() and not STAFF.isdisjoint(label):
            # `工作人员126人,其中专职执法人员100人,兼职26人`
            self.state.total = UNKNOWN
        if unit in OPENING and (number.text[0] not in "一两" or not behind) and label and not part:
            self.unsure = True
            part = self._adds_up()
            if self.state.total is not PART and not part:
                self.state.total = UNKNOWN
        if part and unit in OPENING and number.quantity is not None:
            # `其中政策类200条(微信公开80条)`
            # `收到20件,涉及拆迁12件,同意公开8件`: what became of all of them is not said.
            what = SUBJECT if label[:1] == ("about",) else ""
            self.state.parts = (*self.state.parts, Stated(what, number.quantity.value))

    def _state_figure(self, label: Label, value: Number, before: Sequence[Token], manner: Manner) -> bool | None:
        """States what a label says of a number; `None` where no rule knows it, `False` where it is of another time or body."""
        total = self.state.total
        if total is not None and total.running and not self._adds_up() and (self.listing or not self._families_of(label)):
            self.state.total = UNKNOWN
        known = self._known(label, manner.unit, value, before)
        if not known and "and" in label and (manner.each or value == 0):
            for part in parts(label):
                known += next((found for one in part if (found := self._known(one, manner.unit, value, before))), [])
        if not known:
            return None
        undated = self.state.month and not all(rule.dated for rule in known)
        other_time = self.state.other_time and not (self.state.now and all(rule.stock for rule in known))
        if other_time or undated or self.state.other_actor or manner.doubtful:
            self.state.total = UNKNOWN
            return False
        if self.state.parts and self._of_one_subject():
            self.state.total = UNKNOWN
            return False
        if value and CARRIED_OVER in [rule.gives for rule in known] and OF_THEM.search(self.text, 0, self.place - self.base):
            # `收到申请463件(含上年结转12件)` are more than came in the year.
            self._doubt(RECEIVED)
        if self.listing and self._of_another_kind(known):
            manner = replace(manner, weak=True)
        self._give(known, convert(value, manner.unit, "万元") if manner.unit in MONEY else value, manner)
        if self.named and not before:
            # `不予处理(重复申请)1件`
            label, self.named = self.named, ()
            self._state_figure(label, value, before, manner)
        return True
