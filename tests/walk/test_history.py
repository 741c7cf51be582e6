"""A portal that is walked three times: what every visit changes is no version, a silent edit is one, and both pages stay in the archive."""

import csv
import json
import re

from giar_crawler.archive import read_page
from pipelines import read
from tests import starting

from .conftest import Answer, page, report, rows

ORGAN = "淳化县人民政府"
TITLE = f"{ORGAN}{{}}年政府信息公开工作年度报告"


def visited(answer: Answer, visits: int, day: str, published: str = "2023-01-20") -> Answer:
    """The page as it comes on one visit: with its counter, clock and banner."""
    text = answer.body.decode()
    text = text.replace("<body>", f"<body><div>今天是{day}</div><div>第{visits}号专题</div>")
    text = text.replace("<div id=zoom>", f"<div>发布时间:{published} 浏览次数:{visits}</div><div id=zoom>")
    return Answer(text.replace("</body>", f"<p>打印时间:{day}</p></body>").encode())


def giar(workplace, *words, code=0):
    command = [*starting.GIAR, *words, "--database", workplace.database]
    done = starting.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == code, done.stderr
    return done.stdout + done.stderr


def objects(workplace, *words):
    return [json.loads(line) for line in giar(workplace, *words, "--json").splitlines()]


def test_three_walks(workplace, portals, tmp_path):
    entries = [(f"/{year}.html", TITLE.format(year), f"{year + 1}-01-20") for year in (2021, 2022, 2023)]
    portal = portals.add("x", {"/": page("某县", '<a href="/nb/">政府信息公开年报</a>'), "/nb/": page("政府信息公开年报", rows(*entries))})

    def show(visits, day, *, value=5, published="2023-01-20"):
        for year in (2021, 2022, 2023):
            portal.pages[f"/{year}.html"] = visited(report(ORGAN, year, 5), visits + year, day)
        portal.pages["/2022.html"] = visited(report(ORGAN, 2022, value), visits, day, published)

    show(1, "2026年3月1日 星期日")
    assert workplace.crawl("--portals", portals.register()).total["inserted"] == 3
    show(7788, "2026年3月2日 星期一")
    again = workplace.crawl("--portals", portals.register())
    assert (again.total["unchanged"], again.total["changed"]) == (3, 0)
    show(9999, "2026年3月3日 星期二", value=6, published="2023-03-20")
    del portal.pages["/2021.html"]
    portal.pages["/nb/"] = page("政府信息公开年报", rows(*entries[1:]))
    last = workplace.crawl("--portals", portals.register())
    assert (last.total["unchanged"], last.total["changed"], last.total["gone"]) == (1, 1, 1)

    url = f"{portal.home}2022.html"
    (history,) = objects(workplace, "history", url)
    old, new = history["versions"]
    assert (old["fetches"], new["fetches"], old["superseded_at"]) == (2, 1, new["first_seen"])
    changed = {(each["kind"], each["name"], each["old"], each["new"]) for each in new["edits"]["shown"]}
    assert ("figure", "article20_1.rules[in_force]", "5", "6") in changed
    assert ("field", "published_date", "2023-01-20", "2023-03-20") in changed
    assert ("text", None, "规章 | 5 | 0 | 5", "规章 | 6 | 0 | 6") in changed
    # The old page itself is where the history says.
    for version, value in ((old, 5), (new, 6)):
        place = version["archived"][0]
        archived = read(read_page(workplace.folder / "archive", place["warc_file"], place["warc_offset"]))
        assert archived.content_sha256 == version["content_sha256"]
        assert {figure.value for figure in archived.figures if figure.name == "article20_1.rules[in_force]"} == {value}
    shown = giar(workplace, "history", ORGAN, "2022")
    assert re.search(r"article20_1.rules\[in_force\]: 5 -> 6\n", shown)
    assert f"{old['archived'][0]['warc_file']}:{old['archived'][0]['warc_offset']}" in shown
    assert "- 规章 | 5 | 0 | 5\n  + 规章 | 6 | 0 | 6" in shown

    log = objects(workplace, "changes", "--since", "2026-01-01")
    assert [row["kind"] for row in log if row["kind"] != "edited"] == ["new", "new", "new", "vanished"]
    assert {(row["indicator"], row["column"], row["old"], row["new"]) for row in log if row["field"] == "figure"} == {
        ("article20_1.rules", "issued_this_year", "5", "6"),
        ("article20_1.rules", "in_force", "5", "6"),
        ("article20_1.normative_documents", "issued_this_year", "5", "6"),
    }
    lines = giar(workplace, "changes", "--since", "2026-01-01")
    assert lines.count("edited ") == 1
    assert "article20_1.rules[issued_this_year] 5 -> 6; " in lines
    assert "and 1 more" in lines
    assert "new=3  edited=1  vanished=1" in lines
    assert giar(workplace, "changes", "--since", "2999-01-01") == "nothing changed\n"
    assert "expected a date" in giar(workplace, "changes", "--since", "yesterday", code=2)

    giar(workplace, "export", "changes", "-o", str(tmp_path / "changes.csv"))
    with (tmp_path / "changes.csv").open(encoding="utf-8-sig", newline="") as stream:
        table = list(csv.DictReader(stream))
    assert list(table[0])[:10] == "at kind portal publisher report_year document_url indicator column old new".split()

    def texts(line):
        return {name: "" if value is None else value for name, value in line.items() if name not in ("reread", "report_year")}

    assert [texts(line) for line in table] == [texts(line) for line in log]


def test_wrong_calls(workplace, portals):
    portals.add("x", {})
    workplace.crawl("--portals", portals.register(), code=None)
    for words, complaint in (
        (("history", "某县人民政府", "二〇二二"), "expected: giar history URL"),
        (("history", "http://a/", "--scope", "office"), "expected: giar history URL"),
        (("history", "http://a/"), "no report at http://a/"),
        (("history", "某县人民政府", "2022"), "no report of '某县人民政府'"),
        (("changes", "--since", "2026-01-01", "--portals", "y"), "unknown; known are x"),
    ):
        assert complaint in giar(workplace, *words, code=2)
