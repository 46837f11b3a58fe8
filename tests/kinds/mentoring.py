"""What the pages of mentoring have to show: sessions in every state, goals, rounds, handovers."""

import uuid
from datetime import date, datetime, timedelta
from typing import Any

from competences.models import Competence
from mentoring.actions import (
    add_member,
    amend_session,
    ask_for_change,
    choose_version,
    confirm_sessions,
    create_pairing,
    end_member,
    erase_session,
    fix_pair,
    make_proposal,
    save_round,
)
from mentoring.actions import log_session as log
from mentoring.goals.forms import WeeksForm
from mentoring.handover.actions import write_handover
from mentoring.models import (
    ChangeRequest,
    FollowUp,
    Goal,
    Handover,
    Pairing,
    Round,
    SavedView,
    Session,
    SessionVersion,
)
from mentoring.models.goals import monday
from people.models import Person
from tests.factories.mentoring import add_version
from tests.kinds.people import newcomer


def sessions(demo: dict[str, Person], *, at: datetime, today: date) -> dict[str, Any]:
    """Sessions in every state, in the pairing of Sisimiut."""
    mentor, pairing = demo["mentor1"], Pairing.objects.get(place__key="sisimiut")
    caseworker = demo["sagsbehandler1"]

    def content(**changes: Any) -> dict[str, Any]:
        return {
            "held_on": (today - timedelta(days=1)).isoformat(),
            "minutes": 90,
            "place": "sisimiut",
            "participants": [str(caseworker.pk), str(demo["sagsbehandler2"].pk)],
            "topics": ["decision_24h", "receipt"],
            "mode": "beside",
            "went_well": "Øvede beslutningen på et opdigtet eksempel. Kollegaen førte ordet.",
            "next_step": "Kvitteringsbrev på grønlandsk.",
            "languages": ["da"],
            "interpreter": "",
            **changes,
        }

    def send(by: Person = mentor, **changes: Any) -> Session:
        ids = {"session_id": uuid.uuid4(), "version_id": uuid.uuid4()}
        now = Pairing.objects.get(pk=pairing.pk)  # it remembers who was in it when it was asked
        log(by, now, content=content(**changes), at=at, looked_again=True, **ids)
        return Session.objects.get(pk=ids["session_id"])

    def two_by(by: Person) -> tuple[Session, SessionVersion]:
        session = send(by)
        add_version(session, at=at, minutes=45, went_well="Hvad der blev skrevet på pc'en.")
        text = "Hvad der blev skrevet på telefonen."
        return session, add_version(session, at=at, minutes=45, went_well=text)

    def locked_and_amended() -> Session:
        session = send(participants=[str(caseworker.pk)], minutes=75)
        confirm_sessions(caseworker, [session.current_id], at=at)
        session = Session.objects.select_related("current", "pairing__place").get(pk=session.pk)
        amend_session(
            mentor,
            session,
            version_id=uuid.uuid4(),
            parent_id=session.current_id,
            content={**session.current.content, "minutes": 60},
            reason="time",
            note="Vi begyndte et kvarter senere.",
            at=at,
        )
        return session

    asked, edited, erased = send(), send(minutes=45), send(minutes=30)
    ask_for_change(caseworker, asked.current_id, ChangeRequest.What.TIME, at=at)
    add_version(edited, at=at, minutes=45, went_well="Den ene skrev dette.")
    beside = add_version(edited, at=at, minutes=45, went_well="Den anden skrev dette.")

    a_month_ago = today - timedelta(days=30)
    gone = newcomer("hjemrejst", "mentor", at=at, starts_on=a_month_ago)
    stay = add_member(pairing, gone, "mentor", starts_on=a_month_ago)
    (left, beside_left), (chosen, beside_chosen) = two_by(gone), two_by(gone)
    end_member(stay, on=today)
    chosen.refresh_from_db()
    choice = choose_version(
        caseworker,
        chosen,
        version_id=uuid.uuid4(),
        current_id=chosen.current_id,
        beside_id=beside_chosen.pk,
        chosen_id=beside_chosen.pk,
        at=at,
    )
    ask_for_change(caseworker, choice.version_id, ChangeRequest.What.TEXT, at=at)
    erase_session(erased, by=mentor, reason="mistake", at=at)
    locked = (
        Session.objects.with_person(caseworker)
        .filter(pairing=pairing, locked_at__isnull=False)
        .order_by("held_on")
        .first()
    )
    assert locked is not None
    amended, was_amended = locked_and_amended(), locked_and_amended()
    confirm_sessions(caseworker, [was_amended.amendments.get().version_id], at=at)
    this_hour = {"held_on": today.isoformat(), "minutes": 20}
    same_hour = send(participants=[str(caseworker.pk)], **this_hour)
    other = newcomer("samtidig", "mentor", at=at)
    add_member(pairing, other, "mentor", starts_on=today)
    send(other, **this_hour)
    return {
        "amended": amended.pk,
        "was_amended": was_amended.pk,
        "was_amended_version": was_amended.amendments.get().version_id,
        "same_hour": same_hour.pk,
        "pairing": pairing.pk,
        "member": pairing.members.get(person=caseworker).pk,
        "colleague": caseworker.pk,
        "closed_pairing": Pairing.objects.filter(state="closed").first().pk,
        "open": asked.pk,
        "open_version": asked.current_id,
        "two": edited.pk,
        "beside": beside.pk,
        "left": left.pk,
        "beside_left": beside_left.pk,
        "chosen": chosen.pk,
        "erased": erased.pk,
        "locked": locked.pk,
        "locked_version": locked.current_id,
    }


def goals(demo: dict[str, Person], *, today: date) -> dict[str, Any]:
    """The demo's goals of one pair by their state, and what is still free to be one."""
    own = Goal.objects.filter(person=demo["sagsbehandler1"])
    used = own.values("competence")
    free = Competence.objects.filter(framework__key="caseworker").exclude(pk__in=used)
    return {
        "agreed_goal": own.get(competence__key="first_day").pk,
        "proposed_goal": own.get(state=Goal.State.PROPOSED).pk,
        "reached_goal": own.get(state=Goal.State.REACHED).pk,
        "changed_goal": Goal.objects.get(person=demo["sagsbehandler2"]).pk,
        "free_competence": free.earliest("key").pk,
        "next_month": (today + timedelta(days=30)).isoformat(),
        "this_week": WeeksForm.name_of(monday(today)),
    }


def rounds(demo: dict[str, Person], *, at: datetime, today: date) -> dict[str, Any]:
    """The demo's round with a proposal, one of before that has gone stale, and an empty round."""
    planned = Round.objects.get()
    first = planned.proposals.get()
    need = planned.needs.get(place__key="tasiilaq")
    stay = planned.stays.get(person=demo["mentor2"])
    by = demo["koordinator1"]
    second = make_proposal(planned, weights={**first.weights, "wishes": 5}, by=by, at=at)
    fix_pair(planned, stay, need, "forbidden")
    third = make_proposal(planned, weights=dict(first.weights), by=by, at=at, follows=second)
    empty = save_round(
        uuid.uuid4(),
        title="Efterår",
        municipalities=list(planned.municipalities.all()),
        starts_on=today,
        ends_on=today + timedelta(days=90),
        by=by,
        at=at,
    )
    return {
        "round": planned.pk,
        "empty_round": empty.pk,
        "need": need.pk,
        "stay": stay.pk,
        "proposal": third.pk,
        "stale_proposal": first.pk,
        "uncovered": third.uncovered[0]["need"],
        "view": SavedView.objects.filter(person=by).earliest("name").pk,
    }


def handovers(demo: dict[str, Person], *, at: datetime) -> dict[str, Any]:
    """One to look through, one that waits, one taken over; a pairing that a mentor just left."""
    leaver = demo["rejsende1"].memberships.get(side="mentor")
    mine = write_handover(
        leaver,
        receiver=None,
        notes={"team": "Fortsæt makkerlæsningen af afgørelser."},
        seen="",
        at=at,
    )
    waiting = Handover.objects.waiting().get()
    mentor = demo["mentor2"]
    left = mentor.memberships.get().pairing
    pairing = create_pairing(
        left.place,
        kind="on_site",
        starts_on=left.starts_on,
        ends_on=left.ends_on,
        mentors=[mentor],
        caseworkers=[demo["sagsbehandler3"]],
        by=None,
        at=at,
        state=Pairing.State.ACTIVE,
    )
    follow_ups = FollowUp.objects.filter(owner=demo["rejsende1"]).order_by("due_on")
    return {
        "handover_mine": mine.pk,
        "handover_waiting": waiting.pk,
        "handed_pairing": waiting.member.pairing_id,
        "handover_done": Handover.objects.filter(state="confirmed").earliest("settled_at").pk,
        "left_pairing": pairing.pk,
        "follow_up": follow_ups.open().first().pk,
        "follow_up_done": follow_ups.filter(done_on__isnull=False).first().pk,
    }
