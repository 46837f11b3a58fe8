"""One's own notes: read by nobody else, and never lost, whatever two tabs do."""

import uuid
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import reverse

from courses import access
from courses.actions import LearningRefused
from courses.actions.own import (
    IN_BIN,
    delete_note,
    empty_bin,
    restore_note,
    settle_note,
    write_note,
)
from courses.learning.overview import lesson_state
from courses.models import Bookmark, Note
from people.models import Person, User
from tests.factories.cases import make_case
from tests.factories.courses import (
    AT,
    LATER,
    make_course,
    make_learner,
    make_lesson,
    make_module,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("base")]

CPR = "010203-1234"


@pytest.fixture
def lesson():
    return make_lesson(make_module(make_course()), title="De første 24 timer")


def write(subject, person, text, version=0, at=AT):
    return write_note(subject, person, text, version=version, at=at)


def address(lesson, kind="lektion"):
    return reverse("courses:note", args=[kind, lesson.pk])


def fields_of(client, lesson):
    """What the form of the page holds now."""
    form = client.get(address(lesson)).context["form"]
    return {name: form[name].value() for name in form.fields}


# --- Writing --------------------------------------------------------------------------------------


def test_a_note_is_kept_and_changed(learner, lesson):
    write(lesson, learner, "Ring til skolen først.\r\n\r\nSkriv klokkeslæt. ")
    changed = write(lesson, learner, "Skriv klokkeslæt.", 1, at=LATER)

    note = Note.objects.get()
    assert (note.text, note.version, note.written_at) == ("Skriv klokkeslæt.", 2, LATER)
    assert changed.is_beside is False


def test_lines_and_letters_are_kept_in_one_form(learner, lesson):
    write(lesson, learner, "e\u0301n\r\nto  \rtre\n")

    assert Note.objects.get().text == "\u00e9n\nto\ntre"


def test_the_same_text_sent_twice_is_kept_once(learner, lesson):
    write(lesson, learner, "Min note")
    again = write(lesson, learner, "Min note")

    note = Note.objects.get()
    assert (note.version, note.beside, again.is_beside) == (1, [], False)


def test_two_tabs_lose_neither_text(learner, lesson):
    write(lesson, learner, "Fra først", 0)
    write(lesson, learner, "Fra den ene fane", 1)

    late = write(lesson, learner, "Fra den anden fane", 1)

    note = Note.objects.get()
    assert late.is_beside
    assert (note.text, note.beside) == ("Fra den ene fane", ["Fra den anden fane"])


def test_two_tabs_that_both_begin_a_note_lose_neither_text(learner, lesson):
    write(lesson, learner, "Den ene", 0)
    write(lesson, learner, "Den anden", 0)
    write(lesson, learner, "Den anden", 0)

    note = Note.objects.get()
    assert (note.text, note.beside) == ("Den ene", ["Den anden"])


def test_a_tab_that_empties_an_older_version_deletes_nothing(learner, lesson):
    write(lesson, learner, "Først", 0)
    write(lesson, learner, "Nyere", 1)

    late = write(lesson, learner, "", 1)

    assert late.is_beside
    assert Note.objects.of(learner).get().text == "Nyere"


def test_an_empty_text_puts_the_note_in_the_bin(learner, lesson):
    write(lesson, learner, "Min note")

    assert write(lesson, learner, "  \n", 1, at=LATER).note is None

    note = Note.objects.get()
    assert (note.text, note.deleted_at) == ("Min note", LATER)


def test_an_empty_first_note_is_none(learner, lesson):
    assert write(lesson, learner, "\n").note is None
    assert not Note.objects.exists()


@pytest.mark.parametrize(("length", "kept"), [(10_000, True), (10_001, False)])
def test_a_note_has_a_longest_length(learner, lesson, length, kept):
    if kept:
        write(lesson, learner, "a" * length)
    else:
        with pytest.raises(LearningRefused) as refusal:
            write(lesson, learner, "a" * length)
        assert refusal.value.code == "too_long"
    assert Note.objects.exists() is kept


@pytest.mark.parametrize("do", [write, lambda *a: settle_note(*a, version=1, seen=1, at=AT)])
def test_a_number_like_a_citizens_is_refused_and_kept_nowhere(learner, lesson, do):
    with pytest.raises(ValidationError) as refusal:
        do(lesson, learner, f"Ring {CPR}")

    assert refusal.value.code == "cpr_like"
    assert not Note.objects.exists()


# --- Choosing and joining -------------------------------------------------------------------------


@pytest.fixture
def two_texts(learner, lesson):
    write(lesson, learner, "Den ene", 0)
    write(lesson, learner, "Den anden", 0)
    return lesson


def test_both_texts_are_shown_and_the_form_holds_them_joined(client, learner, two_texts):
    response = client.get(address(two_texts))

    assert response.context["texts"] == [(0, "Den ene"), (1, "Den anden")]
    assert response.context["form"]["text"].value() == "Den ene\n\nDen anden"


@pytest.mark.parametrize(("keep", "text"), [("0", "Den ene"), ("1", "Den anden")])
def test_one_text_is_chosen_with_a_press(client, learner, two_texts, keep, text):
    sent = fields_of(client, two_texts) | {"keep": keep, "text": ""}

    client.post(address(two_texts), sent)

    note = Note.objects.get()
    assert (note.text, note.beside, note.version) == (text, [], 2)


def test_the_joined_text_takes_the_place_of_both(client, learner, two_texts):
    client.post(address(two_texts), fields_of(client, two_texts) | {"text": "Begge dele"})

    note = Note.objects.get()
    assert (note.text, note.beside) == ("Begge dele", [])


def test_a_third_text_that_came_meanwhile_stays_beside(client, learner, two_texts):
    sent = fields_of(client, two_texts) | {"text": "Begge dele"}
    write(two_texts, learner, "En tredje", 0)

    client.post(address(two_texts), sent)

    note = Note.objects.get()
    assert (note.text, note.beside) == ("Begge dele", ["En tredje"])


def test_choosing_in_two_tabs_loses_neither_choice(client, learner, two_texts):
    sent = fields_of(client, two_texts)
    client.post(address(two_texts), sent | {"text": "Samlet i den ene fane"})
    client.post(address(two_texts), sent | {"text": "Samlet i den anden fane"})

    note = Note.objects.get()
    assert note.text == "Samlet i den ene fane"
    assert note.beside == ["Samlet i den anden fane"]


def test_choosing_nothing_is_refused(client, learner, two_texts):
    response = client.post(address(two_texts), fields_of(client, two_texts) | {"text": ""})

    assert response.status_code == 422
    assert Note.objects.get().beside == ["Den anden"]


# --- The bin --------------------------------------------------------------------------------------


def test_a_deleted_note_comes_back_with_one_press(client, learner, lesson):
    note = write(lesson, learner, "Min note").note

    gone = client.post(reverse("courses:delete-note", args=[note.pk]))
    page = client.get(gone["Location"])
    back = client.post(reverse("courses:restore-note", args=[note.pk]))

    assert page.context["deleted"] == note
    assert back["Location"] == address(lesson)
    assert Note.objects.of(learner).get().text == "Min note"


def test_a_note_that_was_emptied_can_be_undone(client, learner, lesson):
    note = write(lesson, learner, "Min note").note

    gone = client.post(address(lesson), fields_of(client, lesson) | {"text": ""})

    assert gone["Location"] == f"{reverse('courses:notes')}?slettet={note.pk}"
    assert client.get(gone["Location"]).context["deleted"] == note


def test_a_note_that_comes_back_beside_a_newer_one_waits_there(learner, lesson):
    old = write(lesson, learner, "Den gamle").note
    delete_note(old.pk, learner, at=AT)
    write(lesson, learner, "Den nye")

    found = restore_note(old.pk, learner, at=LATER)

    assert (found.text, found.beside) == ("Den nye", ["Den gamle"])
    assert Note.objects.count() == 1


@pytest.mark.parametrize(("wait", "left"), [(IN_BIN - timedelta(seconds=1), 1), (IN_BIN, 0)])
def test_the_bin_is_emptied_after_thirty_days(learner, lesson, wait, left):
    note = write(lesson, learner, "Min note").note
    delete_note(note.pk, learner, at=AT)

    empty_bin(AT + wait)

    assert Note.objects.count() == left


def test_notes_go_with_the_account_and_not_with_a_closed_one(learner, lesson):
    closed = make_learner()
    User.objects.filter(pk=closed.user_id).update(is_active=False)
    for person in (learner, closed):
        write(lesson, person, "Min note")
    Person.objects.filter(pk=learner.pk).update(user=None)

    assert empty_bin(AT) == 1

    assert [note.person for note in Note.objects.all()] == [closed]


# --- Whose they are -------------------------------------------------------------------------------


def test_nobody_else_reads_or_changes_a_note_not_even_a_superuser(client, learner, lesson):
    note = write(lesson, learner, "Hemmelig note").note
    stranger = make_learner()
    User.objects.filter(pk=stranger.user_id).update(is_superuser=True)
    client.force_login(User.objects.get(pk=stranger.user_id))

    pages = [address(lesson), reverse("courses:notes"), reverse("courses:notes-file")]
    for page in pages:
        assert "Hemmelig" not in client.get(page).content.decode()
    for name in ("delete-note", "restore-note"):
        assert client.post(reverse(f"courses:{name}", args=[note.pk])).status_code == 404
    assert client.get(f"{reverse('courses:notes')}?slettet={note.pk}").context["deleted"] is None
    client.post(address(lesson), {"text": "Min egen", "version": "1"})
    assert Note.objects.of(learner).get().text == "Hemmelig note"


def test_no_page_of_the_admin_knows_of_notes():
    from wagtail.snippets.models import get_snippet_models

    assert not {Bookmark, Note} & set(get_snippet_models())
    assert "django.contrib.admin" not in settings.INSTALLED_APPS


def test_where_one_may_not_read_one_writes_nothing(client, learner, lesson, monkeypatch):
    monkeypatch.setattr(access, "_gates", [lambda request, found: False])

    assert client.get(address(lesson)).status_code == 404
    assert client.post(address(lesson), {"text": "Noget", "version": "0"}).status_code == 404
    assert not Note.objects.exists()


def test_ones_own_note_is_read_also_where_the_page_has_been_closed(
    client, learner, lesson, monkeypatch
):
    write(lesson, learner, "Skrevet, mens siden var åben")
    monkeypatch.setattr(access, "_gates", [lambda request, found: False])

    assert "Skrevet, mens siden var åben" in client.get(address(lesson)).content.decode()


@pytest.mark.parametrize("kind", ["regel", "kursus"])
def test_a_note_is_about_a_lesson_or_a_case(client, learner, lesson, kind):
    assert client.get(address(lesson, kind)).status_code == 404
    assert client.get(reverse("courses:note", args=["lektion", uuid.uuid4()])).status_code == 404


def test_a_case_has_notes_too(client, learner, lesson):
    case = make_case(lesson.module)

    client.post(address(case, "sag"), {"text": "Ring først", "version": "0"})

    assert Note.objects.get().case == case
    assert "Ring først" in client.get(address(case, "sag")).content.decode()


# --- The pages ------------------------------------------------------------------------------------


def test_a_refused_text_stays_in_the_form(client, learner, lesson):
    response = client.post(address(lesson), {"text": f"Ring {CPR} i morgen", "version": "0"})

    assert response.status_code == 422
    assert response.context["form"]["text"].value() == f"Ring {CPR} i morgen"
    assert response.context["form"].has_error("text", "cpr_like")
    assert not Note.objects.exists()


@pytest.mark.parametrize("version", ["", "abc", "-1", "9" * 30])
def test_a_form_with_a_strange_version_loses_no_text(client, learner, lesson, version):
    write(lesson, learner, "Det første")

    response = client.post(address(lesson), {"text": "Det andet", "version": version})

    kept = [Note.objects.get().text, *Note.objects.get().beside]
    shown = response.context["form"]["text"].value() if response.context else ""
    assert "Det andet" in [*kept, shown]
    assert "Det første" in kept


def test_the_list_finds_part_of_a_word_in_text_and_title(client, learner, lesson):
    other = make_lesson(lesson.module, 2, title="Kvitteringen")
    write(lesson, learner, "Indledning.\nUnderretningspligten gælder alle.")
    write(other, learner, "Noget helt andet")

    def found(query):
        rows = client.post(reverse("courses:notes"), {"q": query}).context["rows"]
        return [(row.note.subject.title, row.excerpt) for row in rows]

    assert found("PLIGT") == [("De første 24 timer", "Underretningspligten gælder alle.")]
    assert [title for title, _text in found("kvitt")] == ["Kvitteringen"]
    assert found("findesikke") == []


def test_what_is_looked_for_may_be_no_number_of_a_citizen(client, learner, lesson):
    response = client.post(reverse("courses:notes"), {"q": CPR})

    assert response.status_code == 422
    assert response.context["form"].has_error("q", "cpr_like")


def test_all_notes_can_be_taken_along_as_a_text_file(client, learner, lesson):
    write(lesson, learner, "Første linje\nAnden linje")
    write(lesson, learner, "Skrevet ved siden af", 0)

    response = client.get(reverse("courses:notes-file"))

    text = response.content.decode("utf-8-sig")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response["Content-Disposition"].startswith('attachment; filename="noter-')
    assert "De første 24 timer\r\n" in text
    assert "Første linje\r\nAnden linje" in text
    assert "Skrevet ved siden af" in text
    assert "\r\r" not in text


@pytest.mark.parametrize("count", [1, 20])
def test_list_search_and_file_take_the_same_queries_for_one_and_for_many(
    client, learner, lesson, django_assert_num_queries, count
):
    for number in range(count):
        write(make_lesson(lesson.module, number + 2), learner, f"Note nummer {number}")
    client.get(reverse("courses:notes"))

    with django_assert_num_queries(4):  # session, account, how many, one page of them
        client.get(reverse("courses:notes"))
    with django_assert_num_queries(3):  # session, account, the notes
        client.post(reverse("courses:notes"), {"q": "note"})
    with django_assert_num_queries(3):  # session, account, the notes
        client.get(reverse("courses:notes-file"))


def test_a_lesson_knows_in_its_one_query_whether_there_is_a_note(
    learner, lesson, django_assert_num_queries
):
    note = write(lesson, learner, "Min note").note

    with django_assert_num_queries(1):
        state = lesson_state(lesson.pk, learner)
    delete_note(note.pk, learner, at=AT)

    assert state.has_note
    assert not lesson_state(lesson.pk, learner).has_note
    assert not lesson_state(lesson.pk, make_learner()).has_note
