"""The account: what signs in. Who the person is lies in :mod:`people.models.person`."""

from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from people.permissions import Standing


class UserManager(BaseUserManager["User"]):
    """Creates accounts; e-mail addresses are compared and kept in lower case."""

    def get_by_natural_key(self, username: str | None) -> "User":
        """The account with this e-mail address, whatever its capitals."""
        return self.get(email=(username or "").lower())

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create an account; without a password it can only sign in by other means.

        Raises:
            ValueError: Without an e-mail address.
        """
        if not email:
            raise ValueError("An account needs an e-mail address.")
        user = self.model(email=email.lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create an account that may open every part of ``/admin/``."""
        return self.create_user(email, password, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """An account that signs in by e-mail. It may be closed; it is never deleted."""

    email = models.EmailField(_("e-mail"), unique=True)
    is_active = models.BooleanField(_("open"), default=True)
    joined_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints = [
            models.UniqueConstraint(Lower("email"), name="people_user_email_any_case"),
        ]

    def __str__(self) -> str:
        return self.get_full_name()

    def get_full_name(self) -> str:
        """The person's name, or the e-mail address while there is no person."""
        person = getattr(self, "person", None)
        return person.name if person else self.email

    def get_short_name(self) -> str:
        """The same as the full name: titles and first names differ between the languages."""
        return self.get_full_name()

    @cached_property
    def standing(self) -> "Standing":
        """What the account may do today; ask :func:`people.permissions.standing_of`."""
        from core.periods import local_day
        from people.permissions import standing_on

        return standing_on(self, local_day(timezone.now()))

    @cached_property
    def has_second_factor(self) -> bool:
        """Whether a passkey or a code of an app is set up; the sign-in's query brings it along."""
        from people.second_factor import second_factors_of

        return second_factors_of(self).exists()

    @property
    def second_factor_due(self) -> bool:
        """Whether the roles of today ask for a second factor that is not set up yet."""
        asked = settings.SIDEMAND_SECOND_FACTOR and self.standing.needs_second_factor
        return bool(asked) and not self.has_second_factor
