"""What the tests of the archive share: a walk's server, a small crawl, and the command."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.archive.walkers import serve, stop


@pytest.fixture
def server():
    server = serve()
    yield server
    with contextlib.suppress(OSError):
        stop(server)


@pytest.fixture
def crawl(tmp_path, sqlite_url):
    def run(urls, *, check=True, preexec=None, **options):
        facts = {"database": sqlite_url, "archive": str(tmp_path / "archive"), "urls": urls, **options}
        done = subprocess.run(
            [sys.executable, "-m", "tests.archive.walkers", json.dumps(facts)],
            check=False,
            capture_output=True,
            text=True,
            preexec_fn=preexec,
        )
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
def giar(tmp_path: Path, sqlite_url):
    """`giar archive ...` on the test's own archive and database."""

    def run(command, *arguments, database=sqlite_url, archive=tmp_path / "archive"):
        places = ["--archive", str(archive)] + ([] if command == "check" else ["--database", database])
        line = [sys.executable, "-m", "giar_crawler.cli", "archive", command, *map(str, arguments), *places]
        environment = {name: value for name, value in os.environ.items() if not name.startswith("GIAR_")}
        done = subprocess.run(line, capture_output=True, check=False, env=environment)
        return Done(done.returncode, done.stdout, done.stderr.decode())

    return run
