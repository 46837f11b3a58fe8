"""The access log: written, never changed, never with text."""

import pytest
from django.db import DatabaseError, connection, transaction

from core import access_log
from core.models import AccessLog, AppendOnly
from tests.factories.people import AT, make_person


@pytest.fixture
def line(base: None) -> AccessLog:
    person = make_person()
    access_log.record(person.user, "view", person, at=AT)
    return AccessLog.objects.get()


def test_a_line_says_who_did_what_to_which_record_and_when(line: AccessLog) -> None:
    person = line.actor.person

    assert (line.action, line.kind, line.record_id) == ("view", "people.person", str(person.pk))
    assert line.at == AT


def test_several_records_are_noted_in_one_query(base: None, django_assert_num_queries) -> None:
    people = [make_person(account=False) for _ in range(3)]

    with django_assert_num_queries(1):
        access_log.record(None, "export", people, at=AT)

    assert AccessLog.objects.count() == 3


@pytest.mark.parametrize("text", ["", "Viewed", "saw the person", "x" * 41, "view;"])
def test_free_text_is_no_action(base: None, text: str) -> None:
    with pytest.raises(ValueError, match="one lower-case word"):
        access_log.record(None, text, make_person(account=False), at=AT)


def test_code_does_not_change_or_delete_a_line(line: AccessLog) -> None:
    with pytest.raises(AppendOnly):
        AccessLog.objects.update(action="edit")
    with pytest.raises(AppendOnly):
        AccessLog.objects.all().delete()
    with pytest.raises(AppendOnly):
        line.delete()


def test_the_database_does_not_change_a_line(line: AccessLog) -> None:
    with connection.cursor() as cursor:
        with pytest.raises(DatabaseError), transaction.atomic():
            cursor.execute("UPDATE core_accesslog SET action = 'edit'")
        cursor.execute("SELECT action FROM core_accesslog")
        assert cursor.fetchall() == [("view",)]
