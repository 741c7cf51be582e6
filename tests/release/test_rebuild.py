"""A release of the demo portals is made again from its archive and its corrections alone, and nothing of it is otherwise."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from demo.server import DemoPortals, register
from tests import starting
from tests.walk.conftest import Workplace

GIAR = starting.GIAR


def giar(folder: Path, *words: str) -> str:
    done = starting.run([*GIAR, *words], cwd=folder, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, (words, done.stdout, done.stderr)
    return done.stdout


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo portals, walked once."""
    workplace = Workplace(tmp_path_factory.mktemp("walked"))
    with DemoPortals(0) as demo:
        (workplace.folder / "portals.yaml").write_text(register(demo.port), "utf-8")
        workplace.crawl("--portals", str(workplace.folder / "portals.yaml"))
    return workplace.folder


def test_a_release_is_made_again_from_archive_and_corrections(walked: Path) -> None:
    giar(walked, "export", "figures", "-o", "figures.jsonl")
    figures = [json.loads(line) for line in (walked / "figures.jsonl").read_text("utf-8").splitlines()]
    figure = next(one for one in figures if one["form"] == "giar_2021" and one["status"] == "number" and one["preferred"])
    name = figure["indicator"] + (f"[{figure['column']}]" if figure["column"] else "")
    giar(walked, "correct", figure["document_url"], name, "4711", "--reason", "a test", "--source", "nothing", "--by", "nobody")
    giar(walked, "release", "create", "first")
    again = ("--database", "sqlite:///again.db")
    giar(walked, "archive", "index", *again)
    giar(walked, "reparse", *again)
    giar(walked, "correct", "--file", "releases/first/data/corrections.csv", *again)
    giar(walked, "release", "create", "again", *again)
    summary = json.loads(giar(walked, "release", "diff", "first", "again", "--json"))
    assert summary["errata"] == []
    assert {name: summary["made_of"][name] for name in ("archive", "corrections", "gazetteer")} == {
        "archive": "same",
        "corrections": "same",
        "gazetteer": "same",
    }
    assert summary["pages"]["both"] > 100
    assert summary["pages"]["only_old"] == summary["pages"]["only_new"] == 0
