"""The text of the reports: numbered headings, paragraphs, and sentences that carry figures.

A text is a list of blocks. Every number that a sentence states as a figure is also in `Text.statements` under its code in the form of 2014.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from demo.figures import Figures, Number

GENERAL = (
    "{year}年,{organ}坚持以人民为中心的发展思想,认真贯彻落实党中央、国务院关于政务公开工作的决策部署,把公开透明的要求贯穿到行政权力运行的各个环节,以公开促落实、促规范、促服务,不断提升政府公信力和执行力。",
    "{organ}高度重视政府信息公开工作,将其列入年度重点任务统筹推进,明确由办公室牵头组织,各有关单位分工负责,形成了主要领导负总责、分管领导具体抓、专人负责日常工作的格局,做到目标清楚、责任到人、措施到位。",
    "围绕重点领域加大公开力度。聚焦财政资金、重大项目、公共资源配置、社会保险、教育、医疗卫生、生态环境、安全生产等群众关心的事项,及时梳理应公开的内容,按照统一格式集中发布,方便公众查询和监督。",
    "进一步规范信息发布流程。严格执行先审查、后公开的原则,公文起草时同步确定公开属性,对拟公开的信息逐级审核,既防止应公开的不公开,又防止涉密和敏感信息外泄,切实保证公开内容的准确性和权威性。",
    "加强政府网站和政务新媒体建设。对网站栏目进行优化调整,完善检索、导航和无障碍浏览功能,定期巡查更新情况,及时清理失效链接和错别字,政务新媒体与网站同步发布、互相补充,传播力和影响力有所提高。",
    "扎实做好政策解读和回应关切。坚持政策性文件与解读材料同步组织、同步审签、同步部署,采用文字、图表等形式说明背景依据、主要内容和办理方式,对公众留言和来信及时转办、限时答复,推动问题得到解决。",
    "推进基层政务公开标准化规范化。对照国家有关部门公布的试点领域标准指引,结合实际编制事项标准目录,逐项明确公开内容、依据、时限、主体和渠道,在便民服务场所设置公开专区,提供查阅、咨询和申请指引服务。",
    "加强政府信息管理。建立政府信息公开台账,对制作、获取、保存的信息实行动态管理,对规范性文件定期清理并公布结果,做好已公开信息的归集整理和档案移交,确保信息内容完整、来源可查。",
    "强化监督保障。将政务公开工作纳入年度目标管理考核,采取日常抽查与集中检查相结合的方式督促落实,对发现的问题列出清单、明确时限、跟踪整改,年内没有发生因政府信息公开工作被责任追究的情况。",
    "完善依申请公开工作机制。对申请的接收、登记、审核、办理、答复、归档各环节作出规定,注重与申请人沟通,统一答复文书格式,必要时征求法律顾问意见,依法保障公民、法人和其他组织获取政府信息的权利。",
    "注重业务能力提升。结合新修订的有关规定和典型案例,采取集中授课、以会代训、跟班学习等方式,帮助经办人员熟悉政策要求和操作流程,答复质量和信息发布质量得到进一步提高。",
    "拓展公开渠道。在办好门户网站的同时,充分利用公告栏、宣传册、电子显示屏、广播电视和档案馆、图书馆查阅点等方式,满足不同群体获取信息的需要,努力打通政务公开的最后环节。",
)
PROBLEMS = (
    "一是个别单位对政府信息公开工作的认识还不到位,主动公开的意识不够强,信息更新不够及时。二是政策解读形式比较单一,图表、视频等生动直观的解读方式运用不多。三是基层工作人员调整较频繁,业务衔接不够顺畅。",
    "主要问题是:部分信息公开的内容与公众需求还有差距,公开的深度和广度有待拓展;依申请公开答复的规范化水平需要继续提高;政务新媒体内容的原创性不够,与群众的互动有待加强。",
    "工作中还存在一些不足:公开目录的分类不够细致,群众查找信息不够方便;个别栏目内容偏少;专业人员力量比较薄弱,学习培训的针对性有待增强。",
)
PLANS = (
    "下一步,将从以下方面改进:一是加强学习宣传,进一步提高各级干部依法公开的意识。二是丰富解读形式,把政策讲清楚、讲明白。三是健全工作机制,稳定工作队伍,加强督促检查,推动各项任务落到实处。",
    "下一年度,我们将继续深化重点领域信息公开,完善主动公开基本目录;规范依申请公开办理程序,提高答复质量;加强平台建设和内容保障,更好地服务经济社会发展和人民群众生产生活。",
    "针对上述问题,将进一步压实责任,加大业务指导力度,优化栏目设置,及时回应社会关切,努力使政府信息公开工作更加规范、更加便民、更有实效。",
)


@dataclass
class Text:
    """A report's text in the making: blocks of kind `h` (heading), `p` (paragraph) or `html`, and the figures that its sentences state."""

    rng: Random
    names: dict[str, str]
    blocks: list[tuple[str, str]] = field(default_factory=list)
    statements: Figures = field(default_factory=dict)

    def heading(self, text: str) -> None:
        self.blocks.append(("h", text))

    def say(self, text: str, **stated: Number) -> None:
        """A paragraph; `stated` are the figures that it prints, by their code of 2014."""
        self.blocks.append(("p", text.format(**self.names, **stated)))
        self.statements |= {f"{code}|": value for code, value in stated.items()}

    def general(self, count: int) -> None:
        for paragraph in self.rng.sample(GENERAL, count):
            self.say(paragraph)

    def html(self, markup: str) -> None:
        self.blocks.append(("html", markup))


def opening(text: Text) -> None:
    """What every report before 2019 begins with."""
    text.say(
        "根据《中华人民共和国政府信息公开条例》(以下简称《条例》)的规定,现公布{organ}{year}年度政府信息公开工作年度报告。本报告所列数据的统计期限"
        "自{year}年1月1日起至{year}年12月31日止。本报告的电子版可在{place}政府门户网站下载。如对本报告有任何疑问,请与{organ}联系(地址:{place}"
        "人民路1号;邮编:000000;电话:0000-8800123)。"
    )


def numbers(figures: Figures) -> Callable[..., dict[str, Number]]:
    """A function that picks figures by code."""

    def pick(*codes: str) -> dict[str, Number]:
        return {code: value for code in codes if (value := figures.get(f"{code}|")) is not None}

    return pick


def closing(text: Text, number: str) -> None:
    """Problems and plans, the last numbered section of the old reports."""
    text.heading(f"{number}、存在的主要问题和改进措施")
    text.say(text.rng.choice(PROBLEMS))
    text.say(text.rng.choice(PLANS))


def disclosure_and_requests(text: Text, figures: Figures) -> None:
    """The sections on disclosure, requests, reviews and fees with every figure of a report that has no table."""
    pick = numbers(figures)
    text.heading("二、主动公开政府信息情况")
    text.say(
        "{year}年,{ours}主动公开政府信息{proactive_info_count}条,其中主动公开规范性文件{proactive_normative_docs_count}件。",
        **pick("proactive_info_count", "proactive_normative_docs_count"),
    )
    text.say(
        "通过不同渠道和方式公开政府信息的情况为:政府公报公开政府信息{channel_gazette_info_count}条,政府网站公开政府信息{channel_website_info_count}条,"
        "政务微博公开政府信息{channel_weibo_info_count}条,政务微信公开政府信息{channel_wechat_info_count}条,其他方式公开政府信息{channel_other_info_count}条。",
        **pick(
            "channel_gazette_info_count",
            "channel_website_info_count",
            "channel_weibo_info_count",
            "channel_wechat_info_count",
            "channel_other_info_count",
        ),
    )
    text.general(2)
    text.heading("三、回应解读情况")
    text.say(
        "全年回应公众关注热点或重大舆情{response_hot_topics_count}次;举办新闻发布会{press_conferences_count}次,其中:主要负责同志参加新闻发布会"
        "{press_conferences_by_principal_count}次;政府网站在线访谈{online_interviews_count}次,政策解读稿件发布{policy_interpretations_count}篇,"
        "微博微信回应事件{weibo_wechat_responses_count}次,其他方式回应事件{other_responses_count}次。",
        **pick(
            "response_hot_topics_count",
            "press_conferences_count",
            "press_conferences_by_principal_count",
            "online_interviews_count",
            "policy_interpretations_count",
            "weibo_wechat_responses_count",
            "other_responses_count",
        ),
    )
    text.general(1)
    text.heading("四、依申请公开政府信息情况")
    requests(text, figures)
    text.heading("五、行政复议、行政诉讼和举报投诉情况")
    text.say(
        "{year}年,因政府信息公开申请行政复议{review_cases_count}件,其中:维持具体行政行为的{review_upheld_count}件,被依法纠错的{review_corrected_count}件,"
        "其他情形的{review_other_count}件。",
        **pick("review_cases_count", "review_upheld_count", "review_corrected_count", "review_other_count"),
    )
    text.say(
        "行政诉讼数量{litigation_cases_count}件。举报投诉数量{complaints_count}件。",
        **pick("litigation_cases_count", "complaints_count"),
    )
    text.heading("六、收费情况和工作保障")
    text.say("{year}年,{ours}依申请公开政府信息没有收取任何费用。")
    text.statements["request_fees_collected|"] = 0
    text.say(
        "召开政府信息公开工作会议或专题会议{meetings_count}次,举办各类培训班{training_sessions_count}次,接受培训人员{trainees_count}人次。",
        **pick("meetings_count", "training_sessions_count", "trainees_count"),
    )


def requests(text: Text, figures: Figures) -> None:
    """The sentences on requests: received by channel, completed, answered."""
    pick = numbers(figures)
    received = pick("requests_received_count")["requests_received_count"]
    if not received:
        text.say("{year}年,{ours}未收到公民、法人或其他组织提出的政府信息公开申请。")
        text.statements["requests_received_count|"] = 0
        return
    channels = {"当面申请": "requests_in_person_count", "传真申请": "requests_fax_count", "网络申请": "requests_online_count"}
    channels["信函申请"] = "requests_letter_count"
    used = {label: code for label, code in channels.items() if figures[f"{code}|"]}
    listed = ",".join(f"{label}{{{code}}}件" for label, code in used.items())
    text.say(
        "{year}年,{ours}共收到政府信息公开申请{requests_received_count}件,其中:" + listed + ",全部办结。",
        **pick("requests_received_count", *used.values()),
    )
    text.statements["requests_completed_count|"] = received
    answers = {
        "属于已主动公开范围的": "replies_already_public_count",
        "同意公开的答复": "replies_granted_count",
        "同意部分公开的答复": "replies_partially_granted_count",
        "不同意公开的答复": "replies_refused_count",
        "不属于本行政机关公开的": "replies_not_responsible_count",
        "申请信息不存在的": "replies_nonexistent_count",
        "告知作出更改补充的": "replies_amendment_notified_count",
        "告知通过其他途径办理的": "replies_other_channel_notified_count",
    }
    given = {label: code for label, code in answers.items() if figures[f"{code}|"]}
    text.say("答复情况为:" + ",".join(f"{label}{{{code}}}件" for label, code in given.items()) + "。", **pick(*given.values()))


def report_in_prose(text: Text, figures: Figures) -> None:
    """A report without any table."""
    opening(text)
    text.heading("一、概述")
    text.general(4)
    disclosure_and_requests(text, figures)
    closing(text, "七")


def report_2014(text: Text, figures: Figures, contradicted: Figures | None = None) -> None:
    """The text before a table of the form of 2014; it repeats some of the table's figures."""
    said = figures | (contradicted or {})
    pick = numbers(said)
    opening(text)
    text.heading("一、概述")
    text.general(4)
    text.heading("二、主动公开政府信息情况")
    text.say(
        "{year}年,主动公开政府信息{proactive_info_count}条。其中,政府网站公开政府信息{channel_website_info_count}条,政务微博公开政府信息"
        "{channel_weibo_info_count}条,政务微信公开政府信息{channel_wechat_info_count}条,其他方式公开政府信息{channel_other_info_count}条。",
        **pick(
            "proactive_info_count",
            "channel_website_info_count",
            "channel_weibo_info_count",
            "channel_wechat_info_count",
            "channel_other_info_count",
        ),
    )
    text.general(2)
    text.heading("三、依申请公开政府信息情况")
    requests(text, said)
    text.heading("四、政府信息公开收费及减免情况")
    if said["request_fees_collected|"]:
        text.say("{year}年,依申请公开信息收取的费用为{request_fees_collected}万元。", **pick("request_fees_collected"))
    else:
        text.say("{year}年,依申请公开政府信息没有收取任何费用。")
        text.statements["request_fees_collected|"] = 0
    text.heading("五、因政府信息公开申请行政复议、提起行政诉讼的情况")
    if said["review_cases_count|"] or said["litigation_cases_count|"]:
        text.say(
            "{year}年,行政复议数量{review_cases_count}件,行政诉讼数量{litigation_cases_count}件。",
            **pick("review_cases_count", "litigation_cases_count"),
        )
    else:
        text.say("{year}年,未发生因政府信息公开申请行政复议、提起行政诉讼的情况。")
        text.statements |= {"review_cases_count|": 0, "litigation_cases_count|": 0}
    closing(text, "六")


def report_2019(text: Text, figures: Figures, tables: tuple[str, str, str]) -> None:
    """A report in the six sections of 2019 and later, with its three tables in their places."""
    disclosed, meetings = text.rng.randint(40, 9000), text.rng.randint(1, 6)
    received = figures["requests.received_new|total"] or 0
    text.heading("一、总体情况")
    text.say(text.rng.choice(GENERAL[:2]))
    for number, topic, paragraph in (
        ("一", "主动公开", 2),
        ("二", "依申请公开", 9),
        ("三", "政府信息管理", 7),
        ("四", "平台建设", 4),
        ("五", "监督保障", 8),
    ):
        text.say(f"({number}){topic}情况。" + GENERAL[paragraph])
        if topic == "主动公开":
            text.say("全年主动公开政府信息{proactive_info_count}条。", proactive_info_count=disclosed)
        elif topic == "依申请公开":
            text.say("全年收到政府信息公开申请{requests_received_count}件。", requests_received_count=received)
        elif topic == "监督保障":
            text.say("召开政府信息公开工作会议{meetings_count}次。", meetings_count=meetings)
    text.say(GENERAL[text.rng.choice((5, 6, 10, 11))])
    for heading, table in zip(
        ("二、主动公开政府信息情况", "三、收到和处理政府信息公开申请情况", "四、政府信息公开行政复议、行政诉讼情况"), tables, strict=True
    ):
        text.heading(heading)
        text.html(table)
    text.heading("五、存在的主要问题及改进情况")
    text.say(text.rng.choice(PROBLEMS))
    text.say(text.rng.choice(PLANS))
    text.heading("六、其他需要报告的事项")
    text.say("{year}年未收取政府信息公开信息处理费。无其他需要报告的事项。")
    text.statements["request_fees_collected|"] = 0
