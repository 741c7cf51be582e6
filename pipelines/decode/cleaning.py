"""Clean text for all lines and cells of a page at once: NFKC, simplified, repaired."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from pipelines.decode.document import Document, Line, TableCell
from pipelines.decode.repair import is_shifted, repair
from pipelines.decode.script import Cleaned, clean, cleaned, is_traditional

# How a syllable is written in pinyin, behind a character in brackets: mirrors insert it as noise, 政(zheng)府(fu), 公開(kāi). Abbreviations
# (kg, pdf) are no syllables; of a few such brackets some may be words.
_VOWEL = "[aāáǎàeēéěèiīíǐìoōóǒòuūúǔùüǖǘǚǜv]"
# Letters of a list, (i) and (a), are none.
PINYIN = re.compile(
    rf"\((?<=[\u3400-\u9fff]\()(?:(?:[zcs]h|[bpmfdtnlgkhjqxzcsryw]){_VOWEL}{{1,3}}(?:ng?|r)?|[aāáǎàoōóǒòeēéěè](?:[iīíǐìoōóǒòuūúǔù]|ng?|r))\)"
)
FEWEST_PINYIN = 3

# Between the cells of a table's row on its line.
BORDER = " | "


def _clean_all(joined: str, holders: Sequence[Line | TableCell], rows: Sequence[Line], *, traditional: bool) -> Cleaned:
    """Fills `clean` of lines or cells in one conversion of their joined text; returns it. The raw text of all becomes NFC."""
    whole = cleaned(joined, traditional=traditional)
    if not whole.composed and not unicodedata.is_normalized("NFC", joined):
        for holder in (*holders, *rows):
            holder.raw = unicodedata.normalize("NFC", holder.raw)
    for holder, part in zip(holders, map(str.strip, whole.text.split("\n")) if holders else (), strict=True):
        holder.clean = part
    return whole


def _repair_all(holders: Sequence[Line | TableCell], *, traditional: bool) -> int:
    """Mends `clean` of lines or cells with shifted bytes; returns how many."""
    repaired = 0
    for holder in holders:
        mended = repair(holder.raw)
        if mended is not holder.raw:
            holder.clean = clean(mended, traditional=traditional)
            repaired += 1
    return repaired


def set_clean(document: Document) -> None:
    """Fills `clean` of all lines and cells."""
    lines, cells = document.lines, [cell for table in document.tables for row in table.rows for cell in row]
    # The line of a table's row is its cells once more; flattened text has rows that run over several lines.
    rows = [line for line in lines if line.cells is not None] if document.media == "html" else []
    others = [line for line in lines if line.cells is None] if rows else lines
    holders: list[Line | TableCell] = [*others, *cells]
    joined = "\n".join([holder.raw for holder in holders])
    document.traditional = is_traditional(joined)
    whole = _clean_all(joined, holders, rows, traditional=document.traditional)
    document.pinyin = len(PINYIN.findall(whole.text))
    if document.pinyin >= FEWEST_PINYIN:
        for holder in holders:
            holder.clean = PINYIN.sub("", holder.clean)
    for line in rows:
        line.clean = BORDER.join([cell.clean for cell in line.cells or ()]).strip()
    document.has_halves = is_shifted(whole)
    if document.has_halves:
        document.repaired = _repair_all(lines, traditional=document.traditional)
        _repair_all(cells, traditional=document.traditional)
