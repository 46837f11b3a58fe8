"""Who writes what in the admin: the register, the question bank, the topics."""

import pytest
from django.core.management import call_command
from django.urls import NoReverseMatch, reverse

from competences.models import Topic
from courses.models import (
    Answer,
    Assignment,
    Choice,
    Enrolment,
    LearningPath,
    LessonProgress,
    PathRule,
    Question,
    QuizAttempt,
    Reminder,
)
from rules.models import Rule
from tests.factories.admin import seen_version
from tests.factories.courses import (
    current,
    make_course,
    make_lesson,
    make_module,
    make_path,
    make_question,
    make_rule,
)
from tests.factories.mentoring import make_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("base")]

ROLES = ["editor", "translator", "reviewer"]


def admin_url(record, view, *args):
    """The address of ``view`` for the snippet ``record``."""
    meta = record._meta
    return reverse(f"wagtailsnippets_{meta.app_label}_{meta.model_name}:{view}", args=args)


def question_data(question=None, /, right=(True, False), **fields):
    """What the form of a question sends."""
    rows = list(question.choices.all()) if question else [None] * len(right)
    data = {
        "key": question.key if question else "nyt",
        "kind": "single",
        "situation_da": question.situation_da if question else "",
        "situation_kl": "",
        "text_da": question.text_da if question else "Hvad gør du?",
        "text_kl": "",
        "rule": "",
        "choices-TOTAL_FORMS": str(len(rows)),
        "choices-INITIAL_FORMS": str(len(rows) if question else 0),
        "choices-MIN_NUM_FORMS": "2",
        "choices-MAX_NUM_FORMS": "8",
    }
    if question:
        data["seen_version"] = seen_version(question)
    for index, row in enumerate(rows):
        is_right = row.is_correct if row else right[index]
        data |= {
            f"choices-{index}-id": str(row.pk) if row else "",
            f"choices-{index}-ORDER": str(index + 1),
            f"choices-{index}-DELETE": "",
            f"choices-{index}-text_da": row.text_da if row else f"Svar {index + 1}",
            f"choices-{index}-text_kl": "",
            f"choices-{index}-feedback_da": row.feedback_da if row else "",
            f"choices-{index}-feedback_kl": "",
        } | ({f"choices-{index}-is_correct": "on"} if is_right else {})
    return data | fields


def rule_data(rule, **fields):
    """What the form of a rule sends."""
    names = (
        "key paragraph statement_da statement_kl deadline_da deadline_kl deadline_starts_da "
        "deadline_starts_kl state source_title source_url"
    )
    data = {name: getattr(rule, name) for name in names.split()}
    data |= {"act": str(rule.act_id), "deadline_hours": "24", "deadline_days": ""}
    data |= {"deadline_months": "", "checked_on": "2027-01-01", "review_by": "2028-01-01"}
    data["seen_version"] = seen_version(rule)
    return data | fields


# --- Who may ------------------------------------------------------------------------------------

LISTS = {
    Rule: {"editor": 200, "translator": 200, "reviewer": 200},
    Question: {"editor": 200, "translator": 200, "reviewer": 200},
    Topic: {"editor": 200, "translator": 200, "reviewer": 200},
    LearningPath: {"editor": 200, "translator": 200, "reviewer": 200},
}
ADDS = {
    Rule: {"editor": 302, "translator": 302, "reviewer": 200},
    Question: {"editor": 200, "translator": 302, "reviewer": 200},
    Topic: {"editor": 302, "translator": 302, "reviewer": 200},
    LearningPath: {"editor": 200, "translator": 302, "reviewer": 200},
}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("model", [Rule, Question, Topic, LearningPath])
def test_each_role_lists_and_adds_what_is_its_own(client, as_role, model, role):
    as_role(role)

    assert client.get(admin_url(model, "list")).status_code == LISTS[model][role]
    assert client.get(admin_url(model, "add")).status_code == ADDS[model][role]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("model", [Rule, Question, Topic, LearningPath])
def test_nobody_deletes(client, as_role, model, role):
    as_role(role)
    call_command("load_topics", verbosity=0)
    record = {
        Rule: make_rule,
        Question: make_question,
        Topic: lambda: Topic.objects.get(key="early"),
        LearningPath: make_path,
    }[model]()

    client.post(admin_url(model, "delete", record.pk))

    assert model.objects.filter(pk=record.pk).exists()


def test_somebody_without_a_role_of_the_admin_stays_outside(client):
    client.force_login(make_person("caseworker").user)

    for model in (Rule, Question, Topic, LearningPath):
        assert client.get(admin_url(model, "list")).status_code in {302, 403, 404}


@pytest.mark.parametrize(
    "model", [Answer, QuizAttempt, LessonProgress, Enrolment, Assignment, PathRule, Reminder]
)
def test_what_learners_did_is_nowhere_in_the_admin(model):
    with pytest.raises(NoReverseMatch):
        admin_url(model, "list")


@pytest.mark.parametrize("query", ['"', "\\", "'; --", "§ 19", "%", "a" * 5000, "\x00"])
@pytest.mark.parametrize("model", [Rule, Question, Topic, LearningPath])
def test_a_hostile_search_is_only_a_search(client, as_role, model, query):
    as_role("reviewer")
    make_question(rule=make_rule())

    for data in ({"q": query}, {"q": query, "kind": "single", "state": "verified"}):
        assert client.get(admin_url(model, "list"), data).status_code < 500


# --- The register -------------------------------------------------------------------------------


def test_a_reviewer_who_checks_a_rule_is_named_and_the_change_is_kept(client, as_role):
    reviewer = as_role("reviewer")
    rule = make_rule()

    response = client.post(
        admin_url(Rule, "edit", rule.pk),
        rule_data(rule, statement_da="Ny tekst", checked_on="2027-02-01"),
    )

    assert response.status_code == 302
    rule.refresh_from_db()
    assert (rule.statement_da, rule.checked_by) == ("Ny tekst", reviewer)
    latest = rule.versions.get(number=2)
    assert (latest.recorded_by, latest.is_from_file) == (reviewer, False)


def test_correcting_a_word_is_not_a_check(client, as_role):
    as_role("reviewer")
    rule = make_rule()

    client.post(admin_url(Rule, "edit", rule.pk), rule_data(rule, statement_da="Ny tekst"))

    rule.refresh_from_db()
    assert (rule.statement_da, rule.checked_by) == ("Ny tekst", None)


def test_a_verified_rule_without_a_source_is_refused_in_the_form(client, as_role):
    as_role("reviewer")
    rule = make_rule()

    response = client.post(admin_url(Rule, "edit", rule.pk), rule_data(rule, source_url=""))

    assert response.status_code == 200
    assert "En regel, der må vises, skal have en kilde" in response.content.decode()
    assert rule.versions.count() == 1


@pytest.mark.parametrize("role", ["editor", "translator"])
def test_others_change_no_rule(client, as_role, role):
    as_role(role)
    rule = make_rule()

    client.post(admin_url(Rule, "edit", rule.pk), rule_data(rule, statement_da="Ny tekst"))

    rule.refresh_from_db()
    assert rule.statement_da != "Ny tekst"


# --- The question bank --------------------------------------------------------------------------


def test_an_editor_writes_a_question_that_can_be_asked(client, as_role):
    as_role("editor")

    response = client.post(admin_url(Question, "add"), question_data())

    assert response.status_code == 302
    question = Question.objects.get()
    assert [choice.text_da for choice in question.choices.all()] == ["Svar 1", "Svar 2"]
    assert current(question).number == 1


@pytest.mark.parametrize(
    ("right", "fields", "message"),
    [
        ((False, False), {}, "Markér netop ét svar som rigtigt."),
        ((True, True), {}, "Markér netop ét svar som rigtigt."),
        ((False, False), {"kind": "multiple"}, "Markér mindst ét svar som rigtigt."),
        ((True, False), {"choices-1-DELETE": "on"}, ""),
        ((True, False), {"choices-0-DELETE": "on", "choices-0-text_da": ""}, ""),
        ((True, False), {"text_da": ""}, ""),
        ((True, False), {"choices-TOTAL_FORMS": "many"}, ""),
    ],
)
def test_a_question_that_cannot_be_answered_is_refused(client, as_role, right, fields, message):
    as_role("editor")

    response = client.post(admin_url(Question, "add"), question_data(right=right, **fields))

    assert response.status_code == 200
    assert message in response.content.decode()
    assert not Question.objects.exists()
    assert not Choice.objects.exists()


def test_a_question_on_an_unverified_rule_is_refused(client, as_role):
    as_role("reviewer")
    rule = make_rule(state="unverified")

    response = client.post(admin_url(Question, "add"), question_data(rule=str(rule.pk)))

    assert "ikke kontrolleret" in response.content.decode()
    assert not Question.objects.exists()


def asked_question():
    """A question that learners answer now."""
    question = make_question()
    make_lesson(make_module(make_course()), questions=[question.pk])
    return question


@pytest.mark.parametrize(("role", "changed"), [("editor", False), ("reviewer", True)])
def test_a_question_in_use_is_changed_by_a_reviewer(client, as_role, role, changed):
    as_role(role)
    question = asked_question()

    response = client.post(
        admin_url(Question, "edit", question.pk), question_data(question, text_da="Nyt")
    )

    assert response.status_code == (302 if changed else 200)
    assert (current(question).text == "Nyt") == changed


@pytest.mark.parametrize("role", ROLES)
def test_the_form_of_a_question_writes_no_kalaallisut(client, as_role, role):
    as_role(role)
    question = asked_question()

    client.post(
        admin_url(Question, "edit", question.pk),
        question_data(question, **{"text_kl": "[kl] tekst", "choices-0-text_kl": "[kl] svar"}),
    )

    question.refresh_from_db()
    assert question.text_kl == ""
    assert not question.choices.exclude(text_kl="").exists()
    assert current(question).number == 1


def test_a_translator_changes_no_question(client, as_role):
    as_role("translator")
    question = make_question()

    response = client.post(
        admin_url(Question, "edit", question.pk), question_data(question, text_da="Nyt")
    )

    assert response.status_code == 302
    assert current(question).number == 1


def test_a_question_that_nobody_answers_yet_is_the_editors(client, as_role):
    as_role("editor")
    question = make_question()

    client.post(admin_url(Question, "edit", question.pk), question_data(question, text_da="Nyt"))

    assert current(question).text == "Nyt"


# --- Learning paths -------------------------------------------------------------------------------


def path_data(steps, orders=(), **fields):
    """What the form of a path sends: ``steps`` are a module and what completes it."""
    data = {
        "key": "foerste-uge",
        "title_da": "Første uge",
        "level": "new",
        "position": "1",
        "is_offered": "on",
        "steps-TOTAL_FORMS": str(len(steps)),
        "steps-INITIAL_FORMS": "0",
        "orders-TOTAL_FORMS": str(len(orders)),
        "orders-INITIAL_FORMS": "0",
    }
    for index, (module, completes, *more) in enumerate(steps):
        data |= {
            f"steps-{index}-module": str(module.pk),
            f"steps-{index}-completes": completes,
            f"steps-{index}-topic": str(more[0].pk) if more else "",
            f"steps-{index}-is_required": "on",
            f"steps-{index}-ORDER": str(index + 1),
        }
    for index, (module, first) in enumerate(orders):
        data |= {
            f"orders-{index}-module": str(module.pk),
            f"orders-{index}-first": str(first.pk),
            f"orders-{index}-ORDER": str(index + 1),
        }
    return data | fields


@pytest.fixture
def modules():
    """Three modules with a lesson each; the first asks a question."""
    course = make_course()
    made = [make_module(course, number) for number in (1, 2, 3)]
    make_lesson(made[0], questions=[make_question().pk])
    for module in made[1:]:
        make_lesson(module)
    return made


def test_an_editor_writes_a_path(client, as_role, modules):
    as_role("editor")
    first, second, _third = modules

    response = client.post(
        admin_url(LearningPath, "add"),
        path_data([(first, "quiz"), (second, "read")], [(second, first)]),
    )

    assert response.status_code == 302
    path = LearningPath.objects.get()
    steps = path.steps.order_by("sort_order").values_list("module", "completes")
    assert list(steps) == [(first.pk, "quiz"), (second.pk, "read")]
    assert list(path.orders.values_list("module", "first")) == [(second.pk, first.pk)]


@pytest.mark.parametrize(
    ("steps", "orders", "said"),
    [
        ([(1, "quiz")], [], "der er ikke noget af den slags"),
        ([(0, "case-of-nobody")], [], "gyldig valgmulighed"),
        ([(0, "practice")], [], "Vælg det emne, der skal øves"),
        ([(0, "read")], [(1, 0)], "må kun nævne moduler i forløbet"),
        ([(0, "read"), (1, "read")], [(0, 1), (1, 0)], "går i ring"),
        (
            [(0, "read"), (1, "read"), (2, "read")],
            [(0, 1), (1, 2), (2, 0)],
            "går i ring",
        ),
    ],
)
def test_a_path_that_cannot_be_walked_is_refused(  # noqa: PLR0917  the case's three parts
    client, as_role, modules, steps, orders, said
):
    as_role("editor")

    response = client.post(
        admin_url(LearningPath, "add"),
        path_data(
            [(modules[number], kind) for number, kind in steps],
            [(modules[one], modules[other]) for one, other in orders],
        ),
    )

    assert said in response.content.decode()
    assert not LearningPath.objects.exists()


def test_a_path_that_is_offered_has_something_to_do(client, as_role, modules):
    as_role("editor")
    data = path_data([(modules[0], "read")])
    del data["steps-0-is_required"]

    refused = client.post(admin_url(LearningPath, "add"), data)
    assert "mindst ét obligatorisk trin" in refused.content.decode()
    del data["is_offered"]
    assert client.post(admin_url(LearningPath, "add"), data).status_code == 302


def test_whoever_walks_a_path_is_looked_at_anew_when_it_is_saved(
    client, as_role, modules, django_capture_on_commit_callbacks
):
    person = as_role("editor")
    path = make_path(modules[1])
    Assignment.objects.create(
        path=path, person=person, origin="self", assigned_at="2027-01-01T00:00Z"
    )

    step = path.steps.get()
    data = path_data([(modules[1], "read"), (modules[2], "read")], key=path.key)
    data |= {"steps-INITIAL_FORMS": "1", "steps-0-id": str(step.pk)}
    data |= {"seen_version": seen_version(path)}
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(admin_url(LearningPath, "edit", path.pk), data).status_code == 302

    assert Assignment.objects.get().step_count == 2


@pytest.mark.parametrize("count", [2, 30])
def test_the_form_of_a_path_reads_the_modules_once(
    client, as_role, modules, count, django_assert_max_num_queries
):
    as_role("editor")
    path = make_path(*[make_module(modules[0].course, n) for n in range(10, 10 + count)])
    client.get(admin_url(LearningPath, "edit", path.pk))

    with django_assert_max_num_queries(60) as asked:
        client.get(admin_url(LearningPath, "edit", path.pk))

    read = [query["sql"] for query in asked]
    assert sum('FROM "courses_module"' in sql for sql in read) == 4
    assert sum('FROM "competences_topic"' in sql for sql in read) == 1
