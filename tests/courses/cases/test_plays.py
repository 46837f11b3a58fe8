"""The record of a case, its frozen versions, and what players press."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import ProtectedError

from courses.actions import (
    LearningRefused,
    begin_again,
    begin_case,
    choose,
    retire_case,
    step_back,
    sync_module,
    try_another_way,
)
from courses.cases.pages import plays_of
from courses.models import Case, CasePlay, Enrolment, Module
from tests.factories.cases import choice, ending, make_case, step, told
from tests.factories.courses import AT, LATER, make_course, make_learner, make_module, make_rule

pytestmark = pytest.mark.django_db


def begin(case: Case, person: Any, **options: Any) -> CasePlay:
    """A play that has just begun."""
    return begin_case(play_id=uuid.uuid4(), case=case, person=person, at=AT, **options)


def play_to(case: Case, person: Any, *path: tuple[str, str]) -> CasePlay:
    """A play in which ``path`` was chosen."""
    play = begin(case, person)
    for turn, (key, chosen) in enumerate(path):
        play = choose(play, turn=turn, step=key, choice=chosen, at=LATER)
    return play


GOOD = [("opkald", "spoerg"), ("notat", "beslut")]
FAIR = [("opkald", "spoerg"), ("notat", "gaa-hjem")]
BAD = [("opkald", "vent"), ("weekend", "beslut-sent")]


# --- Record and version --------------------------------------------------------------------------


def test_a_live_case_is_numbered_in_its_module_and_counted():
    module = make_module(make_course())
    first, second = make_case(module, position=2), make_case(module, position=5)

    assert [first.number, Case.objects.get(pk=second.pk).number] == [1, 2]
    assert Module.objects.get(pk=module.pk).case_count == 2


def test_what_is_told_anew_becomes_a_version_and_the_same_told_again_does_not():
    rule = make_rule()
    case = make_case(told_da=told(rule))
    same = make_case(case.module, key=case.pk, told_da=told(rule))
    assert same.versions.count() == 1

    changed = told(rule)
    changed["steps"][0]["heading"] = "Telefonen ringer"
    make_case(case.module, key=case.pk, told_da=changed)

    numbers = case.versions.order_by("number").values_list("number", "is_current")
    assert list(numbers) == [(1, False), (2, True)]


def test_a_draft_freezes_nothing():
    case = make_case(is_live=False)

    assert not case.versions.exists()


def test_a_version_protects_the_rules_it_cites_and_the_current_one_is_found_by_them():
    rule, other = make_rule(), make_rule()
    case = make_case(told_da=told(rule))

    with pytest.raises(ProtectedError):
        rule.delete()

    assert list(Case.objects.citing(rule.pk)) == [case]
    make_case(case.module, key=case.pk, told_da=told(other))
    assert list(Case.objects.citing(rule.pk)) == []


def test_kalaallisut_gives_words_and_the_danish_page_everything_else():
    rule = make_rule()
    case = make_case(told_da=told(rule))
    kl = told(rule, steps=[step("opkald", choice("spoerg", "x"), heading="[kl] sianerneq")])

    make_case(case.module, key=case.pk, language="kl", told_da=kl, title="[kl] tallimanngorneq")

    current = case.versions.get(is_current=True)
    assert current.content["steps"][0]["heading"] == {"da": "Trin opkald", "kl": "[kl] sianerneq"}
    assert len(current.content["steps"]) == 6


def test_a_retired_case_is_not_offered_and_a_moved_module_takes_its_cases_along():
    case = make_case()
    other = make_course("Andet")

    sync_module(
        case.module_id, course_key=other.pk, position=1, language="da", title="M", path="/m/",
        is_live=True,
    )  # fmt: skip
    assert Case.objects.get(pk=case.pk).course_id == other.pk

    retire_case(case.pk)
    assert not Case.objects.offered().exists()


# --- Playing -------------------------------------------------------------------------------------


def test_beginning_twice_is_one_play_and_takes_part_in_the_course():
    case, person, key = make_case(), make_learner(), uuid.uuid4()

    first = begin_case(play_id=key, case=case, person=person, at=AT)
    again = begin_case(play_id=key, case=case, person=person, at=LATER)

    assert first == again
    assert Enrolment.objects.filter(person=person, course=case.course).count() == 1


def test_the_id_of_another_play_is_refused():
    case, key = make_case(), uuid.uuid4()
    begin_case(play_id=key, case=case, person=make_learner(), at=AT)

    with pytest.raises(LearningRefused) as refusal:
        begin_case(play_id=key, case=case, person=make_learner(), at=AT)

    assert refusal.value.code == "conflict"


def test_a_case_that_is_not_offered_cannot_be_begun():
    case = make_case()
    retire_case(case.pk)

    with pytest.raises(LearningRefused) as refusal:
        begin(Case.objects.get(pk=case.pk), make_learner())

    assert (refusal.value.code, CasePlay.objects.count()) == ("closed", 0)


def test_choices_lead_to_an_ending():
    play = play_to(make_case(), make_learner(), *GOOD)

    assert (play.ending, play.ended_at, play.turn) == ("good", LATER, 2)
    assert play.path == [["opkald", "spoerg"], ["notat", "beslut"]]


def test_a_press_that_comes_twice_counts_once():
    play = begin(make_case(), make_learner())

    first = choose(play, turn=0, step="opkald", choice="spoerg", at=AT)
    again = choose(play, turn=0, step="opkald", choice="spoerg", at=LATER)

    assert (first.path, again.path, again.turn) == ([["opkald", "spoerg"]],) * 2 + (1,)


@pytest.mark.parametrize(
    ("turn", "key", "chosen"),
    [(0, "opkald", "vent"), (5, "notat", "beslut"), (-1, "opkald", "vent")],
)
def test_a_press_for_another_turn_changes_nothing(turn: int, key: str, chosen: str):
    play = play_to(make_case(), make_learner(), ("opkald", "spoerg"))

    with pytest.raises(LearningRefused) as refusal:
        choose(play, turn=turn, step=key, choice=chosen, at=LATER)

    play.refresh_from_db()
    assert (refusal.value.code, play.path, play.turn) == ("moved_on", [["opkald", "spoerg"]], 1)


def test_an_old_press_is_not_taken_after_a_step_back():
    play = play_to(make_case(), make_learner(), ("opkald", "spoerg"))
    step_back(play, turn=1, at=LATER)

    with pytest.raises(LearningRefused):
        choose(play, turn=0, step="opkald", choice="spoerg", at=LATER)

    play.refresh_from_db()
    assert (play.path, play.turn) == ([], 2)


@pytest.mark.parametrize(("key", "chosen"), [("opkald", "beslut"), ("notat", "beslut")])
def test_what_the_step_does_not_offer_is_refused(key: str, chosen: str):
    play = begin(make_case(), make_learner())

    with pytest.raises(LearningRefused) as refusal:
        choose(play, turn=0, step=key, choice=chosen, at=LATER)

    assert refusal.value.code == "unknown"


def test_one_steps_back_and_begins_again_until_it_has_ended():
    play = play_to(make_case(), make_learner(), ("opkald", "spoerg"))

    assert step_back(play, turn=1, at=LATER).path == []
    choose(play, turn=2, step="opkald", choice="vent", at=LATER)
    assert begin_again(play, turn=3, at=LATER).path == []

    ended = play_to(make_case(), make_learner(), *GOOD)
    for press in (step_back, begin_again):
        with pytest.raises(LearningRefused) as refusal:
            press(ended, turn=2, at=LATER)
        assert refusal.value.code == "ended"


def test_another_way_is_a_new_play_and_the_ended_one_stays():
    person = make_learner()
    play = play_to(make_case(), person, *GOOD)

    other = try_another_way(play_id=uuid.uuid4(), play=play, person=person, keep=1, at=LATER)

    play.refresh_from_db()
    assert (play.ending, other.path, other.is_ended) == ("good", [["opkald", "spoerg"]], False)
    assert other.version == play.version


def test_another_way_cannot_keep_more_than_was_chosen():
    person = make_learner()
    play = play_to(make_case(), person, *GOOD)

    with pytest.raises(LearningRefused) as refusal:
        try_another_way(play_id=uuid.uuid4(), play=play, person=person, keep=2, at=LATER)

    assert refusal.value.code == "unknown"


def test_a_play_goes_on_in_its_version_when_the_case_changes_or_is_withdrawn():
    rule = make_rule()
    case = make_case(told_da=told(rule))
    play = play_to(case, make_learner(), ("opkald", "spoerg"))
    shorter = told(
        rule, steps=[step("opkald", choice("ny", "slut", meets="beslut")), ending("slut")]
    )
    make_case(case.module, key=case.pk, told_da=shorter)
    retire_case(case.pk)

    ended = choose(play, turn=1, step="notat", choice="beslut", at=LATER)

    assert ended.ending == "good"


def test_the_partner_and_the_person_share_one_play():
    case, person, partner = make_case(), make_learner(), make_learner()
    play = begin(case, person, partner=partner)

    assert list(CasePlay.objects.of(partner)) == list(CasePlay.objects.of(person)) == [play]
    assert not CasePlay.objects.of(make_learner()).exists()
    assert not Enrolment.objects.filter(person=partner).exists()


def test_the_best_ending_of_each_case_is_found():
    person = make_learner()
    first, second, third = make_case(), make_case(), make_case()
    for path in (BAD, FAIR):
        play_to(first, person, *path)
    play_to(second, person, *GOOD)
    play_to(second, person, *BAD)
    play_to(third, person, ("opkald", "spoerg"))
    play_to(third, make_learner(), *GOOD)

    best = {play.case_id: play.ending for play in CasePlay.objects.best_of(person)}

    assert best == {first.pk: "fair", second.pk: "good"}


def test_of_two_equal_endings_the_earlier_counts():
    case, person = make_case(), make_learner()
    early = play_to(case, person, *GOOD)
    late = play_to(case, person, *GOOD)
    CasePlay.objects.filter(pk=late.pk).update(ended_at=LATER + timedelta(days=1))

    assert list(CasePlay.objects.best_of(person)) == [early]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL reads small tables whole")
def test_the_plays_of_one_person_are_not_looked_for_among_those_of_all():
    case, person = make_case(), make_learner()

    plan = plays_of(person).filter(case=case).explain()

    assert "courses_play_own (person_id=? AND case_id=?)" in plan
    assert "courses_play_together (partner_id=? AND case_id=?)" in plan
