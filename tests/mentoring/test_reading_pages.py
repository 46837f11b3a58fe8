"""Who sees which session, with or without its text; confirming, asking and erasing."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.models import AccessLog
from core.periods import local_day
from mentoring.actions import (
    SessionConflict,
    ask_for_change,
    change_state,
    confirm_sessions,
    end_member,
    erase_session,
    log_session,
)
from mentoring.models import ChangeRequest, Confirmation, Pairing, Session
from mentoring.permissions import (
    confirmable_sessions,
    counted_sessions,
    editable_sessions,
    erasable_sessions,
    overseen_sessions,
    readable_sessions,
)
from mentoring.progress import cards
from people.models import Person
from people.permissions import standing_of
from tests.factories.mentoring import (
    caseworker_of,
    content_for,
    make_pairing,
    make_person,
    make_town,
    mentor_of,
    people_of,
    send_many,
)

pytestmark = pytest.mark.django_db
TEXT = "Gennemgik modtagelse af underretning med skabelon."
Browse = Callable[[Person], Client]
Sent = Callable[..., Session]


@pytest.fixture
def session(sent: Sent) -> Session:
    return sent()


def newer(session: Session, **changes: Any) -> None:
    """A new version by the author."""
    people = [p.person for p in session.participants.filter(side="caseworker")]
    version = session.versions.latest("number")
    log_session(
        session.author,
        session.pairing,
        session_id=session.pk,
        version_id=changes.pop("version_id", None) or uuid.uuid4(),
        parent_id=changes.pop("parent_id", version.pk),
        content=content_for(*people, held_on=str(session.held_on), **changes),
        at=timezone.now(),
    )
    session.refresh_from_db()


# --- Access -------------------------------------------------------------------------------------


def audience(pairing: Pairing) -> dict[str, Person]:
    """One person of every kind."""
    place = pairing.place
    away = people_of(pairing, "mentor")[1]
    end_member(pairing.members.get(person=away), on=local_day(timezone.now()))
    superuser = make_person()
    superuser.user.is_superuser = True  # type: ignore[union-attr]  # has an account
    superuser.user.save()  # type: ignore[union-attr]  # has an account
    ended = people_of(pairing, "caseworker")[1]
    ended.roles.update(ends_on=local_day(timezone.now()))
    return {
        "mentor": mentor_of(pairing),
        "caseworker": caseworker_of(pairing),
        "mentor whose stay has ended": away,
        "caseworker whose role has ended": ended,
        "mentor elsewhere": mentor_of(make_pairing(place=make_town("Uummannaq"))),
        "leader": make_person("leader", place=place),
        "coordinator": make_person("coordinator", place=place),
        "coordinator of the country": make_person("coordinator", scope="country"),
        "coordinator elsewhere": make_person(
            "coordinator", place=make_town("Sisimiut", "Qeqqata Kommunia"), scope="municipality"
        ),
        "editor": make_person("editor", scope="country"),
        "administrator": make_person("administrator", scope="country"),
        "superuser": superuser,
    }


READS_TEXT = {"mentor", "caseworker"}
OVERSEES = {"coordinator", "coordinator of the country"}


def test_every_kind_of_person_sees_what_is_theirs(pairing: Pairing, session: Session) -> None:
    rights = {
        readable_sessions: READS_TEXT,
        confirmable_sessions: {"caseworker"},
        editable_sessions: {"mentor"},
        overseen_sessions: OVERSEES,
        counted_sessions: {"leader"},
        erasable_sessions: {"mentor", *OVERSEES},
    }
    people = audience(pairing)

    for function, expected in rights.items():
        allowed = {
            name
            for name, person in people.items()
            if function(standing_of(person.user)).filter(pk=session.pk).exists()  # type: ignore[arg-type]  # has an account
        }
        assert allowed == expected, function.__name__


def test_only_members_open_a_session_and_nobody_else_sees_its_text(
    pairing: Pairing, session: Session, browse: Browse
) -> None:
    addresses = [
        reverse("mentoring:sessions"),
        reverse("mentoring:overview"),
        reverse("mentoring:pairings"),
        reverse("mentoring:pairing", args=[pairing.pk]),
        reverse("mentoring:erase", args=[session.pk]),
        reverse("start"),
    ]

    for name, person in audience(pairing).items():
        client = browse(person)
        detail = client.get(session.get_absolute_url())
        assert detail.status_code == (200 if name in READS_TEXT else 404), name
        assert (TEXT in detail.content.decode()) == (name in READS_TEXT), name
        for address in addresses:
            assert TEXT not in client.get(address).content.decode(), (name, address)


def test_anonymous_sees_nothing(client: Client, session: Session) -> None:
    assert "/konto/log-ind/" in client.get(session.get_absolute_url())["Location"]


def test_closing_ends_the_mentors_access_and_keeps_the_caseworkers(
    pairing: Pairing, session: Session, browse: Browse
) -> None:
    for state in ("handover", "closed"):
        change_state(pairing, state, at=timezone.now())

    assert browse(mentor_of(pairing)).get(session.get_absolute_url()).status_code == 404
    assert browse(caseworker_of(pairing)).get(session.get_absolute_url()).status_code == 200
    assert Session.objects.filter(pk=session.pk).exists()


def test_reading_what_others_wrote_is_noted_without_a_text(
    pairing: Pairing, session: Session, browse: Browse
) -> None:
    browse(mentor_of(pairing)).get(session.get_absolute_url())
    assert not AccessLog.objects.exists()

    browse(caseworker_of(pairing)).get(session.get_absolute_url())

    entry = AccessLog.objects.get()
    assert (entry.actor, entry.action) == (caseworker_of(pairing).user, "read")
    assert (entry.kind, entry.record_id) == ("mentoring.session", str(session.pk))


@pytest.mark.parametrize("address", ["mentoring:overview", "mentoring:pairings", "start"])
def test_what_a_coordinator_sees_of_others_is_noted(
    pairing: Pairing, browse: Browse, address: str
) -> None:
    send_many(pairing, 10)
    coordinator = make_person("coordinator", scope="country")

    browse(coordinator).get(reverse(address))

    shown = {
        "mentoring:overview": {("mentoring.session", one.pk) for one in Session.objects.all()},
        "mentoring:pairings": {("mentoring.pairing", pairing.pk)},
        "start": {("people.person", one.pk) for one in people_of(pairing, "caseworker")},
    }[address]
    noted = AccessLog.objects.filter(actor=coordinator.user, action="list")
    assert {(line.kind, line.record_id) for line in noted} <= {
        (kind, str(key)) for kind, key in shown
    }
    assert noted.exists()


# --- Lists --------------------------------------------------------------------------------------


def test_list_is_empty_and_says_how_it_begins(pairing: Pairing, browse: Browse) -> None:
    page = browse(mentor_of(pairing)).get(reverse("mentoring:sessions")).content.decode()
    assert "Log den første, når I har siddet sammen." in page


def test_list_shows_the_sessions_i_took_part_in(
    pairing: Pairing, sent: Sent, browse: Browse
) -> None:
    mine, others = caseworker_of(pairing), people_of(pairing, "caseworker")[1]
    session = sent(caseworkers=[mine])
    sent(caseworkers=[others])

    rows = browse(mine).get(reverse("mentoring:sessions")).context["rows"]

    assert [card.session for card in rows] == [session]


@pytest.mark.parametrize("state", ["venter", "bekraeftet", "slettet"])
def test_list_is_narrowed_by_state_and_colleague(
    pairing: Pairing, sent: Sent, browse: Browse, state: str
) -> None:
    first, second = people_of(pairing, "caseworker")
    by_state = {name: sent(caseworkers=[first]) for name in ("venter", "bekraeftet", "slettet")}
    sent(caseworkers=[second])
    now = timezone.now()
    confirm_sessions(first, [by_state["bekraeftet"].current_id], at=now)
    erase_session(by_state["slettet"], by=mentor_of(pairing), reason="mistake", at=now)

    response = browse(mentor_of(pairing)).get(
        reverse("mentoring:sessions"), {"tilstand": state, "kollega": str(first.pk)}
    )

    assert [card.session for card in response.context["rows"]] == [by_state[state]]


@pytest.mark.parametrize("query", ["kollega=x&tilstand=y", "page=-1", "page=99", "kollega=%00"])
def test_strange_filters_do_no_harm(
    pairing: Pairing, session: Session, browse: Browse, query: str
) -> None:
    address = f"{reverse('mentoring:sessions')}?{query}"
    assert browse(mentor_of(pairing)).get(address).status_code == 200


@pytest.mark.parametrize(("name", "most"), [("sessions", 20), ("overview", 16)])
def test_lists_take_the_same_queries_for_one_and_for_many(
    pairing: Pairing, count_queries: Callable[[Person, str], int], name: str, most: int
) -> None:
    coordinator = make_person("coordinator", scope="country")
    person = coordinator if name == "overview" else caseworker_of(pairing)
    address = reverse(f"mentoring:{name}")
    send_many(pairing, 1)
    for_one = count_queries(person, address)
    assert for_one <= most

    for many in (9, 990):
        send_many(pairing, many)
        assert count_queries(person, address) == for_one


def test_overview_shows_facts_by_name_in_the_own_scope_only(
    pairing: Pairing, session: Session, browse: Browse
) -> None:
    coordinator = make_person("coordinator", place=pairing.place)
    rows = browse(coordinator).get(reverse("mentoring:overview")).context["rows"]
    assert [card.session for card in rows] == [session]

    elsewhere = make_person("coordinator", place=make_town("Uummannaq"))
    assert browse(elsewhere).get(reverse("mentoring:overview")).context["rows"] == []
    for role in ("mentor", "caseworker", "leader", "editor"):
        assert browse(make_person(role)).get(reverse("mentoring:overview")).status_code == 403


# --- Confirming ---------------------------------------------------------------------------------


def confirm(client: Client, *versions: object) -> Any:
    return client.post(reverse("mentoring:confirm"), {"version": versions}, follow=True)


def test_one_press_confirms_and_locks(pairing: Pairing, session: Session, browse: Browse) -> None:
    response = confirm(browse(caseworker_of(pairing)), session.current_id)

    assert [card.session for card in response.context["done"]] == [session]
    session.refresh_from_db()
    assert session.locked_at is not None


def test_several_are_confirmed_at_once(pairing: Pairing, sent: Sent, browse: Browse) -> None:
    sessions = [sent(), sent(minutes=30)]

    response = confirm(browse(caseworker_of(pairing)), *(one.current_id for one in sessions))

    assert len(response.context["done"]) == 2
    assert Session.objects.filter(locked_at__isnull=False).count() == 2


def test_confirming_takes_the_same_queries_for_one_and_for_many(
    pairing: Pairing, sent: Sent, django_assert_num_queries: Any
) -> None:
    versions = [sent().current_id for _number in range(10)]

    with django_assert_num_queries(11):
        confirm_sessions(caseworker_of(pairing), versions[:1], at=timezone.now())
    with django_assert_num_queries(11):
        confirm_sessions(caseworker_of(pairing), versions[1:], at=timezone.now())


def test_locked_when_everybody_has_confirmed(pairing: Pairing, sent: Sent, browse: Browse) -> None:
    first, second = people_of(pairing, "caseworker")
    session = sent(caseworkers=[first, second])

    confirm(browse(first), session.current_id)
    session.refresh_from_db()
    assert session.locked_at is None

    confirm(browse(second), session.current_id)
    session.refresh_from_db()
    assert session.locked_at is not None


def test_double_press_is_one_confirmation(
    pairing: Pairing, session: Session, browse: Browse
) -> None:
    client = browse(caseworker_of(pairing))
    for _press in range(2):
        assert len(confirm(client, session.current_id).context["done"]) == 1
    assert Confirmation.objects.count() == 1


def test_change_in_between_asks_again(pairing: Pairing, sent: Sent, browse: Browse) -> None:
    changed, same = sent(), sent(minutes=30)
    seen = changed.current_id
    newer(changed, minutes=45)

    response = confirm(browse(caseworker_of(pairing)), seen, same.current_id)

    assert [card.session for card in response.context["changed"]] == [changed]
    assert [card.session for card in response.context["done"]] == [same]
    changed.refresh_from_db()
    assert changed.locked_at is None
    assert len(confirm(browse(caseworker_of(pairing)), changed.current_id).context["done"]) == 1


def test_new_version_asks_those_again_who_had_confirmed(pairing: Pairing, sent: Sent) -> None:
    first, second = people_of(pairing, "caseworker")
    session = sent(caseworkers=[first, second])
    confirm_sessions(first, [session.current_id], at=timezone.now())

    newer(session, minutes=45)

    assert list(Session.objects.awaiting(first)) == [session]


def test_session_with_two_versions_waits_for_the_choice(
    pairing: Pairing, session: Session, browse: Browse
) -> None:
    with pytest.raises(SessionConflict):
        newer(session, parent_id=None, minutes=15)

    response = confirm(browse(caseworker_of(pairing)), session.current_id)

    assert [card.session for card in response.context["changed"]] == [session]
    assert not Confirmation.objects.exists()


@pytest.mark.parametrize("who", ["mentor", "colleague", "coordinator", "stranger"])
def test_nobody_confirms_for_another(
    pairing: Pairing, session: Session, browse: Browse, who: str
) -> None:
    person = {
        "mentor": mentor_of(pairing),
        "colleague": people_of(pairing, "caseworker")[1],
        "coordinator": make_person("coordinator", scope="country"),
        "stranger": make_person("caseworker"),
    }[who]
    assert confirm(browse(person), session.current_id).status_code == 404
    assert not Confirmation.objects.exists()


@pytest.mark.parametrize("versions", [[], ["x"], ["00000000-0000-0000-0000-000000000000"]])
def test_confirming_nothing_is_not_found(
    pairing: Pairing, session: Session, browse: Browse, versions: list[str]
) -> None:
    assert confirm(browse(caseworker_of(pairing)), *versions).status_code == 404


def test_confirming_is_a_post(pairing: Pairing, session: Session, browse: Browse) -> None:
    client = browse(caseworker_of(pairing))
    assert client.get(reverse("mentoring:confirm")).status_code == 405


# --- Asking for a change ------------------------------------------------------------------------


def test_caseworker_asks_for_a_change_and_the_mentor_sees_it(
    pairing: Pairing, session: Session, browse: Browse
) -> None:
    address = reverse("mentoring:ask-for-change", args=[session.pk])
    client = browse(caseworker_of(pairing))
    assert client.post(address, {}).status_code == 422
    assert client.post(address, {"what": "time"})["Location"] == session.get_absolute_url()

    request = ChangeRequest.objects.get()
    assert (request.version, request.what) == (session.current, "time")
    page = browse(mentor_of(pairing)).get(reverse("start")).content.decode()
    assert session.get_absolute_url() in page
    newer(session, minutes=45)
    page = browse(mentor_of(pairing)).get(reverse("start")).content.decode()
    assert session.get_absolute_url() not in page


def test_nobody_else_asks_for_a_change(pairing: Pairing, session: Session, browse: Browse) -> None:
    address = reverse("mentoring:ask-for-change", args=[session.pk])
    for person in (mentor_of(pairing), people_of(pairing, "caseworker")[1]):
        assert browse(person).post(address, {"what": "time"}).status_code == 404
    confirm_sessions(caseworker_of(pairing), [session.current_id], at=timezone.now())
    assert browse(caseworker_of(pairing)).post(address, {"what": "time"}).status_code == 404


def test_confirming_after_all_takes_the_request_back(pairing: Pairing, sent: Sent) -> None:
    first, second = people_of(pairing, "caseworker")
    session = sent(caseworkers=[first, second])
    ask_for_change(first, session.current_id, "text", at=timezone.now())
    assert [card.is_asked_to_change for card in cards([session])] == [True]

    confirm_sessions(first, [session.current_id], at=timezone.now())

    assert [card.is_asked_to_change for card in cards([session])] == [False]


def test_asking_twice_is_one_request(pairing: Pairing, session: Session) -> None:
    for _time in range(2):
        ask_for_change(caseworker_of(pairing), session.current_id, "text", at=timezone.now())
    assert ChangeRequest.objects.count() == 1


# --- Erasing ------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["author", "coordinator"])
def test_text_is_erased_for_a_reason(
    pairing: Pairing, session: Session, browse: Browse, who: str
) -> None:
    newer(session, went_well="En anden tekst.")
    person = mentor_of(pairing) if who == "author" else make_person("coordinator", scope="country")
    address = reverse("mentoring:erase", args=[session.pk])
    client = browse(person)
    assert client.post(address, {}).status_code == 422

    client.post(address, {"reason": "identifies"})

    session.refresh_from_db()
    assert (session.erased_by, session.erase_reason) == (person, "identifies")
    assert [version.content["went_well"] for version in session.versions.all()] == [None, None]
    assert session.minutes == 90
    assert AccessLog.objects.filter(action="erase", record_id=str(session.pk)).count() == 1
    page = browse(caseworker_of(pairing)).get(session.get_absolute_url()).content.decode()
    assert TEXT not in page
    assert client.get(address).status_code == 404


def test_nobody_else_erases(pairing: Pairing, session: Session, browse: Browse) -> None:
    address = reverse("mentoring:erase", args=[session.pk])
    for person in (
        caseworker_of(pairing),
        people_of(pairing, "mentor")[1],
        make_person("leader"),
        make_person("administrator", scope="country"),
    ):
        assert browse(person).post(address, {"reason": "identifies"}).status_code == 404


def test_erased_session_waits_for_nobody(pairing: Pairing, session: Session) -> None:
    erase_session(session, by=mentor_of(pairing), reason="mistake", at=timezone.now())
    assert not Session.objects.awaiting(caseworker_of(pairing)).exists()


# --- Detail -------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 10])
def test_detail_takes_the_same_queries_for_one_version_and_for_many(
    pairing: Pairing,
    session: Session,
    browse: Browse,
    django_assert_max_num_queries: Any,
    count: int,
) -> None:
    for number in range(count):
        newer(session, minutes=30 + number)
    client = browse(caseworker_of(pairing))
    client.get(session.get_absolute_url())

    with django_assert_max_num_queries(23):
        response = client.get(session.get_absolute_url())

    assert [told["minutes"] for told in response.context["versions"]][-1] == 90


def test_old_versions_stay_readable(pairing: Pairing, session: Session, browse: Browse) -> None:
    newer(session, went_well="En anden tekst.")
    page = browse(caseworker_of(pairing)).get(session.get_absolute_url()).content.decode()
    assert TEXT in page
    assert "En anden tekst." in page


def test_markup_in_a_text_stays_text(pairing: Pairing, sent: Sent, browse: Browse) -> None:
    session = sent(went_well="<script>alert(1)</script>")
    page = browse(mentor_of(pairing)).get(session.get_absolute_url()).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


# --- Start page ---------------------------------------------------------------------------------


def sections(client: Client) -> dict[str, dict[str, Any]]:
    response = client.get(reverse("start"))
    return {section.template: section.context for section, _fill in response.context["sections"]}


def test_caseworker_begins_with_what_waits(pairing: Pairing, sent: Sent, browse: Browse) -> None:
    sessions = [sent(), sent(minutes=30)]
    client = browse(caseworker_of(pairing))
    shown = sections(client)["mentoring/start/to_confirm.html"]["waiting"]
    assert {card.session for card in shown} == set(sessions)
    assert "Bekræft begge" in client.get(reverse("start")).content.decode()

    confirm(client, *(one.current_id for one in sessions))

    assert "mentoring/start/to_confirm.html" not in sections(client)


def test_mentor_sees_the_way_from_in_front_to_behind(
    pairing: Pairing, sent: Sent, browse: Browse
) -> None:
    today = local_day(timezone.now())
    for days, mode in ((20, "in_front"), (10, "beside"), (1, "behind")):
        sent(mode=mode, held_on=str(today - timedelta(days=days)))

    found = sections(browse(mentor_of(pairing)))
    (colleague,) = found["mentoring/start/my_colleagues.html"]["colleagues"]

    assert colleague.heights == [1, 2, 3]
    assert colleague.waiting == 3
    assert colleague.agreed == content_for()["next_step"]
    assert found["mentoring/start/my_colleagues.html"]["newcomers"] == [
        people_of(pairing, "caseworker")[1]
    ]
    assert "mentoring/start/log_now.html" in found


def test_leader_gets_totals_and_the_split_only_for_five(
    pairing: Pairing, sent: Sent, browse: Browse
) -> None:
    leader = make_person("leader", place=pairing.place)
    sent()
    few = sections(browse(leader))["mentoring/start/town_totals.html"]
    assert (few["totals"]["count"], few["people"], few["modes"]) == (1, 1, [])

    many = make_pairing(caseworkers=4)
    sent(pairing=many, caseworkers=people_of(many, "caseworker"))

    enough = sections(browse(leader))["mentoring/start/town_totals.html"]
    assert (enough["people"], [count for _mode, count in enough["modes"]]) == (5, [0, 2, 0])


def test_leader_elsewhere_gets_other_totals(
    pairing: Pairing, session: Session, browse: Browse
) -> None:
    leader = make_person("leader", place=make_town("Uummannaq"))
    shown = sections(browse(leader))["mentoring/start/town_totals.html"]
    assert shown["totals"]["count"] == 0


def test_coordinator_sees_who_is_stuck_and_what_is_late(
    pairing: Pairing, sent: Sent, browse: Browse
) -> None:
    today = local_day(timezone.now())
    sent(held_on=str(today - timedelta(days=7)))
    silent = make_pairing(place=make_town("Uummannaq"), starts_on=today - timedelta(days=14))
    leaving = make_pairing(
        place=make_town("Ilulissat"), starts_on=today, ends_on=today + timedelta(days=7)
    )
    coordinator = make_person("coordinator", scope="country")

    shown = sections(browse(coordinator))["mentoring/start/coordination.html"]

    assert shown["silent"] == [silent]
    assert shown["not_handed_over"] == [leaving]
    assert [(row["name"], row["count"]) for row in shown["unconfirmed"]] == [
        ("Sagsbehandler Demo 1", 1)
    ]
    elsewhere = make_person("coordinator", place=make_town("Sisimiut", "Qeqqata Kommunia"))
    other = sections(browse(elsewhere))["mentoring/start/coordination.html"]
    assert not any(other[key] for key in ("silent", "not_handed_over", "unconfirmed"))


@pytest.mark.parametrize("who", ["mentor", "caseworker", "coordinator", "leader"])
def test_start_page_takes_the_same_queries_for_one_and_for_many(
    pairing: Pairing, count_queries: Callable[[Person, str], int], who: str
) -> None:
    person = {
        "mentor": lambda: mentor_of(pairing),
        "caseworker": lambda: caseworker_of(pairing),
        "coordinator": lambda: make_person("coordinator", scope="country"),
        "leader": lambda: make_person("leader"),
    }[who]()
    send_many(pairing, 10)  # enough days for one to have waited a week
    for_one = count_queries(person, reverse("start"))
    assert for_one <= 25

    send_many(pairing, 990)

    assert count_queries(person, reverse("start")) == for_one
