"""What a handover shows: built from the log, or read back as it was when it was settled.

Facts, ids and titles in both languages are plain JSON; names are read when it is shown, so that
they follow the person. Texts lie beside it one by one, each with whoever wrote it. The hash is of
all of it.

Of sessions it holds the texts of the last three alone, and of an older one nothing but an
agreement that is still open.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Prefetch

from competences.models import Level, Rating, Topic
from core.canonical import content_hash
from mentoring.models import (
    TEXTS,
    Agreement,
    Goal,
    GoalTerms,
    Handover,
    HandoverText,
    Mode,
    Pairing,
    PairingMember,
    ReadinessItem,
    Session,
    SessionCompetence,
    SessionParticipant,
)
from mentoring.models.session import Observed
from people.contacts import contacts_of

SCHEMA = 1
#: How many sessions the receiver reads.
SESSIONS = 3
#: The most that is named as what comes next for somebody.
MOST_NEXT = 6
Side = PairingMember.Side
Kind = HandoverText.Kind
Json = dict[str, Any]


@dataclass(frozen=True)
class Words:
    """One text of a dossier; ``text`` is None once it was erased."""

    kind: str
    author: UUID
    text: str | None
    about: UUID | None = None
    session: UUID | None = None
    part: str = ""
    pk: UUID | None = None
    reply_to: UUID | None = None

    @classmethod
    def of(cls, kept: HandoverText) -> "Words":
        """A text that lies in the database."""
        return cls(
            kept.kind,
            kept.author_id,
            kept.text,
            about=kept.about_id,
            session=kept.session_id,
            part=kept.part,
            pk=kept.pk,
            reply_to=kept.reply_to_id,
        )

    def as_json(self) -> Json:
        """What the hash is taken of."""
        found = {
            "kind": self.kind,
            "author": str(self.author),
            "text": self.text,
            "about": _id(self.about),
            "session": _id(self.session),
            "part": self.part,
            "pk": _id(self.pk) if self.kind in _WRITTEN else None,
            "reply_to": _id(self.reply_to),
        }
        return {key: value for key, value in found.items() if value not in (None, "")}


#: What somebody wrote for the handover itself.
_WRITTEN = {Kind.QUESTION, Kind.ANSWER}


@dataclass(frozen=True)
class Dossier:
    """Everything a handover shows: facts, the part of each caseworker, texts."""

    content: Json
    parts: Mapping[UUID, Json | None]
    texts: tuple[Words, ...]
    kept_hash: str = field(default="", compare=False)

    @property
    def sha256(self) -> str:
        """The hash of all of it; of one that is settled, what it was then."""
        if self.kept_hash:
            return self.kept_hash
        texts: Any = sorted(
            (words.as_json() for words in self.texts), key=lambda one: sorted(one.items())
        )
        parts: Any = {str(person): part for person, part in self.parts.items()}
        return content_hash({"content": self.content, "parts": parts, "texts": texts})

    def texts_of(self, kind: str, **conditions: Any) -> list[Words]:
        """The texts of that kind which match."""
        return [
            words
            for words in self.texts
            if words.kind == kind
            and all(getattr(words, name) == value for name, value in conditions.items())
        ]

    def note_about(self, person: UUID | None) -> str:
        """The leaving mentor's words about somebody, or about the team."""
        found = self.texts_of(Kind.NOTE, about=person)
        return (found[0].text or "") if found else ""


def dossier_of(handover: Handover) -> Dossier:
    """What ``handover`` shows: as it was kept, or from the log as it is now."""
    return _kept(handover) if handover.is_settled else build(handover)


def _kept(handover: Handover) -> Dossier:
    texts = tuple(map(Words.of, handover.texts.order_by("written_at", "pk")))
    parts = {part.person_id: part.content for part in handover.parts.all()}
    return Dossier(handover.content or {}, parts, texts, kept_hash=handover.sha256)


def build(handover: Handover) -> Dossier:
    """From the log as it is now; the same number of queries for one session and for many."""
    member = handover.member
    pairing = member.pairing
    members = list(pairing.members.select_related("person").order_by("person__name", "pk"))
    caseworkers = [one for one in members if one.side == Side.CASEWORKER]
    held = _held(pairing)
    topics = {topic.key: topic for topic in Topic.objects.order_by("position", "key")}
    parts = _parts([one.person_id for one in caseworkers], held, topics, pairing)
    sessions, texts = _last_sessions(pairing)
    agreements, agreed = _agreements(pairing)
    written = tuple(map(Words.of, handover.texts.order_by("written_at", "pk")))
    counted = {row.session: row for row in held}
    days = [row.held_on for row in counted.values()]
    content: Json = {
        "schema": SCHEMA,
        "place": pairing.place.key,
        "form": pairing.kind,
        "language_note": pairing.language_note,
        "starts_on": pairing.starts_on.isoformat(),
        "mentor": str(member.person_id),
        "mentors": sorted({str(one.person_id) for one in members if one.side == Side.MENTOR}),
        "caseworkers": [str(one.person_id) for one in caseworkers],
        "count": len(counted),
        "minutes": sum(row.minutes for row in counted.values()),
        "first_on": min(days).isoformat() if days else None,
        "last_on": max(days).isoformat() if days else None,
        "team": _team(held, topics),
        "sessions": sessions,
        "agreements": agreements,
        "contacts": [
            {
                "name": contact.name,
                "phone": contact.phone,
                "email": contact.email,
                "hours": contact.hours,
                "checked_on": contact.checked_on.isoformat(),
            }
            for contact in contacts_of(pairing.place)
        ],
        "readiness": _not_ready(pairing),
    }
    return Dossier(content, parts, (*written, *texts, *agreed))


# --- What they did --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Row:
    """That a caseworker took part in a session."""

    person: UUID
    session: UUID
    held_on: date
    minutes: int
    mode: str
    topics: list[str]


def _held(pairing: Pairing) -> list[_Row]:
    """Who took part in what, the oldest first, each hour once.

    What was logged by mistake never happened.
    """
    found = SessionParticipant.objects.filter(
        session__in=Session.objects.counted().filter(pairing=pairing), side=Side.CASEWORKER
    ).order_by("session__held_on", "session__received_at", "pk")
    columns = ("person_id", "session_id", "session__held_on", "session__minutes")
    return [_Row(*row) for row in found.values_list(*columns, "session__mode", "session__topics")]


def _latest_modes(rows: Iterable[_Row]) -> dict[str, str]:
    """How each step of the work was done the last time."""
    return {key: row.mode for row in rows for key in row.topics}


def _titles(keys: Iterable[str], topics: Mapping[str, Topic]) -> list[Json]:
    wanted = set(keys)
    return [
        {"key": key, "da": topic.title_da, "kl": topic.title_kl}
        for key, topic in topics.items()
        if key in wanted
    ]


def _team(held: list[_Row], topics: Mapping[str, Topic]) -> Json:
    """The steps that everybody who practised one does behind, the others, and those never met."""
    modes: dict[str, set[str]] = defaultdict(set)
    of_person: dict[UUID, list[_Row]] = defaultdict(list)
    for row in held:
        of_person[row.person].append(row)
    for rows in of_person.values():
        for key, mode in _latest_modes(rows).items():
            modes[key].add(mode)
    alone = {key for key, found in modes.items() if found == {Mode.BEHIND}}
    unmet = [key for key, topic in topics.items() if key not in modes and not topic.retired_on]
    return {
        "alone": _titles(alone, topics),
        "next": _titles(set(modes) - alone, topics),
        "unmet": _titles(unmet, topics),
    }


def _parts(
    people: list[UUID], held: list[_Row], topics: Mapping[str, Topic], pairing: Pairing
) -> dict[UUID, Json | None]:
    """For each caseworker: what one does alone, what comes next, and how they worked."""
    alone, ahead = _competences(people, pairing)
    goals = _goals(people)
    rows: dict[UUID, list[_Row]] = defaultdict(list)
    for row in held:
        rows[row.person].append(row)
    parts: dict[UUID, Json | None] = {}
    for person in people:
        own = rows[person]
        modes = _latest_modes(own)
        behind = {key for key, mode in modes.items() if mode == Mode.BEHIND}
        parts[person] = {
            "alone": list(alone[person].values()),
            "goals": goals[person],
            "next": [title for key, title in ahead[person].items() if key not in alone[person]][
                :MOST_NEXT
            ],
            "steps_alone": _titles(behind, topics),
            "steps_next": _titles(set(modes) - behind, topics),
            "count": len(own),
            "minutes": sum(row.minutes for row in own),
            "modes": {mode: sum(row.mode == mode for row in own) for mode in Mode.values},
            "last_on": own[-1].held_on.isoformat() if own else None,
            "last_mode": own[-1].mode if own else None,
        }
    return parts


Titles = dict[UUID, dict[UUID, Json]]


def _competences(people: list[UUID], pairing: Pairing) -> tuple[Titles, Titles]:
    """What each does alone and what comes next, by own rating and by what the mentor saw.

    Alone is what one rates so oneself, or was seen to do whole while leading the work.
    """
    alone: Titles = defaultdict(dict)
    ahead: Titles = defaultdict(dict)
    ratings = Rating.objects.current().filter(person__in=people).select_related("competence")
    order = {Level.WITH_HELP: 0, Level.NOT_YET: 1}
    for rating in sorted(
        ratings, key=lambda one: (order.get(Level(one.level), 2), str(one.competence))
    ):
        found = ahead if Level(rating.level) in order else alone
        found[rating.person_id][rating.competence_id] = _title(rating.competence)
    seen = (
        SessionCompetence.objects.filter(
            session__pairing=pairing, session__mode=Mode.BEHIND, observed=Observed.FULLY
        )
        .exclude(session__erased_at__isnull=False)
        .select_related("competence")
        .prefetch_related(
            Prefetch(
                "session__participants",
                SessionParticipant.objects.filter(side=Side.CASEWORKER),
            )
        )
        .order_by("competence__title_da", "pk")
    )
    for one in seen:
        for participant in one.session.participants.all():
            alone[participant.person_id][one.competence_id] = _title(one.competence)
    return alone, ahead


def _goals(people: list[UUID]) -> dict[UUID, list[Json]]:
    """What each has agreed to learn and has not reached, the soonest first.

    A proposal that nobody has answered is between its two; it stays with them.
    """
    found: dict[UUID, list[Json]] = defaultdict(list)
    terms = (
        GoalTerms.objects.filter(
            state=GoalTerms.State.HOLDS, goal__state=Goal.State.AGREED, goal__person__in=people
        )
        .select_related("goal__competence")
        .order_by("due_on", "goal_id")
    )
    for one in terms:
        goal = {"target": one.target, "due_on": one.due_on.isoformat()}
        found[one.goal.person_id].append(_title(one.goal.competence) | goal)
    return found


def _title(competence: Any) -> Json:
    return {
        "id": str(competence.pk),
        "da": competence.title_da or competence.key,
        "kl": competence.title_kl,
    }


# --- What was agreed, what was written ------------------------------------------------------------


def _last_sessions(pairing: Pairing) -> tuple[list[Json], list[Words]]:
    """The last three sessions, the newest first, and their texts."""
    sessions = list(
        Session.objects.happened()
        .filter(pairing=pairing)
        .select_related("current")
        .prefetch_related("participants")
        .newest_first()[:SESSIONS]
    )
    titles = {
        topic.key: topic
        for topic in Topic.objects.filter(
            key__in={key for session in sessions for key in session.topics}
        ).order_by("position", "key")
    }
    told = [
        {
            "session": str(session.pk),
            "version": str(session.current_id),
            "held_on": session.held_on.isoformat(),
            "minutes": session.minutes,
            "mode": session.mode,
            "steps": _titles(session.topics, titles),
            "people": sorted(str(one.person_id) for one in session.participants.all()),
        }
        for session in sessions
    ]
    texts = [
        Words(Kind.SESSION, session.author_id, text, session=session.pk, part=part)
        for session in sessions
        for part in TEXTS
        if (text := session.current.content.get(part)) or session.erased_at is not None
    ]
    return told, texts


def _agreements(pairing: Pairing) -> tuple[list[Json], list[Words]]:
    """The open agreements, the soonest first, and what was agreed."""
    found = list(
        Agreement.objects.open()
        .filter(pairing=pairing)
        .select_related("version", "session")
        .soonest_first()
    )
    told = [
        {
            "session": str(one.session_id),
            "made_on": one.session.held_on.isoformat(),
            "owner": str(one.owner_id),
            "due_on": one.due_on.isoformat() if one.due_on else None,
        }
        for one in found
    ]
    texts = [
        Words(Kind.AGREEMENT, one.version.author_id, one.text, session=one.session_id)
        for one in found
    ]
    return told, texts


def _not_ready(pairing: Pairing) -> list[Json]:
    """What was to be ready before arrival, and is not."""
    items = ReadinessItem.objects.filter(
        need__pairing=pairing, need__withdrawn_at__isnull=True, done_at__isnull=True
    ).order_by("due_on", "kind", "pk")
    return [
        {
            "what": item.kind,
            "title": item.title,
            "owner": _id(item.owner_id),
            "due_on": item.due_on.isoformat(),
        }
        for item in items
    ]


def _id(value: UUID | None) -> str | None:
    return None if value is None else str(value)
