"""The pages of goals: for the person and their mentor of today, and for nobody else."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone

from competences.actions import rate
from core.models import AccessLog
from courses.actions import mark_read
from mentoring.goals.actions import propose_change
from mentoring.models import Goal, Pairing
from people.models import Person
from tests.factories.courses import make_course, make_lesson, make_module
from tests.factories.goals import competence, make_goal, soon, terms
from tests.factories.mentoring import (
    caseworker_of,
    make_pairing,
    make_person,
    mentor_of,
    people_of,
)

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def url(name: str, *args: Any) -> str:
    return reverse(f"mentoring:{name}", args=args)


def fields(**changes: Any) -> dict[str, Any]:
    given = {
        "competence": str(competence().pk),
        "start": "with_help",
        "target": "alone",
        "due_on": soon().isoformat(),
        "why": "Øve brevet.",
    }
    return {**given, **changes}


def words(response: Any) -> str:
    return BeautifulSoup(response.content, "html.parser").get_text(" ", strip=True)


# --- Who may --------------------------------------------------------------------------------------


def test_the_person_and_the_mentors_read_a_goal_and_nobody_else(browse, pairing: Pairing):
    goal = make_goal(pairing, why="Kun for os to.")
    person, mentors = caseworker_of(pairing), people_of(pairing, "mentor")
    colleague = people_of(pairing, "caseworker")[1]
    coordinator = make_person("coordinator", scope="country")
    leader = make_person("leader", place=pairing.place)
    stranger = mentor_of(make_pairing())

    for reader in [person, *mentors]:
        assert "Kun for os to." in words(browse(reader).get(url("goal", goal.pk)))
    for reader in (colleague, coordinator, leader, stranger):
        for name in ("goal", "change-goal", "plan-weeks"):
            assert browse(reader).get(url(name, goal.pk)).status_code == 404
        for name in ("goals-of", "propose-goal-of", "skills-of"):
            assert browse(reader).get(url(name, person.pk)).status_code == 404


def test_the_day_after_the_stay_the_mentor_reads_nothing_and_the_record_stays(
    browse, pairing: Pairing
):
    goal = make_goal(pairing)
    mentor, person = mentor_of(pairing), caseworker_of(pairing)
    member = pairing.members.filter(person=mentor)
    pages = [url("goal", goal.pk), url("goals-of", person.pk), url("skills-of", person.pk)]

    member.update(ends_on=timezone.localdate() + timedelta(days=1))
    assert [browse(mentor).get(page).status_code for page in pages] == [200, 200, 200]
    member.update(ends_on=timezone.localdate())
    assert [browse(mentor).get(page).status_code for page in pages] == [404, 404, 404]
    answered = browse(mentor).post(url("goal-state", goal.pk), {"til": "reached"})
    assert answered.status_code == 404

    assert browse(person).get(pages[0]).status_code == 200
    assert Goal.objects.get().state == "agreed"


def test_a_mentor_who_has_lost_the_role_reads_nothing(browse, pairing: Pairing):
    goal, mentor = make_goal(pairing), mentor_of(pairing)
    mentor.roles.update(ends_on=timezone.localdate())

    assert browse(mentor).get(url("goal", goal.pk)).status_code == 404


def test_a_mentors_look_is_noted_and_ones_own_is_not(browse, pairing: Pairing):
    goal, person = make_goal(pairing), caseworker_of(pairing)
    pages = [("goal", goal.pk), ("goals-of", person.pk), ("skills-of", person.pk)]

    for name, pk in pages:
        browse(mentor_of(pairing)).get(url(name, pk))
    for name in ("goals", "skills"):
        browse(person).get(url(name))
    browse(person).get(url("goal", goal.pk))

    noted = AccessLog.objects.order_by("pk").values_list("action", "kind", "record_id")
    assert list(noted) == [
        ("view", "mentoring.goal", str(goal.pk)),
        ("view_goals", "people.person", str(person.pk)),
        ("view_skills", "people.person", str(person.pk)),
    ]


def test_signed_out_one_is_led_to_the_sign_in(client, pairing: Pairing):
    goal = make_goal(pairing)

    for address in (url("goals"), url("goal", goal.pk), url("skills"), url("skill-numbers")):
        assert client.get(address).status_code == 302


# --- Proposing ------------------------------------------------------------------------------------


def test_a_caseworker_proposes_and_the_mentor_agrees_with_one_press(browse, pairing: Pairing):
    person, mentor = caseworker_of(pairing), mentor_of(pairing)

    response = browse(person).post(url("propose-goal"), fields())

    goal = Goal.objects.get()
    assert response["Location"] == url("goal", goal.pk)
    page = browse(mentor).get(url("goal", goal.pk))
    (proposal,) = BeautifulSoup(page.content, "html.parser").select("[name=forslag]")
    answer = {"forslag": proposal["value"], "svar": "ja"}
    assert browse(mentor).post(url("answer-goal", goal.pk), answer).status_code == 302
    goal.refresh_from_db()
    assert goal.state == "agreed"


def test_a_mentor_proposes_for_a_colleague(browse, pairing: Pairing):
    person, mentor = caseworker_of(pairing), mentor_of(pairing)

    browse(mentor).post(url("propose-goal-of", person.pk), fields())

    goal = Goal.objects.with_terms().get()
    assert (goal.person, goal.waiting.proposed_by, goal.waiting.is_by_person) == (
        person,
        mentor,
        False,
    )


def test_the_form_begins_with_the_competence_and_the_own_rating(browse, pairing: Pairing):
    person = caseworker_of(pairing)
    rate(person, {competence().pk: "with_help"}, at=NOW)

    response = browse(person).get(url("propose-goal"), {"kompetence": str(competence().pk)})

    form = response.context["form"]
    assert (form["competence"].value(), form["start"].value()) == (competence().pk, "with_help")
    unknown = browse(person).get(url("propose-goal"), {"kompetence": "x"})
    assert unknown.context["form"]["start"].value() is None


def test_what_is_wrong_stands_at_its_field_and_every_letter_stays(browse, pairing: Pairing):
    given = fields(target="with_help", why="Min egen grund.")
    response = browse(caseworker_of(pairing)).post(url("propose-goal"), given)

    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["target"]
    assert "Min egen grund." in response.content.decode()
    assert not Goal.objects.exists()


def test_a_number_of_a_citizen_is_refused_at_its_field(browse, pairing: Pairing):
    response = browse(caseworker_of(pairing)).post(
        url("propose-goal"), fields(why="Ring 010190-1234.")
    )

    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["why"]


def test_without_a_mentor_there_is_no_form(browse):
    person = make_person("caseworker")

    assert browse(person).get(url("propose-goal")).status_code == 404
    assert browse(person).post(url("propose-goal"), fields()).status_code == 404


def test_of_two_changes_at_once_the_second_is_shown_the_first_and_keeps_its_text(
    browse, pairing: Pairing
):
    person = caseworker_of(pairing)
    goal = make_goal(pairing)
    client = browse(person)
    seen = client.get(url("change-goal", goal.pk)).context["form"]["seen"].value()
    propose_change(
        mentor_of(pairing), goal, terms(target="can_teach", why="Fra mentor."), seen=1, at=NOW
    )
    given = fields(seen=str(seen), why="Fra sagsbehandler.")

    response = client.post(url("change-goal", goal.pk), given)

    assert response.status_code == 422
    assert "Fra mentor." in words(response)
    assert "Fra sagsbehandler." in response.content.decode()
    now = response.context["form"].data["seen"]
    assert client.post(url("change-goal", goal.pk), given | {"seen": now}).status_code == 302
    assert Goal.objects.with_terms().get().waiting.why == "Fra sagsbehandler."


# --- Answering and ending -------------------------------------------------------------------------


def test_an_answer_to_a_proposal_that_is_gone_changes_nothing_and_says_so(browse, pairing: Pairing):
    person, mentor = caseworker_of(pairing), mentor_of(pairing)
    goal = make_goal(pairing, agreed=False)
    old = goal.waiting
    propose_change(mentor, goal, terms(target="can_teach"), seen=1, at=NOW)

    response = browse(person).post(
        url("answer-goal", goal.pk), {"forslag": str(old.pk), "svar": "ja"}, follow=True
    )

    goal.refresh_from_db()
    assert goal.state == "proposed"
    (message,) = response.context["messages"]
    assert message.level_tag == "error"


@pytest.mark.parametrize(
    "answer", [{}, {"svar": "ja"}, {"svar": "måske", "forslag": ""}, {"svar": "ja", "forslag": "x"}]
)
def test_an_answer_to_nothing_is_not_there(browse, pairing: Pairing, answer):
    goal = make_goal(pairing, agreed=False)
    client = browse(caseworker_of(pairing))

    assert client.post(url("answer-goal", goal.pk), answer).status_code == 404


def test_a_proposal_of_another_goal_is_not_answered_here(browse, pairing: Pairing):
    goal = make_goal(pairing, agreed=False)
    other = make_goal(pairing, "report_in", agreed=False)
    answer = {"forslag": str(other.waiting.pk), "svar": "ja"}

    response = browse(caseworker_of(pairing)).post(url("answer-goal", goal.pk), answer)

    assert response.status_code == 404
    other.refresh_from_db()
    assert other.state == "proposed"


def test_a_goal_is_reached_and_taken_up_by_post_alone(browse, pairing: Pairing):
    goal, client = make_goal(pairing), browse(caseworker_of(pairing))

    assert client.get(url("goal-state", goal.pk)).status_code == 405
    assert client.get(url("answer-goal", goal.pk)).status_code == 405
    assert client.post(url("goal-state", goal.pk), {"til": "proposed"}).status_code == 404
    client.post(url("goal-state", goal.pk), {"til": "reached"})
    assert Goal.objects.get().state == "reached"
    client.post(url("goal-state", goal.pk), {"til": "agreed"})
    assert Goal.objects.get().state == "agreed"


def test_an_ended_goal_is_not_changed_or_planned(browse, pairing: Pairing):
    goal, client = make_goal(pairing), browse(caseworker_of(pairing))
    client.post(url("goal-state", goal.pk), {"til": "stopped"})

    assert client.get(url("change-goal", goal.pk)).status_code == 404
    assert client.get(url("plan-weeks", goal.pk)).status_code == 404
    assert client.post(url("plan-weeks", goal.pk), {}).status_code == 404


# --- The weeks ------------------------------------------------------------------------------------


def test_the_weeks_are_planned_from_a_suggestion_and_shown(browse, pairing: Pairing):
    goal, client = make_goal(pairing), browse(mentor_of(pairing))
    form = client.get(url("plan-weeks", goal.pk), {"forslag": "1"}).context["form"]
    given = {field.html_name: field.value() for field in form}

    assert client.post(url("plan-weeks", goal.pk), given).status_code == 302

    assert set(goal.weeks.values_list("mode", flat=True)) == {"in_front", "beside", "behind"}
    assert "Gå foran" in words(client.get(url("goal", goal.pk)))
    assert "Gå foran" in words(browse(caseworker_of(pairing)).get(url("goals")))


def test_of_two_plans_at_once_the_second_is_shown_the_first(browse, pairing: Pairing):
    goal, client = make_goal(pairing), browse(mentor_of(pairing))
    form = client.get(url("plan-weeks", goal.pk)).context["form"]
    week = next(iter(form.mondays))
    browse(caseworker_of(pairing)).post(url("plan-weeks", goal.pk), {"seen": "0", week: "behind"})

    response = client.post(url("plan-weeks", goal.pk), {"seen": "0", week: "in_front"})

    assert response.status_code == 422
    assert "Gå bagved" in words(response)
    assert response.context["form"][week].value() == "in_front"
    again = client.post(url("plan-weeks", goal.pk), {"seen": "1", week: "in_front"})
    assert again.status_code == 302
    assert goal.weeks.get().mode == "in_front"


# --- What to read ---------------------------------------------------------------------------------


def test_a_goal_shows_what_teaches_it_and_what_was_read_to_the_person_alone(
    browse, pairing: Pairing, base
):
    goal, person = make_goal(pairing), caseworker_of(pairing)
    module = make_module(make_course())
    lesson = make_lesson(module, 1, competences=[competence().pk])
    make_lesson(module, 2, competences=[competence("report_in").pk])
    mark_read(lesson, person, at=NOW)

    own = browse(person).get(url("goal", goal.pk)).context["materials"]
    others = browse(mentor_of(pairing)).get(url("goal", goal.pk)).context["materials"]

    assert [(one.title, one.is_done) for one in own] == [(lesson.title, True)]
    assert [(one.url, one.is_done) for one in others] == [(lesson.path, None)]


# --- Lists and the start page ---------------------------------------------------------------------


def test_a_mentor_sees_whose_goals_wait(browse, pairing: Pairing):
    first, second = people_of(pairing, "caseworker")
    make_goal(pairing, by=first, agreed=False)
    make_goal(pairing, "report_in", agreed=False)
    make_goal(pairing, person=second)

    found = browse(mentor_of(pairing)).get(url("goals")).context["colleagues"]

    assert [(one, one.live, one.waiting) for one in found] == [(first, 2, 1), (second, 1, 0)]


@pytest.mark.parametrize("role", ["mentor", "caseworker"])
def test_the_start_page_shows_what_waits_and_what_is_agreed(browse, pairing: Pairing, role: str):
    person, mentor = caseworker_of(pairing), mentor_of(pairing)
    by, reader = (person, mentor) if role == "mentor" else (mentor, person)
    goal = make_goal(pairing, by=by, agreed=False)

    page = words(browse(reader).get(reverse("start")))
    assert str(goal.competence) in page
    assert url("goal", goal.pk) in browse(reader).get(reverse("start")).content.decode()


def test_the_start_page_of_a_caseworker_without_a_mentor_says_nothing_of_goals(browse):
    assert "Mine mål" not in words(browse(make_person("caseworker")).get(reverse("start")))


def test_nothing_yet_is_a_beginning(browse, pairing: Pairing):
    person, alone = caseworker_of(pairing), make_person("caseworker")

    assert url("propose-goal") in browse(person).get(url("goals")).content.decode()
    assert url("propose-goal") not in browse(alone).get(url("goals")).content.decode()


@pytest.mark.parametrize("name", ["goals", "goals-of", "goal", "skills", "start"])
def test_as_many_queries_for_one_goal_as_for_many(count_queries, pairing: Pairing, name: str):
    person, mentor = caseworker_of(pairing), mentor_of(pairing)
    goal = make_goal(pairing)
    reader = mentor if name.endswith("-of") else person
    args = {"goals-of": [person.pk], "goal": [goal.pk]}.get(name, [])
    address = reverse("start") if name == "start" else url(name, *args)
    one = count_queries(reader, address)

    for key in ("report_in", "decision_24h"):
        goal = make_goal(pairing, key)
        goal.weeks.create(week_on="2026-11-23", mode="beside")

    assert count_queries(reader, address) == one


def test_missing_things_are_missing(browse, pairing: Pairing):
    client = browse(caseworker_of(pairing))
    for name in ("goal", "change-goal", "plan-weeks", "goals-of", "skills-of", "propose-goal-of"):
        assert client.get(url(name, uuid.uuid4())).status_code == 404


def test_an_erased_person_leaves_no_goal_and_an_erased_mentor_no_word(pairing: Pairing):
    from core.declarations import all_records
    from people.own_data.erasing import _erase_rows, in_order
    from people.permissions import standing_of

    goal = make_goal(pairing, why="Mentors egne ord.")
    mentor, person = mentor_of(pairing), caseworker_of(pairing)
    administrator = standing_of(make_person("administrator", scope="country").user)

    def erase(who: Person) -> None:
        for records in in_order():
            if records.model.startswith("mentoring.Goal"):
                _erase_rows(records, who, by=administrator, at=NOW)

    assert any(records.model == "mentoring.Goal" for records in all_records())
    erase(mentor)
    goal = Goal.objects.with_terms().get()
    assert (goal.state, goal.held.why) == ("agreed", "")
    erase(person)
    assert not Goal.objects.exists()
