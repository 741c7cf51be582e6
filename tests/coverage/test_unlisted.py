"""What the register lacks: units in force in the year asked for whose own government has no portal that serves that year."""

import csv
import json
from collections import Counter

import pytest

from giar_crawler.cli.common import Refused
from giar_crawler.cli.missing import missing
from giar_crawler.coverage.unlisted import InForce, in_force, tallies
from giar_crawler.register import Portal
from pipelines.metadata.gazetteer import index

TODAY = 2026


def portal(adcode, level="county", **more):
    return Portal(id=f"p{adcode}", name="门户", adcode=adcode, level=level, home="http://www.example.gov.cn/", **more)


def lacking(portals, year=None, **more):
    return {each.adcode: each.place for each in in_force(portals, year, TODAY, **more) if not each.listed}


def test_only_units_in_force_that_year():
    assert "110103" not in lacking([])
    assert lacking([], 2009)["110103"] == "崇文区"
    assert lacking([], 2016, place="330100")["330185"] == "临安市"
    assert "330112" not in lacking([], 2016)
    assert lacking([], 2018, place="330100")["330112"] == "临安区"


def test_a_unit_is_one_also_in_the_year_of_its_new_code():
    found = in_force([], 2017, TODAY, place="330100")
    assert Counter(each.unit_id for each in found).most_common(1)[0][1] == 1
    assert sum("临安" in each.place for each in found) == 1


def test_a_portal_stands_for_its_unit_under_every_code():
    for adcode in ("330185", "330112"):
        assert "330185" not in lacking([portal(adcode)], 2016)
        assert "330112" not in lacking([portal(adcode)])


def test_portals_that_are_not_of_the_government():
    assert "610430" not in lacking([portal("610430")])
    for other in (portal("610430", "department"), portal("610430", "township"), portal("610430", unit_kind="zone")):
        assert "610430" in lacking([other])


def test_an_address_that_does_not_serve_the_year():
    assert "610430" in lacking([portal("610430", valid_years=(2015, None))], 2014)
    assert "610430" not in lacking([portal("610430", valid_years=(2015, None))], 2015)
    assert "610430" in lacking([portal("610430", valid_years=(None, 2020))])


def test_what_lies_where_and_where_nothing_is_due():
    one = next(each for each in in_force([], None, TODAY) if each.adcode == "610430")
    assert (one.province_code, one.province, one.city, one.level) == ("610000", "陕西省", "咸阳市", "county")
    assert not {each.adcode[:2] for each in in_force([], None, TODAY)} & {"71", "81", "82"}
    # The table itself, counted in another way.
    places = [place for same in index().by_code.values() for place in same if place.valid_in(None) and place.adcode[:2] == "61"]
    assert len(in_force([], None, TODAY, place="610000")) == len({place.adcode for place in places})


def test_the_numbers_are_those_of_the_official_divisions():
    """333 prefectures and 31 provinces, without Hong Kong, Macao and Taiwan: a row that only heads a group of codes is no unit."""
    levels = Counter(each.level for each in in_force([], None, TODAY))
    assert (levels["province"], levels["city"]) == (31, 333)


def test_counts():
    rows = list(tallies(in_force([portal("610430"), portal("610000", "province")], None, TODAY, place="610000")))
    told = {(row.province_code, row.level): (row.units, row.without_portal) for row in rows}
    assert told["610000", "province"] == (1, 0)
    assert told["610000", "city"] == (10, 10)
    units, without = told["610000", "county"]
    assert units == without + 1 == 107
    assert [told["all", level] for level in ("province", "city", "county")] == [
        told["610000", level] for level in ("province", "city", "county")
    ]


REGISTER = 'portals:\n  - {id: mine, name: 秦都区人民政府, adcode: "610402", level: county, home: "http://www.snqindu.gov.cn/"}\n'


def test_the_command(tmp_path, capsys):
    (tmp_path / "mine.yaml").write_text(REGISTER, "utf-8")
    missing(place="610400", as_json=True)
    before = [json.loads(line)["adcode"] for line in capsys.readouterr().out.splitlines()]
    missing([tmp_path / "mine.yaml"], place="610400", as_json=True)
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {row["adcode"] for row in rows} == set(before) - {"610402"}
    assert list(rows[0]) == ["province_code", "province", "city", "level", "adcode", "place", "unit_id"]
    missing(place="610400", counts=True)
    printed = capsys.readouterr()
    assert f"610000         陕西省    city    1      {int('610400' in before)}" in printed.out
    assert f"{len(before)} of 15 places in force today" in printed.err


def test_the_list_as_csv(capsys):
    missing(place="610400", as_json=True)
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    missing(place="610400", as_csv=True)
    text = capsys.readouterr().out
    assert text.startswith("\ufeffprovince_code,")
    assert list(csv.DictReader(text.removeprefix("\ufeff").splitlines())) == rows
    missing(place="610400", counts=True, as_csv=True)
    assert capsys.readouterr().out.splitlines()[1].startswith("610000,陕西省,city,1,")


def test_a_spreadsheet_runs_no_cell_of_the_list(monkeypatch, capsys):
    county = InForce("610000", "=1+1", "@咸阳市", "county", "610430", "-淳化县", "u1", listed=False)
    monkeypatch.setattr("giar_crawler.cli.missing.in_force", lambda *_: [county])
    missing(as_csv=True)
    assert capsys.readouterr().out.splitlines()[1] == "610000,'=1+1,'@咸阳市,county,610430,'-淳化县,u1"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"year": 2999}, "report years lie between 2008 and"),
        ({"year": 0}, "report years lie between"),
        ({"place": "710000"}, "no such place today"),
        ({"place": "441900", "level": "county", "year": 2020}, "no such place in 2020"),
        ({"place": "61"}, "six digits"),
        ({"as_csv": True, "as_json": True}, "give one of them"),
    ],
)
def test_calls_that_are_refused(options, words):
    with pytest.raises(Refused, match=words):
        missing(**options)
