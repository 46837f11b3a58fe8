"""How a session becomes a user: one query for the account, its person and what is still due."""

from datetime import date
from functools import lru_cache

from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings
from django.db.models import Q, QuerySet, Value
from django.utils import timezone

from core.periods import local_day
from people.models import User
from people.permissions import manages_people_on, second_factor_due


class PersonBackend(AuthenticationBackend):
    """The sign-in of allauth; a closed account is nobody from the next request on."""

    def get_user(self, user_id: int) -> User | None:
        """The open account with this id, its person, ``second_factor_due``, ``manages_people``."""
        today = local_day(timezone.now())
        found = _open_accounts(today, settings.SIDEMAND_SECOND_FACTOR).filter(pk=user_id)
        return next(iter(found[:1]), None)


@lru_cache(maxsize=4)
def _open_accounts(today: date, asks_second_factor: bool) -> QuerySet[User]:
    """The query behind every signed-in request, before it names an account.

    Putting it together costs more than asking it, so a day's is kept; whoever narrows it works
    on a copy.
    """
    due: Q | Value = second_factor_due(today) if asks_second_factor else Value(False)
    return (
        User.objects.select_related("person")
        .annotate(second_factor_due=due, manages_people=manages_people_on(today))
        .filter(is_active=True)
    )
