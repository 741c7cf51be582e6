"""Personal data of the form's foot: names and telephone numbers of clerks are masked, letter by letter, so that every place stays."""

from __future__ import annotations

import re

from pipelines.decode.document import Line

PERSON = r"(?:单位负责人|負責人|單位負責人|分管领导|负责人|审核人|審核人|填报人|填報人|填表人|联系人|聯系人|聯絡人|经办人|經辦人|制表人)"
PHONE = r"(?:联系电话|聯系電話|聯繫電話|联系方式|联络电话|电话|電話|手机|手機)"
NAME = re.compile(rf"({PERSON}(?:\(签[字章]\)|（签[字章]）)?\s*[:：]\s*)([\u3400-\u9fff·•]{{1,2}}\s?[\u3400-\u9fff·•]{{0,6}})")
NUMBER = re.compile(rf"({PHONE}\s*[:：]?\s*)([\d０-９][\d０-９\-－—() ]{{5,24}})")
LABEL = re.compile(rf"^\s*(?:{PERSON}|{PHONE})(?:\(签[字章]\)|（签[字章]）)?\s*[:：]?\s*$")
FOOT = re.compile(PERSON)
VISIBLE = re.compile(r"[^\s]")
LABEL_WORDS = re.compile(rf"^(?:{PERSON}|{PHONE}|填报日期|填報日期|填报时间)")


def _stars(text: str) -> str:
    return VISIBLE.sub("*", text)


def mask(text: str) -> str:
    """The text with the names and numbers behind the labels of a form's foot turned into `*`, of the same length.

    >>> mask("审核人:张三丰 联系电话:0912-3456789")
    '审核人:*** 联系电话:************'
    """

    def name(match: re.Match[str]) -> str:
        found = match.group(2)
        # `审核人: 填报人:` leaves the first one empty: what follows is the next label.
        return match.group(0) if LABEL_WORDS.match(found) else match.group(1) + _stars(found)

    return NUMBER.sub(lambda match: match.group(1) + _stars(match.group(2)), NAME.sub(name, text))


def mask_lines(lines: list[Line]) -> None:
    """Masks the feet among the lines in place: raw and clean text, cells too, also where label and value stand in two cells."""
    if not FOOT.search("\n".join([line.clean for line in lines])):
        return
    for index, line in enumerate(lines):
        if not FOOT.search(line.clean):
            continue
        # The telephone often stands on the line after the names.
        for foot in lines[index : index + 3]:
            foot.raw, foot.clean = mask(foot.raw), mask(foot.clean)
            _mask_cells(foot)


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
