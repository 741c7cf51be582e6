"""Reports are told from what stands beside them on every portal."""

import os
from pathlib import Path

import pytest

from giar_crawler.items import Figure, PageContext
from pipelines import titles
from pipelines.checks import classification
from pipelines.checks.classification import THRESHOLD, classify
from pipelines.data import DataError, load
from tests.reading.pages import BODY, built, read

SEEDS = os.environ.get("GIAR_SEEDS")
DOCUMENTS = sorted(Path(SEEDS).glob("*.txt")) if SEEDS else []
PLAIN = "<p>近日,县政府组织召开会议,部署有关工作。会议指出,要认真落实上级要求,加强组织领导,明确工作责任,确保各项任务按时完成。</p>" * 6


@pytest.mark.skipif(not SEEDS, reason="GIAR_SEEDS names no folder with the real documents")
@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.stem[:3])
def test_real_documents(document):
    assert classify(read(document.read_bytes())).score > 0.85


NEAR_MISSES = [*titles.rules()["examples"]["other"], "润镇2021年政务公开工作总结"]


@pytest.mark.parametrize("title", NEAR_MISSES)
def test_near_misses(title):
    result = classify(built(title=title, body=PLAIN))
    assert result.score < THRESHOLD, result.reasons


@pytest.mark.parametrize("title", [title for title in NEAR_MISSES if "解读" in title or "读懂" in title or "通知" in title])
def test_near_misses_that_repeat_the_report(title):
    """An interpretation, or a notice with the template below it, has the report's words, headings and blank table."""
    reading = built(title=title)
    reading.report.form = "giar_2021"
    reading.report.figures = [Figure(f"row{n}", None, None, "blank", "", None, "table") for n in range(60)]
    result = classify(reading)
    assert result.score < THRESHOLD, result.reasons


TITLES = titles.rules()["examples"]["report"]


@pytest.mark.parametrize("title", TITLES)
def test_titles_of_reports(title):
    assert classify(built(title=title)).score > 0.9


def test_reports_without_a_title_of_their_own():
    assert classify(built(title="")).score >= THRESHOLD
    assert classify(built(title="", context=PageContext(list_title=TITLES[0]))).score > 0.9
    assert classify(built(title="淳化县2010年政府信息公开工作总结")).score >= THRESHOLD


def test_a_table_of_the_form_decides():
    reading = built(title="附件", body="<p>附件2</p>")
    assert classify(reading).score < THRESHOLD
    reading.report.form = "giar_2014"
    reading.report.figures = [Figure(f"row{n}", None, n, "number", str(n), "件", "table") for n in range(58)]
    assert classify(reading).score >= THRESHOLD


def test_a_page_with_only_an_attachment():
    title = TITLES[0]
    assert classify(built(title=title, body=f'<p><a href="./P020220208.docx">{title}.docx</a></p>')).score >= THRESHOLD
    assert classify(built(title="通知公告", body='<p><a href="./P020220208.docx">申请表.docx</a></p>')).score < THRESHOLD


def test_lists_of_reports_are_no_reports():
    items = "".join(
        f'<li><a href="/art/{year}.html">淳化县{year}年政府信息公开工作年度报告</a><span>{year + 1}-01-20</span></li>'
        for year in range(2008, 2022)
    )
    for title in ("政府信息公开年报", "政府信息公开工作年度报告", ""):
        result = classify(built(title=title, body=f"<ul>{items}</ul>"))
        assert result.score < THRESHOLD, result.reasons


@pytest.mark.parametrize(
    "body",
    ["<p>您访问的页面不存在或已被删除</p>", "<p>404 Not Found</p>", "<p>正在跳转,请稍候</p>", "<p>申请人信息</p><p>所需信息的内容描述</p>"],
)
def test_pages_with_nothing_to_say(body):
    assert classify(built(title="政府信息公开年报", body=body)).score < THRESHOLD
    assert classify(built(title="", body=body)).score < THRESHOLD


def test_reasons_are_named_once():
    reasons = classify(built(body=BODY + BODY)).reasons
    assert len(reasons) == len(set(reasons))
    assert {"title_of_report", "by_the_regulation", "period", "requests", "review"} <= set(reasons)


@pytest.mark.parametrize(
    ("change", "named"),
    [(("bias:", "base:"), "base, bias"), (("weight: 0.4", "wait: 0.4"), "weight"), (('"收费|', '"(收费|'), "headings.4..pattern")],
)
def test_wrong_data_names_file_and_key(tmp_path, change, named):
    own = Path(classification.__file__).with_name("classification.yaml").read_text("utf-8")
    path = tmp_path / "signals.yaml"
    path.write_text(own.replace(*change), "utf-8")
    with pytest.raises(DataError, match=f"signals.yaml.*{named}"):
        load(path, classification.SHAPE)
