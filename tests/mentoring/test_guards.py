"""What was sent stays as it is: by model, by QuerySet and by raw SQL, on either database."""

import importlib
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, models, transaction

from mentoring.actions import add_member, confirm_sessions, end_member, erase_session
from mentoring.actions.pairings import PairingRefused
from mentoring.models import (
    ChangeRequest,
    Confirmation,
    Kept,
    Pairing,
    PairingMember,
    Session,
    SessionParticipant,
    SessionVersion,
)
from tests.factories.mentoring import (
    AT,
    SINCE,
    TODAY,
    caseworker_of,
    make_competence,
    make_pairing,
    make_person,
    mentor_of,
    send,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def pairing() -> Pairing:
    return make_pairing()


@pytest.fixture
def open_session(pairing: Pairing) -> Session:
    return send(pairing)


@pytest.fixture
def locked(pairing: Pairing, open_session: Session) -> Session:
    confirm_sessions(caseworker_of(pairing), [open_session.current_id], at=AT)
    open_session.refresh_from_db()
    assert open_session.locked_at == AT
    return open_session


#: What the triggers say; a foreign key would say something else.
GUARD = r"kept as it is|locked or erased|has confirmed|do not overlap"


def refused(statement: str, *arguments: Any) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":  # TRUNCATE waits for no deferred constraint
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(IntegrityError, match=GUARD), transaction.atomic():
            cursor.execute(statement, arguments)


def key(value: uuid.UUID) -> Any:
    return value if connection.vendor == "postgresql" else value.hex


@pytest.mark.parametrize("model", [SessionVersion, Confirmation, ChangeRequest])
def test_models_refuse_update_and_delete(model: type[models.Model], locked: Session) -> None:
    with pytest.raises(Kept):
        model.objects.all().update()
    with pytest.raises(Kept):
        model.objects.all().delete()


def test_model_instances_refuse_a_second_save_and_deletion(locked: Session) -> None:
    for record in (SessionVersion.objects.get(), Confirmation.objects.get()):
        with pytest.raises(Kept):
            record.save()
        with pytest.raises(Kept):
            record.delete()


@pytest.mark.parametrize(
    "assignment",
    [
        "content = '{}'",
        "sha256 = ''",
        "number = 9",
        "received_at = '2020-01-01'",
        "device_at = '2020-01-01'",
        "chosen_by_id = author_id",
        "joins_id = id",
        "parent_id = id",
    ],
)
def test_version_is_never_changed(open_session: Session, assignment: str) -> None:
    refused(f"UPDATE mentoring_sessionversion SET {assignment}")


@pytest.mark.parametrize(
    "table", ["sessionversion", "session", "confirmation", "sessionparticipant"]
)
def test_nothing_of_a_locked_session_is_deleted(locked: Session, table: str) -> None:
    refused(f"DELETE FROM mentoring_{table}")
    if connection.vendor == "postgresql":
        refused(f"TRUNCATE mentoring_{table} CASCADE")


def test_open_session_is_not_deleted(open_session: Session) -> None:
    refused("DELETE FROM mentoring_sessionversion")
    refused("DELETE FROM mentoring_session")


@pytest.mark.parametrize(
    "assignment",
    [
        "locked_at = NULL",
        "locked_at = '2027-07-01'",
        "minutes = 15",
        "mode = 'behind'",
        "held_on = '2027-01-01'",
        "topics = '[]'",
        "received_at = '2027-01-01'",
    ],
)
def test_locked_session_is_not_changed(locked: Session, assignment: str) -> None:
    refused(f"UPDATE mentoring_session SET {assignment}")


def test_queryset_update_of_a_locked_session_is_refused(locked: Session) -> None:
    with pytest.raises(IntegrityError, match=GUARD), transaction.atomic():
        Session.objects.update(minutes=15)
    locked.minutes = 15
    with pytest.raises(IntegrityError, match=GUARD), transaction.atomic():
        locked.save()


def test_locked_session_takes_no_version_and_no_participant(
    locked: Session, pairing: Pairing
) -> None:
    with pytest.raises(IntegrityError, match=GUARD), transaction.atomic():
        SessionVersion.objects.create(
            session=locked,
            number=2,
            content={},
            sha256="",
            author=locked.author,
            received_at=AT,
        )
    with pytest.raises(IntegrityError, match=GUARD), transaction.atomic():
        SessionParticipant.objects.create(session=locked, person=make_person(), side="caseworker")
    refused("UPDATE mentoring_sessionparticipant SET side = 'mentor'")


def test_confirmation_is_neither_moved_nor_withdrawn(locked: Session) -> None:
    refused("UPDATE mentoring_confirmation SET confirmed_at = '2020-01-01'")
    refused("DELETE FROM mentoring_confirmation")


def test_only_a_caseworker_who_took_part_confirms_the_current_version(
    open_session: Session, pairing: Pairing
) -> None:
    for person in (mentor_of(pairing), make_person("caseworker")):
        with pytest.raises(IntegrityError, match=GUARD), transaction.atomic():
            Confirmation.objects.create(
                version_id=open_session.current_id, person=person, confirmed_at=AT
            )


def test_session_is_locked_only_when_everybody_has_confirmed(open_session: Session) -> None:
    refused("UPDATE mentoring_session SET locked_at = '2027-07-01'")


def test_session_points_only_at_a_version_of_its_own(
    open_session: Session, pairing: Pairing
) -> None:
    other = send(pairing, minutes=30)
    refused(
        "UPDATE mentoring_session SET current_id = %s WHERE id = %s",
        key(other.current_id),
        key(open_session.pk),
    )


@pytest.fixture
def practised(pairing: Pairing) -> Session:
    """A locked session in which something was practised."""
    session = send(
        pairing, competences=[{"competence": str(make_competence().pk), "observed": "mostly"}]
    )
    confirm_sessions(caseworker_of(pairing), [session.current_id], at=AT)
    return session


def test_competences_of_a_locked_session_are_kept(practised: Session) -> None:
    refused("UPDATE mentoring_sessioncompetence SET observed = 'fully'")
    refused("DELETE FROM mentoring_sessioncompetence")
    with pytest.raises(IntegrityError, match=GUARD), transaction.atomic():
        practised.competences.create(competence=make_competence(), observed="fully")
    if connection.vendor == "sqlite":
        refused(
            "INSERT OR REPLACE INTO mentoring_sessioncompetence "
            "SELECT * FROM mentoring_sessioncompetence"
        )
    else:
        refused("TRUNCATE mentoring_sessioncompetence")


def test_competences_of_an_erased_session_are_kept(practised: Session, pairing: Pairing) -> None:
    erase_session(practised, by=mentor_of(pairing), reason="identifies", at=AT)

    refused("DELETE FROM mentoring_sessioncompetence")
    assert practised.competences.get().observed == "mostly"


def test_replace_does_not_slip_past(locked: Session) -> None:
    if connection.vendor != "sqlite":
        refused(
            "INSERT INTO mentoring_sessionversion SELECT * FROM mentoring_sessionversion "
            "ON CONFLICT (id) DO UPDATE SET sha256 = ''"
        )
        return
    for table in ("session", "sessionversion", "confirmation"):
        refused(f"INSERT OR REPLACE INTO mentoring_{table} SELECT * FROM mentoring_{table}")


def test_erasure_is_let_through_once(locked: Session, pairing: Pairing) -> None:
    before = SessionVersion.objects.get()

    erase_session(locked, by=mentor_of(pairing), reason="identifies", at=AT)

    after = SessionVersion.objects.get()
    texts = ("went_well", "next_step", "tools")
    assert {key: after.content[key] for key in texts} == dict.fromkeys(texts)
    assert {k: v for k, v in after.content.items() if k not in texts} == {
        k: v for k, v in before.content.items() if k not in texts
    }
    assert (after.pk, after.sha256, after.number) == (before.pk, before.sha256, before.number)
    assert Confirmation.objects.count() == 1
    refused("UPDATE mentoring_session SET erase_reason = 'request'")
    refused(
        "UPDATE mentoring_session SET erased_at = NULL, erase_reason = NULL, erased_by_id = NULL"
    )


@pytest.mark.parametrize(
    "write",
    [
        lambda content: {**content, "went_well": "another text"},
        lambda content: {**content, "minutes": 15, "went_well": None},
        lambda content: {},
    ],
)
def test_erased_version_takes_nothing_but_nulls(
    locked: Session, pairing: Pairing, write: Callable[[dict[str, Any]], dict[str, Any]]
) -> None:
    erase_session(locked, by=mentor_of(pairing), reason="identifies", at=AT)
    version = SessionVersion.objects.get()

    with pytest.raises(IntegrityError, match=GUARD), transaction.atomic():
        models.QuerySet(SessionVersion).update(content=write(version.content))


def test_version_of_a_session_that_is_not_erased_keeps_its_text(open_session: Session) -> None:
    with pytest.raises(IntegrityError, match=GUARD), transaction.atomic():
        open_session.current.blank_texts()


def test_memberships_do_not_overlap(pairing: Pairing) -> None:
    member = pairing.members.get(side="mentor")

    with pytest.raises(PairingRefused) as refusal:
        add_member(pairing, member.person, "mentor", starts_on=SINCE + timedelta(days=1))
    assert refusal.value.code == "overlap"
    with pytest.raises(IntegrityError, match=GUARD), transaction.atomic():
        PairingMember.objects.create(
            pairing=pairing, person=member.person, side="caseworker", starts_on=TODAY
        )

    end_member(member, on=TODAY)
    add_member(pairing, member.person, "mentor", starts_on=TODAY)

    with pytest.raises(IntegrityError, match=GUARD), transaction.atomic():
        PairingMember.objects.filter(pk=member.pk).update(ends_on=TODAY + timedelta(days=1))


def test_triggers_are_there_after_all_migrations() -> None:
    guard = importlib.import_module("mentoring.migrations.0002_guard_sessions")
    handovers = importlib.import_module("mentoring.migrations.0010_guard_handovers")
    newest = importlib.import_module("mentoring.migrations.0015_chosen_versions")
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "SELECT name, sql FROM sqlite_master "
                "WHERE type = 'trigger' AND name LIKE 'mentoring_guard_%%'"
            )
            assert dict(cursor.fetchall()) == newest.TRIGGERS
        else:
            cursor.execute(
                "SELECT count(*) FROM pg_trigger "
                "WHERE tgname LIKE 'mentoring_guard_%%' AND tgenabled = 'O'"
            )
            parts = (guard, handovers)
            tables = sum(len(part._POSTGRES_BODIES) for part in parts)
            tables += 2  # the competences, the amendments
            kept = sum(len(part._WITHOUT_TRUNCATE) for part in parts)
            assert cursor.fetchone() == (2 * tables - kept,)
