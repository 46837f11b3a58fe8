"""What an editor may publish alone, and everything that needs a review."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page, PageLogEntry

from pages import setup
from pages.editing.binding import binding, replaced
from pages.editing.corrections import MOST_WORDS, CorrectionRefused, publish_correction
from pages.editing.figures import figures
from pages.models import LessonPage
from people.models import User
from tests.factories.admin import admin_browser, make_user
from tests.factories.courses import make_question, make_rule
from tests.factories.pages import (
    block,
    edit,
    in_kalaallisut,
    make_home,
    make_lesson_page,
    translate,
)
from tests.pages.test_richtext import form_of

TEXT = (
    "<p>Kommunen skal beslutte inden for 24 timer. Skriv altid ned, hvad du hører, og ring til "
    'din <a href="https://nalunaarutit.gl/">kollega</a>, når du er i tvivl.</p>'
)


@pytest.fixture
def editor() -> User:
    return make_user("editor")


@pytest.fixture
def lesson() -> LessonPage:
    """A lesson that is read, with everything in it that a correction may not touch."""
    return make_lesson_page(
        title="Når telefonen ringer",
        introduction="Uret starter.",
        body=[
            block("heading", "Det vigtige nu"),
            block("text", TEXT),
            block("fact_box", {"title": "Husk", "text": "<p>Skriv det ned.</p>"}),
            block("checklist", {"title": "Ring", "items": ["Skriv tiden ned", "Ring til vagten"]}),
            block("rule", str(make_rule().pk)),
            block("quiz", {"questions": [str(make_question().pk)]}),
            block("sources", {"items": [{"title": "Loven", "url": "https://nalunaarutit.gl/"}]}),
        ],
    )


def change(page: LessonPage, place: int, value: Any) -> None:
    """Save a draft in which the block at ``place`` holds ``value``."""
    draft = LessonPage.objects.get(pk=page.pk)
    raw = [dict(child) for child in draft.body.raw_data]
    raw[place] = {**raw[place], "value": value}
    draft.body = raw
    draft.save_revision()


def put_right(lesson: LessonPage, editor: User) -> LessonPage:
    """Publish the draft as a small correction."""
    publish_correction(LessonPage.objects.get(pk=lesson.pk), user=editor, at=timezone.now())
    return LessonPage.objects.get(pk=lesson.pk)


def refused(lesson: LessonPage, editor: User) -> str:
    """Why the draft is no small correction; nothing of it is published."""
    before = LessonPage.objects.get(pk=lesson.pk).live_revision_id
    with pytest.raises(CorrectionRefused) as refusal:
        put_right(lesson, editor)
    assert LessonPage.objects.get(pk=lesson.pk).live_revision_id == before
    return " ".join(refusal.value.messages)


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (0, "Det vigtigste nu"),
        (1, TEXT.replace("hvad du hører", "hvad du hører og ser")),
        (2, {"title": "Husk det", "text": "<p>Skriv det hele ned.</p>"}),
    ],
    ids=["heading", "text", "fact box"],
)
def test_words_are_put_right_alone_and_logged_as_such(
    lesson: LessonPage, editor: User, client: Client, place: int, value: Any
):
    review_by = lesson.condition.review_by
    live_before = lesson.live_revision_id
    change(lesson, place, value)

    lesson = put_right(lesson, editor)

    said = value if isinstance(value, str) else value["title"]
    assert lesson.body.raw_data[place]["value"] == value
    assert said.split()[-1].removesuffix("</p>") in client.get(lesson.url).content.decode()
    line = PageLogEntry.objects.filter(page=lesson.pk).latest("timestamp")
    assert (line.action, line.user) == ("pages.correction", editor)
    assert line.data["revision"]["id"] == live_before
    assert not lesson.has_unpublished_changes
    assert lesson.condition.review_by == review_by


def test_title_and_introduction_are_text_too(lesson: LessonPage, editor: User):
    draft = LessonPage.objects.get(pk=lesson.pk)
    draft.title, draft.introduction = "Når din telefon ringer", "Uret starter nu."
    draft.save_revision()

    assert put_right(lesson, editor).title == "Når din telefon ringer"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (TEXT.replace("24", "48"), "Et tal eller en frist"),
        (TEXT.replace("timer", "dage"), "Et tal eller en frist"),
        (TEXT.replace("ned", "ned to gange"), "Et tal eller en frist"),
        (TEXT.replace("ned", "ned, se §"), "Et tal eller en frist"),
        (TEXT.replace("ned", "ned fireogtyve"), "Et tal eller en frist"),
        (TEXT.replace("skal", "kan"), "må eller ikke må"),
        (TEXT.replace("altid", "ikke"), "må eller ikke må"),
        (TEXT.replace("https://nalunaarutit.gl/", "https://example.org/"), "Et link"),
        (TEXT.replace("tvivl", '<a href="https://example.org/">tvivl</a>'), "Et link"),
        (TEXT.replace("ned", "ned " + "ord " * (MOST_WORDS + 1)), "26 ord"),
    ],
    ids=["digits", "unit", "number word", "section", "compound", "duty", "not", "link", "new link",
         "too many words"],
)  # fmt: skip
def test_what_touches_a_figure_a_duty_or_a_link_needs_a_review(
    lesson: LessonPage, editor: User, value: str, words: str
):
    change(lesson, 1, value)

    assert words in refused(lesson, editor)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("24 timers frist", "24 dages frist"),
        ("2 ugers varsel", "2 måneders varsel"),
        ("et døgns frist", "et års frist"),
        ("tre arbejdsdages frist", "tre kalenderdages frist"),
        ("tre hverdages frist", "tre dages frist"),
        ("24-timersfristen", "24-dagesfristen"),
        ("24-timersfristen", "24-ugersfristen"),
        ("i timerne efter", "i ugerne efter"),
        ("i kalenderåret", "i skoleåret"),
        ("hver fjortendagesfrist", "hver firedagesfrist"),
        ("inden et kvartal", "inden et halvår"),
        ("60 minutter", "60 sekunder"),
        ("24 %", "24"),
        ("5 procent", "5 promille"),
        ("den 1. juli", "den 1. juni"),
        ("julis udgang", "junis udgang"),
        ("1. okt.", "1. nov."),
        ("ultimo maj", "primo maj"),
        ("på tirsdag", "på onsdag"),
        ("tirsdagens møde", "torsdagens møde"),
        ("den ellevte", "den tolvte"),
        ("den femtende", "den sekstende"),
        ("den enogtredivte", "den tredivte"),
        ("den enogtyvende", "den toogtyvende"),
        ("hundrede kroner", "tusinde kroner"),
        ("én gang", "to gange"),
        ("ugentligt", "månedligt"),
        ("årligt", "halvårligt"),
        ("15-årige", "15-dages"),
        ("toårig", "treårig"),
        ("2 af fem", "fem af 2"),
    ],
)
def test_no_form_of_a_time_or_a_figure_is_spelling(before: str, after: str):
    assert figures(f"Senest {before} derefter") != figures(f"Senest {after} derefter")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("når du får brug for vilkårene", "naar du faar bruk for vilkaarene"),
        ("brugere opdager det, og bruger det", "brugerne opdagede det, og bruge det"),
        ("maritime og optimerede sager", "meritime og optimerte sagger"),
        ("årsagen er dårlig", "årsaken er daarlig"),
        ("en og et barn", "et barn"),
    ],
)
def test_words_that_only_look_like_a_time_may_be_put_right(before: str, after: str):
    assert figures(before) == figures(after) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("hver underretning", "alvorlige underretninger"),
        ("enhver underretning", "en underretning"),
        ("alle børn", "nogle børn"),
        ("børn under opsyn", "kun børn under opsyn"),
        ("svar straks, medmindre sagen er ny", "svar straks, også om sagen er ny"),
        ("undtagen ved fare", "også ved fare"),
        ("navn eller adresse", "navn og adresse"),
        ("loven kræver en begrundelse", "loven nævner en begrundelse"),
        ("du behøver ikke spørge", "du plejer ikke at spørge"),
        ("hjælpen er frivillig", "hjælpen er fast"),
        ("send den til kommunen", "send den til politiet"),
        ("send den til kommunen", "send den til kommunaldirektøren"),
        ("klag til Det Sociale Ankenævn", "klag til Ankestyrelsen"),
        ("Socialstyrelsen", "Naalakkersuisut"),
        ("en lærer underretter", "en læge underretter"),
    ],
)
def test_no_word_that_binds_is_spelling(before: str, after: str):
    assert binding(f"Her gælder: {before}.") != binding(f"Her gælder: {after}.")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("kommune", "kommunens"),
        ("politi", "politiets"),
        ("Socialstyrelse", "Socialstyrelsens"),
        ("lærer", "lærerne"),
        ("de politiske mål og bestilte møder", "de poltiske mål og bestilte mødre"),
        ("en barn og kommunikation", "et barn og komunikation"),
        ("som nævnt i loven", "som nævnes i loven"),
    ],
)
def test_an_ending_or_what_only_looks_like_a_name_may_be_put_right(before: str, after: str):
    assert binding(f"Det er {before}.") == binding(f"Det er {after}.")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("den socialfagilge undersøglese", "den socialfaglige undersøgelse"),
        ("hans fortolig oplysninger", "hans fortrolige oplysninger"),
        ("telfonen rigner", "telefonen ringer"),
        ("en møde ad gangen", "et møde af gangen"),
        ("social faglig", "socialfaglig"),
        ("skriv det det ned", "skriv det ned"),
        ("skriv ned", "skriv det hele ned"),
    ],
)
def test_a_word_may_be_spelled_otherwise_added_or_taken_out_beside_a_rule(before: str, after: str):
    assert replaced(before, after) == []


@pytest.mark.parametrize(
    ("before", "after", "other"),
    [
        ("akutte sager", "gamle sager", "gamle"),
        ("anmeldte besøg", "uanmeldte besøg", "uanmeldte"),
        ("det er lovligt", "det er ulovligt", "ulovligt"),
        ("mor og barn", "far og barn", "far"),
        ("du ringer", "vi ringer", "vi"),
    ],
)
def test_no_word_takes_the_place_of_another_beside_a_rule(before: str, after: str, other: str):
    assert replaced(before, after) == [other]


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        ("Reglen siger hver underretning.", "Reglen siger alvorlige underretninger.", "betingelse"),
        ("Reglen siger akutte sager.", "Reglen siger gamle sager.", "citerer regler: gamle."),
    ],
)
def test_whom_a_rule_covers_is_not_changed_alone(
    lesson: LessonPage, editor: User, before: str, after: str, why: str
):
    lesson = edit(lesson, introduction=before)
    draft = LessonPage.objects.get(pk=lesson.pk)
    draft.introduction = after
    draft.save_revision()

    assert why in refused(lesson, editor)


def test_another_word_may_stand_where_no_rule_is_cited(short_page: LessonPage, editor: User):
    change(short_page, 0, "Det svære nu")

    assert put_right(short_page, editor).body[0].value == "Det svære nu"


def test_a_long_word_is_put_right_beside_a_rule(lesson: LessonPage, editor: User):
    lesson = edit(lesson, introduction="Den socialfagilge undersøglese.")
    draft = LessonPage.objects.get(pk=lesson.pk)
    draft.introduction = "Den socialfaglige undersøgelse."
    draft.save_revision()

    assert put_right(lesson, editor).introduction == "Den socialfaglige undersøgelse."


def test_a_time_limit_in_the_genitive_needs_a_review(lesson: LessonPage, editor: User):
    lesson = edit(lesson, introduction="Der er 24 timers frist.")
    draft = LessonPage.objects.get(pk=lesson.pk)
    draft.introduction = "Der er 24 dages frist."
    draft.save_revision()

    assert "Et tal eller en frist" in refused(lesson, editor)


def test_as_many_words_as_allowed_go_through(lesson: LessonPage, editor: User):
    change(lesson, 1, TEXT.replace("ned", "ned " + "ord " * MOST_WORDS))

    assert put_right(lesson, editor)


@pytest.mark.parametrize("what", ["rule", "question", "source", "order", "added", "removed"])
def test_what_is_more_than_text_needs_a_review(lesson: LessonPage, editor: User, what: str):
    draft = LessonPage.objects.get(pk=lesson.pk)
    raw = [dict(child) for child in draft.body.raw_data]
    if what == "rule":
        raw[4] = {**raw[4], "value": str(make_rule().pk)}
    elif what == "question":
        asked = [*raw[5]["value"]["questions"], str(make_question().pk)]
        raw[5] = {**raw[5], "value": {"questions": asked}}
    elif what == "source":
        raw[6] = {**raw[6], "value": {"items": [{"title": "Anden", "url": "https://a.gl/"}]}}
    elif what == "order":
        raw[0], raw[1] = raw[1], raw[0]
    elif what == "added":
        raw.append(block("text", "<p>Mere.</p>"))
    else:
        raw.pop()
    draft.body = raw
    draft.save_revision()

    assert "En blok" in refused(lesson, editor)


@pytest.mark.parametrize(
    ("field", "value"), [("slug", "andet-sted"), ("minutes", 9), ("review_months", 24)]
)
def test_other_fields_need_a_review_and_are_named(
    lesson: LessonPage, editor: User, field: str, value: Any
):
    draft = LessonPage.objects.get(pk=lesson.pk)
    setattr(draft, field, value)
    draft.save_revision()

    assert "Mere end tekst er ændret" in refused(lesson, editor)


def test_nothing_new_is_nothing_to_publish(lesson: LessonPage, editor: User):
    assert "Intet er ændret" in refused(lesson, editor)


def test_an_earlier_draft_of_somebody_else_counts_too(lesson: LessonPage, editor: User):
    change(lesson, 1, TEXT.replace("24", "48"))
    draft = LessonPage.objects.get(pk=lesson.pk).get_latest_revision_as_object()
    draft.title = "Når telefonen kimer"
    draft.save_revision(user=editor)

    assert "Et tal" in refused(lesson, editor)


def test_a_text_that_is_empty_now_is_not_published(lesson: LessonPage, editor: User):
    change(lesson, 0, "")

    assert "tomt" in refused(lesson, editor)


def test_a_page_under_review_waits_for_the_answer(lesson: LessonPage, editor: User):
    setup.create_workflow(make_home())
    change(lesson, 0, "Det vigtigste nu")
    lesson.get_workflow().start(LessonPage.objects.get(pk=lesson.pk), editor)

    assert "gennemgang" in refused(lesson, editor)


def test_a_page_that_nobody_reads_yet_goes_through_the_review(editor: User):
    page = make_lesson_page(live=False)

    with pytest.raises(CorrectionRefused, match="ikke udgivet"):
        put_right(page, editor)


def test_a_draft_with_a_time_needs_a_review(lesson: LessonPage, editor: User):
    draft = LessonPage.objects.get(pk=lesson.pk)
    draft.title, draft.go_live_at = "Når den ringer", timezone.now() + timedelta(days=1)
    draft.save_revision()

    assert "tidspunkt" in refused(lesson, editor)


def test_a_locked_page_stays_as_it_is(lesson: LessonPage, editor: User):
    change(lesson, 0, "Det vigtigste nu")
    LessonPage.objects.filter(pk=lesson.pk).update(locked=True, locked_by=make_user("reviewer"))

    assert "låst" in refused(lesson, editor)


def test_a_translation_is_published_by_those_who_check_it(lesson: LessonPage, editor: User):
    kl = translate(in_kalaallisut(lesson), title="[kl] titel")
    draft = LessonPage.objects.get(pk=kl.pk)
    draft.title = "[kl] anden titel"
    draft.save_revision()

    assert "oversættelse" in refused(kl, editor)


@pytest.mark.parametrize("role", ["translator", "reviewer"])
def test_only_editors_publish_corrections(lesson: LessonPage, role: str):
    change(lesson, 0, "Det vigtigste nu")

    with pytest.raises(PermissionDenied):
        put_right(lesson, make_user(role))

    assert LessonPage.objects.get(pk=lesson.pk).has_unpublished_changes


# --- Through the editor -------------------------------------------------------------------------


def post(browser: Client, page: Page, heading: str) -> Any:
    """Press the button in the editor."""
    form = form_of(page, [("heading", heading)])
    kept = page.body.raw_data[0]["id"]
    form |= {"body-0-id": kept, "introduction": page.introduction, "minutes": str(page.minutes)}
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    return browser.post(address, form | {"action-correction": "1"}, follow=True)


@pytest.fixture
def short_page() -> LessonPage:
    return make_lesson_page(body=[block("heading", "Det vigtige nu")], minutes=6)


def test_the_button_publishes_what_is_small(short_page: LessonPage):
    answer = post(admin_browser("editor"), short_page, "Det vigtigste nu")

    assert "Rettelsen er udgivet" in answer.content.decode()
    page = LessonPage.objects.get(pk=short_page.pk)
    assert page.body[0].value == "Det vigtigste nu"
    assert PageLogEntry.objects.filter(page=page.pk, action="pages.correction").count() == 1


def test_the_button_keeps_the_draft_and_says_why_not(short_page: LessonPage):
    answer = post(admin_browser("editor"), short_page, "Det vigtigste i 48 timer")

    html = answer.content.decode()
    assert "Din kladde er gemt" in html
    assert "Et tal eller en frist er ændret" in html
    page = LessonPage.objects.get(pk=short_page.pk)
    assert page.body[0].value == "Det vigtige nu"
    assert page.get_latest_revision_as_object().body[0].value == "Det vigtigste i 48 timer"


def test_pressing_twice_publishes_once(short_page: LessonPage):
    browser = admin_browser("editor")
    post(browser, short_page, "Det vigtigste nu")

    answer = post(browser, LessonPage.objects.get(pk=short_page.pk), "Det vigtigste nu")

    assert "Intet er ændret" in answer.content.decode()
    assert PageLogEntry.objects.filter(action="pages.correction").count() == 1


@pytest.mark.parametrize(
    ("role", "shown"), [("editor", True), ("translator", False), ("reviewer", False)]
)
def test_the_button_is_the_editors(short_page: LessonPage, role: str, shown: bool):
    address = reverse("wagtailadmin_pages:edit", args=[short_page.pk])

    html = admin_browser(role).get(address).content.decode()

    assert ('name="action-correction"' in html) is shown


def test_a_translator_who_makes_the_request_publishes_nothing(short_page: LessonPage):
    answer = post(admin_browser("translator"), short_page, "Det vigtigste nu")

    assert "Kun redaktører" in answer.content.decode()
    assert LessonPage.objects.get(pk=short_page.pk).body[0].value == "Det vigtige nu"


def test_the_reviewer_sees_who_corrected_what(short_page: LessonPage):
    post(admin_browser("editor"), short_page, "Det vigtigste nu")
    edit(make_lesson_page(), title="Udgivet som ellers")

    html = admin_browser("reviewer").get(reverse("pages_list", args=["rettelser"])).content.decode()

    assert html.count("Editor Demo, ") == 1
    assert "/revisions/compare/" in html
    theirs = admin_browser("editor").get(reverse("pages_list", args=["rettelser"]), follow=True)
    assert theirs.status_code == 404
