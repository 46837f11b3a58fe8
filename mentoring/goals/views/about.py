"""Whom and which goal a page is about, and who may open it."""

from typing import Any

from django.http import QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from mentoring.goals.actions import mentors_of
from mentoring.models import Goal
from mentoring.permissions import mentored_people, readable_goals
from mentoring.progress import names
from people.access import PersonRequiredMixin
from people.models import Person


class OfPersonMixin(PersonRequiredMixin):
    """A page about oneself, or about somebody whose mentor one is today."""

    @cached_property
    def subject(self) -> Person:
        """Whom the page is about; 404 for anybody whose mentor the reader is not."""
        if "person" not in self.kwargs:
            return self.person
        return get_object_or_404(mentored_people(self.standing), pk=self.kwargs["person"])

    @property
    def is_own(self) -> bool:
        """Whether the reader looks at their own."""
        return self.subject.pk == self.person.pk

    @cached_property
    def mentors(self) -> list[Person]:
        """Who can agree on something with the subject today."""
        return mentors_of(self.subject, on=self.standing.day)

    @property
    def readers(self) -> str:
        """Who can read what stands here, in words."""
        others = [person for person in [self.subject, *self.mentors] if person != self.person]
        return names([_("you"), *others])

    def address(self, name: str) -> str:
        """The address of a page about the same person."""
        if self.is_own:
            return reverse(f"mentoring:{name}")
        return reverse(f"mentoring:{name}-of", args=[self.subject.pk])

    def around(self, here: str) -> dict[str, Any]:
        """What every such page takes."""
        links = [
            {"title": title, "url": self.address(name), "is_current": name == here}
            for name, title in (("goals", _("Goals")), ("skills", _("Skills over time")))
        ]
        return {
            "subject": self.subject,
            "is_own": self.is_own,
            "readers": self.readers,
            "links": links,
            "may_propose": bool(self.mentors),
        }


class OfGoalMixin(OfPersonMixin):
    """A page about one goal, that of the reader or of somebody whose mentor they are today."""

    @cached_property
    def goal(self) -> Goal:
        """The goal of the address."""
        return get_object_or_404(readable_goals(self.standing).with_terms(), pk=self.kwargs["goal"])

    @cached_property
    def subject(self) -> Person:
        """Whose goal it is."""
        return self.goal.person


def seen_now(sent: QueryDict, number: int) -> dict[str, Any]:
    """What was ``sent``, from the state that the page now shows beside it."""
    return {**sent.dict(), "seen": str(number)}
