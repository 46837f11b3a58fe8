"""People with roles in a town, a pairing of them, and sessions sent by the real action."""

import itertools
import uuid
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from competences.models import Competence, Framework, Topic
from core.canonical import content_hash
from core.periods import local_day
from mentoring.actions import SessionConflict, create_pairing, end_member, log_session
from mentoring.handover.actions import close_from_log
from mentoring.models import (
    Pairing,
    PairingMember,
    Session,
    SessionParticipant,
    SessionVersion,
)
from people.models import Organisation, Person, Place, Role, User

#: A Tuesday in June, 15.00 in Nuuk: within every period below.
AT = datetime(2027, 6, 15, 16, 0, tzinfo=UTC)
TODAY = date(2027, 6, 15)
SINCE = date(2020, 1, 1)
TOPICS = ("report_in", "receipt", "decision_24h")
_numbers = itertools.count(1)


def make_town(name: str = "Upernavik", municipality: str = "Avannaata Kommunia") -> Place:
    """The town of that name; made once."""
    organisation, _created = Organisation.objects.get_or_create(
        key=municipality.casefold().replace(" ", "-"),
        defaults={"kind": "municipality", "name": municipality, "starts_on": date(2018, 1, 1)},
    )
    town, _created = Place.objects.get_or_create(
        key=name.casefold(),
        defaults={
            "name": name,
            "district": name,
            "municipality": organisation,
            "dialect": "west",
            "link": "radio",
        },
    )
    return town


def make_person(
    *keys: str,
    place: Place | None = None,
    name: str = "",
    starts_on: date = SINCE,
    ends_on: date | None = None,
    scope: str = "town",
    **user_fields: Any,
) -> Person:
    """Somebody with an account and the roles ``keys``, in ``place`` or what ``scope`` says."""
    number = next(_numbers)
    user = User.objects.create(email=f"person{number}@example.org", **user_fields)
    person = Person.objects.create(user=user, name=name or f"Person Demo {number}")
    place = place or make_town()
    for key in keys:
        Role.objects.create(
            person=person,
            key=key,
            scope=scope,
            place=place if scope == "town" else None,
            municipality=place.municipality if scope == "municipality" else None,
            starts_on=starts_on,
            ends_on=ends_on,
        )
    return person


def make_topics() -> None:
    """A few of the steps of casework."""
    for position, key in enumerate(TOPICS):
        Topic.objects.get_or_create(key=key, defaults={"title_da": key, "position": position})


def make_competence(title: str = "") -> Competence:
    """A competence of the framework of caseworkers."""
    framework, _created = Framework.objects.get_or_create(
        key="caseworker", defaults={"title_da": "Sagsbehandler", "profession_da": "Sagsbehandler"}
    )
    number = next(_numbers)
    return Competence.objects.create(
        framework=framework, key=f"competence-{number}", title_da=title or f"Kompetence {number}"
    )


def make_pairing(
    *,
    place: Place | None = None,
    mentors: int = 1,
    caseworkers: int = 1,
    starts_on: date = SINCE,
    ends_on: date | None = None,
) -> Pairing:
    """A pairing of new people; the topics exist."""
    make_topics()
    place = place or make_town()
    return create_pairing(
        place,
        kind="on_site",
        starts_on=starts_on,
        ends_on=ends_on,
        mentors=[
            make_person("mentor", place=place, name=f"Mentor Demo {n}")
            for n in range(1, mentors + 1)
        ],
        caseworkers=[
            make_person("caseworker", place=place, name=f"Sagsbehandler Demo {n}")
            for n in range(1, caseworkers + 1)
        ],
        by=None,
        at=AT,
        state=Pairing.State.ACTIVE,
    )


def people_of(pairing: Pairing, side: str) -> list[Person]:
    """The people on one side, by name."""
    members = PairingMember.objects.filter(pairing=pairing, side=side)
    return [member.person for member in members.select_related("person").order_by("person__name")]


def mentor_of(pairing: Pairing) -> Person:
    """The first mentor."""
    return people_of(pairing, "mentor")[0]


def caseworker_of(pairing: Pairing) -> Person:
    """The first caseworker."""
    return people_of(pairing, "caseworker")[0]


def content_for(*caseworkers: Person, **changes: Any) -> dict[str, Any]:
    """A good content: one afternoon with ``caseworkers``."""
    return {
        "schema": 1,
        "held_on": TODAY.isoformat(),
        "minutes": 90,
        "place": "upernavik",
        "participants": [str(person.pk) for person in caseworkers],
        "topics": ["decision_24h", "receipt"],
        "mode": "beside",
        "went_well": "Gennemgik modtagelse af underretning med skabelon.",
        "next_step": "Næste gang: kvitteringsbrev på grønlandsk.",
        "languages": ["da", "kl-west"],
        "interpreter": "not_needed",
        "tools": "",
        **changes,
    }


def plan_pairing(**changes: Any) -> Pairing:
    """A pairing as a coordinator plans it, of one mentor and one caseworker of the town."""
    place = changes.pop("place", None) or make_town()
    return create_pairing(
        place,
        **{
            "kind": "on_site",
            "starts_on": TODAY,
            "ends_on": TODAY + timedelta(days=120),
            "mentors": [make_person("mentor", place=place)],
            "caseworkers": [make_person("caseworker", place=place)],
            "by": None,
            "at": AT,
            **changes,
        },
    )


def send(pairing: Pairing, *, at: datetime = AT, **changes: Any) -> Session:
    """A session that has arrived, of the first mentor with the first caseworker."""
    people = changes.pop("caseworkers", [caseworker_of(pairing)])
    author = changes.pop("author", None) or mentor_of(pairing)
    done = changes.pop("done", ())
    receipt = log_session(
        author,
        pairing,
        session_id=uuid.uuid4(),
        version_id=uuid.uuid4(),
        content=content_for(*people, **{"place": pairing.place.key, **changes}),
        done=done,
        at=at,
    )
    return Session.objects.get(pk=receipt.session_id)


def add_version(
    session: Session,
    *,
    parent: SessionVersion | None = None,
    joins: SessionVersion | None = None,
    at: datetime | None = None,
    **changes: Any,
) -> SessionVersion:
    """Another version by its author, from the first one: the second added stands beside.

    Args:
        parent: What it is made from, where that is not the first one.
        joins: The version that it settles.
    """
    first, version_id = session.versions.get(number=1), uuid.uuid4()
    with suppress(SessionConflict):  # it is kept beside the one that came before
        log_session(
            session.author,
            session.pairing,
            session_id=session.pk,
            version_id=version_id,
            parent_id=(parent or first).pk,
            joins_id=joins.pk if joins else None,
            content={**first.content, **changes},
            at=at or timezone.now(),
            looked_again=True,
        )
    return SessionVersion.objects.get(pk=version_id)


def send_many(pairing: Pairing, count: int) -> None:
    """Many open sessions of the first mentor with the first caseworker, written at once."""
    mentor, caseworker = mentor_of(pairing), caseworker_of(pairing)
    today = local_day(timezone.now())
    sessions, versions, participants = [], [], []
    for number in range(count):
        session_id, version_id = uuid.uuid4(), uuid.uuid4()
        held_on = today - timedelta(days=number % 30)
        content = content_for(mentor, caseworker, held_on=held_on.isoformat(), minutes=30)
        at = timezone.now()
        facts = {"held_on": held_on, "minutes": 30, "mode": "beside", "topics": content["topics"]}
        sessions.append(
            Session(
                id=session_id,
                pairing=pairing,
                author=mentor,
                place=pairing.place,
                received_at=at,
                current_id=version_id,
                **facts,
            )
        )
        versions.append(
            SessionVersion(
                id=version_id,
                session_id=session_id,
                number=1,
                content=content,
                sha256=content_hash(content),
                author=mentor,
                received_at=at,
            )
        )
        participants += [
            SessionParticipant(session_id=session_id, person=person, side=side)
            for person, side in ((mentor, "mentor"), (caseworker, "caseworker"))
        ]
    with transaction.atomic():
        Session.objects.bulk_create(sessions)
        SessionVersion.objects.bulk_create(versions)
        SessionParticipant.objects.bulk_create(participants)


def close(pairing: Pairing, *, at: datetime = AT) -> Pairing:
    """Close it: every mentor leaves that day, and it is settled from the log."""
    for member in pairing.members.filter(side=PairingMember.Side.MENTOR):
        end_member(member, on=max(local_day(at), member.starts_on))
    close_from_log(
        pairing, receiver=None, reason="Rejst.", by=caseworker_of(pairing), at=at, looked_again=True
    )
    pairing.refresh_from_db()
    assert pairing.state == Pairing.State.CLOSED
    return pairing
