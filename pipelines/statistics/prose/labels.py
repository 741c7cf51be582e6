"""The words in front of a number, or behind it, as the classes that the rules are written in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from pipelines.statistics.prose.bodies import Actor, actor
from pipelines.statistics.prose.lexicon import Token, tokenise
from pipelines.statistics.prose.preparing import prepared

# Words that stand beside a label and are no part of it.
BESIDE = frozenset({"drop", "time", "listed", "each", "respectively", "share", "court", "actual"})
# What may stand between the beginning of a clause and the name of who acts in it.
BEFORE_ACTOR = (BESIDE - {"court"}) | {"rough", "gap", "and", "gi_office"}
CHANNELS = frozenset({"web", "web_parts", "web_other", "gazette", "weibo", "wechat", "two_micro", "newmedia", "traditional", "other_way"})
# The channels that have names of their own: `平安乌山微博`.
NAMED_CHANNELS = frozenset({"web", "weibo", "wechat", "traditional", "gazette"})
# Whose people are taught is no part of what is counted: `培训县直各机关…工作人员`.
TAUGHT = frozenset({"training", "trainee"})
BY_MEANS_OF = frozenset({"通过", "利用", "依托", "借助", "运用", "采取", "采用", "以"})
# Behind these stands where or by what somebody acts, no more of who: `县水利局共在县政府网站…`.
PLACED_BY = BY_MEANS_OF | {"在", "于", "从", "向"}
# What may be called an event behind all names.
CASES = frozenset({"review", "litigation", "complaint"})
FOUNDED = re.compile("成立|设立|组建|调整|充实|完善")
LONGEST_NAME = 10
# A label of more words is none.
LONGEST_LABEL = 40
# `因政府信息公开引起的` before what it is about, however it is put.
BECAUSE = re.compile(
    r"(?:(?:about|disclosure|request|caused|reply|apply|happen|because|refused) )*?(?:disclosure|request|because) "
    r"(?:(?:about|disclosure|request|caused|reply|apply|happen|because|handle) )*"
    r"(?=(?:review|litigation|complaint|complaint_single|appeal)\b)"
)
ONLY_BECAUSE = re.compile(
    r"^(?:(?:(?:about|happen) )*about (?:disclosure|request) |happen disclosure )(?:(?:about|caused|apply|reply) )*$|"
    r"^(?:disclosure|request) caused $|^(?:(?:about|happen) )*because (?:caused )*$"
)


def has_name(channel: Token) -> bool:
    """Whether a word is a channel that may have a name in front of it; `统计公报` is none of the government's."""
    return channel.kind in NAMED_CHANNELS and (channel.kind != "gazette" or "政" in channel.text)


def actor_of(tokens: Sequence[Token], text: str, publisher: str | None) -> tuple[Actor | None, int]:
    """Who acts in a clause, and how many of its first tokens name it."""
    first = last = -1
    for index, token in enumerate(tokens):
        if token.kind not in BEFORE_ACTOR or (first >= 0 and token.text in PLACED_BY):
            break
        if token.kind == "gi_office":
            if first >= 0 and FOUNDED.search(text, tokens[first].start, tokens[last].end):
                # `本单位成立了政府信息公开领导小组,配备了3名兼职人员`
                return None, 0
            # `县政务公开办` is the county's own and above its towns and offices: as `本县` is.
            whose = actor("本" + text[tokens[first].start : tokens[last].end], publisher) if first >= 0 else None
            return ("whole" if whose == "whole" else "other"), index + 1
        if token.kind == "gap":
            first = index if first < 0 else first
            last = index
    if first < 0:
        return None, 0
    following = tokens[last + 1].kind if last + 1 < len(tokens) else ""
    words = text[tokens[first].start : tokens[last].end]
    if following == "traditional" or (following == "set" and first and tokens[first - 1].text in ("在", "于")):
        return "whole", last + 1
    who = actor(words, publisher)
    if who is None and first < last:
        who = actor(text[tokens[first].start : tokens[first].end], publisher)
        last = first if who else last
    if who is None and len(words) <= LONGEST_NAME and last + 1 < len(tokens) and has_name(tokens[last + 1]):
        return "own", last + 1
    return who, last + 1 if who else 0


def label_of(tokens: Sequence[Token], publisher: str | None) -> tuple[str, ...]:
    """The classes of the words that say what is counted: `gap` for unknown ones, none for those that say nothing."""
    classes: list[str] = []
    means: int | None = None
    for index, token in enumerate(tokens):
        if token.kind in BESIDE:
            if token.text in BY_MEANS_OF:
                means = len(classes)
            continue
        if token.kind == "gap":
            who = actor(token.text, publisher)
            named = who is None and len(token.text) <= LONGEST_NAME and index + 1 < len(tokens) and has_name(tokens[index + 1])
            if who == "own" and classes and tokens[index + 1 : index + 2] and tokens[index + 1].kind == "info":
                # Of a 教育局 `教育信息` is a kind of information.
                who = None
            if named or who in ("own", "whole") or (who == "other" and TAUGHT.intersection(classes)):
                continue
        if token.kind == "etc" and means is not None and token.text != "等":
            # `通过政府网站、新闻发布会等方式`: all that is named is one of many ways.
            del classes[means:]
            classes.append("channels")
            means = None
            continue
        if token.kind == "among":
            if not classes or classes[-1] not in CHANNELS:
                classes.clear()
            continue
        if token.kind == "other_way" and classes and classes[-1] == "etc":
            # `公开栏、明白纸等其他方式`: whatever is named first is of the other ways.
            classes.clear()
        classes.append(token.kind)
    if classes and classes[-1] == "rough":
        classes.pop()
    return _folded(("refused",) if _refused_for_a_reason(classes) else tuple(classes))


def _refused_for_a_reason(classes: Sequence[str]) -> bool:
    """`因属于纳税人涉税信息不予公开1件`: refused, for whatever reason."""
    return "gap" in classes and classes[0] == "about" and classes[-1] == "refused"


@lru_cache(maxsize=4_096)
def _folded(classes: tuple[str, ...]) -> tuple[str, ...]:
    """The label with several channels as one `channels`, and with what a review is about as one `because`."""
    if len(classes) > LONGEST_LABEL:
        return ("gap",)
    folded: list[str] = []
    index = 0
    if CHANNELS.isdisjoint(classes):
        folded, index = list(classes), len(classes)
    while index < len(classes):
        end = index
        while end < len(classes) and (classes[end] in CHANNELS or (end > index and classes[end] in ("and", "etc"))):
            end += 1
        run = list(classes[index:end])
        while run and run[-1] == "and":
            run.pop()
            end -= 1
        if len(run) > 1:
            channels = [one for one in run if one in CHANNELS]
            folded.append("other_way" if channels[-1] == "other_way" and run[-1] != "and" and "etc" in run else "channels")
            index = end
        else:
            folded.append(classes[index])
            index += 1
    if folded[-1:] == ["event"] and not CASES.isdisjoint(folded):
        # `引发举报、行政复议或行政诉讼等事件`
        folded.pop()
    while folded and folded[0] in ("and", "etc"):
        folded.pop(0)
    while folded and folded[-1] in ("and", "etc"):
        folded.pop()
    folded = [one for one in folded if one != "etc"]
    if not {"disclosure", "request", "because"}.intersection(folded):
        return tuple(folded)
    text = "".join(f"{one} " for one in folded)
    if ONLY_BECAUSE.match(text):
        return ("because",)
    text = BECAUSE.sub("because ", text)
    return tuple(text.split())


# Most reports have the same headings.
@lru_cache(maxsize=2_048)
def label_of_heading(heading: str) -> tuple[str, ...]:
    """What a heading names, in the classes of the rules."""
    return label_of(tokenise(prepared(heading)), None)
