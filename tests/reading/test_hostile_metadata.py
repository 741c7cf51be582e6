"""Hostile, absurd and contradicting headers: inert text of bounded length, findings, and nothing taken from another document."""

from datetime import UTC, datetime

import pytest

from giar_crawler.items import Page
from pipelines import read
from tests.evaluation.spellings import BODY

TITLE = "淳化县人民政府2021年政府信息公开工作年度报告"
ELSEWHERE = (
    "<h3>相关文件</h3><table><tr><td>索引号</td><td>016018330/2019-00012</td><td>发布机构</td><td>旬邑县教育局</td></tr>"
    "<tr><td>发布日期</td><td>2019-03-05</td><td>文号</td><td>旬教发〔2019〕12号</td></tr></table>"
)


def page(header="", after="", title=TITLE, **values):
    return read(Page(None, f"<html><body><h1>{title}</h1>{header}<div class=article>{BODY}</div>{after}</body></html>".encode(), **values))


def codes(report):
    return {finding.code for finding in report.findings}


def texts(report):
    yield from filter(None, (report.title, report.title_raw, report.publisher, report.publisher_raw, report.source, report.document_number))
    yield from (mention.raw for mention in report.dates)
    if report.index_number:
        yield from (report.index_number.raw, report.index_number.normalized)


@pytest.mark.parametrize(
    ("header", "title"),
    [
        (f"<p>来源：{'甲' * 500_000}</p>", TITLE),
        ("<dl><dt>来源</dt><dd>" + "分享 " * 100_000 + "</dd></dl>", TITLE),
        ("<table><tr><td>发布机构</td><td>" + "\u200b" * 300_000 + "淳化县财政局</td></tr></table>", TITLE),
        ("<table><tr><td>索引号</td><td>" + "K45899617/2026-00221" * 500 + "</td></tr></table>", TITLE),
        ("", TITLE + "\u200b" * 300_000),
        ("", TITLE + "&amp;zwnj;" * 100_000),
        ("", "甲" * 1_000_000),
        ("<p>发布日期：" + "2021-01-01 " * 50_000 + "</p>", TITLE),
    ],
)
def test_whatever_is_taken_is_short(header, title):
    assert all(len(text) <= 1000 for text in texts(page(header, title=title)))


@pytest.mark.parametrize(
    "header",
    [
        "<div><script>document.write('0')</script>\x08</div>",
        '<script>var a={"name":"索引号\\ud800","value":"1"}</script>',
        '<script>var x={"title":"甲\\ud800\\u0000","content":"<p>' + "政府信息公开工作年度报告主动公开" * 20 + '</p>"}</script>',
        "<p>发布机构：<script>alert(1)</script>&lt;img src=x onerror=alert(1)&gt;</p>",
        "<table><tr><td>发布机构</td><td>=cmd|' /C calc'!A0财政局</td></tr></table>",
        "<p>发布日期：\u202e10-10-0202</p>",
    ],
)
def test_nothing_breaks_and_nothing_acts(header):
    report = page(header)
    assert "reading_broke" not in codes(report)
    assert report.title == TITLE
    assert not any(character in text for text in texts(report) for character in "\ud800\x00\x08\u202e")
    assert report.publisher in {"淳化县人民政府", None}


@pytest.mark.parametrize("header", ["", "<p>发布日期：2022-01-20 来源：淳化县人民政府</p>"])
def test_other_documents_of_the_page_are_not_this_one(header):
    report = page(header, ELSEWHERE)
    assert (report.index_number, report.document_number) == (None, None)
    assert report.publisher == "淳化县人民政府"
    assert (report.published_date and report.published_date.isoformat()) == ("2022-01-20" if header else None)


def test_a_citation_is_not_the_page_itself():
    cited = "<p>本报告根据《国务院办公厅关于印发年度报告格式的通知》，文号：国办秘函〔2019〕61号，索引号：000014349/2019-00133。</p>"
    report = page("", "", title=TITLE + "</h1>" + cited + "<h1>")
    assert (report.index_number, report.document_number) == (None, None)


@pytest.mark.parametrize("label", ["索引号", "文号", "成文日期", "发布机构"])
def test_the_title_is_the_value_of_no_label(label):
    report = read(Page(None, f"<body><p>{label}：</p><h1>{TITLE}</h1><div>{BODY}</div></body>".encode()))
    assert (report.index_number, report.document_number, report.title) == (None, None, TITLE)


def test_a_day_to_come_is_not_taken():
    fetched = datetime(2022, 3, 1, tzinfo=UTC)
    for year, at in ((2087, None), (2023, fetched)):
        report = page(f"<p>发布日期：{year}-03-01 来源：淳化县人民政府</p>", fetched_at=at)
        assert report.published_date is None
        assert report.report_year == 2021
        assert "date_in_future" in codes(report)
        assert report.dates[0].raw == f"{year}-03-01"
