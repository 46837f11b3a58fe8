"""Judging what somebody sends of a session, the same for a new one, a change and an amendment."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from competences.models import Competence, Topic
from core.canonical import content_hash
from core.periods import local_day
from core.prepared import Prepared
from mentoring.actions.outcomes import SessionRefused
from mentoring.content import Frame, clean_content
from mentoring.models import TEXTS, Pairing, PairingMember, SessionVersion
from people.models import Person, Place

Side = PairingMember.Side


@dataclass(frozen=True, slots=True)
class Envelope:
    """Who sends what under which ids, and when."""

    author: Person
    pairing: Pairing
    session_id: UUID
    version_id: UUID
    parent_id: UUID | None
    joins_id: UUID | None
    device_at: datetime | None
    done: Collection[UUID]
    at: datetime


@dataclass(frozen=True, slots=True)
class Judged:
    """A content that was found good, and what the records need besides."""

    content: dict[str, Any]
    sha256: str
    place_id: UUID
    sides: dict[UUID, str]
    known_names: list[str]
    note: str = ""  # why it is amended

    @property
    def texts(self) -> dict[str, str]:
        """What was written freely."""
        note = {"note": self.note} if self.note else {}
        return {key: self.content[key] for key in TEXTS} | note

    def facts(self) -> dict[str, Any]:
        """What the session repeats of its current version."""
        return {
            "place_id": self.place_id,
            "held_on": date.fromisoformat(self.content["held_on"]),
            "minutes": self.content["minutes"],
            "mode": self.content["mode"],
            "topics": self.content["topics"],
        }


def judge(sent: Envelope, raw: Mapping[str, Any]) -> Judged:
    """What ``sent`` says, in its one spelling.

    Raises:
        SessionRefused: With code "invalid", or "not_member" if its author was not a mentor of the
            pairing on the day of the session.
    """
    today, place = local_day(sent.at), sent.pairing.place
    day = _day_of(raw, today)
    members = sent.pairing.there_on(day)
    sides = {member.person_id: member.side for member in members}
    if sides.get(sent.author.pk) != Side.MENTOR:
        raise SessionRefused(
            _("You were not a mentor of this pairing on that day."), code="not_member"
        )
    places = {place.key: place.pk}
    if raw.get("place") != place.key:
        towns = Place.objects.filter(municipality=place.municipality_id)
        places = dict(towns.values_list("key", "pk"))
    frame = Frame(
        caseworkers={person for person, side in sides.items() if side == Side.CASEWORKER},
        mentors={person for person, side in sides.items() if side == Side.MENTOR},
        places=places,
        # A device may have been away since a topic was retired: what is known is accepted.
        topics={key for (key,) in _topics.tuples()},
        today=today,
        competences=_competences() if raw.get("competences") else (),
    )
    try:
        content = clean_content(raw, frame)
    except ValidationError as error:
        raise SessionRefused(error.error_dict, code="invalid") from error
    return Judged(
        content=content,
        sha256=content_hash(content),
        place_id=places[content["place"]],
        sides={UUID(one): sides[UUID(one)] for one in content["participants"]},
        known_names=[place.name, *(member.person.name for member in members)],
    )


def as_stored(version: SessionVersion, pairing: Pairing) -> Judged:
    """What a version says that is stored: it was judged when it came, by the rules of its day."""
    content = version.content
    held_on = date.fromisoformat(content["held_on"])
    # A period may have been corrected since: whoever is in it was a member then.
    sides = {
        member.person_id: member.side
        for member in [*pairing.members.all(), *pairing.there_on(held_on)]
    }
    return Judged(
        content=content,
        sha256=version.sha256,
        place_id=Place.objects.values_list("pk", flat=True).get(key=content["place"]),
        sides={UUID(one): sides[UUID(one)] for one in content["participants"]},
        known_names=[],
    )


# Asked by every session that is logged, so the SQL is written once (core.prepared).
@Prepared
def _topics() -> QuerySet[Any]:
    return Topic.objects.values_list("key")


def _competences() -> set[UUID]:
    """All there are: a device may have been away since one was taken out, as for topics."""
    return set(Competence.objects.values_list("pk", flat=True))


def _day_of(raw: Mapping[str, Any], today: date) -> date:
    """The day that membership is judged by: of the session, or today while that is unclear."""
    try:
        return min(date.fromisoformat(raw["held_on"]), today)
    except (KeyError, TypeError, ValueError):
        return today


def with_author(participants: Any, author: Person) -> Any:
    """The participants with the author among them; what is no list stays for the judge."""
    if isinstance(participants, list | tuple):
        return [*participants, str(author.pk)]
    return participants
