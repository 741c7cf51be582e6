"""`giar`: the command line. One module per command; data go to stdout, progress and messages to stderr.

Exit codes: 0 done; 1 done, but an input or a portal failed or a finding blames the parser; 2 the call, the register or a file is wrong and
nothing was done; 3 it could not run or had to stop, what was done is kept and the same command continues.
"""

from __future__ import annotations

import sys

# As for everything that had to stop; `cli/common.py` has it for errors.
STOPPED = 3


def main() -> None:
    """Runs the command line; every expected error is one message on stderr and its exit code."""
    try:
        # Ctrl-C is as quiet while this loads as later.
        from giar_crawler.cli.commands import run  # noqa: PLC0415
    except KeyboardInterrupt:
        sys.exit(STOPPED)
    run()
