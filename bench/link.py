"""A link of our own between a browser and the server: slow, lossy, and lying if it is told to.

    with Link(server.port, rate_kbit=128, round_trip_ms=600) as link:
        browser.goto(link.address)

Kernels shape traffic only where one may ask them to; this needs nothing but a free port. It speaks
HTTP/1.1: it takes a request in, carries it, asks the server (which is near) and carries the answer.

What takes time is what takes time on a real link. Both directions have the rate, shared by all
connections. A connection opens with two round trips (TCP and TLS). Each answer begins with ten
packets in flight and doubles them every round trip, until the rate is what limits it.

:class:`Faults` says what goes wrong with which request. It is seeded: the same requests in the
same order have the same fate.
"""

import asyncio
import random
import re
import threading
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from types import TracebackType
from typing import Any, Self

PACKET_BYTES = 1460
FIRST_WINDOW_PACKETS = 10
#: Round trips before the first request on a new connection.
OPENING_ROUND_TRIPS = 2
#: Seconds that a letter lies about before it arrives after all.
LATE_S = (0.05, 3.0)
_UNLIMITED = 1_000_000  # packets


@dataclass(frozen=True)
class Request:
    """What a browser asks."""

    method: str
    path: str
    head: bytes
    body: bytes

    @property
    def sends(self) -> bool:
        """Whether it is a letter, as a device sends it."""
        return self.method in {"PUT", "POST"} and self.path.startswith("/api/")


@dataclass(frozen=True)
class Answer:
    """What comes back, with the length of its body stated."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def to_bytes(self, *, without_body: bool = False) -> bytes:
        """As it goes over the wire."""
        lines = [f"HTTP/1.1 {self.status} -"]
        lines += [f"{name}: {value}" for name, value in self.headers]
        if self.status not in {204, 304}:
            lines.append(f"Content-Length: {len(self.body)}")
        head = "\r\n".join([*lines, "Connection: keep-alive", "", ""]).encode("latin-1")
        return head if without_body else head + self.body


class Fault(StrEnum):
    """What can happen to a letter."""

    LOST = "lost"  # never reaches the server
    UNANSWERED = "unanswered"  # reaches it; the answer is cut off in the middle
    DOUBLED = "doubled"  # reaches it twice
    LATE = "late"  # the line is cut, and it arrives later, behind others
    LIE = "lie"  # somebody else answers, whether it has arrived or not


#: Answers that look like something and are no receipt.
LIES: tuple[Answer, ...] = (
    Answer(200, (("Content-Type", "text/html"),), b"<!doctype html><title>Log ind</title>"),
    Answer(302, (("Location", "/da/konto/login/"),), b""),
    Answer(200, (("Content-Type", "application/json"),), b"{}"),
    Answer(204, (), b""),
    Answer(413, (("Content-Type", "text/html"),), b"too large"),
    Answer(500, (("Content-Type", "text/html"),), b"<h1>Server Error</h1>"),
    Answer(502, (("Content-Type", "text/html"),), b"<h1>Bad Gateway</h1>"),
    Answer(503, (("Content-Type", "text/html"), ("Retry-After", "1")), b"busy"),
)


@dataclass
class Faults:
    """How often each fault happens, in the order of a seed.

    Args:
        shares: Of the letters, for each fault, between 0 and 1.
        touch: Which requests are letters.
    """

    seed: int = 1
    shares: dict[Fault, float] = field(default_factory=dict)
    touch: Callable[[Request], bool] = lambda request: request.sends

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)
        self._receipts: list[Answer] = []

    def fate(self, request: Request) -> Fault | None:
        """What happens to this one."""
        if not self.touch(request):
            return None
        drawn = self._chance.random()
        for fault, share in self.shares.items():
            if drawn < share:
                return fault
            drawn -= share
        return None

    def lie(self) -> tuple[Answer, bool]:
        """Another's answer, and whether the letter arrives nevertheless."""
        lies = [*LIES, *self._receipts[-3:]]
        return self._chance.choice(lies), self._chance.random() < 0.5

    def late_s(self) -> float:
        """How long a late letter lies about."""
        return self._chance.uniform(*LATE_S)

    def cut_at(self, length: int) -> int:
        """How many bytes of an answer get through."""
        return self._chance.randrange(max(1, length))

    def remember(self, answer: Answer) -> None:
        """A receipt that may be given for another letter later."""
        if answer.status in {200, 201} and b'"code"' in answer.body:
            self._receipts.append(answer)


class _Direction:
    """One way of the link. Whatever goes over it waits for what went before."""

    def __init__(self, rate_kbit: float, delay_s: float) -> None:
        self._bytes_per_s = rate_kbit * 1000 / 8
        self._delay_s = delay_s
        self._free_at = 0.0
        self.carried_bytes = 0

    async def carry(self, data: bytes, deliver: Callable[[bytes], object], window: int) -> None:
        """Bring ``data`` to the other side; it begins with ``window`` packets in flight.

        Returns when the last byte is there.
        """
        loop = asyncio.get_running_loop()
        window_ends, window_began = window, loop.time()
        for packet, start in enumerate(range(0, len(data), PACKET_BYTES)):
            if packet == window_ends:  # wait until the first of this window is acknowledged
                await _until(window_began + 2 * self._delay_s)
                window *= 2
                window_ends, window_began = packet + window, loop.time()
            piece = data[start : start + PACKET_BYTES]
            self._free_at = max(self._free_at, loop.time()) + self._seconds(len(piece))
            self.carried_bytes += len(piece)
            await _until(self._free_at)
            loop.call_later(self._delay_s, deliver, piece)
        await asyncio.sleep(self._delay_s)
        await asyncio.sleep(0)  # what was due at this very moment comes first

    def _seconds(self, size: int) -> float:
        return size / self._bytes_per_s if self._bytes_per_s else 0.0


async def _until(moment: float) -> None:
    left = moment - asyncio.get_running_loop().time()
    if left > 0:
        await asyncio.sleep(left)


class Cut(ConnectionError):
    """The link has hung up."""


class Link:
    """The link, for as long as the ``with`` block lasts, in a thread of its own.

    Args:
        port: Of the server; may be changed while it runs.
        rate_kbit: In each direction; 0 is as fast as it goes.
        round_trip_ms: There and back.
        faults: What goes wrong.
    """

    def __init__(
        self,
        port: int,
        *,
        rate_kbit: float = 0,
        round_trip_ms: float = 0,
        faults: Faults | None = None,
    ) -> None:
        self.target = port
        self.faults = faults or Faults()
        #: Changes what comes back; then the server is asked to pack nothing.
        self.rewrite: Callable[[Request, Answer], Answer] | None = None
        #: Nothing gets through while this is set; whatever is on its way is cut.
        self.down = False
        #: How often each fault happened, and how many requests there were.
        self.happened: Counter[str] = Counter()
        self.asked: list[Request] = []
        self._delay_s = round_trip_ms / 2000
        self._there = _Direction(rate_kbit, self._delay_s)
        self._back = _Direction(rate_kbit, self._delay_s)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._open: set[asyncio.StreamWriter] = set()
        self._late: set[asyncio.Task[None]] = set()
        self._server: asyncio.base_events.Server  # once it listens
        self.port = 0

    @property
    def address(self) -> str:
        """Where a browser goes."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def carried_bytes(self) -> tuple[int, int]:
        """What has gone there and back so far."""
        return self._there.carried_bytes, self._back.carried_bytes

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
        self._wait(self._stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    @contextmanager
    def unhindered(self) -> Iterator[None]:
        """As fast as it goes, for what is not measured."""
        hindered = self._there, self._back, self._delay_s
        self._there, self._back, self._delay_s = _Direction(0, 0), _Direction(0, 0), 0.0
        try:
            yield
        finally:
            self._there, self._back, self._delay_s = hindered

    def hang_up(self) -> None:
        """Cut every connection: a later visit opens its own."""
        self._wait(self._cut_all())

    def settle(self) -> None:
        """Wait until each late letter has arrived."""
        self._wait(self._arrivals())

    def _wait(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(60)

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._connection, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _stop(self) -> None:
        self._server.close()
        await self._cut_all()
        rest = asyncio.all_tasks() - {asyncio.current_task()}
        for task in rest:  # late letters, and what goes over connections that were cut
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)

    async def _cut_all(self) -> None:
        for writer in list(self._open):
            writer.transport.abort()

    async def _arrivals(self) -> None:
        await asyncio.gather(*self._late, return_exceptions=True)

    # --- A connection --------------------------------------------------------------------------

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        try:
            await asyncio.sleep(OPENING_ROUND_TRIPS * 2 * self._delay_s)
            while not self.down and (request := await read_request(reader)) is not None:
                self.asked.append(request)
                await self._serve(request, writer)
        except (ConnectionError, asyncio.IncompleteReadError, ValueError, asyncio.CancelledError):
            pass  # cut, by us or by the browser
        finally:
            self._open.discard(writer)
            writer.transport.abort()

    async def _serve(self, request: Request, writer: asyncio.StreamWriter) -> None:
        fault = self.faults.fate(request)
        self.happened[fault or "fine"] += 1
        await self._there.carry(request.head + request.body, lambda _piece: None, _UNLIMITED)
        answer = await self._fated(request, fault)
        if self.down:
            raise Cut
        packed = answer.to_bytes(without_body=request.method == "HEAD")
        if fault == Fault.UNANSWERED:
            packed = packed[: self.faults.cut_at(len(packed))]

        def deliver(piece: bytes) -> None:
            if not (self.down or writer.transport.is_closing()):
                writer.write(piece)

        await self._back.carry(packed, deliver, FIRST_WINDOW_PACKETS)
        if fault == Fault.UNANSWERED or self.down:
            raise Cut
        await writer.drain()

    async def _fated(self, request: Request, fault: Fault | None) -> Answer:
        """What the browser gets to hear."""
        if fault == Fault.LOST:
            raise Cut
        if fault == Fault.LATE:
            task = asyncio.create_task(self._arrive_late(request, self.faults.late_s()))
            self._late.add(task)
            raise Cut
        if fault == Fault.LIE:
            lie, arrives = self.faults.lie()
            if arrives:
                await self._ask(request)
            return lie
        if fault == Fault.DOUBLED:
            answers = await asyncio.gather(self._ask(request), self._ask(request))
            return answers[1]
        answer = await self._ask(request)
        self.faults.remember(answer)
        return answer

    async def _arrive_late(self, request: Request, after_s: float) -> None:
        await asyncio.sleep(after_s)
        with suppress(ConnectionError, ValueError):  # the server may be down as well
            await self._ask(request)

    async def _ask(self, request: Request) -> Answer:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.target)
        try:
            head = request.head if self.rewrite is None else _PACKING.sub(b"", request.head)
            writer.write(head + request.body)
            await writer.drain()
            answer = read_answer(await reader.read())
            return answer if self.rewrite is None else self.rewrite(request, answer)
        finally:
            writer.close()


# --- HTTP, as much of it as browsers and gunicorn speak ------------------------------------------


async def read_request(reader: asyncio.StreamReader) -> Request | None:
    """The next request, or nothing at the end. Upstream it asks for one answer and no more.

    Raises:
        ConnectionError: When it is cut off.
    """
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError as error:
        if error.partial:
            raise Cut from error
        return None
    first, *lines = head.decode("latin-1").rstrip().split("\r\n")
    method, path, _version = first.split(" ")
    headers = list(_headers(lines))
    length = int(next((value for name, value in headers if name == "content-length"), "0"))
    body = await reader.readexactly(length)
    kept = [line for line in lines if line.partition(":")[0].lower() not in _OF_A_CONNECTION]
    sent = "\r\n".join([first, *kept, "Connection: close", "", ""])
    return Request(method, path, sent.encode("latin-1"), body)


def read_answer(told: bytes) -> Answer:
    """A whole answer, up to the end of its connection.

    Raises:
        ConnectionError: When it is not whole.
    """
    head, found, body = told.partition(b"\r\n\r\n")
    if not found:
        raise Cut
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = list(_headers(lines))
    named = dict(headers)
    if "chunked" in named.get("transfer-encoding", ""):
        body = b"".join(_chunks(body))
    elif len(body) < int(named.get("content-length", "0")) and body:
        raise Cut
    kept = [
        (line.partition(":")[0], line.partition(":")[2].strip())
        for line in lines
        if line.partition(":")[0].lower() not in {*_OF_A_CONNECTION, "content-length"}
    ]
    return Answer(int(first.split(" ")[1]), tuple(kept), body)


_PACKING = re.compile(rb"(?i)accept-encoding:[^\r]*\r\n")
_OF_A_CONNECTION = {"connection", "keep-alive", "transfer-encoding", "proxy-connection"}


def _headers(lines: list[str]) -> Iterator[tuple[str, str]]:
    for line in lines:
        name, _, value = line.partition(":")
        yield name.lower(), value.strip()


def _chunks(body: bytes) -> Iterator[bytes]:
    while True:
        size, found, rest = body.partition(b"\r\n")
        if not found:
            raise Cut
        length = int(size.split(b";")[0], 16)
        if length == 0:
            return
        if len(rest) < length:
            raise Cut
        yield rest[:length]
        body = rest[length + 2 :]
