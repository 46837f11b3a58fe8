"""The link that the bench and the torture put between browser and server does what it says."""

import http.client
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

import pytest

from bench.link import LIES, Answer, Fault, Faults, Link, Request

ASK = "/api/v1/records/1"


class Server(ThreadingHTTPServer):
    """Keeps what reached it, in order, and answers with what it got."""

    daemon_threads = True

    def __init__(self) -> None:
        self.reached: list[str] = []
        super().__init__(("127.0.0.1", 0), Handler)

    @property
    def port(self) -> int:
        return int(self.server_address[1])


class Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.reached.append(body.decode())
        self._answer(201, json.dumps({"code": body.decode()}).encode())

    def do_GET(self) -> None:
        if self.path == "/chunked":
            self.send_response(200)
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            self.wfile.write(b"3\r\nabc\r\n4;x=y\r\ndefg\r\n0\r\n\r\n")
            return
        if self.path == "/nothing":
            self.send_response(304)
            self.end_headers()
            return
        self._answer(200, b"x" * int(self.path.strip("/")))

    do_HEAD = do_GET  # noqa: N815  the name is the library's

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("X-Kept", "yes")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the name is the library's
        pass


@pytest.fixture(autouse=True)
def _hang_up() -> Iterator[None]:
    yield
    while Client.opened:
        Client.opened.pop().close()


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as serving:
        thread = threading.Thread(target=serving.serve_forever, args=(0.01,))
        thread.start()
        yield serving
        serving.shutdown()
        thread.join()


class Client:
    """One connection to the link."""

    opened: ClassVar[list[http.client.HTTPConnection]] = []

    def __init__(self, link: Link) -> None:
        self.line = http.client.HTTPConnection("127.0.0.1", link.port, timeout=60)
        self.opened.append(self.line)

    def get(self, path: str, method: str = "GET") -> tuple[int, bytes]:
        self.line.request(method, path)
        answer = self.line.getresponse()
        return answer.status, answer.read()

    def put(self, text: str) -> tuple[int, bytes] | None:
        """Status and body; nothing if the line was cut."""
        try:
            self.line.request("PUT", ASK, text.encode())
            answer = self.line.getresponse()
            return answer.status, answer.read()
        except (OSError, http.client.HTTPException):
            self.line.close()
            return None


def seconds(work: Any) -> float:
    began = time.monotonic()
    work()
    return time.monotonic() - began


def test_everything_comes_through_unchanged(server: Server) -> None:
    with Link(server.port) as link:
        client = Client(link)

        assert client.get("/100000") == (200, b"x" * 100_000)
        assert client.get("/chunked") == (200, b"abcdefg")
        assert client.get("/nothing") == (304, b"")
        assert client.get("/7", "HEAD") == (200, b"")
        assert client.put("æøå ĸ") == (201, b'{"code": "\\u00e6\\u00f8\\u00e5 \\u0138"}')
        client.line.request("GET", "/1")
        assert client.line.getresponse().headers["X-Kept"] == "yes"
        client.line.close()
        there, back = link.carried_bytes

    assert server.reached == ["æøå ĸ"]
    assert [request.path for request in link.asked][:2] == ["/100000", "/chunked"]
    assert back > 100_000
    assert 100 < there < 2_000


def test_a_first_answer_takes_three_round_trips_and_the_next_one(server: Server) -> None:
    with Link(server.port, round_trip_ms=200) as link:
        client = Client(link)

        first, second = (seconds(lambda: client.get("/10")) for _ in range(2))
        link.hang_up()
        client.line.close()
        again = seconds(lambda: client.get("/10"))

    assert 0.6 <= first < 3
    assert 0.2 <= second < first
    assert 0.6 <= again < 3


def test_the_rate_is_shared_by_all_connections(server: Server) -> None:
    with Link(server.port, rate_kbit=800) as link:  # 100 kB a second
        clients = [Client(link), Client(link)]
        alone = seconds(lambda: clients[0].get("/20000"))
        threads = [threading.Thread(target=client.get, args=("/20000",)) for client in clients]

        def both() -> None:
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()

        together = seconds(both)

    assert 0.2 <= alone < 2
    assert 0.4 <= together < 4


def test_a_long_answer_starts_slowly(server: Server) -> None:
    """10, 20, 40 packets: 100 packets wait for three round trips before the last window."""
    with Link(server.port, round_trip_ms=100) as link:
        client = Client(link)
        client.get("/1")

        short, long = seconds(lambda: client.get("/10000")), seconds(lambda: client.get("/146000"))

    assert short >= 0.1
    assert long >= 0.4


def test_what_is_not_measured_is_neither_slow_nor_counted(server: Server) -> None:
    with Link(server.port, rate_kbit=8, round_trip_ms=200) as link:
        with link.unhindered():
            assert seconds(lambda: Client(link).get("/20000")) < 2  # 20 s at its rate
        link.hang_up()

        assert link.carried_bytes == (0, 0)
        assert seconds(lambda: Client(link).get("/10")) >= 0.6


def test_what_comes_back_can_be_changed(server: Server) -> None:
    def longer(request: Request, answer: Answer) -> Answer:
        assert request.path == "/3"
        return Answer(answer.status, answer.headers, answer.body + b" and more")

    with Link(server.port) as link:
        link.rewrite = longer

        assert Client(link).get("/3") == (200, b"xxx and more")


def test_nothing_gets_through_while_it_is_down(server: Server) -> None:
    with Link(server.port) as link:
        client = Client(link)
        assert client.put("one") is not None
        link.down = True
        link.hang_up()
        assert client.put("two") is None
        link.down = False
        assert client.put("three") is not None

    assert server.reached == ["one", "three"]


def test_a_lost_letter_never_arrives_and_is_not_answered(server: Server) -> None:
    with Link(server.port, faults=Faults(shares={Fault.LOST: 1})) as link:
        assert Client(link).put("one") is None

    assert server.reached == []
    assert link.happened == {"lost": 1}


def test_an_unanswered_letter_arrives(server: Server) -> None:
    with Link(server.port, faults=Faults(shares={Fault.UNANSWERED: 1})) as link:
        heard = [Client(link).put(str(number)) for number in range(5)]

    assert all(answer is None or answer[1] == b"" for answer in heard)  # cut off within its head
    assert server.reached == ["0", "1", "2", "3", "4"]


def test_a_doubled_letter_arrives_twice_and_is_answered_once(server: Server) -> None:
    with Link(server.port, faults=Faults(shares={Fault.DOUBLED: 1})) as link:
        assert Client(link).put("one") == (201, b'{"code": "one"}')

    assert server.reached == ["one", "one"]


def test_a_late_letter_arrives_behind_others(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Faults, "late_s", lambda _self: 0.3)
    with Link(server.port, faults=Faults(shares={Fault.LATE: 1})) as link:
        client = Client(link)
        assert client.put("first") is None
        link.faults.shares = {}
        assert client.put("second") is not None
        link.settle()

    assert server.reached == ["second", "first"]


def test_lies_are_no_receipts_but_look_like_some(server: Server) -> None:
    faults = Faults()
    with Link(server.port, faults=faults) as link:
        client = Client(link)
        client.put("mine")
        faults.shares = {Fault.LIE: 1}
        heard = {client.put(f"letter {number}") for number in range(80)}

    statuses = {lie.status for lie in LIES}
    assert {answer[0] for answer in heard if answer} >= statuses - {204}
    assert (201, b'{"code": "mine"}') in heard  # another record's receipt
    assert 20 < len(server.reached) < 60  # some arrived nevertheless


def test_only_letters_are_touched(server: Server) -> None:
    with Link(server.port, faults=Faults(shares={Fault.LOST: 1})) as link:
        assert Client(link).get("/3") == (200, b"xxx")


def test_the_same_seed_has_the_same_fate(server: Server) -> None:
    def fates(seed: int) -> list[Any]:
        shares = {Fault.LOST: 0.3, Fault.DOUBLED: 0.3}
        with Link(server.port, faults=Faults(seed=seed, shares=shares)) as link:
            client = Client(link)
            return [client.put("x") is None for _ in range(30)]

    assert fates(4) == fates(4)
    assert fates(4) != fates(5)
    assert 3 <= sum(fates(4)) <= 15
