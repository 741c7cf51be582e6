"""What sentences state and what they leave: the sentences and their figures are data."""

from pathlib import Path

import pytest
import yaml

from pipelines.statistics.numbers import exact
from pipelines.statistics.prose import read_prose
from pipelines.statistics.prose.grammar import Paragraph
from pipelines.statistics.prose.state import Setting
from tests.reading.pages import built
from tests.reading.prose import stated

PUBLISHERS, YEAR = {"county": "乌山县人民政府", "bureau": "乌山县教育局"}, 2016
SENTENCES = yaml.safe_load(Path(__file__).with_name("sentences.yaml").read_text("utf-8"))


@pytest.mark.parametrize(
    ("publisher", "text", "figures"),
    [(PUBLISHERS[kind], one[kind], one["states"]) for one in SENTENCES for kind in PUBLISHERS if kind in one],
)
def test_states_these_figures_and_no_other(publisher, text, figures):
    wanted = {name: exact(str(value)) for name, value in figures.items()}
    assert sorted(stated(text, publisher=publisher, year=YEAR)) == sorted(wanted.items())


@pytest.mark.parametrize(("ways", "weak"), [("当面申请10件", True), ("当面申请10件、网上申请2件", False)])
def test_an_outcome_behind_ways_that_leave_more_is_doubted(ways, weak):
    """It may be of those that came in that way alone."""
    paragraph = Paragraph(Setting(YEAR, PUBLISHERS["county"]))
    told = paragraph.read(f"收到政府信息公开申请12件,其中{ways},同意公开8件")
    assert [one.weak for one in told if one.indicator == "replies_granted_count"] == [weak]


@pytest.mark.parametrize(
    ("before", "states"),
    [
        ("2016年,我县加强政务公开工作。", [5]),
        ("2015年,我县加强政务公开工作。", []),
        ("２０１５年,我县加强政务公开工作。", []),
        ("2015年,我县加强政务公开工作。2016年,我县优化政务公开平台。", [5]),
        ("2015年公开工作有序推进;", []),
        ("2015年开展培训8次;2016年公开工作有序推进;", [5]),
    ],
)
def test_a_sentence_without_a_figure_dates_what_is_told_behind_it(before, states):
    page = built(body=f"<p>{before}收到政府信息公开申请5件。</p>")
    figures, _ = read_prose(page.document, YEAR, PUBLISHERS["county"])
    assert [figure.value for figure in figures if figure.indicator == "requests_received_count"] == states
