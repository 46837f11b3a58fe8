"""The session form: one record per form, what is refused stays in its field."""

import re
import unicodedata
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.identity import has_cpr_like
from core.periods import local_day
from mentoring.actions import confirm_sessions, end_member, erase_session
from mentoring.models import Pairing, Session, SessionVersion
from people.models import Person
from tests.factories.mentoring import (
    caseworker_of,
    make_pairing,
    make_person,
    make_town,
    mentor_of,
    people_of,
)

pytestmark = pytest.mark.django_db
LOG = "mentoring:log"


@pytest.fixture
def mentor(pairing: Pairing, browse: Callable[[Person], Client]) -> Client:
    return browse(mentor_of(pairing))


def filled(pairing: Pairing, **changes: Any) -> dict[str, Any]:
    return {
        "pairing": pairing.pk,
        "session": uuid.uuid4(),
        "version": uuid.uuid4(),
        "participants": [str(caseworker_of(pairing).pk)],
        "held_on": str(local_day(timezone.now())),
        "minutes": "90",
        "place": pairing.place.key,
        "topics": ["receipt"],
        "mode": "beside",
        "went_well": "Kollegaen førte ordet.",
        "next_step": "",
        **changes,
    }


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found is not None
    return found[1]


def test_form_is_filled_with_what_is_most_likely(
    mentor: Client, pairing: Pairing, sent: Callable[..., Session]
) -> None:
    sent(caseworkers=[people_of(pairing, "caseworker")[1]])

    form = mentor.get(reverse(LOG)).context["form"]

    assert form["held_on"].value() == local_day(timezone.now())
    assert form["minutes"].value() == 90
    assert form["place"].value() == "upernavik"
    assert form["participants"].value() == [str(people_of(pairing, "caseworker")[1].pk)]


def test_form_says_who_can_read_it(mentor: Client) -> None:
    readers = mentor.get(reverse(LOG)).context["readers"]
    assert readers == "dig, Mentor Demo 2, Sagsbehandler Demo 1 og Sagsbehandler Demo 2"


def test_at_most_six_inputs_beside_the_text_are_not_folded_away(mentor: Client) -> None:
    form = mentor.get(reverse(LOG)).context["form"]
    shown = [
        field.name
        for field in form.visible_fields()
        if field.name not in form.SELDOM and field.widget_type != "textarea"
    ]
    assert shown == ["done", "participants", "held_on", "minutes", "topics", "mode"]


def test_sending_leads_to_a_receipt(mentor: Client, pairing: Pairing) -> None:
    response = mentor.post(reverse(LOG), filled(pairing), follow=True)

    session = Session.objects.get()
    assert response.redirect_chain == [
        (reverse("mentoring:receipt", args=[session.pk, session.current_id]), 302)
    ]
    receipt = response.context["receipt"]
    assert receipt.code in response.content.decode()
    assert "Sagsbehandler Demo 1" in response.context["next"]
    assert session.current.content["went_well"] == "Kollegaen førte ordet."


def test_form_sent_twice_is_one_session(mentor: Client, pairing: Pairing) -> None:
    page = mentor.get(reverse(LOG)).content.decode()
    form = filled(pairing, session=hidden(page, "session"), version=hidden(page, "version"))

    first, second = (mentor.post(reverse(LOG), form) for _ in range(2))

    assert first["Location"] == second["Location"]
    assert SessionVersion.objects.count() == 1


def test_other_text_under_one_form_keeps_both_and_asks(mentor: Client, pairing: Pairing) -> None:
    form = filled(pairing)
    mentor.post(reverse(LOG), form)

    response = mentor.post(reverse(LOG), form | {"went_well": "Noget andet."}, follow=True)

    assert [told["texts"][0][1] for told in response.context["both"]] == [
        "Kollegaen førte ordet.",
        "Noget andet.",
    ]
    page = response.content.decode()
    joined = filled(
        pairing,
        session=hidden(page, "session"),
        version=hidden(page, "version"),
        parent=hidden(page, "parent"),
        joins=hidden(page, "joins"),
        went_well="Begge dele.",
    )
    mentor.post(response.redirect_chain[-1][0], joined)
    session = Session.objects.get()
    assert not session.versions.unsettled().exists()
    assert session.current.content["went_well"] == "Begge dele."


def test_what_is_missing_is_said_at_its_field_and_on_top(mentor: Client, pairing: Pairing) -> None:
    response = mentor.post(
        reverse(LOG), filled(pairing, minutes="", mode="", topics=[], participants=[])
    )

    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"minutes", "mode", "topics", "participants"}
    page = response.content.decode()
    assert page.index("error-summary") < page.index("<h1>")
    assert "Kollegaen førte ordet." in page
    assert "<title>Fejl:" in page


@pytest.mark.parametrize("field", ["went_well", "next_step", "tools"])
def test_refused_text_stays_in_its_field_and_nowhere_else(
    mentor: Client, pairing: Pairing, field: str
) -> None:
    number = "-".join(["010190", "1234"])

    response = mentor.post(reverse(LOG), filled(pairing, **{field: f"Det var {number}."}))

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert response.content.decode().count(number) == 1
    assert not Session.objects.exists()


def test_author_looks_again_and_sends_as_it_is(mentor: Client, pairing: Pairing) -> None:
    form = filled(pairing, went_well="Barnet er 7 år.")
    response = mentor.post(reverse(LOG), form)
    assert response.status_code == 422
    assert [one["passage"] for one in response.context["passages"]] == ["7 år"]
    assert not Session.objects.exists()
    seen = hidden(response.content.decode(), "as_it_is")

    changed = mentor.post(reverse(LOG), form | {"as_it_is": seen, "next_step": "Sag nr. 5"})
    assert changed.status_code == 422

    assert mentor.post(reverse(LOG), form | {"as_it_is": seen}).status_code == 302
    assert Session.objects.count() == 1


def test_author_is_offered_neutral_words_for_each_passage(mentor: Client, pairing: Pairing) -> None:
    response = mentor.post(
        reverse(LOG), filled(pairing, went_well="Barnet er 7 år.", next_step="Se sag nr. 5.")
    )

    page = response.content.decode()
    assert re.findall(r"<mark>(.*?)</mark>.*?Skriv i stedet: (.*?)</li>", page) == [
        ("7 år", "“et mindre barn”, “et skolebarn”"),
        ("sag nr. 5", "“sagen”, “en af vores sager”"),
    ]


HOSTILE = [
    "\x00",
    "\x01\x02",
    "\u202eevil\u202c",
    "😀" * 100,
    "x" * 1_000_000,
    "\ud800".encode("utf-8", "surrogatepass").decode("utf-8", "replace"),
    "<script>alert(1)</script>",
    "=1+1",
    "' OR 1=1 --",
    "{{ 7*7 }}{% now %}",
    "%s%n%00",
    "e\u0301",
    "\r\n\r\n",
    "９９９",
    "null",
    "-1",
    "9" * 5000,
    "[]",
]


@pytest.mark.parametrize("value", HOSTILE, ids=range(len(HOSTILE)))
def test_no_field_falls_over_a_hostile_text(mentor: Client, pairing: Pairing, value: str) -> None:
    texts = ("went_well", "next_step", "tools")
    chosen = dict.fromkeys(
        ("participants", "place", "topics", "mode", "languages", "interpreter"), value
    )
    typed = dict.fromkeys(("held_on", "minutes", "session", "version", "parent", "joins"), value)
    for changes in ({"pairing": value}, chosen, typed, *({text: value} for text in texts)):
        response = mentor.post(reverse(LOG), filled(pairing) | changes)

        assert response.status_code in {302, 400, 404, 422}, changes  # 400: too large a post
        if response.status_code == 302:
            (text,) = changes
            stored = SessionVersion.objects.latest("received_at").content[text]
            assert stored == unicodedata.normalize("NFC", value.replace("\r\n", "\n"))


def test_mentor_without_a_pairing_is_told_so(browse: Callable[[Person], Client]) -> None:
    response = browse(make_person("mentor")).get(reverse(LOG))
    assert response.status_code == 200
    assert response.context["form"] is None


@pytest.mark.parametrize("role", ["caseworker", "leader", "coordinator", "editor", "administrator"])
def test_only_mentors_log(browse: Callable[[Person], Client], pairing: Pairing, role: str) -> None:
    client = browse(make_person(role, scope="country"))
    assert client.get(reverse(LOG)).status_code == 403
    assert client.post(reverse(LOG), filled(pairing)).status_code == 403


def test_pairing_of_others_is_not_found(
    browse: Callable[[Person], Client], pairing: Pairing
) -> None:
    client = browse(mentor_of(make_pairing(place=make_town("Uummannaq"))))
    assert client.post(reverse(LOG), filled(pairing)).status_code == 404


def test_mentor_whose_stay_has_ended_logs_nothing(mentor: Client, pairing: Pairing) -> None:
    today = local_day(timezone.now())
    end_member(pairing.members.get(person=mentor_of(pairing)), on=today - timedelta(days=1))
    assert mentor.get(reverse(LOG)).context["form"] is None
    assert mentor.post(reverse(LOG), filled(pairing)).status_code == 422
    assert not Session.objects.exists()


def test_anonymous_is_led_to_sign_in(client: Client, pairing: Pairing) -> None:
    assert "/konto/log-ind/" in client.get(reverse(LOG))["Location"]


def test_edit_sends_a_new_version(
    mentor: Client, pairing: Pairing, sent: Callable[..., Session]
) -> None:
    session = sent()
    address = reverse("mentoring:session-edit", args=[session.pk])
    page = mentor.get(address).content.decode()

    mentor.post(
        address,
        filled(
            pairing,
            session=session.pk,
            version=hidden(page, "version"),
            parent=hidden(page, "parent"),
            minutes="45",
        ),
    )

    session.refresh_from_db()
    assert session.minutes == 45
    assert session.versions.count() == 2


def test_who_changes_nothing_of_what_another_mentor_said_is_shown_that(
    pairing: Pairing, sent: Callable[..., Session], browse: Callable[[Person], Client]
) -> None:
    first, second = people_of(pairing, "mentor")
    session = sent(participants=[str(one.pk) for one in (caseworker_of(pairing), second)])
    address = reverse("mentoring:session-edit", args=[session.pk])
    for author, other in ((first, second), (second, first)):
        session.refresh_from_db()
        said = filled(
            pairing,
            session=session.pk,
            parent=session.current_id,
            minutes="45",
            mentors=[str(other.pk)],
        )
        response = browse(author).post(address, said, follow=True)
        assert response.status_code == 200

    assert response.redirect_chain[-1][0] == session.get_absolute_url()
    assert session.versions.count() == 2


def test_locked_session_cannot_be_edited_and_says_why(
    mentor: Client, pairing: Pairing, sent: Callable[..., Session]
) -> None:
    session = sent()
    confirm_sessions(caseworker_of(pairing), [session.current_id], at=timezone.now())
    address = reverse("mentoring:session-edit", args=[session.pk])

    assert mentor.get(address).context["form"] is None
    response = mentor.post(
        address, filled(pairing, session=session.pk, parent=session.current_id, minutes="15")
    )

    assert response.status_code == 409
    session.refresh_from_db()
    assert session.minutes == 90


def test_what_was_written_while_others_locked_it_can_be_sent_as_an_amendment(
    mentor: Client, pairing: Pairing, sent: Callable[..., Session]
) -> None:
    session = sent()
    address = reverse("mentoring:session-edit", args=[session.pk])
    written = filled(
        pairing,
        session=session.pk,
        parent=session.current_id,
        went_well="En lang tekst, som ikke må gå tabt.",
    )
    confirm_sessions(caseworker_of(pairing), [session.current_id], at=timezone.now())

    response = mentor.post(address, written)

    page = response.content.decode()
    assert response.status_code == 409
    assert "En lang tekst, som ikke må gå tabt." in page
    again = written | {key: hidden(page, key) for key in ("version", "parent")}
    amend = reverse("mentoring:amend", args=[session.pk])
    assert f'action="{amend}"' in page
    mentor.post(amend, again | {"reason": "text"})
    assert session.amendments.get().version.content["went_well"] == written["went_well"]


def test_erased_session_cannot_be_edited(
    mentor: Client, pairing: Pairing, sent: Callable[..., Session]
) -> None:
    session = erase_session(sent(), by=mentor_of(pairing), reason="mistake", at=timezone.now())
    address = reverse("mentoring:session-edit", args=[session.pk])
    assert mentor.get(address).context["form"] is None


def test_nobody_else_edits(
    pairing: Pairing, sent: Callable[..., Session], browse: Callable[[Person], Client]
) -> None:
    address = reverse("mentoring:session-edit", args=[sent().pk])
    other_mentor = people_of(pairing, "mentor")[1]

    assert browse(other_mentor).get(address).status_code == 404
    assert browse(caseworker_of(pairing)).get(address).status_code == 403
    assert (
        browse(mentor_of(make_pairing(place=make_town("Uummannaq")))).get(address).status_code
        == 404
    )


def test_receipt_is_the_authors(
    pairing: Pairing, sent: Callable[..., Session], browse: Callable[[Person], Client]
) -> None:
    session = sent()
    address = reverse("mentoring:receipt", args=[session.pk, session.current_id])
    assert browse(mentor_of(pairing)).get(address).status_code == 200
    assert browse(people_of(pairing, "mentor")[1]).get(address).status_code == 404


def test_times_are_shown_in_nuuk_and_kept_in_utc(
    mentor: Client, pairing: Pairing, sent: Callable[..., Session]
) -> None:
    session = sent()
    received = session.received_at
    assert received.utcoffset().total_seconds() == 0

    page = mentor.get(
        reverse("mentoring:receipt", args=[session.pk, session.current_id])
    ).content.decode()

    local = received.astimezone(ZoneInfo("America/Nuuk"))
    assert f"{local:%H:%M} (Upernavik)" in page or f"{local.hour}.{local:%M} (Upernavik)" in page


@pytest.mark.parametrize("others", [0, 20])
def test_saving_takes_few_queries(
    mentor: Client,
    pairing: Pairing,
    sent: Callable[..., Session],
    django_assert_max_num_queries: Any,
    others: int,
) -> None:
    for _number in range(others):
        sent()

    with django_assert_max_num_queries(11):  # with session, user, and the transaction
        assert mentor.post(reverse(LOG), filled(pairing)).status_code == 302


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("2027-06-15T15:59:58.123Z", datetime(2027, 6, 15, 15, 59, 58, 123000, tzinfo=UTC)),
        ("", None),
        ("2027-06-15T15:59:58", None),
        ("2027-13-45T99:00:00Z", None),
        ("i går", None),
    ],
)
def test_time_of_the_device_is_kept_beside_that_of_the_server(
    mentor: Client, pairing: Pairing, told: str, kept: datetime | None
) -> None:
    page = mentor.get(reverse(LOG)).content.decode()
    assert re.search(r'<input[^>]*name="sent_at"[^>]*data-device-time', page)

    mentor.post(reverse(LOG), filled(pairing, sent_at=told))

    version = SessionVersion.objects.get()
    assert version.device_at == kept
    assert version.received_at is not None


def test_no_time_of_a_device_looks_like_a_cpr_number() -> None:
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    moments = (begin + timedelta(seconds=step * 9973, milliseconds=step) for step in range(20_000))

    told = [f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z" for moment in moments]

    assert not any(map(has_cpr_like, told))


# --- Whoever has left since -----------------------------------------------------------------------


@pytest.mark.parametrize(("days_ago", "is_offered"), [(1, True), (59, True), (60, False)])
def test_a_colleague_who_has_left_lately_is_offered_with_the_last_day_and_is_logged(
    mentor: Client, pairing: Pairing, days_ago: int, is_offered: bool
) -> None:
    gone, other = people_of(pairing, "caseworker")
    ended_on = local_day(timezone.now()) - timedelta(days=days_ago)
    end_member(pairing.members.get(person=gone), on=ended_on)
    last_day = ended_on - timedelta(days=1)

    page = mentor.get(reverse(LOG))

    form = page.context["form"]
    label = f"{gone.name} (– {last_day:%d.%m.%Y})"
    expected = [(str(other.pk), other.name), (str(gone.pk), label)]
    assert list(form.fields["participants"].choices) == expected[: 1 + is_offered]
    assert str(gone.pk) not in dict(form.fields["next_owner"].choices)
    assert form["participants"].value() == [str(other.pk)]
    assert gone.name not in page.context["readers"]

    data = filled(pairing, participants=[str(gone.pk)], held_on=str(last_day))
    assert mentor.post(reverse(LOG), data).status_code == 302
    late = filled(pairing, participants=[str(gone.pk)])
    assert mentor.post(reverse(LOG), late).status_code == 422
