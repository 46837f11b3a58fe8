"""That a reader asked for a page in the other language."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class TranslationRequest(models.Model):
    """One person's wish to read one page in one language. Translators see how many there are."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    page_key = models.UUIDField(_("page"), db_index=True)
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES)
    asked_by = models.ForeignKey(
        "people.Person", models.CASCADE, related_name="+", verbose_name=_("asked by")
    )
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)

    class Meta:
        verbose_name = _("wish for a translation")
        verbose_name_plural = _("wishes for translations")
        constraints = [
            models.UniqueConstraint(
                fields=["page_key", "language", "asked_by"], name="pages_translation_asked_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.page_key} → {self.get_language_display()}"
