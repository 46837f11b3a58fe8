"""What somebody has practised with a mentor, as those above ask for it."""

from datetime import timedelta

import pytest

from competences import practice
from competences.models import Topic
from mentoring.actions import confirm_sessions, erase_session
from mentoring.practice import practised
from tests.factories.mentoring import (
    AT,
    caseworker_of,
    make_competence,
    make_pairing,
    mentor_of,
    send,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def pairing():
    return make_pairing()


def topic(key):
    return Topic.objects.get(key=key).pk


def ask(pairing):
    topics = Topic.objects.values_list("pk", flat=True)
    return sorted(practised({caseworker_of(pairing).pk}, list(topics)))


def test_what_was_confirmed_counts_for_each_of_its_topics(pairing):
    session = send(pairing, topics=["receipt", "decision_24h"])
    person = caseworker_of(pairing)
    assert ask(pairing) == []

    confirm_sessions(person, [session.current_id], at=AT + timedelta(hours=1))

    at = AT + timedelta(hours=1)
    assert ask(pairing) == sorted(
        [(person.pk, topic("receipt"), at), (person.pk, topic("decision_24h"), at)]
    )


def test_a_competence_that_a_session_names_is_practised_without_its_topic(pairing):
    competence = make_competence()
    seen = [{"competence": str(competence.pk), "observed": "mostly"}]
    session = send(pairing, topics=["receipt"], competences=seen)
    person, at = caseworker_of(pairing), AT + timedelta(hours=1)
    confirm_sessions(person, [session.current_id], at=at)

    assert list(practised({person.pk}, [], [competence.pk])) == [(person.pk, competence.pk, at)]
    assert list(practised({person.pk}, [], [])) == []


def test_the_mentor_has_practised_nothing_by_confirming_nothing(pairing):
    session = send(pairing)
    confirm_sessions(caseworker_of(pairing), [session.current_id], at=AT)

    assert list(practised({mentor_of(pairing).pk}, [topic("receipt")])) == []


def test_a_session_that_was_a_mistake_proves_nothing(pairing):
    session = send(pairing)
    confirm_sessions(caseworker_of(pairing), [session.current_id], at=AT)
    erase_session(session, by=mentor_of(pairing), reason="mistake", at=AT)

    assert ask(pairing) == []


def test_a_session_whose_text_was_erased_still_took_place(pairing):
    session = send(pairing, topics=["receipt"])
    confirm_sessions(caseworker_of(pairing), [session.current_id], at=AT)
    erase_session(session, by=mentor_of(pairing), reason="identifies", at=AT)

    assert [found for _person, found, _at in ask(pairing)] == [topic("receipt")]


def test_confirming_tells_whoever_listens(pairing):
    told = []

    def listen(sender, person, **kwargs):
        told.append(person)

    practice.changed.connect(listen)
    try:
        session = send(pairing)
        confirm_sessions(caseworker_of(pairing), [session.current_id], at=AT)
        confirm_sessions(caseworker_of(pairing), [session.current_id], at=AT)
    finally:
        practice.changed.disconnect(listen)

    assert told == [caseworker_of(pairing)]


def test_two_queries_for_any_number(pairing, django_assert_num_queries):
    for _ in range(3):
        session = send(pairing)
        confirm_sessions(caseworker_of(pairing), [session.current_id], at=AT)
    people, topics = {caseworker_of(pairing).pk}, [topic("receipt")]

    with django_assert_num_queries(2):
        assert len(list(practised(people, topics))) == 3
