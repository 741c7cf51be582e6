"""A golden page that can be changed: its tree or its lines, where its figures stand, and what is true of it after each change.

Only figures that the reading gives right on the page as it stands are wanted afterwards. Where each stands is known from its locator.
"""

from __future__ import annotations

import copy
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any, Literal, TypeVar

from lxml import etree

from giar_crawler.items import Figure, FigureStatus, Number, Page
from pipelines import read
from pipelines.decode.charset import decode_bytes
from pipelines.decode.document import TableCell
from pipelines.decode.flat import read_flat
from tests.evaluation.cases import Case, figures_of
from tests.evaluation.mutation.markup import DROPPED, content, folded
from tests.evaluation.tally import GONE, Gone, Truth, is_right

Kind = Literal["table", "text", "prose"]
T = TypeVar("T")
# A shorter label also is a word of other labels, or of a sentence.
LONG = 8


@dataclass(slots=True)
class Source:
    """A golden page as it stands, with what its reading gave; `start` makes a fresh page of it for each mutation.

    `right` are the figures that are right, `truth` what is true of the page; `twice` has what the page also says outside its tables.
    `repeated` are those that another row of the same wording, a second report, or a copy of the page in itself states once more.
    """

    case: Case
    kind: Kind | None
    text: str
    encoding: str
    form: str | None
    right: dict[str, Figure]
    truth: Truth
    twice: dict[str, Figure]
    repeated: frozenset[str]
    root: etree._Element | None = None
    places: dict[str, int] = field(default_factory=dict)  # key of a figure -> number of its cell in the order of the tree

    def start(self, seed: str) -> ChangedPage:
        """A page to change, with random choices of its own."""
        truth = Truth(dict(self.truth.wanted), self.truth.spare, self.truth.ignored)
        parts = (self, truth, Random(seed), dict(self.right))  # noqa: S311 - no secret
        if self.kind == "text":
            return FlatPage(*parts)
        root = copy.deepcopy(self.root)
        assert root is not None
        elements = list(root.iter())
        return HtmlPage(*parts, root=root, cells={key: elements[place] for key, place in self.places.items()})


@dataclass(slots=True)
class ChangedPage:
    """A page on its way through mutations.

    `figures` are those that are printed on it, as they would be read; `written` is its text where a mutation writes it whole.
    """

    source: Source
    truth: Truth
    random: Random
    figures: dict[str, Figure]
    written: str | None = None

    def text(self) -> str:
        """The page as it would be sent, before it is encoded."""
        raise NotImplementedError

    def page(self) -> Page:
        """The changed page, in the encoding of the one that it was made of."""
        text = self.text() if self.written is None else self.written
        page = self.source.case.page
        return Page(page.url, text.encode(self.source.encoding, "xmlcharrefreplace"), page.headers, context=page.context)

    def figure(self, key: str) -> Figure:
        """The figure as it is printed now."""
        return self.figures[key]

    def gone(self, keys: Iterable[str]) -> None:
        """Says that figures no longer are where they were; some stand in a sentence too, or on a copy of their row."""
        for key in keys:
            self.truth.wanted[key] = Gone(self._elsewhere(key))

    def _elsewhere(self, key: str) -> frozenset[Number]:
        """The numbers of a figure that other places of the page state."""
        figures = [self.source.twice.get(key), self.source.right[key] if key in self.source.repeated else None]
        return frozenset(figure.value for figure in figures if figure is not None and figure.value is not None)

    def forget(self, key: str) -> None:
        """Says that nobody knows what is true of a figure now."""
        self.truth.wanted.pop(key, None)
        self.truth.ignored = (self.truth.ignored or frozenset()) | {key}

    def becomes(self, key: str, value: int | None, raw: str) -> None:
        """Says that a figure is printed as another number now, or as none."""
        others = self._elsewhere(key) if key in self.source.repeated else frozenset()
        self.truth.wanted[key] = Gone(others | ({value} if value is not None else set())) if others else value
        status: FigureStatus = "number" if value is not None else "dash" if raw.strip() else "blank"
        self.figures[key] = replace(self.figures[key], value=value, status=status, raw=raw)

    def muddled(self, key: str) -> None:
        """Says that nobody can tell what a figure is."""
        self.truth.wanted[key] = GONE
        self.figures[key] = replace(self.figures[key], value=None, status="unreadable")

    def choose(self, candidates: Iterable[T]) -> T | None:
        """One of the candidates; `None` when there are none."""
        every = list(candidates)
        return self.random.choice(every) if every else None

    def some(self, candidates: Iterable[T]) -> list[T]:
        """All candidates, or one of them: offices spoil a whole table or one row of it."""
        every = list(candidates)
        return every if len(every) < 2 or self.random.random() < 0.5 else [self.random.choice(every)]


@dataclass(slots=True)
class HtmlPage(ChangedPage):
    """A page's tree and the cells of its figures."""

    root: etree._Element = field(kw_only=True)
    cells: dict[str, etree._Element] = field(kw_only=True)

    def gone(self, keys: Iterable[str]) -> None:
        """Says that figures are no longer on the page, nor their cells in its tree."""
        keys = list(keys)
        ChangedPage.gone(self, keys)
        for key in keys:
            self.cells.pop(key, None)

    def text(self) -> str:
        """The tree as markup."""
        markup: str = etree.tostring(self.root, encoding="unicode", method="html")
        return markup

    def numbers(self) -> list[str]:
        """The keys of the figures whose cells hold a number and nothing else."""
        return [key for key in self.cells if is_plain(self.figure(key))]

    def blanks(self) -> list[str]:
        """The keys of the figures whose cells are empty."""
        return [key for key in self.cells if self.figure(key).status == "blank"]

    def label(self, key: str) -> etree._Element | None:
        """The cell of the row label of a figure; `None` in a table whose rows have no labels."""
        cell, printed = self.cells[key], self.figure(key).label
        return next((before for before in cell.itersiblings("td", "th", preceding=True) if content(before) == printed), None)


@dataclass(slots=True)
class FlatPage(ChangedPage):
    """The lines of a flattened text, split at `|`; `cells` are places in them, `rows` the cells of each row of its tables."""

    lines: list[list[str] | None] = field(init=False)
    rows: list[list[tuple[int, int]]] = field(init=False)
    cells: dict[str, tuple[int, int]] = field(init=False)
    added: dict[int, list[str]] = field(init=False, default_factory=dict)  # lines to stand behind a line

    def __post_init__(self) -> None:
        written = self.source.text.splitlines()
        self.lines = [line.split("|") for line in written]
        places: dict[str, tuple[int, int]] = {}
        self.rows = []
        for table in read_flat(self.source.text).tables:
            shifts = self._shifts([cell for row in table.rows for cell in row])
            for row in table.rows:
                cells = [(cell.place, _line_and_cell(cell)) for cell in row]
                own = {place: (line, cell + shifts[line]) for place, (line, cell) in cells if shifts[line] is not None}
                places.update(own)
                if len(own) == len(row):
                    self.rows.append(list(own.values()))
        found = {key: places.get(figure.locator or "") for key, figure in self.source.right.items()}
        self.cells = {key: place for key, place in found.items() if place is not None and self.read(place) == self.figure(key).raw}

    def _shifts(self, cells: list[TableCell]) -> defaultdict[int, Any]:
        """By line how many pieces before its first `|` the reading does not count; nothing where the pieces are not its cells."""
        lines: dict[int, list[tuple[int, str]]] = defaultdict(list)
        for cell in cells:
            line, number = _line_and_cell(cell)
            lines[line].append((number, cell.raw))
        shifts: defaultdict[int, Any] = defaultdict(lambda: None)
        for line, found in lines.items():
            parts = [folded(part) for part in self.lines[line] or []]
            for shift in (1, 0):
                if all(number + shift < len(parts) and parts[number + shift] == raw for number, raw in found):
                    shifts[line] = shift
        return shifts

    def text(self) -> str:
        """The lines as they stand now."""
        written: list[str] = []
        for number, parts in enumerate(self.lines):
            if parts is not None:
                written.append("|".join(parts))
            written += self.added.get(number, [])
        return "\n".join(written) + "\n"

    def read(self, place: tuple[int, int]) -> str:
        """The text of a cell."""
        return folded((self.lines[place[0]] or [])[place[1]])

    def write(self, place: tuple[int, int], text: str) -> None:
        """Puts a text in a cell, with the blanks around it as they were."""
        parts = self.lines[place[0]] or []
        old = parts[place[1]]
        before, after = old[: len(old) - len(old.lstrip())], old[len(old.rstrip()) :] if old.strip() else " "
        parts[place[1]] = f"{before}{text}{after}"

    def row_of(self, place: tuple[int, int]) -> list[tuple[int, int]]:
        """The cells of the row that a cell stands in."""
        return next((row for row in self.rows if place in row), [])

    def label(self, key: str) -> tuple[int, int] | None:
        """The place of the row label of a figure; `None` in a table whose rows have no labels."""
        place, printed = self.cells[key], self.figure(key).label
        return next((cell for cell in self.row_of(place) if cell < place and self.read(cell) == printed), None)


def _line_and_cell(cell: TableCell) -> tuple[int, int]:
    """The numbers of a cell in flattened text, both from 0."""
    line, number = (int(part.partition(":")[2]) for part in cell.place.split("/"))
    return line - 1, number - 1


def is_plain(figure: Figure) -> bool:
    """Whether the cell of a figure holds a number and nothing else, in the unit of the form."""
    return figure.status == "number" and figure.value is not None and figure.raw == str(figure.value)


def source_of(case: Case) -> Source:
    """The case's page with its figures and their places; `kind` is `None` when there is nothing to change."""
    report = read(case.page)
    found = figures_of(report)
    right = {key: found[key] for key, wanted in case.figures.items() if key in found and is_right(found[key], wanted)}
    spare = frozenset(case.figures.keys() - right.keys())
    ignored = frozenset() if case.expected.get("no_other_figures") else frozenset(found.keys() - case.figures.keys())
    twice = {f"{figure.indicator}|{figure.column or ''}": figure for figure in report.figures if not figure.preferred}
    decoded = decode_bytes(case.page.body, case.page.headers.get("content-type", ""), case.page.context.encoding)
    text = decoded.text.replace("\x00", "")
    second = any(finding.code == "second_report" for finding in report.findings)
    truth = Truth(case.figures, spare, ignored)
    source = Source(case, None, text, report.encoding or "utf-8", report.form, right, truth, twice, frozenset(right if second else ()))
    locators = {key: figure.locator or "" for key, figure in right.items()}
    if case.medium == "prose":
        source.kind = "prose" if right and "<" in text[:100_000] else None
    elif any(locator.startswith("/") for locator in locators.values()):
        source.kind = "table"
    elif any(locator.startswith("line:") for locator in locators.values()):
        source.kind = "text"
    if source.kind in ("table", "prose"):
        _place(source, locators)
    return source


def _place(source: Source, locators: dict[str, str]) -> None:
    """Parses the page and numbers the cells of its figures. The reading's paths do not count what is not shown."""
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    source.root = etree.fromstring(source.text.encode("utf-8", "replace"), parser)
    shown = copy.deepcopy(source.root)
    etree.strip_elements(shown, *DROPPED, with_tail=False)
    hidden: set[etree._Element] = set()
    numbers = []
    for number, element in enumerate(source.root.iter()):
        if element.tag in DROPPED or element.getparent() in hidden:
            hidden.add(element)
        else:
            numbers.append(number)
    number_of = dict(zip(shown.iter(), numbers, strict=True))
    tree = shown.getroottree()
    written = Counter(content(row) for row in shown.iter("tr"))
    rows: dict[str, list[str]] = defaultdict(list)
    for key, locator in locators.items():
        if locator.startswith("/"):
            cell = _at(tree, locator)
            if cell is not None and content(cell) == source.right[key].raw:
                source.places[key] = number_of[cell]
                rows[content(next(cell.iterancestors("tr")))].append(key)
    source.repeated |= {key for row, keys in rows.items() if written[row] > 1 for key in keys}
    if _has_copy(shown, source):
        source.repeated = frozenset(source.right)


def _has_copy(root: etree._Element, source: Source) -> bool:
    """Whether most labels stand at least twice on the page, as in one layout for desks and one for telephones."""
    text = "".join(content(root).split())
    labels = {"".join((figure.label or "").split()) for figure in source.right.values()}
    counts = [text.count(label) for label in labels if len(label) > LONG]
    return sum(count > 1 for count in counts) * 2 > len(counts)


def _at(tree: etree._ElementTree, path: str) -> etree._Element | None:
    found: Any = tree.xpath(path)
    return found[0] if found else None


Change = Callable[[Any], bool]


@dataclass(slots=True, frozen=True)
class Mutation:
    """One way to change a page. `change` returns false where the page has nothing to change so."""

    kind: Kind
    change: Change

    @property
    def name(self) -> str:
        """The name of the function, as words."""
        return f"{self.kind}: {self.change.__name__.strip('_').replace('_', ' ')}"

    @property
    def about(self) -> str:
        """What it does and what stays true."""
        return (self.change.__doc__ or "").strip()


MUTATIONS: dict[str, Mutation] = {}


def mutation(kind: Kind) -> Callable[[Change], Change]:
    """Registers a function as a mutation of pages of one kind."""

    def register(change: Change) -> Change:
        one = Mutation(kind, change)
        MUTATIONS[one.name] = one
        return change

    return register
