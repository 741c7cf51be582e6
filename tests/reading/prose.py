"""Sentences as the reading of a report sees them."""

import re

from pipelines.decode.script import clean
from pipelines.statistics.prose.grammar import Paragraph
from pipelines.statistics.prose.preparing import topics_of
from pipelines.statistics.prose.state import Setting


def stated(text, publisher=None, year=None):
    """The figures that a paragraph states, a heading may stand on a line above."""
    heading, _, body = text.rpartition("\n")
    paragraph = Paragraph(Setting(year, publisher, topics_of(heading)), said=body)
    found = []
    for sentence, mark in re.findall("([^。;]+)([。;]?)", "".join(clean(body, traditional=False).split())):
        found.append((paragraph.read(sentence, continues=bool(found) and found[-1][1] == ";"), mark))
    return [(one.indicator, one.value) for figures, _ in found for one in figures if not one.withdrawn]
