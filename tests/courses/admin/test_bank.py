"""The bank in the admin beside its list: files, figures, corrections, use."""

import uuid
from html import unescape
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from wagtail.models import ModelLogEntry

from courses.actions import retire_lesson, submit_quiz
from courses.models import Correction, Question
from tests.factories.courses import (
    AT,
    OTHER_KINDS,
    current,
    make_course,
    make_learner,
    make_lesson,
    make_module,
    make_of_kind,
    make_question,
    make_rule,
    sent_for,
    wrong_answer,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("base")]

SAMPLES = Path(__file__).parents[1] / "exchange" / "samples"


def asked(question, *, learners=0):
    """A lesson that asks ``question``, answered wrongly by some."""
    lesson = make_lesson(make_module(make_course()), questions=[question.pk])
    for _number in range(learners):
        submit_quiz(
            attempt_id=uuid.uuid4(),
            lesson=lesson,
            person=make_learner(),
            answers={current(question).pk: wrong_answer(question)},
            language="da",
            at=AT,
        )
    return lesson


def text(response):
    """The page as it reads."""
    return unescape(response.content.decode())


# --- Who may ------------------------------------------------------------------------------------


def addresses(question):
    """Every page, with the roles that may open it."""
    both = {"editor", "reviewer"}
    return {
        reverse("courses_import"): both,
        reverse("courses_export"): both,
        reverse("courses_export") + "?til=gift": both,
        reverse("courses_statistics"): both,
        reverse("courses_statistics_of", args=[question.pk]): both,
        reverse("courses_question_use", args=[question.pk]): both,
        reverse("courses_correct", args=[current(question).pk]): {"reviewer"},
    }


@pytest.mark.parametrize("role", ["editor", "reviewer", "translator"])
def test_each_role_opens_what_is_its_own(client, as_role, role):
    as_role(role)

    for address, roles in addresses(make_question()).items():
        status = client.get(address).status_code
        assert (status == 200) == (role in roles), address


def test_what_does_not_exist_is_not_found(client, as_role):
    as_role("reviewer")

    for name in ("courses_statistics_of", "courses_question_use", "courses_correct"):
        assert client.get(reverse(name, args=[uuid.uuid4()]), follow=True).status_code == 404


# --- Files in -----------------------------------------------------------------------------------


def upload(client, path, **fields):
    """A file is chosen and looked at."""
    sent = SimpleUploadedFile(path.name, path.read_bytes())
    return client.post(reverse("courses_import"), {"file": sent, "file_format": ""} | fields)


def between(page, before, after):
    """What stands between two marks."""
    return page.split(before, 1)[1].split(after, 1)[0]


@pytest.mark.parametrize("suffix", ["gift", "txt", "xml"])
def test_a_file_is_looked_at_and_then_taken(client, as_role, suffix):
    as_role("editor")
    make_rule(key="decision-24h")

    seen = upload(client, SAMPLES / f"all_kinds.{suffix}")
    assert seen.status_code == 200
    assert not Question.objects.exists()
    page = text(seen)
    kept = between(page, 'name="text" hidden aria-hidden="true">\n', "</textarea>")
    chosen = between(page, 'name="file_format" value="', '"')
    taken = client.post(
        reverse("courses_import"),
        {"text": kept.replace("\n", "\r\n"), "file_format": chosen},
    )

    assert taken.status_code == 302
    assert Question.objects.count() == page.count("<td>tages ind</td>") > 0
    again = text(upload(client, SAMPLES / f"all_kinds.{suffix}"))
    assert "Der er intet at tage ind." in again


@pytest.mark.parametrize(("good", "count"), [({}, 0), ({"take_the_good": "on"}, 1)])
def test_the_good_ones_are_taken_only_when_that_is_ticked(client, as_role, good, count):
    as_role("editor")
    content = "::A::Hvad? {=ja ~nej}\n\n::B::Hvad? {~ja ~nej}"

    response = client.post(
        reverse("courses_import"), {"text": content, "file_format": "gift"} | good
    )

    assert Question.objects.count() == count
    assert response.status_code == (302 if count else 422)
    assert count or "Markér" in text(response)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.gift", b"Hvem? \xe6", "linje 1: Filen er ikke UTF-8"),
        ("a.doc", b"Hvem?", "Vælg formatet"),
        ("a.gift", b"a" * 1_000_001, "større end 1 MB"),
        ("a.gift", b"\n\nEr 010190" + b"-1234 her? {=ja ~nej}", "I linje 3 står cifre"),
        ("a.xml", b"<!DOCTYPE quiz [<!ENTITY a 'b'>]><quiz/>", "ikke tilladt"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_at_its_field(client, as_role, name, content, said):
    as_role("editor")

    response = client.post(
        reverse("courses_import"), {"file": SimpleUploadedFile(name, content), "file_format": ""}
    )

    page = text(response)
    assert said in page
    assert "010190" not in page
    assert not Question.objects.exists()


def test_a_number_of_a_citizen_put_into_what_was_looked_at_is_refused(client, as_role):
    as_role("editor")
    number = "010190" + "-1234"

    response = client.post(
        reverse("courses_import"),
        {"text": f"Er {number} her? {{=ja ~nej}}", "file_format": "gift"},
    )

    assert response.status_code == 422
    assert number not in text(response)
    assert not Question.objects.exists()


def test_the_file_out_is_kept_by_no_cache_and_comes_in_again(client, as_role):
    as_role("editor")
    for kind in OTHER_KINDS:
        make_of_kind(kind)

    response = client.get(reverse("courses_export"), {"til": "moodle"})

    assert response["Content-Disposition"] == 'attachment; filename="spoergsmaal.xml"'
    assert "no-store" in response["Cache-Control"]
    assert response.content.decode().count("<question ") == len(OTHER_KINDS)


# --- Figures ------------------------------------------------------------------------------------


def test_figures_are_shown_from_five_learners_on(client, as_role):
    as_role("editor")
    few, many = make_question(), make_question()
    asked(few, learners=4)
    asked(many, learners=5)

    page = text(client.get(reverse("courses_statistics")))

    assert page.count("for få at vise") == 1
    assert page.count("Få svarer rigtigt.") == 1
    assert "For få at vise" in text(client.get(reverse("courses_statistics_of", args=[few.pk])))
    assert "100 % (5)" in text(client.get(reverse("courses_statistics_of", args=[many.pk])))


@pytest.mark.parametrize("order", ["key", "-learners", "facility", "-discrimination", "'; --", "x"])
def test_figures_are_sorted_by_any_column(client, as_role, order):
    as_role("editor")
    asked(make_question(), learners=5)
    make_question()

    response = client.get(reverse("courses_statistics"), {"orden": order, "p": "x"})

    assert response.status_code == 200
    assert len(response.context["rows"]) == 2


@pytest.mark.parametrize("count", [1, 12])
def test_pages_take_the_same_number_of_queries(client, as_role, count, django_assert_num_queries):
    as_role("reviewer")
    rule = make_rule()
    for _number in range(count):
        question = make_question(rule=rule)
        asked(question, learners=5)
    client.get(reverse("courses_statistics"))

    for address, most in (
        (reverse("courses_statistics"), QUERIES["statistics"]),
        (reverse("courses_question_use", args=[question.pk]), QUERIES["use"]),
        (reverse("wagtailsnippets_courses_question:list"), QUERIES["list"]),
    ):
        with django_assert_num_queries(most):
            assert client.get(address).status_code == 200


QUERIES = {"statistics": 11, "use": 12, "list": 13}


# --- Corrections --------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", Question.Kind.values)
def test_a_reviewer_gives_the_other_right_answer_as_learners_do(
    client, as_role, kind, django_capture_on_commit_callbacks
):
    reviewer = as_role("reviewer")
    question = make_of_kind(kind)
    lesson = asked(question, learners=1)
    data = sent_for(question, wrong_answer(question))

    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(
            reverse("courses_correct", args=[current(question).pk]),
            {"how": "also", "reason": "Begge dele er rigtige.", "is_sure": "on"} | data,
        )

    assert response.status_code == 302
    assert Correction.objects.get().made_by == reviewer
    assert lesson.attempts.get().passed


@pytest.mark.parametrize(
    ("missing", "said"),
    [
        ({"how": ""}, "Vælg, hvad der skal ske."),
        ({"reason": ""}, "Skriv hvorfor."),
        ({"is_sure": ""}, "Sæt et kryds"),
        ({"how": "also"}, "Angiv det svar"),
        ({"reason": "Om 010190" + "-1234"}, "CPR"),
    ],
)
def test_what_is_missing_is_said_and_nothing_decided(client, as_role, missing, said):
    as_role("reviewer")
    question = make_question()
    data = {"how": "all", "reason": "Fejl.", "is_sure": "on"} | missing

    response = client.post(reverse("courses_correct", args=[current(question).pk]), data)

    assert response.status_code == 422
    assert said in text(response)
    assert not Correction.objects.exists()


def test_an_editor_corrects_no_results(client, as_role):
    as_role("editor")
    question = make_question()

    client.post(
        reverse("courses_correct", args=[current(question).pk]),
        {"how": "all", "reason": "Fejl.", "is_sure": "on"},
    )

    assert not Correction.objects.exists()


# --- Use ----------------------------------------------------------------------------------------


def test_a_question_in_use_cannot_go_and_the_page_says_what_to_do(client, as_role):
    as_role("editor")
    question = make_question()
    lesson = asked(question)
    address = reverse("courses_question_use", args=[question.pk])

    assert lesson.title in text(client.get(address))
    for do in ("retire", "delete"):
        response = client.post(address, {"do": do})
        assert response.status_code == 422
        assert "Tag det ud af deres quizzer først." in text(response)
    assert Question.objects.in_use().get() == question


def test_a_question_with_answers_is_retired_and_stays(client, as_role):
    as_role("editor")
    question = make_question()
    asked(question, learners=1).lesson_questions.all().delete()
    address = reverse("courses_question_use", args=[question.pk])

    refused = client.post(address, {"do": "delete"})
    assert "Tag det ud af brug i stedet." in text(refused)
    assert client.post(address, {"do": "retire"}).status_code == 302

    assert not Question.objects.in_use().exists()
    chooser = reverse("wagtailsnippetchoosers_courses_question:choose")
    assert question.text_da not in client.get(chooser).json()["html"]
    client.post(address, {"do": "bring_back"})
    assert question.text_da in unescape(client.get(chooser).json()["html"])


def test_a_question_that_nobody_met_is_deleted(client, as_role):
    editor = as_role("editor")
    question = make_question()
    address = reverse("courses_question_use", args=[question.pk])
    assert "Slet spørgsmålet" in text(client.get(address))

    response = client.post(address, {"do": "delete"}, follow=True)

    assert "Spørgsmålet er slettet." in text(response)
    assert not Question.objects.exists()
    [entry] = deletions_of(question)
    assert (entry.user, entry.deleted) == (editor.user, True)


def test_a_withdrawn_lesson_that_asks_it_is_named_and_nothing_is_offered_that_is_refused(
    client, as_role
):
    as_role("editor")
    question = make_question()
    retire_lesson(asked(question).pk)
    address = reverse("courses_question_use", args=[question.pk])

    page = text(client.get(address))

    assert "Lektion 1 (Underretninger), trukket tilbage" in page
    assert "En lektion, der er trukket tilbage, beholder sine spørgsmål" in page
    assert "Slet spørgsmålet" not in page
    assert "Tag spørgsmålet ud af brug" in page
    assert client.post(address, {"do": "retire"}).status_code == 302
    assert not Question.objects.in_use().exists()


def test_a_deletion_that_is_refused_leaves_no_entry_in_the_history(client, as_role):
    as_role("editor")
    question, answered = make_question(), make_question()
    asked(question)
    asked(answered, learners=1).lesson_questions.all().delete()

    for one in (question, answered):
        address = reverse("courses_question_use", args=[one.pk])
        assert client.post(address, {"do": "delete"}).status_code == 422
        assert not deletions_of(one).exists()
    assert Question.objects.count() == 2


def deletions_of(question):
    """What the history says of its deletion."""
    return ModelLogEntry.objects.filter(object_id=str(question.pk), action="wagtail.delete")


def test_the_list_is_filtered_by_kind_rule_lesson_and_use(client, as_role):
    as_role("editor")
    rule = make_rule()
    cited, plain, feedback = make_question(rule=rule), make_of_kind("numeric"), make_question()
    choice = feedback.choices.first()
    choice.rule = rule
    choice.save()
    lesson = asked(cited)
    address = reverse("wagtailsnippets_courses_question:list")

    def found(**filters):
        page = client.get(address, filters)
        return {one.pk for one in page.context["object_list"]}

    assert found() == {cited.pk, plain.pk, feedback.pk}
    assert found(kind="numeric") == {plain.pk}
    assert found(rule=str(rule.pk)) == {cited.pk, feedback.pk}
    assert found(lesson=str(lesson.pk)) == {cited.pk}
    assert found(use="asked") == {cited.pk}
    assert found(use="unasked") == {plain.pk, feedback.pk}
    assert found(use="retired") == set()
    assert found(q=plain.text_da[-5:]) >= {plain.pk}
