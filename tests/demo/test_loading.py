"""When the demo is loaded, when it is left alone, and what it prints.

Loading takes a minute, so all of these look at one that was loaded once.
"""

from collections.abc import Iterator
from io import StringIO
from typing import Any

import pypdfium2
import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client, override_settings
from django.utils import timezone

from cooperation.models import Decision, Event, Meeting, Pact
from core.periods import local_day
from courses.actions.paths import possible_steps
from courses.models import Certificate, LearningPath, PathStep
from demo.content import demo_id
from demo.models import LoadedDemo
from demo.people import PASSWORD
from pages.editing.faults import faults_of
from pages.editing.weighing import weigh
from pages.models import BasePage, InformationPage
from people.models import Organisation, Person, Place, Role, User
from tests.demo_picture import DemoPicture
from tests.factories.pages import make_home
from tests.factories.people import make_person

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture(autouse=True)
def _clean_media() -> None:
    """The files of the demo stay as long as the demo."""


@pytest.fixture(scope="module")
def printed(demo_picture: DemoPicture, django_db_blocker: Any) -> Iterator[list[dict[str, str]]]:
    """The demo, and what ``load_demo --json`` said of it; gone after the module."""
    with (
        django_db_blocker.unblock(),
        override_settings(SIDEMAND_DEMO=True),
        demo_picture.stands(),
        transaction.atomic(),
    ):
        yield demo_picture.accounts
        transaction.set_rollback(True)


def load(*options: str) -> str:
    """Load the demo; what was said."""
    said = StringIO()
    with override_settings(SIDEMAND_DEMO=True):
        call_command("load_demo", *options, stdout=said, stderr=StringIO())
    return said.getvalue()


def counts() -> dict[str, int]:
    """How many rows each table has."""
    return {
        model._meta.label: model._base_manager.count()
        for model in apps.get_models(include_auto_created=True)
        if not model._meta.proxy
    }


@pytest.mark.parametrize("account", [True, False], ids=["with an account", "invited"])
def test_a_database_in_which_people_work_gets_nothing_of_the_demo(account):
    make_person(account=account)
    before = counts()

    for options in ([], ["--once"]):
        with pytest.raises(CommandError, match="Nothing of the demo was loaded") as refused:
            load(*options)

        assert refused.value.returncode == 3
    assert counts() == before


def test_json_names_role_address_password_and_scope_of_each_account(printed):
    scopes = {
        "country",
        *(f"municipality:{key}" for key in Organisation.objects.values_list("key", flat=True)),
        *(f"town:{key}" for key in Place.objects.values_list("key", flat=True)),
    }

    assert {row["role"] for row in printed} == set(Role.Key.values)
    assert {row["password"] for row in printed} == {PASSWORD}
    assert {row["scope"] for row in printed} <= scopes
    users = User.objects.all()
    assert {row["email"] for row in printed} == {user.email for user in users}
    assert len(users) > 20
    assert all(user.check_password(PASSWORD) for user in users)


def test_it_shows_two_paths_and_the_certificates_of_a_course_and_of_a_path(printed):
    today = local_day(timezone.now())
    paths = LearningPath.objects.offered(on=today)

    assert sorted(path.key for path in paths) == [
        "foerste-uge-som-sagsbehandler",
        "mentor-paa-vej",
    ]
    assert all(path.steps.exists() for path in paths)
    steps = PathStep.objects.all()
    assert {step.completes for step in steps} == {"read", "quiz", "case", "practice"}
    assert possible_steps(steps) == set(steps)
    assert sorted(Certificate.objects.values_list("completed", flat=True)) == ["course", "path"]


def test_loading_it_again_changes_nothing(printed):
    before = counts()

    said = load()

    assert "• Demo: people" in said
    assert {name: count for name, count in counts().items() if count != before[name]} == {}


def test_loading_it_once_does_nothing_where_all_of_it_is_there(printed):
    assert "• Demo" not in load("--once")


@pytest.mark.parametrize("content", [None, "that of an earlier release"])
def test_half_a_demo_and_one_of_an_earlier_release_are_made_whole(printed, content):
    """The last thing that is loaded is gone, and nobody has said that all of it is there."""
    devices = apps.get_model("devices.Device")._base_manager
    before = devices.count()
    devices.all().delete()
    LoadedDemo.objects.all().delete()
    if content:
        LoadedDemo.objects.create(content=content)

    said = load("--once")

    assert "• Demo: people" in said
    assert devices.count() == before > 0
    assert "• Demo" not in load("--once")


def test_whoever_tries_it_out_may_invite_somebody_and_it_stays_a_demo(printed):
    make_person(name="Else Prøvende")

    assert "Demo logins" in load("--once")


def test_a_demo_whose_accounts_are_all_closed_is_none_any_more(printed):
    User.objects.update(is_active=False)
    LoadedDemo.objects.all().delete()
    make_person(name="Else Ansat")

    with pytest.raises(CommandError, match="Nothing of the demo was loaded"):
        load("--once")


def test_every_demo_page_is_within_the_budget_and_every_link_leads_somewhere(printed):
    pages = [
        page
        for model in BasePage.__subclasses__()
        for page in model.objects.live().filter(alias_of=None)
    ]

    assert len(pages) > 70
    assert {page.title: weigh(page).problems for page in pages if weigh(page).is_heavy} == {}
    assert {page.title: faults for page in pages if (faults := faults_of(page))} == {}
    heaviest = max(pages, key=lambda page: weigh(page).first_visit)
    assert weigh(heaviest).first_visit > 12_000  # it is weighed at all


def test_the_agreement_of_the_demo_has_a_document_that_says_it_is_invented(printed):
    pact = Pact.objects.get(pk=demo_id("pact", "skole-familie"))
    paper = pact.papers.get()

    with paper.file.open() as file:
        pages = pypdfium2.PdfDocument(file.read())
    assert len(pages) == 1
    assert "Opdigtet." in pages[0].get_textpage().get_text_range()
    assert paper.size == paper.file.size < 50_000

    def read_by(key: str) -> int:
        client = Client()
        client.force_login(Person.objects.get(pk=demo_id("person", key)).user)
        with override_settings(SIDEMAND_SECOND_FACTOR=False):
            answer = client.get(paper.get_absolute_url())
        if answer.streaming:  # read to its end, so that it is closed
            assert b"".join(answer.streaming_content).startswith(b"%PDF")
        return answer.status_code

    assert read_by("koordinator1") == 200
    assert read_by("mentor2") in {403, 404}


def test_what_came_of_the_seminar_was_decided_and_is_late_at_the_next_meeting(printed):
    event = Event.objects.get(pk=demo_id("event", "barnet-skal-hoeres"))
    [decision] = Decision.objects.filter(from_event__event=event)
    [action] = decision.actions.all()
    meeting = Meeting.objects.get(pk=demo_id("meeting", "styregruppe-vinter"))

    assert decision.source == event.title_da
    assert decision.body == meeting.body
    assert action.is_late(on=local_day(timezone.now()))
    client = Client()
    client.force_login(Person.objects.get(pk=demo_id("person", "koordinator1")).user)
    with override_settings(SIDEMAND_SECOND_FACTOR=False):
        page = client.get(meeting.get_absolute_url()).text
    assert action.text in page


def test_the_demo_shows_only_pairs_whose_sides_are_both_known(printed):
    page = InformationPage.objects.get(slug="danmark-og-groenland", locale__language_code="da")

    found = [one.value for one in page.body]

    assert len(found) == 12
    for value in found:
        here = value["rule"].state if value["rule"] else value["here_state"]
        assert (here, value["there_state"]) in {("verified", "verified"), ("press", "press")}
    lesson = make_home().get_descendants().get(slug="andre-paragraffer-andre-frister").specific
    assert f'linktype="page" id="{page.pk}"' not in (drawn := str(lesson.body))
    assert 'href="/da/danmark-og-groenland/"' in drawn
