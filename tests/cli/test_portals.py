"""`giar portals list` and `check` as a user calls them: stdout, stderr, exit code."""

import json

import pytest
from rich.cells import cell_len

from giar_crawler.cli import main

GOOD = 'portals:\n  - id: mine\n    name: 淳化县人民政府\n    adcode: "610430"\n    home: http://a.gov.cn/\n'


@pytest.fixture
def giar(monkeypatch, capsys):
    def run(*words):
        monkeypatch.setattr("sys.argv", ["giar", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capsys.readouterr()
        return ended.value.code or 0, printed.out, printed.err

    return run


def test_list_by_place_and_level(giar):
    code, out, err = giar("portals", "list", "--place", "440000", "--level", "city")
    head, *rows = out.splitlines()
    assert code == 0
    assert head.split() == ["id", "adcode", "level", "name", "home", "platform", "verified"]
    assert [row.split()[1] for row in rows] == sorted(row.split()[1] for row in rows)
    assert all(row.split()[1].startswith("44") and row.split()[2] == "city" for row in rows)
    assert "深圳市人民政府" in out
    assert len({cell_len(row.partition("http")[0]) for row in rows}) == 1
    assert err.startswith(f"{len(rows)} of ")


def test_list_of_a_users_file_as_json(giar, tmp_path):
    path = tmp_path / "my.yaml"
    path.write_text(GOOD)
    code, out, _ = giar("portals", "list", "--portals", path, "--json")
    portal = json.loads(out)
    assert code == 0
    assert (portal["id"], portal["level"], portal["valid_years"], portal["verified"]) == ("mine", "county", [None, None], None)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--place", "4"), "440300"),
        (("--place", "99"), "giar portals missing --counts"),
        (("--place", "6198"), "near it are 61"),
        (("--level", "village"), "township"),
        (("--portals", "/no/such.yaml"), "such.yaml"),
    ],
)
def test_wrong_calls_are_refused(giar, words, said):
    code, out, err = giar("portals", "list", *words)
    assert (code, out) == (2, "")
    assert said in err


def test_check(giar, tmp_path):
    good, bad = tmp_path / "good.yaml", tmp_path / "bad.yaml"
    good.write_text(GOOD)
    bad.write_text(GOOD.replace('"610430"', '"619999"').replace("mine", "other") + GOOD.removeprefix("portals:\n"))
    code, out, err = giar("portals", "check", good)
    assert (code, out) == (0, "")
    assert "1 of them from your own files" in err

    code, out, err = giar("portals", "check", good, bad)
    assert (code, out) == (2, "")
    assert f"{bad}:4: entry other: adcode: " in err
    assert f"{good}:2" in err  # the id that is taken already
    assert "2 faults" in err

    code, out, _ = giar("portals", "check", bad, "--json")
    assert code == 2
    assert [fault["key"] for fault in json.loads(out)["faults"]] == ["adcode"]


def test_help_has_an_example(giar):
    for command in ("list", "check"):
        code, out, _ = giar("portals", command, "--help")
        assert code == 0
        assert f"giar portals {command} " in " ".join(out.split())
