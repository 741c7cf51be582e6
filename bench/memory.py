"""Memory of a walk: what the process holds after 1,000 pages, and after many more.

`python -m bench.memory [PAGES]`, 20,000 without a number. Portals of 4,000 pages each, lists and reports, are walked side by side over real
HTTP with archive, reading and storage on and delays off; their server is another process than the one that is measured. Linux only.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import time
from math import ceil
from pathlib import Path

from demo.server import DemoPortals
from demo.sites import Answer

REQUIRED = 0.1
FIRST, LAST = 1_000, 20_000
# Of a portal; its budget (GIAR_PAGES) is 5,000.
PAGES_OF_PORTAL = 4_000
LIST_SIZE = 25
# Seconds between two looks at the process.
LOOK = 0.05
YEARS = range(2008, 2026)
PAGE = """<html><head><meta charset="utf-8"><title>{title}</title></head>
<body><div class="position">首页 &gt; {column}</div>{main}</body></html>"""
COLUMN = "政府信息公开年度报告"
ARTICLE = """<h1>{title}</h1><p>发布日期:{year}-03-01 来源:{unit}</p>
<p>本报告根据《中华人民共和国政府信息公开条例》编制,由概述、主动公开、依申请公开、行政复议和存在的问题组成。</p>
<h2>一、概述</h2><p>{unit}认真落实政府信息公开工作要求,健全制度,明确责任,公开工作有序开展。</p>
<h2>二、主动公开政府信息情况</h2><p>{year}年,主动公开政府信息{number}条,其中通过网站公开{part}条。</p>
<h2>三、依申请公开政府信息情况</h2><p>{year}年,共收到政府信息公开申请{few}件,均已按期答复。</p>
<h2>四、行政复议和行政诉讼情况</h2><p>{year}年,未发生因政府信息公开引起的行政复议和行政诉讼。</p>
<h2>五、存在的问题和改进措施</h2><p>公开的内容还不够丰富,今后将进一步完善。</p>"""


class LongSite:
    """A portal of one column with as many reports as are wanted."""

    def __init__(self, reports: int) -> None:
        self.reports = reports
        self.lists = ceil(reports / LIST_SIZE)

    def answer(self, path: str, query: str, fields: dict[str, str]) -> Answer:  # noqa: ARG002 # the demo server's call
        """The home page, `/nianbao/` and `/nianbao/list_2.html`, `/nianbao/art_7.html`."""
        name, _, number = path.rpartition("/")[2].removesuffix(".html").partition("_")
        if path == "/":
            return _page("华坪县人民政府", f'<a href="/nianbao/">{COLUMN}</a>')
        if name == "art":
            return _article(int(number))
        if path.startswith("/nianbao/"):
            return self._list(int(number or 1))
        return Answer(404, "text/html", b"")

    def _list(self, number: int) -> Answer:
        first = (number - 1) * LIST_SIZE
        rows = "".join(
            f'<li><a href="/nianbao/art_{one}.html">{_title(one)}</a><span>{_year(one) + 1}-03-01</span></li>'
            for one in range(first, min(first + LIST_SIZE, self.reports))
        )
        following = f'<a href="/nianbao/list_{number + 1}.html">下一页</a>' if number < self.lists else ""
        return _page(COLUMN, f"<ul>{rows}</ul>{following}")


def _year(number: int) -> int:
    return YEARS[number % len(YEARS)]


def _unit(number: int) -> str:
    return f"华坪县第{number // len(YEARS) + 1}中学"


def _title(number: int) -> str:
    return f"{_unit(number)}{_year(number)}年政府信息公开工作年度报告"


def _article(number: int) -> Answer:
    facts = {"title": _title(number), "unit": _unit(number), "year": _year(number), "number": number + 50, "part": 50, "few": number % 9}
    return _page(_title(number), ARTICLE.format(**facts))


def _page(title: str, main: str) -> Answer:
    return Answer(200, "text/html; charset=utf-8", PAGE.format(title=title, column=COLUMN, main=main).encode())


def _resident(process: int) -> int:
    """The KiB of memory that a process holds now, 0 for one that has just ended."""
    found = re.search(r"VmRSS:\s*(\d+)", Path(f"/proc/{process}/status").read_text("ascii"))
    return int(found[1]) if found else 0


def _measure(last: int) -> tuple[int, int, int, str]:
    """The KiB after the first pages and after the last ones, how many pages were walked, and what the walk said."""
    hosts = [f"127.0.73.{number}" for number in range(1, ceil(last / PAGES_OF_PORTAL) + 1)]
    reports = PAGES_OF_PORTAL * LIST_SIZE // (LIST_SIZE + 1)
    with tempfile.TemporaryDirectory() as name, DemoPortals(0, served={host: LongSite(reports) for host in hosts}) as demo:
        folder = Path(name)
        entries = [
            f"- {{id: long-{number}, name: 华坪县, adcode: '530723', level: county, home: 'http://{host}:{demo.port}/', delay: 0}}"
            for number, host in enumerate(hosts)
        ]
        (folder / "long.yaml").write_text("\n".join(["portals:", *entries]), "utf-8")
        command = [sys.executable, "-m", "giar_crawler.cli", "crawl", "--portals", str(folder / "long.yaml"), "--delay", "0"]
        places = ["--database", f"sqlite:///{folder}/walk.db", "--archive", str(folder / "archive")]
        with (folder / "said").open("w") as said, subprocess.Popen([*command, *places], stdout=said, stderr=said) as walk:  # noqa: S603 # our own
            first = held = 0
            while walk.poll() is None and (pages := sum(demo.hosts.values())) < last:
                held = _resident(walk.pid) or held
                if pages >= FIRST and not first:
                    first = held
                time.sleep(LOOK)
            walk.terminate()
        return first, held, sum(demo.hosts.values()), (folder / "said").read_text("utf-8")


def main() -> None:
    """Prints both figures and what they grew by."""
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else LAST
    first, last, pages, said = _measure(wanted)
    if not first or pages < wanted * 0.95:
        sys.exit(f"the walk ended after {pages} pages: {said}")
    growth = last / first - 1
    print(f"memory after {FIRST} pages: {first / 1024:.0f} MiB, after {pages}: {last / 1024:.0f} MiB, {growth:+.1%}; ", end="")
    print(f"required within {REQUIRED:.0%}: {'pass' if abs(growth) <= REQUIRED else 'BELOW'}")


if __name__ == "__main__":
    main()
