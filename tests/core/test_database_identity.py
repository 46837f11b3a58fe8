"""Every answer to a device says which database gave it."""

import io
import uuid
from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError
from django.test import Client

from core import database_identity
from core.database_identity import HEADER
from core.models import DatabaseIdentity

NOWHERE = "/api/v1/sessions/00000000-0000-4000-8000-000000000000"


@pytest.fixture(autouse=True)
def _asked_anew() -> Iterator[None]:
    database_identity.forget()
    yield
    database_identity.forget()


def test_an_answer_carries_the_id_of_the_database(db: None, client: Client) -> None:
    answer = client.get(NOWHERE)

    assert answer.headers[HEADER] == str(DatabaseIdentity.objects.get().number)


def test_a_refusal_carries_it_too_and_a_page_does_not(db: None, client: Client) -> None:
    assert HEADER in client.get("/api/v1/nothing-here").headers
    assert HEADER not in client.get("/healthz").headers


def test_the_id_stays_and_costs_one_query_per_process(
    db: None, django_assert_num_queries: object
) -> None:
    first = database_identity.current()

    with django_assert_num_queries(0):
        assert database_identity.current() == first
    database_identity.forget()
    with django_assert_num_queries(1):
        assert database_identity.current() == first


def test_a_process_notices_another_id_after_a_while(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = database_identity.current()
    put_back = uuid.uuid4()
    DatabaseIdentity.objects.update(number=put_back)  # by somebody else
    assert database_identity.current() == before

    monkeypatch.setattr(database_identity, "KEPT_S", 0.0)

    assert database_identity.current() == put_back


def test_the_command_gives_and_prints_another_id(db: None) -> None:
    before, out = database_identity.current(), io.StringIO()

    call_command("new_database_id", stdout=out)

    after = database_identity.current()
    assert after != before
    assert out.getvalue().strip() == str(after)
    assert DatabaseIdentity.objects.count() == 1


def test_there_is_never_a_second_id(db: None) -> None:
    database_identity.current()

    with pytest.raises(IntegrityError):
        DatabaseIdentity.objects.create(pk=2)


def test_a_refusal_gets_out_when_the_database_is_down(
    db: None, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down() -> uuid.UUID:
        raise DatabaseError("gone")

    monkeypatch.setattr(database_identity, "current", down)

    answer = client.get("/api/v1/nothing-here")

    assert answer.status_code == 404
    assert answer.json() == {"error": "not_found"}
