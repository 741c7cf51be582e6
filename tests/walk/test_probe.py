"""`giar portals probe`: one polite request, and what it says of platforms, challenges, old TLS and lists that a script draws."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from itertools import pairwise
from pathlib import Path

import pytest
import yaml

from giar_crawler.platforms.drawn import drawing, drawing_marks
from giar_crawler.platforms.page import page_of_text
from giar_crawler.register import load_register
from giar_crawler.rendering import BROWSERS
from tests import starting

from .conftest import Answer, Portals, old_tls, page, rows

COMMAND = [*starting.GIAR, "portals", "probe"]
NB = "政府信息公开年报"
TRS = page(
    NB,
    rows(("./202201/t20220120_1.html", "某局2021年政府信息公开年报", "2022-01-20")),
    '<script>createPageHTML(3,0,"index","html")</script>',
)
DRAWN = page(
    NB,
    "<ul id=list></ul><script>fetch('/data.json').then(answer => answer.json()).then(rows => { document.getElementById('list').innerHTML ="
    " rows.map(row => `<li><a href='${row}'>某局${row}</a><span>2022-01-20</span></li>`).join('') })</script>",
)


def probe(*arguments: str, code: int = 0, **environment: str) -> tuple[dict, str]:
    """What the command printed, as JSON, and what it said."""
    done = starting.run(
        [*COMMAND, *arguments, "--json"], capture_output=True, text=True, timeout=60, env=os.environ | environment, check=False
    )
    assert done.returncode == code, done.stderr
    return json.loads(done.stdout) if done.stdout else {}, done.stderr


def test_one_request_after_robots_and_an_entry_that_the_register_takes(portals: Portals, tmp_path: Path) -> None:
    portal = portals.add("x", {"/robots.txt": Answer(b"User-agent: *\nDisallow: /no/"), "/nb/": TRS, "/no/": TRS})
    found, _ = probe(f"{portal.home}nb/")
    assert (found["outcome"], found["platform"], found["entry"]["lists"]) == ("ok", "trs", [f"{portal.home}nb/"])
    assert portal.paths == ["/robots.txt", "/nb/"]
    assert "giar-crawler/" in next(iter(portal.agents))
    found, _ = probe(f"{portal.home}no/", code=1)
    assert (found["outcome"], found["entry"]) == ("robots_disallowed", None)
    assert "/no/" not in portal.paths
    done = starting.run([*COMMAND, f"{portal.home}nb/"], capture_output=True, text=True, timeout=60, check=True)
    entry = yaml.safe_load(done.stdout)["portals"][0] | {"adcode": "610430"}
    register = tmp_path / "printed.yaml"
    register.write_text(yaml.safe_dump({"portals": [entry]}, allow_unicode=True), "utf-8")
    assert load_register([register]).get(entry["id"]) is not None


def test_it_takes_its_turn_with_the_registers_delay(portals: Portals) -> None:
    portal = portals.add("x", {"/": page("某县")})
    portal.delay = 0.4
    register = portals.register()
    runs = [starting.Popen([*COMMAND, portal.home, "--portals", register], stderr=subprocess.PIPE, text=True) for _ in range(2)]
    said = [run.communicate(timeout=60)[1] for run in runs]
    assert [run.returncode for run in runs] == [0, 0], said
    assert "the register has this host as x" in said[0]
    assert len(portal.asked) == 4
    # The server's threads see a request some milliseconds late.
    assert min(after[0] - before[0] for before, after in pairwise(sorted(portal.asked))) >= 0.4


@pytest.mark.parametrize(
    ("answer", "outcome", "said"),
    [
        (Answer(b"<script>document.cookie=('_')+('j')+'sl=1'</script>", 521), "blocked", "blocked by 加速乐 (521)"),
        (Answer(b"<script>x</script>", 412), "blocked", "blocked by 瑞数 or its like (412)"),
        (Answer("<title>访问验证</title><script></script>请完成安全验证".encode()), "blocked", "blocked by 验证码 (200 访问验证"),
        (Answer("<title>此域名正在出售中</title>该域名可出售".encode()), "gone", "parked"),
        (Answer(b"x", 403), "blocked", "answered 403"),
        (Answer(b"", 302, {"Location": "http://127.0.73.250:9/"}), "redirected_away", "leads to http://127.0.73.250:9/, another host"),
    ],
)
def test_what_comes_in_the_place_of_a_page_is_named(portals: Portals, tmp_path: Path, answer: Answer, outcome: str, said: str) -> None:
    portal = portals.add("x", {"/": answer})
    found, errors = probe(portal.home, code=1)
    assert (found["outcome"], found["entry"]) == (outcome, None)
    assert said in found["said"], errors
    assert portal.paths == ["/robots.txt", "/"], "a challenge was asked again"
    if answer.status == 200:
        saved = tmp_path / "saved.html"
        saved.write_bytes(answer.body)
        assert probe(str(saved), code=1)[0]["outcome"] == outcome


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_old_tls_is_tried_and_printed(portals: Portals, tmp_path: Path) -> None:
    portal = portals.add("x", {"/nb/": TRS}, tls=old_tls(tmp_path))
    portal.delay = 0.2
    found, _ = probe(f"{portal.home}nb/", "--portals", portals.register())
    assert (found["platform"], found["entry"]["tls"]) == ("trs", "legacy")
    assert any("only old TLS" in note for note in found["notes"])
    down = portals.add("down", up=False)
    assert probe(down.home.replace("http:", "https:"), code=1)[0]["outcome"] == "unreachable"


def drawn(portals: Portals) -> str:
    data = Answer(b'["/2021.html", "/2022.html"]', headers={"Content-Type": "application/json"})
    portal = portals.add("x", {"/nb/": DRAWN, "/data.json": data})
    return f"{portal.home}nb/"


@pytest.mark.skipif(not any(map(shutil.which, BROWSERS)), reason="there is no Chromium on this machine")
def test_a_list_that_a_script_draws_is_tried_in_a_browser(portals: Portals) -> None:
    pytest.importorskip("scrapy_playwright")
    url = drawn(portals)
    found, errors = probe(url, "--portals", portals.register())
    assert found["entry"]["render"] is True, errors
    assert "a browser shows 2 links more: `render: true`" in found["notes"]
    portal = portals.all[0]
    portal.pages["/data.json"] = Answer(b"[]")
    found, _ = probe(url, "--portals", portals.register())
    assert "render" not in found["entry"]


def test_a_list_that_a_script_draws_without_a_browser(portals: Portals, tmp_path: Path) -> None:
    found, _ = probe(drawn(portals), PATH="/nonexistent")
    assert found["entry"]["render"] is True
    assert any("was not tried" in note for note in found["notes"])
    saved = tmp_path / "saved.html"
    saved.write_bytes(DRAWN.body)
    assert probe(str(saved), "--url", "http://www.a.gov.cn/nb/")[0]["entry"]["render"] is True
    saved.write_bytes(TRS.body)
    assert "render" not in probe(str(saved), "--url", "http://www.a.gov.cn/nb/")[0]["entry"]


@pytest.mark.parametrize("mark", drawing_marks(), ids=lambda mark: mark["example"][:30])
def test_each_mark_of_drawing_is_found_on_its_example(mark: dict) -> None:
    assert drawing(page_of_text("http://a.gov.cn/", f"<html><body>{mark['example']}</body></html>"))


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (["ftp://a.gov.cn/"], "no http address"),
        (["http://www.a.gov.cn/"], "--contact"),
        (["/no/such.html"], "cannot be read"),
        (["http://user:x@127.0.0.1/"], "bad_address"),
    ],
)
def test_wrong_calls_ask_nobody(call: list[str], said: str) -> None:
    assert said in probe(*call, code=2)[1]
