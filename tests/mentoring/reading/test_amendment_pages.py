"""Amending and linking in the browser: who may, what is shown to whom, what is kept."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.periods import local_day
from mentoring.actions import SessionRefused, confirm_sessions, end_member, erase_session, link
from mentoring.models import Amendment, Pairing, SameHour, Session
from people.models import Person
from tests.factories.mentoring import (
    caseworker_of,
    make_pairing,
    make_person,
    mentor_of,
    people_of,
    send,
)
from tests.mentoring.test_writing_pages import filled, hidden

pytestmark = pytest.mark.django_db
Browse = Callable[[Person], Client]
Sent = Callable[..., Session]


@pytest.fixture
def locked(pairing: Pairing, sent: Sent) -> Session:
    session = sent()
    confirm_sessions(caseworker_of(pairing), [session.current_id], at=timezone.now())
    session.refresh_from_db()
    return session


@pytest.fixture
def mentor(pairing: Pairing, browse: Browse) -> Client:
    return browse(mentor_of(pairing))


def amend(client: Client, session: Session, **changes: Any) -> Any:
    """Open the form, change something, send it."""
    address = reverse("mentoring:amend", args=[session.pk])
    page = client.get(address).content.decode()
    form = filled(
        session.pairing,
        session=session.pk,
        minutes="45",
        reason="time",
        note="Vi begyndte senere.",
        **{key: hidden(page, key) for key in ("version", "parent")},
    )
    return client.post(address, form | changes, follow=True)


def shown_first(client: Client) -> dict[str, Any]:
    """The sections of the start page."""
    sections = client.get(reverse("start")).context["sections"]
    return {section.template: section.context for section, _fill in sections}


def test_amendment_is_sent_read_confirmed_and_holds(
    pairing: Pairing, mentor: Client, locked: Session, browse: Browse
) -> None:
    receipt = amend(mentor, locked)

    assert "kan bekræfte rettelsen nu" in receipt.context["next"]
    locked.refresh_from_db()
    assert locked.minutes == 90
    colleague = browse(caseworker_of(pairing))
    amendment = Amendment.objects.get()
    start = colleague.get(reverse("start")).content.decode()
    assert f'name="version" value="{amendment.version_id}"' in start
    page = colleague.get(locked.get_absolute_url()).content.decode()
    assert "Vi begyndte senere." in page
    assert page.index("En rettelse venter") < page.index("Det, der gælder indtil da")

    done = colleague.post(
        reverse("mentoring:confirm"), {"version": amendment.version_id}, follow=True
    )

    assert [card.session for card in done.context["done"]] == [locked]
    locked.refresh_from_db()
    assert locked.minutes == 45
    page = colleague.get(locked.get_absolute_url())
    assert "En rettelse venter" not in page.content.decode()
    assert [told["minutes"] for told in page.context["versions"]] == [45, 90]


def test_form_begins_with_what_holds_then_with_what_waits(mentor: Client, locked: Session) -> None:
    address = reverse("mentoring:amend", args=[locked.pk])
    assert mentor.get(address).context["form"]["minutes"].value() == 90

    amend(mentor, locked)

    form = mentor.get(address).context["form"]
    assert (form["minutes"].value(), form["note"].value()) == (45, "Vi begyndte senere.")
    assert form["parent"].value() == str(Amendment.objects.get().version_id)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"reason": ""}, "reason"),
        ({"reason": "gardening"}, "reason"),
        ({"minutes": "0"}, "minutes"),
        ({"note": "-".join(["010190", "1234"])}, "note"),
        ({"note": "x" * 201}, "note"),
        ({"minutes": "90"}, "__all__"),
    ],
)
def test_what_is_in_the_way_is_said_and_every_letter_stays(
    mentor: Client, locked: Session, changes: dict[str, str], field: str
) -> None:
    texts = {"went_well": locked.current.content["went_well"]}
    same = {"next_step": locked.current.content["next_step"], "topics": locked.topics}
    spoken = {"languages": ["da", "kl-west"], "interpreter": "not_needed"}

    response = amend(mentor, locked, **texts | same | spoken | changes)

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert texts["went_well"] in response.content.decode()
    assert not Amendment.objects.exists()


def test_note_is_looked_at_once_more(mentor: Client, locked: Session) -> None:
    response = amend(mentor, locked, note="Barnet er 7 år.")
    assert response.status_code == 422
    assert [one["passage"] for one in response.context["passages"]] == ["7 år"]

    seen = hidden(response.content.decode(), "as_it_is")
    assert amend(mentor, locked, note="Barnet er 7 år.", as_it_is=seen).status_code == 200
    assert Amendment.objects.get().note == "Barnet er 7 år."


def test_second_mentor_who_amends_meanwhile_reads_first(
    pairing: Pairing, browse: Browse, sent: Sent
) -> None:
    one, other = people_of(pairing, "mentor")
    session = sent(caseworkers=[caseworker_of(pairing), other])
    confirm_sessions(caseworker_of(pairing), [session.current_id], at=timezone.now())
    slow = browse(other)
    address = reverse("mentoring:amend", args=[session.pk])
    opened = slow.get(address).content.decode()
    amend(browse(one), session)
    form = filled(
        pairing,
        session=session.pk,
        minutes="30",
        reason="time",
        went_well="Skrevet imens.",
        **{key: hidden(opened, key) for key in ("version", "parent")},
    )

    response = slow.post(address, form)

    page = response.content.decode()
    assert response.status_code == 422
    assert "Skrevet imens." in page
    assert Amendment.objects.count() == 1
    assert slow.post(address, form | {"parent": hidden(page, "parent")}).status_code == 302
    assert [one.is_pending for one in Amendment.objects.order_by("version__number")] == [
        False,
        True,
    ]


def test_double_press_is_one_amendment(mentor: Client, locked: Session) -> None:
    version = str(uuid.uuid4())
    for _press in range(2):
        response = amend(mentor, locked, version=version, parent=locked.current_id)
        assert response.status_code == 200
    assert Amendment.objects.count() == 1


def test_author_alone_takes_it_back(
    pairing: Pairing, mentor: Client, locked: Session, browse: Browse
) -> None:
    amend(mentor, locked)
    address = reverse("mentoring:take-back", args=[locked.pk])
    for person in (caseworker_of(pairing), people_of(pairing, "mentor")[1]):
        assert browse(person).post(address).status_code in {403, 404}
    assert Amendment.objects.get().is_pending

    assert mentor.post(address)["Location"] == locked.get_absolute_url()

    assert not Amendment.objects.get().is_pending
    assert mentor.post(address).status_code == 404


def test_nobody_else_amends(pairing: Pairing, locked: Session, sent: Sent, browse: Browse) -> None:
    address = reverse("mentoring:amend", args=[locked.pk])
    elsewhere = make_pairing()
    for person in (
        caseworker_of(pairing),
        people_of(pairing, "mentor")[1],  # took no part
        mentor_of(elsewhere),
        make_person("coordinator", scope="municipality"),
    ):
        assert browse(person).get(address).status_code in {403, 404}
    still_open = reverse("mentoring:amend", args=[sent().pk])
    assert browse(mentor_of(pairing)).get(still_open).status_code == 404


# --- Two logs of one hour -------------------------------------------------------------------------


@pytest.fixture
def twice(pairing: Pairing, sent: Sent) -> tuple[Session, Session]:
    one, other = people_of(pairing, "mentor")
    return sent(author=one), sent(author=other)


def test_both_see_the_other_log_and_either_links_and_unlinks(
    pairing: Pairing, twice: tuple[Session, Session], browse: Browse
) -> None:
    for mine, other, person in zip(twice, twice[::-1], people_of(pairing, "mentor"), strict=True):
        client = browse(person)
        page = client.get(mine.get_absolute_url())
        assert [card.session for card in page.context["maybe_same"]] == [other]
        assert "Det er den samme time" in page.content.decode()
        address = reverse("mentoring:link", args=[mine.pk])

        client.post(address, {"other": other.pk})

        assert Session.objects.counted().count() == 1
        for one, also in (twice, twice[::-1]):
            page = client.get(one.get_absolute_url())
            assert [card.session for card in page.context["linked"]] == [also]
            assert not page.context["maybe_same"]
        client.post(address, {"let_apart": "1"})
        assert Session.objects.counted().count() == 2


def test_receipt_points_at_the_other_log(
    pairing: Pairing, twice: tuple[Session, Session], browse: Browse
) -> None:
    one, other = twice
    receipt = reverse("mentoring:receipt", args=[one.pk, one.current_id])

    page = browse(mentor_of(pairing)).get(receipt)

    assert [card.session for card in page.context["maybe_same"]] == [other]


def test_caseworker_sees_it_but_does_not_link(
    pairing: Pairing, twice: tuple[Session, Session], browse: Browse
) -> None:
    one, other = twice
    client = browse(caseworker_of(pairing))
    page = client.get(one.get_absolute_url())
    assert page.context["maybe_same"]
    assert "Det er den samme time" not in page.content.decode()

    response = client.post(reverse("mentoring:link", args=[one.pk]), {"other": other.pk})

    assert response.status_code == 403
    assert not SameHour.objects.exists()


@pytest.mark.parametrize("other", ["", "nonsense", "elsewhere"])
def test_what_is_no_log_of_the_hour_is_not_found(
    pairing: Pairing, twice: tuple[Session, Session], browse: Browse, other: str
) -> None:
    if other == "elsewhere":
        other = str(send(make_pairing(), at=timezone.now(), held_on=str(twice[0].held_on)).pk)
    address = reverse("mentoring:link", args=[twice[0].pk])

    assert browse(mentor_of(pairing)).post(address, {"other": other}).status_code == 404


def test_totals_count_the_hour_once(
    pairing: Pairing, twice: tuple[Session, Session], browse: Browse
) -> None:
    one, other = twice
    leader = browse(make_person("leader"))
    coordinator = browse(make_person("coordinator", scope="municipality"))

    def hours() -> tuple[int, int]:
        (section,) = [
            section
            for section, _fills in leader.get(reverse("start")).context["sections"]
            if "totals" in section.context
        ]
        held = coordinator.get(pairing.get_absolute_url()).context["held"]
        return section.context["totals"]["minutes"], held["minutes"]

    assert hours() == (180, 180)
    link(one, other, by=mentor_of(pairing), at=timezone.now())
    assert hours() == (90, 90)

    # What was logged by mistake stands for no hour; the other log of it does.
    erase_session(one, by=mentor_of(pairing), reason="mistake", at=timezone.now())
    assert hours() == (90, 90)
    assert not SameHour.objects.exists()
    for mine, also in ((one, other), (other, one)):
        with pytest.raises(SessionRefused):
            link(mine, also, by=mentor_of(pairing), at=timezone.now())
    erase_session(other, by=mentor_of(pairing), reason="identifies", at=timezone.now())
    assert hours() == (90, 90)  # it was held, whatever was written


def test_what_a_caseworker_points_at_in_an_amendment_reaches_the_mentor(
    pairing: Pairing, mentor: Client, locked: Session, browse: Browse
) -> None:
    amend(mentor, locked)
    assert "mentoring/start/needs_mentor.html" not in shown_first(mentor)

    asking = reverse("mentoring:ask-for-change", args=[locked.pk])
    browse(caseworker_of(pairing)).post(asking, {"what": "time"})

    (card,) = shown_first(mentor)["mentoring/start/needs_mentor.html"]["cards"]
    assert (card.session, card.state) == (locked, "Der er bedt om en rettelse")


def test_an_amendment_of_somebody_who_has_left_is_put_aside_by_who_took_part(
    pairing: Pairing, mentor: Client, locked: Session, browse: Browse
) -> None:
    amend(mentor, locked)
    caseworker = browse(caseworker_of(pairing))
    back = reverse("mentoring:take-back", args=[locked.pk])
    assert caseworker.post(back).status_code == 404  # its author is there

    end_member(pairing.members.get(person=mentor_of(pairing)), on=local_day(timezone.now()))

    assert back in caseworker.get(locked.get_absolute_url()).content.decode()
    caseworker.post(back)
    assert not Amendment.objects.pending().exists()
