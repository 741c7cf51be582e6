"""Built pages of the size and shape of real ones, from the packaged forms."""

from __future__ import annotations

import random

from pipelines.statistics.forms import Form, FormTable, forms

SENTENCE = (
    "本年度,全县以习近平新时代中国特色社会主义思想为指导,认真落实党中央、国务院和省市关于政府信息公开工作的决策部署,"
    "不断深化政府信息公开工作,围绕重点领域加强信息公开,做好依申请公开政府信息的登记、审核、办理、答复和归档。"
)
PARAGRAPH = (
    '<p class="MsoNormal" style="text-indent:32pt;line-height:28pt"><span style="font-size:16pt;font-family:仿宋_GB2312">{}</span></p>'
)
CELL = (
    '<td{} style="border:1px solid windowtext;padding:0 7pt" valign="middle"><p class="MsoNormal" style="text-align:center">'
    '<span lang="EN-US" style="font-size:12pt;font-family:宋体">{}</span></p></td>'
)


def _cell(text: object, colspan: int = 1, rowspan: int = 1) -> str:
    spans = (f' colspan="{colspan}"' if colspan > 1 else "") + (f' rowspan="{rowspan}"' if rowspan > 1 else "")
    return CELL.format(spans, text)


def _row(*cells: str) -> str:
    return f"<tr>{''.join(cells)}</tr>"


def _article_table(tables: list[FormTable], numbers: random.Random) -> str:
    rows = []
    for table in tables:
        width = 1 if len(table.columns) == 3 else 3
        rows.append(_row(_cell("第二十条", colspan=4)))
        rows.append(_row(_cell("信息内容"), *(_cell(column.label, width) for column in table.columns)))
        rows += [_row(_cell(row.label), *(_cell(numbers.randint(0, 999), width) for _ in table.columns)) for row in table.rows]
    return f"<table border=1>{''.join(rows)}</table>"


def _requests_table(table: FormTable) -> str:
    groups = {row.code: sum(other.parent == row.code for other in table.rows) for row in table.rows if row.kind == "header"}
    children = [row for row in table.rows if row.parent and row.kind == "value"]
    leaves = [column.label for column in table.columns[1:-1]]
    rows = [
        _row(_cell("(本列数据的勾稽关系为:第一项加第二项之和,等于第三项加第四项之和)", 3, 3), _cell("申请人情况", 7)),
        _row(_cell("自然人", 1, 2), _cell("法人或其他组织", 5), _cell("总计", 1, 2)),
        _row(*map(_cell, leaves)),
    ]
    waiting = ""
    for row in table.rows:
        if row.parent is None and row.kind == "header":
            waiting = _cell(row.label, 1, len(children))
        elif row.kind == "header":
            waiting += _cell(row.label, 1, groups[row.code])
        else:
            span = 3 if row.parent is None else 1 if groups.get(row.parent or "", 99) < 10 else 2
            rows.append(_row(waiting, _cell(row.label, span), *(_cell(0) for _ in table.columns)))
            waiting = ""
    return f"<table border=1>{''.join(rows)}</table>"


def _review_table(table: FormTable) -> str:
    leaves = [column.label for column in table.columns]
    rows = [
        _row(_cell("行政复议", 5), _cell("行政诉讼", 10)),
        _row(*(_cell(label, 1, 2) for label in leaves[:5]), _cell("未经复议直接起诉", 5), _cell("复议后起诉", 5)),
        _row(*map(_cell, leaves[5:])),
        _row(*(_cell(0) for _ in leaves)),
    ]
    return f"<table border=1>{''.join(rows)}</table>"


def _body(form: Form, numbers: random.Random) -> str:
    tables = {table.id: table for table in form.tables}
    return "".join(
        (
            PARAGRAPH.format("二、主动公开政府信息情况"),
            _article_table([table for name, table in tables.items() if name.startswith("article20")], numbers),
            PARAGRAPH.format("三、收到和处理政府信息公开申请情况"),
            _requests_table(tables["requests"]),
            PARAGRAPH.format("四、政府信息公开行政复议、行政诉讼情况"),
            _review_table(tables["review_litigation"]),
        )
    )


def page_2021(size: int) -> bytes:
    """A page of the 2021 form with navigation, header table and prose, of about `size` bytes (from 75 KB up), the same every time."""
    numbers = random.Random(2021)  # noqa: S311 - figures of a built page
    menu = "".join(f'<li><a href="/col/col{number}/index.html">栏目{number}</a></li>' for number in range(120))
    head = (
        '<!DOCTYPE html><html><head><meta charset="utf-8"><title>淳化县2021年政府信息公开工作年度报告</title></head><body>'
        f'<div class="nav"><ul>{menu}</ul></div><h1>淳化县2021年政府信息公开工作年度报告</h1>'
        "<table><tr><td>索引号</td><td>/2022-00187</td><td>公开日期</td><td>2022-02-08</td></tr></table>"
        f'<div id="zoom">{PARAGRAPH.format("一、总体情况")}'
    )
    tail = '</div><div class="footer">主办:淳化县人民政府办公室 网站标识码:6104300003</div></body></html>'
    middle = _body(forms()["giar_2021"], numbers)
    paragraph = PARAGRAPH.format(SENTENCE)
    count = max(1, (size - len((head + middle + tail).encode())) // len(paragraph.encode()))
    return (head + paragraph * count + middle + tail).encode()
