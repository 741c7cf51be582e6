"""Bytes to characters: which encoding a page really has, whatever it declares."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from charset_normalizer import from_bytes

from pipelines.decode.familiar import FAMILIAR, SAMPLE, familiar, is_familiar
from pipelines.decode.mixed import unmixed
from pipelines.decode.mojibake import undo

DECLARED_IN_HEADER = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
DECLARED_IN_META = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
# A page that begins with so much script before its declaration breaks the standard (1,024 bytes), but exists.
DECLARED_WITHIN = 32_768
BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))

# gb2312 and gbk are declared for pages that use characters of the larger sets; the largest reads all of them.
SUPERSETS = {"gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030", "big5": "big5hkscs", "big5hkscs": "big5hkscs"}
# What pages in Chinese are written in. Other declarations say nothing: iso-8859-1 comes from servers that know nothing of the page, and
# Python has codecs (hex, rot13, punycode) that are no encodings of text at all.
PLAUSIBLE = {"utf-8", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "big5hkscs", "hz"}
HAN_ENCODINGS = ("gb18030", "big5hkscs")
# How sure an encoding is whose text is valid but looks like nothing known; and how much one percent of undecodable characters costs.
STRANGE, PER_LOST = 0.5, 15.0
# In UTF-16 without a mark the markup is every other byte zero.
ZEROS = 0.2


@dataclass(slots=True)
class Decoded:
    """The text of a page, its Python encoding name, where that was learnt, what was declared, and the share of undecodable characters.

    `confidence` is how sure the encoding is, between 0 and 1; `undone` counts pieces that had been encoded twice, `mixed` says that pieces
    were in another encoding. `utf8` is the text in UTF-8 where the page came so: it need not be encoded again to be parsed.
    """

    text: str
    encoding: str
    source: str
    declared: str | None
    damage: float
    utf8: bytes | None = None
    confidence: float = 1.0
    undone: int = 0
    mixed: bool = False


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


def _best(body: bytes, declared: str | None) -> tuple[str, str]:
    """The encoding that loses the fewest characters, the more familiar text where several lose none; and whether it was declared."""
    sample = body[:SAMPLE]
    losses = {name: _loss(sample, name) for name in (declared, *HAN_ENCODINGS, "utf-8") if name}
    # A guess among all encodings takes as long as all else here: it is for pages that nothing reads well.
    if min(losses.values()) > (0.0, -FAMILIAR) and (guess := from_bytes(sample).best()) and (name := _known(guess.encoding)):
        losses.setdefault(name, _loss(sample, name))
    best = min(losses, key=lambda name: losses[name])
    return best, "declared" if best == declared else "content"


def _loss(sample: bytes, encoding: str) -> tuple[float, float]:
    """How little of a page an encoding reads, and then how strange it looks."""
    text = sample.decode(encoding, "replace")
    return round(_damage(text), 2), -round(familiar(text), 2)


def _unmarked_utf16(body: bytes) -> str | None:
    """The byte order of UTF-16 without a mark, `None` for anything else: which half of the byte pairs of markup is zero."""
    if body.find(0, 0, SAMPLE) < 0:
        return None
    even, odd = body[:SAMPLE:2], body[1:SAMPLE:2]
    zeros = (even.count(0) / max(1, len(even)), odd.count(0) / max(1, len(odd)))
    if max(zeros) < ZEROS or min(zeros) > ZEROS / 4:
        return None
    return "utf-16-be" if zeros[0] > zeros[1] else "utf-16-le"


def _declared(body: bytes, content_type: str, register_encoding: str | None) -> tuple[str, str | None]:
    """Where the first usable declaration stands (`content` without one), and the encoding that it names."""
    in_header = DECLARED_IN_HEADER.search(content_type)
    in_meta = DECLARED_IN_META.search(body, 0, DECLARED_WITHIN)
    declarations = (
        ("header", in_header.group(1) if in_header else None),
        ("meta", in_meta.group(1).decode("ascii", "replace") if in_meta else None),
        ("register", register_encoding),
    )
    return next(((origin, known) for origin, name in declarations if (known := _known(name))), ("content", None))


def _decoded(body: bytes, content_type: str, register_encoding: str | None) -> Decoded:
    for bom, encoding in BOMS:
        if body.startswith(bom):
            return _made(body[len(bom) :], encoding, "bom", encoding)
    source, declared = _declared(body, content_type, register_encoding)
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        if (order := _unmarked_utf16(body)) is None:
            return Decoded(text, "utf-8", source if declared == "utf-8" else "content", declared, _damage(text), body)
        return _made(body, order, "content", declared)
    if (order := _unmarked_utf16(body)) is not None:
        return _made(body, order, "content", declared)
    if declared in HAN_ENCODINGS and (own := _believed(body, declared)) is not None:
        return _made(body, declared, source, declared, own)
    best, how = _best(body, declared)
    return _made(body, best, source if how == "declared" else "content", declared)


def _believed(body: bytes, declared: str) -> str | None:
    """The page in a declared encoding where that reads all, and no other reads all and makes text of it that looks like a report."""
    own = _strictly(body, declared)
    if own is None or is_familiar(own) is not False:
        return own
    others = (_strictly(body, name) for name in HAN_ENCODINGS if name != declared)
    return None if any(is_familiar(text) for text in others if text is not None) else own


def _strictly(body: bytes, encoding: str) -> str | None:
    try:
        return body.decode(encoding)
    except UnicodeDecodeError:
        return None


def _made(body: bytes, encoding: str, source: str, declared: str | None, text: str | None = None) -> Decoded:
    own = unmixed(body, encoding)
    if text is None or own != body:
        text = own.decode(encoding, "replace")
    return Decoded(text, encoding, source, declared, _damage(text), mixed=own != body)


def _confidence(decoded: Decoded) -> float:
    """How sure the encoding is: lost characters speak against it, and text in which no common word of a report occurs."""
    sure = max(0.0, 1.0 - PER_LOST * decoded.damage)
    if decoded.encoding == "utf-8" and decoded.source != "bom" and not decoded.damage:
        # By chance nothing else is valid UTF-8.
        return 1.0
    return min(sure, STRANGE) if is_familiar(decoded.text) is False else sure


def decode_bytes(body: bytes, content_type: str = "", register_encoding: str | None = None) -> Decoded:
    """The page's text. The declarations are tried in the order BOM, HTTP header, meta, register; the bytes have the last word.

    Valid UTF-8 with Chinese in it is UTF-8 whatever is declared: text in another encoding is practically never valid UTF-8 by chance.
    Pieces in another encoding than the page's are read in theirs, and pieces that were encoded twice are undone.
    """
    decoded = _decoded(body, content_type, register_encoding)
    undone = undo(decoded.text, decoded.utf8)
    if undone.count:
        decoded.text, decoded.utf8, decoded.undone, decoded.damage = undone.text, None, undone.count, _damage(undone.text)
    confidence = _confidence(decoded)
    decoded.confidence = round(min(confidence, STRANGE) if undone.is_broken else confidence, 3)
    return decoded
