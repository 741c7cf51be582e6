"""Every rule of `prose_rules.yaml` reads what its examples say and leaves what they leave."""

import pytest

from pipelines.decode.script import clean
from pipelines.statistics.forms import forms
from pipelines.statistics.prose import CONCEPTS, Setting, apply, read_sentence, rules

RULES = rules()
CODES = {row.code for table in forms()[CONCEPTS].tables for row in table.value_rows}

# Some rules read only under a heading that speaks of disclosure.
ON_DISCLOSURE = Setting(heading="五、因政府信息公开申请行政复议、提起行政诉讼的情况")


def sentence(text):
    """An example as the reading sees it: clean, without blanks and without the heading that may stand above it."""
    return "".join(clean(text.split("\n")[-1], traditional=False).split())


def setting(text):
    """What is known around an example: the heading above it, else one that speaks of disclosure."""
    return Setting(heading=text.split("\n")[0]) if "\n" in text else ON_DISCLOSURE


READS = [pytest.param(rule, text, value, id=f"{number}-{rule.gives}") for number, rule in enumerate(RULES) for text, value in rule.reads]
LEAVES = [pytest.param(rule, text, id=f"{number}-{rule.gives}") for number, rule in enumerate(RULES) for text in rule.leaves]


@pytest.mark.parametrize(("rule", "text", "value"), READS)
def test_reads(rule, text, value):
    assert rule.needs in sentence(text)
    assert value in [stated.value for stated in apply(rule, sentence(text), setting(text))]


@pytest.mark.parametrize(("rule", "text"), LEAVES)
def test_leaves(rule, text):
    assert not list(apply(rule, sentence(text), setting(text)))


@pytest.mark.parametrize(("rule", "text", "value"), READS)
def test_all_rules_together_agree(rule, text, value):
    """No other rule reads another number for the same indicator from the example."""
    assert {stated.value for stated in read_sentence(sentence(text), setting(text)) if stated.indicator == rule.gives} == {value}


@pytest.mark.parametrize("rule", RULES, ids=[f"{number}-{rule.gives}" for number, rule in enumerate(RULES)])
def test_rule_has_examples_and_gives_a_code_of_the_form(rule):
    assert rule.reads
    assert rule.leaves
    assert rule.gives in CODES


@pytest.mark.parametrize(
    "text",
    [
        "县教育局主动公开政府信息320条",
        "各乡镇主动公开政府信息共2100条",
        "县自然资源局收到政府信息公开申请15件",
        "去年收到政府信息公开申请5件",
        "上年度收到政府信息公开申请5件",
        "上半年主动公开政府信息320条",
        "第一季度收到政府信息公开申请4件",
        "1-6月收到政府信息公开申请4件",
        "2011年收到政府信息公开申请4件",
        "比上年增加主动公开政府信息130条",
        "平均每天主动公开政府信息12条",
        "全年共办理行政复议案件88件、行政应诉案件23件",
        "市政府本级办理行政复议案件45件",
        "受理行政诉讼案件12件",
        "力争主动公开政府信息6000条",
        "省政府在线访谈2次",
        "自2008年以来,累计主动公开政府信息32100条",
        "通过政府网站公开信息12万字",
    ],
)
def test_no_rule_reads_what_is_not_of_this_body_and_year(text):
    assert not list(read_sentence(sentence(text), Setting(2012, "乌山县人民政府")))


@pytest.mark.parametrize("digits", ["1" * 30, "1,,2", "9" * 400])
def test_absurd_numbers_raise_nothing(digits):
    list(read_sentence(f"主动公开政府信息{digits}条", Setting()))
