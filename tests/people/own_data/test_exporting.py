"""A copy of everything about me: whole, mine alone, private, and gone after a week."""

import io
import json
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone
from wagtail.models import UploadedFile
from wagtail.users.models import UserProfile

from core.declarations import all_records
from core.models import AccessLog
from people.models import DataExport, Person
from people.own_data.exporting import ask_for_export, make_export
from people.own_data.old import forget_old
from tests.factories.mentoring import make_person
from tests.people.own_data.seeding import seed

pytestmark = pytest.mark.django_db


def made(person: Person) -> DataExport:
    export = DataExport.objects.create(person=person, asked_at=timezone.now())
    make_export(export)
    return DataExport.objects.get(pk=export.pk)


def opened(export: DataExport) -> zipfile.ZipFile:
    with export.file.open("rb") as file:
        return zipfile.ZipFile(io.BytesIO(file.read()))


def browser(person: Person) -> Client:
    client = Client()
    assert person.user is not None
    client.force_login(person.user)
    return client


def close(response: Any) -> None:
    """Close the file alone: the whole answer's end would close the test's connection."""
    for closer in response._resource_closers:
        closer()


def test_a_copy_holds_every_model_that_points_to_me_and_every_word():
    mentor, caseworker, words = seed()
    DataExport.objects.all().delete()

    archives = [opened(made(person)) for person in (mentor, caseworker)]

    names = {name for archive in archives for name in archive.namelist()}
    declared = {f"data/{one.model}.json" for one in all_records() if one.mine}
    not_there = {"data/people.ErasureWish.json"}  # nobody wishes it
    assert declared - names == not_there
    said = "".join(
        archive.read(name).decode("utf-8", "replace")
        for archive in archives
        for name in archive.namelist()
    )
    hidden = {
        str(value)
        for one in all_records()
        for field in one.secret
        for value in one.model_class._base_manager.values_list(field, flat=True)
    } - {""}
    exported = [word for word in words if not any(word in value for value in hidden)]
    assert len(exported) > 50
    # The builder names files that are not there: of those the copy has the place alone.
    no_file = {
        word
        for word in exported
        for profile in UserProfile.objects.all()
        if word in str(profile.avatar)
    } | {
        word
        for word in exported
        for upload in UploadedFile.objects.all()
        if word in str(upload.file)
    }
    assert {word for word in exported if word not in said} == no_file
    assert all(value not in said for value in hidden)


def test_json_and_the_page_can_be_read():
    mentor, _caseworker, _words = seed()
    DataExport.objects.all().delete()

    archive = opened(made(mentor))

    for name in archive.namelist():
        if name.endswith(".json"):
            rows = json.loads(archive.read(name))
            assert rows, name
    (person,) = json.loads(archive.read("data/people.Person.json"))
    assert person["name"] == mentor.name
    page = archive.read("oversigt.html").decode()
    assert "Dine data" in page
    assert mentor.name in page


def test_what_belongs_to_others_stays_out():
    mentor, caseworker, _words = seed()
    DataExport.objects.all().delete()
    role = caseworker.roles.get()
    role.given_by = mentor
    role.save()

    archive = opened(made(mentor))

    said = b"".join(archive.read(name) for name in archive.namelist()).decode("utf-8", "replace")
    assert caseworker.name not in said
    assert caseworker.email not in said
    rows = json.loads(archive.read("data/people.Role.json"))
    given = next(row for row in rows if row.get("as") == ["given_by"])
    assert set(given) == {"id", "as", "starts_on", "ends_on", "given_at"}


def test_asking_twice_is_one_copy_and_a_new_one_takes_the_place_of_the_old():
    person = make_person("caseworker")
    now = timezone.now()

    first = ask_for_export(person, at=now)
    assert ask_for_export(person, at=now) == first
    make_export(first)
    old = DataExport.objects.get(pk=first.pk)
    second = ask_for_export(person, at=now)

    assert second != old
    assert list(DataExport.objects.all()) == [second]


def test_it_is_fetched_by_its_owner_alone_for_seven_days_and_that_is_noted():
    person, other = make_person("caseworker"), make_person("administrator", scope="country")
    export = made(person)
    address = f"/da/personer/mig/data/kopi/{export.pk}/"

    assert browser(other).get(address).status_code == 404
    assert Client().get(address).status_code == 302
    response = browser(person).get(address)
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"
    assert b"".join(response.streaming_content)[:2] == b"PK"
    close(response)
    assert AccessLog.objects.filter(action="fetch_export", record_id=str(person.pk)).count() == 1
    DataExport.objects.update(ready_at=timezone.now() - timedelta(days=7, seconds=-30))
    late = browser(person).get(address)
    assert late.status_code == 200
    close(late)
    DataExport.objects.update(ready_at=timezone.now() - timedelta(days=7))
    assert browser(person).get(address).status_code == 404


def test_the_file_goes_when_its_time_is_over(django_capture_on_commit_callbacks: object):
    export = made(make_person("caseworker"))
    name = export.file.name
    assert default_storage.exists(name)
    late = timezone.now() + timedelta(days=7, seconds=1)

    with django_capture_on_commit_callbacks(execute=True):
        forget_old(at=late)

    assert not DataExport.objects.exists()
    assert not default_storage.exists(name)


def test_the_page_asks_the_same_number_of_queries_for_one_line_and_for_many(
    django_assert_max_num_queries: object,
):
    person = make_person("caseworker")
    client = browser(person)
    client.get("/da/personer/mig/data/set/")
    AccessLog.objects.bulk_create(
        AccessLog(
            at=timezone.now(),
            actor=person.user,
            action="view",
            kind="people.person",
            record_id=str(person.pk),
        )
        for _ in range(120)
    )

    with django_assert_max_num_queries(15):
        response = client.get("/da/personer/mig/data/set/")

    assert len(response.context["lines"]) == 50
    assert "page=3" in response.content.decode()
