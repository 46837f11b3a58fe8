"""The demo's learning goals, the plan for their weeks, and what was thought of a session."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from competences.models import Competence
from core.periods import local_day
from demo.content import demo_id, read
from mentoring.goals.actions import (
    Terms,
    accept,
    end_goal,
    plan_weeks,
    propose_change,
    propose_goal,
    reflect,
)
from mentoring.goals.weeks import suggested, weeks_ahead
from mentoring.models import Goal, Reflection, Session
from people.models import Person

FRAMEWORK = "caseworker"


def load_goals(people: dict[str, Person], *, at: datetime) -> None:
    """Agree on every goal, each at its time, and keep the reflections, where they are missing."""
    content = read("goals.toml", today=local_day(at))
    for row in content["goals"]:
        person = people[row["person"]]
        competence = Competence.objects.get(framework__key=FRAMEWORK, key=row["competence"])
        if not Goal.objects.filter(person=person, competence=competence).exists():
            _load_goal(row, person, competence, people, at=at)
    for row in content["reflections"]:
        _load_reflection(row, people[row["person"]], at=at)


def _load_goal(
    row: dict[str, Any],
    person: Person,
    competence: Competence,
    people: dict[str, Person],
    *,
    at: datetime,
) -> None:
    # A demo that is loaded early has no framework in force on the day the story tells of.
    known_on = competence.texts.order_by("version__number").values_list(
        "version__in_force_from", flat=True
    )[0]
    proposed_at = min(_noon(max(row["on"], known_on)), at)
    terms = Terms(row["start"], row["target"], row["due_on"], row["why"])
    by = people[row["by"]]
    other = person if by != person else people[row["mentor"]]
    goal = propose_goal(by, person, competence, terms, at=proposed_at, looked_again=True)
    if row.get("answered") != "yes" or goal.waiting is None:
        return
    goal = accept(other, goal.waiting, at=min(proposed_at + timedelta(hours=20), at))
    if row.get("planned"):
        weeks = suggested(weeks_ahead(person, on=local_day(at)))
        goal = plan_weeks(by, goal, weeks, seen=0, at=at)
    if "ended" in row:
        end_goal(other, goal, row["ended"], at=min(_noon(row["ended_on"]), at))
    if "change" in row:
        change = row["change"]
        propose_change(
            people[change["by"]],
            goal,
            Terms(row["start"], change["target"], change["due_on"], change["why"]),
            seen=1,
            at=min(_noon(change["on"]), at),
            looked_again=True,
        )


def _load_reflection(row: dict[str, Any], person: Person, *, at: datetime) -> None:
    session = Session.objects.filter(pk=demo_id("session", row["session"])).first()
    if session is None or Reflection.objects.filter(session=session, person=person).exists():
        return
    written_at = min(_noon(session.held_on + timedelta(days=1)), at)
    reflect(person, session, row["text"], seen=0, at=written_at, looked_again=True)


def _noon(day: date) -> datetime:
    """Noon in Nuuk, between two sessions."""
    return datetime.combine(day, time(12), ZoneInfo("America/Nuuk"))
