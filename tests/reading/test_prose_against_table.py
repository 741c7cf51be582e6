"""What sentences say against what tables say: real contradictions are named, rounded numbers are none."""

from decimal import Decimal

import pytest

from giar_crawler.items import Figure, Page, Report
from pipelines import read
from pipelines.checks.prose_against_table import disagreements
from pipelines.findings import finding
from tests.reading.records import figures

NEW = "requests.received_new[total]"


def record(form, table, stated, *, rough=False, confidence=0.95):
    """A record of a form with a table's values and with sentences as `{name: (value, sentence)}`."""
    report = Report(form=form, figures=list(figures(form, table).values()))
    for name, (value, sentence) in stated.items():
        figure = Figure(name, None, value, "number", sentence, None, "prose", name not in table, 0.7 if rough else confidence)
        report.figures.append(figure)
        report.findings += [finding("prose_approximate", [name], raw=sentence)] if rough else []
    return report


def named(report):
    return disagreements(report, {figure.name: figure for figure in report.figures if figure.preferred})


def compared(*arguments, **options):
    return [(remark.code, remark.blame, remark.figures) for remark in named(record(*arguments, **options))]


def test_the_same_number_is_no_finding():
    assert compared("giar_2021", {NEW: 7}, {"requests_received_count": (7, "收到申请7件")}) == []


@pytest.mark.parametrize("form", ["giar_2019", "giar_2021"])
def test_newer_forms_are_compared_through_the_cross_walk(form):
    found = compared(form, {NEW: 8}, {"requests_received_count": (7, "收到申请7件")})
    assert found == [("prose_disagrees", "publisher", [NEW, "requests_received_count"])]


def test_the_same_form_is_compared_figure_by_figure():
    found = compared(
        "giar_2014",
        {"review_cases_count": 4, "replies_count": 5},
        {"review_cases_count": (0, "未发生行政复议"), "replies_count": (5, "答复5件")},
    )
    assert found == [("prose_disagrees", "publisher", ["review_cases_count"])]


def test_a_sum_of_the_table_is_compared():
    table = {"review_litigation.litigation_direct_upheld": 2, "review_litigation.litigation_after_review_upheld": 3}
    assert compared("giar_2021", table, {"litigation_upheld_count": (5, "维持5件")}) == []
    ((_, _, names),) = compared("giar_2021", table, {"litigation_upheld_count": (2, "维持2件")})
    assert names == sorted([*table, "litigation_upheld_count"])
    del table["review_litigation.litigation_after_review_upheld"]
    assert compared("giar_2021", table, {"litigation_upheld_count": (5, "维持5件")}) == []


def test_what_is_not_the_same_concept_is_not_compared():
    """Replies of 2014 are not requests of 2021, and the reviews of 2021 count pending ones."""
    table = {"requests.granted[total]": 5, "review_litigation.review_total": 4}
    assert compared("giar_2021", table, {"replies_granted_count": (6, "公开6件"), "review_cases_count": (3, "复议3件")}) == []


@pytest.mark.parametrize("cell", [None, "dash", "unreadable"])
def test_a_cell_without_a_number_contradicts_nothing(cell):
    assert compared("giar_2021", {NEW: cell}, {"requests_received_count": (7, "收到申请7件")}) == []


@pytest.mark.parametrize(
    ("sentence", "value", "printed", "agrees"),
    [
        ("主动公开信息1.2万条", 12_000, 12_034, True),
        ("主动公开信息1.2万条", 12_000, 11_950, True),
        ("主动公开信息1.2万条", 12_000, 13_034, False),
        ("主动公开信息１．２ 万条", 12_000, 12_034, True),
        ("主动公开信息12000条", 12_000, 12_034, False),
        ("主动公开信息12,034条", 12_034, 12_034, True),
        ("第1.2万号,主动公开信息12000条", 12_000, 12_034, True),
    ],
)
def test_numbers_in_ten_thousands_are_rounded(sentence, value, printed, agrees):
    assert (compared("giar_2014", {"proactive_info_count": printed}, {"proactive_info_count": (value, sentence)}) == []) is agrees


def test_amounts_are_rounded_to_what_is_printed():
    for sentence, value, agrees in (
        ("经费5.2万元", "5.2", True),
        ("经费5.3万元", "5.3", False),
        ("经费51964元", "5.1964", True),
        ("经费5万元", "5", True),
    ):
        table = {"dedicated_budget": Decimal("5.1964")}
        assert (compared("giar_2014", table, {"dedicated_budget": (Decimal(value), sentence)}) == []) is agrees, sentence


@pytest.mark.parametrize(("value", "printed", "agrees"), [(300, 312, True), (300, 299, True), (300, 412, False), (312, 313, False)])
def test_rough_numbers_are_compared_roughly_and_blame_nobody(value, printed, agrees):
    found = compared("giar_2014", {"proactive_info_count": printed}, {"proactive_info_count": (value, f"约{value}条")}, rough=True)
    assert found == ([] if agrees else [("prose_disagrees", None, ["proactive_info_count"])])


def test_a_weakly_read_sentence_says_nothing_against_a_table():
    assert compared("giar_2021", {NEW: 8}, {"requests_received_count": (7, "收到申请7件")}, confidence=0.8) == []


def test_a_doubtful_table_is_no_fault_of_the_publisher():
    report = record("giar_2021", {NEW: 8}, {"requests_received_count": (7, "收到申请7件")})
    report.figures[0].confidence = 0.5
    (remark,) = named(report)
    assert (remark.blame, remark.severity) == (None, "warning")


def test_a_report_without_a_table_has_nothing_to_compare():
    report = record("giar_2021", {}, {"requests_received_count": (7, "收到申请7件")})
    report.form = None
    assert list(named(report)) == []


def test_on_a_page():
    """A report of 2021 whose sentence and table differ, from its bytes."""
    columns = "自然人 商业企业 科研机构 社会公益组织 法律服务机构 其他 总计".split()
    rows = [("一、本年新收政府信息公开申请数量", "8 0 0 0 0 0 8"), ("二、上年结转政府信息公开申请数量", "0 0 0 0 0 0 0")]
    rows += [("三、本年度办理结果(七)总计", "8 0 0 0 0 0 8"), ("四、结转下年度继续办理", "0 0 0 0 0 0 0")]
    cells = "".join(f"<tr><td>{label}</td>{''.join(f'<td>{cell}</td>' for cell in values.split())}</tr>" for label, values in rows)
    head = f"<tr><td></td>{''.join(f'<td>{column}</td>' for column in columns)}</tr>"
    html = f"""<html><head><meta charset="utf-8"></head><body><h1>甲县2022年政府信息公开工作年度报告</h1><p>一、总体情况</p>
<p>2022年,我县认真贯彻落实《中华人民共和国政府信息公开条例》。全年共收到政府信息公开申请7件,均已答复。</p>
<p>三、收到和处理政府信息公开申请情况</p><table>{head}{cells}</table></body></html>"""
    report = read(Page("http://www.a.gov.cn/1.html", html.encode()))
    assert [(remark.blame, remark.figures) for remark in report.findings if remark.code == "prose_disagrees"] == [
        ("publisher", [NEW, "requests_received_count"])
    ]
