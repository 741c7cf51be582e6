"""Every rule of the prose reads what its examples say and leaves what they leave; the parts of the grammar one by one."""

import re

import pytest

from pipelines.statistics.forms import forms
from pipelines.statistics.prose import CONCEPTS
from pipelines.statistics.prose.bodies import actor
from pipelines.statistics.prose.lexicon import data, expand, tokenise, words
from pipelines.statistics.prose.quantities import chinese, quantity_at
from pipelines.statistics.prose.rules import rules
from pipelines.statistics.prose.times import time_at
from tests.reading.prose import stated

RULES = [rule for rule in rules() if rule.gives]
NAMES = {cell.name for form in forms().values() for table in form.tables for cell in table.cells.values()}
COUNTY = "乌山县人民政府"


def values(text, indicator, **known):
    return {value for name, value in stated(text, **known) if name == indicator}


READS = [pytest.param(rule.gives, text, value, id=f"{rule.number}-{rule.gives}") for rule in RULES for text, value in rule.reads]
LEAVES = [pytest.param(rule.gives, text, id=f"{rule.number}-{rule.gives}") for rule in RULES for text in rule.leaves]


@pytest.mark.parametrize(("indicator", "text", "value"), READS)
def test_reads(indicator, text, value):
    """All rules together read this value, and no other one, for the figure."""
    assert values(text, indicator) == {value}


@pytest.mark.parametrize(("indicator", "text"), LEAVES)
def test_leaves(indicator, text):
    assert not values(text, indicator)


@pytest.mark.parametrize("rule", RULES, ids=[f"{rule.number}-{rule.gives}" for rule in RULES])
def test_rule_has_examples_and_gives_a_figure_of_a_form(rule):
    assert rule.reads
    assert rule.leaves
    assert rule.gives in NAMES


def test_every_class_of_the_rules_is_in_the_lexicon():
    made = {"channels", "because"}
    assert {word for rule in rules() for word in re.findall(r"\(\?:([a-z_]+) \)", rule.says.pattern)} <= {*data()["classes"], *made}


def test_a_word_is_in_one_class_only():
    classes = {}
    for name, entries in data()["classes"].items():
        for entry in entries:
            for word in expand(entry):
                classes.setdefault(word, set()).add(name)
    assert not {word: names for word, names in classes.items() if word and len(names) > 1}
    assert len(words()) < 20_000


PARENTS = {"review": "因政府信息公开申请行政复议9件,其中", "litigation": "因政府信息公开提起行政诉讼9件,其中"}
LABELLED = [
    (row.code, row.label, row.unit)
    for table in forms()[CONCEPTS].tables
    for row in table.value_rows
    if row.code.split("_")[0] not in PARENTS or row.code.endswith("cases_count")
]


@pytest.mark.parametrize(("code", "label", "unit"), LABELLED, ids=[code for code, _, _ in LABELLED])
def test_the_rows_of_the_form_written_out_as_sentences(code, label, unit):
    """Many offices write the form's rows out, each with a colon, under its headings."""
    heading = "依申请公开情况" if code.startswith(("requests", "replies", "refused")) else "主动公开、行政复议、举报、培训、费用情况"
    if code in ("staff_full_time_count", "staff_part_time_count"):
        label = "从事政府信息公开工作人员数9人," + label
    label = re.sub(r"^(?:\(?[一二三四五六七八九]\)?、?|\d\.)|\([^)]{6,}\)", "", label)
    assert values(f"{heading}\n{label}:5{unit}", code) == {5}


def test_numbers():
    text = "一百二十余条"
    quantity = quantity_at(text, 0)
    assert (quantity.value, quantity.unit, quantity.rough) == (120, "条", True)
    assert [chinese(numeral) for numeral in ("三", "十二", "二十", "一百零五", "两千三百", "一万二千", "二〇一", "五百二十六")] == [
        3,
        12,
        20,
        105,
        2300,
        12000,
        201,
        526,
    ]
    assert quantity_at("1.35万条", 0).value == 13500
    assert quantity_at("23,456条", 0).value == 23456
    assert not quantity_at("15.4%", 0).counts


@pytest.mark.parametrize("text", ["一是", "第三方", "一站式", "三公经费", "五公开", "一次性告知", "每一条", "十三五", "一律公开"])
def test_chinese_numerals_that_count_nothing(text):
    assert not [token for token in tokenise(text) if token.kind == "number"]


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("2012年", "year"),
        ("2012年1月1日至2012年12月31日", "year"),
        ("截至2012年底", "until"),
        ("自2008年5月1日至2012年12月31日", "other"),
        ("上半年", "part"),
        ("1-6月", "part"),
        ("第三季度", "part"),
        ("去年同期", "other"),
        ("截至目前", "other"),
        ("2012年5月20日", "day"),
        ("9月份", "month"),
    ],
)
def test_times(text, meaning):
    time = time_at(text, 0)
    assert (time.meaning, time.end) == (meaning, len(text))


@pytest.mark.parametrize(
    ("name", "publisher", "who"),
    [
        ("我局", "乌山县教育局", "whole"),
        ("全县", COUNTY, "whole"),
        ("全县", "乌山县教育局", "other"),
        ("全市", COUNTY, "other"),
        ("县教育局", COUNTY, "other"),
        ("县教育局", "乌山县教育局", "own"),
        ("区残疾人联合会", COUNTY, "other"),
        ("县残联", COUNTY, "other"),
        ("市总工会", COUNTY, "other"),
        ("县政府", COUNTY, "own"),
        ("县政府及各部门", COUNTY, "whole"),
        ("各乡镇", COUNTY, "other"),
        ("各乡镇、各部门", COUNTY, "whole"),
        ("县本级", COUNTY, "level"),
        ("街道", "永丰街道办事处", "own"),
        ("学校", "乌山县第一中学", "whole"),
        ("学校", "乌山县教育局", "other"),
        ("加大力度", COUNTY, None),
    ],
)
def test_who_acts(name, publisher, who):
    assert actor(name, publisher) == who


@pytest.mark.parametrize("digits", ["1" * 30, "1,,2", "9" * 400, "1.2.3", "1,"])
def test_absurd_numbers_raise_nothing(digits):
    stated(f"主动公开政府信息{digits}条,其中{digits}件")
