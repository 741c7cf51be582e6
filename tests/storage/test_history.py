"""Versions, what each changed, and the log of changes over all portals."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from giar_crawler.items import Figure
from giar_crawler.outcomes import PageOutcome
from pipelines.digest import content_digest
from pipelines.storage import Observation, Proposal, ReportFilter, ReportUnknown, Wanted, Withdrawal, open_storage
from pipelines.storage.edits import MOST_LETTERS, MOST_SENTENCES
from tests.storage.records import NOON, small

HOUR = timedelta(hours=1)
URL = "http://a/1"
TEXT = "一、概述\n2021年,主动公开信息4330条。全年收到申请7件,均已办结。\n规章 | 3\n二、问题\n公开不够及时。"
NEW = "requests.received_new[total]"


@pytest.fixture
def storage(database_url):
    storage = open_storage(database_url)
    for portal_id, adcode in (("a", "610430"), ("b", "370100")):
        storage.upsert_portal({"id": portal_id, "name": portal_id, "adcode": adcode})
    yield storage
    storage.close()


def report(url=URL, text=TEXT, received=7, **changes):
    figures = [Figure("requests.received_new", "total", received, "number", str(received), "件", "table")]
    facts = {"form": "giar_2021", "title": "甲县2021年年报", "publisher": "甲县人民政府", "scope": "consolidated", "figures": figures}
    made = small(url, text, **facts | changes)
    return replace(made, content_sha256=content_digest(made))


def put(storage, *reports, at=NOON):
    for each in reports:
        page = Observation(
            each.url, each.url, at, 200, "text/html", None, f"body {at}", "a.warc.gz", at.hour * 100, 99, each.portal, None, "report"
        )
        storage.add_observation(page)
        storage.store_reading(replace(each, fetched_at=at), keep=True, portal_id=each.portal, crawl_id=None, seen_at=at)


def told(storage, since=None, **filters):
    rows = storage.changes(ReportFilter(**filters), since)
    return [((row.at - NOON) // HOUR, row.kind, row.document_url[-1], row.indicator, row.old, row.new) for row in rows]


def test_the_old_version_stays_with_its_figures_and_its_place_in_the_archive(storage):
    put(storage, report())
    put(storage, report(), at=NOON + HOUR)
    put(storage, report(text=TEXT.replace("7件", "9件"), received=9), at=NOON + 2 * HOUR)
    put(storage, report(text=TEXT.replace("7件", "9件"), received=9), at=NOON + 3 * HOUR)
    history = storage.history(Wanted("http://a/1#top"))
    first, second = history.versions
    assert (history.publisher, history.report_year, history.gone_since, history.record) == ("甲县人民政府", 2021, None, None)
    assert [(each.first_seen - NOON, each.last_seen - NOON) for each in history.versions] == [(0 * HOUR, HOUR), (2 * HOUR, 3 * HOUR)]
    assert (first.superseded_at, second.superseded_at, first.edits) == (NOON + 2 * HOUR, None, None)
    assert [(each.fetched_at, each.warc_file, each.warc_offset) for each in first.archived] == [
        (NOON, "a.warc.gz", 400),
        (NOON + HOUR, "a.warc.gz", 500),
    ]
    assert [(each.kind, each.name, each.old, each.new) for each in second.edits.shown] == [
        ("figure", NEW, "7", "9"),
        ("text", None, "全年收到申请7件,均已办结。", "全年收到申请9件,均已办结。"),
    ]
    assert second.edits.left_out == 0
    assert storage.history(Wanted(publisher="甲县人民政府", year=2021)) == history


def test_a_header_that_was_changed_is_told(storage):
    backdated = report(published_date=date(2022, 1, 31), published_date_source="line", title="甲县2020年年报")
    put(storage, report(published_date=date(2022, 4, 2), published_date_source="line"))
    put(storage, backdated, at=NOON + HOUR)
    (_, second) = storage.history(Wanted(URL)).versions
    assert {(each.name, each.old, each.new) for each in second.edits.shown} == {
        ("published_date", "2022-04-02", "2022-01-31"),
        ("title", "甲县2021年年报", "甲县2020年年报"),
    }


def test_what_is_shown_is_bounded_and_blanks_are_no_change(storage):
    lines = [f"第{number}句话是这样的。" for number in range(400)]
    long = "长" * 2000
    put(storage, report(text="\n".join([*lines, long + "甲。", "末句。"] * 2)))
    changed = [line.replace("话", "语") if number >= 100 else line.replace("句", " 句") for number, line in enumerate(lines)]
    put(storage, report(text="\n".join([*changed, long + "乙。", "末句。"] * 2)), at=NOON + HOUR)
    edits = storage.history(Wanted(URL)).versions[1].edits
    assert len(edits.shown) == MOST_SENTENCES
    assert edits.left_out == 2 * 301 - MOST_SENTENCES
    assert (edits.shown[0].old, edits.shown[0].new) == ("第100句话是这样的。", "第100句语是这样的。")
    put(storage, report(text=long + "甲。"), at=NOON + 2 * HOUR)
    put(storage, report(text=long + "乙。"), at=NOON + 3 * HOUR)
    (edit,) = storage.history(Wanted(URL)).versions[3].edits.shown
    assert (edit.old[0], edit.old[-2:], edit.new[-2:]) == ("…", "甲。", "乙。")
    assert len(edit.old) <= MOST_LETTERS + 2


def test_a_sentence_taken_away_and_one_put_in_stand_alone(storage):
    put(storage, report())
    put(
        storage,
        report(text=TEXT.replace("2021年,主动公开信息4330条。", "").replace("公开不够及时。", "公开不够及时。另有投诉2件。")),
        at=NOON + HOUR,
    )
    edits = storage.history(Wanted(URL)).versions[1].edits
    assert [(each.old, each.new) for each in edits.shown] == [("2021年,主动公开信息4330条。", None), (None, "另有投诉2件。")]


def test_a_content_that_came_back(storage):
    other = report(text=TEXT + "改", received=8)
    put(storage, report())
    put(storage, other, at=NOON + HOUR)
    put(storage, report(), at=NOON + 2 * HOUR)
    assert told(storage) == [
        (0, "new", "1", None, None, None),
        (1, "edited", "1", "requests.received_new", "7", "8"),
        (2, "edited", "1", "requests.received_new", "8", "7"),
    ]
    put(storage, report(received=5, text="全新"), at=NOON + 3 * HOUR)
    assert told(storage, since=NOON + 3 * HOUR) == [(3, "edited", "1", "requests.received_new", "7", "5")]


def test_the_log_has_new_edited_vanished_returned_and_corrected(storage):
    put(storage, report("http://a/1"), report("http://b/2", "乙", portal="b"))
    put(storage, report("http://b/2", "乙改", portal="b"), at=NOON + HOUR)
    storage.mark_gone(["http://a/1"], NOON + 2 * HOUR)
    put(storage, report("http://a/1"), at=NOON + 3 * HOUR)
    storage.correct([Proposal(Wanted("http://a/1"), NEW, "8", "r", "s", "b")], NOON + 4 * HOUR)
    storage.withdraw(Withdrawal(Wanted("http://a/1"), NEW, "r", "b"), NOON + 5 * HOUR)
    storage.mark_gone(["http://b/2"], NOON + 6 * HOUR)
    everything = [
        (0, "new", "1", None, None, None),
        (0, "new", "2", None, None, None),
        (1, "edited", "2", None, "乙", "乙改"),
        (2, "vanished", "1", None, None, None),
        (3, "returned", "1", None, None, None),
        (4, "corrected", "1", "requests.received_new", "7", "8"),
        (5, "corrected", "1", "requests.received_new", "8", "7"),
        (6, "vanished", "2", None, None, None),
    ]
    assert told(storage) == everything
    assert told(storage, since=NOON + 3 * HOUR) == everything[4:]
    assert told(storage, portals=("b",)) == [row for row in everything if row[2] == "2"]
    assert told(storage, place="610000") == [row for row in everything if row[2] == "1"]
    history = storage.history(Wanted("http://a/1"))
    assert history.absences == ((NOON + 2 * HOUR, NOON + 3 * HOUR),)
    assert [each.withdrawn_by for each in history.corrections] == ["b"]


def test_another_address_of_a_report_is_nothing_new(storage):
    put(storage, report("http://a/1"))
    put(storage, report("http://a/2", published_date=date(2023, 1, 1), published_date_source="line"), at=NOON + HOUR)
    assert told(storage) == [(0, "new", "1", None, None, None)]
    assert storage.history(Wanted("http://a/2")).record == "http://a/1"
    # The portal moved: the report stands at its other address.
    storage.mark_gone(["http://a/1"], NOON + 2 * HOUR)
    assert told(storage) == [(0, "new", "2", None, None, None)]


def test_another_reading_is_no_change_and_one_beside_an_edit_is_told(storage):
    put(storage, report())
    put(storage, report(received=8, parser_version="2"), at=NOON + HOUR)
    assert told(storage) == [(0, "new", "1", None, None, None)]
    put(storage, report(text=TEXT + "改", parser_version="3"), at=NOON + 2 * HOUR)
    assert [row.reread for row in storage.changes(ReportFilter())] == [False, True]
    assert storage.history(Wanted(URL)).versions[1].reread


def test_an_edit_whose_difference_cannot_be_told_is_told_all_the_same(storage):
    put(storage, report())
    put(storage, replace(report(), content_sha256="other"), at=NOON + HOUR)
    assert told(storage) == [(0, "new", "1", None, None, None), (1, "edited", "1", None, None, None)]


def test_what_is_no_report_is_no_change(storage):
    put(storage, report())
    put(storage, report("http://a/3", "x", outcome=PageOutcome.NOT_A_REPORT), report("http://a/4", "y"))
    put(storage, report(URL, "z", outcome=PageOutcome.NOT_A_REPORT), at=NOON + HOUR)
    assert [row[2] for row in told(storage)] == ["4"]


def test_unknown_reports(storage):
    put(storage, report(), report("http://a/2", "office", scope="office"))
    with pytest.raises(ReportUnknown, match="no report at http://a/9"):
        storage.history(Wanted("http://a/9"))
    with pytest.raises(ReportUnknown, match="is 2 reports"):
        storage.history(Wanted(publisher="甲县人民政府", year=2021))
    assert list(storage.changes(ReportFilter(years=(2022, None)))) == []
