"""Documents of the cooperation: read by whoever reads what they belong to, and by nobody else.

They are no documents of Wagtail: those every editor can open. The file is looked at as every upload
(:mod:`files.fields`) and leaves the house through a view that asks whose it is.
"""

import uuid
from typing import Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from wagtail.coreutils import string_to_ascii

from cooperation.models.fields import title
from cooperation.models.initiative import Initiative
from cooperation.models.meeting import Meeting
from cooperation.models.partner import Pact
from files.fields import DocumentField
from files.models import random_name
from people.models import Person


def paper_name(_instance: models.Model, filename: str) -> str:
    """Where it is kept: below ``private/``, under a name that tells nothing."""
    return random_name("private/papers", filename)


class PaperQuerySet(models.QuerySet["Paper"]):
    """The vocabulary of papers."""

    def standing(self) -> Self:
        """Those that nobody has taken away."""
        return self.filter(removed_at__isnull=True)

    def shown(self, *, writes: bool) -> Self:
        """As a page lists them; whoever writes the page also sees what can be put back."""
        found = self if writes else self.standing()
        return found.order_by("removed_at", "uploaded_at", "pk")


class Paper(models.Model):
    """One document of an initiative, a meeting or a co-operation agreement."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    initiative = models.ForeignKey(
        Initiative, models.PROTECT, null=True, blank=True, related_name="papers"
    )
    meeting = models.ForeignKey(
        Meeting, models.PROTECT, null=True, blank=True, related_name="papers"
    )
    pact = models.ForeignKey(Pact, models.PROTECT, null=True, blank=True, related_name="papers")
    title = title(_("title"))
    file = DocumentField(_("file"), upload_to=paper_name)
    size = models.PositiveIntegerField(default=0)
    uploaded_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    uploaded_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = PaperQuerySet.as_manager()

    class Meta:
        verbose_name = _("document of the cooperation")
        verbose_name_plural = _("documents of the cooperation")
        constraints = [
            models.CheckConstraint(
                condition=Q(initiative__isnull=False, meeting__isnull=True, pact__isnull=True)
                | Q(initiative__isnull=True, meeting__isnull=False, pact__isnull=True)
                | Q(initiative__isnull=True, meeting__isnull=True, pact__isnull=False),
                name="cooperation_paper_of_one",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Where it is read."""
        return reverse("cooperation:paper", args=[self.pk])

    @property
    def owner(self) -> Initiative | Meeting | Pact:
        """What it belongs to: a constraint lets it be one of the three.

        Raises:
            ValueError: It belongs to nothing yet.
        """
        owner = self.initiative or self.meeting or self.pact
        if owner is None:
            raise ValueError("This document belongs to nothing yet.")
        return owner

    @property
    def kind(self) -> str:
        """What kind of file it is, as people say it: PDF, DOCX."""
        return self._extension.upper()

    @property
    def download_name(self) -> str:
        """What the file is called on the reader's device."""
        return f"{slugify(string_to_ascii(self.title)) or 'dokument'}.{self._extension}"

    @property
    def _extension(self) -> str:
        return str(self.file.name).rpartition(".")[2]
