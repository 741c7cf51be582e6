"""How tests start a command: a real process with its own environment, folder, output, signals and exit code, without its second of imports.

A process that has imported what commands import waits beside the tests and forks itself for each of them, before it has a thread or a
reactor. `run` and `Popen` are those of `subprocess`; what is tested of the start itself is started by `subprocess`.
"""

from __future__ import annotations

import atexit
import ctypes
import gc
import importlib
import json
import os
import runpy
import signal
import socket
import subprocess
import sys
import threading
from functools import cache
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType

GIAR = [sys.executable, "-m", "giar_crawler.cli"]

ROOT = Path(__file__).parent.parent
# What commands import, all modules of a package or one alone: their own, and what Scrapy finds by its settings.
PACKAGES = ("giar_crawler.cli", "giar_crawler.extensions", "giar_crawler.middlewares", "giar_crawler.runner")
MODULES = (
    "pipelines.item_pipelines",
    "scrapy.core.downloader.handlers.http11",
    "scrapy.core.engine",
    "scrapy.downloadermiddlewares.cookies",
    "scrapy.extensions.feedexport",
    "tldextract",
    "typer._adapters",
)
MOST_BYTES = 200_000
PR_SET_CHILD_SUBREAPER = 36


class Popen(subprocess.Popen):
    """A process of `python -m MODULE ...` or `python -c CODE ...`, forked from the one that has imported everything."""

    def _execute_child(self, args, *given):
        _, preexec_fn, _, pass_fds, folder, environment, *_, start_new_session, _ = given
        # From PYTHONPATH an interpreter loads what it finds when it starts.
        if sys.platform != "linux" or "PYTHONPATH" in (environment or os.environ):
            super()._execute_child(args, *given)
            return
        pipes = given[9:15]
        python, way, *words = map(os.fsdecode, args)
        assert (python, way in {"-m", "-c"}, preexec_fn, pass_fds) == (sys.executable, True, None, ()), args
        facts = {
            "way": way,
            "words": words,
            "folder": os.fsdecode(folder or Path.cwd()),
            "environment": dict(os.environ if environment is None else environment),
            "session": start_new_session,
        }
        files = [own if given == -1 else given for own, given in enumerate((pipes[0], pipes[3], pipes[5]))]
        self.pid = _begin(json.dumps(facts).encode(), files)
        self._child_created = True
        self._close_pipe_fds(*pipes)


def run(command, *, input=None, timeout=120, check=False, capture_output=False, **options):  # noqa: A002 # as there
    """`subprocess.run`, of a command that is forked."""
    if input is not None:
        options["stdin"] = subprocess.PIPE
    if capture_output:
        options["stdout"] = options["stderr"] = subprocess.PIPE
    with Popen(command, **options) as process:
        try:
            out, err = process.communicate(input, timeout)
        except BaseException:
            process.kill()
            raise
    done = subprocess.CompletedProcess(command, process.returncode, out, err)
    if check:
        done.check_returncode()
    return done


_one_at_a_time = threading.Lock()


def _begin(facts: bytes, files: list[int]) -> int:
    """The number of a new process, whose parent this one becomes: the one that forked it for us has ended by then."""
    with _one_at_a_time:
        place = _forking()
        _adopt(orphans=True)
        try:
            socket.send_fds(place, [facts], files)
            return int(place.recv(MOST_BYTES))
        finally:
            _adopt(orphans=False)


def _adopt(*, orphans: bool) -> None:
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, int(orphans), 0, 0, 0)


@cache
def _forking() -> socket.socket:
    """Where to ask for processes; the one that makes them ends when nobody can ask it any more."""
    ours, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIAR_")}
    command = [sys.executable, "-m", "tests.starting", str(its.fileno())]
    with its:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, pass_fds=[its.fileno()], stdin=subprocess.DEVNULL)

    def end() -> None:
        ours.close()
        process.wait()

    atexit.register(end)
    return ours


def wait_for_words(asked: socket.socket) -> tuple[str, list[str]] | None:
    """Returns in the process of each command that was asked for, with how it is called; in this one when nothing more will be."""
    # Ctrl-C in a terminal is for the tests.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while True:
        message, files, *_ = socket.recv_fds(asked, MOST_BYTES, 3)
        if not message:
            return None
        between = os.fork()
        if between == 0:
            between = os.getpid()
            if os.fork():
                os._exit(0)
            return _become(json.loads(message), files, asked, between)
        os.waitpid(between, 0)
        for file in files:
            os.close(file)


def _become(facts, files, asked: socket.socket, between: int) -> tuple[str, list[str]]:
    """Makes this process the one that was asked for."""
    for number, file in enumerate(files):
        os.dup2(file, number)
        os.close(file)
    sys.stdin, sys.stdout = os.fdopen(0, closefd=False), os.fdopen(1, "w", closefd=False)
    sys.stderr = os.fdopen(2, "w", buffering=1, errors="backslashreplace", closefd=False)
    os.chdir(facts["folder"])
    os.environ.clear()
    os.environ.update(facts["environment"])
    # It takes values from the environment.
    importlib.reload(sys.modules["giar_crawler.settings"])
    if facts["session"]:
        os.setsid()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    while os.getppid() == between:
        os.sched_yield()
    asked.send(str(os.getpid()).encode())
    asked.close()
    return facts["way"], facts["words"]


def preload() -> None:
    packages = [importlib.import_module(name) for name in PACKAGES]
    inside = [module.name for each in packages for module in iter_modules(each.__path__, f"{each.__name__}.")]
    for name in (*inside, *MODULES):
        if not name.endswith("__main__"):
            importlib.import_module(name)
    # Neither outlives a fork.
    assert threading.active_count() == 1
    assert "twisted.internet.reactor" not in sys.modules
    # What is never looked at is never copied.
    gc.freeze()


def main() -> None:
    with socket.socket(fileno=int(sys.argv[1])) as asked:
        preload()
        asked_for = wait_for_words(asked)
    if asked_for is None:
        return
    way, [program, *words] = asked_for
    sys.path[0] = str(Path.cwd()) if way == "-m" else ""
    sys.argv = [way, *words]
    if way == "-m":
        runpy.run_module(program, run_name="__main__", alter_sys=True)
    else:
        sys.modules["__main__"] = ModuleType("__main__")
        exec(compile(program, "<string>", "exec"), vars(sys.modules["__main__"]))  # noqa: S102 # as `python -c` does


if __name__ == "__main__":
    main()
