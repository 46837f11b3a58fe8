"""The translators' queue: ordered, taken, sent on, looked at, published, told to who asked."""

from datetime import date, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail_localize.models import Translation

from core.periods import local_day
from notices.models import Notice
from notices.saying import say
from pages.actions import ask_for_translation
from pages.models import LessonPage, TranslationApproval, TranslationOrder, TranslationRequest
from pages.translating import orders, second_eyes
from pages.translating.second_eyes import TranslationRefused
from people.models import Person
from tests.factories.courses import make_learner
from tests.factories.pages import block, edit, in_kalaallisut, make_lesson_page, text
from tests.factories.translating import make_staff, publish, write

State = TranslationOrder.State


def take(lesson: LessonPage, by: Person) -> TranslationOrder:
    return orders.take(lesson.translation_key, "kl", by, at=timezone.now())


def segments() -> list[str]:
    """The Danish texts that a translator sees, but for the address."""
    found = Translation.objects.get().source.stringsegment_set.exclude(context__path="slug")
    return [segment.string.data for segment in found.order_by("order")]


def press(person: Person, lesson: LessonPage, do: str, **fields: str) -> Any:
    client = Client()
    client.force_login(person.user)
    address = reverse("do_with_translation", args=[lesson.translation_key, "kl"])
    return client.post(address, {"do": do, **fields}, follow=True)


def shown(person: Person, lesson: LessonPage) -> str:
    """The version that the page of the translation carries for ``person``."""
    client = Client()
    client.force_login(person.user)
    address = reverse("translation", args=[lesson.translation_key, "kl"])
    page = BeautifulSoup(client.get(address).content, "html.parser")
    return str(page.select_one("input[name=seen]")["value"])


def test_who_takes_a_page_finds_its_segments_to_translate(lesson, one):
    order = take(lesson, one)

    assert (order.owner, order.state) == (one, State.OPEN)
    assert in_kalaallisut(lesson).alias_of is None
    assert segments() == ["Titel", "Læs."]


def test_a_page_is_with_one_translator_at_a_time(lesson, one, two):
    take(lesson, one)

    with pytest.raises(TranslationRefused) as refusal:
        take(lesson, two)

    assert refusal.value.code == "taken"
    assert TranslationOrder.objects.get().owner == one


def test_taking_twice_changes_nothing(lesson, one):
    assert take(lesson, one) == take(lesson, one)


def test_what_is_given_back_can_be_taken_by_somebody_else(lesson, one, two):
    order = take(lesson, one)

    orders.hand_over(order.pk, None, at=timezone.now())

    assert take(lesson, two).owner == two


def test_it_is_handed_over_to_translators_alone(lesson, one, two):
    order = take(lesson, one)

    assert orders.hand_over(order.pk, two, at=timezone.now()).owner == two
    with pytest.raises(TranslationRefused) as refusal:
        orders.hand_over(order.pk, make_learner(), at=timezone.now())
    assert refusal.value.code == "not_a_translator"
    order.refresh_from_db()
    assert order.owner == two


def test_a_page_is_ordered_once_and_the_second_order_changes_the_first(lesson, one):
    due, at = date(2027, 1, 5), timezone.now()
    first = orders.order(lesson.translation_key, "kl", at=at, by=one)

    second = orders.order(
        lesson.translation_key, "kl", at=at, by=one, owner=one, due_on=due, note="Loven først."
    )

    assert first == second
    kept = TranslationOrder.objects.get()
    assert (kept.owner, kept.due_on, kept.note) == (one, due, "Loven først.")


def test_nothing_new_is_not_sent_on(lesson, one):
    order = take(lesson, one)

    with pytest.raises(TranslationRefused) as refusal:
        orders.submit(order.pk, one, at=timezone.now())

    assert refusal.value.code == "nothing_new"
    order.refresh_from_db()
    assert order.state == State.OPEN


def test_the_whole_way_from_taken_to_published(lesson, one, two):
    order = take(lesson, one)
    write(lesson, {"Titel": "[kl] titel"}, one)
    orders.submit(order.pk, one, at=timezone.now())

    publish(lesson, two)

    order.refresh_from_db()
    assert in_kalaallisut(lesson).title == "[kl] titel"
    assert (order.state, order.submitted_by, order.closed_by) == (State.DONE, one, two)


def test_who_translated_does_not_approve(lesson, one):
    order = take(lesson, one)
    write(lesson, {"Titel": "[kl] titel"}, one)
    orders.submit(order.pk, one, at=timezone.now())

    with pytest.raises(TranslationRefused) as refusal:
        publish(lesson, one)

    assert refusal.value.code == "own_work"
    order.refresh_from_db()
    assert order.state == State.REVIEW
    assert in_kalaallisut(lesson).title == "Titel"


def test_a_page_whose_danish_one_is_withdrawn_is_not_published(lesson, one, two):
    take(lesson, one)
    write(lesson, {"Titel": "[kl] titel"}, one)
    lesson.unpublish()

    with pytest.raises(TranslationRefused) as refusal:
        publish(lesson, two)

    assert refusal.value.code == "not_live"


def test_it_is_sent_back_with_a_remark(lesson, one, two):
    order = take(lesson, one)
    write(lesson, {"Titel": "[kl] titel"}, one)
    orders.submit(order.pk, one, at=timezone.now())

    orders.send_back(order.pk, "Brug ordet fra loven.")

    order.refresh_from_db()
    assert (order.state, order.owner, order.remark) == (State.OPEN, one, "Brug ordet fra loven.")
    orders.submit(order.pk, one, at=timezone.now())
    order.refresh_from_db()
    assert order.remark == ""


def test_what_is_closed_stays_closed(lesson, one):
    order = take(lesson, one)
    orders.drop(order.pk, one, at=timezone.now())

    for step in (
        lambda: orders.submit(order.pk, one, at=timezone.now()),
        lambda: orders.hand_over(order.pk, one, at=timezone.now()),
        lambda: orders.send_back(order.pk, "Nej."),
        lambda: orders.drop(order.pk, one, at=timezone.now()),
    ):
        with pytest.raises(TranslationRefused) as refusal:
            step()
        assert refusal.value.code == "closed"
    assert take(lesson, one) != order


def test_taking_it_again_brings_the_segments_in_step_with_the_danish_text(lesson, one):
    take(lesson, one)
    edit(lesson, body=[*lesson.body.raw_data, text("<p>Skriv.</p>")])

    take(lesson, one)

    assert segments() == ["Titel", "Læs.", "Skriv."]


def test_who_asked_is_told_once_when_it_can_be_read(lesson, one, two, client):
    asker = make_learner("Sagsbehandler Demo 7")
    ask_for_translation(lesson.translation_key, "kl", asker, at=timezone.now())
    take(lesson, one)
    write(lesson, {"Titel": "[kl] titel"}, one)

    publish(lesson, two)
    edit(in_kalaallisut(lesson))

    (notice,) = Notice.objects.filter(person=asker)
    told = say(notice)
    assert told.title == "»[kl] titel« kan nu læses på kalaallisut"
    assert TranslationRequest.objects.get().answered_at is not None
    client.force_login(asker.user)
    assert client.get(told.url)["Location"] == in_kalaallisut(lesson).url


def test_who_has_not_asked_is_not_led_to_it(lesson, one, two, client):
    write(lesson, {"Titel": "[kl] titel"}, one)
    publish(lesson, two)
    client.force_login(make_learner().user)

    assert (
        client.get(reverse("ask_for_translation", args=[lesson.translation_key])).status_code == 200
    )


def test_a_wish_that_was_answered_can_be_made_anew(lesson, one, two):
    asker = make_learner()
    ask_for_translation(lesson.translation_key, "kl", asker, at=timezone.now())
    write(lesson, {"Titel": "[kl] titel"}, one)
    publish(lesson, two)

    ask_for_translation(lesson.translation_key, "kl", asker, at=timezone.now())

    assert TranslationRequest.objects.get().answered_at is None


def test_publishing_what_is_still_danish_tells_nobody(lesson, one):
    ask_for_translation(lesson.translation_key, "kl", make_learner(), at=timezone.now())

    take(lesson, one)

    assert TranslationRequest.objects.get().answered_at is None
    assert TranslationOrder.objects.get().state == State.OPEN


# --- In the admin -------------------------------------------------------------------------------


def test_a_translator_goes_the_way_with_buttons(lesson, one, two):
    assert "/edit/" in press(one, lesson, "take").redirect_chain[-1][0]
    write(lesson, {"Titel": "[kl] titel"}, one)
    press(one, lesson, "submit")

    own = press(one, lesson, "approve", seen=shown(two, lesson)).content.decode()
    assert "Du har selv oversat noget af det her." in own
    press(two, lesson, "approve", seen=shown(two, lesson))

    assert in_kalaallisut(lesson).title == "[kl] titel"
    assert TranslationOrder.objects.get().closed_by == two


@pytest.fixture
def waiting(lesson, one) -> TranslationOrder:
    """A translation that the first translator has sent to other eyes."""
    order = take(lesson, one)
    write(lesson, {"Titel": "[kl] titel"}, one)
    return orders.submit(order.pk, one, at=timezone.now())


def test_words_changed_after_they_were_looked_at_do_not_go_live(lesson, waiting, one, two):
    seen = shown(two, lesson)
    write(lesson, {"Titel": "[kl] anden titel"}, one)

    answer = press(two, lesson, "approve", seen=seen).content.decode()

    assert "er ændret, siden du så på den" in answer
    assert "[kl] anden titel" in answer
    assert in_kalaallisut(lesson).title == "Titel"
    assert not TranslationApproval.objects.exists()
    assert TranslationOrder.objects.get().state == State.REVIEW
    press(two, lesson, "approve", seen=shown(two, lesson))
    assert in_kalaallisut(lesson).title == "[kl] anden titel"


def test_a_list_that_is_stored_without_ids_can_be_approved(one, two):
    page = make_lesson_page(
        title="Titel", body=[block("checklist", {"title": "Før", "items": ["Ring", "Skriv"]})]
    )
    order = take(page, one)
    write(page, {"Titel": "[kl] titel"}, one)
    orders.submit(order.pk, one, at=timezone.now())

    press(two, page, "approve", seen=shown(two, page))

    assert in_kalaallisut(page).title == "[kl] titel"


def test_a_form_without_a_version_is_asked_once(lesson, waiting, two):
    press(two, lesson, "approve")

    assert in_kalaallisut(lesson).title == "Titel"


@pytest.mark.parametrize(("is_live", "code"), [(True, "not_approved"), (False, "stale")])
@pytest.mark.usefixtures("waiting")
def test_words_written_while_it_is_published_do_not_go_live(
    lesson, one, two, *, monkeypatch, is_live, code
):
    def approve(*args: Any, **how: Any) -> None:
        second_eyes.approve(*args, **how)
        write(lesson, {"Titel": "[kl] anden titel"}, one)

    LessonPage.objects.filter(pk=in_kalaallisut(lesson).pk).update(live=is_live)
    monkeypatch.setattr(orders, "approve", approve)

    with pytest.raises(TranslationRefused, check=lambda refusal: refusal.code == code):
        publish(lesson, two)

    page = in_kalaallisut(lesson)
    assert (page.title, page.live) == ("Titel", is_live)


@pytest.mark.parametrize(
    ("role", "do"),
    [("editor", "approve"), ("editor", "send_back"), ("reviewer", "take"), ("reviewer", "order")],
)
def test_some_buttons_are_for_others(lesson, one, role, do):
    take(lesson, one)
    write(lesson, {"Titel": "[kl] titel"}, one)
    before = list(TranslationOrder.objects.values())

    press(make_staff(role), lesson, do, remark="Igen.")

    assert list(TranslationOrder.objects.values()) == before
    assert in_kalaallisut(lesson).title == "Titel"


def test_a_number_like_a_citizens_is_not_kept_in_a_note(lesson, one):
    answer = press(one, lesson, "order", note="Ring om 010203-1234")

    assert answer.status_code == 422
    assert not TranslationOrder.objects.exists()


def test_a_remark_must_say_something_and_what_was_written_stays(lesson, one, two):
    order = take(lesson, one)
    write(lesson, {"Titel": "[kl] titel"}, one)
    orders.submit(order.pk, one, at=timezone.now())

    assert press(two, lesson, "send_back", remark="").status_code == 422
    long = press(two, lesson, "send_back", remark="x" * 501)

    assert long.status_code == 422
    assert "x" * 501 in long.content.decode()
    order.refresh_from_db()
    assert order.state == State.REVIEW


def test_an_overdue_order_says_so(lesson, one):
    today = local_day(timezone.now())
    client = Client()
    client.force_login(one.user)
    for due, is_overdue in ((today, False), (today - timedelta(days=1), True)):
        orders.order(lesson.translation_key, "kl", at=timezone.now(), by=one, owner=one, due_on=due)
        for address in (reverse("translation_queue"), "/da/start/"):
            assert ("Over tid" in client.get(address).content.decode()) is is_overdue
