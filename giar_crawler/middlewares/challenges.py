"""What comes in the place of a page: by its status, or by marks on a page with hardly anything else. They are in `challenges.yaml`."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

from giar_crawler.items import PageKind
from giar_crawler.platforms import ListPage, read_page
from pipelines.data import DataError, load
from pipelines.screens import screen
from pipelines.texts import holds

# Longer answers are pages. Scripts that compute a cookie have some hundred kilobytes at most.
LONGEST = 200_000
ASCII = bytes(range(128))
# Bytes of a Chinese character, at most, with one for what scripts and comments have of them.
WIDTH = 4
# This and the content are looked for in the page in lower case: without regard to case a pattern takes three times as long.
LINK = re.compile(rb"<(?:a|iframe|frame)\s[^<>]*(?:href|src)")
# Lists drawn by a script, and pages that send their reader on.
CONTENT_WORDS = (b"http-equiv", b"<datastore", b"<record")
CONTENT = re.compile(rb"http-equiv\s{0,9}=\s{0,9}.?refresh|<datastore|<record")
SHAPE = {
    "statuses": {"*": {"kind": str, "name": str}},
    "kinds": {"*": {"characters": int, "links": int, "ban": bool, "asked": [str]}},
    "marks": [{"name": str, "kind": str, "source?": screen, "words?": screen, "example": str}],
    "leaves": [str],
}


@dataclass(slots=True, frozen=True)
class Challenge:
    """What an answer is in the place of a page: its kind (a reason of the walk), whose mark it bears, whether several are a ban."""

    kind: str
    name: str
    ban: bool


@cache
def lexicon() -> dict[str, Any]:
    """The checked marks. Raises DataError where a mark has no known kind, nothing to look for, or misses its own example."""
    data: dict[str, Any] = load(Path(__file__).with_name("challenges.yaml"), SHAPE)
    for number, mark in enumerate(data["marks"]):
        where = f"challenges.yaml.marks[{number}] ({mark['name']})"
        if mark["kind"] not in data["kinds"] or not ({"source", "words"} & mark.keys()):
            raise DataError(f"{where}: a kind of the table and source or words are expected")
        example = mark["example"].encode()
        words = _words(read_page("http://page/", example))
        if not _bears(mark, _shown(example.decode(), words)) or len(words) > data["kinds"][mark["kind"]]["characters"]:
            raise DataError(f"{where}: its own example is not recognised")
    if unknown := {status["kind"] for status in data["statuses"].values()} - data["kinds"].keys() - {"412", "429"}:
        raise DataError(f"challenges.yaml.statuses: {', '.join(sorted(unknown))} is no kind")
    return data


def challenge(status: int, body: bytes, asked: PageKind = "home", read: Callable[[], ListPage] | None = None) -> Challenge | None:
    """What an answer to a request for such a page is in the place of the page, `None` for a page; `read` gives the latter where it can."""
    data = lexicon()
    if status in data["statuses"]:
        known = data["statuses"][status]
        return Challenge(known["kind"], known["name"], ban=True)
    kinds = {name: kind for name, kind in data["kinds"].items() if asked in kind["asked"]}
    if not kinds or not body or len(body) > LONGEST:
        return None
    lowered = body.lower()
    if _has_content(lowered):
        return None
    # Counted first: nearly every page has more links or more text, and needs not be parsed for this.
    most = max(kind["links"] for kind in kinds.values())
    links = sum(1 for _ in islice(LINK.finditer(lowered), most + 1))
    wide = len(body.translate(None, ASCII))
    kinds = {name: kind for name, kind in kinds.items() if links <= kind["links"] and wide <= WIDTH * kind["characters"]}
    if not kinds:
        return None
    words = _words(read() if read else read_page("http://page/", body))
    folded = words.casefold()
    kinds = {name: kind for name, kind in kinds.items() if len(words) <= kind["characters"] and _hints(name).may_be_in(lowered, folded)}
    if not kinds:
        return None
    shown = _shown(body.decode("utf-8", "replace"), words)
    for mark in data["marks"]:
        kind = kinds.get(mark["kind"])
        if kind and _bears(mark, shown):
            return Challenge(mark["kind"], mark["name"], kind["ban"])
    return None


@dataclass(slots=True, frozen=True)
class _Hints:
    """Of the marks of one kind words in lower case, of which a page that bears one has one, in its source or in what a reader sees."""

    source: tuple[bytes, ...]
    words: re.Pattern[str] | None
    # Whether each mark has such words.
    complete: bool

    def may_be_in(self, source: bytes, words: str) -> bool:
        """Whether a mark may be there; both texts are in lower case."""
        for word in self.source:
            # To ask whether bytes are in bytes takes twice as long.
            if source.rfind(word) >= 0:
                return True
        return not self.complete or (self.words is not None and self.words.search(words) is not None)


@cache
def _hints(kind: str) -> _Hints:
    """Those of a kind: nearly no page has any, and to try the marks one by one takes five times as long."""
    marks = [mark for mark in lexicon()["marks"] if mark["kind"] == kind]
    shown = [mark["words"].words if "words" in mark else frozenset() for mark in marks]
    written = [mark["source"].words if "source" in mark and not seen else frozenset() for mark, seen in zip(marks, shown, strict=True)]
    return _Hints(
        tuple(word.encode() for word in frozenset().union(*written)),
        re.compile("|".join(map(re.escape, frozenset().union(*shown)))) if any(shown) else None,
        all(seen or source for seen, source in zip(shown, written, strict=True)),
    )


def _has_content(lowered: bytes) -> bool:
    # The pattern takes as long as all else here.
    return any(holds(lowered, word) for word in CONTENT_WORDS) and CONTENT.search(lowered) is not None


def _words(page: ListPage) -> str:
    return f"{page.head_title} {page.visible}".strip()


def _shown(source: str, words: str) -> dict[str, tuple[str, str]]:
    """Where marks are looked for, each text with its folded form."""
    return {"source": (source, source.casefold()), "words": (words, words.casefold())}


def _bears(mark: dict[str, Any], shown: dict[str, tuple[str, str]]) -> bool:
    return all(mark[where].search(*texts) for where, texts in shown.items() if where in mark)
