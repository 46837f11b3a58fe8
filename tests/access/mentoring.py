"""What one pairing has, and a round in its town: goals, plans, agreements, a handover."""

import uuid
from datetime import timedelta
from typing import Any

from django.utils import timezone

from competences.models import Competence
from mentoring.actions import log_session
from mentoring.actions.saved import save_view
from mentoring.models import (
    Agreement,
    FollowUp,
    Goal,
    Handover,
    Pairing,
    PlannedSession,
    Round,
    SavedView,
    Session,
    SessionVersion,
)
from people.models import Person, Place
from tests.factories.mentoring import add_version
from tests.factories.rounds import make_need, make_round, make_stay, propose


def goal_of(pairing: Pairing, person: Person) -> Goal:
    """A goal that the person has agreed with a mentor."""
    goal = Goal.objects.create(
        pairing=pairing,
        person=person,
        competence=Competence.objects.get(framework__key="caseworker", key="support"),
        state="agreed",
        made_at=timezone.now(),
    )
    goal.terms.create(
        number=1,
        start="with_help",
        target="alone",
        due_on=timezone.localdate() + timedelta(days=30),
        proposed_by=person,
        is_by_person=True,
        proposed_at=timezone.now(),
        state="holds",
        answered_at=timezone.now(),
    )
    return goal


def plan_of(pairing: Pairing) -> PlannedSession:
    """A session that the pairing has planned."""
    member = pairing.members.filter(side="mentor", ends_on=None).first()
    member = member or pairing.members.filter(side="mentor").latest("starts_on")
    at = timezone.now()
    return PlannedSession.objects.create(
        pairing=pairing,
        starts_at=at + timedelta(days=9),
        held_on=timezone.localdate() + timedelta(days=9),
        minutes=60,
        made_by=member.person,
        made_at=at,
        changed_at=at,
    )


def version_with_rival(beside: Session) -> SessionVersion:
    """A version of another session of the pairing that waits to be joined with another."""
    session = Session.objects.filter(pairing=beside.pairing, author=beside.author)
    return _rival_in(session.open().exclude(pk=beside.pk).latest("held_on"))


def version_of_who_left(like: Session, mentor: Person | None) -> SessionVersion:
    """The same of a session with whoever was in ``like``, by a mentor who has left since."""
    assert mentor is not None
    ids = {"session_id": uuid.uuid4(), "version_id": uuid.uuid4()}
    was_in_it = like.participants.filter(side="caseworker").values_list("person", flat=True)
    promise = {"next_owner", "next_by"}
    content = {
        **{name: said for name, said in like.current.content.items() if name not in promise},
        "held_on": (timezone.localdate() - timedelta(days=2)).isoformat(),
        "participants": [str(one) for one in was_in_it],
    }
    log_session(mentor, like.pairing, content=content, at=timezone.now(), **ids)
    return _rival_in(Session.objects.get(pk=ids["session_id"]))


def _rival_in(session: Session) -> SessionVersion:
    """A version beside the one that holds."""
    add_version(session, minutes=45)
    return add_version(session, minutes=50)


def agreement_after(session: Session) -> Agreement:
    """The next step of that session as an agreement of its author."""
    return Agreement.objects.create(
        pairing=session.pairing,
        session=session,
        version=session.current,
        owner=session.author,
        made_at=timezone.now(),
    )


def handover_of(pairing: Pairing, receiver: Person | None) -> dict[str, Any]:
    """One that was sent of a mentor who has left, and a follow-up that is owned elsewhere."""
    handover = Handover.objects.create(
        member=pairing.members.get(side="mentor", ends_on__lt=timezone.localdate()),
        state=Handover.State.SENT,
        receiver=receiver,
        begun_at=timezone.now(),
        sent_at=timezone.now(),
    )
    asked = handover.texts.create(
        kind="question", author=receiver, text="Hvad nu?", written_at=timezone.now()
    )
    return {
        "handover": handover.pk,
        "asked": asked.pk,
        "follow_up": FollowUp.objects.open().filter(owner=receiver).earliest("due_on").pk,
    }


def round_in(town: Place, *others: Place) -> dict[str, Any]:
    """A round in the municipalities of these towns, with what the first needs, and a proposal."""
    planned = make_round(town, *others)
    need = make_need(planned, town)
    stay = make_stay(planned, Person.objects.get(name=f"Mentor Demo {2 + Round.objects.count()}"))
    return {
        "round": planned.pk,
        "need": need.pk,
        "stay": stay.pk,
        "proposal": propose(planned).pk,
        "item": need.items.get(kind="housing").pk,
    }


def view_of(person: Person | None) -> SavedView:
    """A view of a list that a coordinator keeps."""
    assert person is not None
    return save_view(
        person, "forloeb", name="Mine byer", query="", is_first=False, at=timezone.now()
    )
