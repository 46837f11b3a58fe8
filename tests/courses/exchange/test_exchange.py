"""Questions come in from files and go out again; what is broken is named and changes nothing."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from courses.exchange.bank import (
    WRITERS,
    drafts_of,
    examine,
    export_questions,
    import_questions,
)
from courses.exchange.draft import MOST_BYTES, FileRefused, decode
from courses.exchange.plain import plain_of
from courses.models import Choice, Question, QuestionVersion
from tests.factories.courses import (
    AT,
    current,
    make_of_kind,
    make_question,
    make_rule,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("base")]

SAMPLES = Path(__file__).parent / "samples"
FORMATS = {".gift": "gift", ".txt": "aiken", ".xml": "moodle"}
WHOLE = sorted(SAMPLES.glob("all_kinds.*"))


@pytest.fixture(autouse=True)
def _in_danish():
    with translation.override("da"):
        yield


def text_of(path):
    """What a file says."""
    return decode(path.read_bytes())


def taken(path, **options):
    """The report of importing the file."""
    return import_questions(text_of(path), FORMATS[path.suffix], at=AT, **options)


def meanings(questions=None):
    """What the questions in the bank mean."""
    found = drafts_of(Question.objects.order_by("key") if questions is None else questions)
    return {draft.fingerprint: draft.meaning() for draft in found}


def bank():
    """Everything in the bank."""
    return [list(model.objects.order_by("pk").values())
            for model in (Question, Choice, QuestionVersion)]  # fmt: skip


# --- What comes in ------------------------------------------------------------------------------

EXPECTED = {
    ".gift": [
        "single", "multiple", "true_false", "true_false", "matching", "numeric", "numeric",
        "short", "cloze", "cloze", "single", "ordering", "single",
    ],
    ".txt": ["single", "single", "single"],
    ".xml": [
        "single", "multiple", "true_false", "short", "numeric", "matching", "ordering", "cloze",
    ],
}  # fmt: skip


@pytest.mark.parametrize("path", WHOLE, ids=lambda path: path.suffix)
def test_a_file_of_every_type_comes_in(path):
    make_rule(key="decision-24h")

    report = taken(path)

    assert [(line.line, line.reasons) for line in report.refused] == []
    assert [question.kind for question in report.created] == EXPECTED[path.suffix]
    assert all(current(question).number == 1 for question in report.created)


def test_every_kind_is_among_the_samples_of_gift_and_of_moodle():
    assert set(EXPECTED[".gift"]) == set(EXPECTED[".xml"]) == set(Question.Kind.values)


@pytest.mark.parametrize("out", WRITERS)
@pytest.mark.parametrize("path", WHOLE, ids=lambda path: path.suffix)
def test_what_came_in_goes_out_and_comes_in_again_with_the_same_meaning(path, out):
    make_rule(key="decision-24h")
    taken(path)
    before = meanings()
    text, left = export_questions(Question.objects.order_by("key"), out)
    by_kind = {draft.kind for draft, _reason in left}
    kept = {key: value for key, value in before.items()
            if key not in {draft.fingerprint for draft, _reason in left}}  # fmt: skip
    assert by_kind <= ({"cloze"} if out == "gift" else set())
    QuestionVersion.objects.all().delete()
    Question.objects.all().delete()

    report = import_questions(text, out, at=AT)

    assert report.refused == report.known == []
    assert meanings() == kept
    assert len(kept) >= len(before) - 1


@pytest.mark.parametrize("out", WRITERS)
@pytest.mark.parametrize("kind", Question.Kind.values)
def test_a_question_of_the_bank_survives_the_way_out_and_in(kind, out):
    question = make_of_kind(
        kind,
        key="mit-spoergsmaal",
        situation_da="Fredag kl. 15: en lærer {ringer}.\n\nDu har ~10 minutter.",
        feedback_da="Se § 19 #1 = vigtigt\nog mere",
        rule=make_rule(key="decision-24h"),
        keeps_order=kind in {"single", "multiple", "matching"},
    )
    if kind in {"matching", "ordering"} and out == "gift":
        question.choices.update(feedback_da="")  # which GIFT has no place for
    if kind == "cloze" and out == "gift":
        question.text_da = "Beslut inden ([[1]]) timer: 50 % = halvt."
        question.save()
        question.choices.filter(gap=2).delete()
    before = meanings()
    text, left = export_questions(Question.objects.all(), out)
    assert left == []
    QuestionVersion.objects.all().delete()
    Question.objects.all().delete()

    report = import_questions(text, out, at=AT)

    assert report.refused == []
    assert meanings() == before


def test_what_gift_cannot_hold_is_named():
    make_of_kind("cloze", key="to-huller")
    make_question(key="et-valg")

    text, left = export_questions(Question.objects.order_by("key"), "gift")

    assert [(draft.name, reason) for draft, reason in left] == [
        ("to-huller", "GIFT kan kun rumme ét hul. Brug Moodle XML.")
    ]
    assert "et-valg" in text


def test_html_comes_in_as_plain_text():
    taken(SAMPLES / "all_kinds.xml")

    question = Question.objects.get(key__startswith="kvittering")
    assert question.situation_da == "En lærer ringer."
    assert question.text_da == "Hvad sender kommunen?"
    assert question.feedback_da == "Husk fristen & formen."


@pytest.mark.parametrize(
    ("html", "plain", "has_lost"),
    [
        ("<p>a</p><p>b</p>", "a\n\nb", False),
        ("a<br>b<script>alert(1)</script>", "a\nb", False),
        ("<ul><li>a</li><li>b</li></ul>", "a\nb", False),
        ('a<img src="x" onerror="alert(1)">', "a", True),
        ("&lt;script&gt;", "<script>", False),
        ("<style>p{}</style>a <svg><text>b</text></svg>", "a", True),
    ],
)
def test_markup_is_left_behind(html, plain, has_lost):
    assert plain_of(html) == (plain, has_lost)


def test_the_same_file_twice_is_said_and_not_doubled():
    for path in WHOLE:
        taken(path)
    before = bank()

    for path in WHOLE:
        report = taken(path)
        assert report.new == report.refused == report.created == []
        assert all("findes allerede" in line.reasons[0] for line in report.known)
    assert bank() == before


def test_a_question_changed_since_its_import_is_not_doubled():
    [question] = import_questions("Hvad? {=ja ~nej}", "gift", at=AT).created
    question.text_da = "Hvad så?"
    question.save()

    report = import_questions("Hvad? {=ja ~nej}", "gift", at=AT)

    assert [line.state for line in report.lines] == ["known"]
    assert "er rettet siden" in report.lines[0].reasons[0]
    assert Question.objects.count() == 1


def test_the_same_question_twice_in_a_file_is_taken_once():
    report = import_questions("Hvad? {=ja ~nej}\n\n::B::Hvad? {=ja ~nej}", "gift", at=AT)

    assert [line.state for line in report.lines] == ["new", "known"]
    assert report.lines[1].reasons == ["Det står allerede i linje 1."]


def test_a_rule_that_is_not_in_the_register_is_told():
    make_rule(key="unsure", state="unverified")

    report = import_questions(
        "// [tag:regel:unsure]\nHvad? {=ja ~nej}\n\n// [tag:regel:nowhere]\nHvor? {=ja ~nej}",
        "gift",
        at=AT,
    )

    assert [question.rule for question in report.created] == [None, None]
    assert all("findes ikke i registeret" in line.reasons[0] for line in report.lines)


def test_part_of_the_points_is_told():
    report = examine("Hvad? {=ja ~%50%måske ~nej}", "gift")

    assert report.lines[0].reasons == [
        "En del af pointene beholdes ikke: sådan et svar er ikke rigtigt."
    ]


@pytest.mark.parametrize("count", [1, 40])
def test_looking_at_a_file_takes_the_same_number_of_queries(count, django_assert_num_queries):
    text = "\n\n".join(f"Nummer {number}? {{=ja ~nej}}" for number in range(count))

    with django_assert_num_queries(3):  # rules; the same texts; the same keys
        report = examine(text, "gift")
    assert len(report.new) == count


# --- What is refused ----------------------------------------------------------------------------

#: File, line, and what the reason says.
BROKEN = [
    ("no_braces.gift", 3, "Der er ingen svar"),
    ("open_brace.gift", 1, "lukkes aldrig"),
    ("closing_brace.gift", 1, "aldrig blev åbnet"),
    ("essay.gift", 1, "fri tekst"),
    ("two_places.gift", 1, "flere steder"),
    ("no_sign.gift", 1, "begynde med"),
    ("bad_number.gift", 1, "ikke et tal"),
    ("no_right.gift", 3, "som rigtigt"),
    ("broken_pair.gift", 1, "->"),
    ("cpr.gift", 1, "CPR-nummer"),
    ("empty.gift", None, "intet spørgsmål"),
    ("no_answer.txt", 1, "ANSWER mangler"),
    ("strange_answer.txt", 4, "ikke er der"),
    ("wrong_letters.txt", 3, "B ventes"),
    ("line_between.txt", 3, "hverken"),
    ("latin1.txt", 2, "UTF-8"),
    ("cut.xml", 4, "i stykker"),
    ("bomb.xml", 2, "ikke tilladt"),
    ("outside.xml", 2, "ikke tilladt"),
    ("other_root.xml", 1, "<quiz>"),
    ("essay.xml", 3, "essay"),
    ("points.xml", 3, "point"),
    ("wildcard.xml", 2, "jokertegn"),
    ("cloze_type.xml", 2, "MULTIRESPONSE"),
]


def test_every_broken_file_is_tried():
    assert {name for name, _line, _reason in BROKEN} == {
        path.name for path in (SAMPLES / "broken").iterdir()
    }


@pytest.mark.parametrize(("name", "line", "reason"), BROKEN)
def test_a_broken_file_is_refused_with_line_and_reason_and_changes_nothing(name, line, reason):
    make_question()
    before = bank()
    path = SAMPLES / "broken" / name

    try:
        [refused] = taken(path).refused
        told = refused.line, refused.reasons[0]
    except FileRefused as refusal:
        told = refusal.line, refusal.reason
    errors = StringIO()
    with pytest.raises(CommandError) as refusal:
        call_command("import_questions", str(path), stdout=StringIO(), stderr=errors)

    assert told[0] == line
    assert reason in told[1]
    assert reason in errors.getvalue() + str(refusal.value)
    assert bank() == before


@pytest.mark.parametrize("take_the_good", [False, True])
def test_one_bad_question_stops_all_unless_the_good_ones_are_wanted(take_the_good):
    text = "::A::Hvad? {=ja ~nej}\n\n::B::Hvad? {~ja ~nej}"

    report = import_questions(text, "gift", at=AT, take_the_good=take_the_good)

    assert (len(report.new), len(report.refused)) == (1, 1)
    assert len(report.created) == Question.objects.count() == (1 if take_the_good else 0)


def test_a_failure_on_the_way_leaves_nothing_half_imported(monkeypatch):
    from courses.exchange import bank as module

    freeze, calls = module.freeze_question, []

    def failing(question, *, at):
        calls.append(question)
        if len(calls) == 3:
            raise RuntimeError
        return freeze(question, at=at)

    monkeypatch.setattr(module, "freeze_question", failing)
    before = bank()

    with pytest.raises(RuntimeError):
        taken(SAMPLES / "all_kinds.gift")

    assert len(calls) == 3
    assert bank() == before


def test_a_refused_number_is_not_repeated():
    number = "010190" + "-1234"
    report = examine(f"::{number}::Hvad? {{=ja ~nej}}\n\nEr {number} her? {{=ja ~nej}}", "gift")

    assert len(report.refused) == 2
    assert number not in str(report)


def test_a_file_that_is_too_big_is_refused():
    with pytest.raises(FileRefused):
        decode(b"a" * (MOST_BYTES + 1))
    assert decode("Æ".encode("utf-16")) == decode("Æ".encode("utf-8-sig")) == "Æ"


def test_too_many_questions_are_refused():
    text = "\n\n".join(f"{number}? {{=ja ~nej}}" for number in range(501))

    report = examine(text, "gift")

    assert report.new == []
    assert "mere end 500" in report.refused[0].reasons[0]


@pytest.mark.parametrize("file_format", ["gift", "aiken", "moodle"])
@pytest.mark.parametrize(
    "text",
    ["", "\x00", "{", "}", "::", "{}", "\\", "a {\\", "a {=\\", "::a", "{#}", "{T#", "a{=%0%}", "<",
     "<quiz/>", "<quiz><question/></quiz>", "<quiz>" + "<a>" * 500, "A.", "ANSWER:", "A. a\nANSWER:",  # noqa: E501  a table
     "\ud800", "\u202e{=a}", "a {=" + "x" * 5000 + " ~b}", "{" * 5000, "// [id:", "$CATEGORY:",
     "<quiz><question type='multichoice'><answer fraction='1e999'/></question></quiz>",
     "<quiz><question type='numerical'><answer><text>1e999999999</text></answer></question></quiz>",
     "a {#1e99999}", "a {#1..}", "a {#1:-1}", "a {>}"],
)  # fmt: skip
def test_hostile_text_is_refused_and_breaks_nothing(text, file_format):
    report = import_questions(text, file_format, at=AT)

    assert report.new == []
    assert report.refused or file_format == "moodle"
    assert not Question.objects.exists()


# --- The commands -------------------------------------------------------------------------------


def test_the_command_reports_what_it_took():
    out = StringIO()

    call_command("import_questions", str(SAMPLES / "all_kinds.txt"), stdout=out)

    assert Question.objects.count() == 3
    assert "3 spørgsmål er taget ind" in out.getvalue()


def test_the_command_can_only_look():
    call_command("import_questions", str(SAMPLES / "all_kinds.txt"), "--look", stdout=StringIO())

    assert not Question.objects.exists()


def test_the_command_writes_a_file(tmp_path):
    make_question(key="et-valg")
    path = tmp_path / "ud.xml"

    call_command("export_questions", str(path), stdout=StringIO())

    assert "<text>et-valg</text>" in path.read_text(encoding="utf-8")
