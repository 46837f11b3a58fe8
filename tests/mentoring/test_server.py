"""What a device is promised, asked of the production server over the wire."""

import http.client
import json
import random
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from bench.server import Server
from mentoring.models import Pairing, Session, SessionParticipant, SessionVersion
from tests.factories.mentoring import make_pairing
from tests.mentoring.wire import Device, device_of_mentor, in_parallel, server_here

pytestmark = pytest.mark.django_db(transaction=True)
WRITERS = 8


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
    return lambda: server_here(tmp_path)


@pytest.fixture
def device(pairing: Pairing) -> Device:
    return device_of_mentor(pairing)


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

            def kill(server: Server = server, killed: Any = killed, after: int = len(acknowledged)):
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
