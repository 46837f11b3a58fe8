"""Good practice: written by members, looked through by somebody else, read by everybody."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client, RequestFactory
from django.urls import reverse

from cooperation.models import Practice
from cooperation.permissions import (
    readable_practices,
    reviewable_practices,
    translatable_practices,
    written_practices,
)
from cooperation.practice.actions import (
    approve,
    practice_seen,
    save_practice,
    send_back,
    send_for_review,
    take_back,
    translate_practice,
    withdraw,
)
from cooperation.practice.start import to_review
from cooperation.refusals import CooperationRefused
from notices.models import Notice
from people.models import Person
from tests.factories.cooperation import standing
from tests.factories.people import AT, make_person, make_role, make_town

pytestmark = pytest.mark.django_db


@pytest.fixture
def author() -> Person:
    return make_person(make_role("caseworker", make_town("Ilulissat")))


@pytest.fixture
def reviewer() -> Person:
    return make_person(make_role("reviewer"))


def write(author: Person, key: uuid.UUID | None = None, **changes: Any) -> Practice:
    facts: dict[str, Any] = {
        "seen": None,
        "title_da": "Sagslisten om mandagen",
        "problem_da": "Ingen vidste, hvad der lå stille.",
        "done_da": "Listen gennemgås sammen.",
        "ask": "Familieafdelingen",
        "source": "Opdigtet",
        "organisation": make_town("Ilulissat").municipality,
        "initiatives": [],
    }
    return save_practice(key or uuid.uuid4(), by=author, **({"at": AT} | facts | changes))


def publish(author: Person, reviewer: Person, **changes: Any) -> Practice:
    practice = send_for_review(write(author, **changes), by=author, at=AT)
    return approve(practice, seen=practice_seen(practice), by=reviewer, at=AT)


def client_of(person: Person) -> Client:
    client = Client()
    client.force_login(person.user)
    return client


def test_nobody_approves_their_own_and_what_is_needed_is_asked_for(author, reviewer):
    empty = write(author, source="")
    with pytest.raises(CooperationRefused) as missing:
        send_for_review(empty, by=author, at=AT)
    own = send_for_review(write(reviewer), by=reviewer, at=AT)
    with pytest.raises(CooperationRefused) as refusal:
        approve(own, seen=practice_seen(own), by=reviewer, at=AT)

    assert (missing.value.code, refusal.value.code) == ("empty", "outside")
    assert own not in reviewable_practices(standing(reviewer))


def test_it_is_read_once_approved_and_stays_while_the_next_text_is_written(author, reviewer):
    practice = publish(author, reviewer)
    seen = practice_seen(practice)

    changed = write(author, practice.pk, seen=seen, title_da="Sagslisten om tirsdagen")

    assert changed.state == "draft"
    assert changed.live.title == "Sagslisten om mandagen"
    assert list(readable_practices(standing(reviewer))) == [practice]
    waiting = send_for_review(changed, by=author, at=AT)
    approve(waiting, seen=practice_seen(waiting), by=reviewer, at=AT)
    practice.refresh_from_db()
    assert practice.live.title == "Sagslisten om tirsdagen"
    assert list(practice.versions.order_by("number").values_list("number", flat=True)) == [1, 2]


def test_who_approves_has_read_what_is_approved(author, reviewer):
    practice = send_for_review(write(author), by=author, at=AT)
    seen = practice_seen(practice)
    take_back(practice)
    practice.refresh_from_db()
    write(author, practice.pk, seen=practice_seen(practice), effect_da="Alt blev godt.")
    send_for_review(practice, by=author, at=AT)

    with pytest.raises(CooperationRefused) as refusal:
        approve(practice, seen=seen, by=reviewer, at=AT)

    assert refusal.value.code == "changed"


def test_sent_back_it_says_what_is_missing_and_its_author_is_told(author, reviewer):
    practice = send_for_review(write(author), by=author, at=AT)
    with pytest.raises(CooperationRefused):
        send_back(practice, note=" ", by=reviewer, at=AT)

    for _ in range(2):
        send_back(practice, note="Hvem kan man spørge?", by=reviewer, at=AT)

    practice.refresh_from_db()
    assert (practice.state, practice.note) == ("returned", "Hvem kan man spørge?")
    told = Notice.objects.get(kind="cooperation.practice_returned")
    assert told.person == author


def test_drafts_are_for_their_writers_and_the_coordinators_of_whose_they_are(author):
    draft = write(author)
    ilulissat, sisimiut = (make_town(name).municipality for name in ("Ilulissat", "Sisimiut"))
    people = {
        "author": author,
        "own": make_person(make_role("coordinator", ilulissat)),
        "country": make_person(make_role("coordinator")),
        "other": make_person(make_role("coordinator", sisimiut)),
        "leader": make_person(make_role("leader", ilulissat)),
    }

    written = {
        name: draft in written_practices(standing(person)) for name, person in people.items()
    }

    assert written == {
        "author": True,
        "own": True,
        "country": True,
        "other": False,
        "leader": False,
    }
    addresses = [
        draft.get_absolute_url(),
        reverse("cooperation:write-practice", args=[draft.pk]),
        reverse("cooperation:review-practice", args=[draft.pk]),
        reverse("cooperation:kl-practice", args=[draft.pk]),
    ]
    other = client_of(people["other"])
    assert {other.get(address).status_code for address in addresses} == {404}


def test_a_translator_writes_kalaallisut_that_is_read_at_once_and_found(author, reviewer):
    practice = publish(author, reviewer)
    translator = make_person(make_role("translator"))
    seen = practice_seen(practice)

    assert list(translatable_practices(standing(translator))) == [practice]
    assert not translatable_practices(standing(author)).exists()
    for _ in range(2):
        translate_practice(practice, seen=seen, by=translator, at=AT, title_kl="[kl] Suliat")

    practice.refresh_from_db()
    assert practice.live.content["title"]["kl"] == "[kl] Suliat"
    assert practice.versions.count() == 2
    assert list(Practice.objects.live().found_by(["suliat"])) == [practice]


def test_it_is_found_by_every_word_it_says_whatever_its_spelling(author, reviewer):
    practice = publish(author, reviewer, effect_da="ĸujalleĸ gjorde det samme.")
    publish(author, reviewer, title_da="Noget andet")
    client = client_of(author)
    address = reverse("cooperation:library")

    found = client.post(address, {"q": "qujalleq mandagen"})
    refused = client.post(address, {"q": "0101" + "01-1234"})

    assert list(found.context["page"].object_list) == [practice]
    assert (refused.status_code, list(refused.context["page"].object_list)) == (422, [])


def test_off_the_shelf_only_its_writers_see_it_until_it_is_put_back(author, reviewer):
    practice = publish(author, reviewer)
    reader = client_of(make_person(make_role("mentor", make_town())))

    withdraw(practice, at=AT)
    gone = reader.get(practice.get_absolute_url()).status_code
    own = client_of(author).get(practice.get_absolute_url()).status_code
    withdraw(practice, at=AT, back=True)

    assert (gone, own) == (404, 200)
    assert reader.get(practice.get_absolute_url()).status_code == 200


def test_what_was_taken_off_stays_off_until_its_new_text_is_approved(author, reviewer):
    practice = publish(author, reviewer)
    withdraw(practice, at=AT)
    practice.refresh_from_db()
    seen = practice_seen(practice)

    changed = write(author, practice.pk, seen=seen, done_da="Det samme igen.", send=True)

    assert changed.state == "review"
    assert not Practice.objects.live().exists()
    approve(changed, seen=practice_seen(changed), by=reviewer, at=AT)
    assert list(Practice.objects.live()) == [practice]


def test_who_wrote_or_sent_the_text_of_somebody_else_does_not_approve_it(author, reviewer):
    wrote, sent, country = (make_person(make_role("coordinator")) for _ in range(3))
    practice = write(author)
    practice = write(wrote, practice.pk, seen=practice_seen(practice), done_da="Noget andet.")
    practice = send_for_review(practice, by=sent, at=AT)
    seen = practice_seen(practice)

    for own in (author, wrote, sent):
        assert not reviewable_practices(standing(own)).exists()
        for refused in (
            lambda by: approve(practice, seen=seen, by=by, at=AT),
            lambda by: send_back(practice, note="Mere.", by=by, at=AT),
        ):
            with pytest.raises(CooperationRefused) as refusal:
                refused(own)
            assert refusal.value.code == "outside"
    address = reverse("cooperation:practice-step", args=[practice.pk, "godkend"])
    assert client_of(wrote).post(address, {"seen": seen}).status_code == 404
    assert list(reviewable_practices(standing(country))) == [practice]

    approve(practice, seen=seen, by=country, at=AT + timedelta(hours=1))
    later = AT + timedelta(days=1)
    practice.refresh_from_db()
    again = write(author, practice.pk, seen=None, done_da="Endnu mere.", send=True, at=later)
    assert list(reviewable_practices(standing(wrote))) == [practice]  # the next is not theirs
    approve(again, seen=practice_seen(again), by=wrote, at=later)


def test_members_take_nothing_off_the_shelf(author, reviewer):
    practice = publish(author, reviewer)
    address = reverse("cooperation:practice-step", args=[practice.pk, "tag-ned"])

    codes = {
        name: client_of(person).post(address).status_code
        for name, person in (("author", author), ("reviewer", reviewer))
    }

    assert codes == {"author": 404, "reviewer": 302}
    practice.refresh_from_db()
    assert practice.withdrawn_at is not None


def test_a_caseworker_writes_one_and_sends_it_from_the_page(author):
    client = client_of(author)
    sent = {
        "key": str(uuid.uuid4()),
        "kind": "effort",
        "title_da": "Sagslisten",
        "problem_da": "Ingen vidste det.",
        "done_da": "Vi så på listen.",
        "ask": "Familieafdelingen",
        "source": "Os selv",
        "organisation": make_town("Ilulissat").municipality.pk,
    }
    address = reverse("cooperation:create-practice")

    kept = client.post(address, {**sent, "do": "keep"})
    again = client.post(address, {**sent, "do": "keep"})
    practice = Practice.objects.get()
    page = reverse("cooperation:write-practice", args=[practice.pk])
    seen = client.get(page).context["form"].initial["seen"]
    client.post(page, {**sent, "seen": seen, "do": "send"})

    practice.refresh_from_db()
    assert kept["Location"] == again["Location"] == page
    assert practice.state == "review"


def test_sent_with_something_missing_it_is_asked_for_and_sent_when_it_is_there(author):
    practice = write(author)
    client = client_of(author)
    page = reverse("cooperation:write-practice", args=[practice.pk])
    initial = client.get(page).context["form"].initial
    sent = {name: value for name, value in initial.items() if value and name != "initiatives"}
    sent["organisation"] = practice.organisation_id

    refused = client.post(page, {**sent, "source": "", "title_da": "Nyt navn", "do": "send"})
    again = {**sent, "title_da": "Nyt navn", "do": "send"}
    again["seen"] = refused.context["form"]["seen"].value()
    done = client.post(page, again)

    assert refused.status_code == 422
    assert list(refused.context["form"].errors) == ["source"]
    assert done.status_code == 302
    practice.refresh_from_db()
    assert (practice.state, practice.title_da) == ("review", "Nyt navn")


def test_a_new_one_that_is_sent_with_something_missing_can_be_sent_again(author):
    client = client_of(author)
    address = reverse("cooperation:create-practice")
    sent = {
        "key": str(uuid.uuid4()),
        "kind": "effort",
        "title_da": "Sagslisten",
        "problem_da": "Ingen vidste det.",
        "done_da": "Vi så på listen.",
        "source": "Os selv",
        "organisation": make_town("Ilulissat").municipality.pk,
        "do": "send",
    }

    assert client.post(address, sent).status_code == 422
    assert client.post(address, {**sent, "ask": "Familieafdelingen"}).status_code == 302
    assert Practice.objects.get().state == "review"


def section_of(person: Person) -> str:
    """What the first page says of examples."""
    page = client_of(person).get(reverse("start"))
    return "".join(
        str(one)
        for one in BeautifulSoup(page.content, "html.parser").select("section")
        if one.select('a[href*="/gennemse/"]')
    )


def test_what_waits_stands_on_the_first_page_of_whoever_looks_it_through(author, reviewer):
    country = make_person(make_role("coordinator"))
    assert section_of(reviewer) == ""

    waiting = send_for_review(write(author), by=author, at=AT)
    own = send_for_review(write(country, title_da="Mit eget"), by=country, at=AT)

    address = reverse("cooperation:review-practice", args=[waiting.pk])
    assert address in section_of(reviewer)
    assert address in section_of(country)
    assert own.title_da in section_of(reviewer)
    assert own.title_da not in section_of(country)
    assert section_of(author) == ""


@pytest.mark.parametrize("count", [1, 9])
def test_the_first_page_asks_the_same_however_many_wait(
    author, reviewer, count, django_assert_num_queries
):
    for _ in range(count):
        send_for_review(write(author), by=author, at=AT)
    now = standing(reviewer)

    with django_assert_num_queries(3):  # which wait; which one has written; some of them
        section = to_review(RequestFactory().get("/"), now)

    assert len(section.context["waiting"]) == min(count, 5)


@pytest.mark.parametrize("count", [1, 9])
def test_the_library_asks_the_same_however_many_examples_there_are(
    author, reviewer, count, django_assert_num_queries
):
    for _ in range(count):
        publish(author, reviewer)
    client = client_of(author)
    address = reverse("cooperation:library")
    client.get(address)

    with django_assert_num_queries(5):  # account, roles; how many, a page of them; the own
        page = client.get(address)

    assert len(page.context["page"].object_list) == count
