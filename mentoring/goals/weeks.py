"""The plan for the weeks of a stay: from in front, to beside, to behind."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Q
from django.utils.functional import Promise

from mentoring.models import Goal, GoalWeek, Mode, Pairing, PairingMember, Session
from mentoring.models.goals import monday
from people.models import Person

Side = PairingMember.Side
WEEK = timedelta(days=7)
#: Weeks on offer: so many at most, and so many where nobody knows when the stay ends.
MOST_AHEAD, USUAL_AHEAD = 26, 12
#: Weeks shown beside several goals.
SHOWN = 4


@dataclass(frozen=True, slots=True)
class Week:
    """One week of a goal: what is planned, and how the last session of that week went."""

    week_on: date
    planned: "str | Promise"
    logged: "str | Promise"

    @property
    def last_day(self) -> date:
        """Its Friday."""
        return self.week_on + timedelta(days=4)

    @property
    def number(self) -> int:
        """The number people in Greenland call a week by."""
        return self.week_on.isocalendar().week


def weeks_ahead(person: Person, *, on: date) -> list[date]:
    """The Mondays one can plan for: this week and those to come in the stays of ``person``.

    None without a stay that goes on; a membership may outlast it. One query.
    """
    stays = PairingMember.objects.of(person, on=on).filter(
        Q(pairing__ends_on__isnull=True) | Q(pairing__ends_on__gt=on), side=Side.CASEWORKER
    )
    ends = list(
        stays.exclude(pairing__state=Pairing.State.CLOSED).values_list(
            "pairing__ends_on", flat=True
        )
    )
    if not ends:
        return []
    first = monday(on)
    known = [end for end in ends if end is not None]
    last = max(known) if len(known) == len(ends) else on + USUAL_AHEAD * WEEK
    count = min(-(-(last - first).days // 7), MOST_AHEAD)  # a week that is begun counts whole
    return [first + number * WEEK for number in range(count)]


def planned(goals: Iterable[Goal]) -> dict[UUID, dict[date, str]]:
    """The plan of each goal, in one query."""
    found: dict[UUID, dict[date, str]] = {goal.pk: {} for goal in goals}
    weeks = GoalWeek.objects.filter(goal__in=list(found))
    for goal, week_on, mode in weeks.values_list("goal", "week_on", "mode"):
        found[goal][week_on] = mode
    return found


def logged(person: Person, *, since: date) -> dict[date, str]:
    """How the last session of each week went, by its Monday; one query."""
    sessions = Session.objects.with_person(person, Side.CASEWORKER).filter(held_on__gte=since)
    rows = (
        sessions.happened().order_by("held_on", "received_at", "pk").values_list("held_on", "mode")
    )
    return {monday(held_on): mode for held_on, mode in rows}


def table(
    plan: Mapping[date, str], went: Mapping[date, str], mondays: Iterable[date]
) -> list[Week]:
    """The weeks in words."""
    return [
        Week(week, _label(plan.get(week)), _label(went.get(week))) for week in sorted(set(mondays))
    ]


def _label(mode: str | None) -> "str | Promise":
    return Mode(mode).label if mode else ""


def suggested(mondays: Sequence[date]) -> dict[date, str]:
    """A plan to begin with: a third of the weeks each in front, beside and behind."""
    third = -(-len(mondays) // len(Mode))
    return {week: list(Mode)[place // third] for place, week in enumerate(mondays)}
