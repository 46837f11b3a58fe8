"""Who translated a text is not who lets it go live, by whatever door."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page, Revision
from wagtail_localize.models import TranslationSource

from notices.due import run_due
from pages import setup
from pages.models import LessonPage, TranslationApproval
from pages.translating.second_eyes import TranslationRefused
from people.models import Person
from tests.factories.pages import edit, in_kalaallisut, make_home, make_lesson_page, text, translate
from tests.factories.translating import make_staff, publish, write
from tests.pages.test_richtext import form_of

OWN = "Du har selv oversat noget af det her."


@pytest.fixture
def both() -> Person:
    """Somebody who translates and may publish."""
    return make_staff("reviewer", "translator", name="Oversætter Demo 1")


@pytest.fixture
def other() -> Person:
    """Somebody else who may publish."""
    return make_staff("reviewer", name="Godkender Demo 2")


@pytest.fixture
def lesson() -> LessonPage:
    """A Danish lesson that everybody reads."""
    return make_lesson_page(title="Titel", body=[text("<p>Læs.</p>")])


def browser(person: Person) -> Client:
    client = Client()
    client.force_login(person.user)
    return client


def edit_url(page: Page) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def read(page: LessonPage) -> str:
    """What readers see under ``/kl/``."""
    return Client().get(in_kalaallisut(page).url).content.decode()


def approval() -> tuple[Person | None, list[Person]]:
    """Who looked at the one approved text, and who wrote it."""
    found = TranslationApproval.objects.get()
    return found.approved_by, list(found.translated_by.all())


def test_wagtail_localize_does_not_publish_what_one_has_translated_oneself(lesson, both):
    write(lesson, {"Titel": "[kl] titel"}, both)

    answer = browser(both).post(
        edit_url(in_kalaallisut(lesson)), {"action": "publish"}, follow=True
    )

    assert OWN in answer.content.decode()
    assert in_kalaallisut(lesson).title == "Titel"
    assert "[kl] titel" not in read(lesson)
    assert not TranslationApproval.objects.exists()


def test_wagtail_localize_publishes_for_the_second_pair_of_eyes(
    lesson, both, other, django_capture_on_commit_callbacks
):
    write(lesson, {"Titel": "[kl] titel"}, both)

    with django_capture_on_commit_callbacks(execute=True):
        browser(other).post(edit_url(in_kalaallisut(lesson)), {"action": "publish"})

    assert "[kl] titel" in read(lesson)
    assert approval() == (other, [both])
    assert TranslationApproval.objects.get().published_at is not None


def test_wagtail_localize_leaves_nothing_unapproved_on_a_live_page(lesson, both):
    task = write(lesson, {"Titel": "[kl] titel"}, both)

    with pytest.raises(ValidationError):
        task.save_target(user=both.user, publish=False)

    assert in_kalaallisut(lesson).title == "Titel"


@pytest.mark.parametrize("is_other", [True, False])
def test_bringing_in_step_publishes_for_other_eyes_alone(lesson, both, other, is_other):
    write(lesson, {"Titel": "[kl] titel"}, both)
    source = TranslationSource.objects.get()
    address = reverse("wagtail_localize:update_translations", args=[source.pk])
    who = make_staff("reviewer", "editor", name="Redaktør Demo 3") if is_other else both

    answer = browser(who).post(address, {"publish_translations": "on"}, follow=True)

    assert ("[kl] titel" in read(lesson)) is is_other
    assert (OWN in answer.content.decode()) is not is_other


def test_bringing_in_step_publishes_for_nobody_who_may_not_publish(lesson, both):
    write(lesson, {"Titel": "[kl] titel"}, both)
    source = TranslationSource.objects.get()
    address = reverse("wagtail_localize:update_translations", args=[source.pk])

    browser(make_staff("editor")).post(address, {"publish_translations": "on"})

    assert "[kl] titel" not in read(lesson)


def test_the_page_editor_keeps_ones_own_text_as_a_draft(lesson, both):
    page = translate(in_kalaallisut(lesson))
    form = {**form_of(page, []), "title": "[kl] min egen", "action-publish": "1"}

    answer = browser(both).post(edit_url(page), form, follow=True)

    assert OWN in answer.content.decode()
    assert in_kalaallisut(lesson).title == "Titel"
    assert in_kalaallisut(lesson).get_latest_revision_as_object().title == "[kl] min egen"


def test_the_page_editor_publishes_for_the_second_pair_of_eyes(lesson, both, other):
    page = translate(in_kalaallisut(lesson))
    form = {**form_of(page, []), "title": "[kl] en andens"}
    browser(both).post(edit_url(page), form)

    browser(other).post(edit_url(page), {**form, "action-publish": "1"})

    assert in_kalaallisut(lesson).title == "[kl] en andens"
    assert approval() == (other, [both])


def test_who_changes_a_word_while_looking_asks_the_next_one(lesson, both, other):
    page = translate(in_kalaallisut(lesson))
    browser(both).post(edit_url(page), {**form_of(page, []), "title": "[kl] første"})

    browser(other).post(
        edit_url(page), {**form_of(page, []), "title": "[kl] anden", "action-publish": "1"}
    )
    assert in_kalaallisut(lesson).title == "Titel"

    browser(both).post(
        edit_url(page), {**form_of(page, []), "title": "[kl] anden", "action-publish": "1"}
    )
    assert in_kalaallisut(lesson).title == "[kl] anden"


def test_a_review_is_not_approved_by_who_wrote_the_text(lesson, both, other):
    setup.create_workflow(make_home())
    page = translate(in_kalaallisut(lesson))
    form = {**form_of(page, []), "title": "[kl] til gennemgang"}
    approve = {**form, "action-workflow-action": "1", "workflow-action-name": "approve"}
    browser(both).post(edit_url(page), {**form, "action-submit": "1"})

    answer = browser(both).post(edit_url(page), approve, follow=True)
    assert OWN in answer.content.decode()
    assert in_kalaallisut(lesson).title == "Titel"

    browser(other).post(edit_url(page), approve)
    assert in_kalaallisut(lesson).title == "[kl] til gennemgang"
    assert approval() == (other, [both])


def test_several_pages_at_once_are_not_published_by_who_wrote_one(lesson, both, other):
    page = translate(in_kalaallisut(lesson))
    page.title = "[kl] på én gang"
    page.save_revision(user=both.user)
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    address += f"?id={page.pk}"

    answer = browser(both).post(address, follow=True)
    assert OWN in answer.content.decode()
    assert in_kalaallisut(lesson).title == "Titel"

    browser(other).post(address)
    assert in_kalaallisut(lesson).title == "[kl] på én gang"


def test_code_that_names_who_publishes_is_asked_too(lesson, both, other):
    page = translate(in_kalaallisut(lesson))
    page.title = "[kl] fra kode"
    revision = page.save_revision(user=both.user)

    for user in (both.user, None):  # without a name it is who saved it
        with pytest.raises(TranslationRefused) as refusal:
            revision.publish(user=user)
        assert refusal.value.code == "own_work"
    assert in_kalaallisut(lesson).title == "Titel"

    revision.publish(user=other.user)
    assert in_kalaallisut(lesson).title == "[kl] fra kode"


def plan(page: Any, by: Person, writer: Person) -> Revision:
    """Plan a new title, written by ``writer``."""
    page.title = "[kl] planlagt"
    page.go_live_at = timezone.now() + timedelta(hours=2)
    revision = page.save_revision(user=writer.user)
    revision.publish(user=by.user)
    return revision


def test_what_is_planned_needs_other_eyes_when_it_is_planned(lesson, both, other):
    page = translate(in_kalaallisut(lesson))

    with pytest.raises(TranslationRefused):
        plan(page, by=both, writer=both)
    revision = plan(page, by=other, writer=both)
    passed = timezone.now() - timedelta(minutes=1)
    Revision.objects.filter(pk=revision.pk).update(
        approved_go_live_at=passed, content={**revision.content, "go_live_at": passed.isoformat()}
    )
    run_due(at=timezone.now() + timedelta(minutes=2))

    assert in_kalaallisut(lesson).title == "[kl] planlagt"
    assert approval() == (other, [both])


def test_what_was_planned_before_anybody_asked_for_other_eyes_still_goes_live(lesson, both, other):
    page = translate(in_kalaallisut(lesson))
    plan(page, by=other, writer=both)
    TranslationApproval.objects.all().delete()
    revision = page.revisions.latest("pk")
    passed = timezone.now() - timedelta(minutes=1)
    Revision.objects.filter(pk=revision.pk).update(
        approved_go_live_at=passed, content={**revision.content, "go_live_at": passed.isoformat()}
    )

    run_due(at=timezone.now() + timedelta(minutes=2))

    assert in_kalaallisut(lesson).title == "[kl] planlagt"
    assert TranslationApproval.objects.get().approved_by is None


def test_no_door_writes_unapproved_words_into_a_live_page(lesson, both):
    page = translate(in_kalaallisut(lesson))
    page.title = "[kl] uden om"

    with pytest.raises(TranslationRefused) as refusal:
        page.save()

    assert refusal.value.code == "not_approved"
    assert in_kalaallisut(lesson).title == "Titel"


def test_what_is_still_danish_needs_no_eyes(lesson, both):
    write(lesson, {}, both)

    browser(both).post(edit_url(in_kalaallisut(lesson)), {"action": "publish"})

    assert in_kalaallisut(lesson).live
    assert not TranslationApproval.objects.exists()


def test_what_stands_there_already_is_published_again_by_anybody(lesson, both, other):
    write(lesson, {"Titel": "[kl] titel"}, both)
    publish(lesson, other)

    in_kalaallisut(lesson).save_revision(user=both.user).publish(user=both.user)

    assert TranslationApproval.objects.count() == 1


def test_a_text_from_before_is_approved_when_it_comes_back(lesson, both, other):
    page = translate(in_kalaallisut(lesson))
    for title, by in (("[kl] a", other), ("[kl] b", other), ("[kl] a", both)):
        page = LessonPage.objects.get(pk=page.pk)
        page.title = title
        page.save_revision(user=both.user).publish(user=by.user)

    assert in_kalaallisut(lesson).title == "[kl] a"


def test_danish_pages_are_published_by_who_wrote_them(both):
    page = make_lesson_page(title="Dansk", live=False)
    page.title = "Ny dansk titel"

    page.save_revision(user=both.user).publish(user=both.user)

    assert LessonPage.objects.get(pk=page.pk).title == "Ny dansk titel"
    assert not TranslationApproval.objects.exists()


def test_an_older_danish_text_is_known_by_its_words(lesson, both, other, client: Client):
    write(lesson, {"Titel": "[kl] titel", "Læs.": "[kl] a"}, both)
    publish(lesson, other)

    edit(lesson, minutes=9)
    assert "Den danske tekst er nyere" not in read(lesson)

    edit(lesson, body=[text("<p>Læs begge sider.</p>")])
    assert "Den danske tekst er nyere" in read(lesson)
