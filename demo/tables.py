"""The statistical tables as HTML, with the merges of the official forms and the habits of the departments that print them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import escape

from demo.figures import Figures, Number
from demo.forms import APPLICANTS, REQUESTS_2019, REQUESTS_2021, REVIEW_LITIGATION, STATISTICS_2014, Row

WIDE = str.maketrans("():,", "（）：，")
NUMBERED = re.compile(r"^(\d)\.")
FULL_WIDTH = str.maketrans("0123456789.,", "０１２３４５６７８９．，")
CORNER = "(本列数据的勾稽关系为:第一项加第二项之和,等于第三项加第四项之和)"


@dataclass(frozen=True)
class TableStyle:
    """How one office prints its tables.

    `split` is `repeat` where Word's page breaks repeat the header row inside one table, `tables` where each page is a table of its own.
    `labels` replaces a row's label by the one printed there, by code; `cell` is what editors wrap around the text of each cell.
    """

    word: bool = False
    wide: bool = True
    split: str = ""
    page_rows: int = 18
    headings: str = ""
    head: tuple[str, str, str] = ("统计指标", "单位", "统计数")
    indent: str = "　"
    thousands: bool = False
    full_width_digits: bool = False
    signs: tuple[str, str] = ("+", "-")
    cut_leaves: bool = False
    money_unit_in_cell: bool = False
    attributes: str = 'border="1" cellspacing="0" cellpadding="0" width="100%"'
    cell_attributes: str = ""
    cell: str = "{}"
    labels: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Cell:
    """A cell with its merges; `html` is inserted as it is."""

    html: str
    rows: int = 1
    columns: int = 1
    number: bool = False


def printed(label: str, style: TableStyle) -> str:
    """A label as the office prints it: with full-width or half-width punctuation."""
    if style.wide:
        label = label.translate(WIDE)
    if style.word:
        label = NUMBERED.sub(r"\1．", label)
    return escape(label, quote=False)


def digits(value: Number | None, style: TableStyle) -> str:
    """A number as the office prints it; the empty string for a blank cell."""
    if value is None:
        return ""
    text = f"{value:,}" if style.thousands else f"{value}"
    return text.translate(FULL_WIDTH) if style.full_width_digits else text


def signed(value: Number | None, style: TableStyle) -> str:
    """A change against the year before: with its sign, zero without one."""
    if not value:
        return digits(value, style)
    return style.signs[value < 0] + digits(abs(value), style)


def _word_paragraph(cell: Cell) -> str:
    if not cell.html:
        return '<p class="MsoNormal" align="center" style="text-align:center"><span lang="EN-US"><o:p>&nbsp;</o:p></span></p>'
    if not cell.number:
        return f'<p class="MsoNormal"><span style="font-size:10.5pt;font-family:宋体;mso-hansi-font-family:Calibri">{cell.html}</span></p>'
    # Word cuts a number into runs wherever somebody once edited it.
    runs = [cell.html[:1], cell.html[1:]] if len(cell.html) > 2 else [cell.html]
    spans = "".join(f'<span lang="EN-US" style="font-size:10.5pt;mso-bidi-font-size:12.0pt">{run}</span>' for run in runs)
    return f'<p class="MsoNormal" align="center" style="text-align:center">{spans}<span lang="EN-US"><o:p></o:p></span></p>'


def table(rows: list[list[Cell]], style: TableStyle) -> str:
    """The rows as one HTML table."""
    lines = []
    for row in rows:
        cells = []
        for cell in row:
            spans = f' rowspan="{cell.rows}"' if cell.rows > 1 else ""
            spans += f' colspan="{cell.columns}"' if cell.columns > 1 else ""
            if style.word:
                frame = 'valign="center" style="border:solid windowtext 1.0pt;padding:0cm 5.4pt"'
                cells.append(f"<td{spans} {frame}>{_word_paragraph(cell)}</td>")
            else:
                align = ' align="center"' if cell.number else ""
                cells.append(f"<td{spans}{align}{style.cell_attributes}>{style.cell.format(cell.html or '&nbsp;')}</td>")
        lines.append(f"<tr>{''.join(cells)}</tr>")
    kind = ' class="MsoNormalTable" style="border-collapse:collapse;mso-yfti-tbllook:1184"' if style.word else ""
    return f"<table{kind} {style.attributes}><tbody>\n" + "\n".join(lines) + "\n</tbody></table>"


def statistics(figures: Figures, style: TableStyle, head: str, foot: list[str]) -> str:
    """The form of 2014: `head` stands in a row above it where it is not empty, `foot` holds the rows below it."""
    header = [Cell(text) for text in style.head]
    body = []
    for row in STATISTICS_2014:
        label = style.labels.get(row.code) or printed(row.label, style)
        cells = [Cell(style.indent * row.level + label)]
        cells += [Cell(row.unit), Cell(digits(figures[f"{row.code}|"], style), number=True)] if row.code else [Cell(style.headings)] * 2
        body.append(cells)
    above = [[Cell(head, columns=3)]] if head else []
    below = [[Cell(line, columns=3)] for line in foot]
    if not style.split:
        return table([*above, header, *body, *below], style)
    pages = [body[start : start + style.page_rows] for start in range(0, len(body), style.page_rows)]
    if style.split == "repeat":
        return table([*above, *(row for page in pages for row in [header, *page]), *below], style)
    tables = [[*(above if number == 0 else []), header, *page] for number, page in enumerate(pages)]
    tables[-1] += below
    return '\n<br clear="all" style="page-break-before:always">\n'.join(table(rows, style) for rows in tables)


def _value(figures: Figures, name: str, style: TableStyle, columns: int = 1) -> Cell:
    write = signed if name.endswith("|items_change") else digits
    return Cell(write(figures[name], style), columns=columns, number=True)


def article20_2019(figures: Figures, style: TableStyle) -> str:
    """The five tables of article 20 in the form of 2019, printed as one."""
    rows = [
        [Cell(printed("第二十条第(一)项", style), columns=4)],
        [Cell("信息内容"), Cell("本年新<br>制作数量"), Cell("本年新<br>公开数量"), Cell("对外公开<br>总数量")],
    ]
    for code, label in (("rules", "规章"), ("normative_documents", "规范性文件")):
        columns = ("made_this_year", "disclosed_this_year", "disclosed_total")
        rows.append([Cell(label), *(_value(figures, f"article20_1.{code}|{column}", style) for column in columns)])
    for caption, names in (
        ("五", (("article20_5.administrative_licensing", "行政许可"), ("article20_5.other_external_services", "其他对外管理服务事项"))),
        ("六", (("article20_6.administrative_penalty", "行政处罚"), ("article20_6.administrative_coercion", "行政强制"))),
    ):
        rows.append([Cell(printed(f"第二十条第({caption})项", style), columns=4)])
        rows.append([Cell("信息内容"), Cell("上一年项目数量"), Cell("本年增/减"), Cell("处理决定数量")])
        columns = ("items_previous_year", "items_change", "decisions")
        rows += [[Cell(label), *(_value(figures, f"{name}|{column}", style) for column in columns)] for name, label in names]
    fees, procurement = "article20_8.administrative_fees", "article20_9.government_procurement"
    amount = digits(figures[f"{procurement}|procurement_amount"], style) + ("万元" if style.money_unit_in_cell else "")
    amount_head = "采购总金额" if style.money_unit_in_cell else printed("采购总金额(万元)", style)
    rows += [
        [Cell(printed("第二十条第(八)项", style), columns=4)],
        [Cell("信息内容"), Cell("上一年项目数量"), Cell("本年增/减", columns=2)],
        [Cell("行政事业性收费"), _value(figures, f"{fees}|items_previous_year", style), _value(figures, f"{fees}|items_change", style, 2)],
        [Cell(printed("第二十条第(九)项", style), columns=4)],
        [Cell("信息内容"), Cell("采购项目数量"), Cell(amount_head, columns=2)],
        [
            Cell("政府集中采购"),
            _value(figures, f"{procurement}|procurement_items", style),
            Cell(amount, columns=2, number=True),
        ],
    ]
    return table(rows, style)


def article20_2021(figures: Figures, style: TableStyle) -> str:
    """The four tables of article 20 in the form of 2021, printed as one."""
    rows = [
        [Cell(printed("第二十条第(一)项", style), columns=4)],
        [Cell("信息内容"), Cell("本年制发件数"), Cell("本年废止件数"), Cell("现行有效件数")],
    ]
    for code, label in (("rules", "规章"), ("normative_documents", "行政规范性文件")):
        columns = ("issued_this_year", "repealed_this_year", "in_force")
        rows.append([Cell(label), *(_value(figures, f"article20_1.{code}|{column}", style) for column in columns)])
    decisions, fees = "本年处理决定数量", printed("本年收费金额(单位:万元)", style)
    for caption, head, names in (
        ("五", decisions, (("article20_5.administrative_licensing|decisions", "行政许可"),)),
        (
            "六",
            decisions,
            (("article20_6.administrative_penalty|decisions", "行政处罚"), ("article20_6.administrative_coercion|decisions", "行政强制")),
        ),
        ("八", fees, (("article20_8.administrative_fees|fees_amount", "行政事业性收费"),)),
    ):
        rows.append([Cell(printed(f"第二十条第({caption})项", style), columns=4)])
        rows.append([Cell("信息内容"), Cell(head, columns=3)])
        rows += [[Cell(label), _value(figures, name, style, 3)] for name, label in names]
    return table(rows, style)


def _below(rows: tuple[Row, ...], index: int) -> int:
    """The number of printed rows that the merged cell of a heading spans: the deeper rows below it that hold figures."""
    level = rows[index].level
    count = 0
    for row in rows[index + 1 :]:
        if row.level <= level:
            break
        count += bool(row.code)
    return count


def requests(figures: Figures, style: TableStyle) -> str:
    """The table of requests in the form that the figures belong to: ten columns, three of them labels."""
    rows_of_form = REQUESTS_2021 if "requests.other_other|total" in figures else REQUESTS_2019
    rows = [
        [Cell(printed(CORNER, style), rows=3, columns=3), Cell("申请人情况", columns=7)],
        [Cell("自然人", rows=2), Cell("法人或其他组织", columns=5), Cell("总计", rows=2)],
        [Cell(text) for text in ("商业<br>企业", "科研<br>机构", "社会公<br>益组织", "法律服<br>务机构", "其他")],
    ]
    open_cells: list[Cell] = []
    for index, row in enumerate(rows_of_form):
        label = style.labels.get(row.code) or printed(row.label, style)
        if not row.code:
            open_cells.append(Cell(label, rows=_below(rows_of_form, index)))
            continue
        depth = 0 if row.level == 0 else row.level
        cells = [*open_cells, Cell(label, columns=3 - depth)]
        cells += [_value(figures, f"requests.{row.code}|{column.code}", style) for column in APPLICANTS]
        rows.append(cells)
        open_cells = []
    return table(rows, style)


def review_litigation(figures: Figures, style: TableStyle) -> str:
    """The table of reviews and litigation: one row of fifteen figures under three rows of headings."""
    leaves = ("结果<br>维持", "结果<br>纠正", "其他<br>结果", "尚未<br>审结", "总计")
    if style.cut_leaves:
        leaves = ("结果", "结果", "其他", "尚未", "总计")
    first = ("结果维持", *leaves[1:]) if style.cut_leaves else leaves
    rows = [
        [Cell("行政复议", columns=5), Cell("行政诉讼", columns=10)],
        [*(Cell(leaf, rows=2) for leaf in first), Cell("未经复议直接起诉", columns=5), Cell("复议后起诉", columns=5)],
        [Cell(leaf) for leaf in leaves * 2],
        [_value(figures, f"review_litigation.{column.code}|", style) for column in REVIEW_LITIGATION],
    ]
    return table(rows, style)
