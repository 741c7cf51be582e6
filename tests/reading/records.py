"""Built figures of every form for the tests of the checks: whole records that keep all hard relations."""

import random

from giar_crawler.items import Figure
from pipelines.checks.rearrangements import grid_of
from pipelines.statistics.forms import forms


def figures(form, values):
    """Figures of a form by name: a number, `None` for a blank, or one of the statuses; what is not named is not on the page."""
    cells = {cell.name: cell for table in forms()[form].tables for cell in table.cells.values()}
    out = {}
    for name, value in values.items():
        cell = cells[name]
        status = "number" if not isinstance(value, str | None) else value or "blank"
        number = value if status == "number" else None
        raw = "" if value is None else str(value)
        out[name] = Figure(cell.indicator, cell.column, number, status, raw, cell.unit, "table")
    return out


def whole(form, number, size=20):
    """The numbers of a record that keeps every relation of its form; different for every `number`, with zeros where offices have them."""
    chance = random.Random(f"{form} {number}")  # noqa: S311 - the same records in every run
    values = {}
    for table in forms()[form].tables:
        grid = grid_of(table)
        if table.id == "requests":
            values |= _requests(chance, table, size)
        elif table.id == "review_litigation":
            for block in range(3):
                parts = [_few(chance, 0.5, 6) for _ in range(4)]
                values |= dict(zip(grid[0][block * 5 : block * 5 + 5], [*parts, sum(parts)], strict=True))
        else:
            values |= {name: chance.randint(0, 30) for row in grid for name in row}
    return _settled(forms()[form], values)


def _few(chance, zero, most):
    return 0 if chance.random() < zero else chance.randint(1, most)


def _requests(chance, table, size):
    values = {}
    columns = [column.code for column in table.columns if column.code != "total"]
    busy = {"natural_person": 0.35, "org_commercial": 0.8}
    rows = [row.code for row in table.value_rows if row.code not in ("received_new", "carried_over", "results_total", "carried_to_next")]
    for column in columns:
        here = {row: _few(chance, busy.get(column, 0.97), size) for row in rows}
        total = sum(here.values())
        after = _few(chance, 0.6 if column == "natural_person" else 0.97, 3)
        before = min(total + after, _few(chance, 0.6, 3) if column == "natural_person" else 0)
        here |= {"results_total": total, "carried_to_next": after, "carried_over": before, "received_new": total + after - before}
        values |= {f"requests.{row}[{column}]": value for row, value in here.items()}
    for row in table.value_rows:
        values[f"requests.{row.code}[total]"] = sum(values[f"requests.{row.code}[{column}]"] for column in columns)
    return values


def _settled(form, values):
    """The same with the sums and bounds of lists made to hold, the innermost first."""
    sums = [r for c in form.checks if c.kind == "identity" and c.severity == "hard" for r in c.relations if len(r.left) == 1]
    for _ in range(3):
        for relation in sums:
            values[relation.left[0].figure] = sum(operand.sign * values[operand.figure] for operand in relation.right)
    for check in form.checks:
        if check.kind == "bound" and check.severity == "hard":
            for relation in check.relations:
                small, large = relation.left[0].figure, relation.right[0].figure
                values[small] = min(values[small], values[large])
    return values
