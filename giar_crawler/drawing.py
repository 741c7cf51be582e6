"""What one page asks by itself while a browser draws it: under robots.txt, each in its turn, with the pause between two.

The browser would ask for a dozen scripts at once. Here they wait in line as all requests of the walk do (middlewares/pacing.py); what
looks alone need is not asked for, and a script only once in a walk. A redirect that answers one of them cannot be held back: the browser
follows it at once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic

from playwright.async_api import Error as BrowserError
from playwright.async_api import Page, Route
from playwright.async_api import Request as Asked
from playwright.async_api import Response as Answer
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadFailedError, DownloadTimeoutError, IgnoreRequest
from scrapy.http import Response

from giar_crawler.archive.writer import NOT_MODIFIED, SENT, Sent
from giar_crawler.middlewares.pacing import Pacing
from giar_crawler.middlewares.robots import Robots
from giar_crawler.spiders.scope import Scope
from pipelines import stats
from pipelines.storage import StorageError

# What a list does not need; an event stream never ends.
UNNEEDED = frozenset({"image", "media", "font", "ping", "eventsource", "manifest", "texttrack"})
# Seconds for the answer of one request (the gate ends one that is silent before), and for all that is drawn after the document.
LONGEST_ANSWER, LONGEST_DRAWING = 40.0, 90.0
# A list is there when nothing is under way and the number of links is the same at so many looks in a row, or still none after so many;
# milliseconds between looks.
SAME_LOOKS, EMPTY_LOOKS, PAUSE = 3, 30, 300
# Bytes of scripts that a walk keeps.
MOST_KEPT = 32 * 1024 * 1024
# Playwright gives bodies without their content coding, and so without the length that they had.
OF_THE_WIRE = frozenset({"content-encoding", "content-length"})


@dataclass(slots=True, frozen=True)
class Script:
    """A script as a server sent it."""

    headers: Mapping[str, str]
    body: bytes


class Scripts:
    """The scripts that the pages of one walk share, by address."""

    def __init__(self) -> None:
        self._kept: dict[str, Script] = {}
        self._size = 0

    def get(self, asked: Asked) -> Script | None:
        """The script that is asked for; `None` for one that nobody asked for yet, and for what is no script."""
        return self._kept.get(asked.url) if asked.resource_type == "script" else None

    async def keep(self, asked: Asked, answer: Answer) -> None:
        """Keeps a script that came whole, as long as there is room."""
        if asked.resource_type != "script" or asked.method != "GET" or answer.status != 200:
            return
        body = await answer.body()
        if self._size + len(body) <= MOST_KEPT:
            self._size += len(body)
            self._kept[asked.url] = Script({name: value for name, value in answer.headers.items() if name not in OF_THE_WIRE}, body)


class UnderWay:
    """A request that left, and its answer to come."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()

    def end(self, answer: Answer | None) -> None:
        """Its answer came, or its failure."""
        if self.answer.done():
            return
        if answer is None:
            self.answer.set_exception(BrowserError(self.asked.failure or "no answer"))
        else:
            self.answer.set_result(answer)


class Drawing:
    """The drawing of the page of one `request`, which has its turn at its host when the browser is told to go there."""

    def __init__(self, crawler: Crawler, scope: Scope, request: Request, scripts: Scripts) -> None:
        self._crawler, self._scope, self._request, self._scripts = crawler, scope, request, scripts
        robots, pacing = crawler.get_downloader_middleware(Robots), crawler.get_downloader_middleware(Pacing)
        assert robots is not None  # noqa: S101 # settings.py names both
        assert pacing is not None  # noqa: S101
        self._robots, self._pacing = robots, pacing
        # Who asks for something has it, the page itself first.
        self._turn = asyncio.Lock()
        self._document: Asked | None = None
        self._document_is_due = False
        self._under_way: UnderWay | None = None
        self._is_over = False
        # How many wait for their turn or for their answer.
        self._waiting = 0

    async def attend(self, page: Page, request: Request) -> None:  # noqa: ARG002 # as scrapy-playwright calls it
        """Stands between a page that is about to be opened and all that it will ask."""
        self._let_go()
        self._document = None
        # The end of an answer that nobody reads, as of a script with status 404, is told by these alone.
        page.on("requestfinished", self._ended)
        page.on("requestfailed", self._ended)
        await page.route("**", self._route)

    async def settle(self, page: Page) -> None:
        """Waits until scripts have drawn the page's links; not for `load`, which counters and maps put off for ever."""
        before, same, until = 0, 0, monotonic() + LONGEST_DRAWING
        while monotonic() < until:
            links = await page.evaluate("document.links.length")
            same = same + 1 if links == before and not self._waiting else 1
            if same >= (SAME_LOOKS if links else EMPTY_LOOKS):
                return
            before = links
            await page.wait_for_timeout(PAUSE)

    def end(self) -> None:
        """Ends what is still under way: the page is there, or will not come."""
        self._is_over = True
        self._let_go()
        if self._under_way is not None:
            self._under_way.end(None)

    def _let_go(self) -> None:
        if self._document_is_due:
            self._document_is_due = False
            self._turn.release()

    async def _route(self, route: Route, asked: Asked) -> None:
        # The page may be closed while something waits for its turn.
        with suppress(BrowserError):
            if self._document is None:
                self._document = asked
                await self._turn.acquire()
                self._document_is_due = True
                await route.fallback()
            elif asked.resource_type in UNNEEDED:
                await route.abort()
            elif (reason := self._scope.refuses(asked.url)) is not None:
                self._crawler.stats.inc_value(stats.REFUSED + reason)
                await route.abort()
            elif asked.resource_type == "stylesheet":
                await route.fulfill(status=200, content_type="text/css", body="")
            elif (script := self._scripts.get(asked)) is not None:
                await route.fulfill(status=200, headers=dict(script.headers), body=script.body)
            else:
                self._waiting += 1
                try:
                    async with self._turn:
                        await self._ask(route, asked)
                finally:
                    self._waiting -= 1

    async def _ask(self, route: Route, asked: Asked) -> None:
        request = Request(asked.url)
        if self._is_over:
            await route.abort()
            return
        try:
            await self._robots.process_request(request)
            await self._pacing.process_request(request)
        except (IgnoreRequest, StorageError):
            await route.abort()
            return
        self._under_way = UnderWay(asked)
        try:
            await route.continue_(headers={**await asked.all_headers(), "user-agent": self._crawler.settings["USER_AGENT"]})
            answer = await asyncio.wait_for(self._under_way.answer, LONGEST_ANSWER)
        except TimeoutError:
            # It is still under way, and two at once are never asked for.
            self._is_over = True
            self._pacing.process_exception(request, DownloadTimeoutError())
            return
        except BaseException:
            self._pacing.process_exception(request, DownloadFailedError())
            raise
        self._pacing.process_response(request, _ours(answer))
        await self._scripts.keep(asked, answer)

    async def _ended(self, asked: Asked) -> None:
        first = asked
        while first.redirected_from is not None:
            first = first.redirected_from
        with suppress(BrowserError):
            answer = await asked.response()
            if answer is not None and 300 <= answer.status < 400 and answer.status != NOT_MODIFIED:
                # What it leads to comes next.
                return
            if first is self._document:
                if answer is not None:
                    await self._keep(answer)
                self._let_go()
            elif self._under_way is not None and first is self._under_way.asked:
                self._under_way.end(answer)

    async def _keep(self, answer: Answer) -> None:
        """Keeps what the server sent for the page itself: what is drawn of it is another thing."""
        headers = [(each["name"].encode(), each["value"].encode()) for each in await answer.headers_array()]
        self._request.meta[SENT] = Sent([pair for pair in headers if pair[0].decode().lower() not in OF_THE_WIRE], await answer.body())
        self._pacing.process_response(self._request, _ours(answer))


def _ours(answer: Answer) -> Response:
    return Response(answer.url, answer.status, headers=dict(answer.headers))
