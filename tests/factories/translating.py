"""Translations as they are made: segment by segment, by somebody."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from wagtail.models import Locale
from wagtail_localize.models import StringTranslation, Translation

from pages import setup
from pages.translating import orders
from people.actions import sync_groups
from people.models import Person
from tests.factories.pages import in_kalaallisut
from tests.factories.people import make_person, make_role


def make_staff(*keys: str, name: str = "") -> Person:
    """Somebody with these roles in the whole country, in their groups."""
    setup.grant_permissions()
    person = make_person(*map(make_role, keys), name=name or f"{keys[0].title()} Demo")
    sync_groups(at=timezone.now())
    return Person.objects.select_related("user").get(pk=person.pk)


def write(page: Any, texts: Mapping[str, str], by: Person | None) -> Translation:
    """Put ``texts`` in the place of the Danish ones, as ``by`` does; nothing is published."""
    if not Translation.objects.filter(source__object_id=page.translation_key).exists():
        orders.begin(page.translation_key, "kl", by.user if by else None)
    task = Translation.objects.get(source__object_id=page.translation_key)
    kl = Locale.objects.get(language_code="kl")
    for segment in task.source.stringsegment_set.select_related("string", "context"):
        if segment.string.data in texts:
            StringTranslation.objects.update_or_create(
                translation_of=segment.string,
                locale=kl,
                context=segment.context,
                defaults={
                    "data": texts[segment.string.data],
                    "last_translated_by": by.user if by else None,
                },
            )
    return task


def publish(page: Any, by: Person) -> Any:
    """Let the translation of ``page`` go live, looked at by ``by``."""
    orders.publish(in_kalaallisut(page), by, at=timezone.now())
    return in_kalaallisut(page)
