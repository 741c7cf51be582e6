"""Built pages of the size and shape of real ones, from the packaged forms."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from typing import Literal

from pipelines.statistics.forms import Form, FormTable, forms

Look = Literal["plain", "word"]

SENTENCE = (
    "本年度,全县以习近平新时代中国特色社会主义思想为指导,认真落实党中央、国务院和省市关于政府信息公开工作的决策部署,"
    "不断深化政府信息公开工作,围绕重点领域加强信息公开,做好依申请公开政府信息的登记、审核、办理、答复和归档。"
)
# Word breaks a text into runs wherever script or font changes, and numbers wherever somebody typed.
RUN = re.compile(r"[0-9]|[A-Za-z]+|[^0-9A-Za-z,、。]+|[,、。]")
# A paragraph, a cell and a piece of text in them.
MARKUP: dict[Look, tuple[str, str, str]] = {
    "plain": (
        '<p class="MsoNormal" style="text-indent:32pt;line-height:28pt">{}</p>',
        '<td{} style="border:1px solid windowtext;padding:0 7pt" valign="top"><p class="MsoNormal" style="text-align:center">{}</p></td>',
        '<span lang="EN-US" style="font-size:12pt;font-family:宋体">{}</span>',
    ),
    "word": (
        '<p class=MsoNormal style="text-indent:32.0pt;mso-char-indent-count:2.0;mso-line-height-rule:exactly">{}</p>\n',
        (
            '<td width="97"{} style="width:73pt;border:solid windowtext 1.0pt;mso-border-alt:solid windowtext .5pt;padding:0cm 5.4pt">\n'
            '<p class=MsoNormal align=center style="text-align:center;mso-pagination:none">{}<span lang=EN-US><o:p></o:p></span></p>\n</td>'
        ),
        '<span style="mso-spacerun:\'yes\';font-family:宋体;mso-ascii-font-family:Calibri"><font face="宋体">{}</font></span>',
    ),
}


def _row(*cells: str) -> str:
    return f"<tr>{''.join(cells)}</tr>"


@dataclass(frozen=True)
class _Builder:
    """The parts of a page in one look."""

    look: Look

    def paragraph(self, text: str) -> str:
        return MARKUP[self.look][0].format(self._runs(text))

    def cell(self, text: object, colspan: int = 1, rowspan: int = 1) -> str:
        spans = (f' colspan="{colspan}"' if colspan > 1 else "") + (f' rowspan="{rowspan}"' if rowspan > 1 else "")
        return MARKUP[self.look][1].format(spans, self._runs(str(text)))

    def _runs(self, text: str) -> str:
        return "".join(MARKUP[self.look][2].format(run) for run in ([text] if self.look == "plain" else RUN.findall(text)))

    def article_table(self, tables: list[FormTable], numbers: random.Random) -> str:
        rows = []
        for table in tables:
            width = 1 if len(table.columns) == 3 else 3
            rows.append(_row(self.cell("第二十条", colspan=4)))
            rows.append(_row(self.cell("信息内容"), *(self.cell(column.label, width) for column in table.columns)))
            rows += [_row(self.cell(row.label), *(self.cell(numbers.randint(0, 999), width) for _ in table.columns)) for row in table.rows]
        return f"<table border=1>{''.join(rows)}</table>"

    def requests_table(self, table: FormTable) -> str:
        groups = {row.code: sum(other.parent == row.code for other in table.rows) for row in table.rows if row.kind == "header"}
        children = [row for row in table.rows if row.parent and row.kind == "value"]
        rows = [
            _row(self.cell("(本列数据的勾稽关系为:第一项加第二项之和,等于第三项加第四项之和)", 3, 3), self.cell("申请人情况", 7)),
            _row(self.cell("自然人", 1, 2), self.cell("法人或其他组织", 5), self.cell("总计", 1, 2)),
            _row(*(self.cell(column.label) for column in table.columns[1:-1])),
        ]
        waiting = ""
        for row in table.rows:
            if row.parent is None and row.kind == "header":
                waiting = self.cell(row.label, 1, len(children))
            elif row.kind == "header":
                waiting += self.cell(row.label, 1, groups[row.code])
            else:
                span = 3 if row.parent is None else 1 if groups.get(row.parent or "", 99) < 10 else 2
                rows.append(_row(waiting, self.cell(row.label, span), *(self.cell(0) for _ in table.columns)))
                waiting = ""
        return f"<table border=1>{''.join(rows)}</table>"

    def review_table(self, table: FormTable) -> str:
        leaves = [column.label for column in table.columns]
        rows = [
            _row(self.cell("行政复议", 5), self.cell("行政诉讼", 10)),
            _row(*(self.cell(label, 1, 2) for label in leaves[:5]), self.cell("未经复议直接起诉", 5), self.cell("复议后起诉", 5)),
            _row(*map(self.cell, leaves[5:])),
            _row(*(self.cell(0) for _ in leaves)),
        ]
        return f"<table border=1>{''.join(rows)}</table>"

    def body(self, form: Form, numbers: random.Random) -> str:
        tables = {table.id: table for table in form.tables}
        return "".join(
            (
                self.paragraph("二、主动公开政府信息情况"),
                self.article_table([table for name, table in tables.items() if name.startswith("article20")], numbers),
                self.paragraph("三、收到和处理政府信息公开申请情况"),
                self.requests_table(tables["requests"]),
                self.paragraph("四、政府信息公开行政复议、行政诉讼情况"),
                self.review_table(tables["review_litigation"]),
            )
        )


def page_2021(size: int, look: Look = "plain") -> bytes:
    """A page of the 2021 form with navigation, header table and prose, of about `size` bytes, the same every time.

    From 75 KB up, or 125 KB in the look of what Word leaves (`word`).
    """
    numbers = random.Random(2021)  # noqa: S311 - figures of a built page
    builder = _Builder(look)
    menu = "".join(f'<li><a href="/col/col{number}/index.html">栏目{number}</a></li>' for number in range(120))
    head = (
        '<!DOCTYPE html><html><head><meta charset="utf-8"><title>淳化县2021年政府信息公开工作年度报告</title></head><body>'
        f'<div class="nav"><ul>{menu}</ul></div><h1>淳化县2021年政府信息公开工作年度报告</h1>'
        "<table><tr><td>索引号</td><td>/2022-00187</td><td>公开日期</td><td>2022-02-08</td></tr></table>"
        f'<div id="zoom">{builder.paragraph("一、总体情况")}'
    )
    tail = '</div><div class="footer">主办:淳化县人民政府办公室 网站标识码:6104300003</div></body></html>'
    middle = builder.body(forms()["giar_2021"], numbers)
    paragraph = builder.paragraph(SENTENCE)
    count = max(1, (size - len((head + middle + tail).encode())) // len(paragraph.encode()))
    return (head + paragraph * count + middle + tail).encode()
