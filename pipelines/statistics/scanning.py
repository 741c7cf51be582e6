"""Labels and values in running text, wherever its lines break: what is left of a table that has lost its cells."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from pipelines.decode.document import Line, TableCell
from pipelines.statistics.labels import LabelIndex, indexes, number_of
from pipelines.statistics.numbers import DIGITS, UNIT_WORDS, UNITS, read_value

# The characters that count in a label, as in `labels.key`, and those of them that are no digits.
SPOKEN = re.compile(r"[^0-9A-Za-z\u3400-\u9fff]+")
COUNTING = re.compile(r"[0-9A-Za-z\u3400-\u9fff]+")
WORD = re.compile(r"[A-Za-z\u3400-\u9fff]")
# What says nothing: the captions and the corner of a table, what counts its rows out (`第3行`, 行“…”), the unit of all values, page marks.
NOISE = re.compile(
    r"第二十条第\([一二三四五六七八九]\)项|\(?本列数据的勾稽关系为[^()]{10,40}之和\)?|\(单位:(?:件|条|次|人)\)|申请人:|第\d+[行列]|\[\d{1,3}\]|[行列](?=[“\"])"
    r"|^[ \t]*[-—–]+[ \t]*\d{1,4}[ \t]*[-—–]+[ \t]*$|^[ \t]*第[ \t]*\d+[ \t]*页(?:[ \t]*[,/]?[ \t]*共[ \t]*\d+[ \t]*页)?[ \t]*$",
    re.MULTILINE,
)
# The number before a label.
NUMBERING = re.compile(
    r"(?:\(\s?[一二三四五六七八九十]{1,3}\s?\)|[一二三四五六七八九十]{1,3}[、.．]|\(\d{1,2}\)|\d{1,2}\\?[)、.．]|其中[:、,]?)\s*$"
)
LONGEST_NUMBERING = 12
# A remark directly behind a label: `(区分处理的,只计这一情形)`, `(万元)`; what the number was last year is none.
REMARK = re.compile(r"[ \t]*\((?![一二三四五六七八九十\d]{1,3}\)|上年|去年|上一年|20\d\d年)[^()\n]{1,60}\)")
# A unit behind a label, and behind its remark.
UNIT_BEHIND = re.compile(rf"[ \t]*\((?:单位:?)?(?:{UNITS})\)")
OPENING = '(“"《【['
CLOSING = {")": "(", "”": "“", "》": "《", "】": "【"}
# What may follow a label at once and is no other word: the number of the next one, a unit, a value in words.
FOLLOWING = re.compile(rf"[一二三四五六七八九十]{{1,3}}[、.．]|(?:{UNITS})(?=[\d\s]|$)")
# Stands for an empty line, which may be a blank cell.
EMPTY = "\N{SYMBOL FOR NULL}"
BEFORE = r"\((?:上年|去年|上一年|20\d\d年)[^()]{1,12}\)"
NUMBER = rf"[-+−]?\d[\d,]*(?:\.\d+)?(?:{UNITS})?(?:{BEFORE})?"
PIECE = re.compile(
    rf"(?P<break>\n)|(?P<blank>空白|(?:NaN|null)(?!\w)|{EMPTY})|(?P<value>{NUMBER}(?![\w%])|(?<!\S)(?:[-—–―─━/~]+|无|{UNITS})(?!\S))"
    r"|(?P<word>[\w《“\"(][^\s:;|]*)|[^\w\s]"
)
GLUED = re.compile(rf"^(\D*?|.*?[^\d,.])({UNITS})?(\d[\d,.]*(?:{UNITS})?)$", re.ASCII)
PARTS = re.compile(r"[,;](?!\d{3}(?!\d))")
# A row whose cells commas part.
ROW = re.compile(r"(?<![-\d.])-?\d[-\d.,]*")
FEWEST_ROWS = 3
# Every value has one of these: a last digit (no label begins with 年, 月 or 日), a word or a unit at the end of a piece, a dash.
# The first class alone is searched fast. What is noise may stand behind a word: `无(单位:件)`.
ENDS, DASHES = "无零〇一" + "".join({unit[-1] for unit in UNITS.split("|")}), r"\-+−—–―─━/~_\\∕⁄"
OF_VALUE = re.compile(
    rf"[0-9{ENDS}{DASHES}]"
    rf"(?:(?<=[0-9])(?![\d年月日%])|(?<=[{ENDS}])(?=[\s:;|\d(第申\[行列]|$)|(?<=[{DASHES}])(?![{DASHES}]))"
)
# So many brackets open before a label, and so many other characters stand between those of one that is broken over lines.
MOST_OPENING = 3
MOST_BETWEEN = 60
# What parts the figures of a sentence.
PARTING = re.compile(r"[,:;。、()]")
# More text than this no report has before and between its tables.
MOST_TEXT = 400_000


@dataclass(slots=True)
class Token:
    """A label, a value, or another text, and where it stands. `listed`: it is part of a row, not of a sentence."""

    kind: str
    text: str
    start: int
    end: int
    listed: bool = True


class Vocabulary:
    """Labels to be found in a text by what counts in them, whatever stands between their characters."""

    def __init__(self, keys: Iterable[str], numbers: dict[str, set[str]]) -> None:
        ordered = sorted({one for one in keys if len(one) > 1 and WORD.match(one)}, key=len, reverse=True)
        starts = "".join(sorted({one[0] for one in ordered}))
        self.pattern = re.compile(f"(?=[{starts}])(?:{'|'.join(ordered)})")
        self.numbers = numbers  # by key, how the form numbers its rows

    def labels(self, text: str) -> Iterator[tuple[int, int]]:
        """Where labels stand in a text that stand by themselves: with their numbers and remarks, and no other words around them."""
        spoken, places = _spoken(text)
        matches = [(places[match.start()], places[match.end() - 1] + 1, match.group()) for match in self.pattern.finditer(spoken)]
        starts = {start for start, _, _ in matches}
        last = 0
        for start, stop, name in matches:
            if stop - start > len(name) + MOST_BETWEEN:
                continue
            begin = self._numbered(text, last, start, name)
            end = self._closed(text, begin, stop)
            before = begin == last or not WORD.match(text, begin - 1)
            # What follows at once is another label, or its number.
            behind = end >= len(text) or not WORD.match(text, end) or end in starts or FOLLOWING.match(text, end) is not None
            if before and behind:
                yield begin, end
                last = end

    def _closed(self, text: str, begin: int, end: int) -> int:
        """Where a label ends with the remark behind it and with the brackets that it opened."""
        remark = REMARK.match(text, end)
        if remark is not None and not self.pattern.match(SPOKEN.sub("", remark.group())):
            end = remark.end()
        while end < len(text) and (mark := CLOSING.get(text[end])) and text.count(mark, begin, end) > text.count(text[end], begin, end):
            end += 1
        unit = UNIT_BEHIND.match(text, end)
        return unit.end() if unit else end

    def _numbered(self, text: str, last: int, start: int, name: str) -> int:
        """Where a label with its number begins; of digits before it only those that the form prints there."""
        begin = start
        while begin > max(last, start - MOST_OPENING) and text[begin - 1] in OPENING:
            begin -= 1
        for _ in range(2):
            low = max(last, begin - LONGEST_NUMBERING)
            match = NUMBERING.search(text[low:begin])
            if match is None:
                break
            at = low + match.start()
            digits = "".join(char for char in match.group() if char.isdigit())
            if (digits and at and text[at - 1].isdigit()) or (len(digits) > 1 and digits not in self.numbers.get(name, ())):
                official = next((one for one in self.numbers.get(name, ()) if digits.endswith(one)), None)
                if official is None:
                    break
                at = low + match.start() + len(digits) - len(official)
            begin = at
        return begin


def _spoken(text: str) -> tuple[str, list[int]]:
    """What counts of a text, and where each character of that stands in it."""
    text = text.replace("其它", "其他").replace("或者", "或\n")
    runs: list[str] = []
    places: list[int] = []
    for run in COUNTING.finditer(text):
        runs.append(run.group())
        places += range(*run.span())
    return "".join(runs), places


def _vocabulary(found: Iterable[LabelIndex]) -> Vocabulary:
    keys: set[str] = set()
    numbers: dict[str, set[str]] = {}
    for index in found:
        keys |= {*index.rows, *index.columns, *index.words}
        for name, rows in index.rows.items():
            numbers.setdefault(name, set()).update(number_of(row.label) for _, row in rows)
    return Vocabulary(keys, {name: {one for one in some if one.isdigit()} for name, some in numbers.items()})


@cache
def vocabulary_of(form: str | None) -> Vocabulary:
    """The labels of a form, or of all of them."""
    return _vocabulary(indexes().values() if form is None else [indexes()[form]])


def _without_noise(text: str) -> str:
    return NOISE.sub(lambda match: " " * len(match.group()), text)


def may_have_values(lines: list[Line], fewest: int) -> bool:
    """Whether the text of these lines can have so many values; found in a small part of the time that scanning takes."""
    text = "\n".join([parted(line) for line in lines])
    return len(OF_VALUE.findall(text)) >= fewest and len(OF_VALUE.findall(_without_noise(text))) >= fewest


def scan(text: str, vocabulary: Vocabulary) -> list[Token]:
    """The labels of a text, and the values and other words between them."""
    wide = _comma_rows(text)
    text = _without_noise(text)
    tokens: list[Token] = []
    last = 0
    for start, end in vocabulary.labels(text):
        tokens += _between(text[last:start], last, wide)
        tokens.append(Token("label", " ".join(text[start:end].split()), start, end))
        last = end
    tokens += _between(text[last:], last, wide)
    _find_listed(tokens, text)
    return tokens


def _find_listed(tokens: list[Token], text: str) -> None:
    """Tells rows, labels with the values behind them, from what is said in sentences: those are parted from their neighbours by marks."""
    gaps = [text[one.end - (one.kind == "text") : other.start] for one, other in pairwise(tokens)]
    parted = [False, *("\n" not in gap and PARTING.search(gap) is not None for gap in gaps), False]
    stop = 0
    while stop < len(tokens):
        start = stop
        while stop < len(tokens) and tokens[stop].kind == "label":
            stop += 1
        while stop < len(tokens) and tokens[stop].kind == "value":
            stop += 1
        stop = max(stop, start + 1)
        if parted[start] or parted[stop]:
            for token in tokens[start:stop]:
                token.listed = False


def _between(text: str, at: int, wide: int) -> Iterator[Token]:
    """The values of a text without labels, and its other words by line: those with one value behind them are a sentence."""
    words: list[Token] = []
    for match in PIECE.finditer(text):
        kind, piece, start, end = match.lastgroup, match.group(), at + match.start(), at + match.end()
        if kind == "break":
            yield from _row(words)
            words = []
        elif kind == "blank":
            words.append(Token("value", "", start, end))
        elif kind == "value":
            words += [Token("value", part, start, end) for part in _numbers(piece, wide)]
        elif kind == "word" and WORD.search(piece):
            glued = GLUED.match(piece)
            parts = [part for part in glued.groups() if part] if glued else [piece]
            words += [Token("value" if is_value(part) else "text", part, start, end) for part in parts]
    yield from _row(words)


def _row(words: list[Token]) -> Iterator[Token]:
    """The words of one line, its text in one token."""
    texts = [place for place, word in enumerate(words) if word.kind == "text"]
    if not texts:
        yield from words
        return
    first, last = texts[0], texts[-1]
    yield from words[:first]
    if len(words) - last - 1 == 1:
        last = len(words) - 1
    yield Token("text", " ".join([word.text for word in words[first : last + 1]]), words[first].start, words[last].end)
    yield from words[last + 1 :]


def _comma_rows(text: str) -> int:
    """Of how many cells most rows are whose cells commas part; 0 where they part none, or thousands too."""
    pieces = (piece.rstrip(",.") for piece in ROW.findall(text) if "," in piece)
    widths = Counter(piece.count(",") + 1 for piece in pieces if not is_value(piece))
    width, count = max(widths.items(), key=lambda item: item[1], default=(0, 0))
    return width if count >= FEWEST_ROWS and count * 4 >= widths.total() * 3 else 0


def _numbers(piece: str, wide: int) -> list[str]:
    """A number, or those that commas part; `wide`: so many cells they part in other rows."""
    if is_value(piece):
        return [piece]
    if piece.count(",") + 1 == wide:
        return piece.split(",")
    parts = PARTS.split(piece)
    return parts if all(map(is_value, parts)) else [part for part in piece.split(",") if part]


def is_value(text: str) -> bool:
    """Whether a text is a value or a unit."""
    return text in UNIT_WORDS or (bool(text) and ((value := read_value(text)).status != "unreadable" or value is DIGITS))


def parted(line: Line) -> str:
    """The clean text of a line with semicolons for its full-width commas, for no thousands are written so."""
    if "，" not in line.raw or line.clean.count(",") != line.raw.count(",") + line.raw.count("，"):
        return line.clean
    marks = iter([mark for mark in line.raw if mark in ",，"])
    return re.sub(",", lambda _: "," if next(marks) == "," else ";", line.clean)


def scan_lines(lines: list[Line], vocabulary: Vocabulary) -> Iterator[tuple[Token, TableCell]]:
    """The labels, values and other texts of consecutive lines, each as a cell with the place of the line that it begins in."""
    starts: list[int] = []
    texts: list[str] = []
    offset = 0
    for line in lines:
        text = f"{EMPTY}\n" * line.empty + parted(line)
        starts.append(offset)
        texts.append(text)
        offset += len(text) + 1
        if offset > MOST_TEXT:
            break
    text = "\n".join(texts)
    for token in scan(text, vocabulary):
        line = lines[bisect_right(starts, token.start) - 1]
        raw = token.text or text[token.start : token.end].strip(EMPTY)
        yield token, TableCell(raw, token.text, place=f"text:{line.start}-{line.end}")
