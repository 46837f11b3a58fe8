"""Fill an empty database for the bench, and print as JSON what the load needs to know.

Run as ``python -m bench.seed``; sizes come from the command line.
"""

import argparse
import json
import sys
import uuid
from datetime import timedelta
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402  after django.setup()
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.urls import reverse  # noqa: E402
from django.utils import timezone, translation  # noqa: E402
from wagtail.models import Page  # noqa: E402

from courses.actions import enrol, mark_read, renumber_course  # noqa: E402
from courses.models import Course, Enrolment, Lesson, LessonProgress, Module  # noqa: E402
from demo.content import demo_id  # noqa: E402
from pages.models import CataloguePage, CoursePage, LessonPage  # noqa: E402
from people.models import Person, User  # noqa: E402

LESSONS_PER_MODULE = 10


def sign_in(user: User) -> str:
    """A session of ``user``, as signing in makes one; its key."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return str(session.session_key)


def course_with(lesson_count: int, learner: Person) -> str:
    """A live course page whose record has so many lessons; its path. Half a module is read."""
    catalogue = CataloguePage.objects.get(locale__language_code="da")
    page = CoursePage(title=f"Kursus med {lesson_count} lektioner", slug=f"kursus-{lesson_count}")
    catalogue.add_child(instance=page)
    page.save_revision().publish()
    course = Course.objects.get(pk=page.translation_key)
    modules = [
        Module(
            id=uuid.uuid4(),
            course=course,
            position=number,
            titles={"da": f"Modul nummer {number}"},
            paths={"da": f"{page.url}modul-{number}/"},
            is_live=True,
        )
        for number in range(-(-lesson_count // LESSONS_PER_MODULE))
    ]
    Module.objects.bulk_create(modules)
    Lesson.objects.bulk_create(
        Lesson(
            id=uuid.uuid4(),
            course=course,
            module=modules[number // LESSONS_PER_MODULE],
            position=number,
            minutes=6,
            titles={"da": f"En lektion af almindelig længde, nummer {number}"},
            paths={"da": f"{page.url}modul/{number}/"},
            is_live=True,
        )
        for number in range(lesson_count)
    )
    renumber_course(course.pk)
    enrol(Course.objects.get(pk=course.pk), learner, at=timezone.now())
    for lesson in Lesson.objects.offered().filter(course=course)[: LESSONS_PER_MODULE // 2]:
        mark_read(lesson, learner, at=timezone.now())
    return str(page.url)


def add_learners(count: int, course: Course) -> None:
    """So many more people who take the course and have read a few of its lessons."""
    lessons = list(Lesson.objects.offered().filter(course=course)[:5])
    at = timezone.now()
    for begin in range(0, count, 5000):
        people = [
            Person(name=f"Opdigtet {number}") for number in range(begin, min(begin + 5000, count))
        ]
        Person.objects.bulk_create(people)
        Enrolment.objects.bulk_create(
            Enrolment(course=course, person=person, enrolled_at=at - timedelta(days=1))
            for person in people
        )
        LessonProgress.objects.bulk_create(
            [
                LessonProgress(lesson=lesson, person=person, opened_at=at, read_at=at, last_at=at)
                for person in people
                for lesson in lessons
            ],
            batch_size=5000,
        )


def first() -> dict[str, Any]:
    """Everything but the learners."""
    call_command("migrate", verbosity=0, run_syncdb=True)
    call_command("prepare", verbosity=0, stdout=sys.stderr)
    call_command("load_demo", "--json", verbosity=0, stdout=sys.stderr)
    translation.activate("da")
    people = {person.email.partition("@")[0]: person for person in Person.objects.all()}
    learner, mentor = people["sagsbehandler1"], people["mentor1"]
    quiz = next(
        page
        for page in LessonPage.objects.live().filter(locale__language_code="da").order_by("path")
        if any(block.block_type == "quiz" for block in page.body)
    )
    pairing = mentor.memberships.get().pairing
    caseworker = pairing.members.filter(side="caseworker").first()
    assert caseworker is not None
    return {
        "learner": sign_in(learner.user),
        "mentor": sign_in(mentor.user),
        "lesson": quiz.url,
        "courses": {count: course_with(count, learner) for count in (20, 200, 2000)},
        "catalogue": Page.objects.get(
            pk=CataloguePage.objects.get(locale__language_code="da").pk
        ).url,
        "start": reverse("start"),
        "session_form": reverse("mentoring:log"),
        "pairing": str(pairing.pk),
        "participant": str(caseworker.person_id),
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--learners", type=int, default=0)
    options = parser.parse_args()
    if options.learners:
        add_learners(options.learners, Course.objects.get(pk=demo_course()))
        print(json.dumps({}))
    else:
        print(json.dumps(first()))


def demo_course() -> uuid.UUID:
    """The key of the demo's first course."""
    page = CoursePage.objects.get(translation_key=demo_id("page", "course-underretninger"))
    return page.translation_key


if __name__ == "__main__":
    main()
