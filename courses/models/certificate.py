"""Proof that something was completed: what it said on the day it was issued, and its file.

Everything a certificate says is frozen in its row; the PDF beside it is kept as it was drawn, so
that its hash proves it years later, whatever draws certificates then.
"""

import uuid
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.bilingual import Text
from core.identity import refuse_cpr_like
from people.models import Person

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager


class CertificateState(models.TextChoices):
    """What a certificate is worth on a day."""

    VALID = "valid", _("Valid")
    EXPIRED = "expired", _("Expired")
    REPLACED = "replaced", _("Replaced by a newer one")
    REVOKED = "revoked", _("Revoked")


class CertificateQuerySet(models.QuerySet["Certificate"]):
    """What one asks about many certificates."""

    def current(self) -> Self:
        """Neither replaced nor revoked: one at most per person and thing."""
        return self.filter(replaced_at__isnull=True, revoked_at__isnull=True)

    def expiring(self, *, after: date, until: date) -> Self:
        """Current ones whose first day without validity lies in (after, until]."""
        return self.current().filter(expires_on__gt=after, expires_on__lte=until)

    def to_mind(self, *, after: date, until: date, revoked_since: datetime) -> Self:
        """Those that expire so and whose holder is reminded, and those revoked since then."""
        expiring = Q(
            replaced_at__isnull=True,
            revoked_at__isnull=True,
            reminds=True,
            expires_on__gt=after,
            expires_on__lte=until,
        )
        return self.filter(expiring | Q(revoked_at__gt=revoked_since))


class Certificate(models.Model):
    """That a person completed something, as it stood on the day.

    ``completed`` and ``completed_id`` name what was completed, as the register says
    (:mod:`courses.certificates.completions`).
    ``content`` is what the PDF says: texts by language, competences, acts.
    """

    class RevokedFor(models.TextChoices):
        MISTAKE = "mistake", _("It was issued by mistake")
        IDENTITY = "identity", _("It was issued to the wrong person")
        NOT_EARNED = "not_earned", _("The holder has not done what it says")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="certificates")
    completed = models.CharField(max_length=20)
    completed_id = models.UUIDField()
    language = models.CharField(max_length=5, choices=settings.LANGUAGES)
    holder = models.CharField(max_length=200)
    content = models.JSONField()
    minutes = models.PositiveIntegerField()
    course_on = models.DateField(null=True)
    law_on = models.DateField(null=True)
    issued_at = models.DateTimeField()
    issued_on = models.DateField()
    ends_on = models.DateField()
    expires_on = models.DateField()
    code = models.CharField(max_length=16, unique=True)
    sha256 = models.CharField(max_length=64, db_index=True)
    shows_name = models.BooleanField(_("show my name on the check page"), default=False)
    reminds = models.BooleanField(_("remind me before it expires"), default=True)
    replaced_at = models.DateTimeField(null=True)
    replaced_by = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaces")
    revoked_at = models.DateTimeField(null=True)
    revoked_for = models.CharField(max_length=10, choices=RevokedFor, blank=True)
    revoked_note = models.CharField(
        _("more about it"), max_length=300, blank=True, validators=[refuse_cpr_like]
    )
    revoked_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    rules: "models.ManyToManyField[Any, Any]" = models.ManyToManyField(
        "rules.Rule", through="courses.CertificateRule", related_name="+"
    )

    file: "CertificateFile"
    cited: "RelatedManager[CertificateRule]"
    objects = CertificateQuerySet.as_manager()

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "completed", "completed_id"],
                condition=Q(replaced_at__isnull=True, revoked_at__isnull=True),
                name="courses_certificate_one_current",
            ),
            models.CheckConstraint(
                condition=Q(expires_on__lte=F("ends_on")) & Q(expires_on__gte=F("issued_on")),
                name="courses_certificate_expires_within_its_time",
            ),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_for="", revoked_note="")
                | (Q(revoked_at__isnull=False) & ~Q(revoked_for="")),
                name="courses_certificate_revoked_for_something",
            ),
        ]
        indexes = [models.Index(fields=["expires_on"], name="courses_certificate_expires")]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> Text:
        """What was completed, in the active language, else in Danish."""
        return Text.choose(self.content["title"])

    @property
    def competences(self) -> list[Text]:
        """What it shows, each in the active language, else in Danish."""
        return [Text.choose(texts) for texts in self.content["competences"]]

    @property
    def spelled_code(self) -> str:
        """The code in groups of four, as it is printed and read aloud."""
        return "-".join(self.code[at : at + 4] for at in range(0, len(self.code), 4))

    @property
    def initials(self) -> str:
        """The holder's initials."""
        return " ".join(f"{word[0]}." for word in self.holder.split() if word[0].isalpha())

    @property
    def shown_holder(self) -> str:
        """What the check page calls the holder: the name where that is allowed."""
        return self.holder if self.shows_name else self.initials

    @property
    def last_day(self) -> date:
        """The last day of its validity as people say it."""
        return self.expires_on - timedelta(days=1)

    def state_on(self, day: date) -> CertificateState:
        """What it is worth on ``day``; ``expires_on`` is its first day without validity."""
        if self.revoked_at is not None:
            return CertificateState.REVOKED
        if self.replaced_at is not None:
            return CertificateState.REPLACED
        return CertificateState.VALID if day < self.expires_on else CertificateState.EXPIRED


class CertificateFile(models.Model):
    """The PDF as it was drawn. Apart from its certificate: no list ever reads it."""

    certificate = models.OneToOneField(
        Certificate, models.CASCADE, primary_key=True, related_name="file"
    )
    pdf = models.BinaryField()

    def __str__(self) -> str:
        return str(self.certificate_id)


class CertificateRule(models.Model):
    """That what was completed cited a rule: when the rule changes, the certificate ends early."""

    certificate = models.ForeignKey(Certificate, models.CASCADE, related_name="cited")
    rule = models.ForeignKey("rules.Rule", models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["certificate", "rule"], name="courses_certificate_cites_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.certificate_id} {self.rule_id}"
