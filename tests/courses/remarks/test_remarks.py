"""A reader tells the editors, they answer, the reader is told: each once, however often sent."""

import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from core.models import AccessLog
from courses import access
from courses.actions import LearningRefused
from courses.actions.remarks import (
    KEPT,
    MOST_IN_AN_HOUR,
    answer_remark,
    close_remark,
    forget_remarks,
    reopen_remark,
    tell_editors,
)
from courses.actions.reminders import choose_reminders
from courses.models import Remark
from courses.start import answered
from people.models import Person
from people.permissions import standing_of
from tests.factories.cases import make_case
from tests.factories.courses import (
    AT,
    LATER,
    make_course,
    make_learner,
    make_lesson,
    make_module,
)
from tests.factories.people import make_person, make_role

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("base")]

CPR = "010203-1234"


@pytest.fixture
def learner(client: Client) -> Person:
    person = make_learner("Sagsbehandler Demo 1")
    Person.objects.filter(pk=person.pk).update(email="sagsbehandler@example.org")
    person.refresh_from_db()
    client.force_login(person.user)
    return person


@pytest.fixture
def editor():
    return make_learner("Redaktør Demo 1")


@pytest.fixture
def lesson():
    return make_lesson(make_module(make_course()), title="De første 24 timer")


def tell(lesson, person, text="Der står 48 timer.", *, remark_id=None, at=AT, **fields):
    return tell_editors(
        lesson,
        person,
        remark_id=remark_id or uuid.uuid4(),
        text=text,
        at=at,
        **{"kind": "wrong", "language": "da"} | fields,
    )


def address(lesson, kind="lektion"):
    return reverse("courses:say", args=[kind, lesson.pk])


# --- Telling --------------------------------------------------------------------------------------


def test_the_same_message_sent_twice_is_told_once(learner, lesson):
    key = uuid.uuid4()

    first = tell(lesson, learner, "Linje\r\nto", remark_id=key)
    again = tell(lesson, learner, "Linje\nto", remark_id=key, at=LATER)

    assert first == again
    assert Remark.objects.get().sent_at == AT


@pytest.mark.parametrize("change", ["text", "kind", "person", "lesson"])
def test_an_id_tells_one_message_only(learner, lesson, change):
    key = uuid.uuid4()
    tell(lesson, learner, remark_id=key)
    sent = {
        "text": (lesson, learner, {"text": "Noget andet"}),
        "kind": (lesson, learner, {"kind": "other"}),
        "person": (lesson, make_learner(), {}),
        "lesson": (make_lesson(lesson.module, 2), learner, {}),
    }
    about, person, fields = sent[change]

    with pytest.raises(LearningRefused) as refusal:
        tell(about, person, remark_id=key, **fields)

    assert refusal.value.code == "conflict"
    assert Remark.objects.count() == 1


@pytest.mark.parametrize(
    ("text", "code"),
    [(" \n ", "empty"), ("a" * 1001, "too_long"), (f"Ring {CPR}", "cpr_like")],
)
def test_what_is_refused_is_kept_nowhere(learner, lesson, text, code):
    with pytest.raises(ValidationError) as refusal:
        tell(lesson, learner, text)

    assert refusal.value.code == code
    assert not Remark.objects.exists()


def test_ten_messages_an_hour_are_taken_and_the_next_keeps_its_text(client, learner, lesson):
    for number in range(MOST_IN_AN_HOUR):
        tell(lesson, learner, f"Nummer {number}")

    with pytest.raises(LearningRefused) as refusal:
        tell(lesson, learner, "En for mange", at=AT + timedelta(minutes=59, seconds=59))
    tell(lesson, learner, "En time efter", at=AT + timedelta(hours=1))
    tell(lesson, make_learner(), "En andens", at=AT)

    assert refusal.value.code == "too_many"
    assert Remark.objects.count() == MOST_IN_AN_HOUR + 2


def test_a_message_that_was_kept_is_the_same_also_after_many(learner, lesson):
    key = uuid.uuid4()
    tell(lesson, learner, remark_id=key)
    for number in range(MOST_IN_AN_HOUR - 1):
        tell(lesson, learner, f"Nummer {number}")

    assert tell(lesson, learner, remark_id=key).pk == key


# --- The reader's pages ---------------------------------------------------------------------------


def test_a_message_leads_to_its_receipt(client, learner, lesson):
    form = client.get(address(lesson)).context["form"]
    sent = {"id": form["id"].value(), "kind": "unclear", "text": "Hvad er en kvittering?"}

    first = client.post(address(lesson), sent)
    again = client.post(address(lesson), sent)

    remark = Remark.objects.get()
    assert first["Location"] == again["Location"] == reverse("courses:remark", args=[remark.pk])
    assert (remark.lesson, remark.kind, remark.language) == (lesson, "unclear", "da")
    assert "Hvad er en kvittering?" in client.get(first["Location"]).content.decode()


def test_a_message_about_a_case_in_kalaallisut_says_so(client, learner, lesson):
    case = make_case(lesson.module)

    client.post(
        f"/kl/laering/sig-det/sag/{case.pk}/", {"kind": "language", "text": "Ordet mangler"}
    )

    remark = Remark.objects.get()
    assert (remark.case, remark.language) == (case, "kl")


@pytest.mark.parametrize(
    "sent",
    [
        {"kind": "wrong", "text": ""},
        {"kind": "", "text": "Der står 48 timer."},
        {"kind": "noget", "text": "Der står 48 timer."},
        {"kind": "wrong", "text": f"Ring {CPR}"},
        {"kind": "wrong", "text": "a" * 1001},
    ],
)
def test_a_refused_message_stays_in_the_form(client, learner, lesson, sent):
    response = client.post(address(lesson), sent)

    assert response.status_code == 422
    assert response.context["form"]["text"].value() == sent["text"]
    assert not Remark.objects.exists()


def test_the_same_id_with_other_words_is_sent_with_one_more_press(client, learner, lesson):
    key = uuid.uuid4()
    tell(lesson, learner, remark_id=key)

    refused = client.post(address(lesson), {"id": key, "kind": "wrong", "text": "Noget nyt"})
    fresh = refused.context["form"]["id"].value()
    client.post(address(lesson), {"id": fresh, "kind": "wrong", "text": "Noget nyt"})

    assert refused.status_code == 422
    assert fresh != str(key)
    assert set(Remark.objects.values_list("text", flat=True)) == {"Der står 48 timer.", "Noget nyt"}


def test_nobody_opens_the_message_of_another(client, learner, lesson, editor):
    remark = tell(lesson, make_learner(), "En andens besked")
    answer_remark(remark.pk, "Tak", by=editor, at=LATER)

    assert client.get(reverse("courses:remark", args=[remark.pk])).status_code == 404
    assert client.post(reverse("courses:see-answer", args=[remark.pk])).status_code == 404
    assert "En andens besked" not in client.get(reverse("courses:remarks")).content.decode()
    assert Remark.objects.get().seen_at is None


def test_nothing_is_told_of_what_one_may_not_read(client, learner, lesson, monkeypatch):
    sent = {"kind": "wrong", "text": "Der står 48 timer."}
    assert client.post(address(lesson, "regel"), sent).status_code == 404
    monkeypatch.setattr(access, "_gates", [lambda request, found: False])

    assert client.get(address(lesson)).status_code == 404
    assert client.post(address(lesson), sent).status_code == 404
    assert not Remark.objects.exists()


@pytest.mark.parametrize("count", [1, 20])
def test_the_list_takes_the_same_queries_for_one_and_for_many(
    client, learner, lesson, django_assert_num_queries, count
):
    for number in range(count):
        tell(lesson, learner, f"Nummer {number}", at=AT + number * timedelta(hours=1))
    client.get(reverse("courses:remarks"))

    with django_assert_num_queries(4):  # session, account, how many, one page of them
        client.get(reverse("courses:remarks"))


# --- Answering ------------------------------------------------------------------------------------


@pytest.fixture
def mails(mailoutbox, django_capture_on_commit_callbacks):
    """The mails that are sent while something is done."""

    def send(do):
        with django_capture_on_commit_callbacks(execute=True):
            do()
        return list(mailoutbox)

    return send


def test_an_answer_reaches_its_reader_by_mail_and_on_the_start_page(
    client, learner, lesson, editor, mails
):
    remark = tell(lesson, learner)

    def answer_twice():
        for _press in range(2):
            answer_remark(remark.pk, "Tak. Det er rettet.", by=editor, at=LATER)

    [mail] = mails(answer_twice)
    assert mail.to == ["sagsbehandler@example.org"]
    assert "De første 24 timer" in mail.body
    assert "Det er rettet" not in mail.body
    assert f"/laering/beskeder/{remark.pk}/" in mail.body
    section = answered(None, standing_of(learner.user))
    assert section.context["remarks"] == [remark]
    html = client.get(reverse("courses:remark", args=[remark.pk])).content.decode()
    assert "Tak. Det er rettet." in html
    assert "Redaktør Demo 1" in html
    assert AccessLog.objects.filter(action="answer", record_id=str(remark.pk)).count() == 1


def test_a_seen_answer_is_shown_no_more_on_the_start_page(client, learner, lesson, editor):
    remark = tell(lesson, learner)
    answer_remark(remark.pk, "Tak", by=editor, at=LATER)

    for _press in range(2):
        client.post(reverse("courses:see-answer", args=[remark.pk]))

    assert answered(None, standing_of(learner.user)) is None


@pytest.mark.parametrize(
    "wanted", [{("answer", "site")}, {("answer", "mail")}, set()], ids=["site", "mail", "none"]
)
def test_a_reader_stops_either_way(learner, lesson, editor, mails, wanted):
    choose_reminders(learner, wanted)
    remark = tell(lesson, learner)

    sent = mails(lambda: answer_remark(remark.pk, "Tak", by=editor, at=LATER))

    assert bool(sent) is (("answer", "mail") in wanted)
    shown = answered(None, standing_of(learner.user)) is not None
    assert shown is (("answer", "site") in wanted)


def test_the_second_editor_is_told_that_somebody_has_answered(learner, lesson, editor):
    remark = tell(lesson, learner)
    answer_remark(remark.pk, "Tak", by=editor, at=LATER)

    with pytest.raises(LearningRefused) as refusal:
        answer_remark(remark.pk, "Også tak", by=make_learner(), at=LATER)

    assert refusal.value.code == "answered"
    assert Remark.objects.get().answer == "Tak"


def test_states_follow_what_is_done(learner, lesson, editor):
    remark = tell(lesson, learner)
    states = [remark.state]
    states.append(answer_remark(remark.pk, "Tak", by=editor, at=LATER).state)
    states.append(close_remark(remark.pk, by=editor, at=LATER).state)
    close_remark(remark.pk, by=make_learner(), at=LATER + timedelta(days=1))
    closed = Remark.objects.get()
    states.append(reopen_remark(remark.pk).state)

    assert states == ["open", "answered", "closed", "answered"]
    assert (closed.closed_by, closed.closed_at) == (editor, LATER)


def test_the_database_takes_no_half_answer(learner, lesson, editor):
    remark = tell(lesson, learner)
    for half in ({"answer": "Tak"}, {"answered_at": LATER}, {"closed_at": LATER}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Remark.objects.filter(pk=remark.pk).update(**half)


@pytest.mark.parametrize(("wait", "left"), [(KEPT - timedelta(seconds=1), 1), (KEPT, 0)])
def test_a_closed_message_is_kept_for_two_years(learner, lesson, editor, wait, left):
    close_remark(tell(lesson, learner).pk, by=editor, at=AT)

    forget_remarks(AT + wait)

    assert Remark.objects.count() == left


def test_an_open_message_is_kept(learner, lesson):
    tell(lesson, learner)

    assert forget_remarks(AT + 2 * KEPT) == 0


# --- On the start page ----------------------------------------------------------------------------


def test_editors_see_on_their_first_page_how_many_wait_and_nobody_else_does(
    client: Client, lesson, learner
):
    for day in (2, 1):
        tell(lesson, learner, at=AT + timedelta(days=day))
    answer_remark(tell(lesson, learner).pk, "Rettet.", by=make_learner(), at=LATER)

    def shown(key: str) -> str:
        client.force_login(make_person(make_role(key)).user)
        return client.get("/da/start/").content.decode()

    assert "2 beskeder venter på svar" in shown("editor")
    assert "beskeder venter på svar" not in shown("translator")
    assert "beskeder venter på svar" not in shown("caseworker")
