"""Many at once: numbers are given once, minutes begin once, a double press is one."""

import sqlite3
import threading
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections

from cooperation.decisions.actions import decide, finish_action, give_action
from cooperation.meetings import actions as meetings
from cooperation.models import Action, AgendaItem, Body, Decision
from cooperation.refusals import CooperationRefused
from tests.factories.cooperation import make_body, make_member
from tests.factories.people import AT

pytestmark = pytest.mark.django_db(transaction=True)
WRITERS = 8


@pytest.fixture(autouse=True)
def _on_disk(transactional_db: None, tmp_path: Path) -> Iterator[None]:
    """A SQLite file, as in production: threads would share the memory of a test database."""
    if connection.vendor != "sqlite" or not connection.is_in_memory_db():  # type: ignore[attr-defined]  # of SQLite
        yield
        return
    in_memory, name = connection.connection, connection.settings_dict["NAME"]
    with closing(sqlite3.connect(tmp_path / "db.sqlite3")) as file:
        in_memory.backup(file)
    connection.connection = None
    connection.settings_dict["NAME"] = str(tmp_path / "db.sqlite3")
    yield
    connection.close()
    connection.connection, connection.settings_dict["NAME"] = in_memory, name


def at_once(work: Callable[[int], Any]) -> list[Any]:
    """What several threads answer that begin in the same moment; refusals are answers."""
    barrier = threading.Barrier(WRITERS)

    def run(number: int) -> Any:
        barrier.wait()
        try:
            return work(number)
        except CooperationRefused as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(WRITERS) as pool:
        return list(pool.map(run, range(WRITERS)))


def resolve(body: Body, key: uuid.UUID) -> Decision:
    facts = {"title_da": "Tolk i tide", "text_da": "", "decided_on": AT.date()}
    return decide(body, key=key, **facts, by=None, at=AT)


def test_decisions_made_at_once_have_each_a_number_of_their_own() -> None:
    body = make_body()

    at_once(lambda _number: resolve(body, uuid.uuid4()))

    numbers = Decision.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == list(range(1, WRITERS + 1))


def test_one_decision_sent_many_times_is_one() -> None:
    body, key = make_body(), uuid.uuid4()

    answers = at_once(lambda _number: resolve(body, key))

    assert {answer.pk for answer in answers} == {key}
    assert Decision.objects.get().versions.count() == 1


def test_minutes_that_several_begin_take_up_what_is_open_once() -> None:
    body = make_body()
    owner = make_member(body).person
    give_action(
        body, key=uuid.uuid4(), text="Skriv", owner=owner, due_on=AT.date(), by=owner, at=AT
    )
    meeting = meetings.save_meeting(
        body,
        key=uuid.uuid4(),
        starts_at=AT,
        duration_minutes=60,
        place=None,
        room="",
        note="",
        seen=None,
        by=None,
        at=AT - timedelta(days=9),
    )

    at_once(lambda _number: meetings.begin(meeting, by=None, at=AT))

    assert AgendaItem.objects.filter(meeting=meeting).count() == 1


def test_one_of_several_who_finish_an_action_is_its_last_word() -> None:
    body = make_body()
    owner = make_member(body).person
    action = give_action(
        body, key=uuid.uuid4(), text="Skriv", owner=owner, due_on=AT.date(), by=owner, at=AT
    )

    answers = at_once(lambda number: finish_action(action, note=f"Svar {number}.", by=owner, at=AT))

    done = [answer for answer in answers if isinstance(answer, Action)]
    refused = [answer for answer in answers if isinstance(answer, CooperationRefused)]
    assert (len(done), len(refused)) == (1, WRITERS - 1)
    assert {refusal.code for refusal in refused} == {"closed"}
    assert Action.objects.get().note == done[0].note
