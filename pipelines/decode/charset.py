"""Bytes to characters: which encoding a page really has, whatever it declares."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from charset_normalizer import from_bytes

DECLARED_IN_HEADER = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
DECLARED_IN_META = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))

# gb2312 and gbk are declared for pages that use characters of the larger sets; the largest reads all of them.
SUPERSETS = {"gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030", "big5": "big5hkscs", "big5hkscs": "big5hkscs"}
# What pages in Chinese are written in. Other declarations say nothing: iso-8859-1 comes from servers that know nothing of the page, and
# Python has codecs (hex, rot13, punycode) that are no encodings of text at all.
PLAUSIBLE = {"utf-8", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "big5hkscs", "hz"}
HAN_ENCODINGS = ("gb18030", "big5hkscs")
# The commonest characters of these reports in both scripts: text decoded with the wrong table has hardly any of them.
COMMON = frozenset("的一是不在有和年政府信息公开公開工作情况情況主动主動依申请申請机关機關数數条條件行为為无無发發布单位單")
# So much of a page tells its encoding; the guess of a library needs no more either.
SAMPLE = 60_000


@dataclass(slots=True, frozen=True)
class Decoded:
    """The text of a page, its Python encoding name, where that was learnt, what was declared, and the share of undecodable characters.

    `utf8` is the text in UTF-8 where the page came so: it need not be encoded again to be parsed.
    """

    text: str
    encoding: str
    source: str
    declared: str | None
    damage: float
    utf8: bytes | None = None


def _known(name: str | None) -> str | None:
    """The Python name of a declared encoding, widened to its superset; `None` where it is unknown or says nothing."""
    if not name:
        return None
    try:
        canonical = codecs.lookup(name).name
    except (LookupError, ValueError):
        return None
    widened = SUPERSETS.get(canonical, canonical)
    return widened if widened in PLAUSIBLE else None


def _damage(text: str) -> float:
    # Finding none is ten times as fast as counting none.
    return text.count("\ufffd") / len(text) if "\ufffd" in text else 0.0


def _familiar(text: str) -> float:
    """The share of a text's non-ASCII characters that are among the commonest of these reports."""
    foreign = [character for character in text[:SAMPLE] if character > "\x7f"]
    return sum(character in COMMON for character in foreign) / len(foreign) if foreign else 0.0


def _best(body: bytes, declared: str | None) -> tuple[str, str]:
    """The encoding that loses the fewest characters, the more familiar text where several lose none; and whether it was declared."""
    guess = from_bytes(body[:SAMPLE]).best()
    names = dict.fromkeys(name for name in (declared, *HAN_ENCODINGS, "utf-8", guess and _known(guess.encoding)) if name)
    texts = {name: body[:SAMPLE].decode(name, "replace") for name in names}
    best = min(names, key=lambda name: (round(_damage(texts[name]), 2), -round(_familiar(texts[name]), 2)))
    return best, "declared" if best == declared else "content"


def decode_bytes(body: bytes, content_type: str = "", register_encoding: str | None = None) -> Decoded:
    """The page's text. The declarations are tried in the order BOM, HTTP header, meta, register; the bytes have the last word.

    Valid UTF-8 with Chinese in it is UTF-8 whatever is declared: text in another encoding is practically never valid UTF-8 by chance.
    """
    for bom, encoding in BOMS:
        if body.startswith(bom):
            text = body[len(bom) :].decode(encoding, "replace")
            return Decoded(text, encoding, "bom", encoding, _damage(text))
    in_header = DECLARED_IN_HEADER.search(content_type)
    in_meta = DECLARED_IN_META.search(body[:4096])
    declarations = (
        ("header", in_header.group(1) if in_header else None),
        ("meta", in_meta.group(1).decode("ascii", "replace") if in_meta else None),
        ("register", register_encoding),
    )
    source, declared = next(((origin, _known(name)) for origin, name in declarations if _known(name)), ("content", None))
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        return Decoded(text, "utf-8", source if declared == "utf-8" else "content", declared, _damage(text), body)
    if declared in HAN_ENCODINGS:
        try:
            return Decoded(body.decode(declared), declared, source, declared, 0.0)
        except UnicodeDecodeError:
            pass
    best, how = _best(body, declared)
    text = body.decode(best, "replace")
    return Decoded(text, best, source if how == "declared" else "content", declared, _damage(text))
