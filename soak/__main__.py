"""`python -m soak`: every long run, one after the other; the exit code is 1 where one of them found something."""

from __future__ import annotations

import sys

from soak import portals

if __name__ == "__main__":
    sys.exit(int(not portals.run()))
