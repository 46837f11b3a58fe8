"""Skills over time: what one says, what the mentor saw, and who led the work."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone

from competences.actions import rate
from core.periods import local_day
from mentoring.actions import erase_session
from mentoring.goals.movement import Movement
from mentoring.goals.numbers import group_skills
from mentoring.goals.skills import SESSIONS_SHOWN, skills_of
from mentoring.models import Pairing, Session
from people.models import Person
from people.permissions import standing_on
from tests.factories.goals import competence, make_goal
from tests.factories.mentoring import (
    caseworker_of,
    make_pairing,
    make_person,
    make_town,
    mentor_of,
    people_of,
    send,
)

pytestmark = pytest.mark.django_db
NOW = timezone.now()
TODAY = local_day(NOW)


def train(pairing: Pairing, days_ago: int, *, seen: str = "", **changes: Any) -> Session:
    """A session of so many days ago; ``seen`` is how completely the receipt was."""
    practised = [{"competence": str(competence().pk), "observed": seen}] if seen else []
    day = TODAY - timedelta(days=days_ago)
    return send(pairing, at=NOW, held_on=str(day), competences=practised, **changes)


def skill(person: Person, key: str = "receipt") -> Any:
    rows = skills_of(person, on=TODAY).rows
    return next(row for row in rows if row.text.key == key)


# --- One person -----------------------------------------------------------------------------------


def test_first_and_latest_of_both_stand_side_by_side(pairing: Pairing):
    person = caseworker_of(pairing)
    for day, level in ((1, "not_yet"), (5, "with_help"), (9, "alone")):
        rate(person, {competence().pk: level}, at=datetime(2026, 6, day, 12, tzinfo=UTC))
    train(pairing, 1, seen="fully")
    train(pairing, 9, seen="partly")
    train(pairing, 5, seen="mostly")

    row = skill(person)

    assert (row.said_first.label, row.said_first.on) == ("Ikke endnu", date(2026, 6, 1))
    assert (row.said_latest.label, row.said_latest.on) == ("Alene", date(2026, 6, 9))
    assert (row.seen_first.label, row.seen_first.on) == (
        "Delvist",
        TODAY - timedelta(days=9),
    )
    assert (row.seen_latest.label, row.seen_latest.on) == ("Helt", TODAY - timedelta(days=1))
    assert skill(person, "report_in").is_empty


def test_what_was_said_in_the_evening_was_said_on_that_day(pairing: Pairing):
    person = caseworker_of(pairing)
    evening = datetime(2026, 6, 9, 23, 30, tzinfo=ZoneInfo("America/Nuuk"))

    rate(person, {competence().pk: "alone"}, at=evening)

    assert skill(person).said_latest.on == date(2026, 6, 9)


def test_what_was_seen_of_others_and_what_was_a_mistake_is_left_out(pairing: Pairing):
    person, colleague = people_of(pairing, "caseworker")
    train(pairing, 3, seen="partly")
    train(pairing, 2, seen="fully", caseworkers=[colleague])
    mistake = train(pairing, 1, seen="fully")
    erase_session(mistake, by=None, reason="mistake", at=NOW)

    row = skill(person)

    assert row.seen_first == row.seen_latest
    assert row.seen_latest.label == "Delvist"
    assert skill(mentor_of(pairing)).is_empty


def test_a_text_that_was_erased_leaves_what_was_seen(pairing: Pairing):
    session = train(pairing, 1, seen="fully")
    erase_session(session, by=None, reason="identifies", at=NOW)

    assert skill(caseworker_of(pairing)).seen_latest.label == "Helt"


def test_the_picture_shows_the_last_sessions_from_the_oldest(pairing: Pairing):
    for number in range(SESSIONS_SHOWN + 2):
        train(pairing, 60 - number, mode="in_front" if number < 10 else "behind")

    skills = skills_of(caseworker_of(pairing), on=TODAY)

    assert (len(skills.movement.points), skills.session_count) == (24, 26)
    assert skills.movement.finding == "Fra foran mod bagved"
    days = [point.held_on for point in skills.movement.points]
    assert days == sorted(days)
    assert days[-1] == TODAY - timedelta(days=35)


@pytest.mark.parametrize(
    ("modes", "finding"),
    [
        ([], ""),
        (["beside"], "Én session indtil nu"),
        (["in_front", "behind"], "Fra foran mod bagved"),
        (["behind", "in_front", "beside"], "Tilbage mod foran"),
        (["beside", "behind", "beside"], "Samme måde som før"),
    ],
)
def test_the_finding_compares_the_first_and_the_last(modes, finding):
    movement = Movement.of((date(2026, 1, 1 + place), mode) for place, mode in enumerate(modes))

    assert movement.finding == finding
    assert [point.x for point in movement.points] == sorted(point.x for point in movement.points)
    assert all(0 <= point.x <= 320 and 0 <= point.y <= 116 for point in movement.points)


def test_the_page_draws_a_picture_with_its_table_and_no_inline_style(browse, pairing: Pairing):
    train(pairing, 9, mode="in_front", seen="partly")
    train(pairing, 1, mode="behind", seen="fully")
    person = caseworker_of(pairing)

    for reader, name, args in (
        (person, "skills", []),
        (mentor_of(pairing), "skills-of", [person.pk]),
    ):
        response = browse(reader).get(reverse(f"mentoring:{name}", args=args))
        page = BeautifulSoup(response.content, "html.parser")
        picture = page.select_one("main svg[role=img][aria-label='Fra foran mod bagved']")
        assert picture is not None
        assert len(picture.select("circle")) == 2
        assert not page.select("main [style]")
        modes = [cell.get_text(strip=True) for cell in page.select("main table td")][-2:]
        assert modes == ["Gå bagved", "Gå foran"]
        assert "Delvist" in page.get_text()
        assert "Helt" in page.get_text()


def test_what_is_a_goal_already_is_not_offered_as_one(browse, pairing: Pairing):
    train(pairing, 1, seen="partly")
    client = browse(caseworker_of(pairing))
    link = f"?kompetence={competence().pk}"

    assert link in client.get(reverse("mentoring:skills")).content.decode()
    make_goal(pairing)
    assert link not in client.get(reverse("mentoring:skills")).content.decode()


@pytest.mark.parametrize("name", ["skills", "skills-of"])
def test_as_many_queries_for_one_session_as_for_many(count_queries, pairing: Pairing, name: str):
    person = caseworker_of(pairing)
    reader = person if name == "skills" else mentor_of(pairing)
    address = reverse(f"mentoring:{name}", args=[] if name == "skills" else [person.pk])
    train(pairing, 9, seen="partly")
    one = count_queries(reader, address)

    for days in range(1, 6):
        train(pairing, days, seen="mostly")
        rate(person, {competence().pk: "alone" if days % 2 else "with_help"}, at=NOW)

    assert count_queries(reader, address) == one


# --- Groups ---------------------------------------------------------------------------------------


@pytest.fixture
def town() -> Any:
    return make_town("Sisimiut", "Qeqqata Kommunia")


def group(count: int, town: Any, *, moved: int, said: bool = True) -> list[Person]:
    """So many caseworkers with two ratings, two observations and two sessions; ``moved`` of them
    are further on in each."""
    pairing = make_pairing(place=town, caseworkers=count)
    people = people_of(pairing, "caseworker")
    for number, person in enumerate(people):
        has_moved = number < moved
        if said:
            rate(person, {competence().pk: "with_help"}, at=NOW - timedelta(days=9))
            then = "alone" if has_moved else "not_yet"
            rate(person, {competence().pk: then}, at=NOW)
        train(pairing, 9, seen="mostly", mode="beside", caseworkers=[person])
        train(
            pairing,
            1,
            seen="fully" if has_moved else "partly",
            mode="behind" if has_moved else "beside",
            caseworkers=[person],
        )
    return people


def told(reader: Person) -> Any:
    found = group_skills(standing_on(reader.user, TODAY))
    assert found is not None
    return found


def shares(found: Any) -> list[tuple[int, bool, int | None, bool | None]]:
    """Of the receipt's ratings, its observations, and of who led the work."""
    row = next(row for row in found.rows if row.text.key == "receipt")
    return [
        (
            share.known.count,
            share.known.is_few or share.known.is_nearly_all,
            share.moved.count if share.moved else None,
            share.moved.is_few or share.moved.is_nearly_all if share.moved else None,
        )
        for share in (row.said, row.seen, found.led)
    ]


@pytest.mark.parametrize("role", ["leader", "coordinator"])
def test_ten_people_of_whom_half_have_moved_are_told(town: Any, role: str):
    group(10, town, moved=5)

    assert shares(told(make_person(role, place=town))) == [(10, False, 5, False)] * 3


@pytest.mark.parametrize(("moved", "hidden"), [(4, True), (6, True), (0, False), (10, False)])
def test_neither_side_of_a_share_is_told_below_five(town: Any, moved: int, hidden: bool):
    group(10, town, moved=moved)

    assert shares(told(make_person("leader", place=town))) == [(10, False, moved, hidden)] * 3


def test_of_a_group_that_is_not_told_nothing_more_is_counted(town: Any):
    group(6, town, moved=6)
    group(4, town, moved=0, said=False)

    (said, seen, led) = shares(told(make_person("leader", place=town)))

    assert said == (6, True, None, None)  # four have not: nearly all
    assert seen[0] == led[0] == 10


@pytest.mark.parametrize(("count", "is_shown"), [(4, False), (5, True)])
def test_four_people_are_no_group_and_five_are(town: Any, count: int, is_shown: bool):
    group(count, town, moved=count)

    found = told(make_person("leader", place=town))

    assert found.is_shown == is_shown
    assert bool(found.rows) == is_shown


def test_only_the_own_scope_counts_and_never_oneself(town: Any):
    group(5, town, moved=5)
    group(5, make_town("Nuuk", "Kommuneqarfik Sermersooq"), moved=5)
    leader = make_person("leader", "caseworker", place=town)

    assert told(leader).people == 5
    assert told(make_person("coordinator", scope="country")).people == 11


def test_a_session_by_mistake_and_one_alone_count_for_nobody(town: Any):
    pairing = make_pairing(place=town, caseworkers=5)
    for person in people_of(pairing, "caseworker"):
        train(pairing, 9, seen="partly", caseworkers=[person])
        mistake = train(pairing, 1, seen="fully", caseworkers=[person])
        erase_session(mistake, by=None, reason="mistake", at=NOW)

    found = told(make_person("leader", place=town))

    assert [known for known, *_rest in shares(found)] == [0, 0, 0]


def test_the_page_is_for_leaders_and_coordinators_alone_and_names_nobody(browse, town: Any):
    people = group(10, town, moved=5)
    address = reverse("mentoring:skill-numbers")

    page = browse(make_person("leader", place=town)).get(address).content.decode()
    assert not [person.name for person in people if person.name in page]
    assert "Kan receipt" in page
    assert browse(people[0]).get(address).status_code == 403
    assert browse(make_person("mentor", place=town)).get(address).status_code == 403


def test_as_many_queries_for_a_few_as_for_many(count_queries, town: Any):
    reader, address = make_person("leader", place=town), reverse("mentoring:skill-numbers")
    group(5, town, moved=5)
    few = count_queries(reader, address)

    group(6, town, moved=2)

    assert count_queries(reader, address) == few
