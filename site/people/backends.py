"""How a session becomes a user: one query for the account, its person and what is still due."""

from datetime import date

from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings
from django.db.models import Q, QuerySet, Value
from django.utils import timezone

from core.periods import local_day
from core.prepared import Prepared
from people.models import User
from people.permissions import manages_people_on, second_factor_due


class PersonBackend(AuthenticationBackend):
    """The sign-in of allauth; a closed account is nobody from the next request on."""

    def get_user(self, user_id: int) -> User | None:
        """The open account with this id, its person, ``second_factor_due``, ``manages_people``."""
        find = _account_with_factor if settings.SIDEMAND_SECOND_FACTOR else _account
        return find.first(key=int(user_id), day=local_day(timezone.now()))


# Asked by every signed-in request, so the SQL is written once (core.prepared).


@Prepared
def _account(key: int, day: date) -> QuerySet[User]:
    return _open_accounts(key, day, Value(False))


@Prepared
def _account_with_factor(key: int, day: date) -> QuerySet[User]:
    return _open_accounts(key, day, second_factor_due(day))


def _open_accounts(key: int, day: date, due: Q | Value) -> QuerySet[User]:
    accounts = User.objects.filter(pk=key, is_active=True).select_related("person")
    return accounts.annotate(second_factor_due=due, manages_people=manages_people_on(day))
