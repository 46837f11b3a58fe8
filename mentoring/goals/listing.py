"""What stands beside a goal and a session: what to read, what was practised."""

from datetime import date
from typing import Any

from competences.materials import Material, materials
from competences.models import CompetenceText
from core.periods import not_retired
from mentoring.models import Goal, Session, SessionCompetence
from people.models import Person

#: Lessons and cases shown beside a goal; competences asked about after a session.
MATERIALS_SHOWN, ASKED_ABOUT = 12, 6


def reading(goal: Goal, reader: Person) -> list[Material]:
    """What to read and play for a goal; what was done is told to the person alone."""
    own = goal.person if reader.pk == goal.person_id else None
    found = materials([goal.competence_id], own)
    return found[goal.competence_id][:MATERIALS_SHOWN]


def practised_in(session: Session, *, on: date) -> list[CompetenceText]:
    """The competences that ``session`` practised: those it names, else those of its steps."""
    texts: Any = (
        CompetenceText.objects.in_force(on=on)
        .filter(not_retired(on, "version__framework__"))
        .select_related("competence", "version__framework")
    )
    named = SessionCompetence.objects.filter(session=session).values("competence")
    found = list(texts.filter(competence__in=named)[:ASKED_ABOUT])
    return found or list(texts.filter(topics__key__in=session.topics).distinct()[:ASKED_ABOUT])
