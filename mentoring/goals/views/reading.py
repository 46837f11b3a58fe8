"""The goals of one person, and one of them."""

from typing import Any

from django.db.models import Count, Q
from django.utils import timezone
from django.views.generic import TemplateView

from competences.models import CompetenceText, Level
from competences.overview import COUNTING_ROLES
from core.access_log import record
from mentoring.goals.listing import reading
from mentoring.goals.views.about import OfGoalMixin, OfPersonMixin
from mentoring.goals.weeks import SHOWN, Week, logged, planned, table, weeks_ahead
from mentoring.models import Goal, GoalTerms
from mentoring.permissions import mentored_people, readable_goals
from people.models import Person

ENDED_SHOWN = 20
COLLEAGUES_SHOWN = 50


class GoalsView(OfPersonMixin, TemplateView):
    """The goals of one person: what waits for an answer, what is agreed, what has ended."""

    template_name = "mentoring/goals/goals.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The goals and the next weeks; for mentors also whose goals they may read."""
        day = self.standing.day
        found = readable_goals(self.standing).filter(person=self.subject).with_terms()
        live = sorted(
            found.live(), key=lambda goal: (goal.said.due_on if goal.said else day, goal.pk)
        )
        ended = list(found.exclude(state__in=Goal.LIVE).order_by("-ended_at", "pk")[:ENDED_SHOWN])
        if not self.is_own:
            record(self.account, "view_goals", self.subject, at=timezone.now())
        plans = planned(live)
        mondays = weeks_ahead(self.subject, on=day)[:SHOWN] if live else []
        in_plan = [goal for goal in live if any(week in plans[goal.pk] for week in mondays)]
        return super().get_context_data(**kwargs, **self.around("goals")) | {
            "waiting": [goal for goal in live if goal.waits_for(self.person)],
            "live": [(goal, goal.is_late(on=day), goal.waits_for(self.person)) for goal in live],
            "ended": ended,
            "weeks": table({}, {}, mondays),
            "plans": [(goal, table(plans[goal.pk], {}, mondays)) for goal in in_plan],
            "propose_url": self.address("propose-goal"),
            "colleagues": self.colleagues() if self.is_own else [],
            "may_count": self.standing.has(*COUNTING_ROLES),
        }

    def colleagues(self) -> list[Person]:
        """Those the reader is a mentor of, with how many live goals and answers wait."""
        waits = Q(goals__terms__state=GoalTerms.State.WAITS, goals__terms__is_by_person=True)
        return list(
            mentored_people(self.standing)
            .annotate(
                live=Count("goals", filter=Q(goals__state__in=Goal.LIVE), distinct=True),
                waiting=Count("goals", filter=Q(goals__state__in=Goal.LIVE) & waits, distinct=True),
            )
            .order_by("name", "pk")[:COLLEAGUES_SHOWN]
        )


class GoalView(OfGoalMixin, TemplateView):
    """One goal: what is agreed or proposed, what to read and play, and the weeks."""

    template_name = "mentoring/goals/goal.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Everything about it; a mentor's look is noted."""
        goal, day = self.goal, self.standing.day
        if not self.is_own:
            record(self.account, "view", goal, at=timezone.now())
        ahead = weeks_ahead(self.subject, on=day)
        plan = planned([goal])[goal.pk]
        first = min([*plan, *ahead[:1]], default=None)
        weeks: list[Week] = []
        if first is not None:
            went = logged(self.subject, since=first)
            known = {week for week in {*plan, *went} if week >= first}
            weeks = table(plan, went, {*known, *ahead[:SHOWN]} if plan else ())
        text = CompetenceText.objects.in_force(on=day).filter(competence=goal.competence_id).first()
        return super().get_context_data(**kwargs, **self.around("goals")) | {
            "goal": goal,
            "text": text,
            "title": text.title if text else goal.competence.title,
            "steps": self.steps(text),
            "is_late": goal.is_late(on=day),
            "waits_for_me": goal.waits_for(self.person),
            "waits_for_them": goal.waiting is not None and not goal.waits_for(self.person),
            "history": list(
                goal.terms.exclude(state__in=GoalTerms.OPEN)
                .select_related("proposed_by", "answered_by")
                .order_by("-number")
            ),
            "weeks": weeks,
            "may_plan": goal.is_live and bool(ahead),
            "may_change": goal.is_live and self.may_agree,
            "materials": reading(goal, self.person),
            "back": self.address("goals"),
        }

    @property
    def may_agree(self) -> bool:
        """Whether there is somebody on either side today."""
        return bool(self.mentors)

    def steps(self, text: CompetenceText | None) -> dict[str, Any]:
        """What start and target mean for this competence, by their step."""
        return {level.value: getattr(text, level.value) for level in Level} if text else {}
