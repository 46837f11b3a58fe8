"""What was acknowledged before a backup began is in it, whoever writes meanwhile."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.db import connection

from core.backups import restoring
from core.backups.place import Place
from core.backups.progress import silent
from files.models import Document
from tests.backups.conftest import save_to
from tests.factories.files import make_collection
from tests.factories.mentoring import make_pairing
from tests.mentoring.wire import device_of_mentor, server_here

pytestmark = pytest.mark.django_db(transaction=True)
WRITERS = 6
PATIENCE_S = 300


@pytest.mark.parametrize(
    ("records", "backups"),
    [(15, 2), pytest.param(1_000, 8, marks=pytest.mark.full)],
    ids=["small", "full"],
)
def test_nothing_acknowledged_before_it_is_missing_and_nothing_is_half_there(
    base: None, new_place: Callable[[], Place], tmp_path: Path, records: int, backups: int
) -> None:
    device, collection = device_of_mentor(make_pairing()), make_collection()
    sent, uploaded, ended = set[str](), dict[str, bytes](), threading.Event()
    taken: list[tuple[Path, set[str], dict[str, bytes]]] = []

    def write() -> None:
        while not ended.is_set():
            status, receipt = device.send(server.port, device.letter())
            assert status == 201
            sent.add(receipt["session"])

    def upload() -> None:
        while not ended.is_set():
            content = uuid4().hex.encode() * 1000
            document = Document.objects.create(
                title="Kvittering", collection=collection, file=ContentFile(content, name="a.txt")
            )
            uploaded[document.file.name] = content
        connection.close()

    with server_here(tmp_path) as server, ThreadPoolExecutor(WRITERS + 1) as pool:
        writing = [pool.submit(write) for _ in range(WRITERS)] + [pool.submit(upload)]
        try:
            for number in range(backups):
                wait_for(sent, (number + 1) * records, writing)
                acknowledged, kept = set(sent), dict(uploaded)
                file = tmp_path / f"backup-{number}"
                save_to(file)
                taken.append((file, acknowledged, kept))
            wait_for(sent, len(sent) + 1, writing)  # the site goes on
        finally:
            ended.set()
    for each in writing:
        each.result()

    for file, acknowledged, kept in taken:
        place = new_place()
        restoring.restore(place, file, progress=silent())
        assert acknowledged <= whole_sessions(place)
        assert kept.items() <= uploads_of(place).items()


def wait_for(sent: set[str], count: int, writing: list[Any]) -> None:
    until = time.monotonic() + PATIENCE_S
    while len(sent) < count:
        assert time.monotonic() < until
        for ended in [each for each in writing if each.done()]:
            ended.result()  # raises what went wrong
        time.sleep(0.01)


def whole_sessions(place: Place) -> set[str]:
    """Every session of the place; one that is half there fails the test."""
    sessions = dict(rows(place, "SELECT id, current_id FROM mentoring_session"))
    versions = dict(rows(place, "SELECT session_id, id FROM mentoring_sessionversion"))
    people = rows(place, "SELECT session_id, id FROM mentoring_sessionparticipant")
    assert sessions == versions
    assert sorted(session for session, _id in people) == sorted([*sessions] * 2)
    return set(sessions)


def uploads_of(place: Place) -> dict[str, bytes]:
    """Every upload that a row names, read from its file."""
    names = rows(place, "SELECT file, id FROM files_document")
    return {name: (place.uploads / name).read_bytes() for name, _id in names}


def rows(place: Place, sql: str) -> list[tuple[str, str]]:
    with place.connection.cursor() as cursor:
        cursor.execute(sql)
        found = cursor.fetchall()
    place.connection.close()
    return [(_dashed(one), _dashed(other)) for one, other in found]


def _dashed(value: object) -> str:
    """An id as a receipt spells it; SQLite keeps it without dashes."""
    text = str(value)
    if len(text) == 32:
        return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
    return text
