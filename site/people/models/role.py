"""Roles: what a person may do, where, and from when until when."""

import uuid

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.periods import Period, PeriodQuerySet
from people.models.organisation import Organisation, Place
from people.models.person import Person

#: A town by itself, a municipality by itself, or neither for the whole country.
SCOPE_NAMES_ITS_PLACE = (
    Q(scope="country", municipality__isnull=True, place__isnull=True)
    | Q(scope="municipality", municipality__isnull=False, place__isnull=True)
    | Q(scope="town", municipality__isnull=True, place__isnull=False)
)


class Role(Period):
    """One role of one person, in a town, a municipality or the whole country.

    Given and ended by :mod:`people.actions` alone, which keep Wagtail's groups in step.
    """

    class Key(models.TextChoices):
        MENTOR = "mentor", _("Mentor")
        CASEWORKER = "caseworker", _("Caseworker")
        TRAVELLING = "travelling", _("Travelling caseworker")
        LEADER = "leader", _("Leader")
        COORDINATOR = "coordinator", _("Coordinator")
        EDITOR = "editor", _("Editor")
        TRANSLATOR = "translator", _("Translator")
        REVIEWER = "reviewer", _("Reviewer")
        ADMINISTRATOR = "administrator", _("Administrator")

    class Scope(models.TextChoices):
        TOWN = "town", _("One town")
        MUNICIPALITY = "municipality", _("One municipality")
        COUNTRY = "country", _("The whole country")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(
        Person, models.PROTECT, related_name="roles", verbose_name=_("person")
    )
    key = models.CharField(_("role"), max_length=15, choices=Key)
    scope = models.CharField(_("scope"), max_length=12, choices=Scope)
    municipality = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        limit_choices_to={"kind": Organisation.Kind.MUNICIPALITY},
        verbose_name=_("municipality"),
    )
    place = models.ForeignKey(
        Place, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("town")
    )
    given_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    given_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = PeriodQuerySet.as_manager()

    class Meta(Period.Meta):
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        constraints = [
            *Period.Meta.constraints,
            models.CheckConstraint(
                condition=SCOPE_NAMES_ITS_PLACE,
                name="people_role_scope_names_its_place",
                violation_error_message=_("Choose the place that the scope asks for."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_key_display()} ({self.scope_name})"

    def clean(self) -> None:
        """An administrator looks after accounts everywhere: the scope is the country."""
        if self.key == self.Key.ADMINISTRATOR and self.scope != self.Scope.COUNTRY:
            raise ValidationError({"scope": _("An administrator serves the whole country.")})

    @property
    def scope_name(self) -> str:
        """The town or municipality by name, or that it is the whole country."""
        return str(self.place or self.municipality or self.get_scope_display())
