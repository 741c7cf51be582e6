"""Text that was decoded wrongly, twice or in pieces: what can be undone is, what is good is never touched."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.decode.charset import decode_bytes
from pipelines.decode.mixed import unmixed
from pipelines.decode.mojibake import lost_share, undo
from pipelines.decode.repair import repair
from pipelines.decode.script import clean, simplified

REPORT = "淳化县人民政府2019年政府信息公开工作年度报告。全年主动公开政府信息1234条,收到申请7件,均按时答复。"
# Every script that a Chinese page has beside Chinese, and what broken text is made of.
PIECES = st.one_of(
    st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), max_size=30),
    st.text("政府信息公开工作年度报告主动申请条件,。“”《》〔〕—…·、0123456789 ", max_size=60),
    st.text(st.characters(min_codepoint=0xC0, max_codepoint=0xFF), max_size=8),
    st.sampled_from(
        [
            "où l'été à Genève",
            "Äpfel für Übermüde",
            "Tiếng Việt",
            "ئۇيغۇرچە تىلى",
            "བོད་ཡིག",
            "ひらがなカタカナ",
            "┌──┬──┐│表│",
            "ㄅㄆㄇ",
            "한국어",
            "10 µm ±5 °C",
            "①②③",
            "？？？",
            "???",
            "\u3000\u3000",
        ]
    ),
)
TEXTS = st.lists(PIECES, max_size=8).map(" ".join)


def page(text, charset):
    return f'<html><head><meta charset="{charset}"></head><body><p>{REPORT}</p><p>{text}</p></body></html>'


@pytest.mark.parametrize("charset", ["utf-8", "gb18030", "big5hkscs", "utf-16-le", "utf-16-be"])
@given(text=TEXTS)
def test_a_good_page_is_never_made_worse(charset, text):
    written = page(text, charset)
    try:
        body = written.encode(charset)
    except UnicodeEncodeError:
        # A page in Big5 has no other characters.
        written = page("".join(c for c in text if _has(c, charset)), charset).replace(
            REPORT, "淳化縣政府資訊公開工作報告,全年主動公開資訊一千條,收到申請七件,均按時答覆。"
        )
        body = written.encode(charset)
    bom = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(charset, b"")
    decoded = decode_bytes(bom + body)
    assert decoded.text == written
    assert (decoded.undone, decoded.mixed, decoded.damage) == (0, False, 0.0)
    assert decoded.confidence == 1.0


def _has(character, charset):
    try:
        character.encode(charset)
    except UnicodeEncodeError:
        return False
    return True


@given(TEXTS)
def test_repairs_leave_good_lines_alone(text):
    assert undo(REPORT + text).text == REPORT + text
    line = REPORT + text
    if not any("\u3105" <= character <= "\u3129" or "\u2500" <= character <= "\u257f" for character in text):
        assert repair(line) is line


@pytest.mark.parametrize("wrong", ["latin-1", "cp1252"])
def test_utf8_that_was_read_as_western_is_undone(wrong):
    broken = "".join(bytes([byte]).decode(wrong, "ignore") or chr(byte) for byte in REPORT.encode())
    undone = undo(f"<p>{broken}</p>")
    assert undone.text == f"<p>{REPORT}</p>"
    assert undone.count
    assert not undone.is_broken


def test_gbk_that_was_read_as_western_is_undone():
    assert undo(REPORT.encode("gbk").decode("latin-1")).text == REPORT


def test_utf8_that_was_read_as_gbk_is_undone_as_far_as_it_was_kept():
    even = "政府信息公开工作"
    assert undo(even.encode().decode("gb18030")).text == even
    assert undo(REPORT.encode().decode("gb18030", "replace")).text.count("政府信息") == 2


def test_what_cannot_be_undone_is_not_believed():
    lost = "".join(chr(byte) if byte < 0x80 or byte > 0xA0 else "?" for byte in (REPORT * 20).encode())
    decoded = decode_bytes(f"<html><body>{lost}</body></html>".encode())
    assert decoded.confidence <= 0.5


def test_pieces_in_another_encoding_are_read_in_theirs():
    head, foot = f"<body><p>{REPORT}</p>", "<div>主办:淳化县人民政府办公室</div></body>"
    for one, other in (("utf-8", "gb18030"), ("gb18030", "utf-8")):
        body = head.encode(one) + f"<div>{REPORT}</div>".encode(other) + foot.encode(one)
        assert unmixed(body, one).decode(one) == head + f"<div>{REPORT}</div>" + foot
        decoded = decode_bytes(b"<meta charset=" + one.encode() + b">" + body)
        assert decoded.mixed
        assert decoded.text.endswith(head + f"<div>{REPORT}</div>" + foot)


def test_utf16_without_a_mark_is_known_by_its_zeros():
    for order in ("utf-16-le", "utf-16-be"):
        decoded = decode_bytes(page("", "utf-16").encode(order))
        assert (decoded.encoding, decoded.source) == (order, "content")
        assert REPORT in decoded.text


def test_lost_characters_are_counted():
    assert lost_share("") == 0.0
    assert lost_share("什么???") == 0.6
    assert lost_share("锟斤拷锟斤拷年报") == 0.75
    assert lost_share("真的吗?是的??") == 0.0


@pytest.mark.parametrize(
    ("printed", "meant"),
    [
        ("&#25919;&#x5e9c;&nbsp;信息", "政府 信息"),
        ("&amp;ldquo;公开&amp;rdquo;", "“公开”"),
        ("索\u200b引\ufeff号\u202e:", "索引号:"),
        ("二\u00ad〇一九", "二〇一九"),
        ("\ue5e5公开", " 公开"),
        ("R&D;投入", "R&D;投入"),
    ],
)
def test_escapes_and_invisible_characters_are_not_matched(printed, meant):
    assert clean(printed, traditional=False) == meant


@pytest.mark.parametrize(
    ("printed", "meant"),
    [
        ("於潛鎮2018年度政府信息公開工作報告", "於潜镇2018年度政府信息公开工作报告"),
        ("乾縣人民政府辦公室", "乾县人民政府办公室"),
        ("政府資訊公開計畫", "政府信息公开计划"),
        ("規範性檔案,主動公開資訊", "规范性文件,主动公开信息"),
        ("淳化縣檔案局", "淳化县档案局"),
        ("於潜镇", "於潜镇"),
        ("餘姚市資訊公開", "余姚市信息公开"),
    ],
)
def test_titles_in_the_other_script(printed, meant):
    assert simplified(printed) == meant


@pytest.mark.parametrize(
    "line",
    [
        "发布日期：2022年1月20日 │ 来源：淳化县人民政府办公室",
        "收到申请数 │ 66",
        "│当面申请数",
        "五、│保障",
        "统计期限自2021年1月1日│12月31日",
    ],
)
def test_one_drawn_bar_is_no_shift(line):
    assert repair(line) is line


def test_utf8_that_lost_a_byte_is_no_gbk():
    for word in ("铁锤镇", "财政局", "镇江旅游局年报"):
        body = f"<body><p>{REPORT}</p><p>".encode() + word.encode()[1:] + b"</p></body>"
        assert word[1:] in decode_bytes(body).text


def test_letters_of_a_list_are_no_pinyin():
    from pipelines.decode.cleaning import PINYIN

    assert PINYIN.findall("第一条(i)主动公开(ii)依申请(iii)甲(a)乙(e)丙(o)") == []
    assert len(PINYIN.findall("政(zheng)府(fu)信(xìn)息(xī)公開(kāi)安(ān)")) == 6
