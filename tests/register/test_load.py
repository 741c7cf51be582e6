"""The register: what is packaged, what a user's own file may do, and how every fault is told."""

import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from giar_crawler.items import PageContext
from giar_crawler.platforms import PLATFORMS
from giar_crawler.register import Portal, RegisterError, load_register, schema
from pipelines.metadata.gazetteer import level_of, place_of_code

GOOD = 'portals:\n  - id: a\n    name: 淳化县人民政府\n    adcode: "610430"\n    home: http://a.gov.cn/\n'


def write(tmp_path, text, name="my.yaml"):
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def faults_of(*paths):
    with pytest.raises(RegisterError) as caught:
        load_register(paths)
    return caught.value.faults


def test_packaged_register():
    register = load_register()
    assert len(register) >= 280
    for portal in register:
        place = place_of_code(portal.adcode)
        assert portal.verified is None
        assert portal.notes
        if portal.name.endswith(place.name + "人民政府"):
            assert portal.level == level_of(portal.adcode), portal.id
        else:
            assert portal.level == "department", portal.id
            assert portal.name.startswith(place.name), portal.id
        labels = [label for label in portal.host.removesuffix(".gov.cn").split(".") if label != "www"]
        assert portal.id == "-".join(reversed(labels))
        assert register.find_host(portal.host) is portal
    homes = {
        host: register.find_host(host).adcode for host in ("www.xjwqx.gov.cn", "dwk.gov.cn", "www.snchunhua.gov.cn", "www.linan.gov.cn")
    }
    assert list(homes.values()) == ["653024", "640202", "610430", "330112"]
    assert register.find_host("liaoyang.gov.cn").name == "辽阳市人民政府"


def test_every_walked_platform_may_be_named():
    assert {platform.name for platform in PLATFORMS} <= set(schema.PLATFORMS)


def test_defaults_and_all_keys(tmp_path):
    text = GOOD + (
        "    level: department\n    site_code: '6104300003'\n    hosts: [b.gov.cn]\n    lists: [http://b.gov.cn/l/]\n    platform: jcms\n"
        "    valid_years: [2008, null]\n    delay: 2\n    politeness_group: one\n    enabled: false\n    paused_until: 2026-01-02\n"
        "    reason: moved\n    verified: '2025-01-02'\n    expect: {reports_per_year: 1}\n    notes: |\n      two\n      lines\n"
        "    former_ids: [old]\n    unit_kind: zone\n    encoding: GB18030\n"
        "    hours: 08:00-18:00\n    daily_cap: 500\n"
        '  - {id: b, name: 贵州省, adcode: "520000", home: "https://c.gov.cn", hosts: , delay: null, level: ~}\n'
    )
    register = load_register([write(tmp_path, text)], packaged=False)
    full, bare = register
    assert full == Portal(
        id="a",
        name="淳化县人民政府",
        adcode="610430",
        level="department",
        home="http://a.gov.cn/",
        site_code="6104300003",
        hosts=("b.gov.cn",),
        lists=("http://b.gov.cn/l/",),
        platform="jcms",
        valid_years=(2008, None),
        delay=2.0,
        politeness_group="one",
        enabled=False,
        paused_until=date(2026, 1, 2),
        reason="moved",
        verified=date(2025, 1, 2),
        expect={"reports_per_year": 1.0},
        notes="two\nlines",
        former_ids=("old",),
        unit_kind="zone",
        encoding="gb18030",
        hours="08:00-18:00",
        daily_cap=500,
    )
    assert bare == Portal(id="b", name="贵州省", adcode="520000", level="province", home="https://c.gov.cn/")
    assert register.get("old") is full
    assert PageContext(**full.context_fields()).hosts == ("a.gov.cn", "b.gov.cn")
    assert full.as_dict()["verified"] == "2025-01-02"
    assert not full.active_on(date(2026, 6, 1))
    assert bare.active_on(date(2026, 6, 1))


def test_a_users_entry_replaces_the_packaged_one_wholly(tmp_path):
    packaged = load_register().get("sz")
    path = write(tmp_path, GOOD.replace("id: a", "id: sz"))
    register = load_register([path])
    assert packaged.platform == "gkmlpt"
    assert register.get("sz").platform == "auto"
    assert register.find_host("www.sz.gov.cn") is None
    assert register.given == ("sz",)
    assert load_register([path, tmp_path]).given == ("sz",)  # the same file by two ways is one file


def test_hosts_are_owned():
    portal = Portal(id="a", name="a", adcode="610430", level="county", home="http://www.A.gov.cn:80/x", hosts=("b.a.gov.cn",))
    assert [portal.owns(host) for host in ("a.gov.cn", "WWW.a.gov.cn.", "a.gov.cn:8080", "b.a.gov.cn")] == [True] * 4
    assert [portal.owns(host) for host in ("aa.gov.cn", "c.a.gov.cn", "a.gov.cn.evil.com", "", "a b", "u@a.gov.cn", "a.gov.cn:99999")] == [
        False
    ] * 7
    local = Portal(id="a", name="a", adcode="610430", level="county", home="http://127.0.0.1:8001/")
    assert [local.owns(host) for host in ("127.0.0.1:8001", "127.0.0.1:8002", "127.0.0.1")] == [True, False, False]
    chinese = Portal(id="a", name="a", adcode="610430", level="county", home="http://淳化.政务/")
    assert chinese.owns("www.淳化.政务".encode("idna").decode())


def test_of_two_portals_on_one_host_the_one_nearest_to_its_root(tmp_path):
    below = GOOD.replace("id: a", "id: c").replace("a.gov.cn/", "a.gov.cn/jyj/").removeprefix("portals:\n")
    register = load_register([write(tmp_path, "portals:\n" + below + GOOD.removeprefix("portals:\n"))], packaged=False)
    assert register.find_host("a.gov.cn").id == "a"


def test_places():
    register = load_register()
    assert {portal.adcode[:2] for portal in register.within("440000")} == {"44"} == {portal.adcode[:2] for portal in register.within("44")}
    assert {portal.adcode[:4] for portal in register.within("440300")} == {"4403"}
    assert [portal.id for portal in register.within("440306")] == ["baoan"]
    for place in ("4", "4403001", "x", "", "440"):
        with pytest.raises(ValueError, match="not a code"):
            register.within(place)


FAULTY = [
    ("id", "id: a", "id: Bad Id", "is no id"),
    ("adcode", '"610430"', "610430", 'quote it, "610430"'),
    ("adcode", '"610430"', '"61043"', "GB/T 2260"),
    ("adcode", '"610430"', '"619999"', "never a place"),
    ("adcode", '"610430"', '"500100"', "never a place"),
    ("home", "http://a.gov.cn/", "ftp://a.gov.cn/", "http:// or https://"),
    ("home", "http://a.gov.cn/", "http:///x", "http:// or https://"),
    ("home", "http://a.gov.cn/", "javascript:alert(1)", "http:// or https://"),
    ("home", "http://a.gov.cn/", "http://a.gov.cn:70000/", "http:// or https://"),
    ("home", "http://a.gov.cn/", "http://a..gov.cn/", "http:// or https://"),
    ("home", "http://a.gov.cn/", "null", "required"),
    ("name", "淳化县人民政府", "2021", "put it in quotes"),
    ("name", "淳化县人民政府", "[x]", "a text"),
    ("name", "淳化县人民政府", '""', "1 to 200"),
    ("level", "id: a", "id: a\n    level: village", "province, city, county, township, department"),
    ("site_code", "id: a", "id: a\n    site_code: 6104300003", "quote it"),
    ("site_code", "id: a", "id: a\n    site_code: 'bm123'", "网站标识码"),
    ("hosts", "id: a", "id: a\n    hosts: [http://b.gov.cn/]", "without http://"),
    ("hosts", "id: a", "id: a\n    hosts: b.gov.cn", "a list"),
    ("lists", "id: a", "id: a\n    lists: [http://b.gov.cn/]", "is not the portal's"),
    ("platform", "id: a", "id: a\n    platform: jmcs", "jcms"),
    ("valid_years", "id: a", "id: a\n    valid_years: [2020, 2010]", "after the last"),
    ("valid_years", "id: a", "id: a\n    valid_years: [2020]", "null for an open end"),
    ("valid_years", "id: a", "id: a\n    valid_years: [208, null]", "1990 to 2100"),
    ("delay", "id: a", "id: a\n    delay: 0.1", "0.5 s or more"),
    ("delay", "id: a", "id: a\n    delay: -1", "from 0 up"),
    ("delay", "id: a", "id: a\n    delay: .inf", "from 0 up"),
    ("delay", "id: a", "id: a\n    delay: true", "not a number"),
    ("hours", "id: a", "id: a\n    hours: 8-18", "HH:MM-HH:MM"),
    ("hours", "id: a", "id: a\n    hours: '24:30-08:00'", "HH:MM-HH:MM"),
    ("hours", "id: a", "id: a\n    hours: '08:00-08:00'", "HH:MM-HH:MM"),
    ("daily_cap", "id: a", "id: a\n    daily_cap: 0", "1 to 1000000"),
    ("daily_cap", "id: a", "id: a\n    daily_cap: many", "a number of requests"),
    ("enabled", "id: a", "id: a\n    enabled: 1", "true or false"),
    ("verified", "id: a", "id: a\n    verified: 2020-13-01", "not a date"),
    ("verified", "id: a", "id: a\n    verified: 2020-01-01 10:00:00", "has a time"),
    ("expect", "id: a", "id: a\n    expect: {reports: 1}", "reports_per_year"),
    ("unit_kind", "id: a", "id: a\n    unit_kind: country", "zone"),
    ("encoding", "id: a", "id: a\n    encoding: klingon", "not an encoding"),
    ("former_ids", "id: a", "id: a\n    former_ids: [a]", "own id"),
    ("render", "id: a", "id: a\n    render: true\n    tls: legacy", "no browser speaks old TLS"),
    ("hoem", "id: a", "id: a\n    hoem: x", "did you mean home"),
    ("name", "id: a", "id: a\n    name: twice", "stands twice"),
]


@pytest.mark.parametrize(("key", "old", "new", "said"), FAULTY)
def test_each_fault_names_its_place(tmp_path, key, old, new, said):
    text = GOOD.replace(old, new, 1)
    path = write(tmp_path, text)
    faults = faults_of(path)
    assert len(faults) == 1, faults
    line = max(number for number, row in enumerate(text.splitlines(), 1) if re.match(rf"[ -]*{key}:", row))
    assert faults[0].line == line
    assert faults[0].key == key
    assert str(faults[0]).startswith(f"{path}:{line}: entry ")
    assert said in str(faults[0])


def test_passwords_are_not_repeated(tmp_path):
    fault = str(faults_of(write(tmp_path, GOOD.replace("http://a", "http://me:hunter2@a")))[0])
    assert "user name or password" in fault
    assert "hunter2" not in fault


def test_all_faults_are_told_at_once(tmp_path):
    first = write(tmp_path, GOOD.replace('"610430"', "610430").replace("http:", "ftp:") + "    delay: 0.1\n  - word\n  - {}\n", "1.yaml")
    second = write(tmp_path, GOOD + GOOD.removeprefix("portals:\n") + "extra: 1\n", "2.yaml")
    faults = faults_of(first, second, tmp_path / "none.yaml")
    assert [(Path(f.file).name, f.line, f.entry, f.key) for f in faults] == [
        ("1.yaml", 4, "a", "adcode"),
        ("1.yaml", 5, "a", "home"),
        ("1.yaml", 7, "#2", None),
        ("1.yaml", 8, "#3", "id"),
        ("1.yaml", 8, "#3", "name"),
        ("1.yaml", 8, "#3", "adcode"),
        ("1.yaml", 8, "#3", "home"),
        ("2.yaml", 2, "a", "id"),
        ("2.yaml", 6, "a", "id"),
        ("2.yaml", 10, None, "extra"),
        ("none.yaml", 0, None, None),
    ]
    assert f"{first}:2" in str(faults[7])  # the second place names the first


def test_former_ids_belong_to_one_portal(tmp_path):
    other = GOOD.replace("id: a", "id: b\n    former_ids: [a, x]").removeprefix("portals:\n")
    third = GOOD.replace("id: a", "id: c\n    former_ids: [x]").removeprefix("portals:\n")
    faults = faults_of(write(tmp_path, GOOD + other + third))
    assert [(fault.entry, fault.key) for fault in faults] == [("b", "former_ids"), ("c", "former_ids")]


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("", 0, "empty"),
        ("portal: []\n", 1, "unknown"),
        ("- a\n", 1, "no list of portals"),
        ("portals: {}\n", 1, "no list of portals"),
        ("just words", 1, "no list of portals"),
        (GOOD.replace("    name", "\tname"), 3, "never tabs"),
        (GOOD + "  - id: [x\n", 7, "begins in line 6"),
        (GOOD + "---\n" + GOOD, 6, "not YAML"),
        ("portals: &x [*x]\n", 1, "anchors"),
        ("a: &a [x, x]\nb: &b [*a, *a]\nportals: [*b, *b]\n", 1, "anchors"),
        ("portals: !!python/object/apply:os.system [ls]\n", 1, "the tag"),
        ("portals: " + "[" * 5000 + "\n", 1, "deeper"),
        (GOOD.encode("gb18030"), 3, "not UTF-8"),
        (GOOD.replace("淳", "\x00"), 3, "not YAML"),
        (b"portals: [] #" + b"x" * 5_000_000, 0, "bytes"),
    ],
)
def test_files_that_are_no_register(tmp_path, text, line, said):
    faults = faults_of(write(tmp_path, text))
    assert any(said in str(fault) and fault.line == line for fault in faults), faults


def test_folders_and_bom(tmp_path):
    write(tmp_path, b"\xef\xbb\xbf" + GOOD.encode(), "a.yml")
    write(tmp_path, "no register", "readme.txt")
    assert load_register([tmp_path]).given == ("a",)
    empty = tmp_path / "empty"
    empty.mkdir()
    assert "no register file" in str(faults_of(empty)[0])


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                *schema.CHECKS,
                "x",
                ": ",
                "[",
                "]",
                "{",
                "}",
                "\n  - ",
                "\n    ",
                '"',
                "'",
                "2020-01-01",
                "&a",
                "*a",
                "!!set",
                "|",
                "1e9",
                "0x1f",
                "12:30:45",
                "http://a.gov.cn",
                "\t",
                "? ",
                "#",
                "~",
            ]
        ),
        max_size=25,
    )
)
def test_any_text_is_read_or_refused(tmp_path, pieces):
    path = write(tmp_path, "portals:\n  - " + "".join(pieces))
    faults = []
    try:
        load_register([path], packaged=False)
    except RegisterError as error:
        faults = error.faults
    assert all(str(fault).startswith(str(path)) for fault in faults)
