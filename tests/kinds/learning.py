"""What the pages of learning have to show: a quiz, plays, notes, certificates, a changed law."""

import uuid
from datetime import date, datetime, timedelta
from typing import Any

from wagtail.models import Page

from competences.models import Competence, Framework
from courses.actions import (
    begin_case,
    choose,
    correct_version,
    mark_read,
    recount,
    submit_quiz,
    take_path,
)
from courses.actions.own import delete_note, write_note
from courses.actions.remarks import tell_editors
from courses.kinds.placing import key_of_match
from courses.models import Assignment, Case, CasePlay, LearningPath, Lesson, Note, Question
from demo.certificates import MODULES
from demo.paths import work_through
from pages.models import CasePage, CoursePage, LessonPage, Wording
from pages.translating import proposing
from pages.translating.records import KINDS
from people.models import Person
from rules.models import Rule
from tests.factories.certificates import make_certificate
from tests.factories.law import decide_on, new_version
from tests.factories.pages import edit
from tests.factories.translating import publish, write


def learning(demo: dict[str, Person], *, at: datetime, today: date) -> dict[str, Any]:
    """Pages and lessons, and an attempt at a quiz with right and wrong answers."""
    danish = LessonPage.objects.live().filter(locale__language_code="da").order_by("path")
    quizzes = [page for page in danish if any(b.block_type == "quiz" for b in page.body)]
    plain = next(page for page in danish if page not in quizzes)
    with_quiz = Lesson.objects.get(pk=quizzes[0].translation_key)
    attempt = submit_quiz(
        attempt_id=uuid.uuid4(),
        lesson=with_quiz,
        person=demo["sagsbehandler1"],
        answers={
            question.pk: {uuid.UUID(question.choices[0].id)} for question in _asked(with_quiz)
        },
        language="da",
        at=at,
    )
    course = CoursePage.objects.live().filter(locale__language_code="da").first()
    assert course is not None
    practice = danish.get(slug="laes-det-gamle-og-skriv-beslutningen")
    practised = Lesson.objects.get(pk=practice.translation_key)
    practice_attempt = submit_quiz(
        attempt_id=uuid.uuid4(),
        lesson=practised,
        person=demo["sagsbehandler1"],
        answers={question.pk: _half_right(question) for question in _asked(practised)},
        language="da",
        at=at,
    )

    short = next(one for one in _asked(practised) if one.kind == "short")
    reason = "Vi har godtaget for få svar."
    reviewer = demo["godkender1"]
    recount(correct_version(short, "all", reason=reason, by=reviewer, at=at), at=at)

    def tail(page: Page) -> str:
        """The address below the language."""
        return str(page.url).removeprefix("/da/")

    half = [page for page in danish if page not in quizzes][-1]
    words = {half.title: f"[kl] {half.title}", half.introduction: f"[kl] {half.introduction}"}
    write(half, words, demo["oversaetter1"])
    translated = publish(half, demo["godkender1"])
    edit(half, introduction=f"{half.introduction} Det er nyt.")
    first, second = LearningPath.objects.offered(on=today)[:2]
    take_path(second, demo["sagsbehandler1"], at=at)
    return {
        "path": first.key,
        "own_path": second.key,
        "assignment": Assignment.objects.get(person=demo["sagsbehandler1"], path=first).pk,
        "no_path": demo["teamleder1"].pk,
        "course": tail(course),
        "course_key": course.translation_key,
        "module": tail(plain.get_parent()),
        "lesson": tail(plain),
        "lesson_key": plain.translation_key,
        "half": tail(half),
        "half_key": half.translation_key,
        "half_page": translated.pk,
        **_texts_at_work(demo, at=at),
        "lesson_page": plain.pk,
        "module_page": plain.get_parent().pk,
        "module_key": plain.get_parent().translation_key,
        "quiz": tail(quizzes[0]),
        "quiz_key": with_quiz.pk,
        "attempt": attempt.pk,
        "every_question": tail(practice),
        "practice_key": practised.pk,
        "practice_attempt": practice_attempt.pk,
    }


def _texts_at_work(demo: Any, *, at: Any) -> dict[str, Any]:
    """A rule that a translator writes whose Danish has changed, a question that waits for eyes."""
    rules, questions = KINDS["regler"], KINDS["spoergsmaal"]
    translator = demo["oversaetter1"]
    rule = Rule.objects.filter(state="verified").earliest("key")
    question = Question.objects.in_use().earliest("key")
    proposing.take(rules, rule.pk, "kl", translator, at=at)
    proposing.write(rules, rule.pk, "kl", {"statement": "[kl] regel"}, translator, at=at)
    Wording.objects.filter(record=rule.pk).update(made_from=[["statement", "Før stod der andet."]])
    proposing.take(questions, question.pk, "kl", translator, at=at)
    proposing.write(questions, question.pk, "kl", {"text": "[kl] tekst"}, translator, at=at)
    proposing.submit(questions, question.pk, "kl", translator, at=at)
    return {"rule_to_write": rule.pk, "question_to_read": question.pk}


def _half_right(version: Any) -> Any:
    """An answer to a question of the practice quiz; not all of it is right."""
    rows = version.content["choices"]
    match version.kind:
        case "ordering":
            return (*(row["id"] for row in rows[2:]), rows[0]["id"], rows[1]["id"])
        case "matching":
            return {row["id"]: key_of_match(rows[0]) for row in rows if row["text"]}
        case "numeric":
            return "48"
        case "short":
            return "gul"
        case "cloze":
            return {"1": rows[1]["id"], "2": "undersøgelse"}
    return {rows[0]["id"]}


def _asked(lesson: Lesson) -> list[Any]:
    from courses.quizzes.form import asked_in

    return list(asked_in(lesson))


def own(demo: dict[str, Person], *, at: datetime) -> dict[str, Any]:
    """Notes in every state, and messages to the editors with and without an answer."""
    caseworker = demo["sagsbehandler1"]
    noted = Note.objects.of(caseworker).get()
    others = Lesson.objects.offered().exclude(lesson_questions__isnull=False)
    two, gone = others.exclude(pk=noted.lesson_id).order_by("pk")[:2]
    for text in ("Den ene fane.", "Den anden fane."):
        write_note(two, caseworker, text, version=0, at=at)
    deleted = write_note(gone, caseworker, "Slettet igen.", version=0, at=at).note
    assert deleted is not None
    delete_note(deleted.pk, caseworker, at=at)
    unanswered = tell_editors(
        two,
        caseworker,
        remark_id=uuid.uuid4(),
        kind="language",
        text="Ordet i overskriften er svært.",
        language="da",
        at=at,
    )
    return {
        "noted_key": noted.lesson_id,
        "two_texts_key": two.pk,
        "deleted_note": deleted.pk,
        "answered": caseworker.remarks.get(answered_at__isnull=False).pk,
        "unanswered": unanswered.pk,
    }


def law(caseworker: Person, *, at: datetime, today: date) -> dict[str, Any]:
    """A new version of the act: a rule that the caseworker had learnt has changed, others wait."""
    read = Lesson.objects.filter(lesson_rules__rule__key="decision-24h").first()
    assert read is not None
    mark_read(read, caseworker, at=at - timedelta(days=5))
    rule = Rule.objects.get(key="decision-24h")
    new = new_version(rule.act, at=at, in_force_from=today)
    decide_on(
        rule,
        "changed",
        at=at,
        deadline_da="2 døgn",
        deadline_hours=48,
        statement_da="Efter hver underretning beslutter kommunen, om der er grundlag for en "
        "undersøgelse, og skriver det ned.",
    )
    waiting = Rule.objects.being_checked().earliest("key")
    return {"new_act": new.pk, "waiting_rule": waiting.pk}


def cases(demo: dict[str, Person], *, at: datetime) -> dict[str, Any]:
    """A case, a play that goes on (together), and one that has ended."""
    page = CasePage.objects.live().filter(locale__language_code="da").earliest("path")
    case = Case.objects.get(pk=page.translation_key)
    caseworker, mentor = demo["sagsbehandler1"], demo["mentor1"]

    def play(*moves: int, partner: Person | None = None) -> CasePlay:
        key = uuid.uuid4()
        going = begin_case(play_id=key, case=case, person=caseworker, partner=partner, at=at)
        for turn, move in enumerate(moves):
            step = going.run().step
            chosen = step.choices[move].id
            going = choose(going, turn=turn, step=step.key, choice=chosen, at=at)
        return going

    return {
        "case": str(page.url).removeprefix("/da/"),
        "case_module": str(page.get_parent().url).removeprefix("/da/"),
        "case_page": page.pk,
        "ended_play": play(0, 0, 0, 0, 0).pk,
        "play": play(0, partner=mentor).pk,
    }


def certificates(demo: dict[str, Person], *, at: datetime, today: date) -> dict[str, Any]:
    """One that is valid, one that was replaced, one whose rules changed; and a course just done."""
    work_through({"person": "sagsbehandler12", "modules": MODULES}, demo["sagsbehandler12"], at=at)
    holder = demo["sagsbehandler11"]
    valid = holder.certificates.current().get()
    early = make_certificate(holder, expires_on=today + timedelta(days=40))
    replaced = make_certificate(holder, replaced_at=at, replaced_by=valid)
    revoked = make_certificate(
        holder,
        revoked_at=at,
        revoked_by=demo["koordinator1"],
        revoked_for="not_earned",
        revoked_note="En anden tog quizzen.",
    )
    walked = demo["sagsbehandler4"].certificates.get()
    return {
        "certificate": valid.pk,
        "code": valid.code,
        "replaced": replaced.pk,
        "replaced_code": replaced.code,
        "ends_early": early.pk,
        "revoked": revoked.pk,
        "revoked_code": revoked.code,
        "path_certificate": walked.pk,
        "path_code": walked.code,
        "competence": Competence.objects.get(framework__key="caseworker", key="receipt").pk,
    }


def registers() -> dict[str, Any]:
    """A row of each register that editors keep in the admin."""
    question = Question.objects.filter(lessons__isnull=False).earliest("key")
    framework = Framework.objects.get(key="caseworker")
    return {
        "question": question.pk,
        "question_version": question.versions.get(is_current=True).pk,
        "learning_path": LearningPath.objects.earliest("key").pk,
        "framework": framework.pk,
        "framework_version": framework.versions.get().pk,
    }
