"""The map: evidence by kind with its day, own ratings that are never overwritten, and who reads."""

import datetime as dt
import uuid

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from competences.actions import rate
from competences.imports import import_framework
from competences.models import Competence, Framework, Rating
from competences.overview import competence_map, numbers_for
from core.models import AccessLog
from core.small_groups import FEWEST_TO_SHOW
from courses.actions import mark_read, retake, submit_quiz, sync_lesson
from courses.evidence import passed_among, read_among
from courses.models import CasePlay
from people.models import Person
from people.permissions import standing_on
from tests.competences.test_frameworks import SECOND
from tests.factories.cases import make_case
from tests.factories.courses import chosen, make_course, make_lesson, make_module, make_question
from tests.factories.people import make_person, make_role, make_town

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frameworks")]

AT = dt.datetime(2027, 6, 15, 16, 0, tzinfo=dt.UTC)
TODAY = dt.date(2027, 6, 15)


@pytest.fixture
def learner():
    return make_person(make_role("caseworker", make_town()))


def competence(key):
    return Competence.objects.get(framework__key="caseworker", key=key)


def row_of(person, key):
    found = competence_map(person, on=TODAY)
    assert found is not None
    return next(row for row in found.rows if row.text.key == key)


def shown(person, key):
    return {
        str(one.label): (one.at.date(), one.count)
        for one in row_of(person, key).shown
        if one.at is not None
    }


def page(response):
    return BeautifulSoup(response.content, "html.parser")


# --- Evidence -------------------------------------------------------------------------------------


def test_nothing_is_shown_before_anything_was_done(learner):
    row = row_of(learner, "receipt")

    assert (row.state, row.rating, shown(learner, "receipt")) == ("not_begun", None, {})


def test_a_lesson_that_was_read_counts_for_what_it_teaches(learner):
    module = make_module(make_course())
    taught = [competence("receipt").pk]
    for number in (1, 2):
        lesson = make_lesson(module, number, competences=taught)
        mark_read(lesson, learner, at=AT + dt.timedelta(days=number))

    assert shown(learner, "receipt") == {"Læst": (dt.date(2027, 6, 17), 2)}
    assert row_of(learner, "receipt").state == "in_progress"
    assert shown(learner, "child") == {}


def test_what_was_read_stays_shown_while_it_is_taken_again(learner):
    course = make_course()
    key = competence("receipt").pk
    mark_read(make_lesson(make_module(course), competences=[key]), learner, at=AT)

    retake(course, learner, at=AT + dt.timedelta(days=9))

    assert shown(learner, "receipt") == {"Læst": (TODAY, 1)}
    assert read_among(Person.objects.all(), [key]) == {key: 1}


@pytest.mark.parametrize(("index", "found"), [(0, True), (1, False)])
def test_a_quiz_counts_once_it_is_passed_for_its_lesson_and_its_questions(learner, index, found):
    question = make_question()
    question.competences.set([competence("child")])
    question.save()
    lesson = make_lesson(
        make_module(make_course()), questions=[question.pk], competences=[competence("receipt").pk]
    )
    submit_quiz(attempt_id=uuid.uuid4(), lesson=lesson, person=learner,
                answers=chosen(question, index), language="da", at=AT)  # fmt: skip

    expected = {"Vist i quiz": (TODAY, 1)} if found else {}
    assert [shown(learner, key) for key in ("receipt", "child")] == [expected, expected]


def test_in_a_passed_quiz_only_what_was_answered_right_and_counts_is_shown(learner):
    questions = {key: make_question() for key in ("receipt", "child", "acute")}
    for key, question in questions.items():
        question.competences.set([competence(key)])
        question.save()
    lesson = make_lesson(
        make_module(make_course()),
        questions=[question.pk for question in questions.values()],
        pass_percent=50,
    )
    answers = {}
    for key, question in questions.items():
        answers |= chosen(question, 1 if key == "child" else 0)
    attempt = submit_quiz(attempt_id=uuid.uuid4(), lesson=lesson, person=learner,
                          answers=answers, language="da", at=AT)  # fmt: skip
    assert attempt.passed
    attempt.answers.filter(version__question=questions["acute"]).update(counts=False)

    in_quiz = {"Vist i quiz": (TODAY, 1)}
    assert [shown(learner, key) for key in questions] == [in_quiz, {}, {}]
    keys = {competence(key).pk for key in questions}
    assert passed_among(Person.objects.all(), keys) == {competence("receipt").pk: 1}


@pytest.mark.parametrize(("ending", "found"), [("good", True), ("fair", True), ("bad", False)])
def test_a_case_counts_when_it_did_not_end_badly_for_both_who_played(learner, ending, found):
    case = make_case()
    case.competences.set([competence("acute")])
    partner = make_person()
    CasePlay.objects.create(
        pk=uuid.uuid4(), case=case, version=case.versions.get(is_current=True), person=partner,
        partner=learner, started_at=AT, last_at=AT, ended_at=AT, ending=ending,
    )  # fmt: skip

    expected = {"Vist i case": (TODAY, 1)} if found else {}
    assert [shown(one, "acute") for one in (learner, partner)] == [expected, expected]


def test_what_was_practised_with_a_mentor_counts_by_its_topic(learner, monkeypatch):
    from competences import practice
    from competences.models import Topic

    receipt = Topic.objects.get(key="receipt").pk
    monkeypatch.setattr(
        practice, "_providers", [lambda people, topics, competences: [(learner.pk, receipt, AT)]]
    )

    assert shown(learner, "receipt") == {"Øvet med en mentor": (TODAY, 1)}


def test_what_a_session_named_counts_too_and_once_beside_its_topic(learner, monkeypatch):
    from competences import practice
    from competences.models import Topic

    keys = [Topic.objects.get(key="receipt").pk, competence("receipt").pk, competence("child").pk]
    confirmed = [(learner.pk, key, AT) for key in keys]
    monkeypatch.setattr(practice, "_providers", [lambda people, topics, competences: confirmed])

    once = {"Øvet med en mentor": (TODAY, 1)}
    assert [shown(learner, key) for key in ("receipt", "child", "acute")] == [once, once, {}]


def test_only_the_danish_page_says_what_a_lesson_teaches(learner):
    module = make_module(make_course())
    lesson = make_lesson(module, competences=[competence("receipt").pk])
    sync_lesson(lesson.pk, module_key=module.pk, position=1, minutes=6, language="kl",
                title="[kl]", path="/kl/x/", is_live=True, questions=[], rules=[])  # fmt: skip

    assert [one.key for one in lesson.competences.all()] == ["receipt"]


@pytest.mark.parametrize("many", [False, True])
def test_the_map_takes_the_same_queries_for_one_and_for_many(
    learner, many, django_assert_num_queries
):
    if many:
        framework = Framework.objects.get(key="caseworker")
        extra = "\n".join(
            f'[[competences]]\nkey = "k{number}"\ntitle_da = "T"\ndescription_da = "D"\n'
            'not_yet_da = "a"\nwith_help_da = "b"\nalone_da = "c"\ncan_teach_da = "d"\n'
            'topics = ["early"]'
            for number in range(200)
        )
        head = (
            '[framework]\nkey = "caseworker"\ntitle_da = "T"\nprofession_da = "P"\nposition = 1\n'
            "[version]\nnumber = 2\nin_force_from = 2027-01-01\n"
        )
        report = import_framework("f.toml", (head + extra).encode(), at=AT, publish=True)
        assert report.problems == []
        module = make_module(make_course())
        taught = list(framework.competences.values_list("pk", flat=True))
        for number in range(5):
            mark_read(make_lesson(module, number, competences=taught), learner, at=AT)
        rate(learner, dict.fromkeys(taught, "alone"), at=AT)

    # frameworks; texts, topics; read, quiz twice, case; practice: topics, sessions; ratings
    with django_assert_num_queries(10):
        found = competence_map(learner, on=TODAY)

    assert found is not None
    assert len(found.rows) == (200 if many else 16)


# --- Frameworks and pages -------------------------------------------------------------------------


def test_the_own_profession_comes_first(learner):
    import_framework(SECOND.name, SECOND.read_bytes(), at=AT, publish=True)
    town = make_town()
    learner.affiliations.create(organisation=town.municipality, place=town,
                                profession="family_therapist", starts_on=TODAY)  # fmt: skip

    found = competence_map(learner, on=TODAY)
    other = competence_map(learner, on=TODAY, key="caseworker")

    assert found is not None
    assert other is not None
    assert (found.framework.key, other.framework.key) == ("family_therapist", "caseworker")


def test_the_page_shows_evidence_and_rating_with_their_days(client, learner):
    lesson = make_lesson(make_module(make_course()), competences=[competence("receipt").pk])
    mark_read(lesson, learner, at=AT)
    rate(learner, {competence("receipt").pk: "alone"}, at=AT)
    client.force_login(learner.user)

    answer = client.get("/da/kompetencer/")

    item = page(answer).select_one("#k-receipt").get_text(" ", strip=True)
    assert "Læst 15. juni 2027" in item
    assert "Du siger: Alene (15. juni 2027)" in item
    assert answer.headers["Cache-Control"].startswith("max-age=0")


def test_without_a_framework_the_page_is_a_beginning(client, learner):
    Framework.objects.update(retired_on=dt.date(2026, 1, 1))
    client.force_login(learner.user)

    assert "endnu ingen" in page(client.get("/da/kompetencer/")).get_text()


# --- Own ratings ----------------------------------------------------------------------------------


def test_a_new_rating_is_a_new_row_and_the_same_one_adds_nothing(learner):
    key = competence("receipt").pk
    rate(learner, {key: "not_yet"}, at=AT)
    rate(learner, {key: "not_yet"}, at=AT + dt.timedelta(days=1))
    rate(learner, {key: "alone"}, at=AT + dt.timedelta(days=2))

    history = Rating.objects.order_by("rated_at").values_list("level", "is_current")
    assert list(history) == [("not_yet", False), ("alone", True)]


def test_the_database_refuses_to_change_a_rating(learner):
    (rating,) = rate(learner, {competence("receipt").pk: "not_yet"}, at=AT)

    for change in ({"level": "alone"}, {"rated_at": AT + dt.timedelta(1)}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Rating.objects.filter(pk=rating.pk).update(**change)

    assert Rating.objects.get().level == "not_yet"


@pytest.mark.parametrize("levels", [{"known": "expert"}, {"unknown": "alone"}])
def test_an_unknown_step_or_competence_is_refused(learner, levels):
    keys = {"known": competence("receipt").pk, "unknown": uuid.uuid4()}

    with pytest.raises(ValidationError):
        rate(learner, {keys[name]: level for name, level in levels.items()}, at=AT)

    assert not Rating.objects.exists()


def test_a_rating_is_sent_with_a_press_and_shown_with_its_history(client, learner):
    client.force_login(learner.user)
    address = reverse("competences:competence", args=[competence("receipt").pk])

    empty = client.post(address, {})
    sent = client.post(address, {"level": "with_help"})
    client.post(address, {"level": "alone"})

    assert empty.status_code == 422
    assert "Vælg et af de fire trin." in page(empty).get_text()
    assert sent.url == "/da/kompetencer/?fag=caseworker#k-receipt"
    said = [
        item.get_text().partition(": ")[2]
        for item in page(client.get(address)).select("main ul li")
    ]
    assert said[-2:] == ["Alene", "Med hjælp"]


# --- Who reads ------------------------------------------------------------------------------------


@pytest.fixture
def colleagues(monkeypatch):
    """A mentor of nobody yet; ``colleagues`` names whose mentor they are."""
    from competences import readers
    from people.models import Person

    whose = []
    monkeypatch.setattr(
        readers, "_providers", [lambda _standing: Person.objects.filter(pk__in=whose)]
    )
    return whose


def test_the_present_mentor_reads_the_rating_and_leaves_a_line(client, learner, colleagues):
    rate(learner, {competence("receipt").pk: "alone"}, at=AT)
    mentor = make_person(make_role("mentor", make_town()))
    client.force_login(mentor.user)
    address = reverse("competences:colleague", args=[learner.pk])
    before = client.get(address).status_code

    colleagues.append(learner.pk)
    answer = client.get(address)

    assert (before, answer.status_code) == (404, 200)
    assert "Alene" in page(answer).get_text()
    line = AccessLog.objects.get(action="view_ratings")
    assert (line.actor, line.record_id) == (mentor.user, str(learner.pk))


@pytest.mark.parametrize("role", ["leader", "coordinator", "administrator", "caseworker"])
def test_nobody_else_reads_a_rating_by_name(client, learner, role):
    rate(learner, {competence("receipt").pk: "alone"}, at=AT)
    client.force_login(make_person(make_role(role)).user)

    assert client.get(reverse("competences:colleague", args=[learner.pk])).status_code == 404


def raters(how_many, town="Upernavik"):
    key = competence("receipt").pk
    for number in range(how_many):
        person = make_person(make_role("caseworker", make_town(town)), account=False)
        rate(person, {key: ["not_yet", "alone"][number % 2]}, at=AT)


def counts_of(reader):
    assert reader.user is not None
    numbers = numbers_for(standing_on(reader.user, TODAY))
    return next(row.counts for row in numbers.rated if row.text.key == "receipt")


@pytest.mark.parametrize(
    ("how_many", "counts"), [(FEWEST_TO_SHOW - 1, ()), (FEWEST_TO_SHOW, [3, 0, 2, 0])]
)
def test_leaders_see_counts_of_at_least_five(how_many, counts):
    raters(how_many)

    assert list(counts_of(make_person(make_role("leader", make_town())))) == list(counts)


def test_only_the_own_scope_is_counted():
    raters(5)
    raters(6, "Sisimiut")
    town, other = make_town(), make_town("Ilulissat")

    assert sum(counts_of(make_person(make_role("coordinator", town.municipality)))) == 5
    assert sum(counts_of(make_person(make_role("coordinator")))) == 11
    assert counts_of(make_person(make_role("leader", other))) == ()


@pytest.mark.parametrize(
    ("role", "status"),
    [("leader", 200), ("coordinator", 200), ("mentor", 403), ("caseworker", 403),
     ("administrator", 403)],
)  # fmt: skip
def test_only_leaders_and_coordinators_see_counts(client, role, status):
    raters(4)
    client.force_login(make_person(make_role(role)).user)

    answer = client.get("/da/kompetencer/overblik/")

    assert answer.status_code == status
    if status == 200:
        assert "For få at vise" in page(answer).get_text()


@pytest.mark.parametrize("how_many", [5, 40])
def test_the_numbers_take_the_same_queries_for_few_and_for_many(
    how_many, django_assert_num_queries
):
    raters(how_many)
    reader = make_person(make_role("coordinator"))
    standing = standing_on(reader.user, TODAY)

    # frameworks; texts, their topics; how many people; read; in a quiz; in a case; topics and
    # sessions of practice; ratings
    with django_assert_num_queries(10):
        numbers_for(standing)
