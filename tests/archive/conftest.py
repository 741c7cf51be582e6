"""What the tests of the archive share: a walk's server, a small crawl, and the command."""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from giar_crawler.cli import main
from tests import starting
from tests.archive.walkers import serve, stop
from tests.walk.conftest import portals, workplace  # noqa: F401 - fixtures


@pytest.fixture
def server():
    server = serve()
    yield server
    with contextlib.suppress(OSError):
        stop(server)


@pytest.fixture
def crawl(tmp_path, sqlite_url):
    def run(urls, *, check=True, **options):
        facts = {"database": sqlite_url, "archive": str(tmp_path / "archive"), "urls": urls, **options}
        done = starting.run([sys.executable, "-m", "tests.archive.walkers", json.dumps(facts)], capture_output=True, text=True)
        assert not check or done.stderr == "", done.stderr
        return json.loads(done.stdout)

    return run


@dataclass
class Done:
    code: int
    out: bytes
    err: str

    @property
    def rows(self):
        return [json.loads(line) for line in self.out.splitlines()]


@pytest.fixture
def command(monkeypatch):
    """`giar`, in this process: what it does with its arguments, stdout and stderr is all the same, and most of its time is its imports."""
    for name in [name for name in os.environ if name.startswith("GIAR_")]:
        monkeypatch.delenv(name)

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["giar", *map(str, arguments)])
        out, err = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), pytest.raises(SystemExit) as end:
            main()
        out.flush()
        return Done(end.value.code or 0, out.buffer.getvalue(), err.getvalue())

    return run


@pytest.fixture
def giar(tmp_path: Path, sqlite_url, command):
    """`giar archive ...` on the test's own archive and database."""

    def run(name, *arguments, database=sqlite_url, archive=tmp_path / "archive"):
        return command("archive", name, *arguments, "--archive", archive, *([] if name == "check" else ["--database", database]))

    return run
