"""Every rule on titles and on missing pages reads its examples."""

import re
from pathlib import Path

import pytest

from giar_crawler.spiders.lexicon import judge_title
from pipelines import titles
from pipelines.data import DataError, load
from pipelines.metadata.report_year import year_of_title
from pipelines.missing import lexicon, says_missing

RULES = titles.rules()
NAMED = [*RULES["for"], *RULES["against"], {"name": "named", **RULES["named"]}]
COLUMNS = [{"name": name, **rule} for name, rule in RULES["columns"].items()]


@pytest.mark.parametrize("rule", [*NAMED, *COLUMNS], ids=lambda rule: rule["name"])
def test_rules_read_their_examples(rule):
    found = rule["pattern"].fullmatch if rule["name"] == "whole" else rule["pattern"].search
    assert [text for text in rule["reads"] if not found(titles.plain(text))] == []
    assert [text for text in rule.get("leaves", []) if found(titles.plain(text))] == []


@pytest.mark.parametrize(("verdict", "title"), [(verdict, title) for verdict, found in RULES["examples"].items() for title in found])
def test_verdicts_on_titles(verdict, title):
    assert judge_title(title, inside=False) == verdict
    assert titles.is_report_title(title) == (verdict == "report")


def test_inside_the_column_less_is_enough():
    inside = ["2021年度报告", "县教育局", "2021年", "某县交通运输局2020年政府信息…"]
    assert [judge_title(title, inside=True) for title in inside] == ["report", "doubtful", "doubtful", "report"]
    assert judge_title("2021年法治政府建设年度报告", inside=True) == "other"


@pytest.mark.parametrize(
    ("title", "year"),
    [
        ("淳化县2021年政府信息公开年报(2022年公布)", 2021),
        ("二〇二一年政府信息公开年报", 2021),
        ("2022-01-20 淳化县2021年年报", 2021),
        ("政府信息公开年报", None),
        (None, None),
    ],
)
def test_year_of_a_title(title, year):
    assert year_of_title(title) == year


@pytest.mark.parametrize("text", lexicon()["reads"])
def test_pages_that_are_not_there(text):
    assert says_missing(text)


@pytest.mark.parametrize("text", lexicon()["leaves"])
def test_reports_that_speak_of_what_does_not_exist(text):
    assert not says_missing(text)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (("\ncolumns:", "\ncolumn:"), "column"),
        (("weight: 3.5", "weight: heavy"), r"for\[0\].weight"),
        (("'决算|", "'(决算|"), r"against\[\d+\].pattern"),
    ],
)
def test_wrong_rules_name_file_and_key(tmp_path, change, named):
    own = Path(titles.__file__).with_name("titles.yaml").read_text("utf-8")
    path = tmp_path / "titles.yaml"
    path.write_text(own.replace(*change, 1), "utf-8")
    with pytest.raises(DataError, match=re.compile(rf"titles.yaml.*{named}")):
        load(path, titles.SHAPE)
