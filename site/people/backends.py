"""How a session becomes a user: one query for the account, its person and what is still due."""

from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings
from django.db.models import Q, Value
from django.utils import timezone

from core.periods import local_day
from people.models import User
from people.permissions import manages_people_on, second_factor_due


class PersonBackend(AuthenticationBackend):
    """The sign-in of allauth; a closed account is nobody from the next request on."""

    def get_user(self, user_id: int) -> User | None:
        """The open account with this id, its person, ``second_factor_due``, ``manages_people``."""
        today = local_day(timezone.now())
        due: Q | Value = Value(False)
        if settings.SIDEMAND_SECOND_FACTOR:
            due = second_factor_due(today)
        return (
            User.objects.select_related("person")
            .annotate(second_factor_due=due, manages_people=manages_people_on(today))
            .filter(pk=user_id, is_active=True)
            .first()
        )
