"""How a session becomes a user: the account, its person and today's roles in one query."""

from datetime import date
from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import Exists, FilteredRelation, OuterRef, QuerySet
from django.utils import timezone

from core.periods import local_day, valid_on
from core.prepared import Prepared
from people.models import Person, User
from people.permissions import Standing
from people.second_factor import second_factors_of


class PersonBackend(AuthenticationBackend):
    """The sign-in of allauth; a closed account is nobody from the next request on."""

    def get_user(self, user_id: int) -> User | None:
        """The open account with this id, with its person and its standing of today.

        One query, and a second one for an account that belongs to nobody.
        """
        day = local_day(timezone.now())
        rows: list[Any] = _person_with_roles(account=int(user_id), day=day)
        user: User | None
        if rows:
            user = rows[0].user
            user.has_second_factor = rows[0].with_factor
        else:
            user = User.objects.filter(pk=user_id, is_active=True).first()
        if user is not None:
            person = rows[0] if rows else None
            roles = tuple(row.held for row in rows if getattr(row, "held", None))
            user.standing = Standing(person, day, roles, is_superuser=user.is_superuser)
        return user


# Asked by every signed-in request, so the SQL is written once (core.prepared).
@Prepared
def _person_with_roles(account: int, day: date) -> QuerySet[Person]:
    """The person of the account, once for each role of the day, in ``held``; at least once."""
    return (
        Person.objects.filter(user=account, user__is_active=True)
        .annotate(
            held=FilteredRelation("roles", condition=valid_on(day, "roles__")),
            with_factor=Exists(second_factors_of(OuterRef("user"))),
        )
        .select_related("user", "held", "held__municipality", "held__place")  # type: ignore[misc]  # the plugin knows no FilteredRelation
        .order_by("held__key", "held__pk")
    )
