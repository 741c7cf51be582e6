"""What a command costs, measured from outside."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass

# Linux hands the largest size of a process on to what it starts: between this one, which builds archives and databases, and the command
# stands a small one, or every command would seem as large as the bench.
BETWEEN = """
import json, resource, subprocess, sys, time
begin = time.monotonic()
code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([code, time.monotonic() - begin, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024]))
"""


@dataclass(slots=True, frozen=True)
class Cost:
    """Seconds by the wall clock and of CPU, and the size in MB of the largest of its processes."""

    wall: float
    cpu: float
    memory: float


def cost_of(command: Sequence[str]) -> Cost:
    """The cost of a command of ours, with the processes that it started; one that fails (2 and more) ends the bench."""
    done = subprocess.run([sys.executable, "-c", BETWEEN, *command], check=True, capture_output=True, text=True)  # noqa: S603 # our own
    code, *spent = json.loads(done.stdout)
    if code not in {0, 1}:
        raise SystemExit(f"{' '.join(command)} ended with {code}")
    return Cost(*spent)
