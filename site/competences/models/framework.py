"""The framework of competences of a profession, in numbered versions.

What lessons, questions and sessions give evidence for is a :class:`Competence`, which stays the
same from version to version. How it is worded is a :class:`CompetenceText` of one version. A
version that is published is frozen: only its Kalaallisut may still be filled in.
"""

import uuid
from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable
from wagtail.search import index

from core.bilingual import Bilingual, Translated
from core.identity import refuse_cpr_like
from core.periods import not_retired
from people.models import Affiliation

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager


class FrameworkQuerySet(models.QuerySet["Framework"]):
    """What one asks about many frameworks."""

    def offered(self, *, on: date) -> Self:
        """Frameworks in use on that day, in their order."""
        return self.filter(not_retired(on)).order_by("position", "key")


class Framework(index.Indexed, models.Model):
    """What one profession must be able to do; one framework for courses and mentoring alike."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.SlugField(_("key"), max_length=40, unique=True)
    title_da = models.CharField(_("title in Danish"), max_length=120, validators=[refuse_cpr_like])
    title_kl = models.CharField(
        _("title in Kalaallisut"), max_length=160, blank=True, validators=[refuse_cpr_like]
    )
    profession_da = models.CharField(
        _("profession in Danish"), max_length=60, validators=[refuse_cpr_like]
    )
    profession_kl = models.CharField(
        _("profession in Kalaallisut"), max_length=80, blank=True, validators=[refuse_cpr_like]
    )
    first_for = models.CharField(
        _("shown first to"),
        max_length=20,
        blank=True,
        choices=Affiliation.Profession,
        help_text=_("Everybody else begins with the first framework of the list."),
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    retired_on = models.DateField(
        _("retired on"),
        null=True,
        blank=True,
        help_text=_("From this day it is not shown any more. What was learnt is kept."),
    )

    versions: "RelatedManager[FrameworkVersion]"
    competences: "RelatedManager[Competence]"
    objects = FrameworkQuerySet.as_manager()
    title = Bilingual()
    profession = Bilingual()

    search_fields = [index.SearchField("title_da"), index.SearchField("title_kl")]

    class Meta:
        verbose_name = _("framework of competences")
        verbose_name_plural = _("frameworks of competences")

    def __str__(self) -> str:
        return self.title_da


class FrameworkVersionQuerySet(models.QuerySet["FrameworkVersion"]):
    """What one asks about many versions."""

    def in_force(self, *, on: date) -> Self:
        """The version of each framework that holds on that day: the newest one published."""
        newest = (
            FrameworkVersion.objects.filter(
                framework=OuterRef("framework"),
                published_at__isnull=False,
                in_force_from__lte=on,
            )
            .order_by("-in_force_from", "-number")
            .values("pk")[:1]
        )
        return self.filter(pk=Subquery(newest))


# A Model by name, too: Wagtail's bases have no types, and what points here would not be checked.
class FrameworkVersion(ClusterableModel, models.Model):
    """A framework as it is worded from one day on; ``brought_by`` took it in from a file."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    framework = models.ForeignKey(
        Framework, models.PROTECT, related_name="versions", verbose_name=_("framework")
    )
    number = models.PositiveSmallIntegerField(_("version"), default=1)
    in_force_from = models.DateField(_("in force from"))
    published_at = models.DateTimeField(_("published"), null=True, editable=False)
    brought_by = models.ForeignKey(
        "people.Person", models.SET_NULL, null=True, editable=False, related_name="+"
    )

    texts: "RelatedManager[CompetenceText]"
    objects = FrameworkVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of a framework")
        verbose_name_plural = _("versions of frameworks")
        constraints = [
            models.UniqueConstraint(
                fields=["framework", "number"], name="competences_version_number_once"
            ),
            models.CheckConstraint(
                condition=Q(number__gte=1), name="competences_version_counts_from_one"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.framework} {self.number}"

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """A draft may go; what is published stays.

        Raises:
            ProtectedError: For a published version, which the database keeps anyway.
        """
        if self.is_frozen:
            raise models.ProtectedError("A version that is published is frozen.", {self})
        deleted: tuple[int, dict[str, int]] = super().delete(*args, **kwargs)
        return deleted

    @property
    def is_frozen(self) -> bool:
        """Whether it is published: its Danish stays as it is."""
        return self.published_at is not None


class CompetenceQuerySet(models.QuerySet["Competence"]):
    """What one asks about many competences."""

    def offered(self, *, on: date) -> Self:
        """Those of the frameworks in use on that day, framework by framework."""
        in_use = self.filter(not_retired(on, "framework__")).select_related("framework")
        return in_use.order_by("framework__position", "framework__key", "title_da")


class Competence(models.Model):
    """Something one can be able to do, the same in every version of its framework."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    framework = models.ForeignKey(Framework, models.PROTECT, related_name="competences")
    key = models.SlugField(_("key"), max_length=40)
    # The latest wording, so that a chooser and a list can name it without asking for a version.
    title_da = models.CharField(max_length=120, default="", editable=False)
    title_kl = models.CharField(max_length=160, default="", editable=False)

    texts: "RelatedManager[CompetenceText]"
    objects = CompetenceQuerySet.as_manager()
    title = Bilingual()

    class Meta:
        verbose_name = _("competence")
        verbose_name_plural = _("competences")
        constraints = [
            models.UniqueConstraint(
                fields=["framework", "key"], name="competences_competence_key_once"
            ),
        ]

    def __str__(self) -> str:
        return self.title_da or self.key


#: The fields of a text, by whether a frozen version may still fill them in.
SAID = ("title", "description", "not_yet", "with_help", "alone", "can_teach")


class CompetenceTextQuerySet(models.QuerySet["CompetenceText"]):
    """What one asks about many texts."""

    def in_force(self, *, on: date) -> Self:
        """The competences that hold on that day, in the order of their framework."""
        versions = FrameworkVersion.objects.in_force(on=on).values("pk")
        return self.filter(version__in=versions).order_by("version", "sort_order", "pk")


def _text(label: Any, length: int, *, blank: bool = False, help_text: Any = "") -> Any:
    return models.CharField(
        label, max_length=length, blank=blank, validators=[refuse_cpr_like], help_text=help_text
    )


class CompetenceText(Translated, ClusterableModel, Orderable):
    """How a competence is worded in one version: what it is, and what each of four steps means.

    ``brought`` is the Kalaallisut that came with the file of a draft, by the name of its text. It
    is proposed once the version is published.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = ParentalKey(FrameworkVersion, on_delete=models.CASCADE, related_name="texts")
    competence = models.ForeignKey(Competence, models.PROTECT, related_name="texts", editable=False)
    key = models.SlugField(
        _("key"),
        max_length=40,
        help_text=_("The same key in the next version is the same competence."),
    )
    title_da = _text(_("title in Danish"), 120, help_text=_("Begin with a verb."))
    title_kl = _text(_("title in Kalaallisut"), 160, blank=True)
    description_da = _text(_("description in Danish"), 300)
    description_kl = _text(_("description in Kalaallisut"), 400, blank=True)
    not_yet_da = _text(_("“Not yet” in Danish"), 200)
    not_yet_kl = _text(_("“Not yet” in Kalaallisut"), 300, blank=True)
    with_help_da = _text(_("“With help” in Danish"), 200)
    with_help_kl = _text(_("“With help” in Kalaallisut"), 300, blank=True)
    alone_da = _text(_("“Alone” in Danish"), 200)
    alone_kl = _text(_("“Alone” in Kalaallisut"), 300, blank=True)
    can_teach_da = _text(_("“Can teach others” in Danish"), 200)
    can_teach_kl = _text(_("“Can teach others” in Kalaallisut"), 300, blank=True)
    topics: Any = ParentalManyToManyField(
        "competences.Topic",
        blank=True,
        related_name="+",
        verbose_name=_("topics of casework"),
        help_text=_("What one practises with a mentor counts for the competence by these."),
    )

    brought = models.JSONField(null=True, editable=False)

    objects = CompetenceTextQuerySet.as_manager()
    title = Bilingual()
    description = Bilingual()
    not_yet = Bilingual()
    with_help = Bilingual()
    alone = Bilingual()
    can_teach = Bilingual()

    class Meta(Orderable.Meta):
        verbose_name = _("competence")
        verbose_name_plural = _("competences")
        constraints = [
            models.UniqueConstraint(fields=["version", "key"], name="competences_text_key_once"),
        ]

    def __str__(self) -> str:
        return self.title_da

    @property
    def is_older_in_part(self) -> bool:
        """Whether the Danish of something that is shown translated has changed since."""
        return any(getattr(self, name).is_older for name in SAID)


def texts_of(framework: Framework, *, on: date) -> "QuerySet[CompetenceText]":
    """The competences of ``framework`` as they are worded on that day."""
    return CompetenceText.objects.in_force(on=on).filter(version__framework=framework)
