"""Many at once: one record, one receipt, nothing lost, nobody told "database is locked"."""

import random
import time
import uuid
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from mentoring.actions import (
    ProposalRefused,
    SessionConflict,
    SessionRefused,
    accept_proposal,
    change_state,
    confirm_sessions,
    end_member,
    log_session,
    make_proposal,
)
from mentoring.actions.pairings import move_pairing
from mentoring.goals.actions import propose_goal
from mentoring.handover.actions import (
    HandoverRefused,
    close_from_log,
    confirm,
    send_handover,
    write_handover,
)
from mentoring.handover.dossier import dossier_of
from mentoring.models import (
    Confirmation,
    FollowUp,
    Goal,
    Handover,
    Pairing,
    PairingMember,
    PlannedSession,
    Proposal,
    Round,
    Session,
    SessionVersion,
)
from mentoring.planning.actions import plan_session
from mentoring.proposals.brief import WEIGHTS
from notices.models import Notice
from people.models import Person, Role
from people.permissions import Standing, standing_of
from tests.at_once import at_once
from tests.factories.goals import competence, make_framework, terms
from tests.factories.mentoring import (
    AT,
    TODAY,
    caseworker_of,
    content_for,
    make_pairing,
    make_person,
    make_town,
    mentor_of,
    people_of,
    send,
)
from tests.factories.rounds import make_caseworker, make_mentor, make_need, make_round, make_stay

pytestmark = pytest.mark.django_db(transaction=True)
WRITERS = 8
DAY = timedelta(days=1)

#: At once, with what the actions refuse as answers.
together = partial(at_once, refusals=(SessionRefused, ProposalRefused, HandoverRefused))


@pytest.fixture
def pairing() -> Pairing:
    pairing = make_pairing(mentors=2, caseworkers=2)
    return Pairing.objects.select_related("place").get(pk=pairing.pk)


def sender(pairing: Pairing, author: Person, content: dict[str, Any]) -> Callable[..., Any]:
    def work(**ids: Any) -> Any:
        return log_session(author, pairing, content=content, at=AT, **ids)

    return work


def test_retries_in_parallel_are_one_record_and_one_receipt(pairing: Pairing) -> None:
    send_it = sender(pairing, mentor_of(pairing), content_for(caseworker_of(pairing)))
    chance = random.Random(5)
    for _record in range(10):
        ids = {"session_id": uuid.uuid4(), "version_id": uuid.uuid4()}

        receipts = together(chance.randint(2, 20), lambda _n, ids=ids: send_it(**ids))

        assert set(receipts) == {receipts[0]}
        assert receipts[0].session_id == ids["session_id"]
    assert Session.objects.count() == SessionVersion.objects.count() == 10


@pytest.mark.parametrize("rounds", [5, pytest.param(500, marks=pytest.mark.full)])
def test_two_edits_at_once_are_both_kept_and_one_is_told(pairing: Pairing, rounds: int) -> None:
    mentors, caseworker = people_of(pairing, "mentor"), caseworker_of(pairing)
    for _round in range(rounds):
        session = send(pairing, participants=[str(p.pk) for p in (*mentors, caseworker)])
        content = content_for(participants=[str(p.pk) for p in (*mentors, caseworker)])

        def edit(number: int, session: Session = session, content: Any = content) -> Any:
            return log_session(
                mentors[number],
                pairing,
                session_id=session.pk,
                version_id=uuid.uuid4(),
                parent_id=session.current_id,
                content=content | {"went_well": f"Mentor {number}."},
                at=AT,
            )

        answers = together(2, edit)

        assert sum(isinstance(one, SessionConflict) for one in answers) == 1
        texts = session.versions.filter(number__gt=1).values_list("content__went_well", flat=True)
        assert set(texts) == {"Mentor 0.", "Mentor 1."}


def test_confirming_and_changing_at_once_never_locks_what_was_not_seen(pairing: Pairing) -> None:
    mentor, caseworker = mentor_of(pairing), caseworker_of(pairing)
    for _round in range(10):
        session = send(pairing)
        seen = session.current_id

        def work(number: int, session: Session = session, seen: Any = seen) -> Any:
            if number:
                return confirm_sessions(caseworker, [seen], at=AT)
            return log_session(
                mentor,
                pairing,
                session_id=session.pk,
                version_id=uuid.uuid4(),
                parent_id=seen,
                content=content_for(caseworker, minutes=15),
                at=AT,
            )

        together(2, work)

        session.refresh_from_db()
        if session.locked_at is not None:
            assert (session.current_id, session.minutes) == (seen, 90)
        else:
            assert session.minutes == 15
            assert not Confirmation.objects.filter(version=session.current_id).exists()


def test_all_confirming_at_once_locks_once(pairing: Pairing) -> None:
    caseworkers = people_of(pairing, "caseworker")
    session = send(pairing, caseworkers=caseworkers)

    together(
        6, lambda number: confirm_sessions(caseworkers[number % 2], [session.current_id], at=AT)
    )

    session.refresh_from_db()
    assert session.locked_at is not None
    assert Confirmation.objects.count() == 2


@pytest.mark.parametrize(
    "seconds", [2, pytest.param(60, marks=pytest.mark.full)], ids=["short", "full"]
)
def test_eight_writers_lose_nothing_and_are_never_locked_out(
    pairing: Pairing, seconds: int
) -> None:
    send_it = sender(pairing, mentor_of(pairing), content_for(caseworker_of(pairing)))
    end = time.monotonic() + seconds

    def write(_number: int) -> list[uuid.UUID]:
        sent = []
        while time.monotonic() < end:
            sent.append(send_it(session_id=uuid.uuid4(), version_id=uuid.uuid4()).session_id)
        return sent

    connection.close()  # the pool of a process has as many as there are writers
    acknowledged = [one for sent in together(WRITERS, write) for one in sent]

    assert set(Session.objects.values_list("pk", flat=True)) == set(acknowledged)
    assert len(acknowledged) >= WRITERS


# --- Proposals ------------------------------------------------------------------------------------


@pytest.fixture
def planned() -> Round:
    """A round with two seats, three mentors (one of whom is new to the town), two caseworkers."""
    planned = make_round()
    make_need(planned, seats=2)
    away = make_mentor(make_town("Nuuk", "Kommuneqarfik Sermersooq"))
    for person in (make_mentor(), make_mentor(), away):
        make_stay(planned, person)
    for _ in range(2):
        make_caseworker()
    return planned


def coordinators(count: int) -> list[Standing]:
    people = [make_person("coordinator", scope="country") for _ in range(count)]
    return [standing_of(person.user) for person in people]


def proposed(planned: Round, follows: Proposal | None = None, **weights: int) -> Proposal:
    return make_proposal(planned, weights={**WEIGHTS, **weights}, by=None, at=AT, follows=follows)


def is_whole(planned: Round) -> bool:
    """Whether the one pairing is what the proposal that was accepted last says."""
    (last,) = planned.proposals.filter(accepted_at__isnull=False).order_by("-number")[:1]
    (pairing,) = Pairing.objects.all()
    mentors = PairingMember.objects.filter(pairing=pairing, side="mentor").exclude(
        ends_on=AT.date()
    )
    wanted = set(last.pairs.values_list("stay__person", flat=True))
    return set(mentors.values_list("person", flat=True)) == wanted and len(mentors) == len(wanted)


def test_one_proposal_accepted_by_many_at_once_is_accepted_once(planned: Round) -> None:
    made, by = proposed(planned), coordinators(4)

    answers = together(4, lambda n: accept_proposal(made, by=by[n], at=AT, after=""))

    refused = [one.code for one in answers if isinstance(one, ProposalRefused)]
    assert refused == ["accepted"] * 3
    assert is_whole(planned)
    members = list(PairingMember.objects.values_list("person", "side"))
    assert len(members) == len(set(members)) == 4
    assert Notice.objects.filter(kind="mentoring.paired").count() == 4
    assert Role.objects.filter(key="mentor", starts_on=planned.starts_on).count() <= 1


def test_of_two_proposals_accepted_at_once_the_second_is_told_before_anybody_is_moved(
    planned: Round,
) -> None:
    made = [proposed(planned), proposed(planned, wishes=5)]
    by = coordinators(2)

    answers = together(2, lambda n: accept_proposal(made[n], by=by[n], at=AT, after=""))

    (refusal,) = [one for one in answers if isinstance(one, ProposalRefused)]
    assert refusal.code == "overtaken"
    assert planned.proposals.filter(accepted_at__isnull=False).count() == 1
    assert is_whole(planned)

    accepted = planned.proposals.get(accepted_at__isnull=False)
    (left,) = [one for one in made if one != accepted]
    accept_proposal(left, by=by[0], at=AT, after=str(accepted.pk))
    assert is_whole(planned)


def test_accepting_while_somebody_solves_again_accepts_what_was_seen(planned: Round) -> None:
    seen, by = proposed(planned), coordinators(1)

    def work(number: int) -> Any:
        if number:
            return proposed(planned, follows=seen, language=1)
        return accept_proposal(seen, by=by[0], at=AT, after="")

    accepted, again = together(2, work)

    assert len(accepted.pairings) == 1
    assert is_whole(planned)
    again.refresh_from_db()
    assert (again.accepted_at, again.number, again.moved) == (None, 2, 0)
    accept_proposal(again, by=by[0], at=AT, after=str(seen.pk))  # what was made is still true
    assert is_whole(planned)


def test_a_goal_is_proposed_while_a_session_is_planned() -> None:
    make_framework()
    now = timezone.now()
    for _number in range(5):
        pairing = make_pairing()
        mentor, colleague = mentor_of(pairing), caseworker_of(pairing)
        works = (
            partial(propose_goal, mentor, colleague, competence(), terms(), at=now),
            partial(plan_session, mentor, pairing, starts_at=now + DAY, minutes=90, at=now),
        )
        together(2, lambda number, works=works: works[number]().pk)

    assert (Goal.objects.count(), PlannedSession.objects.count()) == (5, 5)


def test_a_membership_ends_while_the_period_of_its_pairing_moves() -> None:
    for _number in range(5):
        pairing = make_pairing(ends_on=TODAY + 90 * DAY)
        members = list(pairing.members.order_by("pk"))
        period = {"starts_on": pairing.starts_on, "ends_on": TODAY + 60 * DAY}
        works = (
            *(partial(end_member, member, on=TODAY + 30 * DAY) for member in members),
            partial(move_pairing, pairing, kind=pairing.kind, **period),
            partial(change_state, pairing, "ready", at=AT),
        )
        together(len(works), lambda number, works=works: works[number]().pk)

        assert {one.ends_on for one in pairing.members.all()} == {TODAY + 30 * DAY}
        pairing.refresh_from_db()
        assert (pairing.ends_on, pairing.state) == (TODAY + 60 * DAY, "ready")


def test_a_handover_confirmed_and_closed_from_the_log_at_once_is_settled_once() -> None:
    pairing = make_pairing()
    member = pairing.members.select_related("person", "pairing__place").get(side="mentor")
    receiver, coordinator = make_person("travelling"), make_person("coordinator")
    end_member(member, on=TODAY)
    handover = write_handover(member, receiver=receiver, notes={}, seen="", at=AT)
    send_handover(handover, at=AT - 9 * DAY)  # long enough ago for either
    seen = dossier_of(Handover.objects.get()).sha256

    def settle(number: int) -> Any:
        if number % 2:
            return confirm(handover, by=receiver, seen=seen, at=AT).state
        options = {"receiver": None, "reason": "Rejst.", "by": coordinator, "at": AT}
        return close_from_log(pairing, **options)[0].state

    answers = together(WRITERS, settle)

    kept = Handover.objects.get()
    settled = [one for one in answers if not isinstance(one, Exception)]
    assert set(settled) == {kept.state}
    codes = {one.code for one in answers if isinstance(one, HandoverRefused)}
    assert codes <= {"settled", "nothing"}
    assert len(settled) + sum(isinstance(one, HandoverRefused) for one in answers) == WRITERS
    assert FollowUp.objects.count() == 3
    pairing.refresh_from_db()
    assert pairing.state == Pairing.State.CLOSED
