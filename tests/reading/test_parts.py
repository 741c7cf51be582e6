"""Reports that are printed on several pages: the addresses of their pages, and how these are joined."""

from __future__ import annotations

from time import perf_counter

import pytest

from giar_crawler.items import Page, Report
from pipelines import read
from pipelines.parts import MOST, MOST_BYTES, Whole, first_pages, parts

FOLDER = "http://www.a.gov.cn/xx/"


def link(address: str, label: str) -> str:
    return f"<a class=p href='{address}' target=_self>{label}</a>"


@pytest.mark.parametrize(
    ("own", "links", "wanted"),
    [
        ("123.html", {"123.html": "1", "123_2.html": "2", "./123_3.html": "<b>[3]</b>"}, ["123_2.html", "123_3.html"]),
        ("123.html", {"123_2.html": "下一页", "/xx/123_4.html": "尾页"}, ["123_2.html", "123_3.html", "123_4.html"]),
        # Counted from 0, told by the numbers or by the only link.
        ("t1_123.htm", {"t1_123_1.htm": "2", "t1_123_2.htm": "3"}, ["t1_123_1.htm", "t1_123_2.htm"]),
        ("t1_123.htm", {"t1_123_1.htm": "下一页"}, ["t1_123_1.htm"]),
        ("show-6-23-1.html", {"show-6-23-1.html": "1", "show-6-23-2.html": "2", "show-6-24-1.html": "下一篇"}, ["show-6-23-2.html"]),
        ("v.asp?ArticleID=3", {"v.asp?ArticleID=3&amp;ArticlePage=2": "[2]"}, ["v.asp?ArticleID=3&ArticlePage=2"]),
        (
            "i.php?a=show&id=3",
            {"/xx/i.php?a=show&id=3&page=2": "2", "i.php?a=show&id=3&page=3": "末页"},
            ["i.php?a=show&id=3&page=2", "i.php?a=show&id=3&page=3"],
        ),
        ("i.php?page=1&id=3", {"i.php?page=2&id=3": "2"}, ["i.php?page=2&id=3"]),
        ("123.html", {"http://[": "下一页", "123_2.html": "2"}, ["123_2.html"]),
        # Called alike, and no pages of it.
        ("news_1.html", {"news_2.html": "某县教育局2023年报告", "news_3.html": "下一篇"}, []),
        ("123.html", {"123_2.jpg": "2", "/yy/123_2.html": "2", "http://b.cn/xx/123_2.html": "2", "1234_2.html": "2"}, []),
        ("v.asp?ID=12", {"v.asp?ID=13": "下一页", "v.asp?ID=12&size=2": "2", "w.asp?ID=12&page=2": "2"}, []),
        ("v.asp?ID=12&page=4", {"v.asp?ID=12&page=5": "5"}, []),
        ("index.html", {"index_2.html": "2"}, []),
        ("123", {"123_2": "2"}, []),
    ],
)
def test_addresses(own: str, links: dict[str, str], wanted: list[str]) -> None:
    text = "".join(link(address, label) for address, label in links.items())
    assert parts(FOLDER + own, text) == [FOLDER + one for one in wanted]


def test_a_pager_that_is_drawn_or_chosen_from() -> None:
    drawn = '<script>createPageHTML(3, 0,"t20190121_9","html");</script>'
    assert parts(FOLDER + "t20190121_9.html", drawn) == [FOLDER + "t20190121_9_1.html", FOLDER + "t20190121_9_2.html"]
    assert parts(FOLDER + "t20190121_9.html", drawn.replace("(3", "(1")) == []
    chosen = "<select><option value='9.html'>第1页</option><option value='9_2.html'>第2页</option></select>"
    assert parts(FOLDER + "9.html", chosen) == [FOLDER + "9_2.html"]


def test_no_more_than_a_report_has() -> None:
    assert len(parts(FOLDER + "9.html", link("9_2.html", "2") + link("9_99.html", "尾页"))) == MOST


@pytest.mark.parametrize("url", [None, "", "9.html", "http://[", "http://a.gov.cn", "http://a.gov.cn/" + "9" * 5000 + ".html"])
def test_an_address_that_is_none(url: str | None) -> None:
    assert parts(url, link("9_2.html", "2")) == []


@pytest.mark.parametrize(
    "hostile",
    [
        "<a href=" * 60_000,
        "<a href='9_2.html'>" + " " * 500_000,
        "<a " + "x " * 250_000 + "href='9_2.html'>2",
        "9_2<a href='9_2.html'" * 25_000,
    ],
    ids=["never closed", "blanks", "attributes", "quotes"],
)
def test_hostile_markup_takes_no_time(hostile: str) -> None:
    start = perf_counter()
    parts(FOLDER + "9.html", hostile + "9_2")
    assert perf_counter() - start < 2


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("9_2.html", ["9.html", "9_1.html"]),
        ("show-6-23-2.html", ["show-6-23.html", "show-6-23-1.html"]),
        ("v.asp?ID=3&page=2", ["v.asp?ID=3", "v.asp?ID=3&page=1"]),
        ("9.html", []),
        ("v.asp?ID=3", []),
    ],
)
def test_the_first_page_of_a_further_one(url: str, wanted: list[str]) -> None:
    assert first_pages(FOLDER + url) == [FOLDER + one for one in wanted]


TITLE = "某县2023年政府信息公开工作年度报告"
OPENING = (
    "<p>根据条例编制本报告。统计期限为2023年1月1日至12月31日。</p><p>一、总体情况</p><p>我县主动公开政府信息2120条。</p>"
    "<p>二、主动公开政府信息情况</p>"
)
HEADER = "<tr><td>信息内容</td><td>本年制发件数</td><td>本年废止件数</td><td>现行有效件数</td></tr>"
FIRST_ROW = "<tr><td>规章</td><td>3</td><td>0</td><td>5</td></tr>"
SECOND_ROW = "<tr><td>行政规范性文件</td><td>14</td><td>1</td><td>29</td></tr>"


def page(number: int, body: str, title: str = TITLE) -> Page:
    text = (
        f"<html><head><meta charset=utf-8><title>{title}{f'_第{number}页' if number > 1 else ''}-某县人民政府</title></head><body>"
        f"<div class=nav><a href=/>首页</a> <a href=/nb/>年报</a></div><h1>{title}</h1><p>发布日期:2024-01-20 浏览:{number}7次</p>{body}"
        "<div>共2页 <a href='9.html'>1</a> <a href='9_2.html'>2</a></div><p>上一篇:<a href='8.html'>某县2022年预算</a></p>"
        "<table><tr><td>部门网站</td><td>友情链接</td></tr></table><p>主办:某县人民政府 网站标识码:6104300001</p></body></html>"
    )
    return Page(FOLDER + ("9.html" if number == 1 else f"9_{number}.html"), text.encode())


def joined(*bodies: str, title: str = TITLE) -> Report:
    first, *others = (page(number, body, title if number > 1 else TITLE) for number, body in enumerate(bodies, 1))
    first.parts = others
    return read(first)


def values(report: Report) -> dict[str, object]:
    return {figure.name: figure.value for figure in report.figures if figure.source == "table"}


def test_a_table_that_is_cut_between_two_pages() -> None:
    report = joined(f"{OPENING}<table>{HEADER}{FIRST_ROW}</table>", f"<table>{SECOND_ROW}</table><p>六、其他需要报告的事项</p><p>无。</p>")
    whole = joined(f"{OPENING}<table>{HEADER}{FIRST_ROW}{SECOND_ROW}</table><p>六、其他需要报告的事项</p><p>无。</p>")
    assert values(report) == values(whole)
    assert len(values(whole)) == 6
    assert report.text.replace("\n", "") == whole.text.replace("\n", "")
    assert [finding.code for finding in report.findings] == []


def test_a_last_page_of_two_lines() -> None:
    report = joined(f"{OPENING}<table>{HEADER}{FIRST_ROW}{SECOND_ROW}</table>", "<p>六、其他需要报告的事项</p><p>无。</p>")
    assert report.text.endswith("六、其他需要报告的事项\n无。")


def test_a_page_of_another_report_is_not_joined() -> None:
    report = joined(OPENING, f"<table>{HEADER}{FIRST_ROW}</table>", title="某县2022年政府信息公开工作年度报告")
    assert values(report) == {}
    assert [finding.code for finding in report.findings] == ["parts_missing"]


def test_a_page_alone_says_what_is_missing() -> None:
    report = read(page(1, OPENING))
    assert [(finding.code, finding.message.rpartition(" ")[2]) for finding in report.findings] == [("parts_missing", FOLDER + "9_2.html.")]


def test_a_last_page_in_a_frame() -> None:
    """The table around an article does not make a table of its last lines."""
    report = joined(OPENING, "<table><tr><td><p>三、收到和处理政府信息公开申请情况</p><p>收到政府信息公开申请7件。</p></td></tr></table>")
    assert report.text.endswith("三、收到和处理政府信息公开申请情况\n收到政府信息公开申请7件。")


def test_a_title_with_the_number_of_its_page() -> None:
    report = joined(OPENING, f"<h2>{TITLE}(2)</h2><p>六、其他需要报告的事项</p><p>无。</p>")
    assert report.text.count(TITLE) == 0


def test_no_more_bytes_than_a_report_has() -> None:
    whole = Whole(Page(FOLDER + "9.html", b"x" * 1000))
    for address in whole.news(f"9_{number}.html" for number in range(2, 5)):
        whole.add(address, Page(address, b"x" * (MOST_BYTES // 2)))
    assert [part.url for part in whole.page().parts] == ["9_2.html"]


def test_a_server_that_gives_the_first_page_for_each() -> None:
    body = f"{OPENING}<table>{HEADER}{FIRST_ROW}{SECOND_ROW}</table>"
    assert joined(body, body, body).text == joined(body).text
