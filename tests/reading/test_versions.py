"""Pairs of pages: what surrounds a report on every visit makes no new version of it, and what somebody changed in it makes one."""

import re
from pathlib import Path

import pytest

from giar_crawler.items import Page, PageContext
from pipelines import read
from pipelines.decode.charset import decode_bytes
from tests.reading.pages import BODY, FOOT, TITLE

ROWS = "".join(f"<tr><td>{label}</td><td>{value}</td></tr>\n" for label, value in (("规章", 1), ("规范性文件", 23), ("行政许可", 5531)))
TABLE = f"<table><tr><td>信息内容</td><td>本年制发件数</td></tr>\n{ROWS}</table>"
SIGNED = "<p>淳化县人民政府</p><p>2022年1月20日</p>"
URL = "http://www.example.gov.cn/zwgk/c101/52.html"
# Where a page's own system puts the report: an element that is known by its name, and one that is not.
CONTAINERS = ('<div id="zoom">{}</div>', '<div class="box7"><div>{}</div></div>')


def page(  # noqa: PLR0913 - each part of a page can be the difference
    *, top="", info="发布时间:2022-01-20", first="", last="", bottom="", head="", container=CONTAINERS[0]
):
    title, report = TITLE, first + BODY + TABLE + SIGNED + last
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}</title>{head}</head><body>
<div class="top">{top}</div><div class="nav"><ul><li><a href="/">首页</a></li><li><a href="/zwgk/">政务公开</a></li></ul></div>
<div class="main"><h1>{title}</h1><div class="info">{info}</div>{container.format(report)}</div>{bottom}{FOOT}</body></html>"""


def digest(html, url=URL, context=None):
    return read(Page(url, html.encode(), context=context or PageContext())).content_sha256


def shuffled(html):
    """The same elements with other attributes in another order."""

    def other(match):
        pairs = re.findall(r'[\w-]+="[^"]*"', match[2])
        return " ".join([f"<{match[1]}", *reversed(pairs), 'data-v-7f3a=""']) + ">"

    return re.sub(r"<(div|p|td|tr|table|ul|li|h1|a)((?: [\w-]+=\"[^\"]*\")*)>", other, html)


def minified(html):
    return re.sub(r"\s*\n\s*", "", re.sub(r">\s+<", "><", html))


def pretty(html):
    return re.sub(r"(</?(?:p|td|tr|div|table|ul|li|h1)\b[^>]*>)", r"\n      \1\n", html)


def spans(html):
    return re.sub(r"<td>([^<]+)</td>", r'<td class="x"><p><span style="font-size:12pt">\1</span></p></td>', html)


# What stands there on one visit and on another.
SURROUNDINGS = {
    "visits": {"info": ("发布时间:2022-01-20 浏览次数:12", "发布时间:2022-01-20 浏览次数:4567")},
    "visits in an element": {"info": ("2022-01-20 阅读:<span id=hits>12</span>次", "2022-01-20 阅读:<span id=hits>4567</span>次")},
    "visits not counted yet": {"info": ("发布时间:2022-01-20 浏览次数:<i></i>", "发布时间:2022-01-20 浏览次数:<i>3</i>")},
    "visits above the text": {"first": ("<p>浏览次数:12</p>", "<p>浏览次数:4567</p>")},
    "visits above the text, with their words": {"first": ("<p>【字体:大 中 小】 阅读量:12次</p>", "<p>【字体:大 中 小】 阅读量:998次</p>")},
    "visits below the text": {"last": ("<p>阅读 [12] 次</p>", "<p>阅读 [998] 次</p>")},
    "likes below the text": {"last": ("<div>点赞:3 收藏:0</div>", "<div>点赞:17 收藏:2</div>")},
    "print time above": {"top": ("打印时间:2022-03-01 10:12:13", "打印时间:2023-11-12 09:00:00")},
    "print time below the text": {"last": ("<p>打印时间:2022年3月1日</p>", "<p>打印时间:2023年11月12日</p>")},
    "clock": {"top": ("今天是2022年3月1日 星期二", "今天是2023年11月12日 星期日")},
    "clock with the moon's month": {"first": ("<p>今天是:2022年3月1日 农历正月廿九</p>", "<p>今天是:2023年11月12日 农历九月廿九</p>")},
    "clock alone": {"first": ("<p>2022年3月1日 星期二</p>", "<p>2023年11月12日 星期日</p>")},
    "time of the server": {"last": ("<p>服务器时间: 10:12:13</p>", "<p>服务器时间: 23:59:01</p>")},
    "weather": {"top": ("咸阳 晴 12℃~20℃ 西北风3级", "咸阳 多云转小雨 2℃~9℃ 东风微风")},
    "weather above the text": {"first": ("<p>咸阳 晴 12℃~20℃</p>", "<p>咸阳 多云转小雨 2℃~9℃</p>")},
    "visitors": {"bottom": ("<p>您是第1234位访问者</p>", "<p>您是第99999位访问者</p>")},
    "visitors below the text": {
        "last": ("<p>您是本站第 1234 位访客</p><p>当前在线:3人</p>", "<p>您是本站第 9 位访客</p><p>当前在线:12人</p>")
    },
    "session in addresses": {"top": ('<a href="/;jsessionid=A1">登录</a>', '<a href="/;jsessionid=B2">登录</a>')},
    "session in a form": {"first": ('<input type="hidden" name="sid" value="A1">', '<input type="hidden" name="sid" value="B2">')},
    "session in a printed address": {
        "last": (
            "<p>原文链接:http://www.example.gov.cn/a.do;jsessionid=A1.n1?id=5</p>",
            "<p>原文链接:http://www.example.gov.cn/a.do;jsessionid=B2.n2?id=5</p>",
        )
    },
    "session shown": {"first": ("<p>会话标识:A1B2C3D4</p>", "<p>会话标识:FFEE0011</p>")},
    "banner": {"top": ("热烈庆祝国庆佳节", "<p>网站维护公告</p><p>本网站将于周六维护</p>")},
    "navigation": {"top": ("<ul><li><a href=/a>首页</a></li></ul>", "<ul><li><a href=/b>要闻</a></li><li><a href=/c>专题</a></li></ul>")},
    "related links": {
        "bottom": (
            "<div><h3>相关链接</h3><ul><li><a href=/1>2020年年度报告</a></li></ul></div>",
            "<div><h3>相关链接</h3><ul><li><a href=/2>2022年年度报告 2023-01-30</a></li><li><a href=/3>通知</a></li></ul></div>",
        )
    },
    "related links below the text": {
        "last": (
            "<div><p>相关信息</p><ul><li><a href=/1>2020年年度报告</a></li></ul></div>",
            "<div><p>相关信息</p><ul><li><a href=/2>2022年年度报告</a></li><li><a href=/3>关于放假的通知</a></li></ul></div>",
        )
    },
    "the next page": {
        "last": ("<p>上一篇:<a href=/1>无</a></p>", "<p>上一篇:<a href=/1>2022年年报</a></p><p>下一篇:<a href=/3>通知</a></p>")
    },
    "scripts and comments": {"first": ("<script>var t=1</script><!-- 1 -->", "<script>var t=2</script><!-- 2 -->")},
    "meta tags made anew": {"head": ('<meta name="PubDate" content="2022-03-01">', '<meta name="PubDate" content="2022-03-09">')},
}
MARKUP = {"attributes": shuffled, "minified": minified, "pretty": pretty, "spans": spans}


@pytest.mark.parametrize("container", CONTAINERS, ids=["known", "unknown"])
@pytest.mark.parametrize("name", SURROUNDINGS)
def test_what_surrounds_a_report_makes_no_version(name, container):
    ((part, (one, other)),) = SURROUNDINGS[name].items()
    assert digest(page(**{part: one}, container=container)) == digest(page(**{part: other}, container=container))


@pytest.mark.parametrize("container", CONTAINERS, ids=["known", "unknown"])
@pytest.mark.parametrize("name", MARKUP)
def test_other_markup_makes_no_version(name, container):
    plain = page(container=container)
    assert plain != MARKUP[name](plain)
    assert digest(plain) == digest(MARKUP[name](plain))


def test_another_container_makes_no_version():
    """A portal's new look: whether the title is taken for a part of the body hangs on the names of its elements."""
    assert len({digest(page(container=container)) for container in CONTAINERS}) == 1


def test_how_the_page_was_found_makes_no_version():
    """Of a report that is asked for directly no list is known, and the address may have another host."""
    found = PageContext(list_title="2021年年报", list_date="2022-02-01", parent="http://www.example.gov.cn/zwgk/")
    assert digest(page(), context=found) == digest(page()) == digest(page(), url="http://example.gov.cn/zwgk/c101/52.html")


CHANGES = {
    "a figure": ("<td>5531</td>", "<td>5532</td>"),
    "a figure taken away": ("<td>5531</td>", "<td></td>"),
    "a figure in the next cell": ("<td>规章</td><td>1</td>", "<td>规章1</td><td></td>"),
    "a figure of the text": ("主动公开信息4330条", "主动公开信息4331条"),
    "a label": ("<td>规范性文件</td>", "<td>行政规范性文件</td>"),
    "a word": ("均已按期办结", "大部分已按期办结"),
    "a sentence": ("没有结转下年度继续办理的申请。", "没有结转下年度继续办理的申请。本年另有投诉2件。"),
    "a paragraph taken away": ("<p>二、主动公开政府信息情况</p>", ""),
    "the day of signing": ("2022年1月20日", "2022年3月20日"),
    "the day of publication": ("发布时间:2022-01-20", "发布时间:2022-03-30"),
    "the title": (f"<h1>{TITLE}</h1>", f"<h1>{TITLE.replace('2021', '2020')}</h1>"),
    "visits that the report counts": (BODY, BODY + "<p>五、网站访问情况</p><p>全年网站访问量:12次。</p>"),
}


@pytest.mark.parametrize("container", CONTAINERS, ids=["known", "unknown"])
@pytest.mark.parametrize("name", CHANGES)
def test_what_was_changed_makes_a_version(name, container):
    old, new = CHANGES[name]
    before = page(container=container)
    if old not in before:
        pytest.fail(f"the page has no {old}")
    assert digest(before) != digest(before.replace(old, new))


@pytest.mark.parametrize(
    "line",
    [
        "网址http://a.gov.cn/x?id=3&t=5全年{}次",
        "全年网站访问量:{}次。",
        "1.网站访问量:{}次",
        "(五)访问量:{}人次",
        "{}年3月1日,全县召开会议。",
    ],
)
def test_numbers_of_the_reports_own_are_no_counters(line):
    one, other = (page(first=f"<p>{line.format(number)}</p>") for number in (2012, 2013))
    assert digest(one) != digest(other)


GOLDEN = sorted((Path(__file__).parents[1] / "pages").glob("*/page.html"))


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.parent.name)
def test_golden_pages_have_one_version_whatever_surrounds_them(path):
    text = decode_bytes(path.read_bytes(), "", None).text
    if "<body" not in text or "</body>" not in text:
        pytest.skip("the page is a part of one")

    def on(day, visits):
        top = f"<div>今天是{day}</div><div>咸阳 晴 {visits % 30}℃ 东风{visits % 7}级</div>"
        top += f"<ul><li><a href=/{visits}>专题{visits}</a></li></ul>"
        end = f"<p>您是第{visits}位访问者</p><p>打印时间:{day}</p>"
        above, _, rest = text.partition("<body")
        attributes, _, inner = rest.partition(">")
        whole = f"{above}<body{attributes}>{top}{inner.replace('</body>', end + '</body>')}"
        return Page(URL, re.sub(r"<meta[^>]*charset[^>]*>", "", whole).encode(), {"content-type": "text/html; charset=utf-8"})

    one, other = read(on("2022年3月1日 星期二", 12)), read(on("2023年11月12日 星期日", 99887))
    assert one.content_sha256 == other.content_sha256
