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
LINK = re.compile(rb"<(?:a|iframe|frame)\s[^<>]*(?:href|src)", re.IGNORECASE)
# Lists drawn by a script, and pages that send their reader on.
CONTENT_WORDS = (b"http-equiv", b"<datastore", b"<record")
CONTENT = re.compile(rb"http-equiv\s{0,9}=\s{0,9}.?refresh|<datastore|<record", re.IGNORECASE)
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
    if not kinds or not body or len(body) > LONGEST or _has_content(body):
        return None
    # Counted first: nearly every page has more links or more text, and needs not be parsed for this.
    most = max(kind["links"] for kind in kinds.values())
    links = sum(1 for _ in islice(LINK.finditer(body), most + 1))
    wide = len(body.translate(None, ASCII))
    kinds = {name: kind for name, kind in kinds.items() if links <= kind["links"] and wide <= WIDTH * kind["characters"]}
    if not kinds:
        return None
    words, source = _words(read() if read else read_page("http://page/", body)), body.decode("utf-8", "replace")
    shown = _shown(source, words)
    for mark in data["marks"]:
        kind = kinds.get(mark["kind"])
        if kind and len(words) <= kind["characters"] and _bears(mark, shown):
            return Challenge(mark["kind"], mark["name"], kind["ban"])
    return None


def _has_content(body: bytes) -> bool:
    # The pattern, without regard to case, takes as long as all else here.
    lowered = body.lower()
    return any(holds(lowered, word) for word in CONTENT_WORDS) and CONTENT.search(body) is not None


def _words(page: ListPage) -> str:
    return f"{page.head_title} {page.visible}".strip()


def _shown(source: str, words: str) -> dict[str, tuple[str, str]]:
    """Where marks are looked for, each text with its folded form."""
    return {"source": (source, source.casefold()), "words": (words, words.casefold())}


def _bears(mark: dict[str, Any], shown: dict[str, tuple[str, str]]) -> bool:
    return all(mark[where].matches(*texts) for where, texts in shown.items() if where in mark)
