"""How the skills of one person move: what they say, what the mentor saw, and who led the work.

Read by the person and their mentor of today alone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from competences.models import CompetenceText, Framework, Level, Rating
from competences.overview import frameworks_for, texts_in_force
from core.periods import local_day
from mentoring.goals.movement import Movement
from mentoring.models import Observed, PairingMember, Session, SessionCompetence, SessionQuerySet
from people.models import Person

Side = PairingMember.Side
#: Sessions in the picture and the table beside it.
SESSIONS_SHOWN = 24


@dataclass(frozen=True, slots=True)
class Step:
    """What was said or seen on a day, in words."""

    label: str
    on: date


@dataclass(frozen=True, slots=True)
class Skill:
    """One competence over time: the first and the latest of each; the same where there is one."""

    text: CompetenceText
    said_first: Step | None
    said_latest: Step | None
    seen_first: Step | None
    seen_latest: Step | None

    @property
    def is_empty(self) -> bool:
        """Whether nobody has said or seen anything."""
        return self.said_latest is None and self.seen_latest is None


@dataclass(frozen=True, slots=True)
class Skills:
    """A person's competences of one framework over time, and the movement of their sessions."""

    framework: Framework | None
    frameworks: Sequence[Framework]
    rows: Sequence[Skill]
    movement: Movement
    session_count: int

    @property
    def begun(self) -> list[Skill]:
        """The competences about which something is known."""
        return [row for row in self.rows if not row.is_empty]

    @property
    def empty_count(self) -> int:
        """How many of them nobody has said anything about."""
        return len(self.rows) - len(self.begun)


def skills_of(person: Person, *, on: date, key: str = "") -> Skills:
    """What is known of ``person``; a constant number of queries.

    Args:
        key: Which framework; by default that of the person's profession.
    """
    frameworks = frameworks_for(person, on=on)
    framework = next((one for one in frameworks if one.key == key), None)
    framework = framework or next(iter(frameworks), None)
    texts = texts_in_force(framework, on=on) if framework else []
    keys = [text.competence_id for text in texts]
    said, seen = _said(person, keys), _seen(person, keys)
    sessions = sessions_of(person).counted().order_by("-held_on", "-received_at", "pk")
    last = list(sessions.values_list("held_on", "mode")[:SESSIONS_SHOWN])
    return Skills(
        framework,
        frameworks,
        [
            Skill(
                text,
                *said.get(text.competence_id, (None, None)),
                *seen.get(text.competence_id, (None, None)),
            )
            for text in texts
        ],
        Movement.of(reversed(last)),
        sessions.count(),
    )


def sessions_of(person: Person) -> SessionQuerySet:
    """The sessions in which ``person`` was trained; one logged by mistake was none."""
    return Session.objects.with_person(person, Side.CASEWORKER).happened()


def _said(person: Person, competences: Sequence[UUID]) -> dict[UUID, tuple[Step, Step]]:
    ratings = Rating.objects.filter(person=person, competence__in=competences).order_by(
        "rated_at", "is_current"
    )
    return _first_and_latest(
        (rating.competence_id, Step(str(Level(rating.level).label), local_day(rating.rated_at)))
        for rating in ratings
    )


def _seen(person: Person, competences: Sequence[UUID]) -> dict[UUID, tuple[Step, Step]]:
    """What mentors saw in the sessions of ``person``, each as its current version says."""
    rows = (
        SessionCompetence.objects.filter(
            session__in=sessions_of(person).values("pk"), competence__in=competences
        )
        .order_by("session__held_on", "session__received_at", "session")
        .values_list("competence", "observed", "session__held_on")
    )
    return _first_and_latest(
        (competence, Step(str(Observed(observed).label), held_on))
        for competence, observed, held_on in rows
    )


def _first_and_latest(rows: Iterable[tuple[UUID, Step]]) -> dict[UUID, tuple[Step, Step]]:
    found: dict[UUID, tuple[Step, Step]] = {}
    for competence, step in rows:
        first, _latest = found.get(competence, (step, step))
        found[competence] = (first, step)
    return found
