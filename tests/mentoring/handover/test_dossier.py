"""What a dossier is made of, and that it is kept as it was."""

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from competences.models import Competence, Framework, Level, Rating, Topic
from core.periods import local_day
from mentoring.actions import erase_session, log_session
from mentoring.goals.actions import end_goal
from mentoring.handover.actions import receiving
from mentoring.handover.dossier import Dossier, build, dossier_of
from mentoring.handover.words import tell
from mentoring.models import (
    Agreement,
    Handover,
    HandoverPart,
    HandoverText,
    Pairing,
    Session,
    SessionCompetence,
)
from people.models import Person
from tests.factories.goals import make_framework, make_goal, soon
from tests.factories.mentoring import caseworker_of, mentor_of, people_of, send
from tests.mentoring.handover.doing import confirm_now, confirmed, sent, write

pytestmark = pytest.mark.django_db
TODAY = local_day(timezone.now())


def log(pairing: Pairing, days_ago: int, **changes: Any) -> Session:
    day = local_day(timezone.now()) - timedelta(days=days_ago)
    return send(pairing, at=timezone.now(), **{"held_on": str(day), **changes})


def competence(key: str) -> Competence:
    framework, _created = Framework.objects.get_or_create(
        key="caseworker", defaults={"title_da": "Ramme", "profession_da": "Sagsbehandler"}
    )
    return Competence.objects.create(framework=framework, key=key, title_da=f"Kan {key}")


def titles(found: list[Any]) -> list[str]:
    return [one["da"] for one in found]


def test_an_empty_log_makes_a_dossier_that_says_so(pairing: Pairing, receiver: Person) -> None:
    dossier = dossier_of(write(pairing, receiver))

    assert (dossier.content["count"], dossier.content["sessions"]) == (0, [])
    assert tell(dossier).held == "Ingen session blev logget."
    assert {part["count"] for part in dossier.parts.values() if part} == {0}


def test_the_last_three_sessions_come_with_their_texts_and_no_other(
    pairing: Pairing, receiver: Person
) -> None:
    sessions = [log(pairing, days, went_well=f"Dag {days}.") for days in (1, 2, 3, 4, 5)]

    dossier = dossier_of(write(pairing, receiver))

    assert [one["session"] for one in dossier.content["sessions"]] == [
        str(session.pk) for session in sessions[:3]
    ]
    texts = [one.text for one in dossier.texts_of("session", part="went_well")]
    assert texts == ["Dag 1.", "Dag 2.", "Dag 3."]
    assert (dossier.content["count"], dossier.content["minutes"]) == (5, 450)


def test_what_each_does_alone_is_what_was_done_behind_the_last_time(
    pairing: Pairing, receiver: Person
) -> None:
    first, second = people_of(pairing, "caseworker")
    log(pairing, 9, caseworkers=[first], topics=["receipt"], mode="behind")
    log(pairing, 8, caseworkers=[first], topics=["decision_24h", "receipt"], mode="beside")
    log(pairing, 7, caseworkers=[first], topics=["decision_24h"], mode="behind")
    log(pairing, 6, caseworkers=[second], topics=["decision_24h"], mode="in_front")

    dossier = dossier_of(write(pairing, receiver))

    one, other = dossier.parts[first.pk], dossier.parts[second.pk]
    assert one is not None
    assert other is not None
    assert titles(one["steps_alone"]) == ["decision_24h"]
    assert titles(one["steps_next"]) == ["receipt"]
    assert (one["count"], one["modes"]) == (3, {"in_front": 0, "beside": 1, "behind": 2})
    assert (titles(other["steps_alone"]), titles(other["steps_next"])) == ([], ["decision_24h"])
    team = dossier.content["team"]
    assert titles(team["alone"]) == []
    assert titles(team["next"]) == ["receipt", "decision_24h"]
    assert titles(team["unmet"]) == ["report_in"]


def test_own_ratings_and_what_was_seen_whole_say_what_one_does_alone(
    pairing: Pairing, receiver: Person
) -> None:
    person = caseworker_of(pairing)
    alone, helped, never, seen, half = (competence(key) for key in "abcde")
    levels = {alone.pk: "can_teach", helped.pk: "with_help", never.pk: "not_yet"}
    for one, level in levels.items():
        Rating.objects.create(
            person=person, competence_id=one, level=level, rated_at=timezone.now()
        )
    for one, mode, observed in ((seen, "behind", "fully"), (half, "behind", "mostly")):
        session = log(pairing, 1, caseworkers=[person], mode=mode)
        SessionCompetence.objects.create(session=session, competence=one, observed=observed)
    beside = log(pairing, 2, caseworkers=[person], mode="beside")
    SessionCompetence.objects.create(session=beside, competence=helped, observed="fully")

    part = dossier_of(write(pairing, receiver)).parts[person.pk]

    assert part is not None
    assert titles(part["alone"]) == ["Kan a", "Kan d"]
    assert titles(part["next"]) == ["Kan b", "Kan c"]


def test_a_goal_that_is_agreed_and_not_reached_is_handed_over(
    pairing: Pairing, receiver: Person
) -> None:
    make_framework("receipt", "report_in", "decision_24h")
    agreed = make_goal(pairing, "receipt", due_on=soon(20), target="can_teach")
    make_goal(pairing, "report_in", agreed=False)
    reached = make_goal(pairing, "decision_24h")
    end_goal(mentor_of(pairing), reached, "reached", at=timezone.now())

    told = {one["person"]: one for one in tell(dossier_of(write(pairing, receiver))).people}

    (goal,) = told[agreed.person_id]["goals"]
    assert str(goal["title"]) == agreed.competence.title_da
    assert (goal["target"], goal["due_on"]) == (str(Level.CAN_TEACH.label), soon(20))


def test_a_dossier_kept_before_goals_were_in_it_is_still_read(
    pairing: Pairing, receiver: Person
) -> None:
    handover = confirmed(pairing, receiver)
    dossier = dossier_of(handover)
    parts = {
        person: {key: value for key, value in part.items() if key != "goals"}
        for person, part in dossier.parts.items()
        if part is not None
    }

    assert all(one["goals"] == [] for one in tell(replace(dossier, parts=parts)).people)


def test_what_was_logged_by_mistake_never_happened(pairing: Pairing, receiver: Person) -> None:
    session = log(pairing, 1)
    erase_session(session, by=mentor_of(pairing), reason="mistake", at=timezone.now())

    dossier = dossier_of(write(pairing, receiver))

    assert (dossier.content["count"], dossier.content["sessions"]) == (0, [])


def test_an_open_agreement_is_shown_also_from_an_older_session(
    pairing: Pairing, receiver: Person
) -> None:
    old = log(pairing, 9, next_step="Bestil tolken.")
    done = log(pairing, 8, next_step="Gjort.")
    for number in range(3):
        log(pairing, number)
    owner = caseworker_of(pairing)
    facts = {"pairing": pairing, "owner": owner, "made_at": timezone.now()}
    Agreement.objects.all().delete()
    Agreement.objects.create(session=old, version=old.current, due_on=TODAY, **facts)
    Agreement.objects.create(
        session=done, version=done.current, done_on=TODAY, done_by=owner, **facts
    )

    told = tell(dossier_of(write(pairing, receiver)))

    assert [(one["text"], one["owner"]) for one in told.agreements] == [
        ("Bestil tolken.", owner.name)
    ]


def test_a_later_change_of_the_log_does_not_rewrite_what_was_confirmed(
    pairing: Pairing, receiver: Person
) -> None:
    session = log(pairing, 1, went_well="Som det var.")
    handover = confirmed(pairing, receiver)
    before = dossier_of(handover)

    log_session(
        mentor_of(pairing),
        pairing,
        session_id=session.pk,
        version_id=uuid.uuid4(),
        parent_id=session.current_id,
        content={**session.current.content, "went_well": "Rettet siden.", "minutes": 15},
        at=timezone.now() - timedelta(days=1),
    )
    Topic.objects.update(title_da="Et nyt navn")
    after = dossier_of(Handover.objects.get(pk=handover.pk))

    assert after == before
    assert after.sha256 == handover.sha256
    assert [one.text for one in after.texts_of("session", part="went_well")] == ["Som det var."]


def test_the_hash_is_of_everything_that_is_shown(pairing: Pairing, receiver: Person) -> None:
    log(pairing, 1)
    handover = sent(pairing, receiver)
    live = dossier_of(handover)

    kept = dossier_of(confirm_now(handover))

    assert kept.sha256 == live.sha256
    again = type(kept)(kept.content, kept.parts, kept.texts)
    assert again.sha256 == kept.sha256
    changed = type(kept)({**kept.content, "minutes": 1}, kept.parts, kept.texts)
    assert changed.sha256 != kept.sha256


def test_erasing_the_text_of_a_session_erases_it_in_the_dossier_too(
    pairing: Pairing, receiver: Person
) -> None:
    session = log(pairing, 1, went_well="Skal væk.", next_step="Skal også væk.")
    other = log(pairing, 2, went_well="Bliver.")
    handover = confirmed(pairing, receiver)

    erase_session(session, by=mentor_of(pairing), reason="identifies", at=timezone.now())

    dossier = dossier_of(Handover.objects.get(pk=handover.pk))
    assert {one.text for one in dossier.texts_of("session", session=session.pk)} == {None}
    kept = dossier.texts_of("session", session=other.pk, part="went_well")
    assert [one.text for one in kept] == ["Bliver."]
    assert dossier.sha256 == handover.sha256
    assert tell(dossier).sessions[0]["is_erased"]


def test_a_text_that_is_erased_while_it_is_confirmed_is_not_kept_in_it(
    pairing: Pairing, receiver: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = log(pairing, 1, went_well="Skal væk.")
    handover = sent(pairing, receiver)

    def build_and_erase(one: Handover) -> Dossier:
        dossier = build(one)
        erase_session(session, by=mentor_of(pairing), reason="identifies", at=timezone.now())
        return dossier

    monkeypatch.setattr(receiving, "build", build_and_erase)
    confirm_now(handover)

    dossier = dossier_of(Handover.objects.get(pk=handover.pk))
    assert {one.text for one in dossier.texts_of("session", session=session.pk)} == {None}


def test_a_text_erased_before_is_not_in_it(pairing: Pairing, receiver: Person) -> None:
    session = log(pairing, 1, went_well="Skal væk.")
    erase_session(session, by=mentor_of(pairing), reason="request", at=timezone.now())

    dossier = dossier_of(confirmed(pairing, receiver))

    assert not any(one.text == "Skal væk." for one in dossier.texts)
    assert tell(dossier).sessions[0]["is_erased"]


GUARD = r"kept as it is"


@pytest.mark.parametrize(
    "change",
    [
        lambda: Handover.objects.update(content={}),
        lambda: Handover.objects.update(sha256="0" * 64),
        lambda: Handover.objects.update(state="sent"),
        lambda: Handover.objects.all()._raw_delete("default"),
        lambda: HandoverPart.objects.update(content={}),
        lambda: HandoverPart.objects.all()._raw_delete("default"),
        lambda: HandoverText.objects.update(text="Noget andet."),
        lambda: HandoverText.objects.update(kind="answer"),
        lambda: HandoverText.objects.all()._raw_delete("default"),
        lambda: HandoverText.objects.create(
            handover=Handover.objects.get(),
            kind="question",
            author=Person.objects.first(),
            text="Sent.",
            written_at=timezone.now(),
        ),
    ],
)
def test_the_database_keeps_what_was_settled(
    pairing: Pairing, receiver: Person, change: Callable[[], Any]
) -> None:
    log(pairing, 1)
    confirmed(pairing, receiver)

    with pytest.raises(IntegrityError, match=GUARD), transaction.atomic():
        change()


def test_what_is_kept_may_become_nothing_and_find_another_receiver(
    pairing: Pairing, receiver: Person
) -> None:
    log(pairing, 1)
    confirmed(pairing, receiver)

    HandoverText.objects.update(text=None)
    HandoverPart.objects.update(content=None)
    Handover.objects.update(receiver=mentor_of(pairing))

    told = tell(dossier_of(Handover.objects.get()))
    assert all(one["is_erased"] for one in told.people)


@pytest.mark.parametrize("state", ["live", "kept"])
def test_a_dossier_takes_the_same_queries_for_one_session_and_for_many(
    pairing: Pairing, receiver: Person, state: str
) -> None:
    def counted() -> int:
        handover = Handover.objects.select_related("member__pairing__place").get()
        with CaptureQueriesContext(connection) as queries:
            tell(dossier_of(handover))
        return len(queries)

    log(pairing, 1)
    handover = sent(pairing, receiver)
    if state == "live":
        for_one = counted()
        for days in range(2, 12):
            log(pairing, days, caseworkers=people_of(pairing, "caseworker"))
        assert counted() == for_one <= 16
    else:
        confirm_now(handover)
        assert counted() <= 6
