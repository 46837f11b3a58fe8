"""A learning path that is walked to its end gives a certificate, as a course does."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.core.cache import cache
from django.urls import reverse

from competences.models import Competence, Framework
from courses.actions import LearningRefused, mark_changes_seen, mark_read, retake_path, take_path
from courses.actions.certificates import issue_certificate
from courses.certificates.completions import PATH
from courses.certificates.drawing import contents
from courses.certificates.of_paths import path_completion
from courses.learning.law import changes_for
from courses.models import Assignment, Certificate, CertificateState, PathStep
from tests.courses.certificates.world import DAY, code_of, solve, words
from tests.courses.paths.walking import pass_quiz, read_all
from tests.factories.cases import make_case, told
from tests.factories.courses import (
    AT,
    add_step,
    make_course,
    make_lesson,
    make_module,
    make_path,
    make_question,
    make_rule,
)
from tests.factories.law import DECIDED, decide_on, new_version
from tests.factories.people import make_person, make_role, make_town

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("base")]


class Walk:
    """A path: a module to read, a quiz to pass that rests on a rule, one optional module."""

    def __init__(self):
        self.rule = make_rule(statement_da="Beslut inden for 24 timer.")
        framework = Framework.objects.create(key="f", title_da="F", profession_da="P")
        hear, write, extra = (
            Competence.objects.create(framework=framework, key=key, title_da=title)
            for key, title in [("h", "Høre barnet"), ("w", "Skrive kvittering"), ("x", "Ekstra")]
        )
        self.first, self.second = make_module(make_course("Kursus et")), make_module(make_course())
        self.optional = make_module(self.second.course, 2)
        self.read = make_lesson(
            self.first, 1, minutes=20, competences=[write.pk], published_at=AT - 9 * DAY
        )
        self.quiz = make_lesson(
            self.second, 1, minutes=40, published_at=AT - DAY, competences=[hear.pk],
            questions=[make_question(rule=self.rule).pk], rules=[self.rule.pk],
        )  # fmt: skip
        self.extra = make_lesson(self.optional, 1, minutes=15, competences=[extra.pk])
        self.path = make_path(self.first, title_da="Første uge ĸûâ")
        PathStep.objects.filter(path=self.path).update(sort_order=2)
        add_step(self.path, self.second, completes="quiz", sort_order=1)
        add_step(self.path, self.optional, is_required=False, sort_order=3)
        self.learner = make_person(
            make_role("caseworker", make_town()), name="Ánê ĸristiansen Demo"
        )

    def take(self, *, at=AT):
        return take_path(self.path, self.learner, at=at)

    def walk(self, *, at=AT):
        read_all(self.first, self.learner, at=at)
        read_all(self.second, self.learner, at=at)
        pass_quiz(self.quiz, self.learner, at=at)

    def issue(self, *, at=AT, language="da"):
        found = issue_certificate(PATH, self.path.pk, self.learner, language=language, at=at)
        return Certificate.objects.get(pk=found.pk)


@pytest.fixture
def walk(settings):
    settings.SIDEMAND_SECOND_FACTOR = False
    cache.clear()
    return Walk()


@pytest.fixture
def certificate(walk):
    walk.take()
    walk.walk()
    return walk.issue()


@pytest.mark.parametrize("missing", ["path", "lesson", "quiz"])
def test_nothing_is_issued_before_the_path_is_completed(walk, missing):
    if missing != "path":
        walk.take()
    if missing != "lesson":
        read_all(walk.first, walk.learner)
    if missing != "quiz":
        read_all(walk.second, walk.learner)
        pass_quiz(walk.quiz, walk.learner)

    with pytest.raises(LearningRefused) as refusal:
        walk.issue()

    assert code_of(refusal) == "unfinished"
    assert not Certificate.objects.exists()


def test_it_says_what_was_done_in_the_order_of_the_path(walk, certificate):
    assert (certificate.completed, certificate.completed_id) == (PATH, walk.path.pk)
    assert certificate.title == "Første uge ĸûâ"
    assert (certificate.minutes, certificate.course_on) == (60, (AT - DAY).date())
    assert certificate.competences == ["Høre barnet", "Skrive kvittering"]
    assert [one.rule for one in certificate.cited.all()] == [walk.rule]
    said = contents(certificate)
    assert said["has_completed"]["text"] == "har gennemført læringsforløbet"
    assert "Lektionernes version" in [fact["name"]["text"] for fact in said["facts"]]


def test_an_optional_step_counts_where_it_was_done_and_only_there(walk):
    walk.take()
    mark_read(walk.extra, walk.learner, at=AT)
    walk.walk()

    certificate = walk.issue()

    assert certificate.minutes == 75
    assert certificate.competences == ["Høre barnet", "Skrive kvittering", "Ekstra"]


def test_what_was_added_since_is_not_spoken_of_until_it_is_read_or_solved(walk):
    add_step(walk.path, walk.first, completes="case", sort_order=4)
    case = make_case(walk.first, told_da=told(walk.rule), minutes=12)
    walk.take()
    walk.walk()
    solve(case, walk.learner)
    new = Competence.objects.get(key="x").pk
    make_lesson(walk.first, 2, minutes=25, rules=[make_rule().pk], competences=[new])
    make_case(walk.first, position=10, told_da=told(make_rule()), minutes=30, competences=[new])

    certificate = walk.issue(at=AT + 40 * DAY)

    assert certificate.minutes == 72
    assert certificate.competences == ["Høre barnet", "Skrive kvittering"]
    assert [one.rule for one in certificate.cited.all()] == [walk.rule]


def test_a_quiz_that_was_passed_without_reading_shows_what_it_asks_and_takes_no_time(walk):
    walk.take()
    read_all(walk.first, walk.learner)
    pass_quiz(walk.quiz, walk.learner)

    certificate = walk.issue()

    assert certificate.minutes == 20
    assert certificate.competences == ["Høre barnet", "Skrive kvittering"]
    assert [one.rule for one in certificate.cited.all()] == [walk.rule]


def test_a_path_and_a_course_give_one_certificate_each(walk, certificate):
    from courses.certificates.completions import COURSE

    issue_certificate(COURSE, walk.first.course_id, walk.learner, language="da", at=AT)

    assert sorted(Certificate.objects.current().values_list("completed", flat=True)) == [
        COURSE,
        PATH,
    ]


def test_a_second_press_gives_the_same(walk, certificate):
    assert walk.issue(at=AT + DAY) == certificate


def test_a_path_taken_off_the_list_gives_none(walk):
    assignment = walk.take()
    walk.walk()
    Assignment.objects.filter(pk=assignment.pk).update(withdrawn_at=AT + DAY)

    with pytest.raises(LearningRefused) as refusal:
        walk.issue(at=AT + DAY)

    assert code_of(refusal) == "unfinished"


def test_a_new_round_renews_it_and_nothing_less(walk, certificate):
    later = AT + 400 * DAY
    pass_quiz(walk.quiz, walk.learner, at=later)
    assert walk.issue(at=later) == certificate

    retake_path(walk.path, walk.learner, at=later)
    assert walk.issue(at=later) == certificate  # the new round is not completed
    walk.walk(at=later + DAY)
    newer = walk.issue(at=later + DAY)

    certificate.refresh_from_db()
    assert certificate.replaced_by == newer
    assert certificate.state_on((later + DAY).date()) == CertificateState.REPLACED
    assert newer.minutes == 60


def test_it_ends_with_its_rules_and_the_difference_renews_it(walk, certificate):
    new_version(walk.rule.act)
    decide_on(walk.rule, "changed", statement_da="Beslut inden for 48 timer.")
    certificate.refresh_from_db()
    assert certificate.expires_on < certificate.ends_on
    after = DECIDED + DAY
    with pytest.raises(LearningRefused):  # what has changed is read first
        walk.issue(at=after)
    changes = [key for one in changes_for(walk.learner) for key in one.decisions]
    mark_changes_seen(walk.learner, changes, at=after)
    assert walk.issue(at=after) == certificate  # its quiz is still to be passed

    pass_quiz(walk.quiz, walk.learner, at=after)

    assert walk.issue(at=after) != certificate


@pytest.mark.parametrize("many", [False, True])
def test_completion_takes_the_same_queries_for_few_and_many(walk, many, django_assert_num_queries):
    if many:
        for number in range(2, 22):
            lesson = make_lesson(walk.first, number, rules=[make_rule().pk])
            mark_read(lesson, walk.learner, at=AT)
    walk.take()
    walk.walk()

    # path; round; steps; what is done; lessons; what has changed (2); rules; competences
    with django_assert_num_queries(9):
        completion = path_completion(walk.path.pk, walk.learner)

    assert completion is not None
    assert completion.is_complete


# --- The pages --------------------------------------------------------------------------------


def test_the_holder_gets_it_from_the_path_with_one_press(client, walk):
    walk.take()
    walk.walk()
    client.force_login(walk.learner.user)
    shown = client.get(reverse("courses:path", args=[walk.path.key]))
    address = BeautifulSoup(shown.content, "html.parser").find("a", string="Bevis for forløbet")[
        "href"
    ]
    assert "Få beviset" in words(client.get(address))

    answer = client.post(address)
    own = Certificate.objects.get()

    assert answer.url == f"/da/laering/beviser/{own.pk}/"
    assert "Læringsforløb" in words(client.get(answer.url))
    assert "Læringsforløb Første uge ĸûâ" in words(client.get(f"/da/bevis/{own.code}/"))
    assert client.get(f"{answer.url}pdf/").content.startswith(b"%PDF")


def test_the_page_says_what_is_left(client, walk):
    walk.take()
    read_all(walk.first, walk.learner)
    client.force_login(walk.learner.user)
    address = reverse("courses:path-certificate", args=[walk.path.key])

    shown = words(client.get(address))
    client.post(address)

    assert "Gennemfør alle obligatoriske trin 1 mangler" in shown
    assert not Certificate.objects.exists()


def test_a_path_that_is_closed_is_there_only_for_its_walkers(client, walk):
    address = reverse("courses:path-certificate", args=[walk.path.key])
    walk.take()
    walk.path.is_offered = False
    walk.path.save()
    client.force_login(walk.learner.user)
    own = client.get(address)
    client.force_login(make_person(make_role("caseworker", make_town())).user)

    assert (own.status_code, client.get(address).status_code) == (200, 404)


def test_it_is_valid_for_two_years(certificate):
    assert certificate.expires_on == dt.date(2029, 6, 15)
