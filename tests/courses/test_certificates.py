"""A certificate is earned, frozen, drawn once, checked by anybody, and ends with its rules."""

import datetime as dt
import io
import uuid

import jwt
import pypdfium2
import pytest
import zxingcpp
from bs4 import BeautifulSoup
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from openbadgeslib.ob3 import OB3VerificationError, OB3Verifier

from competences.models import Competence, Framework
from core.models import AccessLog, SentMail
from courses.actions import LearningRefused, mark_changes_seen, mark_read, submit_quiz
from courses.actions.certificates import (
    issue_certificate,
    look_at_certificates,
    remind_of_certificates,
    revoke_certificate,
)
from courses.certificates.codes import ALPHABET, new_code, read_code
from courses.certificates.completions import COURSE, course_completion
from courses.certificates.drawing import draw
from courses.law import changes_for
from courses.models import Certificate, CertificateFile, CertificateState
from rules.law_changes import take_back_decision
from tests.factories.courses import (
    AT,
    chosen,
    make_course,
    make_lesson,
    make_module,
    make_question,
    make_rule,
)
from tests.factories.law import DECIDED, NEW_LAW, decide_on, new_version
from tests.factories.people import make_person, make_role, make_town

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("base")]

DAY = dt.timedelta(days=1)
ISSUED = dt.date(2027, 6, 15)


class World:
    """A course of two lessons, one with a quiz that rests on a rule, and its learner."""

    def __init__(self):
        self.rule = make_rule(statement_da="Beslut inden for 24 timer.")
        self.question = make_question(rule=self.rule)
        framework = Framework.objects.create(key="f", title_da="F", profession_da="P")
        shown = Competence.objects.create(framework=framework, key="k", title_da="Høre barnet")
        self.course = make_course("Underretninger ĸûâ")
        module = make_module(self.course)
        self.quiz = make_lesson(
            module, 1, minutes=40, questions=[self.question.pk], rules=[self.rule.pk],
            competences=[shown.pk], published_at=AT,
        )  # fmt: skip
        self.plain = make_lesson(module, 2, minutes=35, published_at=AT - 30 * DAY)
        self.learner = make_person(
            make_role("caseworker", make_town()), name="Ánê ĸristiansen Demo"
        )

    def read(self, *, at=AT):
        for lesson in (self.quiz, self.plain):
            mark_read(lesson, self.learner, at=at)

    def answer(self, index=0, *, at=AT):
        submit_quiz(attempt_id=uuid.uuid4(), lesson=self.quiz, person=self.learner,
                    answers=chosen(self.question, index), language="da", at=at)  # fmt: skip

    def complete(self, *, at=AT):
        self.read(at=at)
        self.answer(at=at)

    def issue(self, *, at=AT, language="da"):
        found = issue_certificate(COURSE, self.course.pk, self.learner, language=language, at=at)
        return Certificate.objects.get(pk=found.pk)


@pytest.fixture
def world(settings):
    settings.SIDEMAND_SECOND_FACTOR = False
    cache.clear()
    return World()


@pytest.fixture
def certificate(world):
    world.complete()
    return world.issue()


def page(response):
    return BeautifulSoup(response.content, "html.parser")


def words(response):
    return page(response).main.get_text(" ", strip=True)


def code_of(refusal):
    return refusal.value.code


# --- Earning it -----------------------------------------------------------------------------------


@pytest.mark.parametrize("missing", ["lesson", "quiz", "wrong answer", "everything"])
def test_nothing_is_issued_before_all_is_done(world, missing):
    if missing != "everything":
        mark_read(world.quiz, world.learner, at=AT)
        if missing != "lesson":
            mark_read(world.plain, world.learner, at=AT)
        if missing != "quiz":
            world.answer(1 if missing == "wrong answer" else 0)

    with pytest.raises(LearningRefused) as refusal:
        world.issue()

    assert code_of(refusal) == "unfinished"
    assert not Certificate.objects.exists()
    assert not CertificateFile.objects.exists()


def test_it_says_what_was_completed_on_the_day(world, certificate):
    assert (certificate.holder, certificate.title) == (world.learner.name, "Underretninger ĸûâ")
    assert (certificate.minutes, certificate.course_on) == (75, ISSUED)
    assert (certificate.issued_on, certificate.expires_on) == (ISSUED, dt.date(2029, 6, 15))
    assert certificate.competences == ["Høre barnet"]
    assert [one.rule for one in certificate.cited.all()] == [world.rule]
    assert certificate.content["acts"][0]["number"] == "11/2024"


def test_the_law_is_dated_by_the_newest_act_it_cites(world):
    act = world.rule.act
    act.in_force_from = dt.date(2024, 3, 16)
    act.save()
    world.complete()

    assert world.issue().law_on == dt.date(2024, 3, 16)


def test_a_second_press_gives_the_same_certificate(world, certificate):
    assert world.issue(at=AT + DAY) == certificate
    assert Certificate.objects.count() == 1


def test_the_database_refuses_a_second_current_certificate(world, certificate):
    certificate.pk, certificate.code = uuid.uuid4(), new_code()

    with pytest.raises(IntegrityError), transaction.atomic():
        certificate.save(force_insert=True)


def test_what_is_frozen_stays_when_name_and_course_change(world, certificate):
    pdf = bytes(certificate.file.pdf)
    world.learner.name = "Et andet navn"
    world.learner.save()
    world.course.titles = {"da": "Noget andet"}
    world.course.save()

    certificate = Certificate.objects.get()
    assert (certificate.holder, certificate.title) == ("Ánê ĸristiansen Demo", "Underretninger ĸûâ")
    assert draw(certificate) == pdf == bytes(certificate.file.pdf)


def test_a_law_that_changed_meanwhile_is_read_first(world):
    world.complete()
    new_version(world.rule.act)
    decide_on(world.rule, "changed", statement_da="Beslut inden for 48 timer.")
    after = DECIDED + DAY

    with pytest.raises(LearningRefused) as refusal:
        world.issue(at=after)
    changes = [key for one in changes_for(world.learner) for key in one.decisions]
    mark_changes_seen(world.learner, changes, at=after)

    assert code_of(refusal) == "unfinished"
    assert world.issue(at=after).issued_on == NEW_LAW + DAY


@pytest.mark.parametrize("many", [False, True])
def test_completion_takes_the_same_queries_for_few_and_many(world, many, django_assert_num_queries):
    if many:
        module = world.quiz.module
        for number in range(3, 23):
            mark_read(make_lesson(module, number, rules=[make_rule().pk]), world.learner, at=AT)
    world.complete()

    # course; lessons; what has changed (2); rules; cases; competences
    with django_assert_num_queries(7):
        completion = course_completion(world.course.pk, world.learner)

    assert completion is not None
    assert completion.is_complete


# --- The file -------------------------------------------------------------------------------------


def read_pdf(pdf):
    document = pypdfium2.PdfDocument(pdf)
    try:
        first = document[0]
        return {
            "text": first.get_textpage().get_text_range(),
            "meta": document.get_metadata_dict(),
            "tagged": document.is_tagged(),
            "size": tuple(round(side) for side in first.get_size()),
            "qr": [code.text for code in zxingcpp.read_barcodes(first.render(scale=2).to_pil())],
        }
    finally:
        document.close()


def test_the_pdf_is_a_tagged_a4_page_with_real_text_and_a_code(certificate):
    found = read_pdf(bytes(certificate.file.pdf))

    assert found["size"] == (595, 842)
    assert found["tagged"]
    assert found["meta"]["Title"] == "Kursusbevis: Underretninger ĸûâ"
    for said in (
        "Ánê ĸristiansen Demo", "har gennemført", "1 time 15 minutter", "15. juni 2027",
        "14. juni 2029", "Høre barnet", "Lovbekendtgørelse nr. 11 fra 2024",
        certificate.spelled_code,
    ):  # fmt: skip
        assert said in found["text"]
    assert found["qr"] == [f"http://localhost:8000/da/bevis/{certificate.code}/"]
    assert b"/Lang (da" in bytes(certificate.file.pdf) or b"(da)" in bytes(certificate.file.pdf)


def test_in_kalaallisut_what_is_not_translated_stands_in_danish_and_is_said(world):
    world.complete()
    certificate = world.issue(language="kl")

    found = read_pdf(bytes(certificate.file.pdf))

    assert "har gennemført" in found["text"]
    assert "Det, der ikke er oversat endnu, står på dansk." in found["text"]
    assert found["qr"] == [f"http://localhost:8000/kl/bevis/{certificate.code}/"]


def test_every_letter_of_kalaallisut_is_in_the_font(world):
    world.learner.name = "ĸ ĸ â ê î ô û ã ẽ ĩ ũ á é í ó ú æ ø å"
    world.learner.save()
    world.complete()

    assert world.learner.name in read_pdf(bytes(world.issue().file.pdf))["text"]


def test_the_same_content_is_drawn_to_the_same_bytes(certificate):
    again = Certificate.objects.get()

    assert draw(certificate) == draw(again) == bytes(certificate.file.pdf)


# --- Who gets it ----------------------------------------------------------------------------------


def test_the_holder_presses_once_downloads_twice_and_gets_the_same_bytes(client, world):
    world.complete()
    client.force_login(world.learner.user)
    address = reverse("courses:course-certificate", args=[world.course.pk])
    assert "Få beviset" in words(client.get(address))

    answer = client.post(address)
    own = Certificate.objects.get()
    first, second = (client.get(f"/da/laering/beviser/{own.pk}/pdf/") for _time in range(2))

    assert answer.url == f"/da/laering/beviser/{own.pk}/"
    assert first.content == second.content == bytes(own.file.pdf)
    assert first["Content-Type"] == "application/pdf"
    assert first["Content-Disposition"] == (
        'attachment; filename="kursusbevis-underretninger-ua.pdf"'
    )
    assert first["Cache-Control"] == "private, no-store"
    assert own.spelled_code in words(client.get(answer.url))


def test_the_page_of_a_course_says_what_is_left(client, world):
    mark_read(world.plain, world.learner, at=AT)
    client.force_login(world.learner.user)
    address = reverse("courses:course-certificate", args=[world.course.pk])

    shown = words(client.get(address))
    client.post(address)

    assert "Læs alle lektioner 1 mangler" in shown
    assert "Bestå alle quizzer 1 mangler" in shown
    assert "Få beviset" not in shown
    assert not Certificate.objects.exists()


@pytest.mark.parametrize("role", ["caseworker", "mentor", "leader", "coordinator", "administrator"])
@pytest.mark.parametrize("view", ["certificate", "certificate-file"])
def test_nobody_else_opens_it(client, certificate, role, view):
    client.force_login(make_person(make_role(role)).user)

    assert client.get(reverse(f"courses:{view}", args=[certificate.pk])).status_code == 404


@pytest.mark.parametrize("how_many", [1, 20])
def test_the_list_takes_the_same_queries_for_one_and_for_many(
    client, world, certificate, how_many, django_assert_max_num_queries
):
    for _number in range(how_many - 1):
        Certificate.objects.filter(pk=certificate.pk).update(replaced_at=AT)
        certificate.pk, certificate.code = uuid.uuid4(), new_code()
        certificate.completed_id = uuid.uuid4()
        certificate.save(force_insert=True)
    client.force_login(world.learner.user)
    client.get("/da/laering/beviser/")

    with django_assert_max_num_queries(5) as taken:
        answer = client.get("/da/laering/beviser/")

    assert len(page(answer).select(".task-list > li")) == how_many
    assert len(taken) == 4


def test_without_a_certificate_the_list_is_a_beginning(client, world):
    client.force_login(world.learner.user)

    assert "ingen beviser endnu" in words(client.get("/da/laering/beviser/"))


# --- The public check -----------------------------------------------------------------------------

CHECK = "/da/bevis/"


@pytest.fixture
def valid(certificate):
    """A certificate that is valid on the present day."""
    today = timezone.localdate()
    ends = today + 700 * DAY
    Certificate.objects.filter(pk=certificate.pk).update(
        issued_at=timezone.now() - DAY, issued_on=today, ends_on=ends, expires_on=ends
    )
    return Certificate.objects.get(pk=certificate.pk)


def test_the_page_says_only_what_is_needed(client, world, valid):
    answer = client.get(f"{CHECK}{valid.code}/")
    shown = words(answer)

    assert "Gælder" in shown
    assert "Á. ĸ. D." in shown
    for hidden in ("Kristiansen", "ĸristiansen", "Høre barnet", world.learner.email, str(valid.pk)):
        assert hidden not in answer.content.decode()
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cache-Control"] == "private, no-store"


def test_the_name_is_shown_where_the_holder_allows_it(client, world, valid):
    client.force_login(world.learner.user)
    client.post(f"/da/laering/beviser/{valid.pk}/", {"shows_name": "on", "reminds": "on"})
    client.logout()

    assert "Ánê ĸristiansen Demo" in words(client.get(f"{CHECK}{valid.code}/"))


@pytest.mark.parametrize(
    ("change", "state"),
    [
        ({}, "Udløbet"),
        ({"replaced_at": AT}, "Erstattet af et nyere"),
        ({"revoked_at": AT, "revoked_for": "mistake"}, "Tilbagekaldt"),
    ],
)
def test_what_is_not_valid_says_so(client, valid, change, state):
    today = timezone.localdate()
    Certificate.objects.filter(pk=valid.pk).update(
        issued_on=today - 700 * DAY, ends_on=today, expires_on=today, **change
    )

    shown = words(client.get(f"{CHECK}{valid.code}/"))

    assert state in shown
    assert ("Gælder til" in shown) == (state == "Udløbet")


@pytest.mark.parametrize("spelled", ["{0}", "{0} ", "{1}", "{2}"])
def test_a_code_is_typed_in_any_spelling_and_stays_out_of_the_address(client, valid, spelled):
    code = spelled.format(
        valid.spelled_code, valid.code.lower(), valid.spelled_code.replace("-", " ")
    )

    answer = client.post(CHECK, {"code": code})

    assert answer.status_code == 200
    assert "Gælder" in words(answer)


@pytest.mark.parametrize(
    ("sent", "status", "said"),
    [({"code": ""}, 422, "Skriv koden, eller vælg PDF-filen."),
     ({"code": "ABC"}, 422, "En kode har 16 bogstaver"),
     ({"code": "BCDF-GHJK-LMNP-QRST"}, 404, "Vi kender intet bevis")],
)  # fmt: skip
def test_what_is_no_code_is_said(client, certificate, sent, status, said):
    answer = client.post(CHECK, sent)

    assert answer.status_code == status
    assert said in words(answer)


@pytest.mark.parametrize("code", ["BCDFGHJKLMNPQRST", "findes-ikke", "1234"])
def test_an_unknown_code_in_the_address_is_not_there(client, certificate, code):
    assert client.get(f"{CHECK}{code}/").status_code == 404


def upload(content):
    return SimpleUploadedFile("bevis.pdf", content, content_type="application/pdf")


def test_the_genuine_file_is_known_and_an_altered_one_is_found_out(client, valid):
    pdf = bytes(valid.file.pdf)
    altered = pdf[:-20] + bytes([pdf[-20] ^ 1]) + pdf[-19:]

    genuine = client.post(CHECK, {"file": upload(pdf)})
    forged = client.post(CHECK, {"file": upload(altered)})
    forged_with_code = client.post(CHECK, {"file": upload(altered), "code": valid.spelled_code})

    assert "Filen er, som vi udstedte den" in words(genuine)
    assert (genuine.status_code, forged.status_code) == (200, 404)
    for answer in (forged, forged_with_code):
        assert "Filen er ikke, som vi udstedte den" in words(answer)
    assert CertificateFile.objects.count() == 1


@pytest.mark.parametrize("at", range(0, 100, 7))
def test_one_bit_anywhere_in_the_file_is_found_out(client, valid, at):
    pdf = bytearray(bytes(valid.file.pdf))
    pdf[len(pdf) * at // 100] ^= 1

    assert client.post(CHECK, {"file": upload(bytes(pdf))}).status_code == 404


def test_whoever_asks_too_often_waits(client, settings, valid):
    settings.SIDEMAND_CHECK_LIMIT = "3/m/ip"
    cache.clear()

    statuses = [client.get(f"{CHECK}{valid.code}/").status_code for _time in range(4)]

    assert statuses == [200, 200, 200, 429]
    assert client.get(CHECK).status_code == 200  # the form itself is free


def test_the_code_is_never_in_a_log(client, caplog, valid):
    import logging

    from core.logs import PlainFormatter

    with caplog.at_level(logging.INFO):
        client.get(f"{CHECK}{valid.code}/")
        client.post(CHECK, {"code": valid.code})

    lines = [PlainFormatter().format(record) for record in caplog.records]
    assert any("bevis/<str:code>/" in line for line in lines)
    assert not any(valid.code in line or valid.spelled_code in line for line in lines)


def test_codes_are_unguessable_and_never_look_like_a_citizens_number():
    codes = {new_code() for _time in range(2000)}

    assert len(codes) == 2000
    assert all(set(code) <= set(ALPHABET) and len(code) == 16 for code in codes)
    assert not set(ALPHABET) & set("AEIOUYÆØÅ0123456789")
    assert read_code("bcdf ghjk–lmnp.qrst") == "BCDFGHJKLMNPQRST"
    assert read_code("BCDF-GHJK-LMNP-QRSA") is None


# --- Renewing, revoking, expiring -----------------------------------------------------------------


def test_it_is_renewed_when_all_has_been_gone_through_again(world, certificate):
    later = AT + 400 * DAY
    world.answer(at=later)
    assert world.issue(at=later) == certificate  # the lesson without a quiz is not opened again

    mark_read(world.plain, world.learner, at=later)
    newer = world.issue(at=later)
    certificate.refresh_from_db()

    assert newer != certificate
    assert certificate.replaced_by == newer
    assert certificate.state_on(later.date()) == CertificateState.REPLACED
    assert bytes(certificate.file.pdf) != bytes(newer.file.pdf)
    assert world.issue(at=later + DAY) == newer


@pytest.mark.parametrize(("day", "state"), [(14, "valid"), (15, "expired")])
def test_it_is_valid_for_two_years(certificate, day, state):
    assert certificate.state_on(dt.date(2029, 6, day)) == state


def test_it_ends_sixty_days_after_a_rule_behind_it_changes(world, certificate):
    new_version(world.rule.act)
    decision = decide_on(world.rule, "changed", statement_da="Beslut inden for 48 timer.")

    certificate.refresh_from_db()
    assert certificate.expires_on == NEW_LAW + 60 * DAY

    take_back_decision(decision, at=DECIDED + DAY, by=None)

    certificate.refresh_from_db()
    assert certificate.expires_on == dt.date(2029, 6, 15)


@pytest.mark.parametrize("kind", ["unchanged", "other rule"])
def test_it_stays_when_nothing_behind_it_changed(world, certificate, kind):
    rule = world.rule if kind == "unchanged" else make_rule()
    new_version(world.rule.act)
    if kind == "unchanged":
        decide_on(rule, "unchanged")
    else:
        decide_on(rule, "changed", statement_da="Noget helt andet.")

    certificate.refresh_from_db()
    assert certificate.expires_on == dt.date(2029, 6, 15)


def test_only_the_difference_is_learnt_to_renew_it_after_a_change(world, certificate):
    new_version(world.rule.act)
    decide_on(world.rule, "changed", statement_da="Beslut inden for 48 timer.")
    after = DECIDED + DAY
    changes = [key for one in changes_for(world.learner) for key in one.decisions]
    mark_changes_seen(world.learner, changes, at=after)
    assert world.issue(at=after) == certificate  # its quiz is still to be passed

    world.answer(at=after)
    newer = world.issue(at=after)

    assert newer != certificate
    assert newer.expires_on == dt.date(2029, 9, 7)


def test_a_revoked_certificate_is_not_worth_anything_and_a_new_one_can_be_issued(
    world, certificate
):
    admin = make_person(make_role("administrator"))
    revoked = revoke_certificate(
        certificate, reason="mistake", by=admin, user=admin.user, at=AT + DAY
    )
    with pytest.raises(LearningRefused) as refusal:
        revoke_certificate(certificate, reason="mistake", by=admin, user=admin.user, at=AT + DAY)

    assert revoked.state_on(ISSUED) == CertificateState.REVOKED
    assert code_of(refusal) == "revoked"
    assert AccessLog.objects.get(action="revoke_certificate").record_id == str(certificate.pk)
    assert world.issue(at=AT + 2 * DAY) != certificate


# --- Reminders ------------------------------------------------------------------------------------

EXPIRES = dt.datetime(2029, 6, 15, 15, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("days_before", "mails"), [(31, 0), (30, 1), (8, 1), (7, 1), (1, 1), (0, 0), (-5, 0)]
)
def test_the_holder_is_reminded_in_the_last_thirty_days(
    certificate, mailoutbox, django_capture_on_commit_callbacks, days_before, mails
):
    with django_capture_on_commit_callbacks(execute=True):
        remind_of_certificates(EXPIRES - days_before * DAY)

    assert len(mailoutbox) == mails


def test_a_reminder_comes_once_at_thirty_and_once_at_seven_days(
    world, certificate, mailoutbox, django_capture_on_commit_callbacks
):
    for days_before in range(40, -3, -1):
        with django_capture_on_commit_callbacks(execute=True):
            look_at_certificates(EXPIRES - days_before * DAY)

    assert [mail.subject for mail in mailoutbox] == ["Dit bevis udløber snart"] * 2
    assert "gælder til og med 14. juni 2029" in mailoutbox[0].body
    assert f"/da/laering/beviser/{certificate.pk}/" in mailoutbox[0].body
    assert SentMail.objects.count() == 2


def test_reminders_are_stopped_with_a_box(
    client, world, certificate, mailoutbox, django_capture_on_commit_callbacks
):
    client.force_login(world.learner.user)
    client.post(f"/da/laering/beviser/{certificate.pk}/", {})

    with django_capture_on_commit_callbacks(execute=True):
        remind_of_certificates(EXPIRES - 5 * DAY)

    certificate.refresh_from_db()
    assert (certificate.reminds, certificate.shows_name) == (False, False)
    assert mailoutbox == []


def test_the_start_page_says_it_too(client, world, certificate):
    today = timezone.localdate()
    Certificate.objects.update(issued_on=today - DAY, expires_on=today + 10 * DAY,
                               ends_on=today + 10 * DAY)  # fmt: skip
    client.force_login(world.learner.user)

    assert "Dit bevis udløber" in words(client.get("/da/start/"))


def test_a_png_is_not_taken_for_a_certificate(client, certificate):
    assert (
        client.post(CHECK, {"file": upload(io.BytesIO(b"\x89PNG").getvalue())}).status_code == 404
    )


# --- As an Open Badge -----------------------------------------------------------------------------


@pytest.fixture
def badge_key(settings):
    key = Ed25519PrivateKey.generate()
    settings.SIDEMAND_BADGE_KEY = key.private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    ).decode()
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def test_the_badge_is_verified_by_another_library(client, world, valid, badge_key):
    client.force_login(world.learner.user)

    answer = client.get(f"/da/laering/beviser/{valid.pk}/badge/")
    badge = OB3Verifier(badge_key).verify(answer.content.decode())

    assert answer["Content-Type"] == "application/vc+jwt"
    assert badge.achievement.name == "Underretninger ĸûâ"
    assert badge.id == f"http://localhost:8000/da/bevis/{valid.code}/"
    assert badge.identifiers[0].identity_hash == world.learner.name
    assert badge.expiration_date.date() == valid.expires_on
    assert world.learner.email not in str(badge.raw)


def test_an_altered_badge_is_refused(client, world, valid, badge_key):
    client.force_login(world.learner.user)
    token = client.get(f"/da/laering/beviser/{valid.pk}/badge/").content.decode()
    head, payload, signature = token.split(".")
    forged = jwt.utils.base64url_encode(
        jwt.utils.base64url_decode(payload).replace(b"Course", b"Degree")
    ).decode()

    with pytest.raises(OB3VerificationError):
        OB3Verifier(badge_key).verify(f"{head}.{forged}.{signature}")


@pytest.mark.usefixtures("badge_key")
@pytest.mark.parametrize("missing", ["key", "own", "revoked"])
def test_there_is_no_badge_without_a_key_of_others_or_revoked(
    client, world, valid, settings, missing
):
    who = world.learner
    if missing == "key":
        settings.SIDEMAND_BADGE_KEY = ""
    elif missing == "own":
        who = make_person(make_role("mentor"))
    else:
        Certificate.objects.filter(pk=valid.pk).update(revoked_at=AT, revoked_for="mistake")
    client.force_login(who.user)

    assert client.get(f"/da/laering/beviser/{valid.pk}/badge/").status_code == 404
