"""Who acts in a clause: the body that reports, or another one (a part of it, one above it, somebody else)."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

Actor = Literal["own", "whole", "other", "level"]

# `我局`, `本机关`, `我们`.
SELF = re.compile(r"(?:本地)?(?:我|本)(?:们|[\u4e00-\u9fff]{1,3})?")
# `我局本级` of an office: itself.
OWN_LEVEL = re.compile("[我本]?(?:[局委厅办院]|中心)本级|[局委厅办院]机关")
# `全县各级行政机关`, `我县`: the body of an area, and all of its organs.
AREA = re.compile(
    r"[全我本](?P<level>[省市县区旗州盟镇乡街局委办厅院所校系社村])(?:道|级|统)?"
    r"(?:各级|各类|各个?|及其|所属|范围内?|上下|系统|党政|行政|人民|机关|部门|单位|政府|乡镇|街道|镇街|街镇|[镇乡]|[、和及])*"
)
# All of the body's parts together are the body: `县政府及各部门`, `各级各部门`, `各乡镇、各部门`.
TOGETHER = re.compile(
    r"各级|各[^、和及]{1,8}[、和及,]各|(?:政府|机关|办公室|本级|我[^、和及]|全[^、和及])[^、]{0,3}[和及、与].*(?:部门|单位|机关|乡镇|街道)|所属|两级|"
    r"(?:管委会|管理委员会|党工委)[和及、与]?(?:各|直属|所属|内设|下属)[^、和及与]{0,3}(?:局|部门|单位|机构|公司)|"
    r"^[省县市区旗镇乡]?(?:街道)?(?:党?委|党工委)[、和及][县市区旗镇乡]?(?:人民政府|政府|管委会|办事处)$"
)
# No office has towns or districts: `各乡镇、各部门` are not its own.
OTHERS_PARTS = re.compile("各(?:乡镇|镇街|镇乡|县区|区县|街道|[镇乡县区][、和及])")
ORGANS = re.compile(r"(?:部门|单位|机关|政府|[乡镇]|街道|办事处|县区|市区|区县|委办局|机构|直属局|各局|管委会)$")
# Rooms of the same body.
INTERNAL = re.compile(
    r"[我本]?(?:[局镇乡委厅院区站所]|管委会|中心|[支大]队|街道)?"
    r"(?:办公室|机关|党政办(?:公室)?|综合办(?:公室)?|综合[科股]|机关各[科股处]室|党(?:组|委)(?:会|班子)?|领导班子)"
)
# What parts of a body are called without a name of their own.
PARTS = re.compile(
    r"(?:其[他它余])?(?:[省市县区州旗镇乡]?[直属级]*)(?:部门|单位|乡镇|镇街|街镇|镇乡|县区|区县|街道|村居|社区|科室|股室|站所)"
)
NAMED = re.compile(
    r"(?:[局委厅办镇乡所院馆站队园处科股署庭村社]|[\u4e00-\u9fff]{2}部|公司|集团|部门|单位|街道|学校|大学|学院|中心|委员会|办公室|机关|政府|支队|大队|"
    r"开发区|管委会|协会|学会|商会|联合会|工会|红十字会|[妇残文侨]联|科协|工商联|[省市县区旗州盟])$"
)
# `强化局政务公开领导小组作用` names nobody who acts.
DOING = re.compile("强化|加强|完善|优化|调整|充实|健全|发挥|推进|提升")
LEVEL = re.compile(r"[省市县区旗镇乡](?!场)")
ABOVE = {
    "县": "市省国州盟",
    "旗": "市省国盟",
    "区": "市省国州",
    "镇": "县区市省国州旗",
    "乡": "县区市省国州旗",
    "市": "省国",
    "省": "国",
}
SCHOOLS = re.compile("(?:[中小大]学|[一二三四五六七八九十]中|学院|幼儿园)$")
# The only characters that name a body alone.
KINDS = frozenset("省市县区旗州盟镇乡街局委厅办院")
OFFICES = frozenset("局委厅办院")
# No name of a body is longer.
LONGEST = 60
GOVERNMENT = re.compile(r"(?:人民政府|[省市县区旗州镇乡]|街道办事处|街道|管委会|管理委员会)$")


def abbreviates(short: str, full: str) -> bool:
    """Whether a name is a short form of another: 县住建局 of 某县住房和城乡建设局."""
    rest = iter(full)
    return all(character in rest for character in short)


def _is_short(words: str, publisher: str) -> bool:
    """Whether words are a short name of the body that reports: `市局机关`, `县住建局`; of one character only what a body is."""
    if (len(words) > 1 or words in KINDS) and abbreviates(words, publisher):
        return True
    return words.endswith("机关") and publisher[-1] in "局委厅院" and abbreviates(words[:-2], publisher)


def _is_school(words: str, publisher: str | None) -> bool:
    return words == "学校" and publisher is not None and SCHOOLS.search(publisher) is not None


def _own_level(words: str, publisher: str | None) -> bool:
    return publisher is not None and OWN_LEVEL.fullmatch(words) is not None and not GOVERNMENT.search(publisher)


@lru_cache(maxsize=2_048)
def actor(words: str, publisher: str | None) -> Actor | None:
    """Who is meant by the words in front of a verb: `own` (its name), `whole` (`全县`, `我局`), `level` (`县本级`), `other`.

    `None` where they name nobody.
    """
    words = words.strip("、和及与的")
    if not words or len(words) > LONGEST:
        return None
    if match := AREA.fullmatch(words):
        return _all_of(match["level"], publisher)
    if "全省" in words or "全国" in words:
        return "other"
    if TOGETHER.search(words) and ORGANS.search(words):
        return "other" if publisher and OTHERS_PARTS.search(words) and not GOVERNMENT.search(publisher) else "whole"
    if SELF.fullmatch(words) and not _own_level(words, publisher):
        return "other" if words.endswith("级") else "whole"
    if INTERNAL.fullmatch(words) or (publisher is None and words in OFFICES) or _is_school(words, publisher):
        return "whole"
    if _own_level(words, publisher) or (publisher is not None and _is_short(words, publisher)):
        return "own"
    if PARTS.fullmatch(words) or words.startswith(("各", "其他", "其它", "其余", "部分", "有的", "个别")):
        return "other"
    if publisher is not None and words.endswith(publisher):
        return "own"
    if words.endswith("本级"):
        return "level"
    if publisher is None and GOVERNMENT.search(words):
        return "own"
    return "other" if NAMED.search(words) and not DOING.match(words) else None


def _all_of(level: str, publisher: str | None) -> Actor:
    """`全县` is the body of a county's government, neither that of its town nor that of one of its offices."""
    if publisher is None or level in "局委办厅院所校系社村街":
        return "whole"
    if not GOVERNMENT.search(publisher):
        return "other"
    levels = LEVEL.findall(publisher)
    return "other" if levels and level in ABOVE.get(levels[-1], "") else "whole"
