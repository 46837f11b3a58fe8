"""Planned sessions: for the members of the pairing, told to the others, logged with one press."""

import threading
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.utils import timezone

from core.periods import local_day
from mentoring.models import Pairing, PlannedSession
from mentoring.planning.actions import PlanRefused, cancel_session, move_session, plan_session
from mentoring.planning.clock import NoSuchTime, moment
from notices.models import Notice
from people.models import Person
from tests.factories.mentoring import caseworker_of, close, make_pairing, make_person, mentor_of

pytestmark = pytest.mark.django_db
NUUK = ZoneInfo("America/Nuuk")


def soon(days: int = 3, hour: int = 10) -> datetime:
    """In some days, at that hour in Nuuk."""
    day = local_day(timezone.now()) + timedelta(days=days)
    return datetime.combine(day, time(hour), NUUK).astimezone(UTC)


def plan(pairing: Pairing, person: Person | None = None, **changes: Any) -> PlannedSession:
    given = {"starts_at": soon(), "minutes": 90, "at": timezone.now(), **changes}
    return plan_session(person or mentor_of(pairing), pairing, **given)


def fields(**changes: Any) -> dict[str, Any]:
    day = (local_day(timezone.now()) + timedelta(days=3)).isoformat()
    return {"day": day, "clock": "10:00", "minutes": "90", "mode": "", "purpose": "", **changes}


# --- The rules ------------------------------------------------------------------------------------


def test_either_side_plans_and_the_others_are_told_with_a_file(
    pairing: Pairing, django_capture_on_commit_callbacks
):
    caseworker = caseworker_of(pairing)
    mentor = mentor_of(pairing)
    mentor.email = "mentor@example.org"
    mentor.save()

    with django_capture_on_commit_callbacks(execute=True):
        made = plan(pairing, caseworker, purpose="Kvitteringsbrevet.")

    assert made.held_on == local_day(made.starts_at)
    told = set(Notice.objects.values_list("person", flat=True))
    assert told == set(pairing.members.values_list("person", flat=True)) - {caseworker.pk}
    (sent,) = mail.outbox
    assert sent.to == ["mentor@example.org"]
    ((name, content, kind),) = sent.attachments
    assert (name, kind) == ("session.ics", "text/calendar; method=PUBLISH")
    whole = sent.subject + sent.body + content
    assert "Kvitteringsbrevet" not in whole
    assert caseworker.name not in whole


def test_planning_twice_is_once_and_tells_once(pairing: Pairing):
    first = plan(pairing)
    told = Notice.objects.count()

    assert plan(pairing) == first
    assert Notice.objects.count() == told


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("past", {"starts_at": datetime(2020, 1, 1, tzinfo=UTC)}),
        ("far", {"starts_at": soon(days=368)}),
    ],
)
def test_a_moment_that_cannot_be_planned_is_refused(
    pairing: Pairing, code: str, changes: dict[str, Any]
):
    with pytest.raises(PlanRefused) as refusal:
        plan(pairing, **changes)

    assert refusal.value.error_dict["day"][0].code in {code, None}
    assert not PlannedSession.objects.exists()


def test_the_first_moment_and_the_last_day_can_be_planned(pairing: Pairing):
    now = timezone.now()

    plan(pairing, starts_at=now, at=now)
    plan(pairing, starts_at=now + timedelta(days=366), at=now)

    assert PlannedSession.objects.count() == 2


def test_whoever_has_left_by_then_plans_nothing(pairing: Pairing):
    mentor = mentor_of(pairing)
    starts_at = soon()
    member = pairing.members.get(person=mentor)
    member.ends_on = local_day(starts_at)
    member.save()

    with pytest.raises(PlanRefused):
        plan(pairing, mentor, starts_at=starts_at)
    plan(pairing, mentor, starts_at=starts_at - timedelta(days=1))


def test_a_closed_pairing_takes_no_plan(pairing: Pairing):
    close(pairing)

    with pytest.raises(PlanRefused) as refusal:
        plan(pairing)

    assert refusal.value.code == "closed"


@pytest.mark.parametrize(
    "text", ["Talte med Nivi på 8 år", "sag nr. 12345", "Kangaamiut", "Skovvej 12", "Peter Hansen"]
)
def test_a_purpose_that_could_show_who_it_is_about_is_refused(pairing: Pairing, text: str):
    with pytest.raises(PlanRefused) as refusal:
        plan(pairing, purpose=text)

    assert text not in str(refusal.value)
    assert not PlannedSession.objects.exists()


def test_a_number_like_a_cpr_number_is_refused(pairing: Pairing):
    with pytest.raises(ValidationError):
        plan(pairing, purpose="".join(["0101", "90-", "1234"]))


def test_moving_tells_the_others_what_it_was_and_what_it_is(pairing: Pairing):
    made = plan(pairing)
    Notice.objects.all().delete()

    moved = move_session(
        caseworker_of(pairing),
        made,
        sequence=0,
        starts_at=soon(hour=13),
        minutes=60,
        at=timezone.now(),
    )

    assert (moved.sequence, moved.minutes) == (1, 60)
    notice = Notice.objects.filter(person=mentor_of(pairing)).get()
    assert notice.kind == "mentoring.moved"
    assert notice.facts["was_at"] == made.starts_at.isoformat()


def test_changing_the_purpose_alone_tells_nobody(pairing: Pairing):
    made = plan(pairing)
    Notice.objects.all().delete()

    move_session(
        mentor_of(pairing),
        made,
        sequence=0,
        starts_at=made.starts_at,
        minutes=90,
        purpose="Handleplanen.",
        at=timezone.now(),
    )

    assert not Notice.objects.exists()


def test_of_two_who_move_it_the_second_sees_what_the_first_did(pairing: Pairing):
    made = plan(pairing)
    given = {"starts_at": soon(hour=13), "minutes": 60, "at": timezone.now()}
    move_session(mentor_of(pairing), made, sequence=0, **given)

    with pytest.raises(PlanRefused) as refusal:
        move_session(caseworker_of(pairing), made, sequence=0, **given)
    with pytest.raises(PlanRefused):
        cancel_session(caseworker_of(pairing), made, sequence=0, at=timezone.now())

    assert refusal.value.code == "changed"


def test_it_cannot_be_moved_onto_another_one(pairing: Pairing):
    made, other = plan(pairing), plan(pairing, starts_at=soon(hour=13))

    with pytest.raises(PlanRefused) as refusal:
        move_session(
            mentor_of(pairing),
            made,
            sequence=0,
            starts_at=other.starts_at,
            minutes=60,
            at=timezone.now(),
        )

    assert refusal.value.code == "taken"


def test_a_cancelled_one_stays_cancelled_and_its_time_is_free_again(pairing: Pairing):
    made = plan(pairing)
    cancel_session(mentor_of(pairing), made, sequence=0, at=timezone.now())

    with pytest.raises(PlanRefused) as refusal:
        cancel_session(mentor_of(pairing), made, sequence=1, at=timezone.now())

    assert refusal.value.code == "gone"
    assert plan(pairing).pk != made.pk


# --- The clock ------------------------------------------------------------------------------------


def test_a_time_that_the_clock_jumps_over_does_not_exist():
    # On the night of 28 March 2026 the clocks of Greenland go from 23.00 to midnight.
    with pytest.raises(NoSuchTime):
        moment(datetime(2026, 3, 28).date(), time(23, 30), NUUK)  # noqa: DTZ001  a day alone
    assert moment(datetime(2026, 3, 28).date(), time(22, 59), NUUK) == datetime(  # noqa: DTZ001
        2026, 3, 29, 0, 59, tzinfo=UTC
    )


def test_of_a_time_that_comes_twice_the_first_is_meant():
    # On the night of 24 October 2026 the hour from 23.00 comes twice.
    first = moment(datetime(2026, 10, 24).date(), time(23, 30), NUUK)  # noqa: DTZ001  a day alone

    assert first == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


# --- The pages ------------------------------------------------------------------------------------


def test_a_member_plans_moves_and_cancels_on_the_pages(browse, pairing: Pairing):
    client = browse(caseworker_of(pairing))

    assert client.post("/da/sidemand/planer/ny/", fields()).status_code == 302
    made = PlannedSession.objects.get()
    assert made.starts_at == soon()
    page = client.get("/da/sidemand/planer/").content.decode()
    assert "kl. 10.00 (Upernavik)" in page
    moving = f"/da/sidemand/planer/{made.pk}/flyt/"
    assert client.get(moving).context["form"]["clock"].value() == time(10)
    assert client.post(moving, fields(clock="13:30", sequence="0")).status_code == 302
    made.refresh_from_db()
    assert made.starts_at.astimezone(NUUK).time() == time(13, 30)
    cancelling = f"/da/sidemand/planer/{made.pk}/aflys/"
    assert client.get(cancelling).status_code == 200
    assert PlannedSession.objects.standing().count() == 1
    client.post(cancelling, {"sequence": "1"})
    assert PlannedSession.objects.standing().count() == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"day": ""},
        {"clock": "25:00"},
        {"minutes": "0"},
        {"purpose": "x" * 121},
        {"purpose": "Nivi på 8 år"},
        {"purpose": "".join(["0101", "90", "1234"])},
        {"day": "2020-01-01"},
        {"day": "9999-12-31"},
        {"mode": "sideways"},
        {"purpose": "\x00"},
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_the_rest_stays(
    browse, pairing: Pairing, wrong: dict[str, str]
):
    sent = fields(**{"purpose": "Øve kvittering.", **wrong})

    response = browse(mentor_of(pairing)).post("/da/sidemand/planer/ny/", sent)

    assert response.status_code == 422
    (field,) = wrong
    assert response.context["form"].errors[field]
    if field != "purpose":
        assert 'value="Øve kvittering."' in response.content.decode()
    assert not PlannedSession.objects.exists()


def test_plans_of_others_are_not_there(browse, pairing: Pairing):
    made = plan(pairing)
    elsewhere = make_pairing()

    for person in (
        mentor_of(elsewhere),
        make_person("travelling"),
    ):
        client = browse(person)
        for page in ("flyt", "aflys", "kalender"):
            assert client.get(f"/da/sidemand/planer/{made.pk}/{page}/").status_code == 404
        assert (
            client.post(f"/da/sidemand/planer/{made.pk}/aflys/", {"sequence": "0"}).status_code
            == 404
        )
        assert client.get(f"/da/sidemand/planer/ny/?forloeb={pairing.pk}").status_code == 404
    coordinator = browse(make_person("coordinator"))
    assert list(coordinator.get("/da/sidemand/planer/").context["page"]) == []
    assert coordinator.get("/da/sidemand/planer/ny/").status_code == 403
    assert PlannedSession.objects.standing().count() == 1


def test_a_plan_becomes_a_log_with_one_press(browse, pairing: Pairing, sent):
    mentor = mentor_of(pairing)
    now = timezone.now()
    plan(
        pairing, starts_at=now - timedelta(hours=2), minutes=75, mode="behind",
        at=now - timedelta(days=1),
    )  # fmt: skip
    client = browse(mentor)

    start = client.get("/da/start/").content.decode()
    address = start.split('href="/da/sidemand/sessioner/ny/?')[1].split('"')[0]
    form = client.get(f"/da/sidemand/sessioner/ny/?{address}".replace("&amp;", "&")).context["form"]

    assert form.initial["minutes"] == 75
    assert form.initial["mode"] == "behind"
    assert form.initial["held_on"] == PlannedSession.objects.get().held_on
    sent(held_on=str(PlannedSession.objects.get().held_on))
    assert "?forloeb=" not in client.get("/da/start/").content.decode()


def test_both_sides_see_the_next_one_on_their_start_page(browse, pairing: Pairing):
    plan(pairing)

    for person in (mentor_of(pairing), caseworker_of(pairing)):
        assert "kl. 10.00 (Upernavik)" in browse(person).get("/da/start/").content.decode()


@pytest.mark.parametrize("address", ["/da/sidemand/planer/", "/da/start/"])
def test_many_plans_take_as_many_queries_as_one(count_queries, pairing: Pairing, address: str):
    mentor = mentor_of(pairing)
    plan(pairing)
    one = count_queries(mentor, address)
    for hour in range(1, 30):
        plan(pairing, starts_at=soon(days=4) + timedelta(minutes=hour))

    assert count_queries(mentor, address) == one


@pytest.mark.django_db(transaction=True)
def test_two_who_plan_the_same_moment_at_once_have_one_plan(transactional_db: None):
    pairing = make_pairing()
    starts_at = soon()
    failed: list[BaseException] = []

    def run(person: Person) -> None:
        from django.db import connection

        try:
            plan(pairing, person, starts_at=starts_at)
        except BaseException as error:  # noqa: BLE001  shown by the test
            failed.append(error)
        finally:
            connection.close()

    people = [mentor_of(pairing), caseworker_of(pairing)]
    threads = [threading.Thread(target=run, args=[person]) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failed == []
    assert PlannedSession.objects.count() == 1
