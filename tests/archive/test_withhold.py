"""A page that is withheld is shown by nothing, and is not lost."""

import json
from dataclasses import replace
from datetime import UTC, datetime

from giar_crawler.data import open_database
from pipelines.storage import ReportFilter, open_storage
from pipelines.storage.marks import walks
from tests.archive.test_revisits import small_portal
from tests.walk.conftest import page, report, rows


def test_a_withheld_report_is_in_no_output_and_comes_back(workplace, portals, tmp_path, command):
    portal = small_portal(portals)
    workplace.crawl("--portals", portals.register())
    url, other = portal.home + "2021.html", portal.home + "2022.html"
    places = ["--database", workplace.database, "--archive", str(workplace.folder / "archive")]

    def giar(*arguments):
        done = command(*arguments)
        return done.code, done.out.decode(), done.err

    def exported():
        """Everything that exports hold, by the address that it is about."""
        seen = {}
        for kind in ("reports", "figures", "findings", "coverage"):
            assert giar("export", kind, "-o", str(tmp_path / "x.jsonl"), "--database", workplace.database)[0] == 0
            lines = (tmp_path / "x.jsonl").read_text("utf-8").splitlines()
            seen[kind] = {row.get("url") or row.get("document_url") or f"{row['report_year']}" for row in map(json.loads, lines)}
        return seen

    before = exported()
    assert url in before["reports"] & before["figures"]
    assert giar("archive", "withhold", url, *places)[0] == 2
    assert giar("archive", "withhold", portal.home + "none.html", "--reason", "x", *places)[0] == 2
    code, out, _ = giar("archive", "withhold", url, "--reason", "names of applicants", "--by", "li", "--json", *places)
    entry = json.loads(out)
    storage = open_storage(workplace.database)
    (seen,) = storage.observations_of(url)
    assert (code, entry["url"], entry["reason"], entry["by"]) == (0, url, "names of applicants", "li")
    assert (entry["lifted_at"], entry["body_sha256"]) == (None, [seen.body_sha256])
    after = exported()
    for kind in ("reports", "figures", "findings"):
        assert after[kind] == before[kind] - {url}
    # That a report was published is no content of it; its absence would be an accusation.
    assert after["coverage"] == before["coverage"]
    code, out, err = giar("archive", "get", url + "#x", *places)
    assert (code, out) == (2, "")
    assert "is withheld since" in err
    assert giar("archive", "get", other, *places)[0] == 0
    # Nor do its versions and what became of it stand anywhere.
    assert giar("history", url, "--database", workplace.database)[0] == 2
    assert url not in giar("changes", "--since", "2020-01-01", "--database", workplace.database)[1]
    # Another walk brings it again and still shows nothing.
    workplace.crawl("--portals", portals.register())
    assert exported()["reports"] == after["reports"]
    assert giar("archive", "withhold", other, "--lift", *places)[0] == 2
    assert giar("archive", "withhold", url, "--lift", *places)[0] == 0
    assert exported() == before
    (logged,) = giar("archive", "withhold", "--json", *places)[1].splitlines()
    assert json.loads(logged)["lifted_at"] is not None
    assert json.loads(logged)["body_sha256"] == entry["body_sha256"]


def test_what_a_withheld_page_said_is_no_evidence(workplace, portals):
    words = "某人身份证号码"
    portal = portals.add("x", {"/": page(words, f"<p>{words}</p>")})
    assert words in workplace.crawl("--portals", portals.register(), code=None).stderr
    storage = open_storage(workplace.database)

    def evidence():
        with storage.engine.connect() as connection:
            return [walk.counts["evidence"] for walk in walks(connection, ["x"])]

    assert words in evidence()[0]["excerpt"]
    storage.withhold(portal.home, "personal data", "li", storage.observations_of(portal.home)[0].fetched_at)
    assert evidence() == [{"url": portal.home, "status": 200, "excerpt": "(withheld)"}]
    assert not list(storage.reports(ReportFilter()))
    # What another walk has to say of it.
    told = workplace.crawl("--portals", portals.register(), code=None).stderr
    assert "(withheld)" in told
    assert words not in told


def test_a_withheld_report_is_in_nothing_that_can_be_printed(workplace, portals, tmp_path, command):
    """Its figures, its words and what was corrected in it; every command that prints or writes what reports say, and DataFrames."""
    portal = small_portal(portals, **{"/2021.html": report("某县人民政府", 2021, 4711)})
    workplace.crawl("--portals", portals.register())
    # An edit, so that there is something to tell of two versions.
    applicant = "某申请人的姓名"
    portal.pages["/2021.html"] = page_with(report("某县人民政府", 2021, 4712), applicant)
    workplace.crawl("--portals", portals.register())
    url, other = portal.home + "2021.html", portal.home + "2022.html"
    database = ["--database", workplace.database]
    figure = "article20_1.rules[in_force]"
    why = ["--reason", "r", "--source", "s", "--by", "li"]
    assert command("correct", url, figure, "4713", *why, *database).code == 0
    data = open_database(workplace.database)

    def told():
        """All that is printed and written."""
        done = [
            command("changes", "--since", "2020-01-01", *database),
            command("changes", "--since", "2020-01-01", "--json", *database),
            command("correct", "--list", *database),
            command("correct", "--log", "--json", *database),
            command("history", url, "--json", *database),
            command("history", other, "--json", *database),
            command("history", "某县人民政府", "2021", *database),
            command("coverage", "--explain", "x", "2021", *database),
            command("coverage", "--json", *database),
            command("archive", "get", url, "--json", *database, "--archive", workplace.folder / "archive"),
            command("archive", "get", url, *database, "--archive", workplace.folder / "archive"),
        ]
        text = "".join(each.out.decode() + each.err for each in done)
        for kind in ("reports", "figures", "panel", "findings", "coverage", "changes"):
            more = ["--with-text"] if kind == "reports" else []
            assert command("export", kind, "-o", tmp_path / "x.jsonl", *more, *database).code == 0
            text += (tmp_path / "x.jsonl").read_text("utf-8")
        frames = (data.reports(), data.figures(), data.panel(layout="wide"), data.findings(), data.coverage(), data.changes())
        return text + "".join(frame.to_csv() for frame in frames)

    contents = ("4711", "4712", "4713", applicant)
    assert all(each in told() for each in contents)
    open_storage(workplace.database).withhold(url, "names of applicants", "li", datetime.now(UTC))
    assert not [each for each in contents if each in told()]


def test_the_same_report_at_another_address_is_shown_in_its_place(workplace, portals, command):
    listed = rows(*((f"/{name}.html", "某县人民政府2021年政府信息公开工作年度报告", "2022-01-20") for name in "ab"))
    same = report("某县人民政府", 2021)
    portal = small_portal(portals, **{"/nb/": page("政府信息公开年报", listed), "/a.html": same, "/b.html": same})
    workplace.crawl("--portals", portals.register())
    storage = open_storage(workplace.database)
    first, second = portal.home + "a.html", portal.home + "b.html"

    def records():
        return [(each.document_url, each.alternate_urls) for each in storage.reports(ReportFilter())]

    assert records() == [(first, [second])]
    done = command("archive", "withhold", first, "--reason", "names", "--database", workplace.database)
    assert f"the same report is at {second}, which is not withheld" in done.err
    assert records() == [(second, [])]
    # Nor does another walk change that.
    workplace.crawl("--portals", portals.register())
    assert records() == [(second, [])]
    storage.withhold(second, "names", "li", datetime.now(UTC))
    assert records() == []
    storage.lift_withholding(first, datetime.now(UTC))
    storage.lift_withholding(second, datetime.now(UTC))
    assert records() == [(first, [second])]


def page_with(answer, words):
    return replace(answer, body=answer.body.replace("无。</p></div>".encode(), f"{words}。</p></div>".encode()))
