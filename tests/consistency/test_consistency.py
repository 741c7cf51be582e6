"""What reports contradict one another in: each remark on stored records, with what is just too little for it."""

import csv
import json
import shutil
from datetime import timedelta
from decimal import Decimal

import pytest

from giar_crawler.cli.export import export as command
from giar_crawler.consistency.limits import limits
from giar_crawler.export.remarks import remarks
from giar_crawler.items import Figure, Mirror, Page
from giar_crawler.outcomes import PageOutcome
from pipelines import read
from pipelines.findings import codes, finding
from pipelines.storage import Proposal, Wanted, open_storage
from tests import starting
from tests.storage.records import NOON, small

ROOT = "http://a.gov.cn"
CARRIED = "requests.carried_over[total]"
TO_NEXT = "requests.carried_to_next[total]"
NEW = "requests.received_new[total]"
TABLE = {
    f"requests.{row}[{column}]": value
    for row, values in {
        "received_new": (25, 3, 28),
        "granted": (11, 2, 13),
        "unable_not_held": (14, 1, 15),
        "results_total": (25, 3, 28),
    }.items()
    for column, value in zip(("natural_person", "org_commercial", "total"), values, strict=True)
}


def cells(values, unit="件", confidence=1.0):
    """Figures by their names as one word; `None` is a blank."""
    made = []
    for name, value in values.items():
        indicator, _, column = name.removesuffix("]").partition("[")
        status = "blank" if value is None else "number"
        made.append(Figure(indicator, column or None, value, status, str(value), unit, "table", confidence=confidence))
    return made


def report(url, year=2022, values=(), publisher="淳化县人民政府", **changes):
    facts = {
        "publisher": publisher,
        "report_year": year,
        "report_year_source": "title",
        "title": f"{publisher}{year}年政府信息公开工作年度报告",
        "scope": "consolidated",
        "adcode": "610430",
        "form": "giar_2021",
        "figures": cells(dict(values)),
    }
    return small(f"{ROOT}/{url}", url, **facts | changes)


def opened(url):
    storage = open_storage(url)
    storage.upsert_portal({"id": "a", "name": "a", "adcode": "610430", "level": "county", "home": f"{ROOT}/"})
    return storage


def stored(storage, *reports):
    for made in reports:
        storage.store_reading(made, keep=True, portal_id="a", crawl_id=None, seen_at=NOON)
    return storage


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    """A database without reports, to be copied: its tables are made once."""
    file = tmp_path_factory.mktemp("empty") / "giar.db"
    opened(f"sqlite:///{file}").close()
    return file


@pytest.fixture
def put(empty, tmp_path):
    for part in empty.parent.iterdir():
        shutil.copy(part, tmp_path)
    storage = open_storage(f"sqlite:///{tmp_path / empty.name}")
    yield lambda *reports: stored(storage, *reports)
    storage.close()


def seen(storage, code):
    """The findings of a code by the last part of the address."""
    found = {url.removeprefix(f"{ROOT}/"): [one for one in of_url if one.code == code] for url, of_url in remarks(storage).items()}
    return {url: of_url for url, of_url in found.items() if of_url}


# --- carried over


def test_carried_over_is_compared_with_last_year_in_every_column(put):
    person = "requests.{}[natural_person]"
    storage = put(
        report("2020", 2020, {TO_NEXT: 5, person.format("carried_to_next"): 4}, form="giar_2019"),
        report("2021", 2021, {CARRIED: 3, person.format("carried_over"): 4, TO_NEXT: 0}),
        report("2022", 2022, {CARRIED: 0}),
    )
    ((url, (remark,)),) = seen(storage, "carried_over_disagrees").items()
    assert (url, remark.figures, remark.blame, remark.severity) == ("2021", [CARRIED], "publisher", "warning")
    for message in (remark.message, remark.message_zh):
        assert f"{CARRIED} = 3, {TO_NEXT} = 5" in message
        assert f"{ROOT}/2020" in message


@pytest.mark.parametrize(
    "earlier",
    [
        report("2019", 2019, {TO_NEXT: 5}, form="giar_2019"),
        report("2020", 2020, {TO_NEXT: None}, form="giar_2019"),
        report("2020", 2020, {TO_NEXT: 5}, form="giar_2019", scope="office"),
        report("2020", 2020, {TO_NEXT: 5}, form="giar_2019", publisher="旬邑县人民政府"),
        report("2020", 2020, {TO_NEXT: 5}, form="giar_2019", report_year_source="url"),
        report("2020", 2020, {TO_NEXT: 5}, form="giar_2019", outcome=PageOutcome.MIRROR, mirror=Mirror(1.0, [], None)),
        report("2020", 2020, {TO_NEXT: 3}, form="giar_2019"),
    ],
    ids=["two years before", "blank", "another scope", "another publisher", "year guessed", "mirror", "equal"],
)
def test_what_does_not_compare_is_not_compared(put, earlier):
    assert remarks(put(earlier, report("2021", 2021, {CARRIED: 3}))) == {}


@pytest.mark.parametrize(
    "changes",
    [
        {"figures": cells({TO_NEXT: 5}, confidence=0.5)},
        {"findings": [finding("reading_broke", error="x")]},
        {"findings": [finding("second_report", form="giar_2019")]},
        {"findings": [finding("label_by_position", [TO_NEXT], label="x", indicator="x")]},
        {"outcome": PageOutcome.ENCODING_UNSURE},
    ],
    ids=["confidence", "parser", "page", "figure", "encoding"],
)
def test_nobody_is_blamed_where_either_report_may_be_misread(put, changes):
    storage = put(report("2020", 2020, {TO_NEXT: 5}, form="giar_2019", **changes), report("2021", 2021, {CARRIED: 3}))
    assert [one.blame for one in seen(storage, "carried_over_disagrees")["2021"]] == [None]


def test_a_correction_wins_over_the_reading(put):
    storage = put(report("2021", 2021, {TO_NEXT: 5}), report("2022", 2022, {CARRIED: 3}))
    assert list(seen(storage, "carried_over_disagrees")) == ["2022"]
    storage.correct([Proposal(Wanted(f"{ROOT}/2021"), TO_NEXT, "4", "a digit", "the scan", "reviewer")], NOON)
    (remark,) = seen(storage, "carried_over_disagrees")["2022"]
    assert (f"{TO_NEXT} = 4" in remark.message, remark.blame) == (True, None)
    storage.correct([Proposal(Wanted(f"{ROOT}/2021"), TO_NEXT, "3", "a digit", "the scan", "reviewer")], NOON + timedelta(hours=1))
    assert remarks(storage) == {}


def test_the_best_document_stands_for_the_year(put):
    less = report("2021b", 2021, {TO_NEXT: 9})
    storage = put(report("2021a", 2021, {TO_NEXT: 3, NEW: 1}), less, report("2022", 2022, {CARRIED: 3}))
    assert remarks(storage) == {}


@pytest.mark.parametrize(("portal", "compared"), [("a", True), ("b", False)])
def test_a_name_without_a_place_may_be_that_of_two_organs(put, portal, compared):
    facts = {"publisher": "第一师财政局", "scope": "department", "adcode": None}
    earlier = report("2021", 2021, {TO_NEXT: 5}, **facts, portal=portal)
    assert bool(remarks(put(earlier, report("2022", 2022, {CARRIED: 3}, **facts)))) is compared


# --- magnitudes


def years(values, name=NEW, **changes):
    return [report(str(year), year, {name: value}, **changes) for year, value in values.items()]


@pytest.mark.parametrize(
    ("values", "off"),
    [
        ({2021: 12, 2022: 1215, 2023: 15}, "2022"),
        ({2021: 5000, 2022: 5, 2023: 4800}, "2022"),
        ({2021: 60, 2022: 0, 2023: 70}, "2022"),
        ({2021: 10, 2022: 12, 2023: 900}, "2023"),
        ({2021: 900, 2022: 12, 2023: 10}, "2021"),
        ({2021: 12, 2022: 1250}, "2022"),
        ({2021: 4, 2022: 80, 2023: 4}, "2022"),
        # Too little, by factor and by difference.
        ({2021: 12, 2022: 239, 2023: 12}, None),
        ({2021: 2, 2022: 51, 2023: 2}, None),
        ({2021: 2, 2022: 52, 2023: 2}, "2022"),
        # A level that changed, neighbours that disagree, years that are missing, and nothing to multiply.
        ({2021: 10, 2022: 1000, 2023: 1010}, "2021"),
        ({2020: 10, 2021: 11, 2022: 1000, 2023: 1010}, None),
        ({2021: 10, 2022: 1000, 2023: 60}, None),
        ({2021: 12, 2023: 1215}, None),
        ({2021: 12, 2022: 1100}, None),
        ({2021: 0, 2022: 80, 2023: 0}, None),
    ],
)
def test_a_jump_is_remarked_on_where_neighbours_agree(put, values, off):
    found = seen(put(*years(values, form="giar_2021")), "magnitude_jump")
    assert list(found) == ([off] if off else [])
    for remark in found.get(off, ()):
        assert (remark.blame, remark.severity) == (None, "info")
        assert NEW in remark.figures
        assert f"requests_new = {values[int(off)]}" in remark.message
        assert ROOT in remark.message_zh


def test_jumps_are_looked_for_in_what_compares_over_forms_and_units(put):
    stock = "article20_1.normative_documents[{}]"
    storage = put(
        report("2019", 2019, {stock.format("disclosed_total"): 4}, form="giar_2019"),
        report("2020", 2020, {stock.format("disclosed_total"): 4, NEW: 3}, form="giar_2019"),
        report("2021", 2021, {stock.format("in_force"): 400, NEW: 300}),
    )
    (remark,) = seen(storage, "magnitude_jump")["2021"]
    assert remark.figures == [NEW]


def test_money_has_to_jump_further(put):
    name = "article20_8.administrative_fees[fees_amount]"

    def fees(amount):
        made = [
            report(str(year), year, figures=cells({name: value}, unit="万元")) for year, value in ((2021, 2), (2022, amount), (2023, 3))
        ]
        return list(seen(put(*made), "magnitude_jump"))

    assert fees(Decimal("2999.5")) == []
    assert fees(Decimal(30000)) == ["2022"]


def test_a_doubtful_figure_is_no_jump(put):
    made = [*years({2021: 12, 2023: 15}), report("2022", 2022, figures=cells({NEW: 1215}, confidence=0.5))]
    assert remarks(put(*made)) == {}


# --- a government below its departments


def area(own, *parts, **changes):
    organs = [
        ("淳化县财政局", "department"),
        ("淳化县润镇人民政府", "township"),
        ("淳化县民政局", "department"),
        ("淳化县税务局", "department"),
    ]
    made = [report("whole", values={NEW: own, CARRIED: 0})]
    for (publisher, scope), value in zip(organs, parts, strict=False):
        made.append(report(publisher, values={NEW: value}, publisher=publisher, scope=scope, **changes))
    return made


def test_a_government_below_its_departments(put):
    ((url, (remark,)),) = seen(put(*area(10, 9, 6, 1)), "consolidated_below_departments").items()
    assert (url, remark.figures, remark.blame) == ("whole", [NEW], None)
    for message in (remark.message, remark.message_zh):
        for words in ("10", "16", "淳化县财政局 9 (http", "淳化县润镇人民政府 6 ("):
            assert words in message


@pytest.mark.parametrize(
    "reports",
    [
        area(10, 9, 5),
        area(100, 60, 49),
        area(10, 9, 1, 0, 80),
        area(10, 9, 6, form="giar_2019"),
        area(10, 9, 6, adcode="610429"),
        area(10, 9, 6, report_year=2021),
        area(10, 9, 6, report_year_source="published_date"),
        [*area(10, 9, 6), report("zone", values={NEW: 1}, publisher="淳化县工业园区管理委员会")],
        [*area(10, 9), report("again", values={NEW: 10, CARRIED: 0}, publisher="淳化县人民政府办公室", scope="office")],
        [report("whole", values={NEW: 40}), *(report(f"{n}", values=TABLE, publisher=f"淳化县{n}局", scope="department") for n in "abc")],
    ],
    ids=[
        "passed on",
        "a tenth",
        "not its own",
        "form",
        "place",
        "year",
        "year guessed",
        "two governments",
        "posted twice",
        "one report of three names",
    ],
)
def test_a_government_that_may_be_above_its_departments(put, reports):
    assert seen(put(*reports), "consolidated_below_departments") == {}


# --- copied figures


def test_last_years_table(put):
    last = TABLE | {TO_NEXT: 0}
    ((url, (remark,)),) = seen(put(report("2021", 2021, last), report("2022", 2022, TABLE)), "figures_of_last_year").items()
    assert (url, remark.figures, remark.blame) == ("2022", sorted(TABLE), "publisher")
    assert "12" in remark.message
    assert f"{ROOT}/2021" in remark.message_zh


@pytest.mark.parametrize(
    "values",
    [TABLE | {NEW: 29}, dict.fromkeys(TABLE, 1), dict(list(TABLE.items())[:11])],
    ids=["one number", "few values", "few cells"],
)
def test_tables_that_differ_or_are_alike_by_chance(put, values):
    earlier = values if len(set(values.values())) < 6 or len(values) < 12 else TABLE
    assert seen(put(report("2021", 2021, earlier), report("2022", 2022, values)), "figures_of_last_year") == {}


ADDRESSES = {"润镇": "run", "方里镇": "fangli", "官庄镇": "guanzhuang"}


def town(name, year, **changes):
    publisher = f"淳化县{name}人民政府"
    return report(f"{ADDRESSES[name]}{year}", year, TABLE, publisher=publisher, scope="township", **changes)


def test_another_offices_table(put):
    found = seen(put(town("润镇", 2021), town("方里镇", 2022), town("官庄镇", 2022)), "figures_of_other_office")
    assert {url: (remark.blame, remark.figures) for url, (remark,) in found.items()} == {
        "fangli2022": ("publisher", sorted(TABLE)),
        "guanzhuang2022": ("publisher", sorted(TABLE)),
    }
    for (remark,) in found.values():
        assert "淳化县润镇人民政府" in remark.message
        assert f"{ROOT}/" in remark.message_zh


def test_of_two_of_one_year_nobody_knows_which_is_the_copy(put):
    found = seen(put(town("润镇", 2022), town("方里镇", 2022)), "figures_of_other_office")
    assert {url: remark.blame for url, (remark,) in found.items()} == {"run2022": None, "fangli2022": None}


@pytest.mark.parametrize(
    "changes",
    [
        {"publisher": "淳化县人民政府办公室", "scope": "office"},
        {"publisher": "淳化县民政局", "scope": "department", "title": "2022年政府信息公开工作年度报告"},
        {"publisher": "淳化县县民政府", "scope": "department", "title": "淳化县人民政府2021年政府信息公开工作年度报告"},
    ],
    ids=["its office", "title names nobody", "same title"],
)
def test_one_report_under_two_names_is_no_copy(put, changes):
    assert seen(put(report("2022", 2022, TABLE), report("x", 2022, TABLE, **changes)), "figures_of_other_office") == {}


# --- copied prose

SENTENCES = [
    f"第{word}项工作由县政府办公室牵头落实到各镇各部门,全年公开信息{{}}条并组织培训和检查"
    for word in "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉"
]


def prose(number, changed=0, count=20):
    lines = [
        (f"今年另辟蹊径的新做法{place}:" + one if place < changed else one).format(number) for place, one in enumerate(SENTENCES[:count])
    ]
    return "一、总体情况\n" + "。".join(lines) + "。\n信息内容 | 本年制发件数 | 本年废止件数 | 现行有效件数 | 本年度办理结果总计数"


@pytest.mark.parametrize(("changed", "count", "copied"), [(0, 20, True), (2, 20, True), (3, 20, False), (0, 12, True), (0, 11, False)])
def test_last_years_prose(put, changed, count, copied):
    texts = prose("1,204", count=count), prose("98", changed, count)
    found = seen(put(report("2021", 2021, text=texts[0]), report("2022", 2022, text=texts[1])), "prose_copied")
    assert list(found) == (["2022"] if copied else [])
    for (remark,) in found.values():
        assert (remark.blame, remark.figures) == ("publisher", [])
        assert f"{count - changed} of {count}" in remark.message
        assert f"{ROOT}/2021" in remark.message_zh


def test_what_law_and_form_have_every_report_say_is_no_copy(put):
    law = "。".join(
        f"根据《中华人民共和国政府信息公开条例》第{number}条的规定和上级要求编制并公布如下事项" for number in "一二三四五六七八九十"
    )
    texts = [f"{law}。{prose(year, count=8)}" for year in (2021, 2022)]
    assert seen(put(report("2021", 2021, text=texts[0]), report("2022", 2022, text=texts[1])), "prose_copied") == {}


# --- two addresses


def test_two_addresses_of_one_report_that_disagree(put):
    storage = put(report("a", values=TABLE), report("b", values=TABLE | {NEW: 29}))
    ((url, (remark,)),) = seen(storage, "copies_disagree").items()
    assert (url, remark.figures, remark.blame) == ("a", [NEW], "publisher")
    for message in (remark.message, remark.message_zh):
        assert f"{NEW} = 28, 29" in message
        assert f"{ROOT}/b" in message
    storage.correct([Proposal(Wanted(f"{ROOT}/b"), NEW, "30", "a digit", "the scan", "reviewer")], NOON)
    assert remarks(storage) == {}


def test_two_addresses_that_are_not_one_report_now(put):
    half = {name: value + 1 if place < 7 else value for place, (name, value) in enumerate(TABLE.items())}
    storage = put(report("a", values=TABLE), report("b", values=half))
    assert remarks(storage) == {}
    put(report("b", values=TABLE | {NEW: 29}))
    assert list(remarks(storage)) == [f"{ROOT}/a"]
    storage.mark_gone([f"{ROOT}/b"], NOON)
    assert remarks(storage) == {}


def test_both_databases_give_the_same_remarks_in_the_same_order(put, postgres_url):
    reports = [
        *area(10, 9, 6),
        *(town(name, year) for name, year in (("润镇", 2021), ("方里镇", 2022), ("官庄镇", 2022))),
        *(report(f"copy{number}", 2020, TABLE | {NEW: number}, form="giar_2019", text=prose(number)) for number in (28, 29)),
        report("2021", 2021, TABLE | {CARRIED: 3, NEW: 28000}, text=prose(2)),
        report("2019", 2019, TABLE | {NEW: 27, TO_NEXT: 2}, form="giar_2019"),
    ]
    storage = opened(postgres_url)
    here, there = remarks(put(*reports)), remarks(stored(storage, *reversed(reports)))
    storage.close()
    assert here == there
    assert list(here) == list(there)
    assert {one.code for of_url in here.values() for one in of_url} == {
        "consolidated_below_departments",
        "copies_disagree",
        "figures_of_other_office",
        "magnitude_jump",
        "prose_copied",
    }


def test_an_empty_database_has_no_remarks(sqlite_url):
    assert remarks(open_storage(sqlite_url)) == {}


def test_the_limits_name_what_there_is():
    from pipelines.statistics.forms import forms

    assert limits().doubts <= set(codes())
    assert all(name in forms()[form].types for form in limits().departments.forms for name in limits().departments.figures)


# --- the command

ROW = "<tr><td colspan=3>{}</td>" + "<td>{}</td>" * 7 + "</tr>"
HEAD = (
    "<tr><td rowspan=3 colspan=3>(本列数据的勾稽关系为:第一项加第二项之和,等于第三项加第四项之和)</td><td colspan=7>申请人情况</td></tr>"
    "<tr><td rowspan=2>自然人</td><td colspan=5>法人或其他组织</td><td rowspan=2>总计</td></tr>"
    "<tr><td>商业企业</td><td>科研机构</td><td>社会公益组织</td><td>法律服务机构</td><td>其他</td></tr>"
)


def page(year, new, over, to_next):
    def row(label, number):
        return ROW.format(label, number, 0, 0, 0, 0, 0, number)

    done = new + over - to_next
    numbers = f"<td>{done}</td>{'<td>0</td>' * 5}<td>{done}</td></tr>"
    result = f"<tr><td rowspan=2>三、本年度办理结果</td><td colspan=2>(一)予以公开</td>{numbers}"
    total = f"<tr><td colspan=2>(七)总计</td>{numbers}"
    rows = row("一、本年新收政府信息公开申请数量", new), row("二、上年结转政府信息公开申请数量", over), result, total
    table = f"<table>{HEAD}{''.join(rows)}{row('四、结转下年度继续办理', to_next)}</table>"
    title = f"淳化县人民政府{year}年政府信息公开工作年度报告"
    text = f"<p>一、总体情况</p><p>{year}年,淳化县共收到政府信息公开申请{new}件。</p><p>三、收到和处理政府信息公开申请情况</p>"
    html = f"<html><head><meta charset=utf-8><title>{title}</title></head><body><h1>{title}</h1>{text}{table}</body></html>"
    return Page(url=f"http://www.snchunhua.gov.cn/nb/{year}.html", body=html.encode(), fetched_at=NOON)


def test_the_command_writes_them_behind_each_reports_own_findings(database_url, tmp_path):
    storage = opened(database_url)
    for made in (page(2021, 7, 0, 2), page(2022, 9, 5, 0)):
        report = read(made)
        report.findings.append(finding("page_cut"))
        report.portal = "a"
        report.findings[:] = [one for one in report.findings if one.code != "page_cut" or report.report_year == 2021]
        stored(storage, report)
    storage.close()

    def export(name, **options):
        command("findings", tmp_path / name, database=database_url, **options)
        return (tmp_path / name).read_text("utf-8-sig")

    typed = [*starting.GIAR, "export", "findings", "-o", str(tmp_path / "x.csv"), "--database", database_url]
    starting.run(typed, check=True, capture_output=True)
    written = (tmp_path / "x.csv").read_text("utf-8-sig")
    rows = list(csv.DictReader(written.splitlines()))
    assert [(row["report_year"], row["code"]) for row in rows if row["code"] in ("page_cut", "carried_over_disagrees")] == [
        ("2021", "page_cut"),
        ("2022", "carried_over_disagrees"),
    ]
    remark = rows[-1]
    assert (remark["document_url"], remark["portal"], remark["publisher"]) == (
        "http://www.snchunhua.gov.cn/nb/2022.html",
        "a",
        "淳化县人民政府",
    )
    assert remark["figures"] == "requests.carried_over[natural_person] requests.carried_over[total]"
    assert "http://www.snchunhua.gov.cn/nb/2021.html" in remark["message_zh"]
    assert len(remark["fingerprint"]) == 16
    # The filters choose what is shown, not what it is compared with; two exports are the same bytes.
    only = [json.loads(line) for line in export("x.jsonl", years="2022").splitlines()]
    assert [one["code"] for one in only][-1] == "carried_over_disagrees"
    assert "carried_over_disagrees" not in export("y.jsonl", years="2021")
    assert export("z.csv") == written
