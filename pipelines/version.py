"""Which reading made a record: derived from its code and data, so that nothing stale can pass as current."""

from __future__ import annotations

import hashlib
import unicodedata
from functools import cache
from importlib.metadata import version
from pathlib import Path

from lxml import etree

RELEASE = "0.1.0"
# The libraries whose tables and rules decide what a page says.
LIBRARIES = ("lxml", "opencc", "charset-normalizer", "python-stdnum", "rapidfuzz")
HERE = Path(__file__).parent
# What of this folder a reading does not depend on: how records are stored, and how the stages hang in Scrapy.
BESIDE = frozenset({"storage", "item_pipelines.py", "stats.py"})
# The nouns are the record's own form.
NOUNS = tuple(HERE.parent / "giar_crawler" / name for name in ("items.py", "outcomes.py"))
SOURCES = (".py", ".yaml", ".csv")


def sources() -> list[Path]:
    """The files that the reading is made of, in a fixed order."""
    own = (path for path in HERE.rglob("*") if path.suffix in SOURCES and path.relative_to(HERE).parts[0] not in BESIDE)
    return [*sorted(own), *NOUNS]


@cache
def parser_version() -> str:
    """The release, and twelve digits over all that decides what is read: code, data, libraries, the tables of Unicode."""
    libraries = [f"{name} {version(name)}" for name in LIBRARIES]
    digest = hashlib.sha256(f"{libraries} {etree.LIBXML_VERSION} {unicodedata.unidata_version}".encode())
    for path in sources():
        content = path.read_bytes()
        digest.update(f"\n{path.relative_to(HERE.parent).as_posix()} {len(content)}\n".encode())
        digest.update(content)
    return f"{RELEASE}+{digest.hexdigest()[:12]}"
