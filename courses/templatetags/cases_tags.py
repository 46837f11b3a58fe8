"""The rich text of a case: cleaned once more on its way out."""

from django import template
from django.utils.safestring import SafeString, mark_safe
from wagtail.rich_text import expand_db_html

from core.sanitize import sanitize

register = template.Library()


@register.filter
def case_text(source: str) -> SafeString:
    """What an editor wrote, as clean HTML."""
    return mark_safe(sanitize(expand_db_html(str(source))))  # noqa: S308  just cleaned
