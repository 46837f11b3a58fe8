"""What learning goals have to say on the start page, of the person and of the mentor."""

from django.http import HttpRequest
from django.utils.translation import gettext as _

from core.start_page import Section
from mentoring.goals.actions import mentors_of
from mentoring.models import GoalTerms
from mentoring.permissions import mentored_people, readable_goals
from people.models import Role
from people.permissions import Standing

SHOWN = 5


def my_goals(_request: HttpRequest, standing: Standing) -> Section | None:
    """A caseworker's live goals, what waits for an answer first; two queries."""
    if not standing.has(Role.Key.CASEWORKER, Role.Key.TRAVELLING) or standing.person is None:
        return None
    person = standing.person
    goals = list(readable_goals(standing).filter(person=person).live().with_terms())
    if not goals and not mentors_of(person, on=standing.day):
        return None
    goals.sort(
        key=lambda goal: (
            not goal.waits_for(person),
            goal.said.due_on if goal.said else standing.day,
            goal.pk,
        )
    )
    return Section(
        _("My goals"),
        "mentoring/start/my_goals.html",
        {
            "goals": [
                (goal, goal.is_late(on=standing.day), goal.waits_for(person))
                for goal in goals[:SHOWN]
            ],
            "more": max(0, len(goals) - SHOWN),
        },
        order=4 if any(goal.waits_for(person) for goal in goals) else 33,
    )


def answers_awaited(_request: HttpRequest, standing: Standing) -> Section | None:
    """What a mentor's colleagues propose and nobody has answered; one query without any."""
    if not standing.has(Role.Key.MENTOR, Role.Key.TRAVELLING):
        return None
    waits = GoalTerms.objects.filter(state=GoalTerms.State.WAITS, is_by_person=True)
    goals = (
        readable_goals(standing)
        .live()
        .filter(person__in=mentored_people(standing).values("pk"), pk__in=waits.values("goal"))
        .with_terms()
        .order_by("made_at", "pk")
    )
    found = list(goals[: SHOWN + 1])
    if not found:
        return None
    return Section(
        _("Goals to answer"),
        "mentoring/start/goals_to_answer.html",
        {"goals": found[:SHOWN], "has_more": len(found) > SHOWN},
        order=4,
    )
