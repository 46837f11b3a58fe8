"""What caseworkers learn to do: the topics that lessons teach and sessions practise."""

import uuid
from datetime import date
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.search import index

from core.bilingual import Bilingual
from core.identity import refuse_cpr_like
from core.periods import not_retired


class TopicQuerySet(models.QuerySet["Topic"]):
    """What one asks about many topics."""

    def offered(self, *, on: date) -> Self:
        """Topics one may choose on that day, in the order of the work."""
        return self.filter(not_retired(on)).order_by("position", "key")


class Topic(index.Indexed, models.Model):
    """One step of the casework, as the answer to "what did you work on?".

    A topic that is no longer taught is retired: it stays, because sessions name it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.SlugField(_("key"), max_length=40, unique=True)
    title_da = models.CharField(_("title in Danish"), max_length=80, validators=[refuse_cpr_like])
    title_kl = models.CharField(
        _("title in Kalaallisut"), max_length=120, blank=True, validators=[refuse_cpr_like]
    )
    help_da = models.CharField(
        _("help text in Danish"), max_length=200, blank=True, validators=[refuse_cpr_like]
    )
    help_kl = models.CharField(
        _("help text in Kalaallisut"), max_length=300, blank=True, validators=[refuse_cpr_like]
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    retired_on = models.DateField(
        _("retired on"),
        null=True,
        blank=True,
        help_text=_("From this day it is not offered any more. What was logged keeps its name."),
    )

    objects = TopicQuerySet.as_manager()
    title = Bilingual()
    help = Bilingual()

    search_fields = [index.SearchField("title_da"), index.SearchField("title_kl")]

    class Meta:
        verbose_name = _("topic of casework")
        verbose_name_plural = _("topics of casework")

    def __str__(self) -> str:
        return self.title_da
