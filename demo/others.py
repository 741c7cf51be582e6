"""What the portals publish beside their annual reports: titles that nearly are those of reports, with bodies to match."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from demo.figures import dice
from demo.places import Portal
from demo.prose import Text

WITH_UNITS = {"demo-dawukou", "demo-linan"}
YEARS = range(2015, 2024)

# (column, kind of body, title). {y} is a year, {n} the next, {place} {government} {department} {town} the portal's.
EVERY_YEAR = (
    ("annual", "notice", "关于编制{y}年度政府信息公开工作年度报告的通知"),
    ("annual", "interpretation", "《{government}{y}年政府信息公开工作年度报告》解读"),
    ("plans", "work", "{place}{y}年政府工作报告"),
    ("finance", "budget", "{department}{y}年度部门决算"),
    ("finance", "budget", "关于{place}{y}年财政预算执行情况和{n}年财政预算草案的报告"),
    ("statistics", "statistics", "{place}{y}年国民经济和社会发展统计公报"),
    ("law", "work", "{place}{y}年法治政府建设年度报告"),
    ("news", "news", "{place}召开{y}年政府信息公开工作推进会"),
    ("notices", "notice", "关于开展{y}年度企业年报公示工作的通知"),
)
# These appear in some of the years, so that lists differ between the portals.
NOW_AND_THEN = (
    ("annual", "picture", "图解:{government}{y}年政府信息公开工作年度报告"),
    ("annual", "notice", "关于报送{y}年度政府信息公开工作年报的函"),
    ("annual", "website", "{place}政府网站工作年度报表({y}年度)"),
    ("annual", "notice", "{y}年政务公开工作要点"),
    ("annual", "notice", "关于{y}年政府信息公开工作年度报告发布情况的通报"),
    ("annual", "notice", "{place}{y}年度政府信息公开工作考核办法"),
    ("interpretation", "interpretation", "一图读懂{y}年{place}政府信息公开年报"),
    ("interpretation", "interpretation", "{y}年政府信息公开年度报告编制要点解读"),
    ("statistics", "statistics", "{place}{y}年环境质量年报"),
    ("statistics", "statistics", "{place}{y}年人力资源和社会保障事业发展年度报告"),
    ("finance", "work", "关于{place}{y}年度本级预算执行和其他财政收支的审计工作报告"),
    ("finance", "budget", "{town}{y}年度部门预算公开说明"),
    ("plans", "work", "{department}{y}年工作总结和{n}年工作计划"),
    ("plans", "work", "{place}{y}年国民经济和社会发展计划执行情况的报告"),
    ("law", "work", "{department}{y}年度依法行政工作报告"),
    ("notices", "notice", "事业单位法人{y}年度报告公示"),
    ("notices", "notice", "关于{y}年度“双随机、一公开”抽查结果的公告"),
    ("news", "news", "{town}开展{y}年政务公开日活动"),
    ("news", "news", "{department}扎实推进{y}年重点工作"),
)
# Portals with a list for departments or towns print these there.
UNITS = (
    ("units", "notice", "关于做好{y}年度部门和乡镇政府信息公开工作年度报告编制工作的通知"),
    ("units", "budget", "{department}{y}年度部门决算公开"),
    ("units", "work", "{town}{y}年政务公开工作总结"),
)
ONCE = (
    ("guide", "guide", "{government}政府信息公开指南"),
    ("guide", "guide", "{department}政府信息公开指南"),
    ("rules", "guide", "政府信息公开年度报告制度"),
    ("rules", "guide", "{place}政府信息公开保密审查办法"),
    ("rules", "guide", "{place}政府信息依申请公开工作规程"),
    ("catalogue", "catalogue", "{government}政府信息公开目录"),
    ("catalogue", "catalogue", "{place}主动公开基本目录(2021年版)"),
)

TOPICS = (
    "会议强调,各单位要进一步提高认识,严格落实责任,把各项任务细化分解到具体岗位和人员,加强协调配合,确保按期保质完成。",
    "要坚持问题导向,对照年度目标任务逐项梳理,查漏补缺,对进展缓慢的事项要分析原因、拿出措施,切实推动落实。",
    "请各有关单位按照统一要求认真准备材料,由主要负责人审核签字并加盖公章后,通过办公系统报送,逾期未报的将予以通报。",
    "各乡镇、各部门要加强组织领导,明确专人负责,做好资料收集、数据核对和审核把关工作,保证内容真实、完整、准确。",
    "一年来,经济运行总体平稳,产业结构持续优化,民生保障得到加强,生态环境质量稳步改善,社会大局保持和谐稳定。",
    "要聚焦群众关心的就业、教育、医疗、养老、住房等实际问题,加大投入力度,补齐短板弱项,让发展成果更多更公平惠及人民群众。",
    "坚持依法行政,自觉接受人大法律监督、政协民主监督和社会监督,认真办理代表建议和委员提案,推进政府职能转变和作风建设。",
    "深化改革开放,优化营商环境,落实惠企政策,支持民营企业和小微企业发展,激发各类经营主体活力。",
    "加强宣传引导,及时总结推广好经验好做法,营造人人关心、支持、参与的良好氛围。",
)


class Other(NamedTuple):
    """An article that is no annual report."""

    column: str
    kind: str
    title: str
    published: date
    year: int


def published(portal: Portal) -> Iterator[Other]:
    """All other articles of a portal, the oldest year first."""
    rng = dice(f"others of {portal.id}")
    for year in YEARS:
        chosen = [*EVERY_YEAR, *rng.sample(NOW_AND_THEN, 5)] if portal.departments[2:] else rng.sample(EVERY_YEAR, 5)
        for column, kind, title in [*chosen, *(UNITS if portal.id in WITH_UNITS else ())]:
            yield Other(column, kind, _title(rng, portal, title, year), _day(rng, kind, year), year)
    for column, kind, title in ONCE:
        yield Other(column, kind, _title(rng, portal, title, 2019), date(2019, rng.randint(5, 12), rng.randint(1, 28)), 2019)


def _title(rng: Random, portal: Portal, title: str, year: int) -> str:
    return title.format(
        y=year,
        n=year + 1,
        place=portal.place,
        government=portal.government,
        department=rng.choice(portal.departments),
        town=rng.choice(portal.towns),
    )


def _day(rng: Random, kind: str, year: int) -> date:
    first = date(year, 12, 1) if kind == "notice" else date(year + 1, 1, 15)
    return first + timedelta(days=rng.randint(0, 40 if kind == "notice" else 160))


def body(portal: Portal, other: Other) -> Text:
    """The text of an article: a few paragraphs, with a table where such articles have one."""
    rng = dice(f"{portal.id} {other.title} {other.published}")
    text = Text(rng, {"year": str(other.year), "organ": portal.government, "ours": portal.ours, "place": portal.place})
    if other.kind == "interpretation":
        received = rng.randint(3, 90)
        text.say(f"{other.year}年年度报告已经公布,为便于公众了解,现解读如下。报告分为六个部分,介绍了全年工作情况。")
        text.say(f"全年收到政府信息公开申请{received}件,予以公开{received // 2}件,均在规定时限内答复。")
    elif other.kind == "notice":
        text.say("各乡镇人民政府(街道办事处),各部门、各直属单位:")
    for paragraph in rng.sample(TOPICS, rng.randint(3, 6)):
        text.say(paragraph)
    if other.kind == "guide":
        text.heading("一、公开范围")
        text.say("本机关主动公开的政府信息范围参见政府信息公开目录。公民、法人或其他组织可以向本机关申请获取主动公开以外的政府信息。")
        text.heading("二、申请方式")
        text.say("申请人可以当面、通过信函或网络提交申请表。本机关收到申请后,能够当场答复的当场答复,不能当场答复的在规定时限内答复。")
    if table := TABLES.get(other.kind):
        text.html(_table(rng, *table))
    if other.kind == "picture":
        text.html('<p align="center"><img src="/images/tujie.jpg" width="800" alt="图解"></p>')
    if other.kind == "notice":
        text.say(f"附件:政府信息公开工作年度报告格式(含统计表),于{other.year + 1}年1月20日前报送。")
    return text


# kind of body: (header, labels of the rows); the cells get numbers.
TABLES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "budget": (
        ("项目", "行次", "决算数(万元)"),
        ("一、一般公共预算财政拨款收入", "二、事业收入", "三、其他收入", "本年支出合计", "“三公”经费支出"),
    ),
    "website": (
        ("指标", "单位", "统计数"),
        (
            "网站总访问量",
            "信息发布总数",
            "解读信息发布总数",
            "收到留言数量",
            "办结留言数量",
            "征集调查期数",
            "在线访谈期数",
            "新媒体信息发布量",
        ),
    ),
    "statistics": (("指标", "单位", "数量"), ("地区生产总值", "第一产业增加值", "固定资产投资", "社会消费品零售总额", "年末常住人口")),
    "catalogue": (
        ("公开事项", "序号", "公开时限(工作日)"),
        ("机构职能", "政策文件", "规划信息", "统计信息", "行政许可", "财政预决算", "信息公开年报"),
    ),
}


def _table(rng: Random, header: tuple[str, ...], labels: tuple[str, ...]) -> str:
    rows = [f"<tr>{''.join(f'<th>{name}</th>' for name in header)}</tr>"]
    rows += [f"<tr><td>{label}</td><td>{number}</td><td>{rng.randint(3, 90000)}</td></tr>" for number, label in enumerate(labels, 1)]
    return f'<table border="1">{"".join(rows)}</table>'
