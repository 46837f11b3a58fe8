"""The demo's translators: what is ordered, and until when. No word of Kalaallisut is invented."""

from datetime import date, datetime, timedelta

from core.languages import KALAALLISUT
from core.periods import local_day
from pages.models import LessonPage, TranslationOrder
from pages.translating.orders import order
from people.models import Person
from rules.models import Rule

#: One lesson after the other: translator, days until it is to be ready, note.
ORDERS = (
    ("oversaetter1", 6, "Brug ordene fra ordlisten. Loven først."),
    ("oversaetter1", -2, ""),
    ("", 20, ""),
    ("", None, "Den bliver brugt på seminaret."),
)
#: Rules that are ordered: translator, days until it is to be ready.
RULES = (("oversaetter1", 4), ("", 9))


def load_orders(people: dict[str, Person], *, at: datetime) -> None:
    """Order some lessons; what has been ordered before, in whatever state, is left alone."""
    lessons = LessonPage.objects.live().filter(locale__language_code="da").order_by("path")
    for page, (owner, days, note) in zip(lessons[: len(ORDERS)], ORDERS, strict=False):
        if TranslationOrder.objects.of(page.translation_key, KALAALLISUT).exists():
            continue
        due: date | None = None if days is None else local_day(at) + timedelta(days=days)
        order(
            page.translation_key,
            KALAALLISUT,
            at=at,
            by=people["redaktoer1"],
            owner=people[owner] if owner else None,
            due_on=due,
            note=note,
        )


def load_texts(people: dict[str, Person], *, at: datetime) -> None:
    """Order some rules; what has been ordered before is left alone."""
    rules = Rule.objects.filter(state=Rule.State.VERIFIED).order_by("key")[: len(RULES)]
    for rule, (owner, days) in zip(rules, RULES, strict=False):
        if TranslationOrder.objects.of(rule.pk, KALAALLISUT).exists():
            continue
        order(
            rule.pk,
            KALAALLISUT,
            at=at,
            by=people["redaktoer1"],
            owner=people[owner] if owner else None,
            due_on=local_day(at) + timedelta(days=days),
            kind="regler",
        )
