"""Pointing out what could show who a citizen is, in the texts beside sessions."""

from collections.abc import Mapping
from datetime import datetime
from functools import reduce
from operator import or_

from django.db.models import F, Q, QuerySet

from core.identity import Concern, Kind, warnings_in
from core.periods import local_day
from mentoring.actions import LookAgain
from mentoring.models import WarningTally
from people.models import Organisation, Person, Place


def point_out(texts: Mapping[str, str], *, at: datetime, looked_again: bool) -> None:
    """Stop at what its author has not looked at again; count it, never what it says.

    Raises:
        LookAgain: With the passages of each text, by its key.
    """
    warnings = {key: found for key, text in texts.items() if (found := warnings_in(text))}
    if any(one.kind == Kind.NAME for found in warnings.values() for one in found):
        names = [
            *Place.objects.values_list("name", flat=True),
            *Organisation.objects.values_list("name", flat=True),
            *_staff_named(texts, warnings),
        ]
        warnings = {
            key: found
            for key, text in texts.items()
            if (found := warnings_in(text, known_names=names))
        }
    column = "sent" if looked_again else "shown"
    for kind in {one.kind for found in warnings.values() for one in found}:
        tally, _created = WarningTally.objects.get_or_create(day=local_day(at), kind=kind)
        WarningTally.objects.filter(pk=tally.pk).update(**{column: F(column) + 1})
    if warnings and not looked_again:
        raise LookAgain(warnings)


def _staff_named(
    texts: Mapping[str, str], warnings: Mapping[str, list[Concern]]
) -> QuerySet[Person, str]:
    """Those of the passages that are the name of somebody of the staff."""
    passages = {
        texts[key][one.start : one.end]
        for key, found in warnings.items()
        for one in found
        if one.kind == Kind.NAME
    }
    is_staff = reduce(or_, (Q(name__iexact=passage) for passage in passages))
    return Person.objects.filter(is_staff).values_list("name", flat=True)
