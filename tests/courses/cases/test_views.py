"""Playing a case in the browser: what is shown, what a press does, and who may."""

import re
import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from courses.actions import begin_case, choose, retire_case
from courses.models import Case, CasePlay
from mentoring.models import PairingMember
from people.models import Person
from tests.factories.cases import (
    choice,
    ending,
    make_case,
    make_mentor_and_colleague,
    span,
    step,
    told,
)
from tests.factories.courses import AT, make_learner, make_rule
from tests.factories.pages import make_module_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def learner() -> Person:
    """Somebody who plays."""
    return make_learner("Sagsbehandler Demo 1")


@pytest.fixture
def player(client: Client, learner: Person) -> Client:
    """A browser in which ``learner`` has signed in."""
    client.force_login(learner.user)
    return client


def begin(case: Case, person: Person, **options: Any) -> CasePlay:
    """A play that has just begun."""
    return begin_case(play_id=uuid.uuid4(), case=case, person=person, at=AT, **options)


def address(play: CasePlay, name: str = "case_play") -> str:
    """Where ``play`` is, or where something is sent to it."""
    return reverse(f"courses:{name}", args=[play.pk])


def press(player: Client, play: CasePlay, **fields: Any) -> Any:
    """Send the choice of the form that shows turn 0, or what ``fields`` say."""
    sent = {"turn": 0, "step": "opkald", "choice": "spoerg"} | fields
    return player.post(address(play, "case_choose"), sent, follow=True)


def text_of(answer: Any) -> str:
    """The words of the main part of a page, one space between them."""
    main = answer.content.decode().partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def test_the_first_step_shows_the_clock_the_limit_and_the_choices(player: Client, learner: Person):
    play = begin(make_case(), learner)

    said = text_of(player.get(address(play)))

    assert "Fredag kl. 15.40 · dag 1" in said
    assert "Beslutning 1 dag tilbage" in said
    assert "Trin opkald Det sker i opkald." in said
    assert "Vælg spoerg" in said
    assert "Vælg vent" in said
    assert "Kan læses af: dig alene" in said
    assert "Et skridt tilbage" not in said


def test_a_choice_shows_what_came_of_it_the_rule_and_the_time_left(player: Client, learner: Person):
    rule = make_rule(statement_da="Kommunen beslutter hver gang.")
    parts = told(rule)
    parts["steps"][0]["choices"][0]["rule"] = str(rule.pk)
    play = begin(make_case(told_da=parts), learner)

    answer = press(player, play)

    said = text_of(answer)
    assert answer.redirect_chain[-1][0] == f"{address(play)}#case-last"
    assert "Det kom der ud af det Vælg spoerg Følgen af spoerg Det tog 10 minutter." in said
    assert "Kommunen beslutter hver gang." in said
    assert "Fredag kl. 15.50" in said
    assert "23 timer og 50 minutter tilbage" in said
    assert "Det er sket indtil nu (1 valg)" in said
    assert "Godt valg" not in said


def test_a_rule_that_lost_its_state_is_left_out(player: Client, learner: Person):
    rule = make_rule(statement_da="Hemmelig regel.")
    parts = told(rule)
    parts["steps"][0]["choices"][0]["rule"] = str(rule.pk)
    play = begin(make_case(told_da=parts), learner)
    type(rule).objects.update(state="unverified")

    assert "Hemmelig regel." not in text_of(press(player, play))


def test_a_press_without_a_choice_says_what_is_missing(player: Client, learner: Person):
    play = begin(make_case(), learner)

    answer = player.post(address(play, "case_choose"), {"turn": 0, "step": "opkald"})

    assert answer.status_code == 422
    assert answer.content.decode().count("Vælg, hvad du gør.") == 2
    assert "<title>Fejl:" in answer.content.decode()


def test_a_double_click_counts_once_and_is_not_spoken_of(player: Client, learner: Person):
    play = begin(make_case(), learner)
    press(player, play)

    again = press(player, play)

    assert "Trin notat" in text_of(again)
    assert "Intet blev ændret" not in text_of(again)
    assert CasePlay.objects.get(pk=play.pk).turn == 1


def test_a_second_tab_that_is_behind_changes_nothing_and_is_told_where_the_play_stands(
    player: Client, learner: Person
):
    play = begin(make_case(), learner)
    press(player, play)

    behind = press(player, play, choice="vent")

    assert "Intet blev ændret: Sagen er gået videre" in text_of(behind)
    assert "Trin notat" in text_of(behind)
    assert CasePlay.objects.get(pk=play.pk).path == [["opkald", "spoerg"]]


def test_the_form_of_an_old_page_is_not_taken_for_another_step(player: Client, learner: Person):
    play = begin(make_case(), learner)
    press(player, play)
    player.post(address(play, "case_back"), {"turn": 1})

    press(player, play, turn=0, choice="vent")

    assert CasePlay.objects.get(pk=play.pk).path == []


@pytest.mark.parametrize("name", ["case_back", "case_again"])
def test_one_goes_back_once_even_when_the_press_comes_twice(
    player: Client, learner: Person, name: str
):
    play = begin(make_case(), learner)
    press(player, play)

    for _twice in range(2):
        answer = player.post(address(play, name), {"turn": 1}, follow=True)

    assert "Trin opkald" in text_of(answer)
    assert "Intet blev ændret" not in text_of(answer)
    play.refresh_from_db()
    assert (play.path, play.turn) == ([], 2)


@pytest.mark.parametrize("name", ["case_choose", "case_back", "case_again"])
@pytest.mark.parametrize("turn", ["", "x", "-1"])
def test_a_press_that_names_no_turn_is_refused(
    player: Client, learner: Person, name: str, turn: str
):
    play = begin(make_case(), learner)

    assert player.post(address(play, name), {"turn": turn}).status_code == 400


def end(play: CasePlay, *path: tuple[str, str]) -> CasePlay:
    """``play`` with ``path`` chosen."""
    for turn, (key, chosen) in enumerate(path):
        play = choose(play, turn=turn, step=key, choice=chosen, at=AT)
    return play


GOOD = [("opkald", "spoerg"), ("notat", "beslut")]
BAD = [("opkald", "vent"), ("weekend", "beslut-sent")]


def test_an_ending_shows_each_choice_with_its_verdict_rule_and_limits(
    player: Client, learner: Person
):
    rule = make_rule(statement_da="Kommunen beslutter hver gang.")
    good = end(begin(make_case(told_da=told(rule)), learner), *GOOD)
    bad = end(begin(make_case(told_da=told(rule)), learner), *BAD)

    said = text_of(player.get(address(good)))
    assert "Sådan endte det En god slutning Husk godt." in said
    assert "Beslutning Overholdt fredag kl. 16.00" in said
    assert said.count("Godt valg") == 2
    assert said.count("Kommunen beslutter hver gang.") == 2  # of the last choice, and in the list
    assert "Gør det" not in said

    said = text_of(player.get(address(bad)))
    assert "En dårlig slutning" in said
    assert "For sent, søndag kl. 15.50" in said
    assert "Dårligt valg" in said


def test_another_way_begins_where_one_chooses_and_keeps_the_ending(player: Client, learner: Person):
    play = end(begin(make_case(), learner), *GOOD)
    page = player.get(address(play)).content.decode()
    play_id = re.search(r'name="play" value="([^"]+)"', page)[1]

    for _twice in range(2):
        answer = player.post(
            address(play, "case_another"), {"play": play_id, "keep": 1}, follow=True
        )

    assert "Trin notat" in text_of(answer)
    assert CasePlay.objects.count() == 2
    assert CasePlay.objects.get(pk=play.pk).ending == "good"


@pytest.mark.parametrize("keep", ["", "x", "-1"])
def test_another_way_from_nowhere_is_refused(player: Client, learner: Person, keep: str):
    play = end(begin(make_case(), learner), *GOOD)

    sent = {"play": str(uuid.uuid4()), "keep": keep}
    assert player.post(address(play, "case_another"), sent).status_code == 400


def test_a_case_that_is_withdrawn_is_played_to_its_end_and_not_begun_again(
    player: Client, learner: Person
):
    case = make_case()
    play = begin(case, learner)
    retire_case(case.pk)

    press(player, play)
    last = press(player, play, turn=1, step="notat", choice="beslut")

    assert "En god slutning" in text_of(last)
    assert "Prøv en anden vej" not in text_of(last)


def test_switching_language_keeps_the_play(player: Client, learner: Person):
    rule = make_rule()
    case = make_case(told_da=told(rule))
    kl = told(rule, steps=[step("opkald", choice("spoerg", "x"), heading="[kl] sianerneq")])
    make_case(case.module, key=case.pk, language="kl", told_da=kl, title="[kl] sag")
    play = begin(case, learner)
    with translation.override("kl"):
        kl_address = address(play)

    page = player.get(kl_address).content.decode()

    assert "[kl] sianerneq" in page
    assert '<div class="prose" lang="da"><p>Det sker i opkald.</p></div>' in page
    answer = player.post(kl_address + "valg/", {"turn": 0, "step": "opkald", "choice": "spoerg"})
    assert answer["Location"].startswith(kl_address)
    assert "Trin notat" in text_of(player.get(address(play)))
    assert CasePlay.objects.count() == 1


# --- Who may -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["case_play", "case_choose", "case_back", "case_again", "case_another", "case_tie"]
)
def test_a_play_exists_for_those_who_play_it_only(client: Client, learner: Person, name: str):
    play = begin(make_case(), learner, partner=make_learner())
    url = address(play, name)
    ask = client.get if name == "case_play" else client.post
    assert ask(url).status_code == 302

    client.force_login(make_learner().user)

    assert ask(url).status_code == 404


def test_both_see_one_play_and_either_chooses(client: Client):
    mentor, colleague = make_mentor_and_colleague()
    play = begin(make_case(), mentor, partner=colleague)
    client.force_login(colleague.user)
    said = text_of(client.get(address(play)))
    assert f"Kan læses af: dig og {mentor.name}" in said
    assert "Se, om din makker har valgt" in said

    press(client, play)

    client.force_login(mentor.user)
    assert "Trin notat" in text_of(client.get(address(play)))


@pytest.mark.parametrize("is_over", [False, True])
@pytest.mark.parametrize("keep", [0, 1])
def test_another_way_is_played_together_while_the_two_work_side_by_side(
    client: Client, is_over: bool, keep: int
):
    mentor, colleague = make_mentor_and_colleague()
    play = end(begin(make_case(), mentor, partner=colleague), *GOOD)
    if is_over:
        PairingMember.objects.update(ends_on=timezone.localdate())
    client.force_login(colleague.user)

    client.post(address(play, "case_another"), {"play": str(uuid.uuid4()), "keep": keep})

    new = CasePlay.objects.exclude(pk=play.pk).get()
    assert (new.person, new.partner) == (colleague, None if is_over else mentor)
    assert CasePlay.objects.of(mentor).count() == (1 if is_over else 2)


@pytest.fixture
def case_page(base: None) -> Any:
    """A case with its page: who begins one must be able to read it."""
    from tests.factories.cases import make_case_page

    return make_case_page(make_module_page())


def begin_form(page: Any, client: Client, **fields: Any) -> Any:
    """Press "Begin" on the page of a case."""
    url = reverse("courses:case_begin", args=[page.translation_key])
    return client.post(url, {"play": str(uuid.uuid4())} | fields, follow=True)


def test_a_mentor_begins_a_case_with_the_own_colleague(client: Client, case_page: Any):
    mentor, colleague = make_mentor_and_colleague()
    client.force_login(mentor.user)

    answer = begin_form(case_page, client, partner=str(colleague.pk))

    assert "Trin opkald" in text_of(answer)
    assert CasePlay.objects.get().partner == colleague


def test_nobody_else_can_be_chosen_as_partner(client: Client, case_page: Any):
    mentor, _colleague = make_mentor_and_colleague()
    client.force_login(mentor.user)

    answer = begin_form(case_page, client, partner=str(make_learner().pk))

    assert "Du arbejder ikke sammen med den person i dag" in text_of(answer)
    assert not CasePlay.objects.exists()


@pytest.mark.parametrize("play", ["", "x"])
def test_a_beginning_without_an_id_is_refused(player: Client, case_page: Any, play: str):
    assert begin_form(case_page, player, play=play).status_code == 400


def test_a_mentor_logs_the_session_with_the_case_as_tool(client: Client):
    mentor, colleague = make_mentor_and_colleague()
    play = end(begin(make_case(), mentor, partner=colleague), *GOOD)
    client.force_login(mentor.user)
    link = re.search(r'href="([^"]+redskab[^"]+)"', client.get(address(play)).content.decode())

    form = client.get(link[1].replace("&amp;", "&")).content.decode()

    assert "Sagen “Fredag kl. 15.40”</textarea>" in form
    client.force_login(colleague.user)
    assert "redskab" not in client.get(address(play)).content.decode()


def test_the_start_page_tells_that_somebody_plays_with_me_until_the_case_has_ended(
    client: Client, base: None
):
    mentor, colleague = make_mentor_and_colleague()
    play = begin(make_case(), mentor, partner=colleague)
    client.force_login(colleague.user)
    link = f'href="{address(play)}"'
    assert link in client.get(reverse("start")).content.decode()

    end(play, *GOOD)

    assert link not in client.get(reverse("start")).content.decode()
    client.force_login(mentor.user)
    assert link not in client.get(reverse("start")).content.decode()


def test_the_page_says_how_long_a_month_is_where_a_limit_counts_months(
    player: Client, learner: Person
):
    rule = make_rule(deadline_hours=None, deadline_months=2)
    parts = told(rule)
    parts["deadlines"][0] |= {"stated": span(2, "months"), "length": span(2, "months")}

    months = text_of(player.get(address(begin(make_case(told_da=parts), learner))))
    hours = text_of(player.get(address(begin(make_case(), learner))))

    assert "60 dage tilbage På sagens ur har en måned 30 dage." in months
    assert "30 dage" not in hours


# --- Lists and figures ---------------------------------------------------------------------------


def test_my_learning_lists_my_plays_and_nobody_elses(player: Client, learner: Person):
    case = make_case()
    end(begin(case, learner), *GOOD)
    begin(case, make_learner())

    said = text_of(player.get(reverse("courses:learning")))

    assert said.count("Fredag kl. 15.40") == 1
    assert "En god slutning" in said


@pytest.mark.parametrize("count", [1, 10])
def test_my_learning_takes_as_many_queries_for_one_play_as_for_many(
    player: Client, learner: Person, count: int, django_assert_num_queries: Any
):
    case = make_case()
    for _one in range(count):
        begin(case, learner, partner=make_learner())
    player.get(reverse("courses:learning"))

    # account, person, paths, courses, plays, what is saved for later
    with django_assert_num_queries(6):
        said = text_of(player.get(reverse("courses:learning")))
    assert said.count("sammen med") == count


@pytest.mark.parametrize("moves", [1, 12])
def test_a_play_takes_as_many_queries_after_one_choice_as_after_many(
    player: Client, learner: Person, moves: int, django_assert_num_queries: Any
):
    rules = [make_rule() for _one in range(3)]
    around = choice("om", "opkald", rule=str(rules[0].pk), takes=span(1))
    steps = [
        step("opkald", around, choice("slut", "godt", rule=str(rules[1].pk), meets="beslut")),
        ending("godt"),
    ]
    play = begin(make_case(told_da=told(rules[2], steps=steps)), learner)
    play = end(play, *[("opkald", "om")] * moves)
    player.get(address(play))

    with django_assert_num_queries(4):  # session, account, the play, its rules
        player.get(address(play))
    end_play = choose(play, turn=moves, step="opkald", choice="slut", at=AT)
    with django_assert_num_queries(4):
        player.get(address(end_play))
