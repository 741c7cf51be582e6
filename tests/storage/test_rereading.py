"""An archived page read again by other code: what changes, what stays, what goes along when a version gets another digest."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import insert, select, text

from giar_crawler.outcomes import PageOutcome
from pipelines.storage import Observation, PageFilter, ReportFilter, Reread, Rereading, open_storage, tally
from pipelines.storage.models import CorrectionRow
from tests.storage.records import NOON, small

HOUR = timedelta(hours=1)
URL = "http://a/1"


@pytest.fixture
def storage(database_url):
    storage = open_storage(database_url)
    storage.upsert_portal({"id": "a", "name": "a"})
    yield storage
    storage.close()


def record(content="as it was", value=3, at=NOON, **changes):
    report = small(URL, content, fetched_at=at, **changes)
    report.figures[0].value = Decimal(value)
    report.figures[0].status = "number"
    return report


def archive(storage, report, *, url=URL):
    """A page that was fetched and read as this."""
    page = {"kind": "report", "portal_id": "a", "crawl_id": None, "content_type": "text/html", "encoding": None, "status": 200}
    place = {"warc_file": "a.warc.gz", "warc_offset": 7, "warc_length": 9, "body_sha256": report.body_sha256 or "b" * 64}
    storage.add_observation(Observation(request_key=url, url=url, fetched_at=report.fetched_at, **page, **place))
    storage.store_reading(report, keep=True, portal_id="a", crawl_id=None, seen_at=report.fetched_at)


def pages(storage, reparse_id=None, **filters):
    return storage.archived_pages(PageFilter(**filters), reparse_id, after=0, most=100)


def read_again(storage, *reports, keep=True):
    """What the other readings of all archived pages do, once as a dry run and once for good: both say the same."""
    readings = [Rereading(page, replace(report, parser_version="2"), keep) for page, report in zip(pages(storage), reports, strict=True)]
    told = tally(storage.judge_readings(readings))
    reparse_id, _ = storage.begin_reparse("2", {}, NOON)
    verdicts = storage.take_readings(reparse_id, readings)
    if len(reports) == 1:
        assert tally(verdicts) == told
    assert pages(storage, reparse_id) == []
    return verdicts, list(storage.reading_changes(reparse_id))


def stored(storage):
    return [found.report for found in storage.reports(ReportFilter())]


def test_the_same_reading_changes_nothing(storage):
    archive(storage, record())
    before = stored(storage)
    (verdict,), changes = read_again(storage, record())
    assert (verdict.change, changes) == (Reread.UNCHANGED, [])
    assert stored(storage) == [replace(report, parser_version="2") for report in before]


def test_a_better_reading_takes_the_place_of_the_one_before_and_says_which_figure_changed(storage):
    archive(storage, record(value=3))
    (verdict,), changes = read_again(storage, record(value=5))
    assert verdict.change is Reread.CHANGED
    assert [(each.document_url, each.kind, each.old, each.new) for each in changes] == [(URL, "figure", "3", "5")]
    (report,) = stored(storage)
    assert report.figures[0].value == 5


def test_a_page_that_is_no_report_to_todays_code_loses_its_report(storage):
    archive(storage, record())
    (verdict,), _ = read_again(storage, record(outcome=PageOutcome.NOT_A_REPORT))
    assert verdict.change is Reread.GONE
    assert [report for report in stored(storage) if report.outcome is not PageOutcome.NOT_A_REPORT] == []


def test_a_page_that_was_no_report_becomes_one(storage):
    before = record(outcome=PageOutcome.NOT_A_REPORT)
    archive(storage, before)
    with storage.engine.begin() as connection:
        connection.execute(text("delete from reports"))
        connection.execute(text("delete from documents"))
    (verdict,), _ = read_again(storage, record())
    assert verdict.change is Reread.INSERTED
    assert len(stored(storage)) == 1


def test_a_report_of_a_year_that_the_walk_did_not_want_stays_out(storage):
    archive(storage, record())
    with storage.engine.begin() as connection:
        connection.execute(text("delete from reports"))
        connection.execute(text("delete from documents"))
    (verdict,), _ = read_again(storage, record(), keep=False)
    assert verdict.change is Reread.OTHER_YEAR
    assert stored(storage) == []


def test_another_decoding_makes_no_new_version_and_the_corrections_go_along(storage):
    archive(storage, record("乱码"))
    (before,) = storage.reports(ReportFilter())
    with storage.engine.begin() as connection:
        document_id = connection.execute(text("select id from documents")).scalar_one()
        place = {"document_id": document_id, "indicator": "x", "column": "", "field": "", "content_sha256": before.report.content_sha256}
        connection.execute(insert(CorrectionRow).values(**place, value=1, reason="r", source="s", reviewer="b", made_at=NOON))
    (verdict,), changes = read_again(storage, record("as it reads"))
    assert verdict.change is Reread.CHANGED
    assert "content_sha256" in {each.name for each in changes}
    (after,) = storage.reports(ReportFilter())
    assert after.report.content_sha256 != before.report.content_sha256
    assert after.first_seen == before.first_seen
    with storage.engine.begin() as connection:
        assert connection.execute(text("select count(*) from reports")).scalar_one() == 1
        assert connection.execute(select(CorrectionRow.content_sha256)).scalar_one() == after.report.content_sha256


def test_two_versions_that_another_decoding_finds_alike_become_one(storage):
    archive(storage, record("one"))
    archive(storage, record("two", at=NOON + HOUR))
    read_again(storage, record("alike"), record("alike", at=NOON + HOUR))
    with storage.engine.begin() as connection:
        assert connection.execute(text("select count(*) from reports")).scalar_one() == 1
        assert connection.execute(text("select count(*) from reports where superseded_at is null")).scalar_one() == 1


def test_an_earlier_fetch_of_the_same_content_does_not_win_over_the_later_one(storage):
    archive(storage, record(value=3))
    archive(storage, record(value=3, at=NOON + HOUR))
    verdicts, _ = read_again(storage, record(value=5), record(value=5, at=NOON + HOUR))
    assert {verdict.change for verdict in verdicts} == {Reread.SEEN, Reread.CHANGED}
    assert [report.figures[0].value for report in stored(storage)] == [5]


def test_a_killed_reparse_goes_on_and_an_ended_one_does_not(storage):
    archive(storage, record())
    first, counts = storage.begin_reparse("2", {"years": (2019, None)}, NOON)
    assert counts == {}
    storage.take_readings(first, [Rereading(pages(storage)[0], record(), keep=True)])
    again, counts = storage.begin_reparse("2", {"years": (2019, None)}, NOON + HOUR)
    assert (again, counts["pages"]) == (first, 1)
    assert storage.begin_reparse("3", {"years": (2019, None)}, NOON + HOUR)[0] != first
    assert storage.begin_reparse("2", {}, NOON + HOUR)[0] != first
    storage.finish_reparse(first, NOON + HOUR)
    assert storage.begin_reparse("2", {"years": (2019, None)}, NOON + HOUR)[0] != first


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({}, 2),
        ({"portals": ("a",)}, 2),
        ({"portals": ("b",)}, 0),
        ({"since": NOON + HOUR}, 1),
        ({"years": (2021, None)}, 1),
        ({"years": (None, 2020)}, 1),
        ({"forms": ("giar_2021",)}, 1),
        ({"outcomes": ("ok",)}, 1),
        ({"versions": ("0.1.0",)}, 2),
        ({"other_than": "0.1.0"}, 0),
        ({"other_than": "0.2.0"}, 2),
    ],
)
def test_the_pages_are_chosen_by_what_is_known_of_them(storage, filters, found):
    archive(storage, record(report_year=2020, form="giar_2019", outcome=PageOutcome.OK, parser_version="0.1.0"))
    other = record("other", at=NOON + HOUR, report_year=2021, form="giar_2021", outcome=PageOutcome.MIRROR, parser_version="0.1.0")
    archive(storage, replace(other, url="http://a/2"), url="http://a/2")
    assert len(pages(storage, **filters)) == found
    assert storage.count_archived_pages(PageFilter(**filters), None) == found
