"""What the metadata look for first must be there wherever the thing itself is."""

import re
from itertools import product
from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from pipelines.decode.document import Document, Line
from pipelines.metadata import dates, header, title
from pipelines.metadata.wording import YEAR


@given(st.data())
def test_a_date_has_one_of_the_characters_by_which_its_pattern_is_tried(data):
    pattern, characters = data.draw(st.sampled_from(dates._PATTERNS))
    text = data.draw(st.from_regex(pattern))
    assert not characters.isdisjoint(text)


@given(st.from_regex(title._BEHIND))
def test_what_stands_behind_a_title_is_told_by_its_end(text):
    assert title._BEHIND_END.match(text.strip()[-1:])


@given(st.text("年报?\ufffd锟斤拷", max_size=6))
def test_lost_characters_of_a_title_are_noticed(text):
    lost = any(run in text for run in ("锟斤拷", *map("".join, product("?\ufffd", repeat=3))))
    assert (title._LOST.search(text) is not None) == lost


@given(st.text("0129年一二〇九", max_size=8))
def test_years_are_found_by_their_first_character(text):
    plain = r"(?:(?<!\d)(?:19|20)\d{2}|[一二][〇0九][〇0一二九]{2})"
    assert [match.span() for match in re.finditer(YEAR, text)] == [match.span() for match in re.finditer(plain, text)]


@given(st.text("T ", max_size=45), st.integers(0, 45))
def test_the_head_goes_on_below_titles(shape, start):
    lines = [Line(text, text) for text in shape]
    document = Document("html", "utf-8", "meta", lines=lines, body=range(min(start, len(lines)), len(lines)))
    first, expected = document.body.start, []
    near, head = min(len(lines), first + header.INTO_BODY), first + header.HEAD_LINES
    for number, line in enumerate(lines):
        expected.append(number < head)
        if head <= number + header.HEAD_LINES < near and line.clean == "T":
            head = number + 1 + header.HEAD_LINES
    with patch.object(header, "is_report_title", lambda text: text == "T"):
        assert [header._in_head(document, number) for number in range(len(lines))] == expected
