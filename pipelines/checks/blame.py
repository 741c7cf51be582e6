"""Who is to blame for broken relations: the publisher, who printed a wrong number, or the reading, which put right ones into wrong cells.

All broken hard relations of a table are looked at together. One wrong number breaks the sums that cross in its cell, all by the same
amount; numbers in wrong cells break several sums by different amounts, and putting them back mends all at once. Whatever has to assume
less is taken: wrong numbers, numbers that were lost on the way, cells left empty among numbers. In a list, where most figures are in one
sum only, a single broken sum never tells a number in a wrong row from a wrong number: it is the publisher's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from giar_crawler.items import Figure, Number
from pipelines.checks.rearrangements import Moves, grid_of, rearrangements
from pipelines.checks.relations import Result, Rule, Values, result_of, solved
from pipelines.statistics.forms import Form, FormTable
from pipelines.statistics.forms.model import ValueType

# So many wrong numbers of one table are an office's carelessness; more, in most of its sums, are a pattern.
CARELESS = 2
PATTERN = 0.5
# No more wrong numbers are looked for, and no more combinations of them tried; a table with more is no sound reading of anything.
MOST_WRONG = 6
MOST_TRIALS = 2_000
# A cell without a number among numbers says more than a sum that is off.
HOLE = 2
# What a rearrangement has to assume by itself, in wrong numbers: where fewer sums cross in a cell, more of them mend all by chance.
ASSUMED = {"matrix": 0, "single_row_matrix": 0, "list": 2}


def misread(form: Form, tests: Sequence[Rule], figures: Mapping[str, Figure], failures: Iterable[Result]) -> dict[str, set[str]]:
    """The tables whose broken hard relations are the reading's fault, by id, each with the figures that are doubtful for it.

    The other tables are the publisher's.
    """
    by_table: dict[str, list[Result]] = defaultdict(list)
    for failure in failures:
        if failure.rule.check.severity == "hard":
            by_table[form.table_of[failure.rule.relation.left[0].figure].id].append(failure)
    judged = {t.id: _Evidence(form.types, tests, t, figures, by_table[t.id]).doubtful() for t in form.tables if t.id in by_table}
    return {table: doubtful for table, doubtful in judged.items() if doubtful is not None}


class _Evidence:
    """What one table's numbers say for and against every way to explain the sums that they break."""

    def __init__(
        self,
        types: Mapping[str, ValueType],
        tests: Sequence[Rule],
        table: FormTable,
        figures: Mapping[str, Figure],
        failures: Iterable[Result],
    ) -> None:
        self.table, self.types, self.grid = table, types, grid_of(table)
        names = [name for row in self.grid for name in row]
        own = {name: figures[name] for name in names if name in figures}
        self.read = set(own)
        self.values: dict[str, Number] = {n: f.value for n, f in own.items() if f.status == "number" and f.value is not None}
        # Where somebody printed a number: what cannot be read is no hole.
        self.cells = [name for name in names if name not in own or own[name].status != "unreadable"]
        inside = set(names)
        self.broken = [failure.rule for failure in failures]
        own_rules = [rule for rule in tests if rule.relation.left[0].figure in inside]
        self.hard = [rule for rule in own_rules if rule.check.severity == "hard"]
        self.soft = [rule for rule in own_rules if rule.check.severity == "soft"]
        self.touching: dict[str, list[Rule]] = defaultdict(list)
        for rule in self.hard:
            for operand in rule.relation.operands:
                self.touching[operand.figure].append(rule)

    def doubtful(self) -> set[str] | None:
        """The figures that are doubtful because the reading has numbers in wrong cells; `None` where the publisher is to blame."""
        misprinted = self._misprinted()
        ways = list(self._rearranged(misprinted))
        least = min((assumed for assumed, _ in ways), default=None)
        moved = set[str]().union(*(names for assumed, names in ways if assumed == least))
        if least is None:
            return None if misprinted is not None else self.read
        # What has to assume much shows no place. In a list most rows are in no sum that could show where a shift ends.
        if least > CARELESS or self.table.layout == "list":
            return self.read
        return {name for row in self.grid if moved & set(row) for name in row} & self.read

    def _misprinted(self) -> int | None:
        """How much has to be assumed when the office printed wrong numbers; `None` where that explains nothing or they were a pattern."""
        wrong, row = self._wrong_numbers(), self._wrong_row()
        ways = []
        if wrong is not None and (len(wrong) <= CARELESS or not self._in_a_pattern()):
            ways.append(len(wrong) + self._oddities(self.values | wrong))
        # The total of a row follows from the others. A row that is off in many columns is another's, unless two sums of each say the same.
        if row is not None and (len(row) - 1 <= CARELESS or len(self.broken) >= 2 * len(row)):
            ways.append(max(1, len(row) - 1) + self._oddities(self.values | row))
        return min(ways, default=None)

    def _wrong_numbers(self) -> dict[str, Number] | None:
        """Few cells that would mend everything with other numbers; `None` where there are none such."""
        for most in (*range(1, CARELESS + 1), MOST_WRONG):
            self.trials = 0
            changed = self._search({}, self.broken, most)
            if changed is not None:
                return changed
        return None

    def _search(self, changed: dict[str, Number], left: list[Rule], most: int) -> dict[str, Number] | None:
        """The numbers that mend the rules that are left, with those changed already; at most so many."""
        if not left:
            return changed
        if len(changed) == most:
            return None
        values = self.values | changed
        # One of the numbers of any broken rule is wrong; the shortest leaves the least to try.
        for operand in min(left, key=lambda rule: len(rule.relation.operands)).relation.operands:
            name = operand.figure
            if name not in self.values or name in changed:
                continue
            for number in {solved(rule, name, values) for rule in self.touching[name] if rule in left}:
                self.trials += 1
                if self.trials > MOST_TRIALS:
                    return None
                if number is None or not self._possible(name, number):
                    continue
                trial = values | {name: number}
                if all(result.holds or result.rule in left for result in self._results(name, trial)):
                    found = self._search(changed | {name: number}, [rule for rule in left if not _holds(rule, trial)], most)
                    if found is not None:
                        return found
        return None

    def _wrong_row(self) -> dict[str, Number] | None:
        """The cells of one row that would mend everything: an office forgot a request in all the columns that count it."""
        for row in self.grid:
            cells, changed = set(row), dict[str, Number]()
            for rule in self.broken:
                own = [operand.figure for operand in rule.relation.operands if operand.figure in cells]
                if len(own) == 1 and own[0] in self.values and own[0] not in changed:
                    number = solved(rule, own[0], self.values)
                    if number is not None and self._possible(own[0], number):
                        changed[own[0]] = number
            values = self.values | changed
            if changed and all(_holds(rule, values) for rule in self.broken) and self._keeps(changed, values):
                return changed
        return None

    def _rearranged(self, most: int | None) -> Iterator[tuple[int, set[str]]]:
        """Every rearrangement that mends all and breaks nothing: how much it has to assume, less than `most`, and the cells that change."""
        for way in rearrangements(self.table):
            moves, values = way.moves, self._moved(way.moves)
            filled = self._filled(moves, values)
            if filled is None:
                continue
            results = [result for rule in self.broken if (result := _decided(rule, values))]
            # What a lost number leaves open is no evidence. What gave that number is none alone, unless no cell lacks a number any more.
            exact = [result.rule for result in results if result.left == result.right or result.rule.check.kind == "bound"]
            evidence = any(rule not in filled for rule in exact) or not self._holes(values)
            if evidence and len(exact) >= min(CARELESS, len(self.broken)) and all(r.holds for r in results) and self._keeps(moves, values):
                assumed = ASSUMED[self.table.layout] + (not way.near) + self._invented(moves, values) + self._oddities(values)
                if most is None or assumed < most:
                    yield assumed, {name for name in moves if self.values.get(name) != values.get(name)}

    def _invented(self, moves: Moves, values: Values) -> int:
        """How many numbers a rearrangement has to make up or to throw away."""
        kept = set(moves.values())
        lost = sum(source is None and self.values.get(cell) != values.get(cell) for cell, source in moves.items() if cell in values)
        return lost + sum(cell not in kept and bool(self.values.get(cell)) for cell in moves)

    def _moved(self, moves: Moves) -> dict[str, Number]:
        """The values after a rearrangement, without those that the reading has lost."""
        values = dict(self.values)
        for cell, source in moves.items():
            if source in self.values:
                values[cell] = self.values[source]
            else:
                values.pop(cell, None)
        return values

    def _filled(self, moves: Moves, values: dict[str, Number]) -> list[Rule] | None:
        """Puts the lost numbers in that an identity gives; the identities, or `None` where one gives what cannot be printed."""
        used = []
        for cell in (cell for cell, source in moves.items() if source is None):
            for rule in self.touching[cell]:
                number = solved(rule, cell, values) if rule.check.kind == "identity" else None
                if number is not None:
                    if not self._possible(cell, number):
                        return None
                    values[cell] = number
                    used.append(rule)
                    break
        return used

    def _possible(self, name: str, number: Number) -> bool:
        """Whether a number can stand in a cell of its type."""
        return (number >= 0 or self.types[name] == "signed_int") and (number == int(number) or self.types[name] in ("decimal", "money"))

    def _results(self, name: str, values: Values) -> list[Result]:
        """The hard rules of a figure that can be tested."""
        return [result for rule in self.touching[name] if (result := result_of(rule, values))]

    def _keeps(self, names: Iterable[str], values: Values) -> bool:
        """Whether all hard rules of some figures hold that can be tested."""
        return all(result.holds for name in names for result in self._results(name, values))

    def _in_a_pattern(self) -> bool:
        """Whether most of the sums are broken that say anything, those of zeros left aside."""
        telling = [
            rule
            for rule in self.hard
            if result_of(rule, self.values) and any(self.values.get(operand.figure) for operand in rule.relation.operands)
        ]
        return len(self.broken) >= PATTERN * len(telling)

    def _holes(self, values: Values) -> int:
        """How many cells have no number."""
        return sum(name not in values for name in self.cells)

    def _oddities(self, values: Values) -> int:
        """What is left to wonder at: holes, sums that only holes keep from being broken, implausible relations, numbers of wrong types."""
        filled = dict.fromkeys(self.cells, 0) | dict(values)
        sums = [rule for rule in self.hard if rule.check.kind == "identity" and all(o.figure in values for o in rule.relation.left)]
        missed = sum(not _holds(rule, filled) for rule in sums if result_of(rule, filled))
        strange = sum(not result.holds for rule in self.soft if (result := result_of(rule, values)))
        return HOLE * self._holes(values) + missed + strange + sum(not self._possible(name, number) for name, number in values.items())


def _decided(rule: Rule, values: Values) -> Result | None:
    """The result of a rule, or of the identity that speaks for it where no part is unknown any more."""
    return result_of(rule, values) or (result_of(rule.identity, values) if rule.identity else None)


def _holds(rule: Rule, values: Values) -> bool:
    result = _decided(rule, values)
    return result is not None and result.holds
