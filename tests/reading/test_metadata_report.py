"""Title, year, publisher, scope, place and day of publication, on built pages and on the real documents."""

import json
import os
from pathlib import Path

import pytest

from giar_crawler.items import PageContext
from pipelines.metadata.organs import organ_of_title
from pipelines.metadata.places import place_of_code
from pipelines.metadata.publisher import full_name
from pipelines.metadata.site import valid_site_code
from tests.reading.pages import BODY, TITLE, URL, built, read

SEEDS = os.environ.get("GIAR_SEEDS")
DOCUMENTS = sorted(Path(SEEDS).glob("*.txt")) if SEEDS else []
FIELDS = ("title", "report_year", "index_number", "published_date", "document_number", "adcode", "publisher", "scope", "site_code")
COUNTY = PageContext(portal="chunhua", portal_name="淳化县人民政府", adcode="610430", level="county")


@pytest.mark.skipif(not SEEDS, reason="GIAR_SEEDS names no folder with the real documents")
@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.stem[:3])
@pytest.mark.parametrize("name", FIELDS)
def test_real_documents(document, name):
    truth = json.loads(document.with_suffix(".truth.json").read_text("utf-8"))
    value = getattr(read(document.read_bytes()).report, name)
    if name == "index_number":
        value = value and value.normalized
    assert (str(value) if name == "published_date" and value else value) == truth.get(name)


TITLES = {
    "heading": {},
    "line": {"heading": "<p>{}</p>"},
    "meta": {"heading": "<h2>政府信息公开年报</h2>", "meta": f'<meta name="ArticleTitle" content="{TITLE}">'},
    "head": {"heading": "", "head_title": f"{TITLE}_政府信息公开年报_淳化县人民政府"},
    "header": {"title": "", "header": f"<table><tr><td>名 称</td><td>{TITLE}</td><td>文号</td><td></td></tr></table>"},
    "two lines": {"title": "", "header": "<p>淳化县人民政府</p><p>2021年政府信息公开工作年度报告</p>"},
    "broken line": {"title": "淳化县人民政府2021年<br>政府信息公开工作年度报告", "heading": "<div>{}</div>"},
    "spaces": {"title": "淳化县人民政府 2021 年政府信息公开 工作年度报告"},
}


@pytest.mark.parametrize("case", TITLES)
def test_titles(case):
    report = built(**TITLES[case]).report
    assert (report.title, report.report_year, report.report_year_source) == (TITLE, 2021, "title")


def test_the_portals_name_above_is_no_part_of_the_title():
    title = "淳化县教育局2021年政府信息公开工作年度报告"
    for logo in ("<h1>淳化县人民政府</h1>", "<p>淳化县人民政府</p>"):
        assert built(title="", header=f"{logo}<p>{title}</p>").report.title == title


def test_no_title():
    reading = built(title="", context=PageContext(list_title="淳化县2021年政府信息公开年报", list_date="2022-02-10"))
    report = reading.report
    assert (report.title, report.title_raw, report.publisher_raw) == (None, None, None)
    assert (report.report_year, report.report_year_source) == (2021, "title")
    assert (str(report.published_date), report.published_date_source) == ("2022-02-10", "list")


YEARS = {
    "two typos against the period": (
        "<p>现将2018年度本机关信息公开工作报告公布如下,统计期限自2018年1月1日起至2018年12月31日止。</p><p>截止到2019年12月31日,主动公开613条。</p><p>截至2087年底,共公开9条。</p>",
        2018,
    ),
    "announced": ("<p>按照《关于做好2015年度报告工作的通知》要求,现就辽阳市2016年度政府信息公开工作情况报告如下。</p>", 2016),
    "openings": (
        "<p>一、总体情况</p><p>2020年,我县主动公开信息4330条。</p><p>2020年度,未收到申请。</p><p>2019年底以来持续改进。</p>",
        2020,
    ),
    "numerals": ("<p>现将二〇一二年度政府信息公开工作情况报告如下。</p>", 2012),
}


@pytest.mark.parametrize("case", YEARS)
def test_years_of_the_period(case):
    text, year = YEARS[case]
    report = built(title="", body=text).report
    assert (report.report_year, report.report_year_source) == (year, "period")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://a.gov.cn/art/2020/3/27/art_1_2.html", (2019, "published_date")),
        ("http://a.gov.cn/nb/202003/ab.shtml", (2019, "url")),
        ("http://a.gov.cn/zfxxgknb/2018nian/ab.shtml", (2018, "url")),
        ("http://a.gov.cn/ab.shtml", (None, None)),
    ],
)
def test_years_of_last_resort(url, expected):
    report = built(title="", body="<p>本机关认真贯彻落实政府信息公开条例,不断提高政府工作透明度。</p>", url=url).report
    assert (report.report_year, report.report_year_source) == expected


def test_title_against_period_is_a_finding():
    report = built(title="淳化县人民政府2020年政府信息公开工作年度报告").report
    assert report.report_year == 2020
    assert [finding.code for finding in report.findings] == ["report_year_contradicted"]
    assert built().report.findings == []


def test_typo_of_the_future_in_the_title():
    report = built("<p>发布时间:2022-02-08</p>", title="淳化县人民政府2087年政府信息公开工作年度报告").report
    assert (report.report_year, report.report_year_source) == (2021, "period")


def test_a_title_outweighs_a_bogus_day_of_publication():
    report = built("<p>发布时间:2012-01-01</p>", body="<p>一、概述</p><p>我局公开信息12条。</p>", title=TITLE).report
    assert (report.report_year, report.report_year_source) == (2021, "title")


def header(publisher):
    return f"<table><tr><td>索引号</td><td>/2022-00187</td><td>发布机构</td><td>{publisher}</td></tr></table>"


PUBLISHERS = {
    "filler": ({"header": header("其他"), "title": ""}, ("其他", "淳化县人民政府", "consolidated")),
    "office for its government": ({"header": header("县政府办")}, ("县政府办", "淳化县人民政府", "consolidated")),
    "office for itself": (
        {"header": header("县政府办"), "title": "淳化县人民政府办公室2021年政府信息公开工作年度报告"},
        ("县政府办", "淳化县人民政府办公室", "office"),
    ),
    "department under the county's header": (
        {"header": header("淳化县人民政府"), "title": "淳化县民政局2021年政府信息公开工作年度报告"},
        ("淳化县人民政府", "淳化县民政局", "department"),
    ),
    "short department": (
        {"header": header("县教育局"), "title": "2021年政府信息公开工作年度报告"},
        ("县教育局", "淳化县教育局", "department"),
    ),
    "town": ({"header": header("润镇"), "title": "润镇2021年政府信息公开工作年度报告"}, ("润镇", "润镇人民政府", "township")),
    "subdistrict": ({"title": "淳化县城关街道2021年政府信息公开工作年度报告"}, ("淳化县城关街道", "淳化县城关街道办事处", "township")),
    "signature": (
        {"title": "2021年政府信息公开工作年度报告", "body": BODY + "<p>淳化县统计局</p><p>2022年1月20日</p>"},
        ("淳化县统计局", "淳化县统计局", "department"),
    ),
    "caption": (
        {"title": "", "body": BODY + "<p>填报单位(盖章):淳化县水利局</p>"},
        ("淳化县水利局", "淳化县水利局", "department"),
    ),
    "announced place": (
        {"title": "", "foot": "", "body": BODY.replace("编制本报告", "现就淳化县2021年度政府信息公开工作情况报告如下")},
        (None, "淳化县人民政府", "consolidated"),
    ),
    "longer name of the title": (
        {"header": header("淳化县卫健委"), "title": "咸阳市淳化县卫生健康委员会2021年政府信息公开工作年度报告"},
        ("淳化县卫健委", "咸阳市淳化县卫生健康委员会", "department"),
    ),
    "source of a department": (
        {"header": "<p>来源:统计局</p>", "title": TITLE[7:], "body": BODY.replace("我县", "我局").replace("全县", "我局")},
        (None, "淳化县统计局", "department"),
    ),
    "hospital": ({"title": "淳化县人民医院2021年信息公开工作年度报告"}, ("淳化县人民医院", "淳化县人民医院", "other")),
}


@pytest.mark.parametrize("case", PUBLISHERS)
def test_publishers(case):
    page, expected = PUBLISHERS[case]
    report = built(**page).report
    assert (report.publisher_raw, report.publisher, report.scope) == expected
    assert (report.adcode, report.site_code) == ("610430", None if page.get("foot") == "" else "6104300003")


def test_the_register_helps_and_never_overrules():
    bare = "<p>一、总体情况</p><p>本年度主动公开信息12条,未收到政府信息公开申请。</p>"
    page = {"title": "2021年政府信息公开工作年度报告", "body": bare, "foot": ""}
    assert (built(**page).report.publisher, built(**page).report.adcode) == (None, None)
    report = built(**page, context=COUNTY).report
    assert (report.publisher, report.scope, report.adcode, report.site_code) == (None, None, "610430", None)
    other = built(title="乌恰县人民政府2018年度政府信息公开年度报告", body=bare, foot="", context=COUNTY).report
    assert (other.publisher, other.adcode) == ("乌恰县人民政府", "653024")


@pytest.mark.parametrize(
    ("name", "full"),
    [
        ("市政府办", None),
        ("政府办公室", "淳化县人民政府办公室"),
        ("市场监督管理局", "淳化县市场监督管理局"),
        ("市教育局", None),
        ("淳化县政府", "淳化县人民政府"),
        ("官庄镇政府", "官庄镇人民政府"),
        ("国家税务总局淳化县税务局", "国家税务总局淳化县税务局"),
        ("镇政府", None),
        ("管理员", None),
        ("淳化县人民政府网", None),
    ],
)
def test_full_names(name, full):
    assert full_name(name, place_of_code("610430")) == full


@pytest.mark.parametrize(
    ("title", "organ"),
    [
        ("2018年乌恰县人民政府信息公开工作年度报告", "乌恰县人民政府"),
        ("辽阳县政府信息公开2012年年报", "辽阳县"),
        ("关于2020年度淳化县政府信息公开工作情况的报告", "淳化县"),
        ("淳化县教育局(本级)二〇二〇年政府信息公开年报", "淳化县教育局"),
        ("2020年度县政府信息公开年度报告", None),
        ("2021年度政府信息公开工作年度报告(公安局)", "公安局"),
        ("淳化县2021年政府信息公开工作年度报告(县财政局)", "县财政局"),
        ("淳化县2021年政府信息公开工作年度报告(汇总)", "淳化县"),
        ("《2023年咸阳市淳化县政府信息公开工作年度报告》", "咸阳市淳化县"),
    ],
)
def test_organs_of_titles(title, organ):
    found = organ_of_title(title)
    assert (found.name if found else None) == organ


PUBLISHED = {
    "meta": ({"meta": '<meta name="PubDate" content="2022-02-09 08:00">', "header": "<p>发布时间:2022-02-08</p>"}, ("2022-02-09", "meta")),
    "line before address": ({"header": "<p>发布时间:2022-02-08</p>", "url": "http://a.gov.cn/t20220210_1.html"}, ("2022-02-08", "line")),
    "bare line": ({"header": "<p>2022-02-08 10:22 浏览次数:12</p>"}, ("2022-02-08", "line")),
    "address before writing": (
        {"header": "<p>成文日期:2022-01-20</p>", "url": "http://a.gov.cn/t20220210_1.html"},
        ("2022-02-10", "url"),
    ),
    "written": ({"header": "<p>发文日期:2022-01-20 公开时限:长期公开 归档时间:2023-01-01</p>"}, ("2022-01-20", "written")),
    "form foot": ({"body": BODY + "<p>填报日期:2022.1.17</p>"}, ("2022-01-17", "form_foot")),
    "generated": ({"header": "<p>生成日期:2022-03-01</p>"}, ("2022-03-01", "generated")),
    "lost characters": ({"header": "<p>发布日期:2022119日</p>"}, ("None", None)),
}


@pytest.mark.parametrize("case", PUBLISHED)
def test_day_of_publication(case):
    page, expected = PUBLISHED[case]
    report = built(**page).report
    assert (str(report.published_date), report.published_date_source) == expected


@pytest.mark.parametrize(
    "meta",
    [
        '<meta name="PubDate" content="2022-05-01"><meta name="SiteDomain" content="gxq.cq.gov.cn">',
        '<meta name="PubDate" content="2016-03-01">',
    ],
)
def test_leftovers_of_templates(meta):
    report = built("<p>发布时间:2022-02-08 10:22</p>", meta=meta, url=URL).report
    assert (str(report.published_date), report.published_date_source) == ("2022-02-08", "line")
    assert [finding.code for finding in report.findings] == ["meta_date_contradicted"]


def test_all_dates_are_kept():
    body = BODY + "<p>淳化县统计局</p><p>2022年1月20日</p><p>填报日期:2022年1月17日</p>"
    report = built("<p>发布日期:2022年02月08日 来源:县统计局</p>", body=body).report
    assert [(d.label, d.raw, str(d.value)) for d in report.dates] == [
        ("发布日期", "2022年02月08日", "2022-02-08"),
        ("落款", "2022年1月20日", "2022-01-20"),
        ("填报日期", "2022年1月17日", "2022-01-17"),
    ]


def test_migration_shows_only_where_the_page_was_written_in_its_season():
    page = {"title": "淳化县统计局2018年政府信息公开工作年度报告", "body": "<p>一、概述</p><p>2018年,我局公开信息12条。</p>"}
    signed = page | {"body": page["body"] + "<p>淳化县统计局</p><p>2019年1月20日</p>"}
    late = "<p>发布时间:2021-01-19</p>"
    assert built(late, **signed).report.date_is_migration is True
    assert built(late, **page).report.date_is_migration is None
    assert built("<p>发布时间:2019-01-25</p>", **signed).report.date_is_migration is None


def test_the_code_of_a_foreign_template_is_not_the_sites():
    meta = '<meta name="SiteDomain" content="www.qqhr.gov.cn"><meta name="SiteIDCode" content="2302000001">'
    url = "http://www.snchunhua.gov.cn/52.html"
    assert built(meta=meta, url=url).report.site_code == "6104300003"
    assert built(meta=meta, url=url, foot="").report.site_code is None
    assert built(meta=meta.replace("www.qqhr", "www.snchunhua"), url=url, foot="").report.site_code == "2302000001"


@pytest.mark.parametrize(
    ("written", "valid"),
    [
        ("6104300003", "6104300003"),
        ("bm07000001", "bm07000001"),
        ("0000000000", None),
        ("1234567890", None),
        ("6104300", None),
        ("9904300003", None),
    ],
)
def test_site_codes(written, valid):
    assert valid_site_code(written) == valid
    assert built(foot=f"<p>网站标识码: {written}</p>").report.site_code == valid
    link = f'<a href="http://zfwzgl.www.gov.cn/exposure/jiucuo.html?site_code={written}&url=x">纠错</a>'
    assert built(foot=link).report.site_code == valid
