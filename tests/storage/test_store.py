"""What goes into the database comes out of it, whatever the database, the order and the number of times."""

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from sqlalchemy import select, text

from giar_crawler.items import Figure
from giar_crawler.outcomes import PageOutcome, PortalOutcome
from pipelines.findings import finding
from pipelines.storage import Change, Observation, RecordRefused, ReportFilter, open_storage
from pipelines.storage.models import AbsenceRow
from tests.storage.records import NOON, full, small

HOUR = timedelta(hours=1)


@pytest.fixture
def storage(database_url):
    storage = open_storage(database_url)
    storage.upsert_portal(
        {"id": "a", "name": "甲县人民政府", "adcode": "610430", "level": "county", "home": "http://www.a.gov.cn/", "delay": 1.0}
    )
    yield storage
    storage.close()


def put(storage, report, at=NOON, crawl_id=None):
    return storage.store_reading(report, keep=True, portal_id="a", crawl_id=crawl_id, seen_at=at)


def stored(storage, **filters):
    return list(storage.reports(ReportFilter(**filters)))


def test_a_record_comes_back_as_it_went_in(storage):
    report = full()
    assert put(storage, report) is Change.INSERTED
    (found,) = stored(storage)
    assert found.report == report
    assert found.gone_since is None
    assert found.report.fetched_at.tzinfo is UTC
    assert [type(figure.value) for figure in found.report.figures] == [int, Decimal, Decimal, type(None)]


@pytest.mark.parametrize(
    "value",
    [0, -1, 2**63 - 1, 2**63, 10**40 + 1, Decimal("587.4072"), Decimal("0.1"), Decimal("12345678901234567890.123456789"), Decimal("1E-30")],
)
def test_numbers_are_exact(storage, value):
    put(storage, small("http://a/1", figures=[Figure("x", None, value, "number", str(value), None, "table")]))
    (found,) = stored(storage)
    assert found.report.figures[0].value == value


def test_values_compare_as_numbers_in_sql(storage):
    values = [9, 10, Decimal("9.5"), Decimal("100.25")]
    put(storage, small("http://a/1", figures=[Figure(f"x{i}", None, v, "number", "", None, "table") for i, v in enumerate(values)]))
    with storage.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM figures WHERE value > 9.7")).scalar() == 2
        assert float(connection.execute(text("SELECT sum(value) FROM figures")).scalar()) == 128.75


def test_the_same_again_is_unchanged_and_only_seen_later(storage):
    put(storage, full())
    again = full(fetched_at=NOON + HOUR, body_sha256="c" * 64)
    again.figures[0] = replace(again.figures[0], locator="/html/body/div[2]/table/tr[4]/td[2]")
    assert put(storage, again, NOON + HOUR) is Change.UNCHANGED
    (found,) = stored(storage)
    assert found.report == full()
    assert (found.first_seen, found.last_seen) == (NOON, NOON + HOUR)


def test_another_reading_of_the_same_content_takes_the_old_ones_place(storage):
    put(storage, full())
    again = full(parser_version="0.2.0", title="另一标题", findings=[full().findings[1], finding("page_empty")])
    again.figures.pop()
    assert put(storage, again, NOON + HOUR) is Change.CHANGED
    assert [found.report for found in stored(storage)] == [again]
    with storage.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM reports")).scalar() == 1
        assert connection.execute(text("SELECT count(*) FROM figures")).scalar() == 3
        since = dict(connection.execute(text("SELECT code, first_seen = (SELECT first_seen FROM documents) FROM findings")).all())
    assert {code: bool(kept) for code, kept in since.items()} == {"cell_unreadable": True, "page_empty": False}
    assert put(storage, again, NOON + 2 * HOUR) is Change.UNCHANGED


def test_figures_of_another_reading_come_change_and_go(storage):
    codes = ("requests.received_new", "requests.granted", "requests.denied")
    kept, gone, come = (Figure(code, "total", 1, "number", "1", "件", "table") for code in codes)
    put(storage, small("http://a/1", figures=[gone, kept]))
    for figures in ([replace(kept, value=2, raw="2\x00", label="收"), come], [kept], [], [come, gone, kept]):
        put(storage, small("http://a/1", figures=figures))
        (found,) = stored(storage)
        assert found.report.figures == [replace(figure, raw=figure.raw.replace("\x00", "�")) for figure in figures]


def test_new_content_is_a_new_version_and_the_latest_seen_is_current(storage):
    url = "http://a/1"
    assert put(storage, small(url, "old"), NOON) is Change.INSERTED
    assert put(storage, small(url, "newer"), NOON + 2 * HOUR) is Change.CHANGED
    assert put(storage, small(url, "between"), NOON + HOUR) is Change.CHANGED
    assert [found.report.text for found in stored(storage)] == ["newer"]
    assert put(storage, small(url, "old"), NOON) is Change.UNCHANGED
    assert put(storage, small(url, "old"), NOON + 3 * HOUR) is Change.CHANGED
    assert [found.report.text for found in stored(storage)] == ["old"]
    with storage.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM reports WHERE superseded_at IS NULL")).scalar() == 1
        assert connection.execute(text("SELECT count(*) FROM reports")).scalar() == 3


def test_variants_of_an_address_are_one_document(storage):
    put(storage, small("http://a/1?b=2&a=1#top"))
    assert put(storage, small("http://a/1?a=1&b=2")) is Change.UNCHANGED
    put(storage, small("https://a/1?a=1&b=2", "other"))
    assert sorted(storage.document_times("a")) == ["http://a/1?a=1&b=2", "https://a/1?a=1&b=2"]


def test_gone_and_back(storage):
    put(storage, small("http://a/1"))
    put(storage, small("http://a/2", "other"))
    assert storage.mark_gone(["http://a/1#x", "http://a/9"], NOON + HOUR) == 1
    assert storage.mark_gone(["http://a/1"], NOON + 2 * HOUR) == 0
    assert sorted(storage.document_times("a")) == ["http://a/2"]
    assert [found.gone_since for found in stored(storage)] == [NOON + HOUR, None]
    put(storage, small("http://a/1"), NOON)  # an archived page read again
    assert sorted(storage.document_times("a")) == ["http://a/2"]
    put(storage, small("http://a/1"), NOON + 3 * HOUR)
    assert sorted(storage.document_times("a")) == ["http://a/1", "http://a/2"]


def test_one_report_at_several_addresses_is_one_record(storage):
    crawl = storage.start_crawl("a", NOON, {})
    for number in (3, 1, 2):
        put(storage, small(f"http://a/{number}"), crawl_id=crawl.id)
    put(storage, small("http://a/0"), crawl_id=storage.start_crawl("a", NOON + HOUR, {"later": True}).id)
    (found,) = stored(storage)
    assert (found.report.url, found.alternate_urls) == ("http://a/1", ["http://a/0", "http://a/2", "http://a/3"])
    put(storage, small("http://a/1", "other"), NOON + HOUR)
    assert [(found.report.url, found.alternate_urls) for found in stored(storage)] == [
        ("http://a/1", []),
        ("http://a/2", ["http://a/0", "http://a/3"]),
    ]
    storage.mark_gone(["http://a/2"], NOON + HOUR)
    assert [found.report.url for found in stored(storage)] == ["http://a/1", "http://a/3"]


def test_pages_that_only_point_elsewhere_are_no_duplicates(storage):
    for number, year in enumerate((2020, 2021)):
        put(storage, small(f"http://a/{number}", "详见附件", outcome=PageOutcome.ATTACHMENT_ONLY, report_year=year))
        put(storage, small(f"http://a/x{number}", "全文", report_year=year))
    assert len(stored(storage)) == 4


def test_a_figure_that_another_has_the_key_of_is_named(storage):
    twice = [Figure("x", None, value, "number", str(value), None, "table") for value in (1, 2)]
    report = small("http://a/1", figures=twice)
    put(storage, report)
    (found,) = stored(storage)
    assert [figure.value for figure in found.report.figures] == [1]
    assert [(remark.code, remark.figures) for remark in found.report.findings] == [("figure_not_stored", ["x"])]
    assert put(storage, report) is Change.UNCHANGED


def test_what_no_database_can_hold_costs_a_character_not_the_record(storage):
    put(storage, small("http://a/1", title="a\x00b\ud800c", dates=[], classification=replace(full().classification, reasons=["\x00"])))
    (found,) = stored(storage)
    assert (found.report.title, found.report.classification.reasons) == ("a�b�c", ["�"])


def test_a_failed_record_leaves_nothing_of_itself(storage):
    with pytest.raises(Exception, match="time zone"):
        put(storage, small("http://a/1", fetched_at=datetime(2026, 1, 1)))  # noqa: DTZ001 - the point
    assert stored(storage) == []
    assert sorted(storage.document_times("a")) == []


def test_a_killed_walk_is_resumed(storage):
    arguments = {"years": (2020, None), "limit": None}
    first = storage.start_crawl("a", NOON, arguments)
    assert first.resumed_since is None
    again = storage.start_crawl("a", NOON + HOUR, arguments)
    assert (again.id, again.started_at, again.resumed_since) == (first.id, NOON, NOON)
    other = storage.start_crawl("a", NOON + HOUR, {"years": None})
    assert (other.id != first.id, other.resumed_since) == (True, None)
    storage.finish_crawl(first.id, NOON + HOUR, PortalOutcome.OK, {"pages": 3})
    assert storage.start_crawl("a", NOON + 2 * HOUR, arguments).resumed_since is None
    assert storage.start_crawl("a", NOON + 27 * HOUR, arguments).resumed_since is None


def test_observations(storage):
    beijing = timezone(8 * HOUR)
    at = [(NOON + i * HOUR).astimezone(beijing) for i in range(3)]
    rows = [
        Observation("k", "http://a/", at[i], status, "text/html", None, "d", warc, 2**40, 9, "a", None, "list")
        for i, (status, warc) in enumerate([(200, "1.warc.gz"), (200, "2.warc.gz"), (503, None)])
    ]
    for row in rows:
        storage.add_observation(row)
        storage.add_observation(row)
    assert storage.find_observation("k", None) == rows[2]
    assert storage.find_observation("k", None, archived=True) == rows[1]
    assert storage.find_observation("k", at[2], archived=True) is None
    assert storage.find_observation("other", None) is None
    page = small("http://a/", outcome=PageOutcome.NOT_A_REPORT)
    assert storage.store_reading(page, keep=False, portal_id="a", crawl_id=None, seen_at=at[1]) is None
    with storage.engine.connect() as connection:
        read = connection.execute(text("SELECT page_outcome, content_sha256, parser_version FROM observations ORDER BY fetched_at")).all()
    assert read == [(None,) * 3, ("not_a_report", page.content_sha256, "0.1.0"), (None,) * 3]
    assert stored(storage) == []


def test_absences_are_kept_when_a_document_comes_back(storage):
    put(storage, small("http://a/1"))
    assert storage.mark_gone(["http://a/1"], NOON + HOUR) == 1
    assert storage.mark_gone(["http://a/1"], NOON + 2 * HOUR) == 0
    # An older page, read again, says nothing of later times.
    put(storage, small("http://a/1"), at=NOON)
    put(storage, small("http://a/1"), at=NOON + 3 * HOUR)
    assert storage.mark_gone(["http://a/1"], NOON + 4 * HOUR) == 1
    with storage.engine.connect() as connection:
        rows = connection.execute(select(AbsenceRow.gone_since, AbsenceRow.returned_at).order_by(AbsenceRow.gone_since)).all()
    assert rows == [(NOON + HOUR, NOON + 3 * HOUR), (NOON + 4 * HOUR, None)]


def test_threads_store_the_same_documents_at_once(storage):
    # A second engine stands for a second process.
    second = type(storage)(storage.engine.url)
    changes, errors = [], []

    def work(target, order):
        try:
            changes.extend(
                target.store_reading(small(f"http://a/{n}"), keep=True, portal_id="a", crawl_id=None, seen_at=NOON) for n in order
            )
        except Exception as error:  # noqa: BLE001 - the test shows it
            errors.append(error)

    numbers = list(range(12))
    threads = [threading.Thread(target=work, args=args) for args in ((storage, numbers), (second, numbers[::-1]), (storage, numbers[::-1]))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    second.close()
    assert errors == []
    assert sorted(changes) == [Change.INSERTED] * 12 + [Change.UNCHANGED] * 24
    (found,) = stored(storage)
    assert len(found.alternate_urls) == 11


def test_filters_and_order(storage):
    storage.upsert_portal({"id": "b", "name": "乙市", "adcode": "610400", "level": "city", "home": "http://b/"})
    storage.store_reading(
        small("http://b/1", "b", portal="b", report_year=2019, form="giar_2014"), keep=True, portal_id="b", crawl_id=None, seen_at=NOON
    )
    put(storage, small("http://a/2", "two", report_year=2022, scope="office"))
    put(storage, small("http://a/1", "one", adcode="610431"))
    put(storage, small("http://a/3", "three", outcome=PageOutcome.MIRROR, report_year=None))
    put(storage, small("http://a/4", "four", outcome=PageOutcome.NOT_A_REPORT))

    def urls(**filters):
        return [found.report.url[-3:] for found in stored(storage, **filters)]

    assert urls() == ["a/3", "a/1", "a/2", "b/1"]
    assert urls(portals=("b",)) == ["b/1"]
    assert urls(place="610000") == urls()
    assert urls(place="610430") == ["a/3", "a/2"]
    assert urls(place="610400") == urls()
    assert urls(place="610431") == ["a/1"]
    assert urls(levels=("city",)) == ["b/1"]
    assert urls(years=(2019, 2021)) == ["a/1", "b/1"]
    assert urls(years=(2022, None)) == ["a/2"]
    assert urls(forms=("giar_2014",)) == ["b/1"]
    assert urls(scopes=("office",)) == ["a/2"]
    assert urls(mirrors=False) == ["a/1", "a/2", "b/1"]


def test_a_record_that_does_not_fit_is_refused_alone(storage):
    """One page's odd address is that page's matter; the next record is stored."""
    with pytest.raises(RecordRefused):
        put(storage, small("http://[::1"))
    assert put(storage, small("http://www.a.gov.cn/1.html")) is Change.INSERTED


def test_a_fetch_that_the_database_refuses_keeps_none_of_the_others_out(storage, caplog):
    url = "http://www.a.gov.cn/{}.html"
    place = (200, "text/html", None, "b" * 64, "a.warc.gz")
    for number, length in enumerate((5, 1 << 80, 7)):
        storage.add_observation(Observation("k", url.format(number), NOON, *place, 1, length, "a", None, "other"))
    storage.store_reading(small(url.format(9)), keep=True, portal_id="a", crawl_id=None, seen_at=NOON)
    with storage.engine.connect() as connection:
        assert connection.execute(text("select url from observations order by url")).scalars().all() == [url.format(0), url.format(2)]
        assert connection.execute(text("select count(*) from reports")).scalar_one() == 1
    assert url.format(1) in caplog.text
