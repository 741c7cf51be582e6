"""The HTML of the demo's pages: a portal's look around an article, a list or a home page."""

from __future__ import annotations

import re
from datetime import timedelta
from html import escape

from demo.columns import Column, below, trail
from demo.content import Article
from demo.looks import LOOKS, Look
from demo.places import STRANGER, Portal

FULL_WIDTH = str.maketrans(",:;()", "，：；（）")
NARROW_BRACKETS = str.maketrans(",:;", "，：；")
TAGS = re.compile(r"(<script.*?</script>|<style.*?</style>|<!--.*?-->)|(</?[a-z][a-z0-9]*)", re.DOTALL)
OPTIONAL_ENDS = re.compile(r"</(?:td|tr|p|li)>")
ELSEWHERE = (
    ("中国政府网", "http://www.gov.cn/"),
    ("省人民政府", "http://www.province.example/zfxxgk/zfxxgknb/"),
    ("上级政府信息公开年报", f"http://{STRANGER}:@@PORT@@/zfxxgk/zfxxgknb/"),
    ("兄弟县区政府信息公开", f"http://{STRANGER}:@@PORT@@/xxgk/"),
)


def _links() -> str:
    return " ".join(f'<a href="{href}" target="_blank">{name}</a>' for name, href in ELSEWHERE)


def _meta(portal: Portal, column: Column | None, article: Article | None) -> str:
    """The meta tags that the portal prints: none on two of them."""
    tags: dict[str, str] = {}
    if portal.id in {"demo-chunhua", "demo-dawukou", "demo-liaoyang"}:
        tags |= {"SiteName": portal.government, "SiteIDCode": portal.site_code}
    if column and portal.id in {"demo-dawukou", "demo-liaoyang", "demo-linan"}:
        tags["ColumnName"] = column.name
    if article and portal.id in {"demo-dawukou", "demo-liaoyang"}:
        tags |= {"ArticleTitle": article.title, "PubDate": f"{article.published:%Y-%m-%d} 09:15"}
    return portal.declared + "".join(f'\n<meta name="{name}" content="{escape(value)}">' for name, value in tags.items())


def page(portal: Portal, title: str, main: str, column: Column | None = None, article: Article | None = None) -> str:
    """A whole page around `main`."""
    look = LOOKS[portal.id]
    menu = "".join(look.menu_item.format(href=entry.path, name=entry.name) for entry in below(portal, ""))
    html = look.page.format(
        head_extra=_meta(portal, column, article),
        title=escape(title),
        column=column.name if column else "",
        menu=menu,
        main=main,
        links=_links(),
        government=portal.government,
        site_code=portal.site_code,
        licence=portal.licence,
        police=portal.police,
    )
    return TAGS.sub(lambda match: match[1] or match[2].upper(), html) if look.upper else html


def _crumb(portal: Portal, column: Column, tail: str) -> str:
    look = LOOKS[portal.id]
    links = ['<a href="/">首页</a>', *(f'<a href="{entry.path}">{entry.name}</a>' for entry in trail(portal, column))]
    return look.crumb.format(trail=look.separator.join([*links, tail] if tail else links))


def _side_menu(portal: Portal, column: Column) -> str:
    entries = below(portal, column.key) or below(portal, column.parent)
    if not entries or (not column.parent and not below(portal, column.key)):
        return ""
    links = "".join(f'<li><a href="{entry.path}">{entry.name}</a></li>' for entry in entries)
    return f'<div class="left-menu"><ul>{links}</ul></div>'


def _fields(article: Article) -> list[tuple[str, str]]:
    """The header's labels and values, in the order in which the portal prints them."""
    portal, report, look = article.portal, article.report, LOOKS[article.portal.id]
    number = (report.index_number if report else None) or ""
    publisher = report.printed_publisher if report else f"{portal.place}人民政府办公室"
    day = look.day.format(article.published)
    return {
        "demo-chunhua": [
            ("索引号", number),
            ("主题分类", "其他"),
            ("文号", ""),
            ("发布机构", publisher),
            ("公开日期", day),
            ("有效性", ""),
            ("主题词", ""),
        ],
        "demo-wuqia": [
            ("索 引 号", number),
            ("主题分类", ""),
            ("发布机构", publisher),
            ("发布日期", day),
            ("名 称", ""),
            ("文 号", "〔〕号"),
            ("有 效 性", ""),
            ("来 源", report.source if report else publisher),
        ],
        "demo-liaoyang": [
            ("索引号", number),
            ("信息分类", "政府信息公开年报" if report else "其他"),
            ("发布机构", publisher),
            ("成文日期", f"{article.published - timedelta(days=3):%Y年%m月%d日}"),
            ("发布日期", day),
            ("公开方式", "主动公开"),
        ],
        "demo-linan": [
            ("索&nbsp;引&nbsp;号", number),
            ("公开形式", "主动公开"),
            ("公开范围", "面向社会"),
            ("公开时限", "长期公开"),
            ("发布单位", publisher),
            ("发文日期", day),
        ],
        "demo-xunyi": [
            ("信息索引号", number),
            ("发布机构", publisher),
            ("公开日期", f"{article.published:%Y年%m月%d日}"),
            ("公开形式", "主动公开"),
        ],
    }.get(portal.id, [])


def header(article: Article) -> str:
    """The metadata header in the layout of the portal: a table of four cells a row, a list, a definition list, or nothing."""
    fields, portal = _fields(article), article.portal
    if portal.id == "demo-liaoyang":
        entries = "".join(f'<li><span class="k">【{label}】</span><span class="v">{value}</span></li>' for label, value in fields)
        return f'<ul class="xxgk-head">{entries}</ul>'
    if portal.id == "demo-xunyi":
        return "<dl>" + "".join(f"<dt>{label}：</dt><dd>{value}</dd>" for label, value in fields) + "</dl>"
    if not fields:
        return ""
    rows = []
    for start in range(0, len(fields), 2):
        pair = fields[start : start + 2]
        cells = "".join(f"<td><b>{label}</b></td><td>{value}</td>" for label, value in pair)
        rows.append(f"<tr>{cells if len(pair) == 2 else cells.replace('</b></td><td>', '</b></td><td colspan=3>')}</tr>")
    return f'<table class="headInfo" border="1" width="100%">{"".join(rows)}</table>'


def _paragraphs(article: Article, look: Look) -> str:
    punctuation = FULL_WIDTH if article.portal.table.wide else NARROW_BRACKETS
    parts, report = [], article.report
    signature = ""
    if report:
        day = report.published - timedelta(days=5)
        signature = f'<p align="right">{report.publisher}</p>\n<p align="right">{day.year}年{day.month}月{day.day}日</p>\n'
    # The old form is an annex: it stands below the signature.
    annex_follows = report is not None and report.form == "giar_2014"
    for kind, text in article.text.blocks:
        if kind == "html":
            if annex_follows:
                parts.append(signature + "<p>附件2</p>\n")
                signature, annex_follows = "", False
            parts.append(text)
        else:
            template = look.heading if kind == "h" else look.paragraph
            parts.append(template.format(escape(text.translate(punctuation), quote=False)))
    content = "\n".join([*parts, signature])
    return OPTIONAL_ENDS.sub("", content) if look.unclosed else content


def article_page(article: Article, column: Column) -> str:
    """The page of an article."""
    look, report = LOOKS[article.portal.id], article.report
    main = look.article.format(
        title=escape(article.title),
        header=header(article),
        day=look.day.format(article.published),
        source=report.source if report else f"{article.portal.place}政府网",
        content=_paragraphs(article, look),
    )
    return page(article.portal, article.title, _crumb(article.portal, column, "正文") + main, column, article)


def item(portal: Portal, title: str, href: str, article: Article) -> str:
    """A row of a list; some portals cut long titles there."""
    look = LOOKS[portal.id]
    short = title if not look.cut or len(title) <= look.cut else title[: look.cut] + "..."
    return look.item.format(href=href, title=escape(title), short=escape(short), day=look.list_day.format(article.published))


def list_page(portal: Portal, column: Column, items: str, pages: str) -> str:
    """A page of a column's list, or of a column that only leads to those below it."""
    listed = LOOKS[portal.id].list_page.format(name=column.name, items=items, pages=pages)
    return page(portal, column.name, _crumb(portal, column, "") + _side_menu(portal, column) + listed, column)


def home_page(portal: Portal, blocks: list[tuple[Column, str]]) -> str:
    """The home page: a few lists with links to their columns."""
    parts = []
    for column, items in blocks:
        parts.append(
            f'<div class="block"><h3>{column.name}<a class="more" href="{column.path}">更多&gt;&gt;</a></h3><ul>{items}</ul></div>'
        )
    return page(portal, "首页", "\n".join(parts))
