"""Fill an empty database for the bench, and print as JSON what the load needs to know.

Run as ``python -m bench.seed``; sizes come from the command line.
"""

# ruff: noqa: E402  What Django must be set up for comes after its set-up.

import argparse
import json
import logging
import sys
import uuid
from collections.abc import Callable
from datetime import date, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import django

django.setup()

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.management import call_command
from django.db import connection
from django.db.models import Count
from django.urls import reverse
from django.utils import timezone, translation

from bench.bare.models import Row
from bench.many import add_walkers
from bench.sessions import add_sessions
from bench.statistics import refresh_statistics
from competences.overview import numbers_for
from cooperation.models import HalfYearReport
from cooperation.reports.actions import begin_report, correct_report, freeze_report
from cooperation.reports.content import Scope
from cooperation.reports.current import frame_of_report
from cooperation.reports.halves import HalfYear
from cooperation.reports.sections.sessions import grouped
from core.periods import local_day
from courses.actions import enrol, renumber_course, take_path
from courses.coordination.exporting import Export
from courses.coordination.oversight import Report
from courses.coordination.progress import by_path, by_town
from courses.models import (
    Assignment,
    Course,
    Enrolment,
    LearningPath,
    Lesson,
    LessonProgress,
    Module,
    PathStep,
    Question,
    StepDone,
)
from courses.quizzes.statistics import figures
from demo.content import demo_id
from mentoring.models import Session
from pages.models import CataloguePage, CoursePage, LessonPage
from people.models import Organisation, Person, Place, Role, User
from people.permissions import standing_of

LESSONS_PER_MODULE = 10
COURSES = (10, 20, 100, 200, 1000, 2000)
SINCE = date(2020, 1, 1)
#: As many as the line of issuing asks for, warm-up included.
CERTIFICATES = 500


def sign_in(user: User, backend: str = settings.AUTHENTICATION_BACKENDS[0]) -> str:
    """A session of ``user``, as signing in makes one; its key."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = backend
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return str(session.session_key)


def learner_of(number: int) -> Person:
    """A caseworker of Sisimiut with an account, who has done nothing yet."""
    user = User.objects.create(email=f"laerer{number}@example.org")
    person = Person.objects.create(name=f"Opdigtet {number}", email=user.email, user=user)
    town = Place.objects.get(key="sisimiut")
    Role.objects.create(
        person=person, key=Role.Key.CASEWORKER, scope=Role.Scope.TOWN, place=town, starts_on=SINCE
    )
    return person


def course_with(lesson_count: int) -> tuple[str, str]:
    """A live course page whose record has so many lessons, half of them read by its one learner.

    Its path, and the learner's session.
    """
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
    learner, at = learner_of(lesson_count), timezone.now()
    enrol(Course.objects.get(pk=course.pk), learner, at=at)
    half = Lesson.objects.offered().filter(course=course, sequence__lte=lesson_count // 2)
    LessonProgress.objects.bulk_create(
        LessonProgress(
            lesson=lesson,
            person=learner,
            opened_at=at,
            read_at=at,
            last_at=at + timedelta(seconds=lesson.sequence or 0),
        )
        for lesson in half
    )
    return str(page.url), sign_in(learner.user)


def add_learners(count: int, course: Course) -> None:
    """People who take the course and have read a few of its lessons, until there are so many."""
    lessons = list(Lesson.objects.offered().filter(course=course)[:5])
    at = timezone.now()
    for begin in range(Enrolment.objects.filter(course=course).count(), count, 5000):
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
    refresh_statistics()


def demo() -> dict[str, Any]:
    """The demo, and the sessions and addresses of those who open it."""
    logging.disable(logging.INFO)
    call_command("prepare", stdout=sys.stderr)
    call_command("load_demo", "--json", stdout=StringIO())
    translation.activate("da")
    learner, mentor = _person("sagsbehandler1"), _person("mentor1")
    quiz = next(
        page
        for page in LessonPage.objects.live().filter(locale__language_code="da").order_by("path")
        if any(block.block_type == "quiz" for block in page.body)
    )
    return {
        "sessions": {"learner": sign_in(learner.user), "mentor": sign_in(mentor.user)},
        "sign_in": reverse("account_login"),
        "lesson": quiz.url,
        "quiz": reverse("courses:quiz", args=[quiz.translation_key]),
        "start": reverse("start"),
        "session_form": reverse("mentoring:log"),
    }


def first() -> dict[str, Any]:
    """Everything but the learners."""
    found, mentor = demo(), _person("mentor1")
    with connection.schema_editor() as editor:
        editor.create_model(Row)
    pairing = mentor.memberships.get().pairing
    caseworker = pairing.members.filter(side="caseworker").order_by("pk")[0]
    courses = {count: course_with(count) for count in COURSES}
    found["sessions"] |= {
        "bare": sign_in(mentor.user, "django.contrib.auth.backends.ModelBackend"),
        **{f"learner of {count}": session for count, (_url, session) in courses.items()},
    }
    return found | {
        "map": reverse("competences:map"),
        "courses": {count: url for count, (url, _session) in courses.items()},
        "catalogue": CataloguePage.objects.get(locale__language_code="da").url,
        "pairing": str(pairing.pk),
        "participant": str(caseworker.person_id),
    }


def _person(name: str) -> Person:
    return Person.objects.get(email__startswith=f"{name}@")


def with_sessions(count: int) -> dict[str, Any]:
    """So many sessions in the country, and the session of who coordinates it."""
    add_sessions(count, at=timezone.now())
    return {"coordinator": sign_in(coordinator()), "start": reverse("start")}


def coordinator() -> User:
    """Who coordinates the country; made once."""
    user, is_new = User.objects.get_or_create(email="bench-koordinator@example.org")
    if is_new:
        person = Person.objects.create(name="Opdigtet Koordinator", email=user.email, user=user)
        Role.objects.create(person=person, key="coordinator", scope="country", starts_on=SINCE)
    return user


def add_report(count: int) -> dict[str, Any]:
    """A path of twenty modules that ``count`` people walk, half of it done; who looks at them.

    The sessions of its coordinator and of one walker, the addresses, and the SQL behind the
    tables and behind their counts, for the database to run by itself.
    """
    translation.activate("da")
    at, town = timezone.now(), Place.objects.get(key="sisimiut")
    modules = list(Module.objects.filter(course__titles__da="Kursus med 200 lektioner"))
    path, is_new = LearningPath.objects.get_or_create(
        key="bench", defaults={"title_da": "Bench", "is_offered": True}
    )
    if is_new:
        PathStep.objects.bulk_create(
            PathStep(path=path, module=module, sort_order=number)
            for number, module in enumerate(modules)
        )
    add_walkers(path, modules, town, count, at=at)
    user = coordinator()
    learner = Person.objects.get(email="laerer200@example.org")
    take_path(path, learner, at=at)
    half_year = report_of_the_country(user.person, at=at)
    refresh_statistics()
    sql = {}
    if connection.vendor == "postgresql":
        sql = sql_behind(user, path, at=at) | {
            "half-year report": written(
                lambda: list(grouped(frame_of_report(half_year, on=local_day(at)))), "GROUP BY"
            )
        }
    return {
        "coordinator": sign_in(user),
        "editor": sign_in(User.objects.get(email="redaktoer1@example.org")),
        "walker": sign_in(learner.user),
        "done": [sign_in(one) for one in done_with(path, modules, at=at)] if is_new else [],
        "path": reverse("courses:path", args=[path.key]),
        "certificate": reverse("courses:path-certificate", args=[path.key]),
        "csv": f"{reverse('courses:export-csv')}?forloeb={path.key}",
        "reports": {
            "overview": f"{reverse('courses:oversight')}?forloeb={path.key}",
            "progress in numbers": reverse("courses:progress"),
            "competences in numbers": reverse("competences:counts"),
            "question statistics": reverse("courses_statistics"),
            "half-year report": half_year.get_absolute_url(),
        },
        "sql": sql,
    }


def report_of_the_country(by: Person, *, at: datetime) -> HalfYearReport:
    """A draft about the last half-year, for which every municipality has delivered.

    The demo's is frozen, and a frozen one is read back: a newer edition of it adds up anew.
    """
    half = HalfYear.ended(at=at)
    for municipality in Organisation.objects.filter(kind=Organisation.Kind.MUNICIPALITY):
        freeze_report(begin_report(Scope(municipality), half, by=by, at=at), by=by, at=at)
    report = begin_report(Scope(), half, by=by, at=at)
    if not report.is_frozen:
        return report
    return correct_report(report, reason="Der er talt om.", by=by, at=at)


def done_with(path: LearningPath, modules: list[Module], *, at: datetime) -> list[User]:
    """People with accounts who have completed ``path`` and have no certificate yet."""
    users = User.objects.bulk_create(
        User(email=f"faerdig{number}@example.org") for number in range(CERTIFICATES)
    )
    people = Person.objects.bulk_create(
        Person(name="Opdigtet Færdig", email=user.email, user=user) for user in users
    )
    walked = Assignment.objects.bulk_create(
        Assignment(
            path=path,
            person=person,
            origin="self",
            assigned_at=at - timedelta(days=30),
            completed_at=at,
            last_at=at,
            step_count=len(modules),
            done_count=len(modules),
        )
        for person in people
    )
    StepDone.objects.bulk_create(
        StepDone(assignment=one, module=module, completes="read", done_at=at)
        for one in walked
        for module in modules
    )
    return users


def sql_behind(user: User, path: LearningPath, *, at: datetime) -> dict[str, list[str]]:
    """What the database has to do for each report at least, as SQL that it can run by itself."""
    standing = standing_of(user)
    report = Report.asked(standing, {"forloeb": path.key}, at=at)
    table = Export(report, note=lambda _keys: None).query()
    states = report.assignments.order_by().values("completed_at", "due_on")
    return {
        "copy": written(lambda: list(table[:1]), ""),
        "overview": written(lambda: list(states.annotate(n=Count("pk"))), "GROUP BY"),
        "progress in numbers": written(
            lambda: (by_town(standing, at=at), by_path(standing, at=at)), "GROUP BY"
        ),
        "competences in numbers": written(lambda: numbers_for(standing), "GROUP BY"),
        "question statistics": written(lambda: figures(Question.objects.all()), "GROUP BY"),
    }


def kept(sessions: list[str]) -> int:
    """How many of these sessions are there, with the version that says what was done."""
    there = 0
    for begin in range(0, len(sessions), 500):  # SQLite takes so many values in a query, no more
        some = Session.objects.filter(pk__in=sessions[begin : begin + 500])
        there += some.filter(current__isnull=False).count()
    return there


def written(read: Callable[[], object], holding: str) -> list[str]:
    """The queries of ``read`` that hold ``holding``, with their values written in."""
    found: list[str] = []

    def keep(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if holding in sql and "$1" not in sql:
            found.append(context["cursor"].mogrify(sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(keep):
        read()
    return [sql.removesuffix(" LIMIT 1") for sql in found]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--demo", action="store_true", help="only the demo")
    parser.add_argument("--report", type=int, default=0, help="only so many people on one path")
    parser.add_argument("--learners", type=int, default=0, help="only bring them to this number")
    parser.add_argument("--sessions", type=int, default=0, help="only bring them to this number")
    parser.add_argument("--kept", type=Path, help="only count which of these are there")
    options = parser.parse_args()
    if options.kept:
        print(json.dumps({"kept": kept(json.loads(options.kept.read_text()))}))
    elif options.demo:
        print(json.dumps(demo()))
    elif options.report:
        print(json.dumps(add_report(options.report)))
    elif options.sessions:
        print(json.dumps(with_sessions(options.sessions)))
    elif options.learners:
        add_learners(
            options.learners, Course.objects.get(pk=demo_id("page", "course-underretninger"))
        )
        print(json.dumps({}))
    else:
        print(json.dumps(first()))


if __name__ == "__main__":
    main()
