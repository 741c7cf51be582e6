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
    text = "".join(clean(body, traditional=False).split())
    for match in re.finditer("([^。;]+)([。;]?)", text):
        sentence, mark = match.groups()
        behind = text[match.end() :].partition("。")[0] if mark == ";" else ""
        found.append((paragraph.read(sentence, continues=bool(found) and found[-1][1] == ";", ahead=lambda behind=behind: behind), mark))
    return [(one.indicator, one.value) for figures, _ in found for one in figures if not one.withdrawn]
