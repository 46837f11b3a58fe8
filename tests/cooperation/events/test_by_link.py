"""Whoever has no account says how it was with a link from a mail; nobody else can, and once."""

import re
import uuid
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cooperation.events import by_link
from cooperation.events.actions.registering import Entry, save_delegation
from cooperation.events.reminding import ask_how_it_was
from cooperation.models import EvaluationAnswer, Event, Participant
from tests.factories.events import ANSWER_BY, STARTS, make_event, make_invitation
from tests.factories.people import AT, make_person

pytestmark = pytest.mark.django_db
ADDRESS = "anna@example.org"
DAY = timedelta(days=1)
#: Ten in the morning in Nuuk, two days after the last day of the seminar.
AFTERWARDS = AT.replace(year=STARTS.year, month=STARTS.month, day=STARTS.day + 3, hour=12)


@pytest.fixture
def event() -> Event:
    return make_event(title_da="Barnet skal høres")


@pytest.fixture
def anna(event: Event) -> Participant:
    return sign_up(event, ADDRESS)


@pytest.fixture(autouse=True)
def _afterwards(monkeypatch):
    cache.clear()
    monkeypatch.setattr(timezone, "now", lambda: AFTERWARDS)


def sign_up(event: Event, email: str) -> Participant:
    invitation = make_invitation(event, seats=2)
    people = [Entry(uuid.uuid4(), "Anna Demo", "social", email)]
    save_delegation(invitation, people, all_or_none=False, by=make_person(), at=AT)
    return invitation.participants.select_related("invitation__event").get()


def link_of(participant: Participant) -> str:
    token = by_link.token_of(participant)
    return reverse("cooperation:evaluate-by-link", args=[token])


def answer(client: Client, link: str, score: str = "4"):
    return client.post(link, {"q_1": score})


# --- The mail -------------------------------------------------------------------------------------


def test_the_mail_after_the_event_holds_the_link(event, anna, django_capture_on_commit_callbacks):
    mail.outbox.clear()

    with django_capture_on_commit_callbacks(execute=True):
        assert [ask_how_it_was(AFTERWARDS), ask_how_it_was(AFTERWARDS)] == [1, 0]

    message = mail.outbox[0]
    assert (message.to, len(mail.outbox)) == ([ADDRESS], 1)
    found = re.findall(r"https?://\S+/hvordan-var-det/\S+/", message.body)
    assert found == [by_link.address(anna)]
    assert found[0] in message.alternatives[0][0]
    assert answer(Client(), urlsplit(found[0]).path).status_code == 302


def test_whoever_has_neither_account_nor_address_is_not_asked(event, anna):
    Participant.objects.update(email="")

    assert ask_how_it_was(AFTERWARDS) == 0


# --- The page -------------------------------------------------------------------------------------


def test_answers_are_kept_once_and_lead_to_nobody(event, anna):
    client, link = Client(), link_of(anna)
    assert "Barnet skal høres" in client.get(link).text

    first, again = answer(client, link), answer(Client(), link, "1")

    assert (first.status_code, again.status_code) == (302, 302)
    assert [one.score for one in EvaluationAnswer.objects.all()] == [4]
    anna.refresh_from_db()
    assert anna.evaluated_on == AFTERWARDS.date()
    thanks = client.get(link).text
    assert "Du har svaret. Tak." in thanks
    assert 'name="q_1"' not in thanks


def test_nothing_about_others_and_no_way_inside(event, anna):
    other = sign_up(event, "bo@example.org")
    Participant.objects.filter(pk=other.pk).update(name="Bo Hemmelig")

    page = Client().get(link_of(anna))

    assert "Bo Hemmelig" not in page.text
    assert "Anna Demo" not in page.text
    assert ADDRESS not in page.text
    assert event.get_absolute_url() not in page.text
    assert page["Cache-Control"].startswith("max-age=0, no-cache, no-store")
    assert page["X-Robots-Tag"] == "noindex, nofollow"
    assert page["Referrer-Policy"] == "same-origin"
    assert "sessionid" not in page.cookies


def test_nothing_changes_when_a_program_looks_at_the_link(event, anna):
    for _ in range(3):
        Client().get(link_of(anna))
        Client().head(link_of(anna))

    anna.refresh_from_db()
    assert anna.evaluated_on is None
    assert not event.questions.exists()


def test_an_empty_sheet_and_a_number_like_a_persons_are_refused_and_kept_nowhere(event, anna):
    link = link_of(anna)
    number = "010180" + "1234"

    empty = Client().post(link, {})
    refused = Client().post(link, {"q_1": "5", "q_5": f"Sagen {number} gik godt."})

    assert (empty.status_code, refused.status_code) == (422, 422)
    assert not EvaluationAnswer.objects.exists()
    anna.refresh_from_db()
    assert anna.evaluated_on is None


# --- The wrong link -------------------------------------------------------------------------------


def refused(link: str) -> bool:
    pages = [Client().get(link), answer(Client(), link)]
    return (
        all(page.status_code == 404 and "Linket gælder ikke mere" in page.text for page in pages)
        and not EvaluationAnswer.objects.exists()
    )


@pytest.mark.parametrize("place", [0, 31, 32, 37, 38, 77])
def test_a_forged_link_opens_nothing(event, anna, place):
    """One letter of who, of the last day or of the signature is another."""
    token = by_link.token_of(anna)
    other = "a" if token[place] != "a" else "b"
    forged = token[:place] + other + token[place + 1 :]

    assert refused(reverse("cooperation:evaluate-by-link", args=[forged]))


@pytest.mark.parametrize("token", ["a", "a" * 77, "a" * 78, "a" * 79, "-" * 78, "z" * 78])
def test_what_is_no_link_opens_nothing(event, anna, token):
    assert refused(reverse("cooperation:evaluate-by-link", args=[token]))


def test_the_day_in_a_link_cannot_be_moved(event, anna):
    """A later last day with the signature of the earlier one."""
    token = by_link.token_of(anna)
    Event.objects.update(evaluate_until=STARTS + timedelta(days=99))
    anna.invitation.event.refresh_from_db()
    later = by_link.token_of(anna)

    assert refused(reverse("cooperation:evaluate-by-link", args=[later[:38] + token[38:]]))


@pytest.mark.parametrize(("days", "is_good"), [(0, True), (1, False)])
def test_a_link_is_good_until_its_last_day_and_not_after(event, anna, monkeypatch, days, is_good):
    link = link_of(anna)
    # Also where the host takes answers for longer by now.
    Event.objects.update(evaluate_until=STARTS + timedelta(days=99))
    last = event.evaluation_ends_on - AFTERWARDS.date() + timedelta(days=days)
    monkeypatch.setattr(timezone, "now", lambda: AFTERWARDS + last)

    assert (Client().get(link).status_code == 200) == is_good
    assert refused(link) != is_good


@pytest.mark.parametrize(
    "change",
    [
        lambda event, anna: Event.objects.update(evaluate_until=AFTERWARDS.date() - DAY),
        lambda event, anna: Event.objects.update(state="cancelled", cancelled_reason="Stormen"),
        lambda event, anna: Participant.objects.update(email="en.anden@example.org"),
        lambda event, anna: Participant.objects.update(email=""),
        lambda event, anna: Participant.objects.update(cancelled_at=AFTERWARDS),
        lambda event, anna: Participant.objects.update(seated_at=None),
        lambda event, anna: Participant.objects.all().delete(),
    ],
    ids=["answers over", "cancelled", "somebody else", "blanked", "signed off", "no seat", "gone"],
)
def test_a_link_ends_with_what_it_was_made_for(event, anna, change):
    link = link_of(anna)

    change(event, anna)

    assert refused(link)


def test_a_link_opens_its_own_event_alone(event, anna):
    """Its signature is for this: no other page of ours takes it, and no other token opens this."""
    elsewhere = sign_up(make_event(title_da="Et andet seminar"), "anna@example.org")

    page = Client().get(link_of(elsewhere)).text

    assert "Et andet seminar" in page
    assert "Barnet skal høres" not in page
    assert by_link.find(by_link.token_of(anna), on=AFTERWARDS.date()) == anna


def test_floods_stop_and_a_false_address_does_not_help(settings, event, anna):
    settings.SIDEMAND_EVALUATE_LIMIT = "3/m/ip"
    client, link = Client(), link_of(anna)

    codes = [
        client.get(link, headers={"x-forwarded-for": f"10.0.0.{number}"}).status_code
        for number in range(5)
    ]

    assert codes == [200, 200, 200, 429, 429]


@pytest.mark.parametrize("count", [1, 20])
def test_the_page_asks_the_same_however_many_took_part(
    event, anna, count, django_assert_num_queries
):
    for number in range(count):
        sign_up(event, f"bo{number}@example.org")
    Event.objects.update(answer_by=ANSWER_BY)
    link = link_of(anna)
    Client().get(link)

    with django_assert_num_queries(2):  # who it is, with event and town; the questions
        assert Client().get(link).status_code == 200
