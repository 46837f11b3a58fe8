"""A case that two played is tied to a session that they logged; each leads to the other."""

import uuid

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from courses.actions import LearningRefused, begin_case, choose, tie
from courses.models import CasePlay
from people.companions import done_in, meetings_with
from people.permissions import standing_of
from tests.factories.cases import make_case
from tests.factories.courses import AT, make_learner
from tests.factories.mentoring import caseworker_of, make_pairing, mentor_of, people_of, send

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("base")]

GOOD = [("opkald", "spoerg"), ("notat", "beslut")]


@pytest.fixture
def pairing():
    return make_pairing()


@pytest.fixture
def session(pairing):
    return send(pairing)


def played(pairing, *, partner=True):
    """A play of the mentor and the caseworker that has ended."""
    play = begin_case(
        play_id=uuid.uuid4(),
        case=make_case(),
        person=mentor_of(pairing),
        partner=caseworker_of(pairing) if partner else None,
        at=AT,
    )
    for turn, (step, choice) in enumerate(GOOD):
        play = choose(play, turn=turn, step=step, choice=choice, at=AT)
    return play


def press(client, person, play, meeting):
    client.force_login(person.user)
    return client.post(reverse("courses:case_tie", args=[play.pk]), {"meeting": str(meeting or "")})


def shown(client, person, name, key):
    client.force_login(person.user)
    return client.get(reverse(name, args=[key])).content.decode()


@pytest.mark.parametrize("side", [mentor_of, caseworker_of])
def test_either_ties_it_and_each_page_leads_to_the_other(client, pairing, session, side):
    play = played(pairing)
    person = side(pairing)
    assert "Sessionen, hvor I spillede" in shown(client, person, "courses:case_play", play.pk)

    for _press in range(2):
        assert press(client, person, play, session.pk).status_code == 302

    assert CasePlay.objects.get().meeting == session.pk
    session_url = reverse("mentoring:session", args=[session.pk])
    assert f'href="{session_url}"' in shown(client, person, "courses:case_play", play.pk)
    page = shown(client, person, "mentoring:session", session.pk)
    assert "Spillet i denne session" in page
    assert reverse("courses:case_play", args=[play.pk]) in page


def test_what_was_chosen_is_said_and_the_choice_is_folded_away(client, pairing, session):
    play, person = played(pairing), mentor_of(pairing)
    said = shown(client, person, "courses:case_play", play.pk)
    assert "Vælg den, så viser den jer begge, hvad I spillede." in said
    assert "Vælg en anden session" not in said

    press(client, person, play, session.pk)

    said = shown(client, person, "courses:case_play", play.pk)
    assert "Sagen står nu i denne session:" in said
    assert "Vælg en anden session" in said


def test_it_can_be_undone(client, pairing, session):
    play = played(pairing)
    press(client, mentor_of(pairing), play, session.pk)

    press(client, mentor_of(pairing), play, None)

    assert CasePlay.objects.get().meeting is None


@pytest.mark.parametrize("whose", ["others", "nobody's"])
def test_a_session_that_is_not_one_of_both_is_refused(client, pairing, whose):
    other = make_pairing()
    key = uuid.uuid4() if whose == "nobody's" else send(other).pk
    play = played(pairing)

    press(client, mentor_of(pairing), play, key)

    assert CasePlay.objects.get().meeting is None


def test_what_is_no_key_is_refused(client, pairing):
    assert press(client, mentor_of(pairing), played(pairing), "x").status_code == 400


def test_who_did_not_play_finds_no_play(client, pairing, session):
    assert press(client, make_learner(), played(pairing), session.pk).status_code == 404


def test_whoever_played_alone_is_not_asked(client, pairing, session):
    play = played(pairing, partner=False)

    said = shown(client, mentor_of(pairing), "courses:case_play", play.pk)
    press(client, mentor_of(pairing), play, None)

    assert "Sessionen, hvor I spillede" not in said
    with pytest.raises(LearningRefused):
        tie(play, session.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        CasePlay.objects.update(meeting=session.pk)


def test_others_of_the_training_read_what_was_played_and_do_not_get_its_address(client):
    pairing = make_pairing(mentors=2)
    session, play = send(pairing), played(pairing)
    tie(play, session.pk)
    second = people_of(pairing, "mentor")[1]

    (done,) = done_in(standing_of(second.user), session.pk)

    assert (done.title, done.url) == ("Fredag kl. 15.40", "")
    assert done_in(standing_of(mentor_of(pairing).user), session.pk)[0].url


def test_only_the_latest_sessions_are_offered_and_the_one_that_was_chosen(pairing):
    sessions = [send(pairing, held_on=f"2027-01-{day:02}") for day in range(1, 14)]
    standing, other = standing_of(mentor_of(pairing).user), caseworker_of(pairing)

    meetings = meetings_with(standing, other)
    with_kept = meetings_with(standing, other, sessions[0].pk)

    newest = [one.pk for one in sessions[:2:-1]]
    assert [one.key for one in meetings] == newest
    assert [one.key for one in with_kept] == [*newest, sessions[0].pk]
