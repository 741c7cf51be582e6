"""Copies on strangers' hosts are told from genuine pages, with and without an address."""

import os
from pathlib import Path

import pytest

from giar_crawler.items import PageContext
from pipelines.checks import mirrors
from pipelines.checks.mirrors import detect_mirror, replaced_name
from pipelines.data import DataError, load
from tests.reading.pages import BODY, TITLE, built, read

SEEDS = os.environ.get("GIAR_SEEDS")
DOCUMENTS = sorted(Path(SEEDS).glob("*.txt")) if SEEDS else []
MIRRORS = {"001", "003"}
ADDRESSES = [None, "http://127.0.0.5:8080/a.html", "http://[::1]/a.html"]
PORTAL = PageContext(portal="x", hosts=("www.example-county.com",))


@pytest.mark.skipif(not SEEDS, reason="GIAR_SEEDS names no folder with the real documents")
@pytest.mark.parametrize("url", [*ADDRESSES, "http://www.example-county.com/a.html"])
@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.stem[:3])
def test_real_documents(document, url):
    mirror = detect_mirror(read(document.read_bytes(), url, PORTAL))
    assert (mirror is not None) == (document.stem[:3] in MIRRORS)
    assert mirror is None or 0.5 <= mirror.score < 1


@pytest.mark.skipif(not SEEDS, reason="GIAR_SEEDS names no folder with the real documents")
def test_evidence_of_real_documents():
    found = {document.stem[:3]: detect_mirror(read(document.read_bytes())) for document in DOCUMENTS}
    assert any("足彩胜负14场 stands 3 times" in line for line in found["001"].evidence)
    assert any("www.gztsgg.com" in line for line in found["003"].evidence)


TRADITIONAL = BODY.replace("编制本报告", "編製本報告").translate(
    str.maketrans("级发开体况务请复诉讼县应办费动国条", "級發開體況務請復訴訟縣應辦費動國條")
)
GENUINE = {
    "plain": {},
    "traditional version of a portal": {"body": TRADITIONAL, "url": "http://www.example.gov.cn/big5/52.html"},
    "traditional, address unknown": {"body": TRADITIONAL, "url": None},
    "mail at a company": {
        "body": BODY + "<p>联系电话:029-32772511;电子邮箱:chxzfb@163.com。欢迎关注微博www.weibo.com/chunhua。</p>",
        "url": None,
    },
    "fight against gambling": {
        "body": "<p>我局开展打击赌博网站专项行动,查处六合彩赌博案件3起。福利彩票公益金使用情况已公开。</p>" + BODY,
        "url": None,
    },
    "portal of a zone": {
        "url": "http://www.example-zone.com/a.html",
        "context": PageContext(portal="zone", hosts=("www.example-zone.com",)),
    },
    "bare address of a county": {"url": "http://122.137.242.24:8080/pub/a.html"},
    "self-named gov.cn": {"body": BODY + "<p>本报告的电子版可在淳化县政府网站(www.snchunhua.gov.cn)下载。</p>", "url": None},
    "governments with numbers": {"body": BODY + "<p>26个乡镇人民政府、7镇1办和15个街道办事处,各级人民政府均已公开。</p>" * 4, "url": None},
}


@pytest.mark.parametrize("case", GENUINE)
def test_genuine_pages(case):
    assert detect_mirror(built(**GENUINE[case])) is None


COPIES = {
    "stranger's host": ({"url": "http://www.walking-shoes.com/n1/2017/52.html"}, "walking-shoes.com"),
    "stuffed title": ({"head_title": "AG真人国际厅官网-淳化县人民政府", "url": None}, "ag真人"),
    "stuffed line": ({"header": "<legend>bet365体育投注</legend>", "url": None}, "bet365"),
    "replaced name": (
        {"body": "<p>按照万博manbetx人民政府、万博manbetx人民政府办公厅和重庆市万博manbetx人民政府要求。</p>" + BODY, "url": None},
        "万博manbetx stands 3 times",
    ),
    "own host and pinyin": (
        {"body": BODY + "<p>政(zhèng)府(fǔ)公(gong)開(kāi)电子版可在政府网站(www.lucky-shop.net)下载。</p>", "url": None},
        "pinyin in brackets 4 times",
    ),
    "other province's code on a bare address": ({"foot": "<p>网站标识码:4403000052</p>", "url": "http://10.1.2.3/a.html"}, "4403000052"),
}


@pytest.mark.parametrize("case", COPIES)
def test_copies(case):
    page, evidence = COPIES[case]
    mirror = detect_mirror(built(**page))
    assert mirror is not None
    assert any(evidence in line for line in mirror.evidence)
    assert mirror.suspected_original is None


def test_more_evidence_is_a_higher_score_and_the_original_is_named():
    url = "http://www.walking-shoes.com/52.html"
    named = BODY + "<p>电子版可在淳化县政府网站(www.snchunhua.gov.cn)下载。</p>"
    weak, strong = detect_mirror(built(url=url)), detect_mirror(built(url=url, body=named, title=f"足彩胜负14场 {TITLE}"))
    assert weak is not None
    assert strong is not None
    assert 0.5 <= weak.score < strong.score < 1
    assert strong.suspected_original == "www.snchunhua.gov.cn"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("足彩胜负14场人民政府办公厅" * 3, ("足彩胜负14场", 3)),
        ("足彩胜负14场人民政府办公厅" * 2, None),
        ("辽宁省人民政府、各级人民政府、由人民政府、上级人民政府" * 5, None),
        ("中华苏维埃人民政府" * 5, None),
    ],
)
def test_replaced_names(text, found):
    assert replaced_name(text) == found


@pytest.mark.parametrize(
    ("change", "named"),
    [(("border:", "limit:"), "border, limit"), (("foreign_host:", "other_host:"), "weights"), (("- 足彩\n", "- 足(彩\n"), "lexicon")],
)
def test_wrong_data_names_file_and_key(tmp_path, change, named):
    own = Path(mirrors.__file__).with_name("mirrors.yaml").read_text("utf-8")
    path = tmp_path / "signals.yaml"
    path.write_text(own.replace(*change), "utf-8")
    with pytest.raises(DataError, match=f"signals.yaml.*{named}"):
        load(path, mirrors.SHAPE)
