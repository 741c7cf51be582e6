"""A sentence made ready for the grammar: without quotes, names of channels and titles of documents; and what a heading is about."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from pipelines.statistics.prose.bodies import abbreviates, actor
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
# Of which year to which year requests are carried: `2018年结转的2件`, `结转至2020年办理`.
CARRIED_FROM = re.compile(
    "(?:截至|[自从由于])?((?:19|20)[0-9]{2})年度?[底末]?(?:的)?(?:申请)?(?=(?:结转|转结|遗留|转接|延续|转来|转入))(?!结转[到至]?(?:19|20|下|次))"
)
CARRIED_ON = re.compile("(?:结转|转结|转入|转至|延至|延期至|延续至|顺延至|转)(?:到|至)?((?:19|20)[0-9]{2})年度?")
# `公开政府信息16项65条`
ITEMS = re.compile("(?<![0-9])[0-9]{1,6}项[、,]?(?:共计?|合计|总计)?(?=[0-9]+条)")
# `因政府信息申请行政复议`
FOR_SHORT = re.compile("(?<=[因由])政府信息(?=而?(?:申请|提起|提出|产生|引发|引起|引致|导致|被))")
# `检索、复印、邮递等成本费用`
FEES = re.compile(
    "(?:(?:检索|复制|复印|打印|邮寄|邮递|递送|传真|扫描|快递|资料|工本)(?:费用?)?[、和及]?){2,6}等?(?:任何|相关|有关|各项|各类)?(?:工本|成本)?费用?"
)
# `本年度及历年来没有收费`
SO_FAR = re.compile("(?<=年度)[及和](?:历年来?|以前年度)")
# `没有出现应公开而不予公开的办件`
WITHHELD = re.compile("应(?:当)?(?:主动)?公开而(?:未|不予?|没有)(?:予以)?公开")
# `无政府信息公开类行政复议`
NONE_ABOUT = re.compile("(?:无|没有)(?:政府)?信息公开(?:类|相关|方面)的?(?=(?:行政)?(?:复议|诉讼)|举报|投诉)")
# `微信公众账号(1个)发布信息149条`
HOW_MANY = re.compile(r"\([0-9]{1,4}个\)(?=[共累]?计?(?:发布|推送|公开|编发))")
ALL_OF = re.compile("(?<=[,:])都(?:是|为)")
# `书面、口头、网络等形式的政府信息公开申请`: of all ways.
ALL_WAYS = re.compile(
    "(?:以|通过)?(?:(?:书面|口头|网络|网上|当面|现场|信函|传真|电子邮件|邮寄)[、和或及]?){2,6}等?(?:各种|多种|任何)?(?:形式|方式|途径)(?:提出|提交)?的?(?=(?:政府)?信息公开申请)"
)
# `上年无结转`
NOTHING_CARRIED = re.compile("上(?:一)?年度?(?:无|没有|未有)(?:申请)?(?:结转|遗留)")
# `无下年度结转`
NOTHING_CARRIED_ON = re.compile("(?:无|没有|未有)(?:申请|需要?)?下(?:一)?年度?的?结转")
# `行政复议案件中涉及政府信息公开的4件`
CASES_ABOUT = re.compile(
    "(行政复议|行政诉讼)(?:案件|申请)?中,?((?:涉及|因|属于|关于|有关)[^,;:。0-9]{0,4}信息公开)(?:类|方面|工作|引起|引发)?的?(?:案件)?(?:共?有|共|为)?(?=[0-9])"
)
# `各职能部门`
FUNCTIONAL = re.compile("职能(?=部门|单位|科室|股室|处室)")
# `行政诉讼:一审2件,二审1件`: of all instances is said nothing.
INSTANCES = re.compile("(?:一审|二审|再审)(?=[0-9一二两三四五六七八九十])")
# `除1件尚在办理期限内外,其余108件均已答复`
EXCEPT = re.compile("除([0-9]+[件宗份条])([^,;:。0-9]{2,14}?)[以之]?外,")
# `未收信息处理费`
NOT_TAKEN = re.compile("(?<=未)收(?=信息处理费|任何|费用|检索|相关费)")
# `召开政务公开工作会3次`
MEETING = re.compile("(?<=工作)会(?=[0-9一二三四五六七八九十]+[次场])")
# `依申请提供113件`, unlike `依申请提供政府信息收费…`
PROVIDED = re.compile("依申请(?:提供|予以公开)的?(?=[0-9])")
# `加上年结转的5件`
ADDED = re.compile("加(?=上年)")
# `目前已全部答复` speaks of those told before.
BY_NOW = re.compile("(?:截至)?目前,?(?=[已均都]*(?:全部|均已))")
# `复议诉讼投诉:均未发生`
JOINED = re.compile("(?<=复议)(?=(?:行政)?诉讼)|(?<=诉讼)(?=投诉|举报)")
# `三项合计125条`
IN_ALL = re.compile("(?:以上)?[二两三四五六七八九十]项(?=合计|共计|总计)")
# `主动公开栏目共发布信息33条`
OWN_COLUMN = re.compile("(?<=主动公开)(?:栏目|专栏)(?=[^,;:。0-9]{0,4}(?:发布|公开))")
# A column of a website: `县政府网站“街道信息公开”专栏`.
COLUMN = re.compile("[\"“「『‘'][^\"”」』’',;。]{1,20}[\"”」』’'](?:专栏|栏目|专题|板块)")
# `各部门(单位)网站`
PARTS_BRACKETS = re.compile(r"(?<=部门)\(单位\)|(?<=单位)\(部门\)")
# `信息(类)287条`, `326条(次)`
KIND_BRACKETS = re.compile(r"(?<=[\u4e00-\u9fff])\(类\)(?=[0-9])")
TIMES_BRACKETS = re.compile(r"(?<=[0-9])([条件篇人场])\(次\)")
# `当面申请的最多,有214件` ranks what it counts.
RANKED = re.compile("的?(?:数量)?(?:最多|居多|居首|为主|次之),(?=[有为达共]{0,2}[0-9])|^(?:其次|再次|最多的|最后)[是为]?,?")
# `自然人占4件`
NO_REQUESTS = re.compile("(?:(?:政府)?信息公开|依申请公开)?[为是呈]?零申请")
# `未收到一例…`
NOT_ONE = re.compile("((?:未|没有|没|无)(?:发生|收到|接到|出现|产生|有|过|受理|曾)*)(?:任何|哪怕)?一[例起件宗](?=[^,;])")
# `8件申请里,传真申请1件`
INSIDE = re.compile("(?<=[件宗份请复果])里面?(?=,)")
# `由3件降到2件` compares.
RISEN = re.compile(
    "[由从][^,;:。()]{0,24}?[0-9][^,;:。()%]{0,8}?(?:增|升|上升|上涨|扩大|提高|降|下降|减|减少|回落|跌)[加长高大低少落]?了?(?:到|至|为)(?=[^,;:。()%]{0,14}[0-9])"
)
# `目前网站已公开信息56000条` counts all that ever was.
AT_PRESENT = re.compile("(?<![至到])(?:目前|现在|当前)(?=[^;。]{0,10}(?:已|共|累计)[^,;。0-9]{0,8}(?:公开|发布|推送|收到|受理))")
IS = re.compile("(?<=[,;:均都皆])系(?![统列数])")
MAKES_UP = re.compile("占(?=[0-9]+[件宗条份起例])")
# Where a place to read stands: `在社区事务受理中心设立政府信息公开查阅点1个`.
PLACED = re.compile(
    "[在于][^,;:。0-9]{2,30}?(?=[均都共各]?(?:分别)?(?:设|建)[立置有成]?[^,;。]{0,4}(?:政府信息|政务公开|信息公开)[^,;。]{0,6}(?:查阅|查询))"
)
# `按申请方式分:`, `从办理结果看,` say only how the parts are sorted.
SORTED_BY = re.compile(
    "(?:按照?|从|分)[^,;:。0-9]{2,10}(?:来分|分|划分|分类|来看|看|上看|统计|方面)[,:]|"
    "(?:申请方式|申请渠道|申请途径|公开渠道|公开方式|申请人|办理结果)(?:方面|上)[,:]"
)
# `不公开3件、不存在4件`
NOT_THERE = re.compile("(?<!信息)(?<!内容)不存在的?(?=[0-9]+[件宗份条项])")
# `2015、2016年分别收到…`
YEARS = re.compile("(?<![0-9])((?:19|20)[0-9]{2})(?=[、和及与](?:19|20)[0-9]{2}[年、和及与])")
# `收到申请(5)件`
BRACKETED = re.compile(r"(?<=[\u4e00-\u9fff])\(([0-9]+)\)(?=[条件次篇人宗份])")
# To whom they went: `向市人民政府申请行政复议2件`.
TO_WHOM = re.compile("向([^,;:。0-9、]{1,20}?(?:政府|机关|法院))(?=(?:申请|提起|提出)(?:行政)?(复议|诉讼))")
# Who decided: `经市人民政府审查维持原具体行政行为`.
BY_WHOM = re.compile("经[^,;:。0-9、]{2,20}?(?:政府|机关|法院|[厅局委])(?:复议|审查|审理|依法)+后?[,]?(?=(?:予以|决定)?(?:维持|驳回))")
# Who decided, where one is named before a result: `交通运输部维持2件`; of several each decided only some.
DECIDER = re.compile(
    "(?<=[,、;:(])[^,;:。()0-9、]{1,12}?(?:政府|(?<!全)部|法院|厅|局|机关)"
    "(?=[均都皆]?(?:予以|决定|判决|裁定)?(?:维持|驳回|撤销|纠正|确认违法)[^,;:。()0-9]{0,8}(?:[0-9]|$|[,;)]))"
)
# `以我局为被告的行政诉讼1件`
AGAINST = re.compile("以([^,;:。0-9、]{1,24}?)[作]?为(?:共同)?(?:被告|被申请人|被复议机关)的?")
COUNTED = re.compile("(?:申请|提起|提出)(?:行政)?(?:复议|诉讼)[^,;:。0-9]{0,4}[1-9]")
# `未产生与诉讼(行政复议、行政申诉)有关的费用支出` is about the costs.
COSTS_OF = re.compile(r"(?<=[讼议])\([^()0-9]{2,14}\)(?=(?:有关|相关)的?(?:费用|支出))")
KEPT_TITLES = re.compile(r"条例$|公报$")


def _only_one(match: re.Match[str]) -> str:
    """Nothing in place of the only one who decided."""
    return "" if len(match.re.findall(match.string)) == 1 else match.group()


# In this order, each where the sentence has one of the words: most sentences have none, and the patterns take longer to find that.
Rewording = tuple[tuple[str, ...], re.Pattern[str], str | Callable[[re.Match[str]], str]]
OFTEN: tuple[Rewording, ...] = (
    (("一",), NOT_ONE, r"\1"),
    (("里",), INSIDE, "中"),
    (("系",), IS, "为"),
    (("占",), MAKES_UP, ""),
    (("最", "次之", "其次", "再次", "居"), RANKED, ""),
    (("按", "从", "分", "方面", "上"), SORTED_BY, ""),
    (("分",), BATCHES, ""),
    (("由", "从"), RISEN, "比"),
    (("前", "现"), AT_PRESENT, "截至目前"),
    (("式", "径"), ALL_WAYS, ""),
    (("项",), ITEMS, ""),
    (("应",), WITHHELD, "漏公开"),
    (("都",), ALL_OF, "均为"),
    (("费",), FEES, "信息处理费"),
)
# Of these most sentences have none at all.
SELDOM: tuple[Rewording, ...] = (
    (("零申请",), NO_REQUESTS, "没有政府信息公开申请"),
    (("历年", "以前年"), SO_FAR, ""),
    (("公开类", "公开方", "公开相"), NONE_ABOUT, "没有因政府信息公开引起的"),
    (("个)",), HOW_MANY, ""),
    (("因政", "由政"), FOR_SHORT, "政府信息公开"),
    (("结转", "遗留"), NOTHING_CARRIED, "没有上年结转"),
    (("结转",), NOTHING_CARRIED_ON, "没有结转下年度"),
    (("议案件中", "讼案件中", "议中", "讼中", "申请中"), CASES_ABOUT, r"\2引起的\1"),
    (("议诉", "议行", "讼投", "讼举"), JOINED, "、"),
    (("职能",), FUNCTIONAL, ""),
    (("除",), EXCEPT, r"\1\2,"),
    (("未收",), NOT_TAKEN, "收取"),
    (("工作会",), MEETING, "会议"),
    (("一审", "二审", "再审"), INSTANCES, "§"),
    (("依申请提供", "依申请予以"), PROVIDED, "同意公开"),
    (("加上年",), ADDED, ""),
    (("目前",), BY_NOW, ""),
    (("项合计", "项共计", "项总计"), IN_ALL, ""),
    (("维持", "驳回", "撤销", "纠正", "确认违法"), DECIDER, _only_one),
    (("专栏", "栏目", "专题", "板块"), COLUMN, ""),
    (("主动公开栏", "主动公开专"), OWN_COLUMN, ""),
    (("、20", "和20", "及20", "与20"), YEARS, r"\1年"),
    (("不存在",), NOT_THERE, "信息不存在"),
    (("讼(", "议("), COSTS_OF, ""),
    (("(单位)", "(部门)"), PARTS_BRACKETS, ""),
    (("(类)",), KIND_BRACKETS, ""),
    (("(次)",), TIMES_BRACKETS, r"\1次"),
)
ANY_SELDOM = re.compile("|".join(re.escape(word) for words, _, _ in SELDOM for word in words))


def _reworded(text: str, rewordings: tuple[Rewording, ...]) -> str:
    for words, pattern, instead in rewordings:
        for word in words:
            if word in text:
                text = pattern.sub(instead, text)
                break
    return text


def prepared(sentence: str, report_year: int | None = None, publisher: str | None = None) -> str:
    """The sentence without quotes, names of channels and titles of documents; `结转` with its year as of the year before or to the next."""
    text = _reworded(sentence, OFTEN)
    if ANY_SELDOM.search(text):
        text = _reworded(text, SELDOM)
    if "转" in text or "遗留" in text or "延" in text:
        text = CARRIED_FROM.sub(lambda match: _carried_from(match, report_year), text)
        text = CARRIED_ON.sub(lambda match: _carried_on(match, report_year), text)
    if "向" in text:
        text = TO_WHOM.sub(lambda match: _to_whom(match, publisher), text)
    if "为" in text and "以" in text:
        text = AGAINST.sub(lambda match: _against(match, publisher), text)
    if "经" in text:
        text = BY_WHOM.sub("", text)
    if "查" in text:
        text = PLACED.sub("", text)
    if "(" in text:
        text = BRACKETED.sub(r"\1", text)
    if "“" in text or '"' in text or "「" in text or "‘" in text or "'" in text or "『" in text:
        text = QUOTES.sub("", NAME_BEHIND.sub(r"\1", NAME_BEFORE.sub(lambda match: _account(match.group(), publisher), text)))
    if "《" in text or "<" in text:
        text = TITLES.sub(_title, text)
    return SMALL_BRACKETS.sub(r"\1", text) if "(" in text else text


def _carried_from(match: re.Match[str], report_year: int | None) -> str:
    return "上年" if report_year is not None and int(match[1]) == report_year - 1 else match.group()


def _carried_on(match: re.Match[str], report_year: int | None) -> str:
    if report_year is None or int(match[1]) == report_year + 1:
        return "结转下年度"
    return "上年结转" if int(match[1]) == report_year else match.group()


def _to_whom(match: re.Match[str], publisher: str | None) -> str:
    if actor(match[1], publisher) not in ("own", "whole", "level"):
        # `向省政府申请行政复议2件,向市政府申请行政复议1件`: neither is all.
        several = sum(one[2] == match[2] for one in TO_WHOM.finditer(match.string)) > 1
        return "§" if several else ""
    # What it was asked to review itself is another's doing.
    return "§" if COUNTED.match(match.string, match.end()) else match.group()


def _against(match: re.Match[str], publisher: str | None) -> str:
    return "" if actor(match[1], publisher) in ("own", "whole", "level") else "其他单位"


def _account(name: str, publisher: str | None) -> str:
    """Nothing in place of the name of an account, another body where the name says that it is of one."""
    field = data()["accounts"].search(name)
    return "" if field is None or publisher is None or abbreviates(field.group(), publisher) else "其他单位"


def _title(match: re.Match[str]) -> str:
    title = match.group(1) or match.group(2) or ""
    kept = KEPT_TITLES.search(title)
    return kept.group() if kept else "§"


# Most reports have the same headings.
@lru_cache(maxsize=2_048)
def topics_of(heading: str) -> frozenset[str]:
    """What a heading is about."""
    return frozenset(name for name, pattern in data()["topics"].items() if pattern.search(heading))
