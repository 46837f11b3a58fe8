"""Each kind of question: what it needs, what it takes, and what is right."""

import uuid
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from courses.actions import LearningRefused, submit_quiz
from courses.kinds import ARRANGEMENTS, arrangement_of, kind_of
from courses.kinds.writing import folded, read_number
from courses.models import Answer, Question, QuizAttempt
from courses.quizzes.form import QuizForm, asked_in, draw_questions
from courses.quizzes.results import read_result
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
    right_answer,
    sent_for,
    wrong_answer,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("base"), pytest.mark.once]

KINDS = Question.Kind.values


@pytest.fixture(autouse=True)
def _in_danish():
    with translation.override("da"):
        yield


def lesson_asking(*questions, **fields):
    """A lesson with a quiz of ``questions``."""
    keys = [one.pk for one in questions]
    return make_lesson(make_module(make_course()), questions=keys, **fields)


def answer(question, given, *, lesson=None, attempt_id=None):
    """``given`` is sent as the answer to ``question``."""
    return submit_quiz(
        attempt_id=attempt_id or uuid.uuid4(),
        lesson=lesson or lesson_asking(question),
        person=make_learner(),
        answers={current(question).pk: given},
        language="da",
        at=AT,
    )


# --- What is right ------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_the_right_answer_counts_and_the_wrong_one_does_not(kind):
    question = make_of_kind(kind)

    assert answer(question, right_answer(question)).score == 1
    assert answer(question, wrong_answer(question)).score == 0


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_browser_sends_is_what_the_action_takes(kind):
    question = make_of_kind(kind)

    form = QuizForm(asked_in(lesson_asking(question)), _querydict(sent_for(
        question, right_answer(question)
    )))  # fmt: skip

    assert form.is_valid(), form.errors
    assert answer(question, form.answers[current(question).pk]).score == 1


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_takes_nothing_as_no_answer(kind):
    question = make_of_kind(kind)
    nothing = "" if kind in {"numeric", "short"} else {} if kind in {"matching", "cloze"} else ()

    with pytest.raises(LearningRefused) as refusal:
        answer(question, nothing)

    assert refusal.value.code == "unanswered"


STRANGE = ["x" * 200, {"1": "x"}, {"x"}, ("x", "y"), {str(uuid.UUID(int=1)): "x"}]


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_question_did_not_offer_is_refused(kind):
    question = make_of_kind(kind)
    lesson = lesson_asking(question)

    for given in STRANGE:
        with pytest.raises(LearningRefused) as refusal:
            answer(question, given, lesson=lesson)
        assert refusal.value.code in {"unknown", "unanswered"}
    assert not QuizAttempt.objects.exists()


@pytest.mark.parametrize("kind", ["numeric", "short", "cloze"])
def test_a_typed_number_of_a_citizen_is_refused_and_kept_nowhere(kind):
    question = make_of_kind(kind)
    number = "010190" + "-1234"
    given = {"1": number, "2": right_answer(question)["2"]} if kind == "cloze" else number

    with pytest.raises(ValidationError) as refusal:
        answer(question, given)

    assert refusal.value.code == "cpr_like"
    assert not Answer.objects.exists()
    form = QuizForm(asked_in(lesson_asking(question)), sent_for(question, given))
    assert {error.code for errors in form.errors.as_data().values() for error in errors} == {
        "cpr_like"
    }


@pytest.mark.parametrize(
    "given", ["qaqortoq", "  QAQORTOQ ", "ĸaĸortoĸ", "Qaqortoq.", "byen  qaqortoq"]
)
def test_a_short_text_counts_however_it_is_spelled(given):
    assert answer(make_of_kind("short"), given).score == 1


@pytest.mark.parametrize("given", ["Qaqortoqq", "Qaqor toq", "nej"])
def test_another_short_text_does_not_count(given):
    assert answer(make_of_kind("short"), given).score == 0


def test_a_kalaallisut_spelling_counts_whatever_the_language():
    question = make_question(
        kind="short", rows=[{"text_da": "ja", "text_kl": "aap", "is_correct": True}]
    )

    assert answer(question, "Aap").score == answer(question, "JA").score == 1


@pytest.mark.parametrize(
    ("given", "score"),
    [
        ("24", 1), ("24,5", 1), ("23.5", 1), ("24 timer", 1), (" 24,0 ", 1), ("+24", 1),
        ("24,51", 0), ("23,49", 0), ("-24", 0), ("48", 0), ("24.000", 0),
    ],
)  # fmt: skip
def test_a_number_counts_within_its_tolerance(given, score):
    assert answer(make_of_kind("numeric"), given).score == score


@pytest.mark.parametrize(
    ("text", "number"),
    [("1,5", "1.5"), ("1.000", "1000"), ("1 000,25", "1000.25"), ("1.5", "1.5"), ("−3", "-3")],
)
def test_numbers_are_read_as_danes_write_them(text, number):
    assert read_number(text) == Decimal(number)


@pytest.mark.parametrize(
    "text", ["", "en dag", "1,2,3", "1e5", "٣", "24 døgn", "--1", "inf", "nan"]
)
def test_what_is_no_number_is_said(text):
    question = make_of_kind("numeric")

    form = QuizForm(asked_in(lesson_asking(question)), sent_for(question, text))

    assert not form.is_valid()


def test_ordering_needs_each_number_once():
    question = make_of_kind("ordering")
    data = sent_for(question, right_answer(question))
    data[list(data)[1]] = "1"

    form = QuizForm(asked_in(lesson_asking(question)), data)

    assert not form.is_valid()
    assert "Brug hvert tal én gang" in str(form.errors)


@pytest.mark.parametrize("kind", ["matching", "cloze", "ordering"])
def test_half_an_answer_is_told_and_does_not_count(kind):
    question = make_of_kind(kind)
    given, wrong = right_answer(question), wrong_answer(question)
    if kind == "ordering":
        given = (given[0], given[1], given[3], given[2])
    else:
        last = list(given)[-1]
        given = given | {last: wrong[last]}

    attempt = answer(question, given)

    [shown] = read_result(attempt)
    assert attempt.score == 0
    assert shown.is_partly_right
    assert 0 < sum(part.is_right for part in shown.parts) < len(shown.parts)


def test_folding_leaves_danish_letters_apart():
    assert folded("Hør  EFTER.") == "hør efter"
    assert folded("for") != folded("før")


# --- What editors write -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("true_false", {"right": [True, False, False]}),
        ("true_false", {"right": [True, True]}),
        ("matching", {"rows": [{"text_da": "a", "match_da": "b"}]}),
        ("matching", {"rows": [{"text_da": "a", "match_da": "b"}, {"text_da": "c"}]}),
        ("matching", {"rows": [{"text_da": one, "match_da": "b"} for one in "ac"]}),
        ("matching", {"rows": [{"text_da": "a", "match_da": one} for one in "bc"]}),
        ("ordering", {"rows": [{"text_da": one} for one in "ab"]}),
        ("ordering", {"rows": [{"text_da": one} for one in "aab"]}),
        ("ordering", {"rows": [{"text_da": one} for one in "abcdefghijk"]}),
        ("numeric", {"rows": [{"text_da": "mange", "is_correct": True}]}),
        ("numeric", {"rows": [{"text_da": "24"}]}),
        ("short", {"rows": [{"text_da": "a"}]}),
        ("short", {"rows": [{"text_da": "a" * 101, "is_correct": True}]}),
        ("short", {"rows": [{"text_da": "?!", "is_correct": True}]}),
        ("cloze", {"text_da": "Ingen huller."}),
        ("cloze", {"text_da": "[[2]] og [[1]]"}),
        ("cloze", {"text_da": "[[1]] og [[2]] og [[3]]"}),
        ("cloze", {"text_da": "[[1]]", "rows": [{"gap": 2, "text_da": "a", "is_correct": True}]}),
        ("cloze", {"text_da": "[[1]]", "rows": [{"gap": 1, "text_da": "a"}]}),
        (
            "cloze",
            {
                "text_da": "[[1]]",
                "rows": [
                    {"gap": 1, "text_da": "a", "is_correct": True},
                    {"gap": 1, "text_da": "b", "is_correct": True},
                    {"gap": 1, "text_da": "c"},
                ],
            },
        ),
    ],
)
def test_what_cannot_be_answered_is_refused(kind, fields):
    with pytest.raises(ValidationError) as refusal:
        make_of_kind(kind, **fields)

    assert refusal.value.code in {"few_choices", "right_choices", "choice"}


def test_feedback_on_an_unverified_rule_is_refused():
    rule = make_rule(state="unverified")

    with pytest.raises(ValidationError) as refusal:
        make_question(rows=[{"text_da": "a", "is_correct": True, "rule": rule}, {"text_da": "b"}])

    assert refusal.value.code == "unverified"


# --- How it is shown ----------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_no_drawing_tells_what_is_right(kind):
    question = make_of_kind(kind)
    lesson = lesson_asking(question)

    for is_signed_in in (True, False):
        html = draw_questions(lesson, "da", is_signed_in=is_signed_in)
        assert "Fordi" not in html
        assert "True" not in html


@pytest.mark.parametrize(
    ("kind", "row"),
    [
        ("numeric", {"text_da": "7319,25"}),
        ("short", {"text_da": "Qaqortoq", "text_kl": "Nanortalik"}),
    ],
)
def test_what_is_to_be_written_is_not_drawn(kind, row):
    lesson = lesson_asking(make_question(kind=kind, rows=[row | {"is_correct": True}]))

    for is_signed_in in (True, False):
        html = draw_questions(lesson, "da", is_signed_in=is_signed_in)
        assert not any(text in html for text in row.values())


def test_an_item_does_not_name_what_belongs_to_it():
    question = make_of_kind("matching")
    version = current(question)
    fields = kind_of(version).fields(version, 1, 0)

    for row, field in fields.items():
        values = [value for value, _label in field.choices if value]
        assert len(values) == 4
        assert not any(row in value or value in row for value in values)


@pytest.mark.parametrize("kind", OTHER_KINDS)
def test_who_has_not_signed_in_reads_it_without_fields(kind):
    html = draw_questions(lesson_asking(make_of_kind(kind)), "da", is_signed_in=False)

    assert "Spørgsmål 1" in html
    assert "<input" not in html
    assert "<select" not in html
    assert "[[" not in html


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("answered", [right_answer, wrong_answer])
def test_the_result_of_every_kind_is_shown(client, kind, answered):
    question = make_of_kind(kind, feedback_da="Husk fristen.")
    attempt = answer(question, answered(question))
    client.force_login(attempt.person.user)

    page = client.get(f"/da/laering/forsoeg/{attempt.pk}/").content.decode()

    assert ("1 af 1 rigtige" in page) == (answered is right_answer)
    assert "Husk fristen." in page
    assert "Dit svar" in page


def test_feedback_cites_its_rule(client):
    rule = make_rule(paragraph="§ 16", source_url="https://kilde.example.org/16")
    rows = [
        {"text_da": "a", "is_correct": True},
        {"text_da": "b", "feedback_da": "Fordi straks er straks.", "rule": rule},
    ]
    question = make_question(rows=rows)
    attempt = answer(question, wrong_answer(question))
    client.force_login(attempt.person.user)
    address = f"/da/laering/forsoeg/{attempt.pk}/"

    assert "https://kilde.example.org/16" in client.get(address).content.decode()

    rule.state = "unverified"
    rule.save()
    assert "https://kilde.example.org/16" not in client.get(address).content.decode()


@pytest.mark.parametrize("size", [1, 8])
def test_a_quiz_of_every_kind_takes_the_same_number_of_queries(
    client, size, django_assert_num_queries
):
    questions = [make_of_kind(kind, rule=make_rule()) for kind in KINDS[:size]]
    lesson, learner = lesson_asking(*questions), make_learner()
    attempt = submit_quiz(
        attempt_id=uuid.uuid4(),
        lesson=lesson,
        person=learner,
        answers={current(one).pk: wrong_answer(one) for one in questions},
        language="da",
        at=AT,
    )
    client.force_login(learner.user)

    with django_assert_num_queries(4):  # account, person, lesson, questions
        client.get(f"/da/laering/lektion/{lesson.pk}/quiz/")
    with django_assert_num_queries(5):  # account, person, attempt, answers, attempts
        client.get(f"/da/laering/forsoeg/{attempt.pk}/")


# --- The order of answers -----------------------------------------------------------------------


def orders(question):
    """The order of the rows in each arrangement."""
    version = current(question)
    kind = kind_of(version)
    return [
        [row["text"].get("da") for row in kind.order(version, arrangement)]
        for arrangement in range(ARRANGEMENTS)
    ]


def test_answers_stand_in_another_order_from_attempt_to_attempt():
    found = orders(make_question(right=[True, False, False, False, False]))

    assert len({tuple(order) for order in found}) > 1
    assert all(sorted(order) == sorted(found[0]) for order in found)


@pytest.mark.parametrize(
    ("kind", "fields"), [("single", {"keeps_order": True}), ("true_false", {})]
)
def test_a_fixed_order_is_kept(kind, fields):
    found = orders(make_of_kind(kind, **fields))

    assert {tuple(order) for order in found} == {tuple(sorted(found[0]))}


@pytest.mark.parametrize("keeps_order", [True, False])
def test_steps_never_stand_in_their_right_order(keeps_order):
    for _time in range(20):
        question = make_of_kind("ordering", keeps_order=keeps_order)
        assert ["Modtag", "Beslut", "Undersøg", "Planlæg"] not in orders(question)


def test_an_attempt_keeps_its_order_when_it_comes_back(client):
    questions = [make_question(right=[True] + [False] * 5), make_question()]
    lesson, learner = lesson_asking(*questions), make_learner()
    client.force_login(learner.user)
    address = f"/da/laering/lektion/{lesson.pk}/quiz/"
    values = [row["id"] for row in current(questions[0]).content["choices"]]

    def order(page):
        return sorted(values, key=page.index)

    for _time in range(4):
        drawn = client.get(address).content.decode()
        attempt = drawn.split('name="attempt" value="')[1].split('"')[0]
        sent = {"attempt": attempt} | sent_for(questions[0], right_answer(questions[0]))
        back = client.post(address, sent).content.decode()
        assert order(back) == order(drawn)
        complete = sent | sent_for(questions[1], right_answer(questions[1]))
        client.post(address, complete)
        conflict = client.post(
            address, complete | sent_for(questions[1], wrong_answer(questions[1]))
        ).content.decode()
        assert attempt not in conflict
        assert order(conflict) == order(drawn)


def test_the_page_of_a_quiz_shows_what_was_drawn(client, django_assert_num_queries):
    lesson = lesson_asking(make_question())
    client.force_login(make_learner().user)
    for number in range(ARRANGEMENTS):
        attempt_id = uuid.UUID(int=number)
        draw_questions(lesson, "da", is_signed_in=True, attempt_id=attempt_id, heading_level=2)

    with django_assert_num_queries(3):  # account, person, lesson
        page = client.get(f"/da/laering/lektion/{lesson.pk}/quiz/").content.decode()

    assert "<h2>Spørgsmål 1</h2>" in page
    assert page.count("<h3") == 0


def test_a_quiz_is_drawn_once_for_each_arrangement(django_assert_num_queries):
    lesson = lesson_asking(make_question(right=[True] + [False] * 5))
    ids = [uuid.UUID(int=number) for number in range(ARRANGEMENTS * 5)]

    with django_assert_num_queries(ARRANGEMENTS):
        drawn = {
            draw_questions(lesson, "da", is_signed_in=True, attempt_id=attempt): arrangement_of(
                attempt
            )
            for attempt in ids
        }

    assert len(drawn) > 1


# --- The pass mark ------------------------------------------------------------------------------


@pytest.mark.parametrize(("percent", "passed"), [(100, False), (51, False), (50, True), (1, True)])
def test_each_lesson_has_its_pass_mark(percent, passed):
    first, second = make_question(), make_question()
    lesson = lesson_asking(first, second, pass_percent=percent)

    attempt = submit_quiz(
        attempt_id=uuid.uuid4(),
        lesson=lesson,
        person=make_learner(),
        answers={current(first).pk: right_answer(first), current(second).pk: wrong_answer(second)},
        language="da",
        at=AT,
    )

    assert (attempt.score, attempt.passed, attempt.pass_percent) == (1, passed, percent)


def _querydict(data):
    from django.http import QueryDict

    found = QueryDict(mutable=True)
    for name, value in data.items():
        found.setlist(name, value if isinstance(value, list) else [value])
    return found
