"""Pointing out what could show who a citizen is, in whatever is written about the training.

The rule what to point out is ``core.identity``; here it is held against the names of towns,
organisations and staff, and counted.
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from functools import reduce
from operator import or_

from django.db.models import F, Q

from core.identity import Concern, Kind, warnings_in
from core.periods import local_day
from mentoring.actions.outcomes import LookAgain
from mentoring.models import WarningTally
from people.models import Organisation, Person, Place


def point_out(
    texts: Mapping[str, str],
    known_names: Collection[str] = (),
    *,
    at: datetime,
    looked_again: bool,
) -> None:
    """Stop at what the author has not looked at again; count it, never what it says.

    Args:
        texts: As they are to be kept, by their names.
        known_names: Names that are no concern, of whoever takes part.

    Raises:
        LookAgain: ``texts`` hold something to look at once more, by their names.
    """
    warnings = _warnings(texts, known_names)
    if any(concern.kind == Kind.NAME for found in warnings.values() for concern in found):
        names = [*known_names, *_names_known_elsewhere(texts, warnings)]
        warnings = _warnings(texts, names)
    column = "sent" if looked_again else "shown"
    for kind in {concern.kind for found in warnings.values() for concern in found}:
        tally, _created = WarningTally.objects.get_or_create(day=local_day(at), kind=kind)
        WarningTally.objects.filter(pk=tally.pk).update(**{column: F(column) + 1})
    if warnings and not looked_again:
        raise LookAgain(warnings, texts)


def _warnings(texts: Mapping[str, str], known_names: Collection[str]) -> dict[str, list[Concern]]:
    return {
        key: found
        for key, text in texts.items()
        if (found := warnings_in(text, known_names=known_names))
    }


def _names_known_elsewhere(
    texts: Mapping[str, str], warnings: Mapping[str, Collection[Concern]]
) -> Iterator[str]:
    """Towns, organisations, and those of the passages that are somebody's of the staff."""
    yield from Place.objects.values_list("name", flat=True)
    yield from Organisation.objects.values_list("name", flat=True)
    passages = {
        texts[key][concern.start : concern.end]
        for key, found in warnings.items()
        for concern in found
        if concern.kind == Kind.NAME
    }
    is_staff = reduce(or_, (Q(name__iexact=passage) for passage in passages))
    yield from Person.objects.filter(is_staff).values_list("name", flat=True)
