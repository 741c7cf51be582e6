"""Personal data of the form's foot: names and telephone numbers of clerks are masked, letter by letter, so that every place stays."""

from __future__ import annotations

import re

from pipelines.decode.document import Line

PERSON = (
    r"(?:(?:单位|單位|主管|分管|主要)?(?:负责人|負責人|领导|領導)"
    r"|(?:审核|審核|填[报報表]|经办|經辦|制表|联系|聯系|聯絡|联络|编制|報送|报送)人?(?:员|員)?)"
)
PHONE = r"(?:(?:联系|聯系|聯繫|联络|办公|辦公)?(?:电话|電話|方式)|手机|手機)"
SIGNED = r"(?:\(签[字章]\)|（签[字章]）)?"
HAN = r"[\u3400-\u9fff·•]"
# A name is up to eight characters before the next label; one of two is often set apart (张 三); another name or a number may follow.
ONE = rf"(?:{HAN}\s{{1,3}}{HAN}(?!{HAN}|[:：])|(?:(?!{PERSON}|{PHONE}|填[报報表]|年){HAN}){{2,8}})"
NAME = re.compile(rf"({PERSON}{SIGNED}\s*[:：]\s*)({ONE}(?:[、,，/]\s*{ONE})*(?:\s*[\d０-９][\d０-９\-－—]{{6,14}})?)")
NUMBER = re.compile(rf"({PHONE}\s*[:：]?\s*)([(（]?[\d０-９][\d０-９\-－—()（） ]{{5,24}})")
LABEL = re.compile(rf"^\s*(?:{PERSON}|{PHONE}){SIGNED}\s*[:：]?\s*$")
# Looked for on every line of every page: a foot is a label with its colon, or alone in its cell or on its line.
FOOT = re.compile(
    rf"(?:负责人|負責人|领导|領導|审核|審核|填[报報表]|经办|經辦|制表|联系|聯系|聯絡|联络|编制|報送|报送)人?[员員]?{SIGNED}\s*(?:[:：|]|$)",
    re.MULTILINE,
)
VISIBLE = re.compile(r"[^\s]")
# What stands below a label alone on its line is its value only when it is this short.
LONGEST_VALUE = 30


def _stars(text: str) -> str:
    return VISIBLE.sub("*", text)


def mask(text: str) -> str:
    """The text with the names and numbers behind the labels of a form's foot turned into `*`, of the same length.

    >>> mask("审核人:张三丰 联系电话:0912-3456789")
    '审核人:*** 联系电话:************'
    """

    def starred(match: re.Match[str]) -> str:
        return match.group(1) + _stars(match.group(2))

    return NUMBER.sub(starred, NAME.sub(starred, text))


def mask_lines(lines: list[Line]) -> None:
    """Masks the feet among the lines in place: raw and clean text, cells too, also where label and value stand in two cells."""
    # A sentence is none, and most of a report is sentences.
    if not FOOT.search("\n".join([text for line in lines if (text := line.clean)[-1:] != "。" or ":" in text or "|" in text])):
        return
    for index, line in enumerate(lines):
        if not FOOT.search(line.clean):
            continue
        # The telephone often stands on a line after the names.
        for foot, below in zip(lines[index : index + 8], [*lines[index + 1 : index + 8], None], strict=False):
            foot.raw, foot.clean = mask(foot.raw), mask(foot.clean)
            _mask_cells(foot)
            if below is not None and LABEL.match(foot.clean) and not LABEL.match(below.clean) and len(below.clean) <= LONGEST_VALUE:
                below.raw, below.clean = _stars(below.raw), _stars(below.clean)


def _mask_cells(line: Line) -> None:
    if line.cells is None:
        return
    labelled = False
    for cell in line.cells:
        if labelled and not LABEL.match(cell.clean):
            cell.raw, cell.clean = _stars(cell.raw), _stars(cell.clean)
        else:
            cell.raw, cell.clean = mask(cell.raw), mask(cell.clean)
        labelled = bool(LABEL.match(cell.clean))
    line.raw = " | ".join(cell.raw for cell in line.cells)
    line.clean = " | ".join(cell.clean for cell in line.cells)
