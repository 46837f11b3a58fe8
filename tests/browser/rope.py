"""A thin rope between a browser and the site: so many bytes a second, and it can be cut.

It carries bytes and knows nothing of what they mean, but for the first line of each request. What
it counts has reached the browser.
"""

import asyncio
import re
import threading
from collections.abc import Coroutine
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

CHUNK = 4096
REQUEST = re.compile(rb"(?:^|\n)(?:GET|HEAD|PUT|POST) (\S+) HTTP/1\.1\r")


def port_of(site: str) -> int:
    """The port of an address."""
    return int(urlsplit(site).port or 0)


class Rope:
    """The rope, for as long as the ``with`` block lasts, in a thread of its own.

    Args:
        port: Of the server.
        rate: Bytes a second to the browser; 0 is as fast as it goes. May be changed.
    """

    def __init__(self, port: int, rate: int = 0) -> None:
        self.target, self.rate = port, rate
        #: Nothing gets through while this is set.
        self.down = False
        self.carried = 0
        self.asked: list[str] = []
        self._free_at = 0.0
        self._ends: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self.port = 0

    @property
    def address(self) -> str:
        """Where a browser goes."""
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self._thread.start()
        self._wait(self._listen())
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.down = True
        self.cut()
        self._wait(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def cut(self) -> None:
        """Cut every connection."""
        self._wait(self._cut())

    def _wait(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(30)

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._connection, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _close(self) -> None:
        self._server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _cut(self) -> None:
        for end in list(self._ends):
            end.transport.abort()

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.down:
            writer.transport.abort()
            return
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.target)
        ends = {writer, far_writer}
        self._ends |= ends
        ways = [
            asyncio.ensure_future(self._there(reader, far_writer)),
            asyncio.ensure_future(self._back(far_reader, writer)),
        ]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            self._ends -= ends
            for end in ends:
                end.transport.abort()

    async def _there(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(CHUNK):
            self.asked += [path.decode() for path in REQUEST.findall(data)]
            writer.write(data)
            await writer.drain()

    async def _back(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(CHUNK):
            if self.rate:
                now = self._loop.time()
                self._free_at = max(self._free_at, now) + len(data) / self.rate
                await asyncio.sleep(self._free_at - now)
            if writer.transport.is_closing():
                return
            writer.write(data)
            await writer.drain()
            self.carried += len(data)
