"""What somebody writes about a handover, judged as what they write about a session."""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from functools import reduce
from operator import or_

from django.core.exceptions import ValidationError
from django.db.models import F, Q

from core.identity import Concern, Kind, warnings_in
from core.periods import local_day
from mentoring.actions.outcomes import LookAgain
from mentoring.content import clean_text
from mentoring.models import WarningTally
from people.models import Organisation, Person, Place


def judge(
    texts: Mapping[str, str], *, known: Collection[str], at: datetime, looked_again: bool
) -> dict[str, str]:
    """The texts as they are kept, by the name of their field.

    Args:
        known: Names that are no concern, of whoever takes part.
        looked_again: The author has seen what is pointed out and stands by the texts.

    Raises:
        ValidationError: With the messages of each field; none repeats a text.
        LookAgain: With what could show who a citizen is, by field.
    """
    clean, errors = {}, {}
    for name, text in texts.items():
        try:
            clean[name] = clean_text(text).strip()
        except ValidationError as error:
            errors[name] = error.error_list
    if errors:
        raise ValidationError(errors)
    warnings = _warnings(clean, known)
    if any(concern.kind == Kind.NAME for found in warnings.values() for concern in found):
        warnings = _warnings(clean, [*known, *_known_elsewhere(clean, warnings)])
    column = "sent" if looked_again else "shown"
    for kind in sorted({concern.kind for found in warnings.values() for concern in found}):
        tally, _created = WarningTally.objects.get_or_create(day=local_day(at), kind=kind)
        WarningTally.objects.filter(pk=tally.pk).update(**{column: F(column) + 1})
    if warnings and not looked_again:
        raise LookAgain(warnings)
    return clean


def _warnings(texts: Mapping[str, str], known: Collection[str]) -> dict[str, list[Concern]]:
    return {
        name: found
        for name, text in texts.items()
        if (found := warnings_in(text, known_names=known))
    }


def _known_elsewhere(
    texts: Mapping[str, str], warnings: Mapping[str, Collection[Concern]]
) -> Iterator[str]:
    """Towns, organisations, and those of the passages that are somebody's of the staff."""
    yield from Place.objects.values_list("name", flat=True)
    yield from Organisation.objects.values_list("name", flat=True)
    passages = {
        texts[name][concern.start : concern.end]
        for name, found in warnings.items()
        for concern in found
        if concern.kind == Kind.NAME
    }
    is_staff = reduce(or_, (Q(name__iexact=passage) for passage in passages))
    yield from Person.objects.filter(is_staff).values_list("name", flat=True)
