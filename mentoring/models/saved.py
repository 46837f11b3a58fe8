"""Views of a list that a person has kept under a name."""

import uuid

from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.identity import refuse_cpr_like
from people.models import Person

MOST_VIEW_NAME = 60


class SavedView(models.Model):
    """That a person keeps a filter and an order of a list; the first view opens with the list.

    ``query`` holds keys and days as they stand in an address, never words that were searched for.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(
        Person, models.CASCADE, related_name="saved_views", verbose_name=_("person")
    )
    listing = models.CharField(_("list"), max_length=20)
    name = models.CharField(
        _("name"),
        max_length=MOST_VIEW_NAME,
        validators=[refuse_cpr_like, MaxLengthValidator(MOST_VIEW_NAME)],
    )
    query = models.CharField(max_length=500, blank=True)
    is_first = models.BooleanField(_("opens with the list"), default=False)
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "listing", "name"], name="mentoring_view_named_once"
            ),
            models.UniqueConstraint(
                fields=["person", "listing"],
                condition=Q(is_first=True),
                name="mentoring_one_first_view",
            ),
        ]

    def __str__(self) -> str:
        return self.name
