"""Ways to the reports of organs: tables behind plain words, choices of the home page, platforms, organs that are rows."""

from __future__ import annotations

import pytest

from giar_crawler.spiders.lexicon import judge_title, lists_organs, navigation_score

from .conftest import Answer, Portals, Workplace, links, page, report, rows

COUNTY = "某县人民政府"
GK = {
    "/gk/": page("政务公开", links(("/gk/nb/", "政府信息公开年报"), ("/gk/zn/", "公开指南"))),
    "/gk/zn/": page("公开指南", "x"),
    "/gk/nb/": page("政府信息公开年报", rows(("/gk/nb/1.html", "某县人民政府2023年政府信息公开工作年度报告", "2024-01-20"))),
    "/gk/nb/1.html": report(COUNTY, 2023),
}
ORGANS = [(f"/{name}/", organ) for name, organ in (("jyj", "县教育局"), ("czj", "县财政局"), ("slj", "县水利局"), ("mzj", "县民政局"))]


def sites(organs: list[tuple[str, str]] = ORGANS) -> dict[str, Answer]:
    """Small sites in folders, each with its menu and the report of a year."""
    found = {}
    for home, organ in organs:
        menu = links((home, "首页"), (f"{home}dt/", "动态"), (f"{home}zwgk/", "政务公开"), ("/", "返回"))
        found |= {home: page(organ, menu), f"{home}dt/": page("动态", menu), f"{home}zwgk/1.html": report(f"某{organ}", 2023)}
        title = f"某{organ}2023年政府信息公开工作年度报告"
        found[f"{home}zwgk/"] = page("政务公开", menu, links((f"{home}zwgk/nb/", "公开年报")))
        found[f"{home}zwgk/nb/"] = page("公开年报", menu, rows((f"{home}zwgk/1.html", title, "2024-01-12")))
    return found


def table(organs: list[tuple[str, str]] = ORGANS) -> str:
    return "<table><tr>" + "".join(f"<td><a href='{home}'>{organ}</a></td>" for home, organ in organs) + "</tr></table>"


SELECT = "<select onchange='window.open(this.value)'><option>=部门网站=</option>{}</select>"
OPTIONS = (
    "".join(f"<option value='{home}'>{organ}</option>" for home, organ in ORGANS) + "<option value='http://127.0.0.1:9/'>县公安局</option>"
)
UNITS = "".join(
    f"<tr><td>{organ}</td><td><a href='{home}zn.html'>公开指南</a></td><td><a href='{home}zwgk/nb/'>公开年报</a></td></tr>"
    for home, organ in ORGANS
)


@pytest.mark.parametrize(
    ("home", "more"),
    [
        (links(("/gk/", "政务公开"), ("/xzbm/", "县直部门")), {"/xzbm/": page("县直部门", table())}),
        (links(("/gk/", "政务公开"), ("/x/", "部门网站")), {"/x/": page("部门网站", table())}),
        (links(("/gk/", "政务公开"), ("/x/", "县政府组成部门")), {"/x/": page("组成部门", table())}),
        (
            links(("/gk/", "政务公开"), ("/x/", "县直部门"), ("/y/", "乡镇街道")),
            {"/x/": page("县直部门", table(ORGANS[:2])), "/y/": page("乡镇街道", table(ORGANS))},
        ),
        (links(("/gk/", "政务公开")) + SELECT.format(OPTIONS), {}),
        (
            links(("/gk/", "政务公开")) + "<a href='/pt/'><img alt='某省政府信息公开平台' src=a.gif></a>",
            {"/pt/": page("平台", f"<table>{UNITS}</table>")},
        ),
    ],
    ids=["县直部门", "部门网站", "组成部门", "乡镇街道", "select", "platform"],
)
def test_the_reports_of_departments_are_found(home: str, more: dict[str, Answer], portals: Portals, workplace: Workplace) -> None:
    portals.add("county", {"/": page(COUNTY, home)} | GK | sites() | more)
    done = workplace.crawl("county", "--portals", portals.register())
    assert (done.outcome("county"), done.row("county")["reports"]) == ("ok", 1 + len(ORGANS))


def test_departments_without_reports_cost_little(portals: Portals, workplace: Workplace) -> None:
    organs = [(f"/bm/{number}/", f"县第{number}局") for number in range(30)]
    bare = {home: page(organ, links((f"{home}dt/", "动态"), (f"{home}gk/", "单位概况"))) for home, organ in organs}
    portal = portals.add(
        "bare", {"/": page(COUNTY, links(("/gk/", "政务公开"), ("/bm/", "县直部门"))), "/bm/": page("县直部门", table(organs))}
    )
    portal.pages |= GK | bare
    done = workplace.crawl("bare", "--portals", portals.register())
    assert (done.outcome("bare"), done.row("bare")["reports"]) == ("ok", 1)
    assert len(portal.paths) <= 12


@pytest.mark.parametrize(
    "words",
    ["县直部门", "部门网站", "各乡镇(街道)", "市政府部门信息公开目录", "政府组成部门", "乡镇街道", "某省政府信息公开平台", "直属机构"],
)
def test_words_that_lead_to_tables_of_organs(words: str) -> None:
    assert lists_organs(words)
    assert navigation_score(words, "", inside=False) > 0


@pytest.mark.parametrize("words", ["部门动态", "乡镇新闻", "部门预算公开", "走进某县", "政府工作报告", "街道风采"])
def test_words_that_do_not(words: str) -> None:
    assert not lists_organs(words)


def test_rows_that_name_organ_and_year_are_reports(portals: Portals, workplace: Workplace) -> None:
    organs = ("县教育局", "县财政局", "城关镇")
    found = {f"/gk/bg/{number}.html": report(f"某{organ}", 2023) for number, organ in enumerate(organs)}
    named = rows(*((f"/gk/bg/{number}.html", f"{organ}(2023年度)", "2024-01-12") for number, organ in enumerate(organs)))
    tree = links(("/gk/bg/zf/", "县政府"), ("/gk/bg/bm/", "县直单位"))
    pages = {
        "/": page(COUNTY, links(("/gk/", "信息公开"))),
        "/gk/": page("信息公开", links(("/gk/zn/", "公开指南"), ("/gk/bg/", "公开报告"))),
        "/gk/zn/": page("公开指南", "x"),
        "/gk/bg/": page("公开报告", tree),
        "/gk/bg/zf/": page("公开报告", tree, rows(("/1.html", "某县人民政府2023年度报告", "2024-01-20"))),
        "/1.html": report(COUNTY, 2023),
        "/gk/bg/bm/": page("公开报告", tree, named),
    }
    portals.add("rows", pages | found)
    done = workplace.crawl("rows", "--portals", portals.register())
    assert (done.outcome("rows"), done.row("rows")["reports"]) == ("ok", 4)


@pytest.mark.parametrize("title", ["县教育局(2023年度)", "2023年县财政局", "城关镇(2022年)"])
def test_an_organ_with_a_year_is_a_report_in_the_column_alone(title: str) -> None:
    assert judge_title(title, inside=True) != "other"
    assert judge_title(title, inside=False) == "other"


def test_a_special_with_the_organs_of_a_year_is_a_list(portals: Portals, workplace: Workplace) -> None:
    organs = ("县教育局", "县财政局", "县水利局")
    pages = {
        "/": page(COUNTY, links(("/x/", "新闻")), "<a href='/zt/2023/'><img src=z.jpg alt='2023年政府信息公开年报'></a>"),
        "/x/": page("新闻", "x"),
    }
    for year in (2023, 2022):
        paths = [f"/zt/{year}/{number}.html" for number in range(3)]
        older = links(("/zt/2022/", "2022年")) if year == 2023 else ""
        pages[f"/zt/{year}/"] = page(f"{year}年政府信息公开年报", links(*zip(paths, organs, strict=True)), older)
        pages |= {path: report(f"某{organ}", year) for path, organ in zip(paths, organs, strict=True)}
    portals.add("special", pages)
    done = workplace.crawl("special", "--portals", portals.register())
    assert (done.outcome("special"), done.row("special")["reports"]) == ("ok", 6)


@pytest.mark.parametrize("words", ["公开指南和年报", "指南、年报", "政府信息公开指南年报", "信息公开年报和制度", "公开工作总结"])
def test_a_column_of_guides_and_reports_leads_to_reports(words: str) -> None:
    assert navigation_score(words, "", inside=False) >= 60


@pytest.mark.parametrize("words", ["年报编制指南", "公开指南", "年报解读"])
def test_guides_to_reports_do_not(words: str) -> None:
    assert navigation_score(words, "", inside=False) <= 0
