"""The demo's translators: what is ordered, and until when. No word of Kalaallisut is invented."""

from datetime import date, datetime, timedelta

from pages.models import LessonPage, TranslationOrder
from pages.translating.orders import order
from people.models import Person

#: One lesson after the other: translator, days until it is to be ready, note.
ORDERS = (
    ("oversaetter1", 6, "Brug ordene fra ordlisten. Loven først."),
    ("oversaetter1", -2, ""),
    ("", 20, ""),
    ("", None, "Den bliver brugt på seminaret."),
)


def load_orders(people: dict[str, Person], *, at: datetime) -> None:
    """Order some lessons; what has been ordered before, in whatever state, is left alone."""
    lessons = LessonPage.objects.live().filter(locale__language_code="da").order_by("path")
    for page, (owner, days, note) in zip(lessons[: len(ORDERS)], ORDERS, strict=False):
        if TranslationOrder.objects.of(page.translation_key, "kl").exists():
            continue
        due: date | None = None if days is None else at.date() + timedelta(days=days)
        order(
            page.translation_key,
            "kl",
            at=at,
            by=people["redaktoer1"],
            owner=people[owner] if owner else None,
            due_on=due,
            note=note,
        )
