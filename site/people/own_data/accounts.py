"""How an erasure takes name, roles and account away. Named by ``people.declarations``."""

from datetime import datetime

from allauth.usersessions.models import UserSession

from core.periods import local_day
from people.actions.roles import sync_groups_of
from people.models import Person
from people.own_data.queue import forget_queued

#: What a record says from then on, in lists and sentences, in the language of the site.
NAME = "Slettet person"


def blank(person: Person, *, by: Person | None, at: datetime) -> None:
    """Leave a person without name, address and language of their own; the row and its id stay."""
    forget_queued(person)
    person.name, person.email, person.language = NAME, "", "da"
    person.erased_at = at
    person.save(update_fields=["name", "email", "language", "erased_at"])


def end_roles(person: Person, *, by: Person | None, at: datetime) -> None:
    """End every role today: the rows say who could read what, and when."""
    day = local_day(at)
    for role in person.roles.all():
        if role.ends_on is None or role.ends_on > day:
            role.ends_on = max(day, role.starts_on)
            role.save(update_fields=["ends_on"])


def close(person: Person, *, by: Person | None, at: datetime) -> None:
    """Sign the account out, and leave of it what the access log points at."""
    user = person.user
    if user is None:
        return
    for session in UserSession.objects.filter(user=user):
        session.end()
    user.email = f"slettet-{user.pk}@example.invalid"
    user.is_active = user.is_superuser = False
    user.last_login = None
    user.joined_at = at
    user.set_unusable_password()
    user.save()
    sync_groups_of(person, at=at)
