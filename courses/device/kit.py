"""What belongs to one person of the courses they have taken along: how far they are, what they can.

Lessons and cases travel as pieces, the same for everybody; this lies sealed on the device.
"""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db.models import Model
from django.utils import translation

from competences.models import CompetenceText, Level, Rating
from competences.overview import frameworks_for
from core.periods import not_retired
from courses.models import CasePlay, LessonProgress
from people.permissions import Standing

#: More than anybody reads in a year.
MOST_LESSONS = 5_000


def courses_kit(standing: Standing) -> tuple[dict[str, Any], Sequence[Model]] | None:
    """What a person has read, played and said of themselves. Five queries, whatever there is."""
    person = standing.person
    if person is None:
        return None
    read = LessonProgress.objects.filter(
        person=person, read_at__isnull=False, lesson__sequence__isnull=False
    )
    frameworks = frameworks_for(person, on=standing.day)
    texts = (
        CompetenceText.objects.in_force(on=standing.day)
        .filter(not_retired(standing.day, "version__framework__"))
        .select_related("version__framework")
        .order_by("sort_order", "pk")
    )
    by_framework: dict[Any, list[Any]] = {framework.pk: [] for framework in frameworks}
    for text in texts:
        by_framework.setdefault(text.version.framework_id, []).append(
            (str(text.competence_id), _both(text, "title"))
        )
    kit = {
        "schema": 1,
        "read": [
            str(key)
            for key in read.order_by("lesson").values_list("lesson", flat=True)[:MOST_LESSONS]
        ],
        "cases": {
            str(case): ending
            for case, ending in CasePlay.objects.best_of(person).values_list("case", "ending")
        },
        "levels": {
            str(key): level
            for key, level in Rating.objects.current()
            .filter(person=person)
            .order_by("competence")
            .values_list("competence", "level")
        },
        "level_names": _level_names(),
        "frameworks": [
            {"title": _both(framework, "title"), "competences": by_framework[framework.pk]}
            for framework in frameworks
            if by_framework[framework.pk]
        ],
    }
    return kit, []


def _both(one: Any, name: str) -> dict[str, str]:
    """A text in the languages that it exists in."""
    texts = {code: getattr(one, f"{name}_{code}") for code, _name in settings.LANGUAGES}
    return {code: text for code, text in texts.items() if text}


def _level_names() -> list[tuple[str, dict[str, str]]]:
    names: dict[str, dict[str, str]] = {value: {} for value in Level.values}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            for value, label in Level.choices:
                names[value][code] = str(label)
    return list(names.items())
