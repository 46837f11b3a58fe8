"""What stands beside the text while it is translated."""

from typing import Any

from django import template
from django.urls import reverse
from wagtail.models import Page

from pages.translating.second_eyes import danish_of
from pages.translating.views import row_of, source_words
from pages.translating.words import words_in

register = template.Library()


@register.inclusion_tag("pages/admin/translation_desk.html")
def translation_desk(page: Any) -> dict[str, Any]:
    """The words of the glossary in the Danish text, and the way to everything about the page."""
    if not isinstance(page, Page) or danish_of(page) is None:
        return {}
    language = page.locale.language_code
    return {
        "words": words_in(source_words(page)),
        "row": row_of(page.translation_key, language),
        "address": reverse("translation", args=[page.translation_key, language]),
    }
