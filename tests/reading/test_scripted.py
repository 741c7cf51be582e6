"""Values that scripts write into a header: their literals are read, nothing of them is run."""

import pytest

from giar_crawler.items import Page
from pipelines import read
from tests.evaluation.spellings import BODY


def header(cells, after=""):
    rows = f"<table><tr><td>索引号</td><td id=syh>{cells}</td></tr></table>"
    return read(Page(None, f"<html><body><h1>淳化县2020年政府信息公开工作年度报告</h1>{rows}{after}{BODY}</body></html>".encode()))


@pytest.mark.parametrize(
    "cells",
    [
        "<script>document.write('K45899617/2021-00221');</script>",
        "<script>var no = 'K45899617/2021-00221';if (no) { document.write(no); }</script>",
        "<script>var no='K45899617/2021-00221 x';document.write(no.split(' ')[0])</script>",
        "<script>document.write('<b>K45899617/2021-00221</b>')</script>",
    ],
)
def test_what_a_script_writes_at_its_place(cells):
    assert header(cells).index_number.normalized == "K45899617/2021-00221"


@pytest.mark.parametrize(
    "script",
    [
        'document.getElementById("syh").innerHTML = "K45899617/2021-00221";',
        "var n='K45899617/2021-00221';$('#syh').html(n)",
        r"document.getElementById('syh').innerText='K45899617\/2021-00221';",
    ],
)
def test_what_a_script_writes_into_an_element(script):
    assert header("", f"<script>{script}</script>").index_number.normalized == "K45899617/2021-00221"


def test_labels_and_values_in_json():
    data = '{"list":[{"key":"idx","name":"\\u7d22\\u5f15\\u53f7","value":"K45899617/2021-00221"},{"name":"浏览次数","value":"7"}]}'
    report = header("", f"<script>var data={data};</script>")
    assert report.index_number.normalized == "K45899617/2021-00221"


@pytest.mark.parametrize(
    "cells",
    [
        "<script>document.write('K45899617' + '/2021-00221');</script>",
        "<script>document.write(number);</script>",
        "<script>eval('K45899617/2021-00221')</script>",
        "<script>document.write(</script>",
    ],
)
def test_what_would_have_to_be_run_is_not_read(cells):
    assert header(cells).index_number is None


def test_what_is_shown_wins():
    shown = header("K45899617/2021-00001", "<script>document.getElementById('syh').innerHTML='K45899617/2021-00221';</script>")
    assert shown.index_number.normalized == "K45899617/2021-00001"


def test_a_written_script_stays_text():
    report = header("<script>document.write('<script>alert(1)<\\/script>K45899617/2021-00221<img src=x onerror=alert(1)>')</script>")
    assert report.index_number.normalized.endswith("K45899617/2021-00221")
    assert "<" not in report.index_number.raw
