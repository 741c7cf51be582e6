"""Bytes to clean text: charset, broken bytes, masking of the form's foot, the range of the report and its digest."""

import json
import re
import time
from html import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from giar_crawler.items import Page, PageContext
from pipelines.decode.charset import decode_bytes
from pipelines.decode.masking import mask
from pipelines.decode.repair import repair
from pipelines.decode.script import clean, is_traditional
from pipelines.decode.stage import read_document
from pipelines.line import begin, read

CHINESE = "淳化县人民政府2021年政府信息公开工作年度报告。本报告依据条例编制,主动公开政府信息4330条,收到申请7件。" * 5
TRADITIONAL = "淳化縣人民政府2021年政府信息公開工作年度報告。本報告依據條例編制,主動公開政府信息4330條。" * 5


def declared(text: str, encoding: str | None) -> str:
    return (
        f'<html><head><meta http-equiv="Content-Type" content="text/html; charset={encoding}"></head>' if encoding else "<html>"
    ) + f"<p>{text}</p>"


@pytest.mark.parametrize(
    ("body", "content_type", "encoding", "source"),
    [
        (declared(CHINESE, "utf-8").encode(), "", "utf-8", "meta"),
        (declared(CHINESE, "gb2312").encode("gb18030"), "", "gb18030", "meta"),
        (declared(CHINESE, "GBK").encode("gb18030"), "", "gb18030", "meta"),
        (declared(CHINESE, None).encode("gb18030"), "text/html; charset=gbk", "gb18030", "header"),
        (declared(CHINESE, None).encode("gb18030"), 'text/html; charset="GB2312"', "gb18030", "header"),
        (declared(CHINESE, None).encode("gb18030"), "", "gb18030", "content"),
        (declared(CHINESE, None).encode(), "", "utf-8", "content"),
        (declared(CHINESE, "gb2312").encode(), "", "utf-8", "content"),
        (declared(CHINESE, "utf-8").encode("gb18030"), "text/html;charset=UTF-8", "gb18030", "content"),
        (declared(CHINESE, "iso-8859-1").encode("gb18030"), "text/html; charset=ISO-8859-1", "gb18030", "content"),
        (declared(CHINESE, "nonsense").encode("gb18030"), "text/html; charset=x-y", "gb18030", "content"),
        (declared(TRADITIONAL, "big5").encode("big5hkscs"), "", "big5hkscs", "meta"),
        (declared(TRADITIONAL, None).encode("big5hkscs"), "", "big5hkscs", "content"),
        (b"\xef\xbb\xbf" + declared(CHINESE, "gb2312").encode(), "text/html; charset=gb2312", "utf-8", "bom"),
        (declared(CHINESE, None).encode("utf-16"), "", "utf-16-le", "bom"),
    ],
)
def test_encoding(body, content_type, encoding, source):
    found = decode_bytes(body, content_type)
    assert (found.encoding, found.source, found.damage) == (encoding, source, 0)
    assert "2021年政府信息公" in found.text


def test_the_register_says_what_nobody_else_says():
    body = declared(CHINESE, None).encode("gb18030")
    assert decode_bytes(body, "", "gb18030").source == "register"


def test_rare_characters_of_gb18030_survive_the_declaration_gb2312():
    """朱镕基, 㙍 and € are not in GB 2312."""
    text = CHINESE + "镕㙍𠮷喆"
    assert text in decode_bytes(declared(text, "gb2312").encode("gb18030")).text


@pytest.mark.parametrize("at", [0.2, 0.5, 0.75])
def test_one_bad_byte_costs_no_more_than_its_place(at):
    whole = declared(CHINESE, "gb2312").encode("gb18030")
    cut = int(len(whole) * at)
    found = decode_bytes(whole[:cut] + b"\xff" + whole[cut:])
    assert found.encoding == "gb18030"
    assert 0 < found.damage < 0.02
    assert found.text.count("�") <= 4
    assert found.text.endswith(CHINESE[-40:] + "</p>")


@given(st.text(alphabet=st.characters(blacklist_categories=["Cs"]), max_size=300), st.sampled_from(["utf-8", "gb18030"]))
@settings(max_examples=80, deadline=None)
def test_what_is_declared_rightly_is_never_changed(text, encoding):
    body = declared(CHINESE + text, encoding).encode(encoding)
    assert decode_bytes(body, f"text/html; charset={encoding}").text == declared(CHINESE + text, encoding)


# ---- repair


@pytest.mark.parametrize(
    ("broken", "whole"),
    [
        ("??。ㄒ唬┦盏缴暾垟?/span>", "(一)收到申请"),
        ("。ㄒ唬┗貞婈P注熱點或重大輿情數", "(一)回"),
        ("??。ǘ┍灰婪m錯數", "(订被依"),
    ],
)
def test_shifted_bytes_come_back(broken, whole):
    assert clean(repair(broken), traditional=True).startswith(whole)


@pytest.mark.parametrize(
    "text",
    [
        "(一)收到申请数",
        "",
        "???",
        "┌──┬──┐ 统计表",
        "注音符号ㄅㄆㄇ",
        "ㄅㄆㄇ",
        "Ⅱ、申请情况",
        "①②③申请数",
        "50%~60%",
        "主动公开政府信息613条",
    ],
)
def test_sound_text_is_left_alone(text):
    assert repair(text) == text


@given(st.text(max_size=80))
@settings(max_examples=200, deadline=None)
def test_repair_raises_nothing_and_never_invents_a_digit(text):
    """A figure must never come out of a repair: each digit of the mended text was in the broken one."""
    mended = repair(text)
    if mended != text:
        assert len(re.findall(r"[0-9]", mended)) <= len(re.findall(r"[0-9]", text))


def test_script():
    assert is_traditional(TRADITIONAL)
    assert not is_traditional(CHINESE)
    assert not is_traditional("於潜镇人民政府2018年政府信息公开工作年度报告。於潜镇位于杭州市临安区中部,现将有关情况报告如下")
    assert clean("於潛鎮２０１８年度", traditional=True) == "於潜镇2018年度"


# ---- masking

FOOTS = [
    ("单位负责人:洪国庆 审核人:童茸秋 填报人:姚锦珍", ["洪国庆", "童茸秋", "姚锦珍"]),
    ("填报人:郭凌霞 联系电话:2033836", ["郭凌霞", "2033836"]),
    ("填报人：郭 霞　联系电话：0952-2033836", ["郭 霞", "2033836"]),
    ("審核人:童茸秋 聯系電話:15088603885", ["童茸秋", "15088603885"]),
    ("负责人（签字）：张三 经办人:李四 电话:(029)32772511", ["张三", "李四", "32772511"]),
    ("审核人:张三 填报人:李四 联系电话:2033836", ["张三", "李四", "2033836"]),
    ("填表人:欧阳明月 联系方式:138 0013 8000", ["欧阳明月", "138 0013 8000"]),
]


@pytest.mark.parametrize(("foot", "secrets"), FOOTS)
def test_mask_hides_and_keeps_the_length(foot, secrets):
    masked = mask(foot)
    assert len(masked) == len(foot)
    assert not [secret for secret in secrets if secret in masked]
    assert re.sub(r"[*]", "", masked).count(":") + masked.count("：") == foot.count(":") + foot.count("：")


def test_mask_leaves_labels_without_a_name():
    assert mask("单位负责人: 审核人:") == "单位负责人: 审核人:"
    assert mask("审核人: 填报人:") == "审核人: 填报人:"


CELLS = [("统计指标", "单位", "统计数"), ("(一)收到申请数", "件", "9138"), ("1.当面申请数", "件", "1"), ("2.传真申请数", "件", "2")]
TABLE = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in CELLS)
OPENING = "<p>根据《中华人民共和国政府信息公开条例》,现公布2018年度报告。</p>"
BODY = f"<h1>某县人民政府2018年政府信息公开工作年度报告</h1>{OPENING}<table>{TABLE}</table>"


@pytest.mark.parametrize(
    "foot",
    [
        "<p>单位负责人:洪国庆 审核人:童茸秋 填报人:姚锦珍</p><p>联系电话:15088603885 填报日期:2018.12.26</p>",
        "<table><tr><td>单位负责人</td><td>洪国庆</td><td>审核人</td><td>童茸秋</td></tr><tr><td>填报人</td><td>姚锦珍</td><td>联系电话</td><td>15088603885</td></tr></table>",
        "<table><tr><td>单位负责人:洪国庆</td><td>审核人:童茸秋</td></tr><tr><td>填报人:姚锦珍</td><td>联系电话:15088603885</td></tr></table>",
        "<p>单位负责人:<u>洪国庆</u> 审核人:<u>童茸秋</u> 填报人:<span>姚锦珍</span> 联系电话:<u>150</u><u>88603885</u></p>",
        "<p>单位负责人:</p><p>洪国庆</p><p>审核人:</p><p>童茸秋</p><p>填报人:</p><p>姚锦珍</p><p>联系电话:</p><p>15088603885</p>",
    ],
    ids=["lines", "label and value cells", "cells", "spans", "one to a line"],
)
def test_no_name_and_no_telephone_is_in_the_record(foot):
    report = read(Page("http://www.example.gov.cn/1.html", f"<html><body>{BODY}{foot}</body></html>".encode()))
    everything = repr(report)
    assert not [secret for secret in ("洪国庆", "童茸秋", "姚锦珍", "15088603885", "88603885") if secret in everything]
    assert next(figure.value for figure in report.figures if figure.indicator == "requests_received_count") == 9138


# ---- the report's own text


def whole_page(banner="", counter="3021", clock="2024年3月1日 星期五", footer="主办:某县人民政府办公室", article=BODY):
    return f"""<html><head><meta charset="utf-8"><title>某县</title></head><body>
<div class="top">{banner}<a href="/">首页</a><a href="/xw">新闻</a><a href="/zw">政务</a><span>{clock}</span></div>
<div class="pos">当前位置:<a href="/">首页</a> &gt; <a href="/nb">年报</a></div>
<div class="main">{article.replace("</h1>", f"</h1><p>发布日期:2019-03-01 来源:某县 浏览次数:{counter}</p>", 1)}
<h2>一、总体情况</h2><p>全县坚持以公开为常态,完善制度,回应关切,推进重点领域信息公开,取得成效,群众满意。</p></div>
<div class="foot"><p>{footer}</p><p>网站标识码:6104300003</p><p>您是第{counter}位访客</p></div></body></html>""".encode()


def test_banner_counter_clock_and_footer_make_no_new_version():
    first = read(Page(None, whole_page()))
    second = read(
        Page(
            None,
            whole_page(
                '<a href="/h">热烈祝贺大会召开</a><marquee>欢迎光临</marquee>',
                "998877",
                "2026年11月2日 星期一",
                "主办:某县人民政府 技术支持:某公司",
            ),
        )
    )
    assert first.body_sha256 != second.body_sha256
    assert first.content_sha256 == second.content_sha256
    assert first.text == second.text
    assert "位访客" not in first.text
    assert "主办" not in first.text


@pytest.mark.parametrize(("old", "new"), [("9138", "9139"), ("取得成效", "取得新成效"), ("<td>件</td><td>2</td>", "<td>件</td><td></td>")])
def test_a_change_of_the_report_makes_a_new_version(old, new):
    assert (
        read(Page(None, whole_page())).content_sha256 != read(Page(None, whole_page().replace(old.encode(), new.encode()))).content_sha256
    )


def test_digest_does_not_hang_on_the_encoding():
    text = whole_page().decode()
    gbk = text.replace("utf-8", "gb2312").encode("gb18030")
    assert read(Page(None, text.encode())).content_sha256 == read(Page(None, gbk)).content_sha256


def test_locators_find_their_cells():
    from lxml import etree

    body = whole_page()
    report = read(Page(None, body, context=PageContext()))
    tree = etree.fromstring(body, etree.HTMLParser(encoding="utf-8")).getroottree()
    for figure in report.figures:
        if figure.source == "table":
            (cell,) = tree.xpath(figure.locator)
            assert "".join(cell.itertext()).strip() == figure.raw


def test_sections_span_the_text():
    report = read(Page(None, whole_page()))
    assert [section.heading for section in report.sections] == ["一、总体情况"]
    section = report.sections[0]
    assert report.text[section.start : section.end].startswith("一、总体情况")


ROW = "<tr><td>{}</td><td>条</td><td>{}</td></tr>"
TABLE_2014 = (
    "<table><tr><td>统计指标</td><td>单位</td><td>统计数</td></tr>"
    + "".join(
        ROW.format(label, value)
        for label, value in (
            ("(一)主动公开政府信息数", "{0}"),
            ("其中:主动公开规范性文件数", "2"),
            ("制发规范性文件总数", "3"),
            ("1.政府公报公开政府信息数", "4"),
            ("2.政府网站公开政府信息数", "5"),
            ("3.政务微博公开政府信息数", "6"),
        )
    )
    + "</table>"
)
TITLE = "某县人民政府2014年政府信息公开工作年度报告"
PROSE = "<p>一、概述</p><p>" + "某县人民政府严格执行政府信息公开各项制度规定,主动回应社会关切。" * 5 + "</p>"


def first_figure(html):
    report = read(Page(None, html.encode()))
    return next((figure for figure in report.figures if figure.indicator == "proactive_info_count"), None), report


@pytest.mark.parametrize(
    ("field", "raw"),
    [
        ('<input type="text" value="12" readonly>', "12"),
        ('<INPUT VALUE=" 12 ">', "12"),
        ('<input type="number" value="12"/>', "12"),
        ('<p><input value="12" disabled></p>', "12"),
        ("<textarea rows=1>12</textarea>", "12"),
        ("<select><option>11</option><option selected>12</option></select>", "12"),
        ("<select><option>12</option><option>13</option></select>", "12"),
        ('<table><tr><td><input value="12"></td></tr></table>', "12"),
        ('<input type="hidden" value="13">12', "12"),
        ('<input type="hidden" value="12">', ""),
        ('<input type="button" value="12">', ""),
        ('<input type="radio" value="12" checked>', ""),
        ('<input value="12" style="display: none">', ""),
        ('<input placeholder="12">', ""),
    ],
)
def test_a_cell_shows_what_its_field_shows(field, raw):
    figure, _ = first_figure(f"<html><body><h1>{TITLE}</h1>{PROSE}{TABLE_2014.format(field)}</body></html>")
    assert (figure.raw, figure.value) == (raw, int(raw) if raw else None)
    assert figure.locator.endswith("/tr[2]/td[3]")


def test_a_field_is_no_part_of_the_number_beside_it_and_searches_are_no_text():
    data = TABLE_2014.format('1<input value="2">')
    layout = f'<table><tr><td><input value="请输入关键字"></td></tr><tr><td>{PROSE}{data}</td></tr></table>'
    figure, report = first_figure(f"<html><body><h1>{TITLE}</h1>{layout}</body></html>")
    assert (figure.raw, figure.status) == ("1 2", "unreadable")
    assert "请输入关键字" not in report.text


def as_json(**data):
    return json.dumps(data, ensure_ascii=False)


ARTICLE = PROSE + TABLE_2014.format(12)


@pytest.mark.parametrize(
    "holder",
    [
        "<script>window._CONFIG = {SID:'1',DETAIL:" + as_json(title=TITLE, content=ARTICLE).replace("</", "<\\/") + "};</script>",
        "<script>// don't\nvar x = " + json.dumps({"title": TITLE, "content": ARTICLE}).replace("<", "\\u003c") + "</script>",
        "<script>render('" + ARTICLE.replace("</", "<\\/") + "')</script>",
        "<script>var body = `" + ARTICLE + "`;</script>",
        "<script>var d = JSON.parse(" + json.dumps(as_json(content=ARTICLE)).replace("</", "<\\/") + ");</script>",
        '<script type="application/json">' + as_json(content=escape(ARTICLE)) + "</script>",
        f'<script type="text/template">{ARTICLE}</script>',
        f"<template>{ARTICLE}</template>",
        f"<noscript>{ARTICLE}</noscript>",
        f'<textarea style="display:none">{escape(ARTICLE)}</textarea>',
        f'<input type="hidden" value="{escape(ARTICLE)}">',
    ],
)
def test_an_article_that_the_page_holds_as_data_is_read(holder):
    """Its locators cut the figure out of the report's text."""
    html = f"<html><head><title>{TITLE}</title></head><body><a href='/'>首页</a><div id=app></div>{holder}</body></html>"
    figure, report = first_figure(html)
    start, end = map(int, figure.locator.removeprefix("text:").split("-"))
    assert (figure.value, report.text[start:end], report.title) == (12, "12", TITLE)
    assert report.text.startswith("一、概述")
    assert not {finding.code for finding in report.findings} & {"table_cut", "page_empty"}


@pytest.mark.parametrize(
    ("written", "day"), [("2015-03-01 10:00:00", "2015-03-01"), (1425171600, "2015-03-01"), (1425139200000, "2015-03-01")]
)
def test_title_and_day_stand_beside_the_article(written, day):
    data = as_json(id=7, Title=TITLE, PublishTime=written, ext={"a": "{"}, content=ARTICLE)
    report = read(Page(None, f"<html><body><div></div><script>x = {{a:1, d:{data}}}</script></body></html>".encode()))
    assert (report.title, report.published_date.isoformat()) == (TITLE, day)


@pytest.mark.parametrize(
    "body",
    [
        # The page shows its report: what a script holds is another's.
        PROSE * 8 + "<script>x = " + as_json(content=ARTICLE) + "</script>",
        # A list of articles is none.
        "<script>x = " + as_json(rows=[{"content": ARTICLE}, {"content": ARTICLE.replace("12", "13")}]) + "</script>",
        "<script>x = " + as_json(rows=[ARTICLE, ARTICLE.replace("12", "13")]) + "</script>",
        # Nor is a frame that a script fills.
        "<template>" + ARTICLE.replace("12", "{{ count }}") + "</template>",
        # The string does not end.
        '<script>x = {"content": "' + ARTICLE + "\n}</script>",
    ],
)
def test_other_data_of_a_page_are_no_report(body):
    figure, _ = first_figure(f"<html><head><title>{TITLE}</title></head><body>{body}</body></html>")
    assert figure is None


@pytest.mark.parametrize(
    "body",
    [
        '<script>:"' + ':"\\' * 300_000 + "</script>",
        "<script>" + "{'a':[" * 200_000 + '"' + ARTICLE.replace("</", "<\\/") + '"' + "</script>",
        "<script>" + ',"' * 500_000 + "</script>",
        "<template>" * 50_000 + ARTICLE,
        "<table><tr><td>" + "<div>" * 1_900 + '<input value="1">' * 50_000,
        "<script>x = [" + ",".join([json.dumps(PROSE)] * 2_000) + "]</script>",
        "<pre>" + "│1│2│<br>" * 50_000,
    ],
)
def test_hostile_data_are_read_in_a_time_that_grows_with_them(body):
    started = time.process_time()
    read(Page(None, f"<html><body>{body}</body></html>".encode()))
    assert time.process_time() - started < 10


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("政(zheng)府(fu)信息公开(kāi)、机(jī)构(gòu)", "政府信息公开、机构"),
        ("政（zheng）府（fu）、申（shēn）请、重量（kg）、女（nǚ）", "政府、申请、重量(kg)、女"),
        ("重量(kg)、长度(km)、文件(pdf)、面(an)积", "重量(kg)、长度(km)、文件(pdf)、面(an)积"),
        ("a(zheng)b(fu)c(kai)", "a(zheng)b(fu)c(kai)"),
    ],
)
def test_pinyin_goes_only_where_a_page_is_full_of_it(text, cleaned):
    """`raw` keeps it."""
    reading = begin(Page(None, f"<html><body><p>{text}</p><table><tr><td>{text}</td><td>1</td></tr></table></body></html>".encode()))
    read_document(reading)
    paragraph, row = reading.document.lines
    assert paragraph.clean == row.cells[0].clean == cleaned
    assert paragraph.raw == row.cells[0].raw == text


def test_the_marks_of_headings_belong_to_no_title():
    text = f"# {TITLE}\n\n  ## 一、概述\n#政务公开#\n"
    reading = begin(Page(None, text.encode()))
    read_document(reading)
    assert [line.raw for line in reading.document.lines] == [TITLE, "一、概述", "#政务公开#"]


def test_lines_and_tables_of_preformatted_text():
    """Cells have places in the text."""
    drawn = "┌──┬─┐\n│统计指标│统计数│\n├──┼─┤\n│主动公开政府信息数│12│\n└──┴─┘\n以上。"
    page = f"<html><body><h1>{TITLE}</h1><pre>第一行<br>第二<b>行</b>\n{drawn}</pre><pre>一 行</pre></body></html>"
    reading = begin(Page(None, page.encode()))
    read_document(reading)
    document = reading.document
    assert [line.raw for line in document.lines[-6:]] == [
        "第一行",
        "第二行",
        "统计指标 | 统计数",
        "主动公开政府信息数 | 12",
        "以上。",
        "一 行",
    ]
    (table,) = document.tables
    assert table.rows[1] is document.lines[-3].cells
    for cell in (cell for row in table.rows for cell in row):
        start, end = map(int, cell.place.removeprefix("text:").split("-"))
        assert document.text[start:end] == cell.raw
