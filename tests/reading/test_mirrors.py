"""Copies on strangers' hosts are told from genuine pages, with and without an address; what they were taken from is named."""

import os
import time
from pathlib import Path

import pytest

import pipelines
from giar_crawler.items import PageContext
from pipelines.addresses import MOST_HOSTS, host_of, hosts_in, is_government, parameters
from pipelines.checks import mirror_signals
from pipelines.checks.mirror_signals import read_signals
from pipelines.checks.mirrors import detect_mirror
from pipelines.checks.originals import article_path, embedded_address
from pipelines.checks.replacements import replaced_name, stuffed
from pipelines.data import DataError
from tests.evaluation.cases import PAGES, load_case
from tests.reading.pages import BODY, FOOT, TITLE, URL, built, read

SEEDS = os.environ.get("GIAR_SEEDS")
DOCUMENTS = sorted(Path(SEEDS).glob("*.txt")) if SEEDS else []
MIRRORS = {"001", "003"}
ADDRESSES = [None, "http://127.0.0.5:8080/a.html", "http://[::1]/a.html"]
PORTAL = PageContext(portal="x", hosts=("www.example-county.com",))
STRANGER = "http://www.walking-shoes.com/n1/2017/52.html"
BARE = "http://122.137.242.24:8080/pub/a.html"


def remarks(reading, code):
    return [finding.message for finding in reading.report.findings if finding.code == code]


def judged(**page):
    reading = built(**page)
    return detect_mirror(reading), reading


@pytest.mark.skipif(not SEEDS, reason="GIAR_SEEDS names no folder with the real documents")
@pytest.mark.parametrize("url", [*ADDRESSES, "http://www.example-county.com/a.html"])
@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.stem[:3])
def test_real_documents(document, url):
    mirror = detect_mirror(read(document.read_bytes(), url, PORTAL))
    assert (mirror is not None) == (document.stem[:3] in MIRRORS)
    assert mirror is None or 0.5 <= mirror.score < 1


@pytest.mark.skipif(not SEEDS, reason="GIAR_SEEDS names no folder with the real documents")
def test_evidence_of_real_documents():
    readings = {document.stem[:3]: read(document.read_bytes()) for document in DOCUMENTS}
    found = {name: detect_mirror(reading) for name, reading in readings.items()}
    assert any("足彩胜负14场 stands 3 times" in line for line in found["001"].evidence)
    assert any("www.gztsgg.com" in line for line in found["003"].evidence)
    assert "辽宁省" in remarks(readings["001"], "words_replaced")[0]
    assert "www.gztsgg.com stands 2 times" in remarks(readings["003"], "words_replaced")[0]
    assert not any(remarks(readings[name], "words_replaced") for name in ("000", "002", "004"))


TRADITIONAL = BODY.replace("编制本报告", "編製本報告").translate(
    str.maketrans("级发开体况务请复诉讼县应办费动国条", "級發開體況務請復訴訟縣應辦費動國條")
)
LOTTERY = "江苏省体育彩票管理中心2021年政府信息公开工作年度报告"
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
    "police, words at the beginning": {
        "title": "淳化县公安局2021年政府信息公开工作年度报告",
        "body": "<p>一、总体情况</p><p>全年端掉线上百家乐、六合彩窝点和棋牌平台12处。</p>" + BODY,
        "url": BARE,
    },
    "lottery of the state on a stranger's host": {
        "title": LOTTERY,
        "head_title": f"{LOTTERY}_竞彩_足彩",
        "body": "<p>竞彩、足彩、快3开奖等玩法信息全部公开。</p>" + BODY,
        "foot": "<p>苏ICP备05001234号-1</p>",
        "url": "http://www.lottery-example.com/a.html",
    },
    "portal of a zone": {
        "url": "http://www.example-zone.com/a.html",
        "context": PageContext(portal="zone", hosts=("www.example-zone.com",)),
    },
    "bare address of a county": {"url": BARE},
    "host of a company alone": {"url": STRANGER},
    "host of an organisation": {"url": "http://www.chunhua.org/a.html"},
    "host of China": {"url": "http://www.chunhua.cn/a.html"},
    "portal at a bare address that names its own domain": {
        "meta": '<meta name="SiteDomain" content="www.snchunhua.gov.cn">',
        "body": BODY + "<p>本报告的电子版可在淳化县政府网站(www.snchunhua.gov.cn)下载。</p>",
        "url": BARE,
    },
    "school that names its county's portal": {
        "title": "淳化县中学2021年信息公开工作年度报告",
        "body": BODY.replace("我县", "我校") + "<p>本报告的电子版可在淳化县政府网站(www.snchunhua.gov.cn)下载。</p>",
        "foot": "",
        "url": "http://www.chunhua-school.com/a.html",
    },
    "self-named gov.cn": {"body": BODY + "<p>本报告的电子版可在淳化县政府网站(www.snchunhua.gov.cn)下载。</p>", "url": None},
    "governments with numbers": {"body": BODY + "<p>26个乡镇人民政府、7镇1办和15个街道办事处,各级人民政府均已公开。</p>" * 4, "url": None},
    "hidden advertisement": {"body": BODY + "<!-- bet365体育投注 --><div style='display:none'>足彩</div>", "url": None},
    "links of spammers on a portal": {
        "body": BODY + "".join(f'<a href="http://w{i}.spam{i}.com/">六合彩</a>' for i in range(30)),
    },
    "number of another province on the portal": {"foot": "<p>网站标识码:4403000052</p>"},
    "number of another province, address unknown": {"foot": "<p>网站标识码:4403000052</p>", "url": None},
    "names like words of the lexicon": {
        "body": BODY + "<p>太阳城社区、江南体育中心、大鹏半岛综合整治、成人在线教育、亚博会和“无码”人员服务均已公开。</p>",
        "url": STRANGER,
    },
    "rare characters with pinyin": {"body": BODY + "<p>於(yū)潜镇、鄠(hù)邑区公开信息。</p>", "url": STRANGER},
    "friends": {
        "foot": FOOT + "".join(f'<a href="http://www.friend{i}.gov.cn/">友情链接{i}</a>' for i in range(30)),
        "url": STRANGER,
    },
}


@pytest.mark.parametrize("case", GENUINE)
def test_genuine_pages(case):
    assert detect_mirror(built(**GENUINE[case])) is None


PINYIN = "".join(f"<p>{line}</p>" for line in ["zhèng fǔ xìn xī gōng kāi nián dù bào gào gè jí xíng zhèng jī guān"] * 4)
COPIES = {
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
    "own host on a stranger's": (
        {"body": BODY + "<p>本报告的电子版可在淳化县政府网站(www.walking-shoes.com)下载。</p>", "url": STRANGER},
        "the text names www.walking-shoes.com",
    ),
    "pretended gov.cn": (
        {"body": BODY + "<p>本报告的电子版可在淳化县政府网站(www.chunhua.gov.cn.lucky-shop.net)下载。</p>", "url": STRANGER},
        "lucky-shop.net",
    ),
    "traditional on a stranger's host": ({"body": TRADITIONAL, "url": STRANGER}, "traditional"),
    "sentences in pinyin": ({"body": BODY + PINYIN, "url": None}, "tone marks"),
    "characters dropped": ({"body": BODY + "<p>取得了较好的成效?F将有关情况报告如下。</p>", "url": STRANGER}, "dropped bytes"),
    "title of keywords": ({"head_title": "跑步鞋_男士球鞋_篮球鞋批发-广州市永兴鞋业", "url": STRANGER}, "nothing of the report"),
    "title in another language": (
        {"head_title": "buy cheap shoes | running shoes outlet | sale", "url": STRANGER},
        "nothing of the report",
    ),
    "random elements": ({"header": '<samp id="h4sia"></samp><legend id="x8q"></legend>', "url": STRANGER}, "random ids"),
    "links without script": (
        {"header": "<noscript>" + '<a href="/a.html">x</a>' * 12 + "</noscript>", "url": STRANGER},
        "12 links in <noscript>",
    ),
    "links to strangers": (
        {"foot": "".join(f'<a href="https://w{i}.odd{i}.top/">x</a>' for i in range(20)), "url": STRANGER},
        "20 hosts of strangers",
    ),
    "maps of the site": (
        {"foot": '<a href="/sitemap.xml">x</a><a href="/sitemap1.html">y</a>', "url": STRANGER},
        "2 site maps",
    ),
    "library": (
        {"header": "<p>上传者:小明 下载文档 所需积分:20</p>", "url": "http://www.share-docs.com/p-52.html"},
        "上传者",
    ),
    "library by its title": ({"head_title": f"{TITLE} - 道客巴巴", "url": None}, "道客巴巴"),
    "other province's code on a bare address": ({"foot": "<p>网站标识码:4403000052</p>", "url": "http://10.1.2.3/a.html"}, "4403000052"),
    "other province's ICP number on a stranger's host": ({"foot": "<p>粤ICP备12345678号-1</p>", "url": STRANGER}, "粤ICP备12345678号-1"),
}


@pytest.mark.parametrize("case", COPIES)
def test_copies(case):
    page, evidence = COPIES[case]
    mirror = detect_mirror(built(**page))
    assert mirror is not None
    assert any(evidence in line for line in mirror.evidence)
    assert mirror.suspected_original is None


HOME = "www.snchunhua.gov.cn"
ARTICLE = "/art/2024/11/18/art_1229310986_4314403.html"
STUFFED = f"足彩胜负14场 {TITLE}"
SENTENCE = BODY + f"<p>本报告的电子版可在淳化县政府网站({HOME})下载。</p>"
FRIENDS = "".join(f'<a href="http://www.friend{i}.gov.cn/">县区{i}</a>' for i in range(9))
ORIGINALS = {
    "in the path": ({"url": f"http://mirror.com/{HOME}{ARTICLE}"}, f"http://{HOME}{ARTICLE}"),
    "in the path with its scheme": ({"url": f"http://mirror.com/web/2019/http://{HOME}/52.html"}, f"http://{HOME}/52.html"),
    "in the query": ({"url": f"http://mirror.com/go?url=http%3A%2F%2F{HOME}%2F52.html&x=1"}, f"http://{HOME}/52.html"),
    "any host with its scheme": ({"url": "http://mirror.com/?u=http://www.old-county.com/52.html"}, "http://www.old-county.com/52.html"),
    "in the host": ({"url": f"http://www-snchunhua-gov-cn.gateway.com{ARTICLE}"}, f"http://{HOME}{ARTICLE}"),
    "before the host": ({"url": f"http://{HOME}.gateway.com/"}, HOME),
    "canonical link": ({"meta": f'<link rel="canonical" href="http://{HOME}/52.html">'}, f"http://{HOME}/52.html"),
    "tag Url": ({"meta": f'<meta name="Url" content="http://{HOME}/52.html">'}, f"http://{HOME}/52.html"),
    "tag og:url": ({"meta": f'<meta property="og:url" content="{HOME}/52.html">'}, f"http://{HOME}/52.html"),
    "tag SiteDomain": ({"meta": f'<meta name="SiteDomain" content="{HOME}">'}, HOME),
    "error report": (
        {
            "foot": f'<a href="http://zfwzgl.www.gov.cn/exposure/jiucuo.html?site_code=6104300003&url=http%3A%2F%2F{HOME}%2F52.html">纠错</a>'
        },
        f"http://{HOME}/52.html",
    ),
    "sentence of the report": ({"body": SENTENCE}, HOME),
    "sentence, friends and nobody's hosts": (
        {"body": SENTENCE, "foot": f'{FRIENDS}<a href="http://www.gov.cn/">x</a><a href="http://www.miit.gov.cn/">备案</a>' * 3},
        HOME,
    ),
    "sentence and the path of a platform": ({"body": SENTENCE, "url": f"http://www.walking-shoes.com{ARTICLE}"}, f"http://{HOME}{ARTICLE}"),
    "pictures and files": ({"foot": f'<img src="http://{HOME}/a.png">{FRIENDS}'}, HOME),
    "link home": ({"foot": f'<a href="http://{HOME}/">首页</a>{FRIENDS}'}, HOME),
    "menu": ({"foot": "".join(f'<a href="http://{HOME}/{i}/">{i}</a>' for i in range(6)) + FRIENDS}, HOME),
    "register": ({"context": PageContext(portal="x", hosts=("www.example-county.com",))}, "www.example-county.com"),
    "friends alone": ({"foot": FRIENDS}, None),
    "one link": ({"foot": f'<a href="http://{HOME}/">县政府</a>'}, None),
    "the province's portal": ({"body": BODY + "<p>请登录省政府门户网站(www.shaanxi.gov.cn)查阅,电子版可下载。</p>"}, None),
    "two that are equally likely": ({"body": BODY + "<p>请登录政府门户网站www.a-county.gov.cn或www.b-county.gov.cn查阅。</p>"}, None),
    "nobody's host": ({"meta": '<meta name="SiteDomain" content="www.gov.cn">'}, None),
    "a tag that names no government": ({"meta": '<meta name="SiteDomain" content="www.walking-shoes.com">'}, None),
    "the path of a platform alone": ({"url": f"http://www.walking-shoes.com{ARTICLE}"}, None),
}


@pytest.mark.parametrize("case", ORIGINALS)
def test_the_original_is_named_where_the_page_gives_it_away(case):
    page, original = ORIGINALS[case]
    mirror = detect_mirror(built(**{"url": STRANGER, "title": STUFFED} | page))
    assert mirror is not None
    assert mirror.suspected_original == original


def test_a_kept_path_is_evidence_of_its_own_platform():
    mirror = detect_mirror(built(url=f"http://www.walking-shoes.com{ARTICLE}", title=STUFFED))
    assert any("大汉 JCMS" in line for line in mirror.evidence)


@pytest.mark.parametrize(
    "named", ["canonical link", "tag SiteDomain", "error report", "sentence of the report", "in the path", "in the host"]
)
def test_a_strangers_page_that_names_its_home_is_a_copy(named):
    page, original = ORIGINALS[named]
    mirror = detect_mirror(built(**{"url": STRANGER} | page))
    assert mirror is not None
    assert mirror.suspected_original == original


def test_more_evidence_is_a_higher_score():
    weak, strong = detect_mirror(built(url=STRANGER, body=SENTENCE)), detect_mirror(built(url=STRANGER, body=SENTENCE, title=STUFFED))
    assert 0.5 <= weak.score < strong.score < 1


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


BRAND = "开云体育"
REPLACED = {
    "source": ({"header": "<p>发布时间:2022-01-20 来源:淳化县人民政府</p>"}, "淳化县"),
    "tag SiteName": ({"meta": '<meta name="SiteName" content="淳化县人民政府">'}, "淳化县"),
    "site code": ({"foot": "<p>网站标识码:6104300003</p>"}, "淳化县"),
    "police number": ({"foot": "<p>陕公网安备 61043002000110号</p>"}, "淳化县"),
    "register": ({"context": PageContext(portal="x", hosts=("www.a.gov.cn",), adcode="610430")}, "淳化县"),
    "nothing": ({}, "?"),
}


@pytest.mark.parametrize("case", REPLACED)
def test_replaced_words_are_reported_and_left_as_they_are(case):
    page, original = REPLACED[case]
    body = f"<p>{BRAND}人民政府高度重视,{BRAND}政务公开办负责,{BRAND}人民政府办公室督办。</p>" + BODY
    mirror, reading = judged(**{"title": f"{BRAND}2021年政府信息公开工作年度报告", "body": body, "foot": "", "url": STRANGER} | page)
    assert mirror is not None
    assert [finding.blame for finding in reading.report.findings if finding.code == "words_replaced"] == [None]
    assert f"{BRAND} stands 4 times" in remarks(reading, "words_replaced")[0]
    assert f"{original})" in remarks(reading, "words_replaced")[0]
    assert reading.report.text.count(BRAND) == 3


def test_a_replaced_host_is_reported():
    body = TRADITIONAL + "<p>电子版可在政府网站(www.walking-shoes.com)下载。</p>"
    _, reading = judged(body=body, url=STRANGER, meta=f'<meta name="SiteDomain" content="{HOME}">')
    assert remarks(reading, "words_replaced") == [
        f"www.walking-shoes.com stands 1 times on the page where other words belong (what it replaced: {HOME}); it was left as it is."
    ]


def test_nothing_is_reported_of_a_plain_page():
    for url in (URL, None, BARE, STRANGER):
        _, reading = judged(url=url)
        assert not reading.report.findings


@pytest.mark.parametrize(
    ("text", "organ", "word"),
    [
        ("BET365", "", "bet365"),
        ("Ag真人国际", "", "ag真人"),
        ("捣毁棋牌平台", "", None),
        ("棋牌平台" + "。" * 40 + "捣毁", "", "棋牌平台"),
        ("打击赌博网站,下载爱游戏官网", "", None),
        ("打击赌博网站" + "。" * 40 + "下载爱游戏官网", "", "爱游戏官网"),
        ("竞彩", "某市体育彩票管理中心", None),
        ("bet365", "某市体育彩票管理中心", "bet365"),
        ("和谐社会,利民惠民,真抓实干,必须负责,外围设施", "", None),
    ],
)
def test_words_of_the_lexicon(text, organ, word):
    assert stuffed(text, organ) == word


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (("border:", "limit:"), "border, limit"),
        (("foreign_host:", "other_host:"), "weights"),
        (("'足彩'", "'足(彩'"), "lexicon"),
        (("'足彩'", "'足球'"), "each word has to contain 彩"),
        (("own_address:", "other:"), "originals"),
    ],
)
def test_wrong_data_names_file_and_key(tmp_path, change, named):
    own = Path(mirror_signals.__file__).with_name("mirrors.yaml").read_text("utf-8")
    path = tmp_path / "signals.yaml"
    path.write_text(own.replace(*change), "utf-8")
    with pytest.raises(DataError, match=f"signals.yaml.*{named}"):
        read_signals(path)


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("http://WWW.Example.GOV.cn:8080/a", "www.example.gov.cn"),
        ("http://www.example.gov.cn./a", "www.example.gov.cn"),
        ("http://www.example.gov.cn@evil.com/", "evil.com"),
        ("http://淳化.政务/nb/1.html", "淳化.政务"),
        ("//www.example.gov.cn/a", "www.example.gov.cn"),
        ("http://[::1/x", ""),
        ("http://" + "a" * 900 + ".com/", ""),
        ("http://" + "a." * 5000 + "com/", ""),
        ("http://ａ℀b.com/", ""),
        ("javascript:void(0)", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_hosts_of_addresses(address, host):
    assert host_of(address) == host


def test_broken_addresses_have_no_parameters():
    assert parameters("http://[::1/x?a=1") == {}


def test_governments_by_their_domain():
    assert all(map(is_government, ("www.a.gov.cn", "淳化.政务", "gov.cn")))
    assert not any(map(is_government, ("www.a.gov.cn.evil.com", "agov.cn", "gov.com", "")))


def test_hosts_in_a_text_are_bounded():
    found = hosts_in("\n".join(f"网址 www.host{i}.com" for i in range(10_000)))
    assert len(found) == MOST_HOSTS
    assert found[0] == ("www.host0.com", 3)


@pytest.mark.parametrize(
    "url", ["http://[::1/x", "http://" + "x" * 100_000, "http://m.com/" + "www.a.gov.cn/" * 10_000, "http://m.com/%%%zz?url=%", "://"]
)
def test_broken_addresses_break_nothing(url):
    detect_mirror(built(url=url))
    embedded_address(url)
    article_path(url)


HOSTILE = {
    "hosts": lambda size: "<p>" + " ".join(f"请登录www.host{i}.gov.cn下载电子版" for i in range(size)) + "</p>",
    "links": lambda size: "".join(
        f'<a href="http://www.host{i}.gov.cn/{i}.pdf?jiucuo&site_code=1&url=http://{i}.gov.cn">首页</a>' for i in range(size)
    ),
    "spam": lambda size: "<p>" + "博彩人民政府足彩体育" * size + "</p>",
    "marks": lambda size: "<p>" + "负利华真围道bkg" * size + "</p>",
    "tones": lambda size: "<p>" + "ìàǔ政èéō" * size + "</p>",
    "noscript": lambda size: "<noscript><a href=x>" * size,
    "canonical": lambda size: "<link canonical " * size,
    "samp": lambda size: "<samp id=a1" * size,
    "ICP": lambda size: "<p>" + "陕ICP备12345678号公网安备" * size + "</p>",
    "dots": lambda size: "<p>" + "a." * size * 5 + "</p>",
}


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_pages_take_bounded_time(case):
    reading = built(body=BODY + HOSTILE[case](10_000), url=STRANGER + "?url=" + "a." * 5000)
    start = time.process_time()
    detect_mirror(reading)
    assert time.process_time() - start < 1


def test_a_name_with_the_words_that_hide_it_is_no_publisher():
    report = pipelines.read(load_case(PAGES / "blind_meta_mirror_brand_replaced").page)
    assert report.publisher is None
    assert "乐鱼体育" in report.title
