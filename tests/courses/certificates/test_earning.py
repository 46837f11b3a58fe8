"""A certificate is earned, belongs to its holder, and ends with its rules."""

import datetime as dt
import uuid

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from competences.models import Competence
from core.models import SentMail
from courses.actions import LearningRefused, mark_changes_seen, mark_read
from courses.actions.certificates import (
    look_at_certificates,
    remind_of_certificates,
)
from courses.certificates.codes import new_code
from courses.certificates.drawing import draw
from courses.certificates.of_courses import course_completion
from courses.learning.law import changes_for
from courses.models import CasePlay, Certificate, CertificateFile, CertificateState
from rules.law_changes import take_back_decision
from tests.courses.certificates.world import DAY, ISSUED, code_of, page, words
from tests.factories.cases import make_case
from tests.factories.courses import AT, make_lesson, make_rule
from tests.factories.law import DECIDED, NEW_LAW, decide_on, new_version
from tests.factories.people import make_person, make_role, make_town

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("base")]


# --- Earning it -----------------------------------------------------------------------------------


@pytest.mark.parametrize("missing", ["lesson", "quiz", "wrong answer", "everything"])
def test_nothing_is_issued_before_all_is_done(world, missing):
    if missing != "everything":
        mark_read(world.quiz, world.learner, at=AT)
        if missing != "lesson":
            mark_read(world.plain, world.learner, at=AT)
        if missing != "quiz":
            world.answer(1 if missing == "wrong answer" else 0)

    with pytest.raises(LearningRefused) as refusal:
        world.issue()

    assert code_of(refusal) == "unfinished"
    assert not Certificate.objects.exists()
    assert not CertificateFile.objects.exists()


def test_it_says_what_was_completed_on_the_day(world, certificate):
    assert (certificate.holder, certificate.title) == (world.learner.name, "Underretninger ĸûâ")
    assert (certificate.minutes, certificate.course_on) == (75, ISSUED)
    assert (certificate.issued_on, certificate.expires_on) == (ISSUED, dt.date(2029, 6, 15))
    assert certificate.competences == ["Høre barnet"]
    assert [one.rule for one in certificate.cited.all()] == [world.rule]
    assert certificate.content["acts"][0]["number"] == "11/2024"


@pytest.mark.parametrize(
    ("played", "minutes"),
    [
        ("nobody", 75),
        ("somebody else", 75),
        ("to a bad end", 75),
        ("solved", 87),
        ("as partner", 87),
    ],
)
def test_a_case_is_study_time_only_for_whoever_solved_it(world, played, minutes):
    case = make_case(world.quiz.module, minutes=12)
    other = make_person(make_role("mentor", make_town()))
    if played != "nobody":
        CasePlay.objects.create(
            id=uuid.uuid4(),
            case=case,
            version=case.versions.get(),
            person=other if played in {"somebody else", "as partner"} else world.learner,
            partner=world.learner if played == "as partner" else None,
            started_at=AT,
            last_at=AT,
            ended_at=AT,
            ending="bad" if played == "to a bad end" else "good",
        )
    world.complete()

    assert world.issue().minutes == minutes


def a_lesson_that_is_added(world):
    """A required lesson that nobody has read, on a rule and a competence of its own."""
    known = Competence.objects.get()
    added = Competence.objects.create(framework=known.framework, key="n", title_da="Nyt emne")
    rule = make_rule(key="added")
    make_lesson(
        world.quiz.module, 3, minutes=25, rules=[rule.pk], competences=[added.pk],
        published_at=AT + 30 * DAY,
    )  # fmt: skip
    world.course.refresh_from_db()
    assert world.course.required_count == 3


def says_what_was_read(certificate):
    said = (certificate.minutes, certificate.competences, certificate.course_on)
    return said == (75, ["Høre barnet"], ISSUED)


def test_a_lesson_that_was_added_since_is_not_spoken_of_until_it_is_read(world):
    world.complete()
    a_lesson_that_is_added(world)

    certificate = world.issue(at=AT + 40 * DAY)

    assert says_what_was_read(certificate)
    assert [one.rule for one in certificate.cited.all()] == [world.rule]


def test_nor_where_the_difference_renews_it(world, certificate):
    a_lesson_that_is_added(world)
    decide_on(world.rule, "changed", statement_da="Beslut inden for 48 timer.")
    after = DECIDED + DAY
    changes = [key for one in changes_for(world.learner) for key in one.decisions]
    mark_changes_seen(world.learner, changes, at=after)
    world.answer(at=after)

    newer = world.issue(at=after)

    assert newer != certificate
    assert says_what_was_read(newer)
    assert [one.rule for one in newer.cited.all()] == [world.rule]


def test_a_second_press_gives_the_same_certificate(world, certificate):
    assert world.issue(at=AT + DAY) == certificate
    assert Certificate.objects.count() == 1


def test_the_database_refuses_a_second_current_certificate(world, certificate):
    certificate.pk, certificate.code = uuid.uuid4(), new_code()

    with pytest.raises(IntegrityError), transaction.atomic():
        certificate.save(force_insert=True)


def test_what_is_frozen_stays_when_name_and_course_change(world, certificate):
    pdf = bytes(certificate.file.pdf)
    world.learner.name = "Et andet navn"
    world.learner.save()
    world.course.titles = {"da": "Noget andet"}
    world.course.save()

    certificate = Certificate.objects.get()
    assert (certificate.holder, certificate.title) == ("Ánê ĸristiansen Demo", "Underretninger ĸûâ")
    assert draw(certificate) == pdf == bytes(certificate.file.pdf)


def test_a_law_that_changed_meanwhile_is_read_first(world):
    world.complete()
    new_version(world.rule.act)
    decide_on(world.rule, "changed", statement_da="Beslut inden for 48 timer.")
    after = DECIDED + DAY

    with pytest.raises(LearningRefused) as refusal:
        world.issue(at=after)
    changes = [key for one in changes_for(world.learner) for key in one.decisions]
    mark_changes_seen(world.learner, changes, at=after)

    assert code_of(refusal) == "unfinished"
    assert world.issue(at=after).issued_on == NEW_LAW + DAY


@pytest.mark.parametrize("many", [False, True])
def test_completion_takes_the_same_queries_for_few_and_many(world, many, django_assert_num_queries):
    if many:
        module = world.quiz.module
        for number in range(3, 23):
            mark_read(make_lesson(module, number, rules=[make_rule().pk]), world.learner, at=AT)
    world.complete()

    # course; lessons; what has changed (2); rules; cases; competences
    with django_assert_num_queries(7):
        completion = course_completion(world.course.pk, world.learner)

    assert completion is not None
    assert completion.is_complete


# --- Who gets it ----------------------------------------------------------------------------------


def test_the_holder_presses_once_downloads_twice_and_gets_the_same_bytes(client, world):
    world.complete()
    client.force_login(world.learner.user)
    address = reverse("courses:course-certificate", args=[world.course.pk])
    assert "Få beviset" in words(client.get(address))

    answer = client.post(address)
    own = Certificate.objects.get()
    first, second = (client.get(f"/da/laering/beviser/{own.pk}/pdf/") for _time in range(2))

    assert answer.url == f"/da/laering/beviser/{own.pk}/"
    assert first.content == second.content == bytes(own.file.pdf)
    assert first["Content-Type"] == "application/pdf"
    assert first["Content-Disposition"] == (
        'attachment; filename="kursusbevis-underretninger-ua.pdf"'
    )
    assert first["Cache-Control"] == "private, no-store"
    assert own.spelled_code in words(client.get(answer.url))


def test_the_page_of_a_course_says_what_is_left(client, world):
    mark_read(world.plain, world.learner, at=AT)
    client.force_login(world.learner.user)
    address = reverse("courses:course-certificate", args=[world.course.pk])

    shown = words(client.get(address))
    client.post(address)

    assert "Læs alle lektioner 1 mangler" in shown
    assert "Bestå alle quizzer 1 mangler" in shown
    assert "Få beviset" not in shown
    assert not Certificate.objects.exists()


@pytest.mark.parametrize("role", ["caseworker", "mentor", "leader", "coordinator", "administrator"])
@pytest.mark.parametrize("view", ["certificate", "certificate-file"])
def test_nobody_else_opens_it(client, certificate, role, view):
    client.force_login(make_person(make_role(role)).user)

    assert client.get(reverse(f"courses:{view}", args=[certificate.pk])).status_code == 404


@pytest.mark.parametrize("how_many", [1, 20])
def test_the_list_takes_the_same_queries_for_one_and_for_many(
    client, world, certificate, how_many, django_assert_max_num_queries
):
    for _number in range(how_many - 1):
        Certificate.objects.filter(pk=certificate.pk).update(replaced_at=AT)
        certificate.pk, certificate.code = uuid.uuid4(), new_code()
        certificate.completed_id = uuid.uuid4()
        certificate.save(force_insert=True)
    client.force_login(world.learner.user)
    client.get("/da/laering/beviser/")

    with django_assert_max_num_queries(4) as taken:
        answer = client.get("/da/laering/beviser/")

    assert len(page(answer).select(".task-list > li")) == how_many
    assert len(taken) == 3


def test_without_a_certificate_the_list_is_a_beginning(client, world):
    client.force_login(world.learner.user)

    assert "ingen beviser endnu" in words(client.get("/da/laering/beviser/"))


# --- Renewing, expiring ---------------------------------------------------------------------------


def test_it_is_renewed_when_all_has_been_gone_through_again(world, certificate):
    later = AT + 400 * DAY
    world.answer(at=later)
    assert world.issue(at=later) == certificate  # the lesson without a quiz is not opened again

    mark_read(world.plain, world.learner, at=later)
    newer = world.issue(at=later)
    certificate.refresh_from_db()

    assert newer != certificate
    assert certificate.replaced_by == newer
    assert certificate.state_on(later.date()) == CertificateState.REPLACED
    assert bytes(certificate.file.pdf) != bytes(newer.file.pdf)
    assert world.issue(at=later + DAY) == newer


@pytest.mark.parametrize(("day", "state"), [(14, "valid"), (15, "expired")])
def test_it_is_valid_for_two_years(certificate, day, state):
    assert certificate.state_on(dt.date(2029, 6, day)) == state


def test_it_ends_sixty_days_after_a_rule_behind_it_changes(world, certificate):
    new_version(world.rule.act)
    decision = decide_on(world.rule, "changed", statement_da="Beslut inden for 48 timer.")

    certificate.refresh_from_db()
    assert certificate.expires_on == NEW_LAW + 60 * DAY

    take_back_decision(decision, at=DECIDED + DAY, by=None)

    certificate.refresh_from_db()
    assert certificate.expires_on == dt.date(2029, 6, 15)


@pytest.mark.parametrize("kind", ["unchanged", "other rule"])
def test_it_stays_when_nothing_behind_it_changed(world, certificate, kind):
    rule = world.rule if kind == "unchanged" else make_rule()
    new_version(world.rule.act)
    if kind == "unchanged":
        decide_on(rule, "unchanged")
    else:
        decide_on(rule, "changed", statement_da="Noget helt andet.")

    certificate.refresh_from_db()
    assert certificate.expires_on == dt.date(2029, 6, 15)


def test_only_the_difference_is_learnt_to_renew_it_after_a_change(world, certificate):
    new_version(world.rule.act)
    decide_on(world.rule, "changed", statement_da="Beslut inden for 48 timer.")
    after = DECIDED + DAY
    changes = [key for one in changes_for(world.learner) for key in one.decisions]
    mark_changes_seen(world.learner, changes, at=after)
    assert world.issue(at=after) == certificate  # its quiz is still to be passed

    world.answer(at=after)
    newer = world.issue(at=after)

    assert newer != certificate
    assert newer.expires_on == dt.date(2029, 9, 7)


# --- Reminders ------------------------------------------------------------------------------------


EXPIRES = dt.datetime(2029, 6, 15, 15, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("days_before", "mails"), [(31, 0), (30, 1), (8, 1), (7, 1), (1, 1), (0, 0), (-5, 0)]
)
def test_the_holder_is_reminded_in_the_last_thirty_days(
    certificate, mailoutbox, django_capture_on_commit_callbacks, days_before, mails
):
    with django_capture_on_commit_callbacks(execute=True):
        remind_of_certificates(EXPIRES - days_before * DAY)

    assert len(mailoutbox) == mails


def test_a_reminder_comes_once_at_thirty_and_once_at_seven_days(
    world, certificate, mailoutbox, django_capture_on_commit_callbacks
):
    for days_before in range(40, -3, -1):
        with django_capture_on_commit_callbacks(execute=True):
            look_at_certificates(EXPIRES - days_before * DAY)

    assert [mail.subject for mail in mailoutbox] == ["Dit bevis udløber snart"] * 2
    assert "gælder til og med 14. juni 2029" in mailoutbox[0].body
    assert f"/da/laering/beviser/{certificate.pk}/" in mailoutbox[0].body
    assert SentMail.objects.count() == 2


def test_reminders_are_stopped_with_a_box(
    client, world, certificate, mailoutbox, django_capture_on_commit_callbacks
):
    client.force_login(world.learner.user)
    client.post(f"/da/laering/beviser/{certificate.pk}/", {})

    with django_capture_on_commit_callbacks(execute=True):
        remind_of_certificates(EXPIRES - 5 * DAY)

    certificate.refresh_from_db()
    assert (certificate.reminds, certificate.shows_name) == (False, False)
    assert mailoutbox == []


def test_the_start_page_says_it_too(client, world, certificate):
    today = timezone.localdate()
    Certificate.objects.update(issued_on=today - DAY, expires_on=today + 10 * DAY,
                               ends_on=today + 10 * DAY)  # fmt: skip
    client.force_login(world.learner.user)

    assert "Dit bevis udløber" in words(client.get("/da/start/"))
