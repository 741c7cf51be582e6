"""What the portals publish: every annual report with its figures, and every other article, each with its place in the columns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache

from demo import facts, figures, others, prose, real_texts, tables
from demo.figures import Figures, dice
from demo.index_numbers import index_number
from demo.places import PORTALS, Portal
from demo.prose import Text
from demo.tables import TableStyle

Errors = tuple[dict[str, object], ...]


@dataclass
class Report:
    """One annual report: what it says, and what is right about it."""

    portal: Portal
    column: str
    year: int
    publisher: str
    scope: str
    title: str
    published: date
    form: str | None
    figures: Figures
    text: Text
    index_number: str | None
    printed_publisher: str
    source: str
    statements: Figures = field(default_factory=dict)
    ambiguous: Figures = field(default_factory=dict)
    errors: Errors = ()


@dataclass
class Article:
    """What stands on one page of a portal. `report` is `None` for everything that is no annual report."""

    portal: Portal
    column: str
    title: str
    published: date
    year: int
    text: Text
    report: Report | None = None


# Deliberate mistakes of publishers: (portal, column, publisher, year) -> what is added to a printed figure, and the relations that break.
MISTAKES: dict[tuple[str, str, int], tuple[str, Errors]] = {
    ("demo-dawukou", "大武口区人民政府", 2017): (
        "staff_count|",
        ({"check": "staff_by_kind", "column": None, "figures": ["staff_count"]},),
    ),
    ("demo-linan", "太湖源镇人民政府", 2018): (
        "requests_online_count|",
        ({"check": "received_by_channel", "column": None, "figures": ["requests_online_count"]},),
    ),
    ("demo-liaoyang", "辽阳市人民政府", 2022): (
        "requests.results_total|total",
        tuple(
            {"check": check, "column": "total", "figures": ["requests.results_total[total]"]}
            for check in ("results_sum", "requests_balance", "row_total")
        ),
    ),
    ("demo-linan", "杭州市临安区人民政府", 2020): (
        "review_litigation.review_total|",
        ({"check": "review_total", "column": None, "figures": ["review_litigation.review_total"]},),
    ),
}
# The department that still used the form of 2019 three years later.
WRONG_FORM = ("大武口区民政局", 2022)
PROSE_YEARS = {
    "demo-chunhua": {2014},
    "demo-dawukou": {2015},
    "demo-wuqia": {2014, 2015, 2016, 2017, 2018},
    "demo-liaoyang": {2014, 2015, 2016},
}
BLANK_ROWS = {("demo-chunhua", 2021), ("demo-chunhua", 2022), ("demo-xunyi", 2021), ("demo-dawukou", 2021)}

REAL_TABLES: dict[tuple[str, int], Figures] = {
    ("淳化县人民政府", 2021): facts.CHUNHUA_2021,
    ("大武口区商务和经济技术合作局", 2018): facts.DAWUKOU_COMMERCE_2018,
    ("於潜镇人民政府", 2018): facts.YUQIAN_2018,
    ("乌恰县人民政府", 2018): facts.WUQIA_2018,
    ("辽阳市人民政府", 2016): facts.LIAOYANG_2016,
}
REAL_DATES = {
    ("淳化县人民政府", 2021): date(2022, 2, 8),
    ("大武口区商务和经济技术合作局", 2018): date(2019, 3, 27),
    ("於潜镇人民政府", 2018): date(2019, 1, 20),
    ("乌恰县人民政府", 2018): date(2019, 3, 26),
}
AMBIGUOUS: dict[tuple[str, int], Figures] = {
    ("乌恰县人民政府", 2018): facts.WUQIA_2018_AMBIGUOUS,
    ("辽阳市人民政府", 2016): facts.LIAOYANG_2016_AMBIGUOUS,
    ("淳化县人民政府", 2021): facts.CHUNHUA_2021_AMBIGUOUS,
}
REAL_ERRORS: dict[tuple[str, int], Errors] = {
    ("於潜镇人民政府", 2018): ({"check": "prose_disagrees", "column": None, "figures": ["review_cases_count"]},),
    ("大武口区商务和经济技术合作局", 2018): (
        {"check": "channel_lower", "column": None, "figures": ["proactive_info_count", "channel_other_info_count"]},
    ),
}


@dataclass(frozen=True)
class Series:
    """The reports that one organ publishes over the years."""

    portal: Portal
    column: str
    publisher: str
    scope: str
    size: int
    years: tuple[int, ...]
    title: str
    printed_publisher: str
    ours: str


def series() -> Iterator[Series]:
    """Every organ of the demo that publishes reports."""
    titles = {
        "demo-chunhua": "{publisher}{y}年政府信息公开工作年度报告",
        "demo-dawukou": "{publisher}{y}年政府信息公开工作年度报告",
        "demo-wuqia": "{publisher}{y}年度政府信息公开年度报告",
        "demo-liaoyang": "{publisher}{y}年政府信息公开工作年度报告",
        "demo-linan": "{publisher}{y}年度政府信息公开工作年度报告",
        "demo-xunyi": "{publisher}关于{y}年政府信息公开工作情况的年度报告",
    }
    first_years = {"demo-dawukou": 2015, "demo-linan": 2017, "demo-xunyi": 2019}
    for portal in PORTALS:
        years = tuple(range(first_years.get(portal.id, 2014), 2024))
        printed = {"demo-chunhua": "其他", "demo-linan": "区府办"}.get(portal.id, portal.government)
        yield Series(portal, "annual", portal.government, "consolidated", portal.size, years, titles[portal.id], printed, portal.ours)
    by_id = {portal.id: portal for portal in PORTALS}
    chunhua, dawukou, linan = by_id["demo-chunhua"], by_id["demo-dawukou"], by_id["demo-linan"]
    office = "淳化县人民政府办公室"
    yield Series(chunhua, "annual", office, "office", 1, (2018, 2019, 2021), titles[chunhua.id], office, "本机关")
    departments = ((2016, 2017, 2018, 2020), (2018, 2019, 2021, 2023), (2019, 2020, 2022), (2017, 2018, 2021))
    for name, years in zip(dawukou.departments, departments, strict=True):
        yield Series(dawukou, "units", name, "department", 1, years, titles[dawukou.id], name, "我局")
    for name, years in zip(dawukou.towns, ((2018, 2021), (2019, 2022)), strict=True):
        yield Series(dawukou, "units", f"大武口区{name}", "township", 1, years, titles[dawukou.id], name, "本街道")
    for name, years in zip(linan.towns, ((2017, 2018, 2019, 2021), (2018, 2020, 2023), (2018, 2021, 2022), (2019, 2022)), strict=True):
        title = name + "{y}年度政府信息公开工作报告"
        yield Series(linan, "units", f"{name}人民政府", "township", 1, years, title, name, "我镇")


def form_of(publisher: str, portal: Portal, year: int) -> str | None:
    """The form that a report is printed in; `None` for prose."""
    if publisher == portal.government and year in PROSE_YEARS.get(portal.id, set()):
        return None
    if year < 2019:
        return "giar_2014"
    return "giar_2019" if year < 2021 or (publisher, year) == WRONG_FORM else "giar_2021"


def _invented(own: Series, year: int, form: str | None, before: Figures | None) -> Figures:
    rng = dice(f"{own.publisher} {year}")
    if form == "giar_2021":
        return figures.report_2021(rng, own.size, before)
    if form == "giar_2019":
        following = REAL_TABLES.get((own.publisher, year + 1), {})
        return figures.report_2019(rng, own.size, before, all_closed=following.get("requests.carried_over|total") == 0)
    return figures.statistics_2014(rng, own.size)


def _day(own: Series, year: int) -> date:
    rng = dice(f"day of {own.publisher} {year}")
    return REAL_DATES.get((own.publisher, year)) or date(year + 1, 1, 14 if year > 2018 else 28) + timedelta(
        days=rng.randint(0, 16 if year > 2018 else 60)
    )


def _style(own: Series, year: int) -> TableStyle:
    """A portal's tables look alike, but for Word's page breaks and the blanks of one office."""
    style = own.portal.table
    if own.portal.id == "demo-dawukou" and own.scope == "consolidated" and year < 2018:
        return replace(style, split="tables", page_rows=20)
    if own.portal.id == "demo-dawukou" and year >= 2021:
        return replace(style, word=False, split="")
    return style


def _foot(published: date, style: TableStyle) -> list[str]:
    day = published - timedelta(days=25)
    lines = [
        "单位负责人:张三&nbsp;&nbsp;审核人:李四&nbsp;&nbsp;填报人:王喆",
        f"联系电话:0000-8800123&nbsp;&nbsp;填报日期:{day.year}年{day.month}月{day.day}日",
    ]
    return [line.translate(str.maketrans(":", "：")) if style.wide else line for line in lines]


def _write(report: Report, own: Series, values: Figures) -> None:
    """Fills in the text of a report and what it states."""
    style, text, key = _style(own, report.year), report.text, (own.publisher, report.year)
    written = {
        ("乌恰县人民政府", 2018): real_texts.wuqia_2018,
        ("辽阳市人民政府", 2016): real_texts.liaoyang_2016,
        ("於潜镇人民政府", 2018): real_texts.yuqian_2018,
        ("大武口区商务和经济技术合作局", 2018): real_texts.dawukou_commerce_2018,
    }
    if report.form in {"giar_2019", "giar_2021"}:
        article20 = tables.article20_2019 if report.form == "giar_2019" else tables.article20_2021
        parts = article20(values, style), tables.requests(values, style), tables.review_litigation(values, style)
        if key == ("淳化县人民政府", 2021):
            real_texts.chunhua_2021(text, parts)
        else:
            prose.report_2019(text, values, parts)
    elif write := written.get(key):
        write(text)
    elif report.form is None:
        prose.report_in_prose(text, values)
    else:
        prose.report_2014(text, values)
    if report.form == "giar_2014":
        caption = f"政府信息公开情况统计表<br>({report.year}年度)"
        inside = own.portal.id == "demo-linan"
        if not inside:
            text.html(f'<p align="center"><strong>{caption}</strong></p><p>填报单位(盖章):{report.publisher}</p>')
        head = f"({report.publisher} ) {caption}" if inside else ""
        text.html(tables.statistics(values, style, head, _foot(report.published, style)))


def _report(own: Series, year: int, values: Figures) -> Report:
    key, form = (own.publisher, year), form_of(own.publisher, own.portal, year)
    names = {"year": str(year), "organ": own.publisher, "ours": own.ours, "place": own.portal.place}
    mistake, errors = MISTAKES.get((own.portal.id, *key), ("", ()))
    if mistake:
        values = values | {mistake: (values[mistake] or 0) + 1}
    if key == WRONG_FORM:
        errors = ({"check": "form_out_of_years", "column": None, "figures": []},)
    if key not in REAL_TABLES and (own.portal.id, year) in BLANK_ROWS:
        values = figures.blank_idle_rows(values)
    published = _day(own, year)
    report = Report(
        portal=own.portal,
        column=own.column,
        year=year,
        publisher=own.publisher,
        scope=own.scope,
        title=own.title.format(publisher=own.publisher, y=year),
        published=published,
        form=form,
        figures=values,
        text=Text(dice(f"text of {own.publisher} {year}"), names),
        index_number=index_number(own.portal.id, own.publisher, published),
        printed_publisher=own.printed_publisher,
        source="大武口区政府网" if own.portal.id == "demo-dawukou" else f"{own.portal.government}办公室",
        ambiguous=AMBIGUOUS.get(key, {}),
        errors=errors + REAL_ERRORS.get(key, ()),
    )
    _write(report, own, values)
    report.statements = report.text.statements
    if form is None and key not in REAL_TABLES:
        report.figures = report.statements
    return report


@cache
def reports() -> tuple[Report, ...]:
    """Every annual report of the demo, organ by organ, the oldest first."""
    made = []
    for own in series():
        before: Figures | None = None
        last = 0
        for year in own.years:
            form = form_of(own.publisher, own.portal, year)
            known = before if last == year - 1 and year > 2019 else None
            values = REAL_TABLES.get((own.publisher, year)) or _invented(own, year, form, known)
            made.append(_report(own, year, values))
            before, last = values, year
    return tuple(made)


@cache
def articles() -> tuple[Article, ...]:
    """Everything that the portals publish."""
    made = [Article(report.portal, report.column, report.title, report.published, report.year, report.text, report) for report in reports()]
    for portal in PORTALS:
        made += [
            Article(portal, other.column, other.title, other.published, other.year, others.body(portal, other))
            for other in others.published(portal)
        ]
    return tuple(made)
