"""A course as a PO file and back: what is taken and refused, with line and reason."""

from typing import Any

import polib
import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail_localize.models import StringTranslation

from pages.models import CoursePage, LessonPage, TranslationOrder
from pages.translating import po
from people.models import Person
from tests.factories.pages import (
    block,
    edit,
    in_kalaallisut,
    make_course_page,
    make_lesson_page,
    make_module_page,
    text,
    translate,
)
from tests.factories.translating import make_staff, publish, write

CPR = "010203-1234"


@pytest.fixture
def course() -> CoursePage:
    return make_course_page(title="Kursus", introduction="Kort.")


@pytest.fixture
def lesson(course: CoursePage) -> LessonPage:
    body = [
        text('<p>Læs <b>hele</b> <a href="https://nalunaarutit.gl/">loven</a>.</p><p>Skriv.</p>'),
        block("fact_box", {"title": "Akut & nu", "text": "<p>Ring.</p>"}),
    ]
    return make_lesson_page(make_module_page(course, title="Modul"), title="Lektion", body=body)


def exported(course: CoursePage) -> polib.POFile:
    return polib.pofile("\n" + po.export(course, "kl", at=timezone.now()))


def filled(course: CoursePage, texts: dict[str, str]) -> str:
    """The file with these translations."""
    file = exported(course)
    for entry in file:
        entry.msgstr = texts.get(entry.msgid, entry.msgstr)
    return f"{file}\n"


def everything(course: CoursePage) -> str:
    """The file with each text "translated"; markup stays."""
    file = exported(course)
    for entry in file:
        entry.msgstr = f"[kl] {entry.msgid}"
    return f"{file}\n"


def state() -> Any:
    """What an import may change."""
    return (
        list(StringTranslation.objects.values_list("data", flat=True)),
        list(TranslationOrder.objects.values()),
    )


def take(file: str, course: CoursePage, by: Person, **how: Any) -> po.Report:
    return po.take(file, course, "kl", by=by, at=timezone.now(), **how)


def test_the_file_holds_every_text_of_the_course_with_its_place(course, lesson):
    make_lesson_page(title="Et andet kursus")

    file = exported(course)

    assert [entry.msgid for entry in file] == [
        "Kursus",
        "Kort.",
        "Modul",
        "Lektion",
        'Læs <b>hele</b> <a id="a1">loven</a>.',
        "Skriv.",
        "Akut &amp; nu",
        "Ring.",
    ]
    assert file[6].comment.splitlines()[0] == "lektion: Lektion · Faktaboks: Overskrift"
    assert file.metadata["X-Sidemand-Course"] == str(course.translation_key)


def test_what_went_out_comes_back_as_drafts_for_other_eyes(course, lesson, one, two):
    file = everything(course)

    report = take(file, course, one)

    assert (len(report.new), report.refused) == (8, [])
    assert in_kalaallisut(lesson).title == "Lektion"
    assert {order.state for order in TranslationOrder.objects.all()} == {"review"}
    publish(lesson, two)
    page = in_kalaallisut(lesson)
    assert page.title == "[kl] Lektion"
    assert page.body[0].value.source.startswith("<p")
    assert "[kl] Læs <b>hele</b> <a href=" in page.body[0].value.source
    assert page.body[1].value["title"] == "[kl] Akut & nu"


def test_the_round_trip_is_equal(course, lesson, one):
    file = everything(course)
    take(file, course, one)

    again = po.examine(po.export(course, "kl", at=timezone.now()), course, "kl")

    assert (len(again.same), again.new, again.refused) == (8, [], [])


def test_a_file_in_part_stays_with_who_brought_it(course, lesson, one):
    report = take(filled(course, {"Skriv.": "[kl] b"}), course, one)

    assert (len(report.new), report.empty) == (1, 7)
    order = TranslationOrder.objects.get()
    assert (order.page_key, order.state, order.owner) == (lesson.translation_key, "open", one)


def test_the_one_who_brought_the_file_does_not_publish_it(course, lesson, one):
    take(everything(course), course, one)

    with pytest.raises(Exception, match="selv oversat"):
        publish(lesson, one)


@pytest.mark.parametrize(
    "bad",
    [
        ("Skriv.", f"[kl] {CPR}", "CPR"),
        ("Skriv.", "[kl] <b>fed</b>", "Opmærkningen"),
        ("Skriv.", "[kl] <script>x</script>", "Opmærkningen"),
        ('Læs <b>hele</b> <a id="a1">loven</a>.', "[kl] uden link", "Opmærkningen"),
        ('Læs <b>hele</b> <a id="a1">loven</a>.', '<b>x</b> <a id="a9">y</a>', "Opmærkningen"),
        ("Skriv.", "[kl] %(name)s", "Pladsholderne"),
        ("Skriv.", "   ", "ingen ord"),
        ("Skriv.", "a\u202eb", "ingen ord"),
        ("Akut &amp; nu", "x" * 121, "120 tegn"),
    ],
)
def test_a_bad_text_is_refused_with_line_and_reason(course, lesson, one, bad):
    source, target, reason = bad
    file = filled(course, {source: target, "Ring.": "[kl] godt"})
    before = state()

    report = po.examine(file, course, "kl")
    taken = take(file, course, one)

    (refused,) = report.refused
    assert reason in refused.reason
    lines = file.split("\n")
    assert any("msgid" in line or "msgctxt" in line or line.startswith("#")
               for line in lines[refused.line - 1 : refused.line])  # fmt: skip
    assert refused.source == source
    assert taken.new == []
    assert state() == before


def test_with_a_word_the_good_ones_are_kept_and_the_refused_left_out(course, lesson, one):
    file = filled(course, {"Skriv.": "[kl] <b>fed</b>", "Ring.": "[kl] godt"})

    take(file, course, one, take_the_good=True)

    assert state()[0] == ["[kl] godt"]


def test_a_text_that_has_changed_meanwhile_is_not_taken(course, lesson, one):
    file = filled(course, {"Lektion": "[kl] lektion", "Skriv.": "[kl] b"})
    edit(lesson, title="Ny titel")

    report = po.examine(file, course, "kl")

    assert [line.source for line in report.new] == ["Skriv."]
    assert "har ændret sig" in report.refused[0].reason


def test_a_text_that_has_left_the_page_is_not_taken(course, lesson):
    file = filled(course, {"Ring.": "[kl] c"})
    edit(lesson, body=[])

    assert "findes ikke længere" in po.examine(file, course, "kl").refused[0].reason


def test_a_page_of_another_course_is_not_taken(course, lesson):
    file = exported(course)
    other = make_lesson_page(title="Et andet sted")
    file.append(
        polib.POEntry(msgctxt=f"{other.translation_key}:title", msgid="Et andet sted", msgstr="x")
    )
    file.append(polib.POEntry(msgctxt="ikke en side", msgid="Et andet sted", msgstr="x"))

    refused = po.examine(str(file), course, "kl").refused

    assert ["ikke i kurset" in line.reason for line in refused] == [True, True]


def test_unsure_double_and_plural_entries_are_not_taken(course, lesson):
    file = exported(course)
    file[3].msgstr, file[3].flags = "[kl] a", ["fuzzy"]
    file[5].msgstr = "[kl] b"
    file.append(polib.POEntry(msgctxt=file[5].msgctxt, msgid="Skriv.", msgstr="[kl] c"))
    file[7].msgid_plural = "Ringer."
    file[7].msgstr_plural = {0: "[kl]", 1: "[kl]"}

    report = po.examine(str(file), course, "kl")

    assert [line.target for line in report.new] == ["[kl] b"]
    assert len(report.refused) == 3


def test_a_page_translated_by_hand_is_left_to_the_editor(course, lesson, one):
    file = filled(course, {"Lektion": "[kl] fil"})
    translate(in_kalaallisut(lesson), title="[kl] i hånden")

    report = po.examine(file, course, "kl")

    assert "i hånden" in report.refused[0].reason
    assert "Lektion" not in [entry.msgid for entry in exported(course)]
    assert in_kalaallisut(lesson).title == "[kl] i hånden"


@pytest.mark.parametrize(
    "file",
    [
        "",
        "ikke en PO-fil",
        'msgid "a\nmsgstr "b"',
        "/etc/passwd",
        "\x00",
        'msgid ""\nmsgstr ""\n"X-Sidemand-Course: en anden\\n"\n',
    ],
)
def test_what_is_no_file_of_this_course_is_refused(course, lesson, one, file):
    before = state()

    with pytest.raises(po.FileRefused):
        take(file, course, one)

    assert state() == before


def test_a_file_for_another_language_is_refused(course, lesson):
    file = exported(course)
    file.metadata["Language"] = "en"

    with pytest.raises(po.FileRefused):
        po.examine(str(file), course, "kl")


def test_a_broken_file_says_in_which_line(course):
    with pytest.raises(po.FileRefused, match="linje 3"):
        po.read('msgid "a"\nmsgstr "b"\nvrøvl\n')


# --- What others have translated meanwhile ------------------------------------------------------


def stored() -> dict[str, str]:
    """What is translated, by the Danish text."""
    found = StringTranslation.objects.values_list("translation_of__data", "data")
    return dict(found)


def unmarked(file: str) -> str:
    """The file as a tool leaves it that keeps no comments."""
    return "\n".join(line for line in file.split("\n") if not line.startswith("#."))


@pytest.fixture
def behind(course, lesson, one, two) -> str:
    """A file of the first translator, from before the second one wrote something else online."""
    write(lesson, {"Skriv.": "[kl] skriv", "Ring.": "[kl] ring"}, one)
    file = filled(course, {"Lektion": "[kl] lektion", "Ring.": "[kl] ring straks"})
    write(lesson, {"Skriv.": "[kl] skriv ned", "Ring.": "[kl] ring nu"}, two)
    return file


def test_what_somebody_has_translated_since_the_download_stays(course, behind, one):
    looked = po.examine(behind, course, "kl", by=one)
    report = take(behind, course, one)

    assert report == looked
    assert [line.source for line in report.new] == ["Lektion"]
    assert {line.source: line.both for line in report.newer} == {
        "Skriv.": ("[kl] skriv ned", "[kl] skriv"),
        "Ring.": ("[kl] ring nu", "[kl] ring straks"),
    }
    assert stored() == {
        "Lektion": "[kl] lektion", "Skriv.": "[kl] skriv ned", "Ring.": "[kl] ring nu"
    }  # fmt: skip


def test_what_was_not_translated_at_the_download_and_is_now_stays(course, lesson, one, two):
    file = filled(course, {"Skriv.": "[kl] min"})
    write(lesson, {"Skriv.": "[kl] din"}, two)

    report = take(file, course, one)

    assert (report.new, len(report.newer)) == ([], 1)
    assert stored() == {"Skriv.": "[kl] din"}


def test_what_was_taken_out_since_the_download_does_not_come_back(course, lesson, one):
    write(lesson, {"Skriv.": "[kl] skriv"}, one)
    file = filled(course, {})
    StringTranslation.objects.all().delete()

    report = take(file, course, one)

    assert [line.both for line in report.newer] == [("", "[kl] skriv")]
    assert stored() == {}


def test_a_file_replaces_what_its_translator_saw_and_says_what(course, lesson, one, two):
    write(lesson, {"Skriv.": "[kl] skriv"}, two)

    report = take(filled(course, {"Skriv.": "[kl] skriv ned"}), course, one)

    assert [line.both for line in report.new] == [("[kl] skriv", "[kl] skriv ned")]
    assert stored() == {"Skriv.": "[kl] skriv ned"}


def test_the_same_file_comes_back_several_times_from_the_same_person(course, lesson, one, two):
    first = filled(course, {"Skriv.": "[kl] a", "Ring.": "[kl] b"})
    then = first.replace("[kl] a", "[kl] aa").replace("[kl] b", "[kl] bb")
    take(first, course, one)
    write(lesson, {"Ring.": "[kl] din"}, two)

    report = take(then, course, one)

    assert [line.source for line in report.new] == ["Skriv."]
    assert stored() == {"Skriv.": "[kl] aa", "Ring.": "[kl] din"}


def test_a_file_from_the_same_moment_of_somebody_else_stays(course, lesson, one, two):
    mine, yours = (filled(course, {"Skriv.": words}) for words in ("[kl] min", "[kl] din"))
    take(mine, course, one)

    assert len(take(yours, course, two).newer) == 1
    assert stored() == {"Skriv.": "[kl] min"}


def test_a_file_that_lost_its_marks_shows_what_it_replaces(course, behind, one):
    report = take(unmarked(behind), course, one)

    assert {line.source: line.both for line in report.new} == {
        "Lektion": None,
        "Skriv.": ("[kl] skriv ned", "[kl] skriv"),
        "Ring.": ("[kl] ring nu", "[kl] ring straks"),
    }


def test_the_marks_hold_no_digits_for_the_identity_guard(course, lesson, one):
    take(everything(course), course, one)

    comments = [entry.comment.splitlines()[1] for entry in exported(course)]

    assert all(not any(map(str.isdigit, comment)) for comment in comments)


def test_both_texts_stand_on_the_page_before_anything_is_kept(course, behind, one):
    shown = BeautifulSoup(send(one, course, behind).content, "html.parser")

    said = [span.get_text() for span in shown.select("td span[lang=kl]")]
    assert said == ["[kl] skriv ned", "[kl] skriv", "[kl] ring nu", "[kl] ring straks"]


# --- In the admin -------------------------------------------------------------------------------


def send(person: Person, course: CoursePage, content: str, name: str = "kursus.po") -> Any:
    client = Client()
    client.force_login(person.user)
    address = reverse("course_file", args=[course.translation_key, "kl"])
    return client.post(address, {"file": SimpleUploadedFile(name, content.encode())})


def test_one_looks_first_and_keeps_then(course, lesson, one):
    file = everything(course)
    before = state()

    looked = send(one, course, file)

    assert looked.status_code == 200
    assert "Der er ikke gemt noget endnu" in looked.content.decode()
    assert state() == before
    client = Client()
    client.force_login(one.user)
    address = reverse("course_file", args=[course.translation_key, "kl"])
    kept = client.post(address, {"text": file})
    assert kept.status_code == 302
    assert len(state()[0]) == 8


def test_keeping_twice_changes_nothing(course, lesson, one):
    file = everything(course)
    take(file, course, one)
    before = state()

    assert take(file, course, one).new == []
    assert state() == before


def test_a_number_like_a_citizens_in_a_file_is_refused_with_its_line(course, lesson, one):
    file = filled(course, {"Skriv.": f"[kl] {CPR}"})

    answer = send(one, course, file)

    assert answer.status_code == 422
    line = next(n for n, row in enumerate(file.split("\n"), start=1) if CPR in row)
    assert f"I linje {line} står cifre" in answer.content.decode()
    assert CPR not in answer.content.decode()


def test_a_file_that_is_too_big_or_no_text_is_refused(course, lesson, one):
    assert send(one, course, "x" * (po.MOST_BYTES + 1)).status_code == 422
    client = Client()
    client.force_login(one.user)
    address = reverse("course_file", args=[course.translation_key, "kl"])
    answer = client.post(address, {"file": SimpleUploadedFile("a.po", b"\xff\xfe\xfa")})
    assert answer.status_code == 422


def test_the_file_is_downloaded_without_changing_anything(course, lesson, one):
    client = Client()
    client.force_login(one.user)
    before = state()

    answer = client.get(reverse("course_file", args=[course.translation_key, "kl"]), {"hent": "po"})

    assert answer["Content-Disposition"] == 'attachment; filename="kursus-kl.po"'
    assert "Lektion" in answer.content.decode()
    assert state() == before


def test_reviewers_and_others_get_no_file(course, lesson):
    client = Client()
    client.force_login(make_staff("reviewer").user)

    answer = client.get(reverse("course_file", args=[course.translation_key, "kl"]), {"hent": "po"})

    assert answer.status_code in {302, 403}
