"""The words of the field in both languages, and what they mean."""

import uuid
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.search import index

from core.bilingual import Bilingual, Translated
from core.identity import refuse_cpr_like


class GlossaryQuerySet(models.QuerySet["GlossaryTerm"]):
    """What one asks about many words."""

    def shown(self) -> Self:
        """The words that readers see."""
        return self.filter(is_shown=True)


class GlossaryTerm(index.Indexed, Translated):
    """One word of the field. A word in Kalaallisut is never invented: it names its source."""

    class KlState(models.TextChoices):
        MISSING = "missing", _("No word yet")
        SEEN = "seen", _("Seen in a source")
        CONFIRMED = "confirmed", _("Confirmed by a translator")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.SlugField(_("key"), max_length=60, unique=True)
    term_da = models.CharField(_("word in Danish"), max_length=120, validators=[refuse_cpr_like])
    term_kl = models.CharField(
        _("word in Kalaallisut"), max_length=160, blank=True, validators=[refuse_cpr_like]
    )
    kl_state = models.CharField(
        _("state of the word in Kalaallisut"),
        max_length=10,
        choices=KlState,
        default=KlState.MISSING,
    )
    kl_source = models.CharField(
        _("source of the word in Kalaallisut"),
        max_length=200,
        blank=True,
        validators=[refuse_cpr_like],
    )
    meaning_da = models.TextField(
        _("meaning in Danish"),
        max_length=400,
        validators=[refuse_cpr_like],
        help_text=_("One or two short sentences, as you would say them to a new colleague."),
    )
    meaning_kl = models.TextField(
        _("meaning in Kalaallisut"), max_length=500, blank=True, validators=[refuse_cpr_like]
    )
    is_shown = models.BooleanField(
        _("shown"), default=True, help_text=_("Readers find it in the glossary and by searching.")
    )

    objects = GlossaryQuerySet.as_manager()
    term = Bilingual()
    meaning = Bilingual()

    search_fields = [
        index.SearchField("term_da"),
        index.SearchField("term_kl"),
        index.AutocompleteField("term_da"),
    ]

    class Meta:
        verbose_name = _("word")
        verbose_name_plural = _("words")
        constraints = [
            models.CheckConstraint(
                condition=Q(term_kl="", kl_state="missing")
                | ~Q(term_kl="") & ~Q(kl_state="missing"),
                name="pages_glossary_kl_state_fits",
                violation_error_message=_(
                    "Write the word in Kalaallisut and where it comes from, or say that there is "
                    "none yet."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(kl_state="seen") | ~Q(kl_source=""),
                name="pages_glossary_seen_has_source",
                violation_error_message=_("Write where the word in Kalaallisut was seen."),
            ),
        ]

    def __str__(self) -> str:
        return self.term_da
