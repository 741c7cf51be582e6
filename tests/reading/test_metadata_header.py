"""Header fields in the layouts that portals use; a label never becomes the value of its neighbour."""

import pytest

from pipelines.data import DataError
from pipelines.decode.document import Document, Line, TableCell
from pipelines.labels import field_of, labels, read_labels
from pipelines.metadata.header import read_pairs
from tests.reading.pages import built

NUMBER = "016000111/2022-00187"
ORGAN = "淳化县统计局"
LAYOUTS = {
    "two cells": """<table><tr><td>索 引 号:</td><td>NUMBER</td></tr><tr><td>发布机构</td><td>ORGAN</td></tr>
        <tr><td>发布日期</td><td>2022-02-08</td></tr></table>""",
    "four cells": """<table><tr><td><b>索　引　号:</b></td><td>NUMBER</td><td>主题分类:</td><td></td></tr>
        <tr><td>发布机构:</td><td>ORGAN</td><td>发布日期:</td><td>2022年02月08日 10:12</td></tr></table>""",
    "six cells": """<table><tr><td>索引号</td><td>NUMBER</td><td>发布机构</td><td>ORGAN</td>
        <td>发布日期</td><td>2022/2/8</td></tr></table>""",
    "labels above": """<table><tr><th>索引号</th><th>发布机构</th><th>发布日期</th><th>文号</th></tr>
        <tr><td>NUMBER</td><td>ORGAN</td><td>2022.2.8</td><td>〔〕号</td></tr></table>""",
    "in one cell": """<table><tr><td>索引号:NUMBER</td><td>发布机构:ORGAN</td></tr>
        <tr><td>发布日期:2022-02-08</td><td>文号:</td></tr></table>""",
    "list": "<ul><li><span>索引号:</span><span>NUMBER</span></li><li>发布机构: ORGAN</li><li>发布日期: 2022-02-08</li></ul>",
    "list without colons": """<ul><li><b>索引号</b><i>NUMBER</i></li><li><b>发布机构</b><i>ORGAN</i></li>
        <li><b>发布日期</b><i>2022-02-08</i></li></ul>""",
    "definitions": """<dl><dt>索引号</dt><dd>NUMBER</dd><dt>文号</dt><dd></dd><dt>发布机构</dt><dd>ORGAN</dd>
        <dt>公开日期</dt><dd>2022-02-08</dd></dl>""",
    "brackets": "<p>[索引号] NUMBER [发布机构] ORGAN [发布日期] 2022-02-08</p>",
    "comments": "<p>索引号:<!--<$[SYH]>-->NUMBER<!--<$[SYH]>end--> 发布机构:<!--a-->ORGAN<!--b--> 发布日期:2022-02-08</p>",
    "empty neighbours": "<p>索引号:NUMBER 文号: 主题分类: 发布机构:ORGAN 有效性: 发布日期:2022-02-08 来源:</p>",
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_layouts(layout):
    report = built(
        LAYOUTS[layout].replace("NUMBER", NUMBER).replace("ORGAN", ORGAN), title="淳化县统计局2021年政府信息公开工作年度报告"
    ).report
    assert report.index_number is not None
    assert report.index_number.normalized == NUMBER
    assert (report.publisher_raw, report.publisher) == (ORGAN, ORGAN)
    assert (str(report.published_date), report.published_date_source) == ("2022-02-08", "header")
    assert (report.document_number, report.topic_category, report.validity, report.source) == (None, None, None, None)


def test_line_under_the_title_is_no_header():
    report = built("<p>发布时间:2022-02-08 10:22 来源:县政府办 浏览次数:123 字体:[大 中 小]</p>").report
    assert (str(report.published_date), report.published_date_source, report.source) == ("2022-02-08", "line", "县政府办")


def test_an_empty_source_is_none():
    assert built("<p>2022-02-08 15:30 来源: 点击: 12</p>").report.source is None


def test_values_of_the_header():
    numbered = "<tr><td>文号</td><td>淳政发〔2022〕12号</td><td>主题分类</td><td>综合政务</td></tr>"
    report = built(f"<table>{numbered}<tr><td>有效性</td><td>有效</td></tr></table>").report
    assert (report.document_number, report.topic_category, report.validity) == ("淳政发〔2022〕12号", "综合政务", "有效")


@pytest.mark.parametrize("printed", ["〔〕号", "淳政发〔〕号", "淳政发〔2022〕号", "无", "-", ""])
def test_unfilled_document_numbers(printed):
    report = built(f"<table><tr><td>文号</td><td>{printed}</td><td>发布机构</td><td>淳化县统计局</td></tr></table>").report
    assert report.document_number is None
    assert report.publisher_raw == "淳化县统计局"


def test_citations_are_not_the_reports_number():
    cited = "<p>根据《关于做好年度报告工作的通知》(淳政办发〔2022〕3号)要求,编制本报告。文号:见附件,发布日期以公告为准。</p>"
    assert built(body=cited + "<p>一、总体情况</p>").report.document_number is None


def test_second_index_number_is_kept():
    report = built(f"<p>索引号:{NUMBER}</p><p>信息索引号:WQX001-2019-000065</p><p>索引号:{NUMBER}</p>").report
    assert report.index_number is not None
    assert report.index_number.normalized == NUMBER
    assert [number.normalized for number in report.other_index_numbers] == ["WQX001-2019-000065"]


def test_flattened_rows():
    def line(text):
        cells = [TableCell(part.strip(), part.strip()) for part in text.split("|")]
        return Line(text, text, cells=cells, table=0)

    document = Document("text", "utf-8", "test", lines=[line("文号 | 发布机构 | 其他 | |"), line("公开日期 | 2022-02-08 | 有效性 | |")])
    document.body = range(2, 2)
    assert [(pair.field, pair.value) for pair in read_pairs(document)] == [
        ("document_number", None),
        ("publisher", "其他"),
        ("published_date", "2022-02-08"),
        ("validity", None),
    ]


def test_every_label_names_its_field():
    known = labels()
    assert {field_of(f" {' '.join(label)}: ") for label in known.fields} == set(known.fields.values())
    assert field_of("【索引号】") == "index_number"
    assert field_of("索引号在哪里") is None


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("fields: {title: {seen: [名称], more: []}}\nignored: []\nin_reports: []\nempty_values: []\nmeta: {}\n", "fields.title"),
        ("fields: {title: {seen: [名称]}, source: {seen: [名称]}}\nignored: []\nin_reports: []\nempty_values: []\nmeta: {}\n", "名称"),
        ("fields: {title: {seen: [名 称]}}\nignored: []\nin_reports: []\nempty_values: []\nmeta: {}\n", "not normalised"),
        ("fields: {}\n", "keys have to be"),
        ("fields: {}\nignored: []\nin_reports: [名称]\nempty_values: []\nmeta: {}\n", "in_reports: .*名称"),
    ],
)
def test_wrong_data_names_file_and_key(tmp_path, text, named):
    path = tmp_path / "labels.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(DataError, match=f"labels.yaml.*{named}"):
        read_labels(path)
