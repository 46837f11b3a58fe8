"""How an erasure ends what a person still had to learn. Named by ``courses.declarations``."""

from datetime import datetime

from courses.models import Assignment
from people.models import Person


def end_paths(person: Person, *, by: Person | None, at: datetime) -> None:
    """Take back the paths that are not done: nobody walks them, and nobody is late."""
    Assignment.objects.unfinished().filter(person=person).update(withdrawn_at=at)
