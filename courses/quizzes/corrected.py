"""Which results of a person were corrected, and what they have not seen yet."""

from uuid import UUID

from django.db.models import QuerySet

from core.prepared import Prepared
from courses.models import CorrectedAttempt, QuizAttempt
from people.models import Person

SHOWN = 5


def corrections_for(person: Person | UUID | None) -> QuerySet[CorrectedAttempt]:
    """What was corrected in the results of ``person`` and they have not seen."""
    return CorrectedAttempt.objects.filter(attempt__person=person, seen_at__isnull=True)


@Prepared
def _unseen(person: UUID) -> QuerySet[CorrectedAttempt]:
    own = corrections_for(person)
    return own.select_related("attempt__lesson").order_by("-changed_at", "pk")[:SHOWN]


def corrected_results(person: Person) -> list[CorrectedAttempt]:
    """The corrections that ``person`` has not seen, the latest first. One query."""
    return list(_unseen(person=person.pk))


def corrections_of(attempt: QuizAttempt) -> list[CorrectedAttempt]:
    """What was corrected in ``attempt``, in its order. One query."""
    return list(attempt.corrections.select_related("correction").order_by("changed_at", "pk"))
