"""Learners are told what is new and what is due, once, and may stop each kind."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from core.models import AccessLog
from courses.actions import change_due, take_path
from courses.actions.reminders import (
    choose_reminders,
    remind,
    see_reminder,
    tell_all,
    unseen_reminders,
)
from courses.models import Assignment, Reminder, ReminderStop
from notices import stopping
from people.permissions import standing_of
from tests.factories.courses import make_course, make_lesson, make_module, make_path
from tests.factories.people import make_person, make_role, make_town

pytestmark = pytest.mark.django_db
#: A Tuesday in June, 13.00 in Nuuk.
AT = datetime(2027, 6, 15, 15, 0, tzinfo=UTC)
TODAY = date(2027, 6, 15)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _password_alone(settings):
    settings.SIDEMAND_SECOND_FACTOR = False


@pytest.fixture
def path():
    module = make_module(make_course())
    make_lesson(module)
    return make_path(module, title_da="Første uge")


@pytest.fixture
def learner():
    return make_person(make_role("caseworker", make_town()), name="Sagsbehandler Demo 1")


@pytest.fixture
def coordinator():
    person = make_person(
        make_role("coordinator", make_town().municipality), name="Koordinator Demo 1"
    )
    return standing_of(person.user, at=AT)


@pytest.fixture
def mails(mailoutbox, django_capture_on_commit_callbacks):
    """What is sent while something is done: the subjects."""

    def send(do):
        before = len(mailoutbox)
        with django_capture_on_commit_callbacks(execute=True):
            do()
        return [mail.subject for mail in mailoutbox[before:]]

    return send


def walk(person, path, *, assigned=20 * DAY, due=None, **fields):
    return Assignment.objects.create(
        path=path,
        person=person,
        assigned_at=AT - assigned,
        due_on=None if due is None else TODAY + due * DAY,
        step_count=1,
        **{"origin": "coordinator"} | fields,
    )


def kinds():
    return list(Reminder.objects.order_by("made_at", "kind").values_list("kind", flat=True))


@pytest.mark.parametrize(
    ("due", "kind", "subject"),
    [
        (8, None, None),
        (7, "week", "Frist tirsdag den 22. juni: Første uge"),
        (2, "week", "Frist torsdag den 17. juni: Første uge"),
        (1, "day", "Frist onsdag den 16. juni: Første uge"),
        (0, "day", "Frist tirsdag den 15. juni: Første uge"),
        (-1, "after", "Fristen var mandag den 14. juni: Første uge"),
        (-7, "after", "Fristen var tirsdag den 8. juni: Første uge"),
        (-8, None, None),
    ],
)
def test_what_is_due_is_told_seven_days_before_one_day_before_and_the_day_after(  # noqa: PLR0917  fixtures
    path, learner, mails, due, kind, subject
):
    walk(learner, path, due=due)

    sent = mails(lambda: tell_all(AT))

    assert kinds() == ([kind] if kind else [])
    assert [re.sub(r" 2027", "", one) for one in sent] == ([subject] if subject else [])
    assert mails(lambda: tell_all(AT + timedelta(hours=1))) == []


def test_each_day_of_one_path_is_told_once(path, learner, mails):
    walk(learner, path, due=7)

    sent = [mails(lambda day=day: tell_all(AT + day * DAY)) for day in range(12)]

    told = {day: len(found) for day, found in enumerate(sent) if found}
    assert told == {0: 1, 6: 1, 8: 1}
    assert kinds() == ["week", "day", "after"]


def test_another_day_is_told_anew(path, learner, coordinator, mails):
    own = walk(learner, path, due=1)
    mails(lambda: tell_all(AT))
    change_due(own, TODAY + 5 * DAY, by=coordinator, at=AT)

    assert len(mails(lambda: tell_all(AT))) == 1
    assert sorted(kinds()) == ["day", "week"]


@pytest.mark.parametrize("fields", [{"completed_at": AT}, {"withdrawn_at": AT}])
def test_what_is_done_or_taken_back_is_told_no_more(path, learner, mails, fields):
    walk(learner, path, due=1, **fields)

    assert mails(lambda: tell_all(AT)) == []


@pytest.mark.parametrize(("hour", "is_told"), [(7, False), (8, True), (17, True), (18, False)])
def test_nothing_is_sent_at_night(path, learner, mails, hour, is_told):
    walk(learner, path, due=1)
    moment = datetime(2027, 6, 15, hour + 1, 30, tzinfo=UTC)  # one hour behind, summer time

    assert bool(mails(lambda: tell_all(moment))) is is_told


@pytest.mark.parametrize(
    ("minutes", "origin", "told"),
    [(14, "coordinator", 0), (15, "coordinator", 1), (15, "rule", 1), (60, "self", 0)],
)
def test_a_new_path_is_told_after_it_could_have_been_undone(  # noqa: PLR0917  the case's parts
    path, learner, mails, minutes, origin, told
):
    walk(learner, path, assigned=timedelta(minutes=minutes), due=5, origin=origin)

    sent = mails(lambda: tell_all(AT))

    assert sent == ["Nyt læringsforløb: Første uge"] * told


def test_whoever_stopped_a_kind_is_not_told_that_way(path, learner, mails):
    walk(learner, path, due=1)
    ReminderStop.objects.create(person=learner, kind="day", channel="mail")

    assert mails(lambda: tell_all(AT)) == []
    assert [one.kind for one in unseen_reminders(learner)] == ["day"]

    ReminderStop.objects.update(channel="site")
    Reminder.objects.all().delete()
    assert len(mails(lambda: tell_all(AT))) == 1
    assert unseen_reminders(learner) == []


def test_the_mail_says_where_to_go_on_and_how_to_stop(path, learner, mails, mailoutbox):
    walk(learner, path, due=1)
    mails(lambda: tell_all(AT))

    text = mailoutbox[0].body
    assert reverse("courses:path", args=[path.key]) in text
    assert "/da/personer/mig/#paamindelser" in text
    assert text.startswith("Hej Sagsbehandler Demo 1\n")
    assert "/da/beskeder/stop/laering/" in mailoutbox[0].extra_headers["List-Unsubscribe"]


def test_one_press_in_the_mail_stops_reminders_by_mail_alone(client, path, learner, mails):
    walk(learner, path, due=1)
    address = stopping.address(learner, "laering")

    assert client.get(address).status_code == 200
    assert not ReminderStop.objects.exists()
    assert client.post(address).status_code == 200

    assert len(mails(lambda: tell_all(AT))) == 0
    assert [one.kind for one in unseen_reminders(learner)] == ["day"]


def test_telling_takes_as_many_queries_for_one_as_for_many(path, mails, django_assert_num_queries):
    def some(count):
        for _ in range(count):
            walk(make_person(make_role("caseworker", make_town())), path, due=1)

    some(1)
    with django_assert_num_queries(14):
        assert tell_all(AT) == 1
    some(30)
    with django_assert_num_queries(14):
        assert tell_all(AT) == 30


# --- A coordinator ---


def test_a_coordinator_reminds_by_name_at_most_once_a_week(path, learner, coordinator, mails):
    own = walk(learner, path, due=3)

    sent = mails(lambda: remind([own], by=coordinator, at=AT))
    assert sent == ["Koordinator Demo 1 minder dig om: Første uge"]
    again = mails(lambda: remind([own], by=coordinator, at=AT + 7 * DAY - timedelta(seconds=1)))
    assert again == []
    assert len(mails(lambda: remind([own], by=coordinator, at=AT + 7 * DAY))) == 1
    assert AccessLog.objects.filter(action="remind").count() == 2


def test_a_double_click_reminds_once(path, learner, coordinator, mails):
    own = walk(learner, path)

    both = mails(lambda: [remind([own], by=coordinator, at=AT) for _ in range(2)])

    assert len(both) == 1
    assert Reminder.objects.count() == 1


def test_who_is_done_is_not_reminded(path, learner, coordinator, mails):
    own = walk(learner, path, completed_at=AT)

    assert mails(lambda: remind([own], by=coordinator, at=AT)) == []


def test_nobody_outside_the_scope_is_reminded(path, coordinator):
    far = walk(make_person(make_role("caseworker", make_town("Sisimiut"))), path)

    with pytest.raises(PermissionDenied):
        remind([far], by=coordinator, at=AT)
    assert not Reminder.objects.exists()


def test_reminding_asks_first_and_says_who_is_left_out(client, path, coordinator, learner):
    client.force_login(coordinator.person.user)
    other = make_person(make_role("caseworker", make_town()), name="Bo Mindet")
    rows = [walk(learner, path), walk(other, path)]
    remind([rows[1]], by=coordinator, at=timezone.now())
    sent = {"valgt": [str(row.pk) for row in rows]}

    page = BeautifulSoup(client.post(reverse("courses:remind"), sent).content, "html.parser")
    lists = [[item.get_text() for item in found.select("li")] for found in page.select("main ul")]
    assert lists == [["Sagsbehandler Demo 1: Første uge"], ["Bo Mindet: Første uge"]]
    assert Reminder.objects.count() == 1

    done = client.post(reverse("courses:remind"), sent | {"send": "ja"}, follow=True)
    assert "1 person er mindet om det." in done.content.decode()
    assert Reminder.objects.count() == 2


# --- The learner ---


@pytest.mark.usefixtures("base")
def test_a_reminder_stands_on_the_start_page_until_it_is_put_away(
    client, path, learner, coordinator
):
    remind([walk(learner, path)], by=coordinator, at=AT)
    client.force_login(learner.user)
    page = client.get("/da/start/").content.decode()
    assert "Koordinator Demo 1 minder dig om det." in page

    client.post(reverse("courses:see-reminder", args=[Reminder.objects.get().pk]))

    assert "minder dig om det" not in client.get("/da/start/").content.decode()


def test_somebody_elses_reminder_is_not_put_away(client, path, learner, coordinator):
    remind([walk(learner, path)], by=coordinator, at=AT)
    reminder = Reminder.objects.get()
    client.force_login(make_person(make_role("caseworker", make_town())).user)

    assert client.post(reverse("courses:see-reminder", args=[reminder.pk])).status_code == 404
    assert not see_reminder(reminder.pk, make_person(), at=AT)
    reminder.refresh_from_db()
    assert reminder.seen_at is None


def test_each_kind_is_stopped_and_begun_again_on_ones_own_page(client, learner, path):
    client.force_login(learner.user)
    page = BeautifulSoup(client.get("/da/personer/mig/").content, "html.parser")
    boxes = page.select("#paamindelser input[type=checkbox]")
    assert len(boxes) == 16
    assert all(box.has_attr("checked") for box in boxes)

    wanted = [box["value"] for box in boxes if box["value"] != "week:mail"]
    client.post(reverse("courses:reminders"), {"til": wanted})
    assert list(ReminderStop.objects.values_list("kind", "channel")) == [("week", "mail")]
    page = BeautifulSoup(client.get("/da/personer/mig/").content, "html.parser")
    unticked = [box for box in page.select("#paamindelser input") if not box.has_attr("checked")]
    assert "week:mail" in [box.get("value") for box in unticked]

    client.post(reverse("courses:reminders"), {"til": [*wanted, "week:mail", "strange:thing"]})
    assert not ReminderStop.objects.exists()


def test_stopping_everything_keeps_what_is_due_on_the_start_page(path, learner, mails):
    choose_reminders(learner, set())
    take_path(path, learner, at=AT)
    Assignment.objects.update(due_on=TODAY + DAY)

    assert mails(lambda: tell_all(AT)) == []
    assert unseen_reminders(learner) == []
