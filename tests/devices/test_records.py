"""A record counts once, with one receipt for ever; what is refused is kept nowhere."""

import json
import random
import threading
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import jsonschema_rs
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from competences.models import Rating
from core.canonical import content_hash
from courses.models import CasePlay, LessonProgress, QuizAttempt
from devices.models import Record
from devices.records.kinds import kinds
from devices.records.schema import document
from people.models import Person
from tests.at_once import at_once
from tests.factories.cases import make_case
from tests.factories.courses import (
    current,
    make_course,
    make_learner,
    make_lesson,
    make_module,
    make_of_kind,
    right_answer,
)
from tests.factories.mentoring import make_competence

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("base", "_no_pages")]
MADE = "2027-06-15T12:00:00-02:00"
CPR = "-".join(["010190", "1234"])


@pytest.fixture
def _no_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    from courses import access

    monkeypatch.setattr(access, "_gates", [])


@pytest.fixture
def learner(base: None) -> Person:
    return make_learner()


@pytest.fixture
def device(learner: Person) -> Client:
    return signed_in(learner)


def signed_in(person: Person) -> Client:
    client = Client()
    assert person.user is not None
    client.force_login(person.user)
    return client


def letter(kind: str, subject: Any, **content: Any) -> dict[str, Any]:
    about = str(subject.pk) if subject is not None else None
    return {"kind": kind, "subject": about, "content": content, "made_at": MADE}


def send(client: Client, body: Any, key: uuid.UUID | None = None) -> Any:
    address = reverse("records:record", args=[key or uuid.uuid4()])
    raw = body if isinstance(body, bytes) else json.dumps(body)
    answer = client.put(address, raw, content_type="application/json")
    described = document()["paths"]["/api/v1/records/{record}"]["put"]["responses"]
    schema = described[str(answer.status_code)]["content"]["application/json"]["schema"]
    jsonschema_rs.validate(schema | {"components": document()["components"]}, answer.json())
    return answer


def a_lesson(*kinds: str) -> Any:
    questions = [make_of_kind(kind) for kind in kinds]
    lesson = make_lesson(make_module(make_course()), questions=[one.pk for one in questions])
    return lesson, questions


def as_sent(question: Any) -> Any:
    given = right_answer(question)
    if isinstance(given, str | dict):
        return given
    return [str(one) for one in given]


ALL_KINDS = [
    *("single", "multiple", "true_false", "matching", "ordering", "numeric", "short", "cloze")
]


# --- Once -----------------------------------------------------------------------------------------


def test_the_first_is_201_and_the_same_again_200_with_the_same_receipt(device, learner):
    lesson, _ = a_lesson()
    key, body = uuid.uuid4(), letter("lesson-read", lesson)

    answers = [send(device, body, key) for _ in range(4)]

    assert [one.status_code for one in answers] == [201, 200, 200, 200]
    assert len({one.content for one in answers}) == 1
    receipt = answers[0].json()
    assert receipt["id"] == str(key)
    assert receipt["sha256"] == content_hash(body)
    assert LessonProgress.objects.get(lesson=lesson, person=learner).read_at is not None
    kept = Record.objects.get()
    assert (kept.owner, kept.kind, kept.made_at) == (
        learner,
        "lesson-read",
        datetime(2027, 6, 15, 14, tzinfo=UTC),
    )


def test_other_content_under_the_same_id_is_409_and_changes_nothing(device, learner):
    lesson, _ = a_lesson()
    other, _ = a_lesson()
    key = uuid.uuid4()
    first = send(device, letter("lesson-read", lesson), key).json()

    answer = send(device, letter("lesson-read", other), key)

    assert answer.status_code == 409
    assert (answer.json()["error"], answer.json()["kept"]["sha256"]) == (
        "conflict",
        first["sha256"],
    )
    assert not LessonProgress.objects.filter(lesson=other).exists()


def test_somebody_elses_id_is_404_and_tells_nothing(device):
    lesson, _ = a_lesson()
    key, body = uuid.uuid4(), letter("lesson-read", lesson)
    send(device, body, key)

    answer = send(signed_in(make_learner()), body, key)

    assert (answer.status_code, answer.json()) == (404, {"error": "not_found"})
    assert LessonProgress.objects.count() == 1


def test_what_stands_beside_the_content_is_no_part_of_it(device):
    lesson, _ = a_lesson()
    key, body = uuid.uuid4(), letter("lesson-read", lesson)
    send(device, body, key)

    assert send(device, body | {"looked_again": True}, key).status_code == 200


# --- Refused --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{",
        b"\xff",
        b'"x"',
        b"[" * 5000,
        {"kind": "lesson-read"},
        {"kind": "unknown", "subject": None, "content": {}, "made_at": MADE},
        {"kind": "lesson-read", "subject": None, "content": {}, "made_at": MADE},
        {"kind": "lesson-read", "subject": "x", "content": {}, "made_at": MADE},
        {"kind": "lesson-read", "subject": str(uuid.uuid4()), "content": [], "made_at": MADE},
        {"kind": "lesson-read", "subject": None, "content": {}, "made_at": "2027-06-15"},
        {"kind": "own-rating", "subject": None, "content": {"levels": {}}, "made_at": MADE},
        {"kind": "own-rating", "subject": None, "content": {"x": 1.5}, "made_at": MADE},
        {"kind": "own-rating", "subject": None, "content": {"x": "\0"}, "made_at": MADE},
        {"kind": "own-rating", "subject": None, "content": {"x": "\ud800"}, "made_at": MADE},
    ],
)
def test_what_is_no_record_is_400(device, body):
    answer = send(device, body)

    assert (answer.status_code, answer.json()) == (400, {"error": "malformed"})
    assert not Record.objects.exists()


def test_signed_out_is_401_and_a_heavy_one_413(device):
    lesson, _ = a_lesson()
    assert send(Client(), letter("lesson-read", lesson)).status_code == 401
    assert send(device, letter("lesson-read", lesson, x="a" * 33_000)).status_code == 413
    assert not Record.objects.exists()


def test_what_is_not_there_is_404(device):
    lesson, _ = a_lesson()
    missing = letter("lesson-read", lesson) | {"subject": str(uuid.uuid4())}

    assert send(device, missing).status_code == 404
    assert not Record.objects.exists()


def test_a_restricted_lesson_is_404(device, monkeypatch):
    from courses import access

    monkeypatch.setattr(access, "_gates", [lambda request, lesson: False])
    lesson, _ = a_lesson()

    assert send(device, letter("lesson-read", lesson)).status_code == 404
    assert not LessonProgress.objects.exists()


def test_a_citizens_number_is_refused_and_kept_nowhere(device):
    lesson, (question,) = a_lesson("short")
    answers = {str(current(question).pk): f"Det var {CPR}"}

    answer = send(device, letter("quiz-attempt", lesson, answers=answers, language="da"))

    assert (answer.status_code, answer.json()["error"]) == (422, "cpr_like")
    assert CPR not in answer.content.decode()
    assert not Record.objects.exists()
    assert not QuizAttempt.objects.exists()


# --- What each kind does --------------------------------------------------------------------------


def test_a_quiz_of_every_kind_is_marked_by_the_server(device, learner):
    lesson, questions = a_lesson(*ALL_KINDS)
    answers = {str(current(one).pk): as_sent(one) for one in questions}
    answers[str(current(questions[5]).pk)] = "48"
    key = uuid.uuid4()

    answer = send(device, letter("quiz-attempt", lesson, answers=answers, language="da"), key)

    assert answer.json()["outcome"] == {"score": 7, "total": 8, "passed": True}
    attempt = QuizAttempt.objects.get(pk=key)
    assert (attempt.person, attempt.score, attempt.law_as_of) == (learner, 7, None)


def test_an_unanswered_question_is_refused_and_nothing_kept(device):
    lesson, questions = a_lesson("single", "short")
    answers = {str(current(questions[0]).pk): as_sent(questions[0])}

    answer = send(device, letter("quiz-attempt", lesson, answers=answers, language="da"))

    assert (answer.status_code, answer.json()["error"]) == (422, "unanswered")
    assert not QuizAttempt.objects.exists()


@pytest.mark.parametrize("given", [7, None, [1], {"a": 1}, ["x"], {"a": "b"}, "x"])
def test_an_answer_that_was_not_offered_is_refused(device, given):
    lesson, (question,) = a_lesson("single")
    answers = {str(current(question).pk): given}

    answer = send(device, letter("quiz-attempt", lesson, answers=answers, language="da"))

    assert answer.status_code in {400, 422}
    assert not QuizAttempt.objects.exists()


def test_a_case_is_kept_with_its_ending_by_the_version_that_was_played(device, learner):
    case = make_case()
    version = case.versions.get()
    path = [["opkald", "spoerg"], ["notat", "beslut"]]
    key = uuid.uuid4()
    left = timezone.now() - timedelta(days=2)
    body = letter("case-play", case, version=str(version.pk), path=path, as_of=left.isoformat())

    answers = [send(device, body, key), send(device, body, key)]

    assert [one.json()["outcome"] for one in answers] == [{"ending": "good"}] * 2
    play = CasePlay.objects.get()
    assert (play.pk, play.person, play.path, play.is_ended) == (key, learner, path, True)
    assert play.law_as_of == left


@pytest.mark.parametrize(
    "path", [[], [["opkald", "spoerg"]], [["opkald", "findes-ikke"]], [["notat", "beslut"]]]
)
def test_a_way_that_does_not_end_is_refused(device, path):
    case = make_case()
    body = letter("case-play", case, version=str(case.versions.get().pk), path=path)

    answer = send(device, body)

    assert (answer.status_code, answer.json()["error"]) == (422, "unknown")
    assert not CasePlay.objects.exists()


def test_a_rating_said_before_another_one_stays_among_the_earlier(device, learner):
    one, other = make_competence(), make_competence()
    now = timezone.now()
    Rating.objects.create(person=learner, competence=one, level="alone", rated_at=now)
    levels = {str(one.pk): "with_help", str(other.pk): "with_help"}
    body = letter("own-rating", None, levels=levels)
    body["made_at"] = (now - timedelta(days=2)).isoformat()

    assert send(device, body).json()["outcome"] == {"new": 2}

    current_now = Rating.objects.current().filter(person=learner)
    assert dict(current_now.values_list("competence", "level")) == {
        one.pk: "alone",
        other.pk: "with_help",
    }
    assert Rating.objects.filter(competence=one).count() == 2


def test_two_devices_join_without_loss(learner):
    lessons = [a_lesson()[0] for _ in range(4)]
    sent = [(device, lesson) for device in range(2) for lesson in lessons[device : device + 3]]
    random.Random(4).shuffle(sent)
    clients = [signed_in(learner), signed_in(learner)]

    for device, lesson in sent:
        assert send(clients[device], letter("lesson-read", lesson)).status_code == 201

    assert LessonProgress.objects.filter(person=learner, read_at__isnull=False).count() == 4


def test_the_law_as_it_stood_is_kept_beside(device, learner):
    lesson, (question,) = a_lesson("single")
    left = timezone.now() - timedelta(days=20)
    answers = {str(current(question).pk): as_sent(question)}

    send(device, letter("lesson-read", lesson, as_of=left.isoformat()))
    send(
        device,
        letter("quiz-attempt", lesson, answers=answers, language="kl", as_of=left.isoformat()),
    )

    progress = LessonProgress.objects.get()
    assert (progress.law_as_of, QuizAttempt.objects.get().law_as_of) == (left, left)
    assert progress.read_at > left


def test_a_clock_that_runs_ahead_learns_no_law_of_tomorrow(device):
    lesson, _ = a_lesson()
    ahead = timezone.now() + timedelta(days=3)

    send(device, letter("lesson-read", lesson, as_of=ahead.isoformat()))

    assert LessonProgress.objects.get().law_as_of < ahead


# --- At once, and described -----------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_the_same_many_times_at_once_is_one_record_and_one_receipt(learner):
    lesson, questions = a_lesson("single", "multiple", "short")
    case = make_case()
    answers = {str(current(one).pk): as_sent(one) for one in questions}
    path = [["opkald", "spoerg"], ["notat", "gaa-hjem"]]
    competence = make_competence()
    bodies = [
        letter("lesson-read", lesson),
        letter("quiz-attempt", lesson, answers=answers, language="da"),
        letter("case-play", case, version=str(case.versions.get().pk), path=path),
        letter("own-rating", None, levels={str(competence.pk): "alone"}),
    ]
    clients = threading.local()

    def client() -> Client:
        if not hasattr(clients, "own"):
            clients.own = signed_in(learner)
        return clients.own

    for times in (1, 2, 5, 20):
        for body in bodies:
            key = uuid.uuid4()
            found = at_once(times, lambda _n, body=body, key=key: send(client(), body, key))
            assert sorted(one.status_code for one in found) == [200] * (times - 1) + [201]
            assert len({one.content for one in found}) == 1
            assert Record.objects.filter(pk=key).count() == 1

    assert QuizAttempt.objects.count() == 4
    assert CasePlay.objects.count() == 4
    assert Rating.objects.count() == 1
    assert LessonProgress.objects.count() == 1


def test_every_kind_is_described(client):
    answer = client.get(reverse("records:schema"))

    assert answer.status_code == 200
    assert answer.json() == json.loads(json.dumps(document()))
    shapes = answer.json()["components"]["schemas"].values()
    described = [one["properties"] for one in shapes]
    named = {one["kind"]["const"] for one in described if "kind" in one}
    assert named == {kind.name for kind in kinds()}
    assert named == {
        *("lesson-read", "quiz-attempt", "case-play", "own-rating"),
        *("confirm", "reflection", "follow-up", "agreement", "goal-answer"),
    }
