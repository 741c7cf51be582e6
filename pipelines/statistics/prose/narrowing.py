"""Of which total the parts are that follow: of all, of the part told last, of the reviews or the lawsuits; and what was of none of ours."""

from __future__ import annotations

import re
from collections.abc import Sequence

from giar_crawler.items import Number
from pipelines.statistics.prose.lexicon import Token
from pipelines.statistics.prose.memory import BODY, SUBJECT, WAYS, Memory
from pipelines.statistics.prose.quantities import MONEY
from pipelines.statistics.prose.rules import Rule, matching
from pipelines.statistics.prose.state import PART, UNKNOWN, Total

REVIEWS = {"review": "review_cases_count", "litigation": "litigation_cases_count"}

# Who decided, or what: the words that tell of which of the two a result is.
DECIDED_BY = {"复议": "review", "诉讼": "litigation", "法院": "litigation"}
CASES_TOLD = frozenset(REVIEWS.values())
# Words that name one of the two.
BY_NAME = frozenset({*REVIEWS, "court"})
# `上述案件`: what the sentences before told.
ABOVE = re.compile("上述|以上|前述|这些|[均都皆]")


def kind_of(indicator: str) -> str:
    """In what respect a part is one: requests by the way they came, answers by what they say."""
    return "ways" if indicator in WAYS else indicator.partition("[")[0].partition("_")[0]


class Narrowing(Memory):
    """A paragraph as far as it knows what its parts are parts of."""

    def _families_of(self, label: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(rule.family for rule in matching(label) if rule.family and self._fits(rule))

    def _known(self, label: tuple[str, ...], unit: str, value: Number, before: Sequence[Token]) -> list[Rule]:
        """The rules that a label fits here, of the first kind that does: parts of the last total, else what stands alone."""
        if not unit and value != 0 and not (before and before[-1].text.endswith(("数", "量", "为", "共", "计"))):
            return []
        if unit in MONEY and label[-1:] == ("waiver",) and "and" not in label:
            # `减免费用0元` tells nothing of what was collected.
            return []
        fitting = [rule for rule in matching(label) if self._fits(rule) and not (rule.only_zero and value != 0) and not rule.only_each]
        fitting = [rule for rule in fitting if not unit or unit in rule.units or (unit == "条" and self._in_items(rule))]
        if self.state.total is PART or ("normative" in self._families() and (self.listing or unit == "件")):
            # `规范性文件12件,主动公开10件,其中政府网站公开10件`, `其中政策类200条(微信公开80条)`
            fitting = [rule for rule in fitting if not rule.gives.startswith("channel_")]
        if not fitting:
            return fitting
        fitting = list(self._of_nearest(fitting, label))
        return [rule for rule in fitting if rule.gives] or fitting

    def _parts_left(self, *, alone: bool = False) -> bool:
        """Whether the parts that were told last (or the last one `alone`) leave more of their total: what follows may be of them only."""
        if not self.state.parts:
            return False
        total = self.state.total
        last = self.state.parts[-1]
        told = last.value if alone else sum(one.value for one in self.state.parts if kind_of(one.indicator) == kind_of(last.indicator))
        return total is None or total.stated is None or told != total.stated.value

    def _of_another_kind(self, known: Sequence[Rule]) -> bool:
        """Whether parts stand behind ways that leave more of the total: `其中当面申请10件,同意公开8件` may be of the ten."""
        if not self.state.parts or not self._parts_left():
            return False
        last = kind_of(self.state.parts[-1].indicator)
        return last == "ways" and all(rule.of and not rule.family and kind_of(rule.gives) != last for rule in known)

    def _all_bodies(self) -> bool:
        """Whether the bodies told last make the whole total: what follows is of all of them again."""
        return self.state.other_actor and bool(self.state.parts) and self.state.parts[-1].indicator == BODY and not self._parts_left()

    def _of_one_subject(self) -> bool:
        """Whether what was told last is what some of the requests are about: what follows may be of those alone."""
        return self.state.parts[-1].indicator == SUBJECT and self._parts_left()

    def _narrow(self, *, alone: bool = False) -> None:
        """`网络申请60件,其中同意公开30件`: the parts that follow are of this part, not of all; in brackets of the last one `alone`.

        Only what organisations are made of is known: `法人或其他组织23件(其中商业企业15件)`.
        """
        if self._parts_left(alone=alone):
            total = Total(("organisations",), self.state.parts[-1]) if self.last[:1] == ("org_all",) else PART
            self.state.total, self.state.parts = total, ()

    def _decided(self, tokens: Sequence[Token]) -> None:
        """`复议结果:维持1件` behind a litigation goes back to the reviews."""
        courts = [token.text for token in tokens if token.kind == "court"]
        families = self._families() if courts else ()
        for court in courts:
            family = next((family for name, family in DECIDED_BY.items() if name in court), None)
            if family is not None and family not in families and not set(REVIEWS).isdisjoint(families):
                self._back_to(family, ())

    def _back_to(self, family: str, label: tuple[str, ...]) -> None:
        """Takes up the last of the reviews or of the lawsuits that was told."""
        told = [one for one in self.stated if one.indicator == REVIEWS[family] and not one.withdrawn]
        known = told and not self._blocked() and "gap" not in label
        self.state.total = Total((family,), told[-1]) if known else UNKNOWN

    def _of_both(self, kinds: Sequence[str]) -> None:
        """`行政复议2件,行政诉讼3件,其中维持2件、驳回3件`: of which of the two is not said. `kinds` are those of a clause's words."""
        pair = [one for one in self.stated[self.began :] if not one.withdrawn][-2:]
        if {one.indicator for one in pair} != CASES_TOLD or not BY_NAME.isdisjoint(kinds):
            return
        self.state.total = UNKNOWN
        if not {"because", "disclosure"}.isdisjoint(kinds):
            # `…,其中因政府信息公开引起的1件`, `…,涉及政府信息公开的各1件`
            for one in pair:
                one.withdrawn = True

    def _unrelated(self) -> None:
        """`与政府信息公开无关`: the cases told before are none of ours, those of the whole paragraph where it says `上述`."""
        above = ABOVE.match(self.text) is not None
        self._withdraw("review", "litigation", "complaints", since=0 if above else self.first)
        for one in self.earlier if above else ():
            one.withdrawn = one.withdrawn or one.indicator.startswith(("review", "litigation", "complaints"))
