"""Whole portals of shapes that no family has: how a reader gets from the home page to the reports of all years and organs."""

from __future__ import annotations

import pytest

from giar_crawler.platforms.page import page_of_text
from giar_crawler.platforms.static import has_more, next_link
from giar_crawler.spiders.lexicon import navigation_score

from .conftest import Portals, Workplace, links, page, report, rows

COUNTY = "某县人民政府"
LIST = "http://a.gov.cn/nb/index.html"


def column(base: str, organ: str, *years: int) -> dict:
    """A list of the reports of an organ, and the reports."""
    entries = [(f"{base}{year}.html", f"{organ}{year}年政府信息公开工作年度报告", f"{year + 1}-01-20") for year in years]
    return {base: page("政府信息公开年报", rows(*entries)), **{f"{base}{year}.html": report(organ, year) for year in years}}


def walked(portals: Portals, workplace: Workplace, answers: dict, extra: str = "") -> tuple[str, int]:
    """The outcome of a walk, and how many reports it brought."""
    # Whoever names strangers' hosts has to wait.
    portals.add("strange", answers, extra=extra).delay = 0.5 if extra else 0.01
    done = workplace.crawl("strange", "--portals", portals.register(), "--contact", "me@example.org", code=None)
    return done.outcome("strange"), done.row("strange")["reports"]


def test_organs_whose_addresses_say_disclosure(portals: Portals, workplace: Workplace) -> None:
    """Their address is worth something on the way; that is no reason to drop them once the county's reports are found."""
    organs = {"/zfxxgk/bm/jyj/": "某县教育局", "/zfxxgk/bm/czj/": "某县财政局", "/zfxxgk/xz/xl/": "兴隆镇", "/zfxxgk/xz/bp/": "白坡乡"}
    answers = {
        "/": page(COUNTY, links(("/zfxxgk/", "政府信息公开"))),
        "/zfxxgk/": page("政府信息公开", links(("/zfxxgk/zf/", "政府信息公开年报")), links(*organs.items())),
        **column("/zfxxgk/zf/", COUNTY, 2023, 2022),
    }
    for base, organ in organs.items():
        answers |= {
            base: page(organ, links((base + "zn.html", "公开指南"), (base + "nb/", "公开年报"))),
            **column(base + "nb/", organ, 2023, 2022),
        }
    assert walked(portals, workplace, answers) == ("ok", 10)


def test_organs_that_are_small_portals_of_their_own(portals: Portals, workplace: Workplace) -> None:
    """Pictures lead to them, and their reports stand behind their own 信息公开."""
    organs = {"jyj": "某县教育局", "gaj": "某县公安局", "czj": "某县财政局", "slj": "某县水利局"}
    pictures = "".join(f"<a href='/{folder}/'><img src='/i/{folder}.png' alt={organ}></a>" for folder, organ in organs.items())
    answers = {
        "/": page(COUNTY, links(("/gk/", "信息公开"))),
        "/gk/": page("信息公开", links(("/gk/nb/", "政府信息公开年报"), ("/bm.html", "部门信息公开"))),
        "/bm.html": page("部门信息公开", pictures),
        **column("/gk/nb/", COUNTY, 2023, 2022),
    }
    for folder, organ in organs.items():
        answers |= {
            f"/{folder}/": page(organ, links((f"/{folder}/dt/", "工作动态"), (f"/{folder}/gk/", "信息公开"))),
            f"/{folder}/gk/": page("信息公开", links((f"/{folder}/zn/", "公开指南"), (f"/{folder}/nb/", "年报"))),
            **column(f"/{folder}/nb/", organ, 2023),
        }
    assert walked(portals, workplace, answers) == ("ok", 6)
    assert not [path for path in portals.all[0].paths if path.endswith(("/dt/", "/zn/"))]


def test_years_then_kinds_of_organs(portals: Portals, workplace: Workplace) -> None:
    answers = {
        "/": page(COUNTY, links(("/g/", "政府信息公开"))),
        "/g/": page("政府信息公开", links(("/g/nd/", "年度报告"))),
        "/g/nd/": page("年度报告", links(("/g/nd/2023/", "二〇二三年"), ("/g/nd/2022/", "2022年度"), ("/g/nd/old/", "历年年报"))),
    }
    for base, year in (("/g/nd/2023/", 2023), ("/g/nd/2022/", 2022), ("/g/nd/old/", 2014)):
        kinds = {base + "zf/": "县政府", base + "bm/": "县政府部门", base + "xz/": "乡镇（街道）"}
        answers[base] = page("年度", links(*kinds.items()))
        for folder, kind in kinds.items():
            answers |= column(folder, f"某{kind}", year)
    assert walked(portals, workplace, answers) == ("ok", 9)


@pytest.mark.parametrize("word", ["中文简体", "简体", "中文版", "进入网站", "ENTER", "点击进入"])
def test_a_page_that_only_lets_in(word: str) -> None:
    assert 0 < navigation_score(word, "/zh/", inside=False) < navigation_score("政务", "/zw/", inside=False)


def test_a_choice_of_organs_behind_a_choice_of_languages(portals: Portals, workplace: Workplace) -> None:
    organs = {"1": "县人民政府办公室", "2": "县教育局", "9": "城关镇"}
    options = "".join(f"<option value={number}>{organ}</option>" for number, organ in organs.items())
    choice = f"<select onchange=\"if(this.value)window.location='/zh/nb.do?dept='+this.value\"><option value=''>请选择{options}</select>"
    answers = {
        "/": page("某县", "<a href=/en/>English</a><a href=/zh/>中文简体</a>"),
        "/zh/": page(COUNTY, links(("/zh/nb.do", "信息公开年报"), ("/zh/news/", "新闻"))),
    }
    for number, organ in organs.items():
        entries = [(f"/zh/{number}{year}.html", organ, f"{year + 1}-01-15") for year in (2022, 2021)]
        answers[f"/zh/nb.do?dept={number}"] = page("年报", choice, rows(*entries))
        answers |= {path: report(organ, int(path[-9:-5])) for path, _, _ in entries}
    answers["/zh/nb.do"] = answers["/zh/nb.do?dept=1"]
    assert walked(portals, workplace, answers) == ("ok", 6)


def test_tabs_of_years_and_a_button_for_the_rest(portals: Portals, workplace: Workplace) -> None:
    tabs = "".join(f"<li data-url='/part/{year}.html' onclick='tab(this)'>{year}年</li>" for year in (2023, 2022))
    answers = {
        "/": page(COUNTY, links(("/nb.html", "政府信息公开年报"))),
        "/nb.html": page("政府信息公开年报", f"<ul>{tabs}</ul><div id=con></div>"),
    }
    for year in (2023, 2022):
        entries = [
            (f"/a/{year}{number}.html", f"某县第{number}局{year}年政府信息公开工作年度报告", f"{year + 1}-01-15") for number in range(4)
        ]
        button = f"<a class=more href='javascript:;' data-next='/part/more.html?y={year}'>查看更多</a>"
        answers[f"/part/{year}.html"] = page("", rows(*entries[:3]), button)
        answers[f"/part/more.html?y={year}"] = page("", rows(*entries[3:]))
        answers |= {path: report("某县某局", year, number + 1) for number, (path, _, _) in enumerate(entries)}
    assert walked(portals, workplace, answers) == ("ok", 8)


@pytest.mark.parametrize(("host", "outcome"), [("jyj.example.gov.cn", "partial"), ("www.other.gov.cn", "ok")])
def test_reports_on_another_host_of_the_domain_are_left_out(portals: Portals, workplace: Workplace, host: str, outcome: str) -> None:
    answers = {"/": page(COUNTY, links(("/nb/", "政府信息公开年报"))), **column("/nb/", COUNTY, 2023, 2022)}
    other = rows((f"http://{host}/1.html", "某县教育局2023年政府信息公开工作年度报告", "2024-01-20"))
    answers["/nb/"].body += other.encode()
    assert walked(portals, workplace, answers, extra=", hosts: [www.example.gov.cn]") == (outcome, 2)


def test_the_next_page_without_words() -> None:
    def shown(pager: str) -> str | None:
        return next_link(page_of_text(LIST, f"<html><body><a href=1.html>甲</a>{pager}</body></html>"))

    assert shown("<a href='?p=2'><img src='images/next.gif' border=0></a>") == LIST + "?p=2"
    assert shown("<a href='/next.html'><img src='/i/nextweek.gif'></a>") is None
    assert shown("<a href='/news/'>查看更多</a>") is None
    assert not has_more(page_of_text(LIST, "<html><body><a href=1.html>甲</a><a class=more href='/news/'>查看更多</a></body></html>"))
    assert has_more(page_of_text(LIST, "<html><body><a href=1.html>甲</a><a href='javascript:;' onclick='m()'>查看更多</a></body></html>"))


def test_a_table_of_organs_that_only_the_statutory_content_has(portals: Portals, workplace: Workplace) -> None:
    organs = {f"/d.html?code={number}": organ for number, organ in enumerate(("某县教育局", "某县民政局", "某县财政局", "西山镇人民政府"))}
    answers = {
        "/": page(COUNTY, links(("/zwgk/", "政务公开"))),
        "/zwgk/": page("政务公开", links(("/zwgk/fd/", "法定主动公开内容"), ("/zwgk/nb/", "年度报告"))),
        "/zwgk/fd/": page("法定主动公开内容", links(*organs.items())),
        **column("/zwgk/nb/", COUNTY, 2023, 2022),
    }
    for number, (path, organ) in enumerate(organs.items()):
        answers |= {path: page(organ, links((f"/o{number}/nb/", "政府信息公开年报"))), **column(f"/o{number}/nb/", organ, 2023)}
    assert walked(portals, workplace, answers) == ("ok", 6)


def test_a_column_behind_the_picture_of_more(portals: Portals, workplace: Workplace) -> None:
    def part(heading: str, path: str) -> str:
        return f"<table><tr><td>{heading}</td><td><a href='{path}'><img src=/i/more.gif></a></td></tr></table>"

    newest = "<a href='/nb.asp?b=4/2023.html'>某县2023年政府信息公开年报</a>"
    answers = {
        "/": page(COUNTY, links(("/gk.asp", "政府信息公开"))),
        "/gk.asp": page("政府信息公开", part("公开指南", "/nb.asp?b=1"), part("公开年报", "/nb.asp?b=4/"), newest),
        **column("/nb.asp?b=4/", COUNTY, 2023, 2022, 2021),
    }
    assert walked(portals, workplace, answers) == ("ok", 3)
