"""What somebody has practised with a mentor, for those above who ask."""

from collections.abc import Collection, Iterable
from uuid import UUID

from django.db.models import F

from competences.models import Topic
from competences.practice import People, Practised
from mentoring.models import Confirmation, Session


def practised(
    people: People, topics: Collection[UUID], competences: Collection[UUID] = ()
) -> Iterable[Practised]:
    """Sessions that each person confirmed as they now stand, by what was worked on; two queries.

    A session names its topics, and the competences that the mentor saw practised. One whose text
    was erased because it was logged by mistake proves nothing.
    """
    by_key = dict(Topic.objects.filter(pk__in=topics).values_list("key", "pk"))
    confirmed = Confirmation.objects.filter(
        person__in=people, version=F("version__session__current")
    ).exclude(version__session__erase_reason=Session.EraseReason.MISTAKE)
    asked = set(competences)
    # A row for each competence of a session, or one without; topics then stand there repeatedly.
    for person, keys, named, at in confirmed.values_list(
        "person_id",
        "version__session__topics",
        "version__session__competences__competence_id",
        "confirmed_at",
    ):
        for key in keys:
            if key in by_key:
                yield person, by_key[key], at
        if named in asked:
            yield person, named, at
