"""Courses to take along: every piece named by its content, the difference and nothing else."""

import gzip
import hashlib
import json
import uuid
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.cache import cache
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Collection, PageViewRestriction

from core import database_identity
from courses.models import Case, Course, Lesson, PackedPiece, Packing, Piece
from files.models import Image, Rendition
from files.pictures import make_sizes
from notices.due import _jobs
from pages.actions import begin_packing
from pages.models import LessonPage
from pages.travelling.packing import KEPT_UNUSED, pack_all
from pages.travelling.pieces import lesson_pieces
from tests.factories.admin import admin_browser
from tests.factories.cases import make_case_page
from tests.factories.courses import current, make_path, make_question, make_rule, right_answer
from tests.factories.files import close, drawn, make_image, make_media
from tests.factories.law import decide_on
from tests.factories.pages import (
    block,
    edit,
    in_kalaallisut,
    make_course_page,
    make_lesson_page,
    make_module_page,
    text,
)


def quiz(*questions: Any) -> dict[str, Any]:
    return block("quiz", {"questions": [str(one.pk) for one in questions], "pass_percent": 80})


def a_picture() -> dict[str, Any]:
    cache.clear()  # it remembers the pictures of other tests
    picture = make_image()
    make_sizes(picture)
    shown = {"image": picture.pk, "alt_text": "To kolleger", "decorative": False}
    return block("image", {"image": shown, "caption": ""})


@pytest.fixture
def module():
    return make_module_page(make_course_page(title="Underretninger"), title="Modul et")


@pytest.fixture
def lesson(module) -> LessonPage:
    return make_lesson_page(module, title="De første 24 timer")


def course_of(page: Any) -> Course:
    return Course.objects.get(pk=page.get_parent().get_parent().translation_key)


def contents(client: Client, page: Any, language: str = "da") -> dict[str, Any]:
    address = reverse("course_contents", args=[course_of(page).pk])
    answer = client.get(address.replace("/da/", f"/{language}/"))
    assert answer.status_code == 200
    told: dict[str, Any] = answer.json()
    return told


def pieces(told: dict[str, Any]) -> dict[str, tuple[str, int]]:
    return {
        sha: (kind, size)
        for module in told["modules"]
        for one in [*module["lessons"], *module["cases"]]
        for sha, kind, size in one["pieces"]
    }


def fetch(client: Client, sha256: str, **headers: str) -> Any:
    return client.get(reverse("piece", args=[sha256]), headers=headers)


def read(client: Client, told: dict[str, Any], kind: str) -> dict[str, Any]:
    """The first piece of that kind."""
    sha256 = next(sha for sha, (found, _size) in pieces(told).items() if found == kind)
    said: dict[str, Any] = json.loads(gzip.decompress(fetch(client, sha256).content))
    return said


# --- What there is to fetch -----------------------------------------------------------------------


def test_a_course_is_told_with_everything_that_can_be_fetched(as_learner: Client, lesson):
    question = make_question()
    edit(lesson, body=[text("<p>Først.</p>"), quiz(question), text("<p>Sidst.</p>")])
    make_case_page(lesson.get_parent())

    told = contents(as_learner, lesson)

    assert (told["id"], told["title"]) == (
        f"course:{course_of(lesson).pk}",
        ["Underretninger", "da"],
    )
    (module,) = told["modules"]
    assert [one["title"] for one in module["lessons"]] == [["De første 24 timer", "da"]]
    assert [one["title"] for one in module["cases"]] == [["Fredag kl. 15.40", "da"]]
    assert sorted(kind for kind, _size in pieces(told).values()) == ["case", "lesson", "quiz"]
    body = read(as_learner, told, "lesson")
    assert ("Først." in body["before"], "Sidst." in body["after"]) == (True, True)
    asked = read(as_learner, told, "quiz")
    assert [one["version"] for one in asked["questions"]] == [str(current(question).pk)]
    assert f'name="answer-{current(question).pk}"' in asked["form"]
    case = read(as_learner, told, "case")
    assert case["content"]["steps"][0]["text"]["da"] == "<p>Det sker i opkald.</p>"
    assert len(case["rules"]) == 1


def test_every_piece_is_what_its_name_says_and_weighs_what_was_announced(as_learner, lesson):
    picture = make_image()
    make_sizes(picture)
    value = {
        "image": {"image": picture.pk, "alt_text": "To kolleger", "decorative": False},
        "caption": "",
    }
    edit(lesson, body=[text("<p>Tekst.</p>"), block("image", value)])

    told = contents(as_learner, lesson)

    found = pieces(told)
    assert sorted(kind for kind, _size in found.values()) == ["lesson", "picture"]
    for sha256, (kind, size) in found.items():
        answer = fetch(as_learner, sha256)
        plain = answer.content if kind == "picture" else gzip.decompress(answer.content)
        assert hashlib.sha256(plain).hexdigest() == sha256
        assert len(answer.content) == size
        assert answer["Content-Encoding"] == "identity"
        assert "immutable" in answer["Cache-Control"]
    sha256 = next(sha for sha, (kind, _size) in found.items() if kind == "picture")
    body = read(as_learner, told, "lesson")
    assert f'<img data-piece="{sha256}" alt="To kolleger"' in body["before"]
    assert "/media/" not in body["before"]


def test_a_part_of_a_piece_goes_on_where_the_link_was_cut(as_learner, lesson):
    sha256 = next(iter(pieces(contents(as_learner, lesson))))
    whole = fetch(as_learner, sha256).content

    rest = fetch(as_learner, sha256, range="bytes=10-")

    assert (rest.status_code, rest.content) == (206, whole[10:])
    assert rest["Content-Range"] == f"bytes 10-{len(whole) - 1}/{len(whole)}"
    assert fetch(as_learner, sha256, range=f"bytes={len(whole)}-").status_code == 416


def test_the_same_list_is_not_sent_twice(as_learner, lesson):
    address = reverse("course_contents", args=[course_of(lesson).pk])
    etag = as_learner.get(address)["ETag"]

    again = as_learner.get(address, headers={"if-none-match": etag})

    assert (again.status_code, again.content) == (304, b"")


def test_a_change_brings_one_new_piece_and_leaves_the_others(as_learner, module):
    lessons = [make_lesson_page(module, body=[text(f"<p>Nummer {n}.</p>")]) for n in range(4)]
    before = pieces(contents(as_learner, lessons[0]))

    edit(lessons[2], body=[text("<p>Noget nyt.</p>")])

    after = pieces(contents(as_learner, lessons[0]))
    assert len(set(after) - set(before)) == len(set(before) - set(after)) == 1


def test_publishing_the_same_again_changes_no_piece(as_learner, lesson):
    before = pieces(contents(as_learner, lesson))
    edit(lesson)
    assert pieces(contents(as_learner, lesson)) == before


def test_an_untranslated_lesson_travels_in_both_languages(as_learner, lesson):
    danish, other = contents(as_learner, lesson), contents(as_learner, lesson, "kl")

    assert other["modules"][0]["lessons"][0]["path"] == in_kalaallisut(lesson).url
    assert danish["modules"][0]["lessons"][0]["id"] == other["modules"][0]["lessons"][0]["id"]
    assert 'lang="da"' in read(as_learner, other, "lesson")["before"]


def test_a_path_brings_its_modules_in_their_order(as_learner, learner):
    first, second = (make_lesson_page(title=title) for title in ("Først", "Sidst"))
    modules = [Lesson.objects.get(pk=one.translation_key).module for one in (second, first)]
    path = make_path(*modules)

    told = as_learner.get(reverse("path_contents", args=[path.key])).json()

    titles = [one["title"][0] for module in told["modules"] for one in module["lessons"]]
    assert titles == ["Sidst", "Først"]
    assert as_learner.get(reverse("take_path", args=[path.key])).status_code == 200


# --- Whose it is ----------------------------------------------------------------------------------


def test_who_has_not_signed_in_is_led_there(client: Client, as_learner: Client, lesson):
    sha256 = next(iter(pieces(contents(as_learner, lesson))))
    stranger = Client()
    for address in (
        reverse("take_course", args=[course_of(lesson).pk]),
        reverse("course_contents", args=[course_of(lesson).pk]),
        reverse("piece", args=[sha256]),
    ):
        assert stranger.get(address).status_code == 302
        assert stranger.get(address, headers={"accept": "application/json"}).status_code == 401


def test_what_an_editor_has_restricted_stays_on_the_site(as_learner, lesson):
    other = make_lesson_page(lesson.get_parent(), title="Åben")
    open_before = contents(as_learner, lesson)
    closed = open_before["modules"][0]["lessons"][0]["pieces"][0][0]

    PageViewRestriction.objects.create(page=lesson, restriction_type="login")

    told = contents(as_learner, other)
    assert [one["title"][0] for one in told["modules"][0]["lessons"]] == ["Åben"]
    assert told["left_out"] == 1
    assert fetch(as_learner, closed).status_code == 404


def test_a_course_that_is_closed_altogether_is_not_there(as_learner, lesson):
    page = lesson.get_parent().get_parent()
    PageViewRestriction.objects.create(page=page, restriction_type="login")

    for name in ("take_course", "course_contents"):
        assert as_learner.get(reverse(name, args=[course_of(lesson).pk])).status_code == 404


def test_a_withdrawn_lesson_and_an_unknown_piece_are_not_there(as_learner, lesson):
    make_lesson_page(lesson.get_parent(), title="Bliver")
    sha256 = contents(as_learner, lesson)["modules"][0]["lessons"][0]["pieces"][0][0]
    lesson.unpublish()

    assert fetch(as_learner, sha256).status_code == 404
    assert fetch(as_learner, "0" * 64).status_code == 404
    titles = [one["title"][0] for one in contents(as_learner, lesson)["modules"][0]["lessons"]]
    assert titles == ["Bliver"]


def test_the_text_of_one_language_goes_with_its_page(as_learner, lesson):
    told = contents(as_learner, lesson, "kl")
    (sha256,) = pieces(told)
    assert fetch(as_learner, sha256).status_code == 200

    in_kalaallisut(lesson).unpublish()

    assert fetch(as_learner, sha256).status_code == 404
    (danish,) = pieces(contents(as_learner, lesson))
    assert fetch(as_learner, danish).status_code == 200


def test_a_picture_of_a_closed_collection_stays_on_the_site(as_learner, lesson):
    edit(lesson, body=[text("<p>Tekst.</p>"), a_picture()])
    told = contents(as_learner, lesson)
    assert picture_in(as_learner, told).status_code == 200
    sha256 = next(sha for sha, (kind, _size) in pieces(told).items() if kind == "picture")

    close(Image.objects.get().collection)

    told = contents(as_learner, lesson)
    assert [kind for kind, _size in pieces(told).values()] == ["lesson"]
    assert told["picture_size"] == 0
    assert fetch(as_learner, sha256).status_code == 404


# --- How much it costs ----------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 12])
def test_the_list_takes_a_constant_number_of_queries(as_learner, module, count):
    for number in range(count):
        page = make_lesson_page(module, body=[text(f"<p>{number}</p>"), quiz(make_question())])
    make_case_page(module)
    contents(as_learner, page)

    with CaptureQueriesContext(connection) as queries:
        contents(as_learner, page)

    # Session, account; course, modules, lessons, cases; how they are now (4), the locales, when
    # they were packed; their pieces.
    assert len(queries) == 13


def test_a_piece_takes_four_queries(as_learner, lesson):
    sha256 = next(iter(pieces(contents(as_learner, lesson))))
    database_identity.current()  # known for half a minute

    with CaptureQueriesContext(connection) as queries:
        answer = fetch(as_learner, sha256)

    assert answer.status_code == 200
    # Session, account, may one read it, the piece.
    assert len(queries) == 4, [one["sql"] for one in queries]


def test_the_background_draws_what_has_changed_and_nothing_else(module):
    lessons = [make_lesson_page(module, body=[text(f"<p>{n}</p>")]) for n in range(3)]
    make_case_page(module)
    assert pack_all(timezone.now()) == 2 * 4
    assert pack_all(timezone.now()) == 0

    edit(lessons[0], body=[text("<p>Nyt.</p>")])

    assert pack_all(timezone.now()) == 2
    assert Packing.objects.count() == 2 * 4


def test_it_is_drawn_by_the_worker(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks
):
    begun: list[Any] = []
    monkeypatch.setattr("pages.tasks.pack_all", begun.append)

    with django_capture_on_commit_callbacks(execute=True):
        begin_packing(timezone.now())
        assert begun == []

    assert len(begun) == 1
    assert _jobs["pages.pack_courses"].work is begin_packing


def test_one_that_cannot_be_drawn_holds_up_no_other(module, as_learner, monkeypatch, caplog):
    good, bad = (make_lesson_page(module, title=title) for title in ("God", "Dårlig"))
    make_case_page(module)

    def fail(*_given: Any) -> None:
        raise OSError

    def drawn(page: LessonPage, *others: Any) -> Any:
        if page.pk == bad.pk:
            raise OSError
        return lesson_pieces(page, *others)

    monkeypatch.setattr("pages.travelling.packing.lesson_pieces", drawn)
    monkeypatch.setattr("pages.travelling.packing.case_piece", fail)

    (told,) = contents(as_learner, good)["modules"]
    assert ([one["title"][0] for one in told["lessons"]], told["cases"]) == (["God"], [])
    assert caplog.text.count("cannot be taken along") == 2


def test_what_is_offered_no_more_is_kept_no_longer(as_learner, lesson):
    contents(as_learner, lesson)
    contents(as_learner, lesson, "kl")
    lesson.delete()

    pack_all(timezone.now() + 2 * KEPT_UNUSED)

    assert not Packing.objects.exists()
    assert not Piece.objects.exists()


def test_a_rule_that_only_a_question_cites_travels_as_it_is_now(as_learner, lesson):
    rule = make_rule()
    edit(lesson, body=[quiz(make_question(rule=rule))])
    assert "24 timer" in str(read(as_learner, contents(as_learner, lesson), "quiz"))

    decide_on(rule, "changed", deadline_da="48 timer")

    asked = str(read(as_learner, contents(as_learner, lesson), "quiz"))
    assert ("48 timer" in asked, "24 timer" in asked) == (True, False)


def test_pieces_that_nothing_needs_go_after_a_while_but_no_quiz(as_learner, lesson):
    question = make_question()
    edit(lesson, body=[text("<p>Først.</p>"), quiz(question)])
    told = contents(as_learner, lesson)
    edit(lesson, body=[text("<p>Andet.</p>")])
    pack_all(timezone.now())
    old = set(pieces(told))
    assert old <= set(Piece.objects.values_list("pk", flat=True))

    Piece.objects.update(made_at=timezone.now() - KEPT_UNUSED)
    pack_all(timezone.now() + KEPT_UNUSED / 2)

    left = Piece.objects.filter(pk__in=old)
    assert {piece.kind for piece in left} == {"quiz"}
    assert PackedPiece.objects.exists()


# --- What was answered away from the net ----------------------------------------------------------


def test_a_quiz_is_judged_by_the_questions_that_the_copy_asked(as_learner, learner, lesson):
    first, added = make_question(), make_question()
    edit(lesson, body=[text("<p>Først.</p>"), quiz(first)])
    told = contents(as_learner, lesson)
    sha256 = next(sha for sha, (kind, _size) in pieces(told).items() if kind == "quiz")
    edit(lesson, body=[text("<p>Først.</p>"), quiz(first, added)])
    answers = {str(current(first).pk): [str(one) for one in right_answer(first)]}
    body = {
        "kind": "quiz-attempt",
        "subject": str(lesson.translation_key),
        "content": {"answers": answers, "language": "da", "piece": sha256},
        "made_at": "2027-06-15T12:00:00-02:00",
    }

    def send(piece: str) -> Any:

        sent = body | {"content": body["content"] | {"piece": piece}}
        address = reverse("records:record", args=[uuid.uuid4()])
        return as_learner.put(address, json.dumps(sent), content_type="application/json")

    assert send(sha256).json()["outcome"] == {"score": 1, "total": 1, "passed": True}
    assert send("0" * 64).json()["error"] == "unanswered"
    other = make_lesson_page(lesson.get_parent(), body=[quiz(make_question())])
    theirs = next(
        one["pieces"][1][0]
        for one in contents(as_learner, other)["modules"][0]["lessons"]
        if one["id"] == str(other.translation_key)
    )
    assert send(theirs).json()["error"] == "unanswered"


def test_the_page_says_what_it_weighs(as_learner, lesson):
    page = as_learner.get(reverse("take_course", args=[course_of(lesson).pk]))

    assert page.status_code == 200
    assert "1 lektion" in page.content.decode()
    assert reverse("course_contents", args=[course_of(lesson).pk]) in page.content.decode()


def test_a_picture_whose_file_is_lost_is_drawn_anew(as_learner, lesson):
    edit(lesson, body=[a_picture()])
    told = contents(as_learner, lesson)
    sha256 = next(sha for sha, (kind, _size) in pieces(told).items() if kind == "picture")
    lost = Piece.objects.get(pk=sha256).file
    default_storage.delete(lost)
    Rendition.objects.filter(file=lost).delete()

    assert fetch(as_learner, sha256).status_code == 404

    assert picture_in(as_learner, contents(as_learner, lesson)).status_code == 200


def test_a_film_whose_file_is_lost_leaves_its_lesson_to_read(as_learner, lesson):
    film = make_media()
    value = {"video": film.pk, "text_version": "<p>Hvad filmen siger.</p>"}
    edit(lesson, body=[text("<p>Tekst.</p>"), block("video", value)])
    default_storage.delete(film.file.name)

    assert as_learner.get(lesson.url).status_code == 200
    assert (
        "Hvad filmen siger." in read(as_learner, contents(as_learner, lesson), "lesson")["before"]
    )


def test_a_picture_that_is_gone_is_not_there_and_its_lesson_is(as_learner, lesson):
    edit(lesson, body=[a_picture()])
    told = contents(as_learner, lesson)
    sha256 = next(sha for sha, (kind, _size) in pieces(told).items() if kind == "picture")
    default_storage.delete(Piece.objects.get(pk=sha256).file)

    assert fetch(as_learner, sha256).status_code == 404
    edit(lesson, title="Nu uden billede")
    assert [kind for kind, _size in pieces(contents(as_learner, lesson)).values()] == ["lesson"]


def replace(picture: Image, content: bytes) -> None:
    """Put another file behind it, as an editor does."""
    form = {"title": picture.title, "description": "Et bord", "tags": ""}
    file = SimpleUploadedFile("bord.png", content, "image/png")
    answer = admin_browser("editor").post(
        reverse("wagtailimages:edit", args=[picture.pk]),
        {**form, "collection": Collection.get_first_root_node().pk, "file": file},
    )
    assert answer.status_code == 302


def picture_in(client: Client, told: dict[str, Any]) -> Any:
    """The only picture of the course, as it is fetched."""
    (sha256,) = (sha for sha, (kind, _size) in pieces(told).items() if kind == "picture")
    return fetch(client, sha256)


def test_a_picture_that_was_replaced_travels_as_the_new_one(as_learner, lesson):
    edit(lesson, body=[a_picture()])
    before = picture_in(as_learner, contents(as_learner, lesson))

    replace(Image.objects.get(), drawn(size=(640, 320)))

    after = picture_in(as_learner, contents(as_learner, lesson))
    assert (before.status_code, after.status_code) == (200, 200)
    assert after.content != before.content
    (source, *_others) = BeautifulSoup(as_learner.get(lesson.url).content, "html.parser").select(
        "main picture source"
    )
    assert default_storage.exists(source["srcset"].split()[0].removeprefix("/media/"))


def test_a_picture_that_is_put_there_again_is_fetched_from_where_it_lies_now(
    as_learner, lesson, django_capture_on_commit_callbacks
):
    edit(lesson, body=[a_picture()])
    before = picture_in(as_learner, contents(as_learner, lesson))
    picture = Image.objects.get()
    with picture.file.open("rb") as file:
        same = file.read()

    with django_capture_on_commit_callbacks(execute=True):  # the old sizes leave the storage then
        replace(picture, same)

    after = picture_in(as_learner, contents(as_learner, lesson))
    assert (after.status_code, after.content) == (200, before.content)


def test_a_picture_that_was_deleted_is_missed_by_nobody(as_learner, lesson):
    edit(lesson, body=[text("<p>Tekst.</p>"), a_picture()])
    contents(as_learner, lesson)

    admin_browser("editor").post(reverse("wagtailimages:delete", args=[Image.objects.get().pk]))

    told = contents(as_learner, lesson)
    assert [kind for kind, _size in pieces(told).values()] == ["lesson"]
    assert "data-piece" not in read(as_learner, told, "lesson")["before"]


def test_a_case_counts_in_both_languages(as_learner, lesson):
    make_case_page(lesson.get_parent())

    danish, other = contents(as_learner, lesson), contents(as_learner, lesson, "kl")

    assert Case.objects.count() == 1
    assert len(danish["modules"][0]["cases"]) == len(other["modules"][0]["cases"]) == 1
