"""Bytes to clean text: charset, broken bytes, masking of the form's foot, the range of the report and its digest."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from giar_crawler.items import Page, PageContext
from pipelines import read
from pipelines.decode.charset import decode_bytes
from pipelines.decode.masking import mask
from pipelines.decode.repair import repair
from pipelines.decode.script import clean, is_traditional

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
