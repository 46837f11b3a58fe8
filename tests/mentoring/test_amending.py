"""A later change of a locked session: a reason, another version, confirmed anew."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, models, transaction

from mentoring.actions import (
    LookAgain,
    SessionRefused,
    amend_session,
    ask_for_change,
    confirm_sessions,
    erase_session,
    log_session,
    take_back,
)
from mentoring.models import (
    Agreement,
    Amendment,
    Confirmation,
    Kept,
    Pairing,
    Session,
    SessionVersion,
)
from people.models import Person
from tests.factories.mentoring import (
    AT,
    TODAY,
    caseworker_of,
    content_for,
    make_competence,
    make_pairing,
    make_person,
    mentor_of,
    people_of,
    send,
)

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(days=2)
GUARD = r"kept as it is|locked or erased|has confirmed"


@pytest.fixture
def pairing(db: None) -> Pairing:
    return make_pairing(mentors=2, caseworkers=2)


@pytest.fixture
def colleagues(pairing: Pairing) -> list[Person]:
    return people_of(pairing, "caseworker")


@pytest.fixture
def locked(pairing: Pairing, colleagues: list[Person]) -> Session:
    session = send(pairing, caseworkers=colleagues, minutes=90)
    for colleague in colleagues:
        confirm_sessions(colleague, [session.current_id], at=AT)
    session.refresh_from_db()
    assert session.locked_at == AT
    return session


def amend(session: Session, *, by: Person | None = None, **changes: Any) -> Amendment:
    """The author amends what holds, or the amendment that waits."""
    options = {
        key: changes.pop(key)
        for key in ("reason", "note", "parent_id", "version_id", "at", "looked_again")
        if key in changes
    }
    session = Session.objects.select_related("current", "pairing__place").get(pk=session.pk)
    pending = session.amendments.pending().first()
    receipt = amend_session(
        by or session.author,
        session,
        content=content_for(**{"minutes": 60, **changes}),
        **{
            "version_id": uuid.uuid4(),
            "parent_id": pending.version_id if pending else session.current_id,
            "reason": "time",
            "at": LATER,
            **options,
        },
    )
    return Amendment.objects.get(version=receipt.version_id)


def refused(code: str, act: Callable[..., Any], *arguments: Any, **options: Any) -> None:
    before = (Amendment.objects.count(), SessionVersion.objects.count())
    with pytest.raises(SessionRefused) as refusal:
        act(*arguments, **options)
    assert refusal.value.code == code
    assert (Amendment.objects.count(), SessionVersion.objects.count()) == before


def test_amendment_waits_and_the_session_stays_as_it_is(locked: Session) -> None:
    amendment = amend(locked, reason="time", note="Vi begyndte en halv time senere.")

    assert (amendment.amends_id, amendment.is_pending) == (locked.current_id, True)
    assert (amendment.version.number, amendment.version.parent_id) == (2, locked.current_id)
    locked.refresh_from_db()
    assert (locked.current_id, locked.minutes) == (amendment.amends_id, 90)
    assert not SessionVersion.objects.unsettled().exists()


def test_amendment_holds_when_everybody_has_confirmed_it(
    locked: Session, colleagues: list[Person]
) -> None:
    competence = make_competence()
    amendment = amend(
        locked,
        held_on=(TODAY - timedelta(days=1)).isoformat(),
        mode="behind",
        topics=["receipt"],
        competences=[{"competence": str(competence.pk), "observed": "mostly"}],
    )
    first, second = colleagues

    confirm_sessions(first, [amendment.version_id], at=LATER)
    locked.refresh_from_db()
    assert locked.minutes == 90
    assert list(Session.objects.awaiting(first)) == []
    assert list(Session.objects.awaiting(second)) == [locked]

    confirm_sessions(second, [amendment.version_id], at=LATER)

    locked.refresh_from_db()
    amendment.refresh_from_db()
    assert locked.current_id == amendment.version_id
    assert (locked.minutes, locked.mode, locked.topics) == (60, "behind", ["receipt"])
    assert (locked.held_on, locked.locked_at) == (TODAY - timedelta(days=1), AT)
    assert amendment.holds_since == LATER
    assert locked.competences.get().observed == "mostly"
    assert locked.versions.count() == 2
    assert not Session.objects.awaiting(second).exists()


def test_second_amendment_takes_out_and_changes_what_was_practised(
    locked: Session, colleagues: list[Person]
) -> None:
    kept, changed, gone = (make_competence() for _ in range(3))

    def seen(**levels: str) -> list[dict[str, str]]:
        known = {"kept": kept, "changed": changed, "gone": gone}
        return [
            {"competence": str(known[name].pk), "observed": level} for name, level in levels.items()
        ]

    for stated in (
        seen(kept="fully", changed="partly", gone="fully"),
        seen(kept="fully", changed="mostly"),
    ):
        amendment = amend(locked, competences=stated)
        for colleague in colleagues:
            confirm_sessions(colleague, [amendment.version_id], at=LATER)

    rows = locked.competences.values_list("competence", "observed")
    assert set(rows) == {(kept.pk, "fully"), (changed.pk, "mostly")}


def test_agreement_follows_the_amendment_that_holds(
    locked: Session, colleagues: list[Person]
) -> None:
    amendment = amend(locked, next_step="Ring til tolken.", next_owner=str(colleagues[0].pk))
    assert not Agreement.objects.exists()

    for colleague in colleagues:
        confirm_sessions(colleague, [amendment.version_id], at=LATER)

    agreement = Agreement.objects.get()
    assert (agreement.owner, agreement.text) == (colleagues[0], "Ring til tolken.")


def test_confirming_twice_or_what_no_longer_waits_changes_nothing(
    locked: Session, colleagues: list[Person]
) -> None:
    old = amend(locked)
    new = amend(locked, minutes=45)
    first, second = colleagues

    assert [*confirm_sessions(first, [old.version_id], at=LATER).changed] == [locked]
    for _twice in range(2):
        assert [*confirm_sessions(first, [new.version_id], at=LATER).sessions] == [locked]
    assert [*confirm_sessions(first, [locked.current_id], at=LATER).sessions] == [locked]
    assert Confirmation.objects.filter(person=first).count() == 2
    confirm_sessions(second, [new.version_id], at=LATER)
    assert [*confirm_sessions(first, [locked.current_id], at=LATER).changed] == [locked]


def test_new_amendment_takes_the_place_of_the_one_that_waits(locked: Session) -> None:
    old = amend(locked)

    new = amend(locked, minutes=45)

    old.refresh_from_db()
    assert (old.withdrawn_at, new.is_pending) == (LATER, True)
    assert new.amends_id == old.amends_id == locked.current_id
    assert not SessionVersion.objects.unsettled().exists()


def test_author_takes_it_back_until_it_holds(locked: Session, colleagues: list[Person]) -> None:
    amendment = amend(locked)
    for _twice in range(2):
        take_back(amendment, at=LATER)
    amendment.refresh_from_db()
    assert amendment.withdrawn_at == LATER
    assert not Session.objects.awaiting(colleagues[0]).exists()
    assert [*confirm_sessions(colleagues[0], [amendment.version_id], at=LATER).changed] == [locked]

    held = amend(locked)
    for colleague in colleagues:
        confirm_sessions(colleague, [held.version_id], at=LATER)
    refused("changed", take_back, held, at=LATER)


def test_same_again_is_one_amendment(locked: Session, colleagues: list[Person]) -> None:
    version_id = uuid.uuid4()
    first = amend(locked, version_id=version_id)
    again = amend(locked, version_id=version_id, parent_id=locked.current_id)

    assert first == again
    assert Amendment.objects.count() == 1
    refused("taken", amend, locked, version_id=version_id, minutes=15)


def test_caseworker_may_ask_for_a_change_of_it(locked: Session, colleagues: list[Person]) -> None:
    amendment = amend(locked)

    request = ask_for_change(colleagues[0], amendment.version_id, "time", at=LATER)

    assert request.version_id == amendment.version_id
    with pytest.raises(SessionRefused):
        ask_for_change(colleagues[0], locked.current_id, "time", at=LATER)


def test_what_cannot_be_amended_is_refused(locked: Session, pairing: Pairing) -> None:
    refused("unchanged", amend, locked, minutes=90)
    refused("changed", amend, locked, parent_id=uuid.uuid4())
    refused("invalid", amend, locked, minutes=0)
    refused("invalid", amend, locked, note="x" * 201)
    refused("invalid", amend, locked, note="-".join(["010190", "1234"]))
    refused("not_found", amend, locked, by=people_of(pairing, "mentor")[1])
    refused("not_member", amend, locked, by=make_person("mentor"))
    with pytest.raises(ValueError, match="gardening"):
        amend(locked, reason="gardening")
    refused("open", amend, send(pairing, held_on="2027-06-01"))
    erase_session(locked, by=locked.author, reason="mistake", at=LATER)
    refused("erased", amend, locked)


def test_note_is_looked_at_once_more(locked: Session) -> None:
    with pytest.raises(LookAgain) as refusal:
        amend(locked, note="Barnet er 7 år.")
    assert list(refusal.value.warnings) == ["note"]

    assert amend(locked, note="Barnet er 7 år.", looked_again=True).note == "Barnet er 7 år."


def test_who_took_part_is_not_amended(locked: Session, colleagues: list[Person]) -> None:
    took_part = set(locked.participants.values_list("person", "side"))

    amendment = amend(locked, participants=[str(colleagues[0].pk)])
    for colleague in colleagues:
        confirm_sessions(colleague, [amendment.version_id], at=LATER)

    assert set(locked.participants.values_list("person", "side")) == took_part
    assert len(amendment.version.content["participants"]) == 3


def test_plain_edit_of_a_locked_session_is_refused_as_before(locked: Session) -> None:
    amendment = amend(locked)
    for parent in (locked.current_id, amendment.version_id):
        with pytest.raises(SessionRefused) as refusal:
            log_session(
                locked.author,
                locked.pairing,
                session_id=locked.pk,
                version_id=uuid.uuid4(),
                parent_id=parent,
                content=content_for(caseworker_of(locked.pairing), minutes=15),
                at=LATER,
            )
        assert refusal.value.code == "locked"


def test_erasing_blanks_every_version_and_the_note(locked: Session) -> None:
    amendment = amend(locked, note="Teksten var om en anden dag.")

    erase_session(locked, by=locked.author, reason="identifies", at=LATER)

    amendment.refresh_from_db()
    assert amendment.note == ""
    texts = [version.content["went_well"] for version in locked.versions.all()]
    assert texts == [None, None]


# --- The database itself --------------------------------------------------------------------------


def guarded(write: Callable[[], Any]) -> None:
    with pytest.raises(IntegrityError, match=GUARD), transaction.atomic():
        write()


def execute(statement: str, *arguments: Any) -> Callable[[], None]:
    def run() -> None:
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(statement, arguments)

    return run


def test_session_takes_on_an_amendment_only_when_all_have_confirmed_and_as_it_says(
    locked: Session, colleagues: list[Person]
) -> None:
    amendment = amend(locked)
    sessions = Session.objects.filter(pk=locked.pk)

    guarded(lambda: sessions.update(minutes=60))
    guarded(lambda: sessions.update(current=amendment.version_id, minutes=60))
    guarded(lambda: Amendment.objects.update(holds_since=LATER))
    Confirmation.objects.bulk_create(
        Confirmation(version_id=amendment.version_id, person=person, confirmed_at=LATER)
        for person in colleagues
    )
    guarded(lambda: sessions.update(current=amendment.version_id))  # the minutes are not those
    guarded(lambda: sessions.update(current=amendment.version_id, minutes=15))
    guarded(lambda: sessions.update(current=amendment.version_id, minutes=60, mode="behind"))
    guarded(lambda: sessions.update(current=amendment.version_id, minutes=60, topics=["receipt"]))
    guarded(lambda: sessions.update(current=amendment.version_id, minutes=60, locked_at=None))
    guarded(lambda: Amendment.objects.update(holds_since=LATER))
    assert sessions.update(current=amendment.version_id, minutes=60) == 1


def test_confirmation_of_an_amendment_is_for_caseworkers_while_it_waits(
    locked: Session, colleagues: list[Person]
) -> None:
    amendment = amend(locked)

    def confirm(person: Person) -> Callable[[], Any]:
        return lambda: Confirmation.objects.create(
            version_id=amendment.version_id, person=person, confirmed_at=LATER
        )

    guarded(confirm(locked.author))
    guarded(confirm(make_person("caseworker")))
    take_back(amendment, at=LATER)
    guarded(confirm(colleagues[0]))


def test_amendment_is_kept_as_it_was_sent(locked: Session) -> None:
    amendment = amend(locked, note="En halv time senere.")

    with pytest.raises(Kept):
        amendment.delete()
    guarded(execute("DELETE FROM mentoring_amendment"))
    if connection.vendor == "postgresql":
        guarded(execute("TRUNCATE mentoring_amendment"))
    else:
        guarded(
            execute("INSERT OR REPLACE INTO mentoring_amendment SELECT * FROM mentoring_amendment")
        )
    rows = Amendment.objects.all()
    guarded(lambda: rows.update(reason="text"))
    guarded(lambda: rows.update(note=""))
    guarded(lambda: rows.update(amends=amendment.version_id))
    assert rows.update(withdrawn_at=LATER) == 1
    guarded(lambda: rows.update(withdrawn_at=None))
    guarded(lambda: rows.update(withdrawn_at=AT))
    erase_session(locked, by=locked.author, reason="request", at=LATER)
    guarded(lambda: rows.update(note="Noget andet."))


def test_amendment_begins_only_at_what_holds_of_a_locked_session(
    locked: Session, pairing: Pairing
) -> None:
    begun = send(pairing, held_on="2027-06-01")

    def begin(session: Session, amends: Any, **more: Any) -> Callable[[], Any]:
        return lambda: Amendment.objects.create(
            session=session, version_id=uuid.uuid4(), amends_id=amends, reason="time", **more
        )

    guarded(begin(begun, begun.current_id))
    guarded(begin(locked, begun.current_id))
    guarded(begin(locked, locked.current_id, holds_since=AT))
    guarded(begin(locked, locked.current_id, withdrawn_at=AT))
    erase_session(locked, by=mentor_of(pairing), reason="request", at=LATER)
    guarded(begin(locked, locked.current_id))


def test_version_of_an_amendment_is_kept(locked: Session) -> None:
    amendment = amend(locked)

    guarded(execute("UPDATE mentoring_sessionversion SET sha256 = ''"))
    guarded(lambda: models.QuerySet(SessionVersion).update(content={}))
    guarded(
        lambda: SessionVersion(
            session=locked,
            number=3,
            content={},
            sha256="",
            author=locked.author,
            received_at=LATER,
            parent=amendment.version,
        ).save()
    )
