"""What a number is of where its own words do not say all: the clause before, the number before, a heading of kinds."""

from __future__ import annotations

from collections.abc import Sequence

from giar_crawler.items import Number
from pipelines.statistics.prose.labels import CHANNELS, label_of
from pipelines.statistics.prose.lexicon import Token
from pipelines.statistics.prose.quantities import Quantity
from pipelines.statistics.prose.rules import matching
from pipelines.statistics.prose.state import Counted
from pipelines.statistics.prose.wordless import Label, Wordless

# What `分别` may be followed by in front of its numbers: `政府网站、政务微信分别公开120条、30条`.
SPREAD = frozenset({"disclose", "publish", "proactive", "info", "submit", "apply"})
# What may have accounts and readers.
ONE_CHANNEL = frozenset({"weibo", "wechat", "web", "gazette"})
# What accounts and readers are counted with.
ACCOUNTS = frozenset({"个", "家", "户", "人", "名", "位", "人次", "次"})
# How requests come.
WAYS_OF_COMING = frozenset({"online", "letter", "in_person", "fax", "email"})
# Who attends, in front of what all attend.
LEADERS = frozenset({"leader", "head", "somebody"})
LED = frozenset({"press", "interview"})
# Before the sum of what was told.
IN_ALL = frozenset({"共", "共计", "共有", "合计", "合共", "总计", "总共", "一共"})
# One number is no sum.
FEWEST = 2
# Behind a comparison these lead to the number itself.
REACHING = "达为共计总合"
# What `因政府信息公开,` in a clause of its own may lead to.
CAUSED = frozenset({"review", "litigation", "complaint", "meeting"})
# A number of kinds may stand in front of that of the items, of a gazette that of its issues.
SORTS = frozenset({"类", "大类"})


class Elliptical(Wordless):
    """A paragraph as far as it knows what words leave out."""

    def _in_context(self, label: Label, before: Sequence[Token]) -> tuple[Label, bool]:
        """The label with what the clauses before say of it, and whether it only repeats the one of the last number."""
        pending, self.pending = self.pending, ()
        if label and self.planned and not self._fitting(label) and any(token.kind == "actual" for token in before):
            return (*label, *self.planned), False
        if not label and (leading := self._reached(before) or pending):
            return leading, False
        if self.last and self._elliptical(label, before):
            return self.last, True
        if len(label) < len(self.last) and any(token.time for token in before) and (set(label) < set(self.last) or self._disclosed(label)):
            # `2015年微博发布信息300条,2016年发布420条`
            return self.last, False
        if pending and label and set(label) < set(pending) and matching(pending):
            # `受理依申请公开的数量:2010年度共受理3件`
            return pending, False
        if self.last and len(label) == 1 and (repeated := self._of_channel(label[0])):
            return repeated, False
        if pending == ("disclosure", "staff") and label[-1:] in (("full_time",), ("part_time",)):
            self.pending = pending
            return (*pending, *label), False
        if pending == ("request",) and label in (("receive", "apply"), ("accept", "apply")):
            # `依申请公开方面,收到申请5件`
            return (label[0], "request"), False
        if pending and set(pending) <= CHANNELS | {"channels"} and not CHANNELS.intersection(label):
            return (*pending, *label), False
        if len(pending) == 1 and label and not self._fitting(label) and self._fitting((*pending, *label)):
            # `规范性文件:制发1件,废止2件`
            self.pending = pending
            return (*pending, *label), False
        if pending == ("because",) and not {"because", "gap"}.intersection(label) and CAUSED.intersection(label):
            return ("because", *label), False
        return label, False

    def _summed(self, quantity: Quantity, said: Label, before: Sequence[Token]) -> tuple[Label, bool]:
        """What a number counts that is said to be the sum of those before it, and whether it takes their place; `said` is its label."""
        if len(self.row) < FEWEST or IN_ALL.isdisjoint([token.text for token in before]):
            return (), False
        if label := self._of_bodies(quantity, said):
            return label, True
        return (self._whole(quantity) if not said else ()), False

    def _summands(self, quantity: Quantity) -> Sequence[Counted]:
        """The numbers right before one that together make it."""
        told: Number = 0
        for place in range(len(self.row) - 1, -1, -1):
            one = self.row[place]
            told += one.value
            if one.unit != quantity.unit or one.other_time or told > quantity.value:
                return ()
            if told == quantity.value and len(self.row) - place > 1:
                return self.row[place:]
        return ()

    def _of_bodies(self, quantity: Quantity, said: Label) -> Label:
        """What the sum of several bodies counts: `县政府办收到依申请公开15件,各部门收到32件,全县共收到47件`, `…,合计47件`."""
        parts = self._summands(quantity)
        label = parts[0].label if parts else ()
        if not label or not all(one.label and set(one.label) <= set(label) for one in parts):
            return ()
        if said:
            return label if set(said) < set(label) else ()
        if len({one.other_actor for one in parts}) == 1:
            return ()
        # Its own and those of the others are all.
        self.state.other_actor = False
        return label

    def _whole(self, quantity: Quantity) -> Label:
        """What a number counts that is the sum of kinds: `收到网上申请2件、信函申请1件,共3件`; empty where it is none."""
        parts = self._summands(quantity)
        if parts and self._opened(parts):
            return self.opened[0]
        label = parts[0].label if parts else ()
        if not WAYS_OF_COMING.isdisjoint(label):
            if any(WAYS_OF_COMING.isdisjoint(one.label) for one in parts):
                return ()
            return tuple(word for word in label if word not in WAYS_OF_COMING)
        words = set(label) - CHANNELS - {"channels"}
        disclosed = SPREAD.issuperset(words) and not {"disclose", "proactive"}.isdisjoint(words)
        return ("proactive", "info") if disclosed and "proactive" in {*words, *self.setting.topics} else ()

    def _opened(self, parts: Sequence[Counted]) -> bool:
        """Whether numbers are all kinds of what a clause before them named: `主动公开信息:机构类3条,政策类12条,共计15条`."""
        label, since = self.opened
        if len(parts) != len(self.row) - since or any(one.other_actor or matching(one.label) for one in parts):
            return False
        unsure, self.unsure = self.unsure, False
        fits = self._fitting(label)
        self.unsure = unsure and not fits
        return fits

    def _compares(self, tokens: Sequence[Token], kinds: Sequence[str]) -> None:
        """Notes what a clause compares with another year."""
        self.reached, self.compared = self.compared, ()
        if "compare" in kinds:
            before = tokens[: kinds.index("compare")]
            self._time(before)
            named = self._actor(before, listed=self.listing)
            self.compared = label_of(before[named:], self.setting.publisher)

    def _reached(self, before: Sequence[Token]) -> Label:
        """What a number is of that was compared in the clause before: `主动公开信息同比增长15%,达到8632条`."""
        return self.reached if before and before[-1].text[0] in REACHING else ()

    def _counted(self, label: Label, unit: str) -> None:
        """Leads to what a channel published where its accounts or readers were counted: `政务微博35个,发布信息1.2万条`."""
        if unit not in ACCOUNTS:
            return
        first = next((word for word in label if word not in ("set", "hold")), "")
        if not CHANNELS.isdisjoint(label) and (first,) != self.accounts:
            alone = first in ONE_CHANNEL and len(CHANNELS.intersection(label)) == 1 and len(self.row) - self.rowed == 1
            self.accounts = (first,) if alone else ()
        self.pending = () if self.listing else self.accounts

    def _disclosed(self, label: Label) -> bool:
        """Whether the last number was of what is called less here: `共主动公开政府信息8326条,其中2016年公开5120条`."""
        return label == ("disclose",) and self.last == ("proactive", "info")

    def _fitting(self, label: Label) -> bool:
        return any(self._fits(rule) for rule in matching(label))

    def _of_channel(self, channel: str) -> Label:
        """What the last number was of, for another channel: `微信公众号发布信息1205条、微博1298条`."""
        channels = CHANNELS.intersection(self.last) if channel in CHANNELS else ()
        if len(channels) != 1 or self._fitting((channel,)):
            return ()
        repeated = tuple(channel if word in channels else word for word in self.last)
        return repeated if matching(repeated) else ()

    def _of_sorts(self, label: Label, unit: str, *, alone: bool) -> Label:
        """The label with what the kinds before it are of: `主动公开政府信息12类、67条`."""
        people = unit == "人次" or (unit == "人" and alone)
        if label in ((), ("staff",)) and people and "training" in self._families():
            # `举办培训班2期、130人次`, `…,工作人员130人次`, `培训1次21人`
            return ("trainee",)
        if unit == "条" and self.sorts and SPREAD.issuperset(label):
            # `县政府公报6期公开96条`
            whole = self.sorts + label
            label = whole if matching(whole) else self.sorts
        self.sorts = label if unit in SORTS or (unit == "期" and "gazette" in label) else ()
        return label

    def _goes_on_of_a_leader(self, label: Label) -> bool:
        """`主要负责人参加新闻发布会2次,在线访谈1次`: how many of the latter there were in all is not said."""
        if self.listing or not label:
            return False
        if label[0] in LEADERS:
            self.led = self.led or len(self.stated) == self.first
            return False
        if self.led and LED.intersection(label):
            self.last = ()
            return True
        return False

    def _elliptical(self, label: Label, before: Sequence[Token]) -> bool:
        """Whether a number is of what the last one was of: `2017年为11件`, `全区召开发布会26场,其中我局召开2场`."""
        if not label and any(token.time for token in before):
            return True
        return self.others and self.listing and not matching(label) and set(label) <= set(self.last)
