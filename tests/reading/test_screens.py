"""A screen lets through whatever its pattern matches."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from giar_crawler.middlewares.challenges import lexicon
from giar_crawler.platforms.base import fingerprints
from pipelines.screens import screen

SCREENS = [mark[where] for mark in lexicon()["marks"] for where in ("source", "words") if where in mark]
SCREENS += [mark["pattern"] for marks in fingerprints().values() for mark in marks]


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("abc", {"abc"}),
        (r"\binfo/\d+\.html?", {"info/"}),
        ("(?i)Ab(?:C|d)ef+", {"ab"}),
        ("ab(?:cde|fghi)", {"cde", "fghi"}),
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
    assert one.matches(text, text.casefold())
