"""What a device is promised, asked of the production server over the wire."""

import http.client
import json
import random
import threading
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from bench.server import Server
from mentoring.models import Pairing, Session, SessionParticipant, SessionVersion
from tests.factories.mentoring import caseworker_of, content_for, make_pairing, mentor_of

pytestmark = pytest.mark.django_db(transaction=True)
WRITERS = 8
ADDRESS = "/api/v1/sessions/"


def sizes(small: int, full: int) -> Any:
    """Small in ``make test``, at full size in ``make full``."""
    return pytest.mark.parametrize(
        "size", [small, pytest.param(full, marks=pytest.mark.full)], ids=["small", "full"]
    )


@pytest.fixture
def pairing(transactional_db: None) -> Pairing:
    return make_pairing()


@pytest.fixture
def serve(pairing: Pairing, tmp_path: Path) -> Callable[[], Server]:
    """The server over the database of this test, started as often as asked."""
    database = connection.settings_dict
    url = f"sqlite:///{database['NAME']}"
    if connection.vendor == "postgresql":
        where = f"{database['HOST']}:{database['PORT']}/{database['NAME']}"
        url = f"postgres://{database['USER']}:{database['PASSWORD']}@{where}"
    return lambda: Server(url, tmp_path, settings="tests.kinds.settings")


@pytest.fixture
def device(pairing: Pairing) -> "Device":
    account = mentor_of(pairing).user
    assert account is not None
    client = Client()
    client.force_login(account)
    return Device(
        session=client.cookies["sessionid"].value,
        pairing=str(pairing.pk),
        content=content_for(caseworker_of(pairing), held_on="2026-01-05"),
    )


class Device:
    """A mentor's device: it has letters, and sends them."""

    def __init__(self, session: str, pairing: str, content: dict[str, Any]) -> None:
        self.cookies = f"sessionid={session}; csrftoken={'t' * 32}"
        self.pairing, self.content = pairing, content

    def letter(self) -> bytes:
        ids = {"session": str(uuid.uuid4()), "version": str(uuid.uuid4())}
        return json.dumps({"pairing": self.pairing, "content": self.content, **ids}).encode()

    def send(self, port: int, letter: bytes, *, listen: bool = True) -> tuple[int, dict[str, Any]]:
        """Status and receipt; without ``listen`` it hangs up before the answer."""
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            headers = {"Cookie": self.cookies, "X-CSRFToken": "t" * 32}
            headers |= {"Content-Type": "application/json", "Host": f"localhost:{port}"}
            line.request("PUT", ADDRESS + json.loads(letter)["session"], letter, headers)
            if not listen:
                return 0, {}
            answer = line.getresponse()
            body = answer.read()
            return answer.status, json.loads(body) if answer.status < 500 else {}
        finally:
            line.close()


def in_parallel(count: int, work: Callable[[int], Any]) -> list[Any]:
    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(work, range(count)))


def whole_sessions() -> set[str]:
    """Every session; a half-done one fails the test."""
    found = set(Session.objects.values_list("pk", flat=True))
    versions = SessionVersion.objects.values_list("session", "pk")
    assert {session for session, _version in versions} == found
    assert set(Session.objects.values_list("pk", "current")) == set(versions)
    assert SessionParticipant.objects.count() == 2 * len(found)
    return {str(one) for one in found}


@sizes(40, 10_000)
def test_a_killed_server_loses_nothing_it_acknowledged(
    serve: Callable[[], Server], device: Device, size: int
) -> None:
    chance, acknowledged, kills = random.Random(7), set[str](), 0
    while len(acknowledged) < size:
        with serve() as server:
            killed = threading.Event()

            def write(_number: int, server: Server = server, killed: Any = killed) -> list[str]:
                receipts = []
                while not killed.is_set():
                    with suppress(OSError, http.client.HTTPException):  # the kill
                        status, receipt = device.send(server.port, device.letter())
                        assert status == 201
                        receipts.append(receipt["session"])
                return receipts

            def kill(server: Server = server, killed: Any = killed, after: int = len(acknowledged)):  # type: ignore[no-untyped-def]  # bound now
                until = time.monotonic() + 120
                while Session.objects.count() <= after + size // 4 and time.monotonic() < until:
                    time.sleep(chance.uniform(0.02, 0.2))
                server.kill()
                killed.set()
                connection.close()

            killer = threading.Thread(target=kill)
            killer.start()
            for receipts in in_parallel(WRITERS, write):
                acknowledged.update(receipts)
            killer.join()
            kills += 1

    assert acknowledged <= whole_sessions()
    assert kills >= 2


@sizes(8, 1000)
def test_lost_replies_and_retries_are_one_record_and_one_receipt(
    serve: Callable[[], Server], device: Device, size: int
) -> None:
    chance = random.Random(11)
    with serve() as server:
        for _record in range(size):
            letter, times = device.letter(), chance.randint(1, 20)
            lost = chance.randint(0, times)

            def send(number: int, letter: bytes = letter, lost: int = lost) -> Any:
                return device.send(server.port, letter, listen=number >= lost)

            answers = in_parallel(times, send)
            status, receipt = device.send(server.port, letter)

            heard = [answer for answer in answers if answer[0]]
            assert {one for one, _receipt in heard} <= {200, 201}
            assert sum(one == 201 for one, _receipt in [*heard, (status, receipt)]) <= 1
            assert all(other == receipt for _status, other in heard)
            assert receipt["session"] == json.loads(letter)["session"]

    assert len(whole_sessions()) == size


@sizes(2, 60)
def test_eight_writers_are_never_locked_out(
    serve: Callable[[], Server], device: Device, size: int
) -> None:
    with serve() as server:
        end = time.monotonic() + size

        def write(_number: int) -> list[Any]:
            answers: list[Any] = []
            while time.monotonic() < end or not answers:
                answers.append(device.send(server.port, device.letter()))
            return answers

        answers = [answer for each in in_parallel(WRITERS, write) for answer in each]

    assert {status for status, _receipt in answers} == {201}
    assert whole_sessions() == {receipt["session"] for _status, receipt in answers}
