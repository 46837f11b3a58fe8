"""How skills move: those of one person, and of many in numbers."""

from typing import Any

from django.utils import timezone
from django.views.generic import TemplateView

from competences.overview import COUNTING_ROLES
from core.access_log import record
from core.small_groups import FEWEST_TO_SHOW
from mentoring.goals.numbers import group_skills
from mentoring.goals.skills import skills_of
from mentoring.goals.views.about import OfPersonMixin
from mentoring.permissions import readable_goals
from people.access import RoleRequiredMixin


class SkillsView(OfPersonMixin, TemplateView):
    """How the skills of one person move: for them and their mentor of today."""

    template_name = "mentoring/goals/skills.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The competences and the movement; a mentor's look is noted."""
        if not self.is_own:
            record(self.account, "view_skills", self.subject, at=timezone.now())
        key = self.request.GET.get("fag", "")
        return super().get_context_data(**kwargs, **self.around("skills")) | {
            "skills": skills_of(self.subject, on=self.standing.day, key=key),
            "aimed_at": set(
                readable_goals(self.standing)
                .live()
                .filter(person=self.subject)
                .values_list("competence_id", flat=True)
            ),
            "propose_url": self.address("propose-goal"),
            "may_count": self.standing.has(*COUNTING_ROLES),
        }


class SkillNumbersView(RoleRequiredMixin, TemplateView):
    """How skills move among those in the own scope: in numbers, never by name."""

    required_roles = COUNTING_ROLES
    template_name = "mentoring/goals/numbers.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """One group, for the whole scope."""
        return super().get_context_data(
            group=group_skills(self.standing, key=self.request.GET.get("fag", "")),
            at_least=FEWEST_TO_SHOW,
            **kwargs,
        )
