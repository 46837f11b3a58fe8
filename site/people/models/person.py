"""The person: a name that others work with, with or without an account."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.identity import refuse_cpr_like


class Person(models.Model):
    """Someone who takes part. Records point here, never at the account.

    A mentor may be planned for months before there is an account, and the record stays when
    the account is closed. ``erased_at``: nothing here says any more who it was
    (:mod:`people.own_data`).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="person",
        verbose_name=_("account"),
    )
    name = models.CharField(_("name"), max_length=120, validators=[refuse_cpr_like])
    email = models.EmailField(_("e-mail"), blank=True)
    language = models.CharField(
        _("language"), max_length=5, choices=settings.LANGUAGES, default="da"
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    erased_at = models.DateTimeField(_("deleted"), null=True, editable=False)

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                condition=~Q(email=""),
                name="people_person_email_any_case",
                violation_error_message=_("Another person has this e-mail address."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class LanguageSkill(models.Model):
    """How well a person speaks and writes one language, four steps each."""

    class Language(models.TextChoices):
        WEST = "kl-west", _("West Greenlandic")
        EAST = "kl-east", _("East Greenlandic")
        NORTH = "kl-north", _("North Greenlandic")
        DANISH = "da", _("Danish")
        ENGLISH = "en", _("English")

    class Level(models.IntegerChoices):
        NONE = 0, _("Not at all")
        SOME = 1, _("A little")
        WORKING = 2, _("At work")
        FLUENT = 3, _("Fluently")

    person = models.ForeignKey(
        Person, models.CASCADE, related_name="languages", verbose_name=_("person")
    )
    language = models.CharField(_("language"), max_length=10, choices=Language)
    spoken = models.PositiveSmallIntegerField(_("spoken"), choices=Level)
    written = models.PositiveSmallIntegerField(_("written"), choices=Level)

    class Meta:
        verbose_name = _("language")
        verbose_name_plural = _("languages")
        constraints = [
            models.UniqueConstraint(fields=["person", "language"], name="people_language_once"),
            models.CheckConstraint(
                condition=Q(spoken__lte=3) & Q(written__lte=3), name="people_language_level"
            ),
        ]

    def __str__(self) -> str:
        return self.get_language_display()
