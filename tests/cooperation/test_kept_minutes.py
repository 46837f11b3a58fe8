"""Approved minutes stay as they are: by model, by QuerySet and by raw SQL, on either database."""

import uuid
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from cooperation.meetings import actions
from cooperation.meetings.minutes import content_of, hash_of
from cooperation.models import AgendaItem, Attendance, Body, BodyMember, Meeting
from people.models import Person
from tests.factories.cooperation import make_body, make_member
from tests.factories.people import AT

pytestmark = pytest.mark.django_db
#: What the triggers say; a constraint or a foreign key would say something else.
GUARD = "Approved minutes are kept"
TABLES = ("meeting", "agendaitem", "attendance")


@pytest.fixture
def body() -> Body:
    return make_body()


@pytest.fixture
def seat(body: Body) -> BodyMember:
    return make_member(body, role="chair")


@pytest.fixture
def chair(seat: BodyMember) -> Person:
    return seat.person


@pytest.fixture
def sent(body: Body, seat: BodyMember) -> Meeting:
    """A meeting whose minutes are sent: one item, one person there."""
    meeting = Meeting.objects.create(body=body, starts_at=AT, created_at=AT)
    meeting.items.create(title="Tolkning", position=1, written_at=AT)
    actions.begin(meeting, by=None, at=AT)
    actions.note_attendance(meeting, {seat: "present"})
    return actions.send_minutes(meeting, by=None, at=AT)


@pytest.fixture
def approved(sent: Meeting, chair: Person) -> Meeting:
    return actions.approve(sent, seen=hash_of(sent), by=chair, at=AT)


@pytest.fixture
def next_one(body: Body) -> Meeting:
    return Meeting.objects.create(body=body, starts_at=AT + timedelta(days=90), created_at=AT)


def key(value: uuid.UUID) -> Any:
    return value if connection.vendor == "postgresql" else value.hex


def run(statement: str, *arguments: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, arguments)


def refused(statement: str, *arguments: Any) -> None:
    if connection.vendor == "postgresql":  # TRUNCATE waits for no deferred constraint
        run("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(IntegrityError, match=GUARD), transaction.atomic():
        run(statement, *arguments)


@pytest.mark.parametrize(
    "assignment",
    [
        "state = 'sent', approved_at = NULL, approved_by_id = NULL, content = NULL, sha256 = ''",
        "content = '{}'",
        "sha256 = 'anything'",
        "approved_at = '2027-07-01'",
        "starts_at = '2027-07-01'",
        "room = 'Et andet sted'",
        "note = 'Tilføjet'",
    ],
)
def test_an_approved_meeting_is_not_changed(approved, assignment):
    refused(f"UPDATE cooperation_meeting SET {assignment}")


@pytest.mark.parametrize(
    ("table", "assignment"),
    [
        ("agendaitem", "minutes = 'Noget andet blev sagt.'"),
        ("agendaitem", "outcome = 'postponed'"),
        ("agendaitem", "position = 9"),
        ("attendance", "presence = 'absent'"),
    ],
)
def test_its_items_and_who_was_there_are_not_changed(approved, table, assignment):
    refused(f"UPDATE cooperation_{table} SET {assignment}")


@pytest.mark.parametrize("table", TABLES)
def test_nothing_of_it_is_deleted(approved, table):
    refused(f"DELETE FROM cooperation_{table}")
    if connection.vendor == "postgresql":
        refused(f"TRUNCATE cooperation_{table} CASCADE")


@pytest.mark.parametrize("table", TABLES)
def test_nothing_of_it_is_replaced(approved, table):
    rows = f"SELECT * FROM cooperation_{table}"
    if connection.vendor == "sqlite":
        refused(f"INSERT OR REPLACE INTO cooperation_{table} {rows}")
    else:
        again = "ON CONFLICT (id) DO UPDATE SET id = excluded.id"
        refused(f"INSERT INTO cooperation_{table} {rows} {again}")


def test_nothing_is_added_to_it(approved, body, next_one):
    with pytest.raises(IntegrityError, match=GUARD), transaction.atomic():
        approved.items.create(title="Kom bagefter", position=2, written_at=AT)
    with pytest.raises(IntegrityError, match=GUARD), transaction.atomic():
        approved.attendances.create(member=make_member(body), presence="present")
    coming = next_one.items.create(title="Til næste gang", position=1, written_at=AT)
    refused(
        "UPDATE cooperation_agendaitem SET meeting_id = %s WHERE id = %s",
        key(approved.pk),
        key(coming.pk),
    )


def test_nothing_is_moved_out_of_it(approved, next_one):
    refused("UPDATE cooperation_agendaitem SET meeting_id = %s", key(next_one.pk))
    refused("UPDATE cooperation_attendance SET meeting_id = %s", key(next_one.pk))


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="REPLACE is SQLite's alone")
def test_a_row_that_takes_its_place_in_a_unique_index_does_not_replace_it(approved, body, next_one):
    """An item that was taken up again is named once; a body meets once at a time."""
    first = next_one.items.create(title="Først", position=1, written_at=AT)
    Meeting.objects.filter(pk=next_one.pk).update(state="cancelled", cancelled_reason="Vejret.")
    later = Meeting.objects.create(body=body, starts_at=AT + timedelta(days=99), created_at=AT)
    took_up = later.items.create(title="Igen", position=1, earlier=first, written_at=AT)
    actions.begin(later, by=None, at=later.starts_at)
    actions.send_minutes(later, by=None, at=later.starts_at)
    actions.approve(later, seen=hash_of(later), by=make_member(body).person, at=later.starts_at)

    refused(
        "UPDATE OR REPLACE cooperation_meeting SET state = 'planned', starts_at = "
        "(SELECT starts_at FROM cooperation_meeting WHERE id = %s) WHERE id = %s",
        key(approved.pk),
        key(next_one.pk),
    )
    other = Meeting.objects.create(body=body, starts_at=AT + timedelta(days=120), created_at=AT)
    item = other.items.create(title="Et tredje", position=1, written_at=AT)
    refused(
        "UPDATE OR REPLACE cooperation_agendaitem SET earlier_id = %s WHERE id = %s",
        key(first.pk),
        key(item.pk),
    )
    assert AgendaItem.objects.filter(pk=took_up.pk).exists()


def test_by_model_and_queryset_it_is_refused_too(approved):
    approved.room = "Et andet sted"
    with pytest.raises(IntegrityError, match=GUARD), transaction.atomic():
        approved.save()
    for model, change in (
        (Meeting, {"note": "Tilføjet"}),
        (AgendaItem, {"minutes": "Tilføjet"}),
        (Attendance, {"presence": "absent"}),
    ):
        with pytest.raises(IntegrityError, match=GUARD), transaction.atomic():
            model.objects.update(**change)
        with pytest.raises(IntegrityError, match=GUARD), transaction.atomic():
            model.objects.all()._raw_delete(model.objects.db)

    kept = Meeting.objects.get()
    assert kept.content == content_of(kept)
    assert kept.sha256 == hash_of(kept)


def test_minutes_that_are_not_approved_are_written_on(sent, seat):
    """The triggers stop what is approved and nothing else."""
    sent.items.create(title="Kom op ved bordet", position=2, written_at=AT)
    run("UPDATE cooperation_agendaitem SET minutes = 'Rettet.'")
    run("UPDATE cooperation_attendance SET presence = 'excused'")
    run("UPDATE cooperation_meeting SET note = 'Rettet.'")
    for table in reversed(TABLES):
        run(f"DELETE FROM cooperation_{table}")

    assert not Meeting.objects.exists()


def test_the_next_agenda_takes_up_what_approved_minutes_put_off(body, chair, next_one):
    """The newer item names the older one; nothing of the older changes."""
    meeting = Meeting.objects.create(body=body, starts_at=AT, created_at=AT)
    item = meeting.items.create(title="Udsat", position=1, written_at=AT)
    actions.begin(meeting, by=None, at=AT)
    seen = actions.item_seen(item)
    actions.write_item(item, minutes="", outcome="postponed", seen=seen, by=None, at=AT)
    actions.send_minutes(meeting, by=None, at=AT)
    actions.approve(meeting, seen=hash_of(meeting), by=chair, at=AT)

    actions.begin(next_one, by=None, at=next_one.starts_at)

    assert next_one.items.get().earlier == item


def test_the_triggers_are_there_after_all_migrations():
    guard = import_module("cooperation.migrations.0008_guard_minutes")
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "SELECT name, sql FROM sqlite_master "
                "WHERE type = 'trigger' AND name LIKE 'cooperation_minutes_%%'"
            )
            assert dict(cursor.fetchall()) == guard.TRIGGERS
        else:
            cursor.execute(
                "SELECT count(*) FROM pg_trigger "
                "WHERE tgname LIKE 'cooperation_minutes_%%' AND tgenabled = 'O'"
            )
            assert cursor.fetchone() == (2 * len(TABLES),)
