"""What stands below "More" in the session form: carried over, repeated, sent, and shown."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.periods import local_day
from mentoring.models import Agreement, Pairing, Session, SessionVersion
from people.models import Person
from tests.factories.mentoring import (
    caseworker_of,
    make_competence,
    make_pairing,
    mentor_of,
    people_of,
)
from tests.mentoring.test_writing_pages import filled

pytestmark = pytest.mark.django_db
LOG = "mentoring:log"
Sent = Callable[..., Session]


@pytest.fixture
def mentor(pairing: Pairing, browse: Callable[[Person], Client]) -> Client:
    return browse(mentor_of(pairing))


def values(page: Any, *names: str) -> dict[str, Any]:
    return {name: page.context["form"][name].value() for name in names}


def today() -> Any:
    return local_day(timezone.now())


def test_more_holds_the_values_of_the_last_time(
    mentor: Client, pairing: Pairing, sent: Sent
) -> None:
    colleague, other = caseworker_of(pairing), people_of(pairing, "mentor")[1]
    competence = make_competence("Skrive kvitteringen")
    sent(
        caseworkers=[colleague, other],
        next_owner=str(colleague.pk),
        next_by=str(today() + timedelta(days=5)),
        tools="Skabelon til kvittering",
        text_languages={"went_well": "kl", "next_step": "da"},
        competences=[{"competence": str(competence.pk), "observed": "mostly"}],
        languages=["kl-west"],
        interpreter="colleague",
        minutes=45,
    )

    page = mentor.get(reverse(LOG))

    assert values(page, "mentors", "next_owner", "next_by", "tools", "languages") == {
        "mentors": [str(other.pk)],
        "next_owner": str(colleague.pk),
        "next_by": today() + timedelta(days=5),
        "tools": "Skabelon til kvittering",
        "languages": ["kl-west"],
    }
    assert values(page, "language_went_well", "language_next_step", "language_tools") == {
        "language_went_well": "kl",
        "language_next_step": "da",
        "language_tools": "kl",
    }
    assert values(page, "minutes", "went_well", "next_step", "competences") == {
        "minutes": 90,
        "went_well": None,
        "next_step": None,
        "competences": None,
    }
    html = page.content.decode()
    assert "Skrive kvitteringen (sidst: næsten helt)" in html
    assert "selected>Næsten helt" not in html  # nobody observes by not looking


def test_as_last_time_repeats_all_but_the_texts_of_that_day(
    mentor: Client, pairing: Pairing, sent: Sent
) -> None:
    competence = make_competence()
    sent(
        minutes=45,
        mode="behind",
        topics=["receipt"],
        competences=[{"competence": str(competence.pk), "observed": "mostly"}],
    )
    assert "som-sidst" in mentor.get(reverse(LOG)).content.decode()

    page = mentor.get(reverse(LOG), {"forloeb": pairing.pk, "som-sidst": "1"})

    assert values(page, "minutes", "mode", "topics", "competences", "went_well") == {
        "minutes": 45,
        "mode": "behind",
        "topics": ["receipt"],
        "competences": [f"{competence.pk}:mostly"],
        "went_well": None,
    }
    assert "selected>Næsten helt" in page.content.decode()
    assert page.context["form"].seldom_is_open  # nobody observes without looking
    assert not page.context["may_repeat"]


def test_last_time_is_that_of_the_pairing(mentor: Client, pairing: Pairing, sent: Sent) -> None:
    other = make_pairing()
    other.members.filter(side="mentor").update(person=mentor_of(pairing))
    sent(tools="Her")
    sent(pairing=other, author=mentor_of(pairing), tools="Der")

    shown = {
        one: values(mentor.get(reverse(LOG), {"forloeb": one.pk}), "tools")["tools"]
        for one in (pairing, other)
    }
    assert shown == {pairing: "Her", other: "Der"}


def test_first_time_there_is_nothing_to_repeat(mentor: Client, pairing: Pairing) -> None:
    page = mentor.get(reverse(LOG))

    assert not page.context["may_repeat"]
    assert values(page, "next_owner", "next_by") == {"next_owner": "", "next_by": None}
    assert values(page, "language_went_well") == {"language_went_well": "da"}


def test_all_of_more_is_sent(mentor: Client, pairing: Pairing) -> None:
    colleague, other = caseworker_of(pairing), people_of(pairing, "mentor")[1]
    competence = make_competence()
    due = str(today() + timedelta(days=3))

    response = mentor.post(
        reverse(LOG),
        filled(
            pairing,
            next_step="Skriv kvitteringen alene.",
            next_owner=str(colleague.pk),
            next_by=due,
            mentors=[str(other.pk)],
            tools="Skabelon",
            language_went_well="kl",
            language_tools="da",
            competences=["", f"{competence.pk}:fully"],
        ),
        follow=True,
    )

    content = SessionVersion.objects.get().content
    assert str(other.pk) in content["participants"]
    assert content["competences"] == [{"competence": str(competence.pk), "observed": "fully"}]
    assert content["text_languages"] == {"went_well": "kl", "tools": "da"}
    assert (content["next_owner"], content["next_by"]) == (str(colleague.pk), due)
    assert response.context["agreement"].agreement == Agreement.objects.get()
    session = mentor.get(Session.objects.get().get_absolute_url()).content.decode()
    assert '<div class="prose" dir="auto" lang="kl">' in session
    assert "(helt)" in session


def test_who_does_it_is_nobody_while_there_is_no_next_step(
    mentor: Client, pairing: Pairing
) -> None:
    form = filled(pairing, next_step="  ", next_owner=str(caseworker_of(pairing).pk))

    assert mentor.post(reverse(LOG), form).status_code == 302
    assert not Agreement.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"next_owner": "nobody"}, "next_owner"),
        ({"next_by": "2020-01-01"}, "next_owner"),
        ({"competences": ["abc"]}, None),
        ({"competences": ["abc:fully"]}, "competences"),
        ({"mentors": ["x"]}, "participants"),
        ({"language_tools": "xx"}, "__all__"),
        ({"next_by": "soon"}, "next_by"),
    ],
)
def test_what_is_wrong_below_more_is_said_and_more_stands_open(
    mentor: Client, pairing: Pairing, changes: dict[str, Any], field: str | None
) -> None:
    response = mentor.post(reverse(LOG), filled(pairing, next_step="Øv", tools="T", **changes))

    if field is None:  # a value without a step is none
        assert response.status_code == 302
        return
    assert response.status_code == 422
    assert field in response.context["form"].errors
    if field in response.context["form"].SELDOM:
        assert response.context["form"].seldom_is_open


@pytest.mark.parametrize("field", ["went_well", "next_step", "tools"])
def test_text_over_500_is_refused_with_how_much_and_never_cut(
    mentor: Client, pairing: Pairing, field: str
) -> None:
    page = mentor.get(reverse(LOG)).content.decode()
    assert "maxlength" not in page
    text = "æ" * 503

    response = mentor.post(reverse(LOG), filled(pairing, **{field: text}))

    assert response.status_code == 422
    assert "3 tegn" in str(response.context["form"].errors[field])
    assert text in response.content.decode()
    assert not Session.objects.exists()
    assert mentor.post(reverse(LOG), filled(pairing, **{field: text[:500]})).status_code == 302


def test_open_agreements_stand_on_top_and_go_with_the_log(
    mentor: Client, pairing: Pairing, sent: Sent
) -> None:
    colleague = caseworker_of(pairing)
    for step in ("Ring til tolken.", "Skriv brevet."):
        sent(next_step=step, next_owner=str(colleague.pk))
    first = Agreement.objects.earliest("made_at")
    page = mentor.get(reverse(LOG))
    html = page.content.decode()
    assert html.index("Ring til tolken.") < html.index("Hvem arbejdede du med?")

    form = filled(pairing, done=[str(first.pk), "nonsense"])
    for _twice in range(2):
        mentor.post(reverse(LOG), form)

    first.refresh_from_db()
    assert (first.done_on, first.done_by) == (today(), mentor_of(pairing))
    assert Agreement.objects.open().count() == 1
    assert Session.objects.count() == 3
    again = mentor.get(reverse(LOG)).context["open_agreements"]
    assert [row.text for row in again] == ["Skriv brevet."]


def test_ticks_stay_when_something_is_missing(mentor: Client, pairing: Pairing, sent: Sent) -> None:
    sent(next_owner=str(caseworker_of(pairing).pk))
    agreement = Agreement.objects.get()

    response = mentor.post(reverse(LOG), filled(pairing, mode="", done=[str(agreement.pk)]))

    assert response.status_code == 422
    assert response.context["form"]["done"].value() == [str(agreement.pk)]
    assert "checked" in response.content.decode()
    assert Agreement.objects.open().count() == 1


@pytest.mark.parametrize("count", [1, 10])
def test_form_takes_the_same_queries_for_one_agreement_and_for_many(
    mentor: Client, pairing: Pairing, sent: Sent, count: int
) -> None:
    for _number in range(count):
        sent(next_owner=str(caseworker_of(pairing).pk))
        make_competence()
    mentor.get(reverse(LOG))

    with CaptureQueriesContext(connection) as queries:
        page = mentor.get(reverse(LOG))

    assert len(page.context["open_agreements"]) == count
    assert len(queries) == 11, [query["sql"][:90] for query in queries]


def test_edit_begins_with_what_the_session_says_and_changes_nothing_unasked(
    mentor: Client, pairing: Pairing, sent: Sent
) -> None:
    competence = make_competence()
    session = sent(
        next_owner=str(caseworker_of(pairing).pk),
        next_by=str(today()),
        tools="Skabelon",
        text_languages={"went_well": "kl"},
        competences=[{"competence": str(competence.pk), "observed": "partly"}],
    )
    address = reverse("mentoring:session-edit", args=[session.pk])
    form = mentor.get(address).context["form"]
    sent_again = {field.name: field.value() if field.value() is not None else "" for field in form}
    assert list(form.fields["done"].choices) == []

    response = mentor.post(address, sent_again)

    assert response.status_code == 302
    assert session.versions.count() == 1


def test_competence_that_is_not_offered_any_more_stays_in_the_session(
    mentor: Client, pairing: Pairing, sent: Sent
) -> None:
    competence = make_competence("Det gamle")
    seen = {"competence": str(competence.pk), "observed": "partly"}
    session = sent(competences=[seen])
    competence.framework.retired_on = today() - timedelta(days=1)
    competence.framework.save()
    address = reverse("mentoring:session-edit", args=[session.pk])

    page = mentor.get(address)

    assert "Det gamle" in page.content.decode()
    form = {field.name: field.value() or "" for field in page.context["form"]}
    mentor.post(address, form | {"minutes": "60"})
    session.refresh_from_db()
    assert (session.minutes, session.current.content["competences"]) == (60, [seen])
