"""What is looked for first so that a page is done with sooner must be there wherever the thing itself is."""

import unicodedata
from itertools import pairwise
from unittest.mock import patch

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipelines.checks import classification
from pipelines.decode import html, islands
from pipelines.decode.document import Document, Line, TableCell
from pipelines.decode.familiar import COMMON, FAMILIAR, FEW, familiar, is_familiar
from pipelines.decode.islands import find_island, most_held
from pipelines.decode.lean import FEW_KINDS, lean
from pipelines.decode.mixed import unmixed
from pipelines.decode.mojibake import undo
from pipelines.decode.repair import SHIFTED, is_shifted
from pipelines.decode.script import INVISIBLE, clean, cleaned, nfkc
from pipelines.decode.tree import parse
from pipelines.labels import is_marked, labels
from pipelines.statistics.grid import GridRow
from pipelines.statistics.headers import Header, printed_columns
from pipelines.statistics.labels import indexes
from pipelines.statistics.scanning import is_value, may_have_values, scan, vocabulary_of
from pipelines.texts import blocks, holds
from tests.reading.pages import BODY, built

# NFKC makes another filler of these two.
SEEN_DIFFERENTLY = "\u3164\uffa0"


@given(st.text("政府 a", max_size=40), st.text("政府 a", min_size=1, max_size=3))
def test_a_word_is_held_wherever_it_stands(text, word):
    assert holds(text, word) == (word in text)
    assert holds(text.encode(), word.encode()) == (word in text)


@given(st.text("政府信息的鏀垮簻 a〇", max_size=80))
def test_text_looks_familiar_by_the_share_of_common_characters(text):
    han = [character for character in text if "\u3400" <= character <= "\u9fff"]
    share = sum(character in COMMON for character in han) / len(han) if len(han) >= FEW else None
    assert is_familiar(text) == (None if share is None else share >= FAMILIAR)
    assert familiar(text) == (share or 0.0)


@pytest.mark.parametrize("characters", [2, 3])
def test_a_piece_in_utf8_is_found_by_three_characters_in_a_row(characters):
    piece = "政府公"[:characters].encode()
    page = "<p>信息</p>".encode("gb18030") + b"<p>" + piece + b"</p>"
    assert (unmixed(page, "gb18030") != page) == (characters == 3)


@pytest.mark.parametrize(
    "held",
    [
        "<script>var a = {content: '%s'}</script>",
        "<textarea>%s</textarea>",
        "<template>%s</template>",
        '<input type="hidden" value="%s">',
    ],
)
@pytest.mark.parametrize("escaped", [False, True])
def test_no_article_is_longer_than_the_longest_text_that_a_page_holds(held, escaped):
    article = "<p>" + "2023年政府信息公开工作年度报告。" * 20 + "</p>"
    written = article.encode("ascii", "backslashreplace").decode() if escaped and "script" in held else article
    root, _ = parse((held % written).encode())
    island = find_island(root, 0)
    assert most_held(root) >= len(island.markup) >= len(article)


def test_what_lies_in_another_is_held_once():
    root, _ = parse(b"<template><div>" * 50 + b"<p>x</p>" + b"</div></template>" * 50)
    with patch.object(islands, "_held", wraps=islands._held) as held:
        most_held(root)
    assert held.call_count == 1


def test_columns_stay_where_they_were_when_their_page_is_laid_out_anew():
    index = indexes()["giar_2021"]
    table = next(table for table in index.form.tables if table.layout == "matrix")

    def header():
        labels = ["信息内容", *(column.label for column in table.columns)]
        cells = [TableCell(label, label, column=place) for place, label in enumerate(labels)]
        return Header(True, [GridRow(cells, cells)])

    first = header()
    printed = printed_columns(first, table, index)
    for cell in first.cells():
        cell.column = 0
    again = printed_columns(header(), table, index)
    assert printed is again
    assert [slot.top.column for slot in again.slots] == list(range(1, len(table.columns) + 1))
    assert printed_columns(first, table, index) is not again


@given(st.text(max_size=40))
def test_every_character_is_of_a_block(text):
    assert {ord(character) >> 8 for character in text if character < "\U00010000"} <= set(blocks(text))


@pytest.mark.parametrize("character", sorted(set(INVISIBLE) - set(SEEN_DIFFERENTLY)))
def test_what_shows_as_nothing_is_taken_out(character):
    assert clean(f"信息{character}公开", traditional=False) == "信息公开"


@given(st.text("政府ㄅㄩ─╿ㄪ▀、", max_size=12))
def test_halves_of_broken_characters_are_noticed(text):
    whole = cleaned(text, traditional=False)
    assert is_shifted(whole) == (SHIFTED.search(whole.text) is not None)


@given(st.text("政e\u0301\u00e9\u0338<\uff1c，：０\u3099か①\u00a0&a;\ue5e5\u212b", max_size=12))
def test_wording_that_needs_no_composing_is_told(text):
    assert not cleaned(text, traditional=False).composed or unicodedata.is_normalized("NFC", text)


def test_pieces_of_text_read_as_gbk_are_noticed():
    assert undo("政府信息公开工作年度报告,主动公开政府信息若干条".encode().decode("gb18030", "replace")).count


@pytest.mark.parametrize("label", sorted(labels().fields))
@pytest.mark.parametrize("written", ["{}:x", "[{}]x", "【{}】 x", "{} : x"])
def test_a_label_has_its_mark(label, written):
    text = written.format(label)
    assert labels().pattern.search(text) is not None
    assert is_marked(text)


@pytest.mark.parametrize("label", sorted(labels().fields))
def test_the_longest_label_is_found_whatever_blanks_it_has(label):
    for written in (label, " ".join(label)):
        assert labels().anywhere.match(f"{written}x").group() == written


WORDS = "规章 行政许可 予以公开 (一)予以公开 其他处理 总计 公开 年 月 无 零 一 件 第3行 (单位:件)"
NUMBERS = "0 12 1,234 3,5 增加5件 5件 (上年459件) — -- 。 , : | %"
LOST_CELLS = st.sampled_from([*WORDS.split(), *NUMBERS.split(), "\n", " "])
LABELS = vocabulary_of(None)


@given(st.lists(LOST_CELLS, max_size=30).map("".join))
@example("规章(单位:件)无(单位:件)")
def test_values_are_no_more_than_the_most(text):
    cells = [token.text for token in scan(text, LABELS) if token.text]
    before_values = [behind for one, behind in pairwise(cells) if is_value(behind) and not is_value(one)]
    assert may_have_values([Line(text, text)], len(before_values))


@pytest.mark.parametrize("words", ["申请人信息", "受理机构", "办公时间", "所需信息的内容描述", "申请人须知", "获取信息的方式"])
def test_a_guide_is_told_by_each_of_its_words(words):
    page = built(body=BODY + f"<p>{words}:见下</p><p>{words}:见上</p>")
    assert "guide_form" in classification.classify(page).reasons


@pytest.mark.parametrize("address", ["/a.pdf", "/a.PDF?x=1", "/b.docx#top", "/download.jsp?id=1", "/a.xls"])
def test_a_file_is_found_among_links(address):
    links = "".join(f'<a href="/{number}.html">栏目</a>' for number in range(3))
    page = built(body=BODY + f'<p>{links}<a href="{address}">附件</a>{links}</p>')
    assert len(page.report.attachments) == 1


DECISIVE = [
    f'<span style="{style}">'
    for style in (
        *("DISPLAY : None", "visibility:  hidden", "font-size : 0", "text-decoration:line-through", "vertical-align : super"),
        *("mso-text-raise:2pt", "color : #FFF", "color:White", "color:rgb( 255 , 255 , 255 )", "color : transparent", "opacity : 0"),
        *(
            "background:#ccc",
            "mso-hide : all",
            "text-indent : -999px",
            "left:-1000em",
            "font-size : 1px",
            "width:0;height:0;overflow : hidden",
        ),
    )
]


@pytest.mark.parametrize(
    ("written", "bare"),
    [
        ('<p class="MsoNormal" style="text-indent:32pt">', "<p>"),
        ("<td width=97 style='font-family:\"Times New Roman\"' colspan=2 valign=top>", "<td colspan=2>"),
        ('<span lang="EN-US" class="up">', '<span class="up">'),
        ('<tr style="display:none">', '<tr style="display:none">'),
        ('<p style="font-size: 0pt" class="a">', '<p style="font-size: 0pt" class="a">'),
        ('<p style="white-space:nowrap;margin:0 -5pt" class="a">', "<p>"),
        *[(tag, tag) for tag in DECISIVE],
        ('<td style="a"rowspan="2">', '<td style="a"rowspan="2">'),
        ('<div style="text-align:center">', '<div style="text-align:center">'),
    ],
)
def test_what_nobody_reads_is_taken_out_of_tags(written, bare):
    assert lean(f"{written}1{written}2".encode()) == f"{bare}1{bare}2".encode()


@pytest.mark.parametrize("broken", ['<a href="x>', "<div class='a>", '<p style="b>', "<td width='9>", '<img alt = "x>', "<Title>"])
def test_markup_with_an_open_quote_or_title_stays(broken):
    page = f'{broken}1<p style="a">2</p><p style="a">3</p>'.encode()
    assert lean(page) == page


@pytest.mark.parametrize(
    ("written", "slim"),
    [
        ('<td style="a"><p class="b"><span lang="c">1</span></p></td>', "<td>1</td>"),
        ('<td rowspan="2"><p><font><span>1</span></font></p></td>', '<td rowspan="2">1</td>'),
        ("<p><span><font>1</font></span><span><o:p></o:p></span></p>", "<p><span>1</span></p>"),
        ("<td><p><span>1</span></p><p>2</p></td>", "<td><p>1</p><p>2</p></td>"),
        ("<span><p>1</p></span>", "<span><p>1</p></span>"),
        ('<p><span class="a">1</span></p>', '<p><span class="a">1</span></p>'),
        ('<td><span style="display:none">1</span></td>', '<td><span style="display:none">1</span></td>'),
        ("<p><span>1</span>2</p>", "<p><span>1</span>2</p>"),
        ("<td><p></p></td>", "<td></td>"),
        ("<p></p>", "<p></p>"),
        ("<p><span>1</p></span>", "<p><span>1</p></span>"),
    ],
)
def test_what_only_wraps_a_text_again_is_taken_out(written, slim):
    assert lean(f"<body>{written}{written}".encode()) == f"<body>{slim}{slim}".encode()


def test_of_many_kinds_the_later_ones_are_looked_at_when_they_come_again():
    first, later = [f'<p style="{number}">1' for number in range(FEW_KINDS)], '<p style="a">2'
    assert lean("".join([*first, later * 3, "<hr>"]).encode()) == ("<p>1" * FEW_KINDS + later + "<p>2" * 2 + "<hr>").encode()


TAGS = "p td tr span font o:p div table a".split()
WITH_ATTRIBUTES = ['<p style="a">', "<p class=c>", '<td width="9" rowspan=2>', '<td style="a>', '<span class="c">']
IN_CELLS = ["<td><p><span>", "</span></p></td>"]
PIECES = [*(f"<{tag}>" for tag in TAGS), *(f"</{tag}>" for tag in TAGS), *WITH_ATTRIBUTES, *IN_CELLS, *"\"'=<> 12\n"]


@settings(max_examples=500)
@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join), st.booleans())
def test_a_page_is_read_alike_without_what_nobody_reads(body, in_row):
    page = f"<html><head></head><body>{'<table><tr>' * in_row}{body}".encode()
    with patch.object(html, "is_styled", lambda _: False):
        whole = shown(page)
    with patch.object(html, "is_styled", lambda _: True):
        assert shown(page) == whole


def shown(source):
    """Lines and tables as they are read."""
    flow = html.read_html(source)
    return [(line.raw, line.linked, line.empty, line.table) for line in flow.lines], [table.rows for table in flow.tables]


@given(st.text(st.one_of(st.sampled_from("，：（）０９　\u00a0①㈠℃…\u0338\u3099か=\n"), st.characters())))
def test_folding_by_steps_is_folding_at_once(text):
    assert nfkc(text) == unicodedata.normalize("NFKC", text)


@given(st.lists(st.text("备案 a", max_size=8), max_size=8), st.text("备案 a", min_size=1, max_size=3))
def test_lines_with_a_word_are_all_that_have_it(texts, word):
    document = Document("html", "utf-8", "meta", lines=[Line(text, text) for text in texts], clean_text="\n".join(texts))
    assert [index for index, _ in document.lines_with(word)] == [index for index, text in enumerate(texts) if word in text]
