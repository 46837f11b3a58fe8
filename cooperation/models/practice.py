"""Good practice: efforts of municipalities and study visits, as others can use them.

What somebody writes and what everybody reads are two things: the working text is its writers', and
each text that was approved is kept as a version of its own. Readers see the latest of these, also
while the next one is written and looked through.
"""

import uuid
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cooperation.models.fields import Sector, title, words
from cooperation.models.initiative import Initiative
from core.bilingual import Text
from core.languages import fold
from core.models import AccessLog
from people.models import Organisation, Person, Place

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager

#: The texts of an example, each in two languages, and those in one.
IN_BOTH = ("title", "problem", "done", "effect")
IN_ONE = ("ask", "source", "source_url")
#: The words of the access log for who wrote on an example, and who sent it to be looked through.
WROTE, SENT = "write", "send"


class PracticeQuerySet(models.QuerySet["Practice"]):
    """The vocabulary of examples."""

    def live(self) -> Self:
        """Those that everybody reads."""
        return self.filter(live__isnull=False, withdrawn_at__isnull=True)

    def written_by(self, person: Person) -> "set[uuid.UUID]":
        """Those whose text ``person`` has written on or sent since one was approved.

        The access log knows who did; at most two queries.
        """
        if person.user_id is None:
            return set()
        approved = {str(pk): at for pk, at in self.values_list("pk", "live__approved_at")}
        if not approved:
            return set()
        noted = AccessLog.objects.filter(
            kind="cooperation.practice",
            record_id__in=approved,
            action__in=(WROTE, SENT),
            actor=person.user_id,
        )
        return {
            uuid.UUID(key)
            for key, at in noted.values_list("record_id", "at")
            if (since := approved[key]) is None or at >= since
        }

    def found_by(self, folded_words: list[str]) -> Self:
        """Those whose approved text holds every one of the words, in either language."""
        found = self
        for word in folded_words:
            found = found.filter(live__folded__contains=word)
        return found


class Practice(models.Model):
    """One example: the problem, what was done, what came of it, who to ask, where it stands.

    It names offices, never people: an example outlives whoever wrote it.
    """

    class Kind(models.TextChoices):
        EFFORT = "effort", _("Effort in a municipality")
        VISIT = "visit", _("Study visit")

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        REVIEW = "review", _("Waits for review")
        RETURNED = "returned", _("Sent back")
        APPROVED = "approved", _("Approved")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.EFFORT)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="practices", verbose_name=_("whose it is")
    )
    place = models.ForeignKey(
        Place, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("town")
    )
    sectors = models.JSONField(_("sectors"), default=list, blank=True)
    initiatives = models.ManyToManyField(
        Initiative, blank=True, related_name="practices", verbose_name=_("initiatives")
    )
    title_da = title(_("title in Danish"))
    title_kl = title(_("title in Kalaallisut"), blank=True)
    problem_da = words(_("the problem, in Danish"))
    problem_kl = words(_("the problem, in Kalaallisut"))
    done_da = words(_("what was done, in Danish"), most=2000)
    done_kl = words(_("what was done, in Kalaallisut"), most=2500)
    effect_da = words(_("what came of it, in Danish"))
    effect_kl = words(_("what came of it, in Kalaallisut"))
    ask = title(_("who to ask"), blank=True)
    source = title(_("source"), blank=True)
    source_url = models.URLField(_("address of the source"), blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    note = words(_("what the reviewer says"))
    author = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    written_at = models.DateTimeField()
    reviewed_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True, blank=True)
    live = models.OneToOneField(
        "cooperation.PracticeVersion", models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    versions: "RelatedManager[PracticeVersion]"
    objects = PracticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("example of good practice")
        verbose_name_plural = _("examples of good practice")
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="approved") | Q(live__isnull=False),
                name="cooperation_practice_approved_is_live",
            ),
            models.CheckConstraint(
                condition=~Q(state="returned") | ~Q(note=""),
                name="cooperation_practice_returned_with_a_note",
            ),
        ]

    def __str__(self) -> str:
        return self.title_da

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("cooperation:practice", args=[self.pk])

    @property
    def approved(self) -> "PracticeVersion":
        """The text that everybody reads: of :meth:`PracticeQuerySet.live` each has one.

        Raises:
            ValueError: None was approved yet.
        """
        if self.live is None:
            raise ValueError("No text of this example was approved yet.")
        return self.live

    @property
    def sector_names(self) -> list[str]:
        """The sectors that took part, in words."""
        return [str(Sector(one).label) for one in self.sectors if one in Sector.values]

    def working_content(self) -> dict[str, Any]:
        """The working text as a version keeps it."""
        both = {
            name: {code: getattr(self, f"{name}_{code}") for code in ("da", "kl")}
            for name in IN_BOTH
        }
        return both | {name: getattr(self, name) for name in IN_ONE}


class PracticeVersion(models.Model):
    """A text of an example that was approved. Never changed afterwards."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey(Practice, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    content = models.JSONField()
    folded = models.TextField()
    approved_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField()

    class Meta:
        verbose_name = _("approved text of an example")
        verbose_name_plural = _("approved texts of examples")
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "number"], name="cooperation_practice_version_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.practice_id}: {self.number}"

    @staticmethod
    def folded_of(content: dict[str, Any]) -> str:
        """What a search looks through: every text in either language, folded."""
        texts = [text for name in IN_BOTH for text in content[name].values()]
        return fold("\n".join([*texts, content["ask"], content["source"]]))

    def text(self, name: str) -> Text:
        """A text in the reader's language, else in Danish."""
        return Text.choose(self.content[name])

    @property
    def title(self) -> Text:
        """What it is called."""
        return self.text("title")

    @property
    def problem(self) -> Text:
        """What the problem was."""
        return self.text("problem")

    @property
    def done(self) -> Text:
        """What was done."""
        return self.text("done")

    @property
    def effect(self) -> Text:
        """What came of it."""
        return self.text("effect")

    @property
    def ask(self) -> str:
        """Who to ask: an office."""
        return str(self.content["ask"])

    @property
    def source(self) -> str:
        """Where it stands."""
        return str(self.content["source"])

    @property
    def source_url(self) -> str:
        """The address of the source, if it has one."""
        return str(self.content["source_url"])
