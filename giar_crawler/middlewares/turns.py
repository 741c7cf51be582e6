"""Whose turn it is at a host: one request at a time and a pause between two, over all processes of a machine.

Each host, each `politeness_group` and each portal with a daily cap is a *mark* with a small file in one folder. Whoever asks holds the
locks (flock) of all marks that the request concerns, from before it leaves until its answer is there; the file keeps when that was. Counted
from there a pause is one at the host's door too, however long a request was under way: the first of a connection takes three times as long
as the next. The system frees the locks of a process that dies, however it dies. The files are never removed: nobody could do it without a
race.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from tempfile import gettempdir
from time import monotonic

from giar_crawler.items import SHANGHAI
from giar_crawler.middlewares.refusals import NotNow
from pipelines.storage import StorageError

# Seconds between two looks at a lock that somebody else has, and the longest sleep of one who waits for a pause to end.
POLL = 0.02
LONGEST_SLEEP = 1.0
# Seconds that a host may keep everybody away by one Retry-After.
LONGEST_REST = 86_400.0
# Hosts have names of up to 253 characters, files of 255 bytes.
LONGEST_NAME = 200
_WIDTH = 96


def state_folder(wanted: str | None) -> Path:
    """The folder for what all processes of this machine have to know of each other.

    The one that is wanted, else the user's own by XDG, else one of the user among the temporary files.
    """
    if wanted:
        return Path(wanted)
    own = Path(os.environ.get("XDG_STATE_HOME") or os.path.expanduser("~/.local/state")) / "giar"  # noqa: PTH111 # raises without a home
    with suppress(OSError):
        own.mkdir(parents=True, exist_ok=True)
    return own if os.access(own, os.W_OK | os.X_OK) else Path(gettempdir()) / f"giar-{os.getuid()}"


@dataclass(slots=True, frozen=True)
class Past:
    """What a mark's file says: when the last request ended, the pause that its asker keeps, until when nobody may ask; requests on `day`.

    One that is under way, or was killed, ended when it began. Seconds of the machine's monotonic clock, which all its processes share.
    """

    at: float = float("-inf")
    pause: float = 0.0
    until: float = 0.0
    day: str = ""
    count: int = 0

    def rest(self, pause: float, now: float) -> float:
        """Seconds until the next request may leave, for one who keeps a pause of its own."""
        return max(self.at + max(self.pause, pause), self.until) - now


@dataclass(slots=True, frozen=True)
class Wish:
    """What a request asks for: its marks (the host's first), its own pause in seconds, the longest rest that it waits for.

    `cap` is a mark and how many requests it gets on a day. `may_leave` is called until the request leaves; it raises where it must not.
    """

    marks: Sequence[str]
    pause: float
    longest: float
    may_leave: Callable[[], None]
    cap: tuple[str, int] | None = None


class Turns:
    """The turns of one asker. Raises StorageError when the folder cannot be used."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._files: dict[str, int] = {}
        # What this asker wrote last, by mark.
        self._own: dict[str, Past] = {}

    async def take(self, wish: Wish) -> Past:
        """Waits for the turn without holding up the process; what the host's file said before it. Raises NotNow, and StorageError.

        Who asked last lets others go first: it sits out its pause without the locks, everybody else with them.
        """
        marks = sorted({*wish.marks, *([wish.cap[0]] if wish.cap else [])})
        try:
            while True:
                wish.may_leave()
                if not self._lock(marks):
                    await asyncio.sleep(POLL)
                    continue
                now = monotonic()
                pasts = {mark: self._read(mark, now) for mark in marks}
                rest = _rest(pasts, wish, now)
                if rest <= 0:
                    self._begin(pasts, wish, now)
                    return pasts[wish.marks[0]]
                if all(past == self._own.get(mark) for mark, past in pasts.items()):
                    self.give_back(marks)
                await asyncio.sleep(min(rest, LONGEST_SLEEP))
        except BaseException:
            self.give_back(marks)
            raise

    def _begin(self, pasts: dict[str, Past], wish: Wish, now: float) -> None:
        today = datetime.now(SHANGHAI).date().isoformat()
        counts = {mark: past.count if past.day == today else 0 for mark, past in pasts.items()}
        if wish.cap is not None and counts[wish.cap[0]] >= wish.cap[1]:
            raise NotNow("daily_cap", f"{wish.cap[1]} requests were made today, which is the portal's daily_cap")
        for mark, past in pasts.items():
            self._write(mark, Past(now, wish.pause, past.until, today, counts[mark] + 1))

    def keep_away(self, marks: Sequence[str], seconds: float) -> None:
        """Nobody asks for so many seconds. Only for one who has the turn."""
        now = monotonic()
        for mark in marks:
            past = self._own[mark]
            self._write(mark, replace(past, until=max(past.until, now + min(seconds, LONGEST_REST))))

    def end(self, marks: Sequence[str]) -> None:
        """Ends the turn of a request that left: from now on the pause counts. Nobody else wrote since it was taken."""
        now = monotonic()
        for mark in marks:
            self._write(mark, replace(self._own[mark], at=now))
        self.give_back(marks)

    def give_back(self, marks: Sequence[str]) -> None:
        """Lets others have the turn; harmless without one."""
        for mark in marks:
            if mark in self._files:
                fcntl.flock(self._files[mark], fcntl.LOCK_UN)

    def close(self) -> None:
        """Closes all files, which ends every turn."""
        while self._files:
            with suppress(OSError):
                os.close(self._files.popitem()[1])

    def _lock(self, marks: Sequence[str]) -> bool:
        """Whether all marks are locked now; all or none."""
        for number, mark in enumerate(marks):
            try:
                fcntl.flock(self._file(mark), fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                self.give_back(marks[:number])
                return False
            except OSError as error:
                raise self._unusable(error) from error
        return True

    def _file(self, mark: str) -> int:
        if mark not in self._files:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._files[mark] = os.open(self.folder / mark[:LONGEST_NAME], os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o666)
        return self._files[mark]

    def _read(self, mark: str, now: float) -> Past:
        """What the file says; nothing where it is new, damaged, or from before the machine was started."""
        try:
            at, pause, until, day, count = os.pread(self._files[mark], _WIDTH, 0).decode("ascii").split()
            past = Past(float(at), float(pause), float(until), day, int(count))
        except (ValueError, OSError):
            return Past()
        # Of an earlier start of the machine only the day's count holds.
        sound = past.at <= now and past.pause <= LONGEST_REST and past.until <= now + LONGEST_REST
        return past if sound else Past(day=past.day, count=past.count)

    def _write(self, mark: str, past: Past) -> None:
        try:
            told = f"{past.at} {past.pause} {past.until} {past.day} {past.count}"
            os.pwrite(self._files[mark], told.ljust(_WIDTH - 1).encode("ascii") + b"\n", 0)
            self._own[mark] = past
        except OSError as error:
            raise self._unusable(error) from error

    def _unusable(self, error: OSError) -> StorageError:
        return StorageError(f"the state folder {self.folder} cannot be used: {error}; GIAR_STATE names another")


def _rest(pasts: dict[str, Past], wish: Wish, now: float) -> float:
    """Seconds until the request may leave. Raises NotNow where the host asked for more of them than the walk waits for."""
    if max(past.until for past in pasts.values()) - now > wish.longest:
        raise NotNow("retry_after", "the host asked for a longer rest than a walk waits for")
    return max(past.rest(wish.pause, now) for past in pasts.values())
