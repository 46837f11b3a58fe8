"""The kinds of text that cooperation keeps."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.identity import refuse_cpr_like

#: Most characters of a title, of words beside figures, and of what a meeting writes of one item.
MOST_TITLE = 160
MOST_WORDS = 1000
MOST_MINUTES = 4000


class Sector(models.TextChoices):
    """Where somebody works, seen from the town."""

    SOCIAL = "social", _("Social services")
    SCHOOL = "school", _("School")
    DAY_CARE = "day_care", _("Day care")
    HEALTH = "health", _("Health service")
    POLICE = "police", _("Police")
    FAMILY = "family", _("Family centre and family houses")
    INSTITUTION = "institution", _("Institutions and foster care")
    ASSOCIATION = "association", _("Associations")
    POLITICS = "politics", _("Elected members")
    CENTRAL = "central", _("Central administration")
    OTHER = "other", _("Other")


def title(label: Any, **options: Any) -> Any:
    """A line."""
    return models.CharField(label, max_length=MOST_TITLE, validators=[refuse_cpr_like], **options)


def words(label: Any, *, most: int = MOST_WORDS, **options: Any) -> Any:
    """Some lines about the work, never about a family; may be empty."""
    return models.TextField(
        label, max_length=most, blank=True, validators=[refuse_cpr_like], **options
    )
