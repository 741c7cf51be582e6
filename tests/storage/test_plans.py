"""How the databases go about what exports, coverage and the commands ask: by indexes to the rows that are wanted, never over all figures.

`GIAR_PLAN_PORTALS` chooses how large a database is asked; `make soak` asks one of five million figures.
"""

import os
from collections.abc import Iterable
from datetime import UTC, datetime

import psycopg
import pytest
from sqlalchemy import event, text

from bench.database import fill
from giar_crawler.export.remarks import remarks
from pipelines.storage import ReportFilter, Wanted, open_storage
from pipelines.storage.reparses import PageFilter

PORTALS = int(os.environ.get("GIAR_PLAN_PORTALS", "60"))
# With so many portals PostgreSQL shows by itself what it would do with more.
LARGE = 1000
SINCE = datetime(2026, 3, 5, tzinfo=UTC)
ONE = ReportFilter(portals=("p00007",))
PANEL = ReportFilter(scopes=("consolidated",), mirrors=False, identified=True)
URL = "SELECT documents.url FROM documents WHERE portal_id = 'p00007' AND duplicate_of IS NULL ORDER BY id LIMIT 1"


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def filled(request, tmp_path_factory):
    """A database of each kind; PostgreSQL's knows its own size, SQLite's is as no one has ever asked it to look."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('plans') / 'giar.db'}"
    else:
        server = request.getfixturevalue("postgres")
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            connection.execute("CREATE DATABASE plans ENCODING 'UTF8' TEMPLATE template0")
        url = server.get_uri(database="plans")
    storage = open_storage(url)
    fill(storage, PORTALS)
    if request.param == "postgresql":
        with storage.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE"))
    yield storage
    storage.close()


def first(rows: Iterable) -> None:
    """Asks, and takes no more than comes first."""
    next(iter(rows), None)


def a_report(storage):
    with storage.engine.connect() as connection:
        return connection.execute(text(URL)).scalar_one()


# What selects few reports of many, and what reads all of them in an order.
FEW = {
    "export of a portal": lambda storage: list(storage.reports(ONE)),
    "panel of a portal": lambda storage: list(storage.reports(ReportFilter(portals=("p00007",), identified=True), by_publisher=True)),
    "coverage of a portal": lambda storage: (list(storage.report_marks(["p00007"])), list(storage.walk_marks(["p00007"]))),
    "history of an address": lambda storage: storage.history(Wanted(url=a_report(storage))),
    "changes of a portal": lambda storage: list(storage.changes(ONE, SINCE)),
    "corrections of a portal": lambda storage: list(storage.corrections(ONE, withdrawn=True)),
    "re-parse of a portal": lambda storage: storage.archived_pages(PageFilter(portals=("p00007",)), 1, after=0, most=50),
    "further pages of a report": lambda storage: storage.observations_beside(a_report(storage), SINCE, ["http://a.cn/1_2.html"] * 9),
    "re-parse of the next pages": lambda storage: storage.archived_pages(PageFilter(other_than="x"), 1, after=50, most=50),
}
ALL = {
    "export": lambda storage: first(storage.reports(ReportFilter())),
    "export of a place": lambda storage: first(storage.reports(ReportFilter(place="110100"))),
    "export of a year": lambda storage: first(storage.reports(ReportFilter(years=(2020, 2020)))),
    "panel": lambda storage: first(storage.reports(PANEL, by_publisher=True)),
    "coverage": lambda storage: (list(storage.report_marks(storage.portal_ids())), list(storage.walk_marks(storage.portal_ids()))),
    "changes": lambda storage: list(storage.changes(ReportFilter())),
    "changes since": lambda storage: list(storage.changes(ReportFilter(), SINCE)),
    "corrections": lambda storage: list(storage.corrections(ReportFilter())),
    "re-parse of forms": lambda storage: storage.archived_pages(PageFilter(years=(2020, 2020), forms=("giar_2019",)), 1, after=0, most=50),
    "re-parse": lambda storage: storage.count_archived_pages(PageFilter(), 1),
    "findings": remarks,
}


def plans(storage, ask):
    """The plan of each statement that a question takes, with the statement."""
    asked = {}

    def note(_connection, _cursor, statement, parameters, _context, _many):
        asked.setdefault(statement, parameters)

    event.listen(storage.engine, "before_cursor_execute", note)
    ask(storage)
    event.remove(storage.engine, "before_cursor_execute", note)
    word = "EXPLAIN QUERY PLAN" if storage.engine.dialect.name == "sqlite" else "EXPLAIN"
    raw = storage.engine.raw_connection()
    cursor = raw.cursor()
    if storage.engine.dialect.name == "postgresql" and PORTALS < LARGE:
        # A small table is read whole for good reason; a large one only where no index leads to its rows, and that is what shows so.
        cursor.execute("SET enable_seqscan = off")
    found = []
    for statement, parameters in asked.items():
        if statement.startswith("SELECT"):
            cursor.execute(f"{word} {statement}", parameters)
            found.append((statement, [str(row[-1]) for row in cursor.fetchall()]))
    raw.close()
    assert found
    return found


def scans(plan, table):
    """Whether a plan reads a table, or an index of it, from one end to the other."""
    return any(step.strip(" ->").removeprefix("Parallel ").startswith((f"SCAN {table}", f"Seq Scan on {table}")) for step in plan)


@pytest.mark.parametrize("question", [*FEW, *ALL])
def test_figures_are_found_by_their_report(filled, question):
    for statement, plan in plans(filled, (FEW | ALL)[question]):
        assert not scans(plan, "figures"), (statement, plan)
        assert not scans(plan, "findings"), (statement, plan)


@pytest.mark.parametrize("question", FEW)
def test_few_reports_are_found_without_looking_at_all(filled, question):
    for statement, plan in plans(filled, FEW[question]):
        for table in ("reports", "documents", "observations"):
            assert not scans(plan, table), (statement, plan)


@pytest.mark.parametrize("question", ["export", "panel"])
def test_an_export_in_order_sorts_no_more_than_an_index_leaves_open(filled, question):
    """No figures, no texts: keys of reports alone, on SQLite a portal's year or a publisher's at a time."""
    for statement, plan in plans(filled, ALL[question]):
        chosen = statement.partition("FROM")[0]
        if "FROM figures" in statement or "reports.text" in chosen:
            assert not any("TEMP B-TREE" in step or "Sort" in step for step in plan), (statement, plan)
        elif filled.engine.dialect.name == "sqlite" and "FROM reports" in statement:
            assert "USE TEMP B-TREE FOR ORDER BY" not in plan, (statement, plan)
            assert any("USING COVERING INDEX ix_reports_of_p" in step for step in plan), (statement, plan)


def test_a_plan_over_all_figures_would_be_seen(filled):
    def ask(storage):
        with storage.engine.connect() as connection:
            connection.execute(text("SELECT id FROM figures WHERE raw = 'no such'")).all()

    ((_, plan),) = plans(filled, ask)
    assert scans(plan, "figures")
