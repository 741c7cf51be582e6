"""The documents keep up with the code: closed tables, links, the two READMEs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from giar_crawler.outcomes import PageOutcome
from pipelines.findings import codes, finding

ROOT = Path(__file__).parent.parent
DOCUMENTS = [ROOT / "README.md", ROOT / "README.zh.md", *(ROOT / "docs").glob("*.md")]


def test_every_finding_is_documented_as_it_is():
    text = (ROOT / "docs/reading-the-data.md").read_text("utf-8")
    documented = dict(re.findall(r"^\| `(\w+)` \| (\w+ \| [\w–]+) \|", text, re.MULTILINE))
    assert documented == {code: f"{entry['severity']} | {entry.get('blame') or '–'}" for code, entry in codes().items()}


@pytest.mark.parametrize("code", codes())
def test_a_finding_has_both_wordings_with_the_same_facts(code):
    entry = codes()[code]
    assert entry["severity"] in ("error", "warning", "info")
    assert entry.get("blame") in (None, "parser", "publisher")
    facts = [set(re.findall(r"\{(\w+)\}", entry[key])) for key in ("message", "message_zh")]
    assert facts[0] == facts[1]
    made = finding(code, ["b", "a"], **dict.fromkeys(facts[0], "x"))
    assert made.figures == ["a", "b"]
    assert made.fingerprint == finding(code, ["a", "b"], **dict.fromkeys(facts[0], "x")).fingerprint


def _source() -> str:
    """All that makes findings: on a page in `pipelines`, between stored reports in `giar_crawler`."""
    return "\n".join(path.read_text("utf-8") for folder in ("pipelines", "giar_crawler") for path in sorted((ROOT / folder).rglob("*.py")))


def test_every_finding_made_in_the_code_is_in_the_closed_table():
    made = set(re.findall(r"\b(?:finding|remark)\(\s*\"(\w+)\"", _source()))
    assert made
    assert made <= set(codes())


def test_every_outcome_of_a_page_is_documented():
    text = (ROOT / "docs/reading-the-data.md").read_text("utf-8")
    assert not [outcome for outcome in PageOutcome if f"`{outcome}`" not in text]


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_links_between_documents_lead_somewhere(path):
    links = re.findall(r"\]\((?!https?:)([^)#]+)", path.read_text("utf-8"))
    assert not [link for link in links if not (path.parent / link).exists()]


def test_both_readmes_show_the_same_commands_and_documents():
    english, chinese = ((ROOT / name).read_text("utf-8") for name in ("README.md", "README.zh.md"))

    def commands(text: str) -> list[str]:
        return [line.split("#")[0].strip() for block in re.findall(r"```\w+\n(.*?)```", text, re.DOTALL) for line in block.splitlines()]

    assert commands(english) == commands(chinese)
    assert re.findall(r"\]\((docs/[^)]+)\)", english) == re.findall(r"\]\((docs/[^)]+)\)", chinese)
    assert english.count("\n## ") == chinese.count("\n## ")


def test_the_readmes_show_summary_lines_as_they_are_printed():
    keys = "portal outcome pages reports inserted changed unchanged gone requests seconds".split()
    for name in ("README.md", "README.zh.md"):
        lines = [line for line in (ROOT / name).read_text("utf-8").splitlines() if line.startswith("portal=")]
        assert len(lines) >= 2
        assert all([part.partition("=")[0] for part in line.split()] == keys for line in lines)


def test_every_code_of_the_closed_table_is_made_somewhere():
    source = _source()
    assert not [code for code in codes() if f'"{code}"' not in source]
