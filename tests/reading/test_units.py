"""Units: one id through new names and new codes, where the years prove it or somebody said so, and never by chance."""

import re
import subprocess
import sys

import pytest

from pipelines.data import DataError
from pipelines.metadata import units as module
from pipelines.metadata.gazetteer import index
from pipelines.metadata.units import relations, unit_of, units


def line(adcode, year=None):
    return [f"{place.adcode} {place.name}" for place in unit_of(adcode, year).names]


def kinds(adcode, year=None):
    unit_id = unit_of(adcode, year).unit_id
    return {(found.year, found.kind) for found in relations() if found.predecessor == found.successor == unit_id}


@pytest.mark.parametrize(
    ("names", "changes"),
    [
        (["330124 临安县", "330185 临安市", "330112 临安区"], {(1996, "rename"), (1996, "recode"), (2017, "rename"), (2017, "recode")}),
        (["110201 昌平县", "110221 昌平县", "110114 昌平区"], {(1982, "recode"), (1999, "rename"), (1999, "recode")}),
        (["110208 密云县", "110228 密云县", "110118 密云区"], {(1982, "recode"), (2015, "rename"), (2015, "recode")}),
        (["420600 襄樊市", "420600 襄阳市"], {(2010, "rename")}),
        (["341422 无为县", "340225 无为县", "340281 无为市"], None),
        (["120205 蓟县", "120225 蓟县", "120119 蓟州区"], None),  # no common stem: told by the data file
        (["371202 莱城区", "370116 莱芜区"], {(2019, "rename"), (2019, "recode")}),  # told
        (["360402 庐山区", "360402 濂溪区"], {(2016, "rename")}),  # told, because 庐山市 began in the same year
        (["332600 丽水地区", "332800 丽水地区", "331100 丽水市"], None),  # three districts changed codes in a ring in 1982
        (["232723 漠河县", "232701 漠河市"], None),  # the code was 加格达奇区's
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_one_unit_through_its_names_and_codes(names, changes):
    last = names[-1].split()[0]
    assert line(last)[-len(names) :] == names
    if changes is not None:
        assert kinds(last) == changes


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("429001", 1999), ("421300", 2001)),  # the county of 随州 and the prefecture
        (("371200", 2018), ("370116", 2019)),  # the city of 莱芜 and the district of Jinan
        (("220702", 1994), ("220702", 1996)),  # 扶余区 left its code to 宁江区, its name to 扶余县
        (("220702", 1994), ("220724", 1996)),
        (("500110", 2008), ("500110", 2012)),  # 万盛区 and 綦江县 merged into 綦江区
        (("500222", 2008), ("500110", 2012)),
        (("511402", 1996), ("511402", 2005)),  # the code lay idle between 枳城区 and 东坡区
        (("332400", 1980), ("332400", 1984)),  # 温州地区 and 金华地区
        (("211111", 1985), ("210811", 1983)),  # two of many 郊区
        (("230712", 2000), ("230805", 2000)),  # 东风区 of another city
        (("500101", 2000), ("511201", 1996)),  # another province
    ],
    ids=str,
)
def test_what_the_years_do_not_prove_is_left_open(one, other):
    first, second = unit_of(*one), unit_of(*other)
    assert first is None or second is None or first.unit_id != second.unit_id


def test_a_code_means_its_bearer_of_the_year():
    assert unit_of("330112", 2016) is None
    assert unit_of("330185", 2017) is unit_of("330112", 2017) is unit_of("330185") is unit_of("330112")
    assert unit_of("332400", 1980).names[0].name == "温州地区"
    assert unit_of("332400", 1984).last.name == "金华市"
    assert unit_of("232701", 2000).last.name == "加格达奇区"
    assert unit_of("232701").last.name == "漠河市"
    assert unit_of("999999") is None


def test_every_place_belongs_to_one_unit_and_ids_are_unique_and_opaque():
    places = [place for unit in units() for place in unit.names]
    assert len(places) == len(set(places)) == sum(map(len, index().by_code.values()))
    ids = [unit.unit_id for unit in units()]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch("u[a-z2-7]{8}", unit_id) for unit_id in ids)
    # Written into databases and panels: they must not change.
    assert (unit_of("330112").unit_id, unit_of("110114").unit_id) == ("upziukzqw", "uwye6qprt")


def test_names_of_a_unit_follow_each_other_within_a_province_and_level():
    for unit in units():
        for before, after in zip(unit.names, unit.names[1:], strict=False):
            assert (before.adcode[:2], before.level) == (after.adcode[:2], after.level)
            assert after.first_year - before.last_year in (0, 1)


def test_an_id_outlives_a_change_that_a_later_gazetteer_adds():
    later = [place for places in index().by_code.values() for place in places if place.name != "临安区"]
    known = {unit.names[0]: unit.unit_id for unit in units()}
    following = module._followers(later, [])
    ends = unit_of("330112").names
    assert following[ends[0]] == ends[1]
    assert ends[1] not in following
    assert known[ends[0]] == module._unit_id(ends[0])


def test_merges_and_splits_lead_from_unit_to_unit():
    known = {(found.predecessor, found.successor): (found.year, found.kind) for found in relations()}

    def between(before, after):
        return known.get((unit_of(*before).unit_id, unit_of(*after).unit_id))

    assert between(("330110",), ("330113",)) == (2021, "split")
    assert between(("330103",), ("330105",)) == (2021, "merge")
    assert between(("371200",), ("370100",)) == (2019, "merge")
    assert between(("341400",), ("340100",)) == (2011, "split")
    assert between(("330204",), ("330212",)) == (2016, "merge")
    gone = {unit.unit_id for unit in units() if unit.last.last_year is not None}
    assert {found.predecessor for found in relations() if found.kind == "merge"} <= gone
    assert all(found.source for found in relations())


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"predecessor": "330110 余航区"}, r"\[0\].predecessor: '330110 余航区'"),
        ({"successor": "330199 临平区"}, r"\[0\].successor: '330199 临平区'"),
        ({"year": 2019}, r"\[0\].year: 余杭区 and 临平区 do not meet in 2019"),
        ({"kind": "swap"}, r"\[0\].kind: 'swap' is none of"),
        ({"kind": "rename"}, r"\[0\].kind: a rename keeps the code"),
        ({"predecessor": 330110}, r"\[0\].predecessor: 330110"),
    ],
)
def test_a_wrong_entry_is_an_error_that_names_it(tmp_path, monkeypatch, changed, words):
    entry = {"kind": "split", "predecessor": "330110 余杭区", "successor": "330113 临平区", "year": 2021, "source": "x"} | changed
    file = tmp_path / "unit_relations.yaml"
    file.write_text("- " + ", ".join(f"{key}: {value}" for key, value in entry.items()).join("{}"), "utf-8")
    monkeypatch.setattr(module, "_TOLD", file)
    with pytest.raises(DataError, match=r"unit_relations.yaml" + words):
        module._told()


def test_nothing_is_made_before_it_is_asked_for():
    code = (
        "from pipelines.metadata import gazetteer, units; import pipelines.storage; units.fingerprint()\n"
        "print(gazetteer.index.cache_info().currsize, units._known.cache_info().currsize)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "0 0\n"
