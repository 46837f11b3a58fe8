"""A learner on the way to a certificate, and what the tests of certificates look at."""

import datetime as dt
import uuid

from bs4 import BeautifulSoup

from competences.models import Competence, Framework
from courses.actions import begin_case, choose, mark_read, submit_quiz
from courses.actions.certificates import issue_certificate
from courses.certificates.completions import COURSE
from courses.models import Certificate
from tests.factories.courses import (
    AT,
    chosen,
    make_course,
    make_lesson,
    make_module,
    make_question,
    make_rule,
)
from tests.factories.people import make_person, make_role, make_town

DAY = dt.timedelta(days=1)
ISSUED = dt.date(2027, 6, 15)


class World:
    """A course of two lessons, one with a quiz that rests on a rule, and its learner."""

    def __init__(self):
        self.rule = make_rule(statement_da="Beslut inden for 24 timer.")
        self.question = make_question(rule=self.rule)
        framework = Framework.objects.create(key="f", title_da="F", profession_da="P")
        shown = Competence.objects.create(framework=framework, key="k", title_da="Høre barnet")
        self.course = make_course("Underretninger ĸûâ")
        module = make_module(self.course)
        self.quiz = make_lesson(
            module, 1, minutes=40, questions=[self.question.pk], rules=[self.rule.pk],
            competences=[shown.pk], published_at=AT,
        )  # fmt: skip
        self.plain = make_lesson(module, 2, minutes=35, published_at=AT - 30 * DAY)
        self.learner = make_person(
            make_role("caseworker", make_town()), name="Ánê ĸristiansen Demo"
        )

    def read(self, *, at=AT):
        for lesson in (self.quiz, self.plain):
            mark_read(lesson, self.learner, at=at)

    def answer(self, index=0, *, at=AT):
        submit_quiz(attempt_id=uuid.uuid4(), lesson=self.quiz, person=self.learner,
                    answers=chosen(self.question, index), language="da", at=at)  # fmt: skip

    def complete(self, *, at=AT):
        self.read(at=at)
        self.answer(at=at)

    def issue(self, *, at=AT, language="da"):
        found = issue_certificate(COURSE, self.course.pk, self.learner, language=language, at=at)
        return Certificate.objects.get(pk=found.pk)


def solve(case, person, *, at=AT):
    """Play the small case to its good ending."""
    play = begin_case(play_id=uuid.uuid4(), case=case, person=person, at=at)
    for step, chosen_one in [("opkald", "spoerg"), ("notat", "beslut")]:
        play = choose(play, turn=play.turn, step=step, choice=chosen_one, at=at)


def page(response):
    return BeautifulSoup(response.content, "html.parser")


def words(response):
    return page(response).main.get_text(" ", strip=True)


def code_of(refusal):
    return refusal.value.code
