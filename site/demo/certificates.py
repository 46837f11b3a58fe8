"""The demo's certificates, and what colleagues say of their own competences."""

from datetime import datetime, timedelta

from competences.actions import rate
from competences.models import Competence, Level, Rating
from courses.actions.certificates import issue_certificate
from courses.certificates.completions import COURSE, PATH
from courses.models import Certificate
from demo.content import demo_id
from demo.paths import work_through
from people.models import Person

#: Who has completed the course on reports, and its modules.
HOLDER, MODULES = "sagsbehandler11", [1, 2, 3, 4, 5]
#: Who has walked a learning path to its end.
WALKER, WALKED = "sagsbehandler4", "foerste-uge-som-sagsbehandler"
#: Who has rated themselves: enough for counts.
RATERS = [f"sagsbehandler{number}" for number in (1, 2, 3, 4, 5, 6, 7)]


def load_certificates(people: dict[str, Person], *, at: datetime) -> None:
    """One colleague has completed a course, another a path: their certificates, where missing."""
    person, done_at = people[HOLDER], at - timedelta(days=20)
    work_through({"person": HOLDER, "modules": MODULES}, person, at=done_at)
    course = demo_id("page", "course-underretninger")
    if not Certificate.objects.filter(person=person, completed_id=course).exists():
        issue_certificate(COURSE, course, person, language="da", at=done_at + timedelta(days=1))
    walker, path = people[WALKER], demo_id("path", WALKED)
    if not Certificate.objects.filter(person=walker, completed_id=path).exists():
        issue_certificate(PATH, path, walker, language="da", at=at - timedelta(days=8))


def load_ratings(people: dict[str, Person], *, at: datetime) -> None:
    """Let some colleagues say where they were in the autumn, and where they are now."""
    keys = list(
        Competence.objects.filter(framework__key="caseworker")
        .order_by("key")
        .values_list("pk", flat=True)
    )
    for number, name in enumerate(RATERS):
        person = people[name]
        if not Rating.objects.filter(person=person).exists():
            levels = {
                key: Level.values[(number + place) % len(Level.values)]
                for place, key in enumerate(keys[: 6 + number])
            }
            before = {
                key: Level.values[max(0, Level.values.index(level) - 1)]
                for key, level in levels.items()
            }
            rate(person, before, at=at - timedelta(days=45 + number))
            rate(person, levels, at=at - timedelta(days=10 + number))
