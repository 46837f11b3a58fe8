"""Small helps for the templates of mentoring."""

from collections.abc import Mapping

from django import template

register = template.Library()


@register.filter
def named(titles: Mapping[str, str], key: str) -> str:
    """The title under ``key``, or the key itself."""
    return titles.get(key, key)
