"""People on paths as a coordinator meets them, and what the pages say of them."""

import re
from datetime import timedelta

from bs4 import BeautifulSoup
from django.utils import timezone

from core.periods import local_day
from courses.models import Assignment
from people.models import Person, Role
from tests.factories.people import SINCE, make_person, make_role, make_town

DAY = timedelta(days=1)


def caseworker(name, town="Upernavik"):
    return make_person(make_role("caseworker", make_town(town)), name=name)


def walk(person, path, *, assigned=1, due=None, last=None, done=None):
    """An assignment so many days ago, due in so many days."""
    now, today = timezone.now(), local_day(timezone.now())
    return Assignment.objects.create(
        path=path,
        person=person,
        origin="coordinator",
        assigned_at=now - assigned * DAY,
        due_on=None if due is None else today + due * DAY,
        last_at=None if last is None else now - last * DAY,
        completed_at=None if done is None else now - done * DAY,
        step_count=1,
        done_count=0 if done is None else 1,
    )


def of(response):
    return BeautifulSoup(response.content, "html.parser")


def words(element):
    return re.sub(r"\s+", " ", element.get_text(" ")).strip()


def listed(page):
    return [words(row.th).removeprefix("Vælg ") for row in page.select("main form tbody tr")]


OVERVIEW = "/da/laering/overblik/"


def many(path, how_many, town):
    """So many people on the path, written at once."""
    people = Person.objects.bulk_create(
        Person(name=f"Opdigtet {number:05}") for number in range(how_many)
    )
    Role.objects.bulk_create(
        Role(person=person, key="caseworker", scope="town", place=town, starts_on=SINCE)
        for person in people
    )
    Assignment.objects.bulk_create(
        Assignment(
            path=path,
            person=person,
            origin="rule",
            assigned_at=timezone.now() - 30 * DAY,
            due_on=local_day(timezone.now()) - DAY,
            step_count=1,
        )
        for person in people
    )
