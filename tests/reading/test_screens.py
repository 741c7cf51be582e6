"""A screen lets through whatever its pattern matches."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from giar_crawler.middlewares.challenges import lexicon
from giar_crawler.platforms import pagers
from giar_crawler.platforms.base import fingerprints
from giar_crawler.platforms.script_calls import CALL
from giar_crawler.platforms.script_values import names
from pipelines.screens import Screen, beginnings, screen

SCREENS = [mark[where] for mark in lexicon()["marks"] for where in ("source", "words") if where in mark]
SCREENS += [mark["pattern"] for marks in fingerprints().values() for mark in marks]
SCREENS += [CALL, *(table["call"] for table in names()["tables"]), *(one for one in pagers.known().values() if isinstance(one, Screen))]


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("abc", {"abc"}),
        (r"\binfo/\d+\.html?", {"info/"}),
        ("(?i)Ab(?:C|d)ef+", {"ab"}),
        ("ab(?:cde|fghi)", {"cde", "fghi"}),
        ("(?:ab|cd)(?:ef|ghi)(?:jk|lmn)", {"ef", "ghi"}),
        ("(?:ab|c?)d", {"d"}),
        ("a(?:xyz)?b", {"a"}),
        ("(?:xyz){2}|b", {"xyz", "b"}),
        (r"\d+|abc", set()),
        ("[ab]", set()),
    ],
)
def test_the_words_of_a_pattern(written, words):
    assert screen(written).words == words


@pytest.mark.parametrize("one", SCREENS, ids=lambda one: one.pattern.pattern[:30])
def test_marks_have_words(one):
    assert one.words


@given(st.data())
def test_what_a_pattern_matches_passes_its_screen(data):
    one = data.draw(st.sampled_from(SCREENS))
    text = data.draw(st.from_regex(one.pattern))
    assert one.search(text, text.casefold())


@pytest.mark.parametrize(
    ("written", "characters"),
    [
        ("过去一年|全年度?", "过全"),
        ("(?:截[至止])?(?=20)[0-2]年", "截012"),
        ("(?<!上)(?P<half>上|下)半年", "上下"),
        ("(?:[近几])*年", "近几年"),
    ],
)
def test_a_match_begins_with_one_of_the_beginnings(written, characters):
    assert beginnings(written) == set(characters)


@pytest.mark.parametrize("written", ["(?:一)?", ".年", r"\d年", "[^年]"])
def test_what_begins_with_anything_has_no_beginnings(written):
    with pytest.raises(ValueError, match=r"begins with|nothing|too many"):
        beginnings(written)
