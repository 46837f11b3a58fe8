"""For whom these pages are, and whom they are about."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.utils import timezone

from core import access_log
from courses.models import Assignment
from courses.permissions import overseen_people
from people.access import PersonRequiredMixin
from people.models import Person, Role

#: So many people are given a path at once; more than any list shows.
MOST_AT_ONCE = 200


class CoordinatorMixin(PersonRequiredMixin):
    """For coordinators."""

    def may_open(self) -> bool:
        """Whether the person coordinates anywhere."""
        return self.standing.has(Role.Key.COORDINATOR)

    def log(self, action: str, records: Iterable[Any]) -> None:
        """Note in the access log whose learning was shown."""
        access_log.record(self.account, action, list(records), at=timezone.now())

    def chosen_people(self) -> list[Person]:
        """The people of the scope whose boxes were ticked, or whom ticked rows are about."""
        keys = keys_in(self.request.POST.getlist("person"))
        rows = keys_in(self.request.POST.getlist("valgt"))
        wanted = Q(pk__in=keys) | Q(pk__in=Assignment.objects.filter(pk__in=rows).values("person"))
        return list(overseen_people(self.standing).filter(wanted).order_by("name", "pk"))


def keys_in(texts: Iterable[str]) -> list[uuid.UUID]:
    keys = []
    for text in list(texts)[:MOST_AT_ONCE]:
        try:
            keys.append(uuid.UUID(text))
        except ValueError:
            continue
    return keys
