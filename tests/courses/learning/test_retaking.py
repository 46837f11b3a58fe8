"""A completed course is taken again: a new round with its own progress, the earlier one stays."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse

from courses.actions import (
    LearningRefused,
    enrol,
    keep_play,
    mark_read,
    open_lesson,
    retake,
    retake_path,
    submit_quiz,
    take_path,
    withdraw,
)
from courses.actions.certificates import issue_certificate
from courses.certificates.completions import COURSE
from courses.certificates.of_courses import course_completion
from courses.learning.offers import offers
from courses.learning.overview import course_overview, next_lesson, start_cards
from courses.models import Certificate, Course, Enrolment, Lesson, LessonProgress, QuizAttempt
from courses.paths.walking import walked_path
from tests.factories.cases import make_case
from tests.factories.courses import (
    AT,
    add_step,
    chosen,
    make_course,
    make_learner,
    make_lesson,
    make_module,
    make_path,
    make_question,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("base")]

DAY = timedelta(days=1)
AGAIN = AT + 400 * DAY
GOOD = [["opkald", "spoerg"], ["notat", "beslut"]]


class Round:
    """A course of two lessons, one with a quiz, and a case that it demands; its learner."""

    def __init__(self):
        self.course = make_course(demands_cases=True)
        self.question = make_question()
        module = make_module(self.course)
        self.first = make_lesson(module, 1, questions=[self.question.pk])
        self.second = make_lesson(module, 2)
        self.case = make_case(module)
        self.learner = make_learner()
        self.course = Course.objects.get(pk=self.course.pk)

    def read(self, *, at=AT):
        for lesson in (self.first, self.second):
            mark_read(lesson, self.learner, at=at)

    def answer(self, *, at=AT):
        submit_quiz(attempt_id=uuid.uuid4(), lesson=self.first, person=self.learner,
                    answers=chosen(self.question, 0), language="da", at=at)  # fmt: skip

    def solve(self, *, at=AT):
        version = self.case.versions.get(is_current=True)
        keep_play(play_id=uuid.uuid4(), version=version, person=self.learner, path=GOOD, at=at)

    def complete(self, *, at=AT):
        self.read(at=at)
        self.answer(at=at)
        self.solve(at=at)

    def again(self, *, at=AGAIN):
        return retake(self.course, self.learner, at=at)

    def issue(self, *, at=AT):
        return issue_certificate(COURSE, self.course.pk, self.learner, language="da", at=at)

    @property
    def enrolments(self):
        return list(Enrolment.objects.filter(person=self.learner).order_by("round"))

    @property
    def overview(self):
        return course_overview(self.course.pk, self.learner)


@pytest.fixture
def world():
    return Round()


def test_a_new_round_begins_with_nothing_done_and_the_earlier_one_stays(world):
    world.complete()

    world.again()

    before, now = world.enrolments
    assert (before.completed_at, before.retaken_at, before.round) == (AT, AGAIN, 1)
    assert (now.completed_at, now.counts_from, now.round) == (None, AGAIN, 2)
    overview = world.overview
    assert (overview.read_count, overview.is_done) == (0, False)
    assert (overview.left.lessons, overview.left.quizzes, overview.left.cases) == (2, 1, 1)
    assert overview.completed_before_at == AT
    assert next_lesson(world.learner, world.course) == world.first
    assert QuizAttempt.objects.filter(passed=True).count() == 1
    assert {row.read_before_at for row in LessonProgress.objects.all()} == {AT}


def test_the_new_round_begins_with_the_first_lesson_and_goes_on_after_what_was_read(world):
    world.complete()
    open_lesson(world.second, world.learner, at=AT + DAY)  # looked up once more

    world.again()

    assert next_lesson(world.learner, world.course) == world.first
    mark_read(world.first, world.learner, at=AGAIN + DAY)
    assert next_lesson(world.learner, world.course) == world.second


@pytest.mark.parametrize("missing", ["read", "answer", "solve"])
def test_in_the_new_round_everything_is_done_anew(world, missing):
    world.complete()
    world.again()

    for step in {"read", "answer", "solve"} - {missing}:
        getattr(world, step)(at=AGAIN + DAY)
    assert world.enrolments[-1].completed_at is None
    getattr(world, missing)(at=AGAIN + 2 * DAY)

    assert [one.completed_at for one in world.enrolments] == [AT, AGAIN + 2 * DAY]


def test_two_presses_are_one_round(world):
    world.complete()

    assert world.again() == world.again(at=AGAIN + DAY)

    assert [one.round for one in world.enrolments] == [1, 2]


def test_a_third_round_follows_the_second(world):
    world.complete()
    world.again()
    world.complete(at=AGAIN + DAY)

    world.again(at=AGAIN + 2 * DAY)

    assert [one.round for one in world.enrolments] == [1, 2, 3]
    assert world.overview.completed_before_at == AGAIN + DAY


@pytest.mark.parametrize(
    ("why", "code"), [("unfinished", "unfinished"), ("left", "unfinished"), ("withdrawn", "closed")]
)
def test_only_a_completed_course_that_is_offered_is_taken_again(world, why, code):
    if why == "unfinished":
        world.read()
    else:
        world.complete()
    if why == "left":
        withdraw(world.course, world.learner, at=AT)
    if why == "withdrawn":
        world.course.is_live = False

    with pytest.raises(LearningRefused) as refusal:
        world.again()

    assert refusal.value.code == code
    assert len(world.enrolments) == 1
    assert LessonProgress.objects.filter(read_at__isnull=False).exists()


def test_whoever_has_a_certificate_takes_it_again_also_where_nobody_wrote_down_the_day(world):
    world.complete()
    world.issue()
    Enrolment.objects.update(completed_at=None)

    assert world.again().round == 2


def test_the_certificate_stays_until_the_new_round_gives_a_new_one(world):
    world.complete()
    old = world.issue()
    world.again()
    assert course_completion(world.course.pk, world.learner).is_complete
    assert world.issue(at=AGAIN) == old
    world.read(at=AGAIN + DAY)
    world.answer(at=AGAIN + DAY)
    assert world.issue(at=AGAIN + DAY) == old

    world.solve(at=AGAIN + DAY)
    new = world.issue(at=AGAIN + DAY)

    old.refresh_from_db()
    assert (new != old, old.replaced_by) == (True, new)
    assert Certificate.objects.count() == 2


def test_the_certificate_of_an_earlier_round_can_still_be_got(world):
    world.complete()
    world.again()

    assert world.issue(at=AGAIN).minutes > 0


def test_what_a_device_sends_late_counts_for_the_round_before(world):
    world.complete()
    world.again()

    mark_read(world.second, world.learner, at=AGAIN - DAY)
    world.answer(at=AGAIN - DAY)
    world.solve(at=AGAIN - DAY)

    left = world.overview.left
    assert (left.lessons, left.quizzes, left.cases) == (2, 1, 1)


def test_lists_show_the_newest_round(world):
    world.complete()
    world.again()

    (card,) = start_cards(world.learner).courses
    (offer,) = offers(world.learner, day=AT.date(), kind="kursus")
    assert (card.read_count, card.is_done, card.enrolled_at) == (0, False, AGAIN)
    assert offer.state == "not_begun"


def test_leaving_and_coming_back_goes_on_in_the_same_round(world):
    world.complete()
    world.again()
    withdraw(world.course, world.learner, at=AGAIN + DAY)

    enrolment = enrol(world.course, world.learner, at=AGAIN + DAY)

    assert (enrolment.round, enrolment.counts_from) == (2, AGAIN)
    assert enrolment.completed_at is None


def test_other_people_and_courses_stay_as_they_are(world):
    other = make_learner()
    elsewhere = make_lesson(make_module(make_course()))
    for person, lesson in ((other, world.first), (world.learner, elsewhere)):
        mark_read(lesson, person, at=AT)
    world.complete()

    world.again()

    assert LessonProgress.objects.get(person=other).read_at == AT
    assert LessonProgress.objects.get(lesson=elsewhere).read_at == AT


# --- Beside a path with the same lessons ----------------------------------------------------------


@pytest.fixture
def path(world):
    made = make_path(world.first.module)
    take_path(made, world.learner, at=AT)
    return made


def states(overview):
    return {row.state for row in [*overview.lessons, *overview.modules]}


def test_a_path_taken_again_leaves_an_unfinished_course_what_was_read(world, path):
    world.read()
    retake_path(path, world.learner, at=AGAIN)

    overview = world.overview
    assert (overview.read_count, overview.left.lessons, states(overview)) == (2, 0, {"done"})
    assert next_lesson(world.learner, world.course) is None
    (offer,) = offers(world.learner, day=AT.date(), kind="kursus")
    assert offer.progress.startswith("2 ")
    world.answer(at=AGAIN)
    world.solve(at=AGAIN)
    assert world.enrolments[-1].completed_at == AGAIN


def test_the_path_itself_asks_for_everything_anew(world, path):
    world.read()
    retake_path(path, world.learner, at=AGAIN)

    walked = walked_path(path, world.learner, day=AGAIN.date())
    assert [row.state for row in walked.rows] == ["not_begun"]
    assert (walked.minutes_left, walked.next.url) == (12, world.first.path)
    world.read(at=AGAIN + DAY)
    assert walked_path(path, world.learner, day=AGAIN.date()).is_done


def test_a_course_taken_again_leaves_an_unfinished_path_what_was_read(world, path):
    other = make_lesson(make_module(make_course()))
    add_step(path, other.module, sort_order=1)
    add_step(path, world.first.module, completes="case", sort_order=2)
    mark_read(world.first, world.learner, at=AT)
    Enrolment.objects.filter(course=world.course).update(completed_at=AT)
    world.again()

    walked = walked_path(path, world.learner, day=AGAIN.date())
    assert walked.next.url == world.second.path
    mark_read(world.second, world.learner, at=AGAIN + DAY)
    rows = walked_path(path, world.learner, day=AGAIN.date()).rows
    assert [row.is_done for row in rows] == [True, False, False]
    assert world.overview.read_count == 1


def test_what_a_device_sends_late_does_not_stand_in_the_way_of_a_path_taken_again(world, path):
    world.read()
    retake_path(path, world.learner, at=AGAIN)

    world.read(at=AGAIN - DAY)
    assert not walked_path(path, world.learner, day=AGAIN.date()).is_done
    world.read(at=AGAIN + DAY)

    assert walked_path(path, world.learner, day=AGAIN.date()).is_done


def test_a_case_of_a_path_taken_again_is_led_to_anew(world):
    path = make_path(world.case.module, completes="case")
    take_path(path, world.learner, at=AT)
    world.solve()
    retake_path(path, world.learner, at=AGAIN)

    assert walked_path(path, world.learner, day=AGAIN.date()).next.url == world.case.path


# --- Its page -------------------------------------------------------------------------------------


def test_it_is_asked_once_and_pressed(client, world):
    world.complete()
    client.force_login(world.learner.user)
    address = reverse("courses:retake", args=[world.course.pk])

    shown = client.get(address).content.decode()
    answers = [client.post(address) for _press in range(2)]

    assert "dit bevis også" in shown
    assert [answer.url for answer in answers] == [world.course.path] * 2
    assert [one.round for one in world.enrolments] == [1, 2]


def test_before_it_is_completed_nothing_is_begun(client, world):
    world.read()
    client.force_login(world.learner.user)

    answer = client.post(reverse("courses:retake", args=[world.course.pk]), follow=False)

    assert answer.status_code == 302
    assert [one.round for one in world.enrolments] == [1]


def test_a_course_one_does_not_take_is_not_there(client, world):
    client.force_login(make_learner().user)

    assert client.get(reverse("courses:retake", args=[world.course.pk])).status_code == 404
    assert client.post(reverse("courses:retake", args=[world.course.pk])).status_code == 404


def test_the_round_of_a_coordinators_list_is_the_newest(world):
    world.complete()
    world.again()

    assert list(Enrolment.objects.rounds_before()) == world.enrolments[:1]
    assert list(Enrolment.objects.active()) == world.enrolments[1:]
    assert Lesson.objects.filter(is_required=True).count() == 2


def test_a_new_round_shows_what_was_looked_at_in_it(world):
    world.complete()
    open_lesson(world.second, world.learner, at=AT + DAY)
    world.again()

    def states():
        overview = world.overview
        (card,) = start_cards(world.learner).courses
        rows = [*overview.lessons, *overview.modules, card]
        return [row.state for row in rows]

    assert set(states()) == {"not_begun"}
    open_lesson(world.first, world.learner, at=AGAIN)
    assert states() == ["in_progress", "not_begun", "in_progress", "in_progress"]
    mark_read(world.first, world.learner, at=AGAIN + DAY)
    assert states() == ["done", "not_begun", "in_progress", "in_progress"]
