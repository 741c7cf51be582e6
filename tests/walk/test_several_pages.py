"""Reports that are printed on several pages: fetched whole, read as one, asked for again page by page, read again from the archive."""

from __future__ import annotations

import json
import signal
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests import starting

from .conftest import Answer, Portals, Result, Workplace, links, page, report, rows

TITLE = "某县2023年政府信息公开工作年度报告"
HEAD = "<div class=top><a href='/'>网站首页</a> &gt; <a href='/nb/'>政府信息公开年报</a></div>"
FOOT = "<div class=footer>主办:某县人民政府办公室 网站标识码:6104300001</div>"
TABLE = (
    "<tr><td>信息内容</td><td>本年制发件数</td><td>本年废止件数</td><td>现行有效件数</td></tr>"
    "<tr><td>规章</td><td>0</td><td>0</td><td>0</td></tr><tr><td>行政规范性文件</td><td>{}</td><td>1</td><td>29</td></tr>"
)
OPENING = (
    "<p>根据《中华人民共和国政府信息公开条例》,编制本报告。本报告所列数据的统计期限为2023年1月1日至12月31日。</p>"
    "<p>一、总体情况</p><p>2023年,我县主动公开政府信息2120条。</p><p>二、主动公开政府信息情况</p>"
)
PAGES = (
    OPENING,
    f"<table><tr><td colspan=4>第二十条第(一)项</td></tr>{TABLE.format(14)}</table>",
    "<p>三、收到和处理政府信息公开申请情况</p><p>2023年收到政府信息公开申请7件。</p><p>五、存在的主要问题及改进情况</p><p>公开内容需要充实。</p>",
)


def pager(addresses: list[str], number: int) -> str:
    turns = "".join(f"<a href='{address}'>{one}</a>" if one != number else f"<b>{one}</b>" for one, address in enumerate(addresses, 1))
    following = f"<a href='{addresses[number]}'>下一页</a>" if number < len(addresses) else ""
    return f"<div class=pages>共{len(addresses)}页 {turns}{following}</div>"


def cut(addresses: list[str], bodies: tuple[str, ...] = PAGES, *, title: str = TITLE) -> dict[str, Answer]:
    """A report on several pages: title, date and frame stand on each of them."""
    top = f"{HEAD}<h1>{title}</h1><div class=info>发布日期:2024-01-20 浏览次数:%d</div>"
    return {
        address: page(
            title if number == 1 else f"{title}({number})",
            top % (number * 7),
            f"<div class=content>{body}{pager(addresses, number)}</div>",
            FOOT,
        )
        for number, (address, body) in enumerate(zip(addresses, bodies, strict=True), 1)
    }


def county(address: str) -> dict[str, Answer]:
    return {
        "/": page("某县人民政府", links(("/nb/", "政府信息公开年报"))),
        "/nb/": page(
            "政府信息公开年报", rows((address, TITLE, "2024-01-20"), ("/nb/22.html", "某县2022年政府信息公开工作年度报告", "2023-01-20"))
        ),
        "/nb/22.html": report("某县", 2022),
    }


def giar(workplace: Workplace, *arguments: str) -> str:
    command = [*starting.GIAR, *arguments, "--database", workplace.database]
    archive = [] if arguments[0] == "export" else ["--archive", str(workplace.folder / "archive")]
    return starting.run([*command, *archive], check=True, capture_output=True, text=True).stdout


def reports(workplace: Workplace) -> dict[str, dict]:
    """The reports of 2023 by portal, with their text."""
    out = workplace.folder / "reports.jsonl"
    giar(workplace, "export", "reports", "-o", str(out))
    rows = (row for row in map(json.loads, out.read_text("utf-8").splitlines()) if row["report_year"] == 2023)
    with sqlite3.connect(workplace.folder / "giar.db") as database:
        texts = dict(database.execute("SELECT portal, text FROM reports WHERE report_year = 2023 AND superseded_at IS NULL"))
    return {row["portal"]: row | {"text": texts[row["portal"]]} for row in rows}


def codes(row: dict) -> set[str]:
    return {finding["code"] for finding in row["findings"]}


def figures(row: dict) -> dict[str, tuple[int, str]]:
    return {f"{each['indicator']}[{each['column']}]": (each["value"], each["locator"]) for each in row["figures"]}


FIGURE = "article20_1.normative_documents[issued_this_year]"
DEDECMS = ["/nb/23.html", "/nb/23_2.html", "/nb/23_3.html"]
SHAPES = {
    "dedecms": DEDECMS,
    "phpcms": ["/nb/show-6-23-1.html", "/nb/show-6-23-2.html", "/nb/show-6-23-3.html"],
    "trs": ["/nb/t20240120_23.html", "/nb/t20240120_23_1.html", "/nb/t20240120_23_2.html"],
    "asp": ["/nb/show.asp?ArticleID=23", "/nb/show.asp?ArticleID=23&ArticlePage=2", "/nb/show.asp?ArticleID=23&ArticlePage=3"],
    # Each page names only its neighbours.
    "window": DEDECMS,
}


@dataclass
class Walked:
    """A crawl of some portals."""

    workplace: Workplace
    portals: Portals
    done: Result
    reports: dict[str, dict]


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walked]:
    workplace = Workplace(tmp_path_factory.mktemp("several"))
    portals = Portals(workplace.folder)
    for name, addresses in SHAPES.items():
        portals.add(name, county(addresses[0]) | cut(addresses))
    first = portals.all[-1].pages[DEDECMS[0]]
    first.body = first.body.replace(b"<a href='/nb/23_3.html'>3</a>", b"")
    portals.add("gone", county(DEDECMS[0]) | {address: page for address, page in cut(DEDECMS).items() if address != DEDECMS[1]})
    portals.add("namesake", county(DEDECMS[0]) | cut(DEDECMS[:2], PAGES[:2]) | {DEDECMS[1]: report("某县教育局", 2023)})
    done = workplace.crawl("--portals", portals.register(), code=None)
    yield Walked(workplace, portals, done, reports(workplace))
    portals.stop()


@pytest.mark.parametrize("name", SHAPES)
def test_read_as_one_report(walked: Walked, name: str) -> None:
    assert (walked.done.outcome(name), walked.done.row(name)["reports"]) == ("ok", 2)
    row = walked.reports[name]
    assert row["title"] == TITLE
    assert figures(row)[FIGURE] == (14, "page:2/html/body/div[3]/table/tr[4]/td[2]")
    assert "收到政府信息公开申请7件" in row["text"]
    assert [word for word in ("网站标识码", "下一页", "浏览次数", "首页", TITLE) if word in row["text"]] == []
    assert codes(row) == set()
    portal = next(portal for portal in walked.portals.all if portal.id == name)
    assert [portal.paths.count(address) for address in SHAPES[name]] == [1, 1, 1]


def test_a_page_that_is_not_there_is_a_finding(walked: Walked) -> None:
    row = walked.reports["gone"]
    assert codes(row) == {"parts_missing"}
    assert "收到政府信息公开申请7件" in row["text"]


def test_a_page_that_is_called_alike_is_another_document(walked: Walked) -> None:
    """It has another title, whatever the words that lead to it."""
    row = walked.reports["namesake"]
    assert (set(figures(row)), codes(row)) == ({"proactive_info_count[None]"}, {"parts_missing"})


def test_read_again_and_imported_as_one_report(walked: Walked) -> None:
    """The archive has the pages one by one."""
    counts = json.loads(giar(walked.workplace, "reparse", "--json").splitlines()[-1])
    assert (counts["unchanged"], counts["changed"]) == (2 * len(walked.reports), 0)
    other = Workplace(walked.workplace.folder / "other")
    other.folder.mkdir()
    files = map(str, sorted((walked.workplace.folder / "archive").glob("*.warc.gz")))
    giar(other, "archive", "import", "--portals", walked.portals.register(), *files)
    assert {name: figures(row) for name, row in reports(other).items()} == {name: figures(row) for name, row in walked.reports.items()}


def conditional(answer: Answer, tag: str) -> Callable[[dict[str, str]], Answer]:
    answer.headers["ETag"] = tag
    return lambda headers: Answer(b"", 304, {"ETag": tag}) if headers.get("if-none-match") == tag else answer


def hangs_up(_: dict[str, str]) -> Answer:
    raise ConnectionAbortedError


def test_asked_again_page_by_page(portals: Portals, workplace: Workplace) -> None:
    """Each page answers 304; when a later one changes, the report is fetched anew; when one fails, the figures that we hold stay."""
    answers = county(DEDECMS[0]) | {address: conditional(answer, f'"{address}"') for address, answer in cut(DEDECMS).items()}
    answers["/nb/22.html"] = conditional(answers["/nb/22.html"], '"22"')
    portal = portals.add("several", answers)

    def crawl() -> tuple[str, int, int]:
        row = workplace.crawl("several", "--portals", portals.register(), code=None).row("several")
        return row["outcome"], row["unchanged"], row["changed"]

    crawl()
    portal.asked.clear()
    assert crawl() == ("ok", 2, 0)
    assert [portal.paths.count(address) for address in DEDECMS] == [1, 1, 1]
    asked, answers[DEDECMS[1]] = answers[DEDECMS[1]], hangs_up
    assert crawl() == ("partial", 2, 0)
    answers[DEDECMS[1]] = asked
    later = cut(DEDECMS, (PAGES[0], PAGES[1].replace(">14<", ">15<"), PAGES[2]))
    answers[DEDECMS[1]] = conditional(later[DEDECMS[1]], '"later"')
    assert crawl() == ("ok", 1, 1)
    assert figures(reports(workplace)["several"])[FIGURE][0] == 15
    answers[DEDECMS[0]] = Answer(later[DEDECMS[0]].body.replace("2120条".encode(), "2121条".encode()))
    for nothing in (Answer(b"busy", 500), Answer(), hangs_up):
        answers[DEDECMS[1]] = nothing
        assert crawl() == ("partial", 1, 0)
    assert figures(reports(workplace)["several"])[FIGURE][0] == 15


def test_killed_between_the_pages(portals: Portals, workplace: Workplace) -> None:
    """What was fetched is not asked for again, and the report is whole."""
    answers = county(DEDECMS[0]) | cut(DEDECMS)
    last = answers[DEDECMS[2]]

    def dies(_: dict[str, str]) -> Answer:
        walking.kill()
        return last

    answers[DEDECMS[2]] = dies
    portal = portals.add("several", answers)
    arguments = ("several", "--portals", portals.register())
    walking = starting.Popen(workplace.arguments(*arguments), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    assert walking.wait(60) == -signal.SIGKILL
    answers[DEDECMS[2]] = last
    assert workplace.crawl(*arguments, code=None).outcome("several") == "ok"
    assert portal.paths.count(DEDECMS[1]) == 1
    assert "收到政府信息公开申请7件" in reports(workplace)["several"]["text"]


def test_saved_pages_are_joined(tmp_path: Path) -> None:
    """`giar parse --join` knows no addresses; the order of the files is that of the pages."""
    for number, answer in enumerate(cut(DEDECMS).values()):
        (tmp_path / f"{number}.html").write_bytes(answer.body)
    command = [*starting.GIAR, "parse", "--join", *(f"{number}.html" for number in range(3))]
    done = starting.run(command, check=True, capture_output=True, text=True, cwd=tmp_path)
    row = json.loads(done.stdout)
    assert (figures(row)[FIGURE][0], codes(row)) == (14, set())
    assert "收到政府信息公开申请7件" in row["text"]
