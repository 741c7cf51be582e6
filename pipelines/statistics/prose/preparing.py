"""A sentence made ready for the grammar: without quotes, names of channels and titles of documents; and what a heading is about."""

from __future__ import annotations

import re

from pipelines.statistics.prose.lexicon import data

# Names in quotes beside the channel that they name, and quotes themselves.
NAME_BEFORE = re.compile(
    "[\"“「『‘'][^\"”」』’',;。]{1,20}[\"”」』’'](?=[\u4e00-\u9fff]{0,4}(?:微博|微信|公众号|网站|门户|平台|客户端|网))"
)
NAME_BEHIND = re.compile("(微博|微信|公众号|网站|平台)[\"“「『‘'(][^\"”」』’',;。()0-9]{1,20}[\"”」』’')]")
QUOTES = re.compile("[\"'“”‘’「」『』]")
TITLES = re.compile(r"《([^》]*)》|<([^<>]{1,40})>")
SMALL_BRACKETS = re.compile(r"\(([市县区旗州镇乡、]{1,5})\)")
# `分四批培训…`
BATCHES = re.compile("分[一二三四五六七八九十两0-9]{1,3}(?:批|期|次|场|片)次?")
CARRIED_ON = re.compile("(?:结转|转入|转至|转)(?:到|至)?(?:19|20)[0-9]{2}年度?")
# `按申请方式分:`, `从办理结果看,` say only how the parts are sorted.
SORTED_BY = re.compile("(?:按照?|从)[^,;:。0-9]{2,10}(?:来分|分|划分|分类|来看|看|上看|统计)[,:]")
KEPT_TITLES = re.compile(r"条例$|公报$")


def prepared(sentence: str) -> str:
    """The sentence without quotes, names of channels and titles of documents."""
    text = BATCHES.sub("", SORTED_BY.sub("", CARRIED_ON.sub("结转下年度", sentence)))
    if "“" in text or '"' in text or "「" in text or "‘" in text or "'" in text or "『" in text:
        text = QUOTES.sub("", NAME_BEHIND.sub(r"\1", NAME_BEFORE.sub("", text)))
    if "《" in text or "<" in text:
        text = TITLES.sub(_title, text)
    return SMALL_BRACKETS.sub(r"\1", text)


def _title(match: re.Match[str]) -> str:
    title = match.group(1) or match.group(2) or ""
    kept = KEPT_TITLES.search(title)
    return kept.group() if kept else "§"


def topics_of(heading: str) -> frozenset[str]:
    """What a heading is about."""
    return frozenset(name for name, pattern in data()["topics"].items() if pattern.search(heading))
