"""Hostile input: the reading never raises, stays bounded, and never states a number that is not on the page."""

import html
import random
import re
import time
import unicodedata
from typing import get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from giar_crawler.items import FigureSource, Page, Report
from giar_crawler.outcomes import PageOutcome
from pipelines import read
from pipelines.findings import codes
from tests.evaluate import PAGES, SURE, figures_of, load_case

# Nothing that is smaller than the limit on size may keep a worker longer, on a slow machine with other work too.
SECONDS = 8.0
TITLE = "某县人民政府2018年政府信息公开工作年度报告"
ROW = "<tr><td>主动公开政府信息数</td><td>条</td><td>1</td></tr>"

# Only pages are made of it, the same in every run.
RANDOM = random.Random(2)  # noqa: S311 - no secret
OTHER_ROWS = "<tr><td>收到申请数</td><td>件</td><td>2</td></tr><tr><td>当面申请数</td><td>件</td><td>2</td></tr>"


def page(body: str) -> bytes:
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{TITLE}</title></head><body><h1>{TITLE}</h1>{body}</body></html>'.encode()
    )


def flat(body: str) -> bytes:
    return f"{TITLE}\n{body}".encode()


def sound(report: Report) -> None:
    """What holds of every record, whatever the page was."""
    assert report.outcome in set(PageOutcome)
    assert {finding.code for finding in report.findings} <= set(codes())
    for figure in report.figures:
        assert (figure.value is not None) == (figure.status == "number")
        assert 0 <= figure.confidence <= 1
        assert figure.source in get_args(FigureSource)
    keys = [(figure.indicator, figure.column, figure.source) for figure in report.figures]
    assert len(keys) == len(set(keys))


NOISE = {
    "empty": (b"", "page_empty"),
    "blanks": (b" \r\n\t\n" * 100, "page_empty"),
    "only a tag": (b"<html></html>", "page_empty"),
    "only a script": (b"<html><body><script>location.href='/'</script></body></html>", "page_empty"),
    "zeros": (b"\0" * 100_000, "page_noise"),
    "random bytes": (RANDOM.randbytes(1_000_000), "page_noise"),
    "pdf": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj<<>>endobj\n" * 50, "page_noise"),
    "zip": (b"PK\x03\x04\x14\0\x06\0" + b"[Content_Types].xml" * 40, "page_noise"),
    "word": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500, "page_noise"),
    "png": (b"\x89PNG\r\n\x1a\n" + b"\0\1\2" * 300, "page_noise"),
    "30 MB": (page(ROW * 1000) + b" " * 30_000_000, "page_too_large"),
}


@pytest.mark.parametrize("name", NOISE)
def test_noise_is_unreadable_and_says_why(name):
    body, code = NOISE[name]
    started = time.process_time()
    report = read(Page("http://www.example.gov.cn/1.html", body))
    assert report.outcome == PageOutcome.UNREADABLE
    assert [finding.code for finding in report.findings if finding.severity == "error"] == [code]
    assert report.figures == []
    assert report.body_sha256
    assert time.process_time() - started < 2


ENTITIES = (
    '<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">'
    '<!ENTITY file SYSTEM "file:///etc/passwd"><!ENTITY net SYSTEM "http://127.0.0.1:1/x">]>'
    f"<html><body><h1>{TITLE}</h1><p>&c;&file;&net;</p></body></html>"
)
BOMBS = {
    "2,000 nested tables": page("<table><tr><td>" * 2000 + "1" + "</td></tr></table>" * 2000),
    "2,000 nested tables, never closed": page("<table><tr><td>" * 2000),
    "spans": page(
        '<table><tr><td colspan="1000000000">a</td><td rowspan="-1">1</td><td colspan="abc" rowspan="99999999">2</td></tr></table>' * 300
    ),
    "long rowspans": page("<table>" + '<tr><td rowspan="65534">收到申请数</td><td>1</td></tr>' * 1900 + "</table>"),
    "100,000 rows": page(f"<table>{ROW * 100_000}</table>"),
    "20,000 tables": page(f"<table>{ROW}</table>" * 20_000),
    "1 MB in one line": page("<p>" + "2018年主动公开政府信息12条,收到申请3件。" * 20_000 + "</p>"),
    "lists in brackets without end": page("<p>" + ("收到申请12件(其中" * 190 + "。") * 50 + "</p>"),
    "1 MB without a mark": page("<p>" + "主动公开政府信息情况良好" * 30_000 + "</p>"),
    "50,000 links": page('<a href="/x.html">某局2018年政府信息公开年度报告</a>' * 50_000),
    "50,000 divs deep": page("<div>" * 50_000 + "x"),
    "30,000 open fonts": page("<font>" * 30_000 + "x"),
    "attribute of 5 MB": page(f'<p title="{"a" * 5_000_000}">x</p>'),
    "attribute without end": page('<p title="' + "a" * 5_000_000),
    "comment without end": page("<!--" + "a" * 5_000_000),
    "text of 13 MB": page("<p>" + "各部门的情况良好。" * 480_000 + "</p>"),
    "one number of 1 MB": page("<p>主动公开政府信息" + "1" * 1_000_000 + "条</p>"),
    "numbers of 2,000 digits": page("<table>" + ROW.replace(">1<", f">{'9' * 2000}<") * 200 + OTHER_ROWS + "</table>"),
    "1,900 unknown rows": page(
        f"<table>{ROW}" + "".join(f"<tr><td>无名指标第{i}号</td><td>件</td><td>{i}</td></tr>" for i in range(1900)) + f"{ROW}</table>"
    ),
    "brackets": page("<p>" + "【(〔" * 100_000 + "</p>"),
    "labels": page("<p>" + "索引号:1 发布日期:2018-01-01 " * 30_000 + "</p>"),
    "lines of labels": page("<p>发布日期:2018-01-01 来源:某</p>" * 30_000),
    "periods": page("<p>" + "2018年1月1日至" * 60_000 + "</p>"),
    "places": page("<p>" + "淳化县大武口区乌恰县辽阳市" * 40_000 + "</p>"),
    "abbreviations": page("<p>" + "由某局(以下简称" * 50_000 + "</p>"),
    "book titles without end": page("<p>2018年" + "《" * 200_000 + "</p>"),
    "comments in a tag": page(f'<meta name="pubdate" content="{"<!--" * 200_000}\nx">'),
    "name of a file without end": page('<a href="x.pdf">2018年信息公开年报' + "通知(" * 100_000 + "</a>"),
    "governments": page("<p>" + "足彩7场人民政府" * 60_000 + "</p>"),
    "hosts": page("<p>" + "www.a.com a. " * 60_000 + "</p>"),
    "feet": page("<p>审核人:张三 联系电话:12345678</p>" * 30_000),
    "shifted bytes": page("<p>。ㄒ唬┦盏缴暾垟</p>" * 20_000),
    "traditional": page("<p>" + "政府信息公開條例規定" * 50_000 + "</p>"),
    "pinyin": page("<p>" + "政(zheng)府(fu)" * 60_000 + "</p>"),
    "pipes": flat("|" * 1_000_000),
    "flat rows": flat("主动公开政府信息数 | 条 | 1 |\n" * 60_000),
    "flat cells": flat("主动公开政府信息数 |\n1 ||\n" * 60_000),
    "200,000 lines": flat("一行文字\n" * 200_000),
    "entities": ENTITIES.encode(),
    "lone surrogates": page("&#xD800;&#x110000;&#0;").replace(b"&#0;", b"\xed\xa0\x80\xed\xb0\x80"),
    "utf-16": page(f"<table>{ROW}</table>").decode().encode("utf-16"),
}


@pytest.mark.parametrize("name", BOMBS)
def test_bomb_is_read_in_bounded_time(name):
    started = time.process_time()
    report = read(Page("http://www.example.gov.cn/1.html", BOMBS[name]))
    assert time.process_time() - started < SECONDS
    sound(report)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("2,000 nested tables", "page_too_deep"),
        ("50,000 divs deep", "page_too_deep"),
        ("100,000 rows", "table_too_large"),
        ("numbers of 2,000 digits", "cell_unreadable"),
    ],
)
def test_limit_that_was_reached_is_named(name, code):
    assert code in {finding.code for finding in read(Page(None, BOMBS[name])).findings}


@pytest.mark.parametrize("place", ["<sup>{}</sup>", "<td><input value='{}'></td>", "<pre>a<br>{}</pre>", "<textarea>{}</textarea>"])
def test_characters_that_no_tree_takes_raise_nothing(place):
    inner = place.format("5&#1;&#65534;&#xd800;")
    sound(read(Page(None, page(f"<table><tr><td>行政许可</td>{inner}<td>5</td></tr></table>{inner}"))))


def test_no_entity_is_resolved():
    report = read(Page(None, BOMBS["entities"]))
    assert "root:" not in report.text
    assert len(report.text) < 2000


def test_strange_addresses_and_headers_raise_nothing():
    body = page(f"<table>{ROW}</table><a href='http://[::1'>附件.pdf</a><a href='javascript:;'>x</a><a href='\x01'>y.doc</a>")
    for url in ("http://[::1/x", "not a url", "http://" + "a" * 5000, "ftp://x/../../etc", "http://例子.政务/x.html", ""):
        for content_type in (
            "",
            "text/html; charset=",
            "text/html; charset=nonsense",
            "text/html; charset=utf-7",
            "text/html; charset=hex",
            "\0",
        ):
            sound(read(Page(url, body, {"content-type": content_type})))


# ---- cut pages

CUT = ["chunhua_2021", "dawukou_2018_split", "giar_2019_signs", "giar_2008_local"]


@pytest.mark.parametrize("name", CUT)
def test_cut_page_states_no_wrong_number_silently(name):
    """A transfer may stop anywhere, in a number too: what differs from the whole page is doubted or named."""
    case = load_case(PAGES / name)
    whole = figures_of(read(case.page))
    body = case.page.body
    cells = [match.end() for match in re.finditer(rb"<td[^>]*>(?:<p>)?\d(?=\d)", body)]
    for end in [*RANDOM.sample(range(200, len(body)), 25), *cells[:: max(1, len(cells) // 12)]]:
        report = read(Page(case.page.url, body[:end], case.page.headers, context=case.page.context))
        sound(report)
        named = {figure for finding in report.findings for figure in finding.figures}
        for key, figure in figures_of(report).items():
            if figure.source == "table" and figure.status == "number" and (key not in whole or figure.value != whole[key].value):
                assert figure.confidence < SURE or figure.name in named, f"cut at {end}: {key} = {figure.value}, whole {whole.get(key)}"


@pytest.mark.parametrize("name", CUT)
def test_page_cut_inside_a_table_says_so(name):
    """Half of a table is no whole report: a finding or another outcome than ok tells."""
    case = load_case(PAGES / name)
    end = case.page.body.rindex(b"<table") + 600
    before = {finding.code for finding in read(case.page).findings}
    report = read(Page(case.page.url, case.page.body[:end], case.page.headers, context=case.page.context))
    assert report.outcome != PageOutcome.OK or {finding.code for finding in report.findings} - before


# ---- tables with one cell too few or too many

CELL = re.compile(rb"<td[^>]*>\d+</td>")
DAMAGES = {
    "a cell is missing": lambda _: b"",
    "a number stands before it": lambda cell: b"<td>77</td>" + cell,
    "a blank cell stands before it": lambda cell: b"<td></td>" + cell,
}


@pytest.mark.parametrize("name", ["giar_2019_five_tables", "encoding_utf8_declared_gb2312", "giar_2014_serial_column", "giar_2008_local"])
@pytest.mark.parametrize("damage", DAMAGES)
def test_row_that_does_not_fit_its_header_is_never_believed_silently(name, damage):
    """The figures of a row whose cells were moved are right, unreadable, doubted or named."""
    case = load_case(PAGES / name)
    cells = list(CELL.finditer(case.page.body))
    wrong = {}
    for cell in cells[:: max(1, len(cells) // 40)]:
        body = case.page.body[: cell.start()] + DAMAGES[damage](cell.group()) + case.page.body[cell.end() :]
        report = read(Page(case.page.url, body, case.page.headers, context=case.page.context))
        named = {figure for finding in report.findings for figure in finding.figures}
        for key, figure in figures_of(report).items():
            silent = figure.status == "number" and figure.confidence >= SURE and figure.name not in named
            if silent and figure.source == "table" and figure.value != case.figures.get(key):
                wrong[f"{cell.start()}: {key}"] = (figure.value, case.figures.get(key))
    assert not wrong


# ---- properties

SOURCES = [
    load_case(PAGES / name).page
    for name in (*CUT, "giar_2021_word_paste", "wuqia_2018_prose", "dawukou_2018_flat_rows", "yuqian_2018_mirror")
]
NASTY = [
    *(b"", b"<", b"</td>", b"<td>", b"<tr>", b"</table>", b"<table>", b'<td colspan="0" rowspan="0">', b"<p>", b"12</p><p>"),
    *(b"<!--", b"]]>", b"<script>", b"<style>", b"<select>", b"&", b"&#x;", b"\0", b"\xff\xfe", b"\xa1", b"|", b"\n"),
    *(text.encode() for text in ("１２,３", "〇", "-", "1e9", "NaN", "0x10", "½²③", "٣٤", "一二三", "\u202e12", "万元", " 7 ")),
]


@st.composite
def mutated(draw):
    """A golden page with a few pieces cut out, doubled, replaced or put in."""
    source = draw(st.sampled_from(SOURCES))
    body = source.body
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(body)))
        length = draw(st.sampled_from([0, 1, 2, 7, 40, 300, 3000]))
        piece = draw(st.sampled_from([*NASTY, body[at : at + length] * 2, body[at : at + 200][::-1]]))
        body = body[:at] + piece + body[at + length :]
    return Page(source.url, body, source.headers, context=source.context)


def printed(body: bytes, encoding: str | None) -> str:
    """All characters of a page in compatibility form, without white space: as written, and once more without its tags."""
    text = html.unescape(body.decode(encoding or "utf-8", "replace").replace("\0", ""))
    return "".join(unicodedata.normalize("NFKC", text + "\n" + re.sub(r"<[^>]*>", "", text)).split())


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(mutated())
def test_mutated_page_raises_nothing_and_invents_no_number(page):
    report = read(page)
    sound(report)
    text = printed(page.body, report.encoding)
    for figure in report.figures:
        if figure.status != "number" or (figure.source == "prose" and figure.value == 0):
            continue
        digits = re.findall(r"\d+", unicodedata.normalize("NFKC", figure.raw))
        assert digits, figure
        assert all(number in text for number in digits), figure
        if figure.source == "table" and not any(figure.name in finding.figures for finding in report.findings):
            assert str(abs(figure.value)).replace(".", "") in re.sub(r"[\D]", "", unicodedata.normalize("NFKC", figure.raw)), figure


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(st.one_of(st.binary(max_size=3000), st.text(max_size=2000).map(lambda text: text.encode("utf-8", "surrogatepass"))))
def test_any_bytes_raise_nothing(body):
    sound(read(Page(None, body)))
    sound(read(Page(None, b"<html><table><tr><td>" + body + b"</td><td>1</td></tr></table>")))


@pytest.mark.parametrize("name", CUT)
def test_reading_is_a_pure_function(name):
    page = load_case(PAGES / name).page
    assert read(page) == read(page)


# ---- growth

HEAD = (
    "<tr><td>说明</td>"
    + "".join(f"<td>{name}</td>" for name in ("自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"))
    + "</tr>"
)
GROWING = {
    "sentences": ("<p>2018年主动公开政府信息12条,收到申请3件,未发生行政复议。</p>", 3000),
    "one line": ("2018年主动公开政府信息12条,收到申请3件,未发生行政复议。", 6000),
    "rows": (f"<table>{ROW * 30}</table>", 150),
    "narrow rows": ("<table>" + HEAD + "<tr><td>(一)予以公开</td>" + "<td>3</td>" * 5 + "</tr></table>", 600),
    "headers": ("<table>" + "<tr><td>自然人</td><td>总计</td><td>行政复议</td><td>结果维持</td></tr>" * 300 + "</table>", 6),
    "links": ('<p><a href="/x.html">某局2018年政府信息公开年度报告</a></p>', 6000),
    "header": ("<p>索引号:1 发布日期:2018-01-01 来源:某县</p>", 3000),
    "tags without an end": ("<p ", 60_000),
    "white digits": ('<table><tr><td><font color="#fff">7</font>8</td></tr></table>', 1500),
    "places": ("<p>淳化县、大武口区、乌恰县、辽阳市的情况较好。</p>", 4000),
}


@pytest.mark.parametrize("name", GROWING)
def test_time_grows_with_size(name):
    """Twice the page takes about twice the time, never four times."""
    piece, count = GROWING[name]

    def seconds(body: bytes) -> float:
        started = time.process_time()
        read(Page(None, body))
        return time.process_time() - started

    once, twice = (min(seconds(page(piece * number)) for _ in range(3)) for number in (count, 2 * count))
    assert twice < 3 * once + 0.05, f"{once:.3f} s, then {twice:.3f} s"
