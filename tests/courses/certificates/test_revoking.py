"""A certificate is revoked with a reason, its holder is told, and for a month it can be undone."""

import datetime as dt
import uuid
from contextlib import nullcontext

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from core.models import AccessLog
from courses.actions import LearningRefused, mark_read
from courses.actions.certificates import give_back_certificate, revoke_certificate
from courses.certificates.codes import new_code
from courses.models import Certificate, CertificateState
from people.models import Role
from people.permissions import standing_of
from tests.courses.certificates.world import DAY, ISSUED, code_of, page, words
from tests.factories.courses import AT
from tests.factories.people import make_person, make_role, make_town

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("base")]

NOTE = "Quizzen blev taget af en anden."


@pytest.fixture
def coordinator():
    return make_person(
        make_role("coordinator", make_town().municipality), name="Koordinator Demo 1"
    )


@pytest.fixture
def by(coordinator):
    """The standing of the coordinator of the holder's municipality."""
    return standing_of(coordinator.user, at=AT)


def revoke(certificate, by, *, reason="mistake", note="", at=AT + DAY):
    return revoke_certificate(certificate, reason=reason, note=note, by=by, at=at)


# --- What it does -----------------------------------------------------------------------------


def test_it_is_worth_nothing_and_says_when_by_whom_and_why(coordinator, by, certificate):
    revoked = revoke(certificate, by, reason="not_earned", note=NOTE)

    assert revoked.state_on(ISSUED) == CertificateState.REVOKED
    assert (revoked.revoked_at, revoked.revoked_by) == (AT + DAY, coordinator)
    assert (revoked.revoked_for, revoked.revoked_note) == ("not_earned", NOTE)
    assert list(AccessLog.objects.values_list("action", "actor", "record_id")) == [
        ("revoke_certificate", coordinator.user.pk, str(certificate.pk))
    ]


def test_a_second_press_changes_nothing(by, certificate):
    revoke(certificate, by)

    with pytest.raises(LearningRefused) as refusal:
        revoke(certificate, by, reason="identity", at=AT + 2 * DAY)

    certificate.refresh_from_db()
    assert code_of(refusal) == "revoked"
    assert (certificate.revoked_at, certificate.revoked_for) == (AT + DAY, "mistake")
    assert AccessLog.objects.count() == 1


@pytest.mark.parametrize(
    "fields",
    [{"revoked_at": AT}, {"revoked_for": "mistake"}, {"revoked_note": NOTE}],
)
def test_the_database_wants_a_moment_and_a_reason(certificate, fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        Certificate.objects.filter(pk=certificate.pk).update(**fields)


def test_the_note_names_no_citizen(certificate):
    certificate.revoked_note = "Se sagen om 010190-1234"

    with pytest.raises(ValidationError) as refusal:
        certificate.full_clean()

    assert "revoked_note" in refusal.value.error_dict


def test_after_a_mistake_a_new_one_is_had_at_once(world, by, certificate):
    revoke(certificate, by)

    assert world.issue(at=AT + 2 * DAY) != certificate


def test_what_was_not_earned_is_gone_through_again_first(world, by, certificate):
    revoke(certificate, by, reason="not_earned")
    with pytest.raises(LearningRefused) as refusal:
        world.issue(at=AT + 2 * DAY)
    world.answer(at=AT + 2 * DAY)
    with pytest.raises(LearningRefused):  # its other lesson is not opened again
        world.issue(at=AT + 2 * DAY)
    mark_read(world.plain, world.learner, at=AT + 2 * DAY)

    assert code_of(refusal) == "again"
    assert world.issue(at=AT + 3 * DAY) != certificate


# --- Who may ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "where"),
    [
        ("coordinator", lambda: make_town("Sisimiut").municipality),
        ("leader", lambda: make_town().municipality),
        ("administrator", lambda: None),
        ("reviewer", lambda: None),
        ("mentor", make_town),
    ],
)
def test_nobody_else_may(certificate, key, where):
    by = standing_of(make_person(make_role(key, where())).user, at=AT)

    with pytest.raises(PermissionDenied):
        revoke(certificate, by)
    with pytest.raises(PermissionDenied):
        give_back_certificate(certificate, by=by, at=AT)

    certificate.refresh_from_db()
    assert certificate.revoked_at is None


def test_nobody_revokes_ones_own(world, certificate):
    role = make_role("coordinator", make_town().municipality)
    role.person = world.learner
    role.save()

    with pytest.raises(PermissionDenied):
        revoke(certificate, standing_of(world.learner.user, at=AT))


def test_a_superuser_may_not_by_being_one(certificate):
    person = make_person(make_role("administrator"))
    person.user.is_superuser = True
    person.user.save()

    with pytest.raises(PermissionDenied):
        revoke(certificate, standing_of(person.user, at=AT))


def test_on_the_line_of_the_server_anyones_is_revoked_and_given_back(world, certificate, capsys):
    Role.objects.all().delete()  # nobody coordinates the holder any more

    call_command("revoke_certificate", certificate.spelled_code, "identity")
    certificate.refresh_from_db()
    assert certificate.revoked_for == "identity"
    with pytest.raises(CommandError):
        call_command("revoke_certificate", certificate.spelled_code, "identity")
    call_command("revoke_certificate", certificate.spelled_code, undo=True)

    certificate.refresh_from_db()
    assert certificate.revoked_at is None
    assert AccessLog.objects.filter(actor=None).count() == 2
    with pytest.raises(CommandError):
        call_command("revoke_certificate", certificate.spelled_code)


# --- Undoing it -------------------------------------------------------------------------------


@pytest.mark.parametrize(("seconds", "is_given_back"), [(-1, True), (0, False)])
def test_it_can_be_undone_for_thirty_days(by, certificate, seconds, is_given_back):
    revoke(certificate, by, note=NOTE, at=AT)
    at = AT + 30 * DAY + dt.timedelta(seconds=seconds)

    with nullcontext() if is_given_back else pytest.raises(LearningRefused) as refusal:
        give_back_certificate(certificate, by=by, at=at)

    certificate.refresh_from_db()
    assert (certificate.revoked_at is None) == is_given_back
    assert (certificate.revoked_note == "") == is_given_back
    assert is_given_back or code_of(refusal) == "late"


def test_it_is_as_if_it_had_never_been_but_for_the_log(world, by, certificate):
    revoke(certificate, by, reason="not_earned", note=NOTE)
    give_back_certificate(certificate, by=by, at=AT + 2 * DAY)
    give_back_certificate(certificate, by=by, at=AT + 2 * DAY)  # sent twice

    certificate.refresh_from_db()
    assert certificate.state_on(ISSUED) == CertificateState.VALID
    assert world.issue(at=AT + 3 * DAY) == certificate
    assert list(AccessLog.objects.order_by("pk").values_list("action", flat=True)) == [
        "revoke_certificate",
        "give_back_certificate",
    ]


def test_it_is_not_given_back_beside_a_newer_one(world, by, certificate):
    revoke(certificate, by)
    world.issue(at=AT + 2 * DAY)

    with pytest.raises(LearningRefused) as refusal:
        give_back_certificate(certificate, by=by, at=AT + 3 * DAY)

    assert code_of(refusal) == "newer"
    assert Certificate.objects.current().count() == 1


def test_a_replaced_one_is_given_back_as_replaced(world, by, certificate):
    later = AT + 400 * DAY
    mark_read(world.plain, world.learner, at=later)
    world.answer(at=later)
    newer = world.issue(at=later)
    revoke(certificate, by, at=later)

    given = give_back_certificate(certificate, by=by, at=later + DAY)

    assert given.state_on(later.date()) == CertificateState.REPLACED
    assert list(Certificate.objects.current()) == [newer]


# --- What everybody is told -------------------------------------------------------------------


def test_the_holder_is_told_and_the_note_stands_in_no_mail(
    world, by, certificate, mailoutbox, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        revoke(certificate, by, reason="not_earned", note=NOTE)
    with django_capture_on_commit_callbacks(execute=True):
        give_back_certificate(certificate, by=by, at=AT + 2 * DAY)

    revoked, given = mailoutbox
    assert (revoked.subject, given.subject) == (
        "Dit bevis er tilbagekaldt",
        "Dit bevis gælder igen",
    )
    assert "Indehaveren har ikke gjort det, det siger" in revoked.body
    assert f"/da/laering/beviser/{certificate.pk}/" in revoked.body
    for mail in mailoutbox:
        assert mail.to == [world.learner.email]
        assert NOTE not in mail.body + str(mail.alternatives)
        assert certificate.code not in mail.body


def test_the_check_page_says_that_it_is_revoked_and_when(client, by, certificate):
    revoke(certificate, by, reason="not_earned", note=NOTE)

    answer = client.get(f"/da/bevis/{certificate.code}/")

    assert "Tilbagekaldt 16. juni 2027" in words(answer)
    assert "Gælder" not in words(answer)
    for hidden in (NOTE, "Koordinator", "Indehaveren har ikke"):
        assert hidden not in answer.content.decode()


def test_the_holder_reads_when_by_whom_and_why(client, world, by, certificate):
    revoke(certificate, by, reason="not_earned", note=NOTE)
    client.force_login(world.learner.user)

    own = words(client.get(f"/da/laering/beviser/{certificate.pk}/"))
    left = words(client.get(reverse("courses:course-certificate", args=[world.course.pk])))

    assert "af Koordinator Demo 1" in own
    assert NOTE in own
    assert "Gå det hele igennem igen" in own
    assert "Dit bevis er tilbagekaldt" in left
    assert "Få beviset" not in left


@pytest.mark.parametrize(("days", "is_told"), [(29, True), (31, False)])
def test_the_start_page_tells_it_for_a_month(client, world, certificate, days, is_told):
    Certificate.objects.update(
        revoked_at=timezone.now() - days * DAY, revoked_for="mistake", reminds=False
    )
    client.force_login(world.learner.user)

    shown = words(client.get("/da/start/"))

    assert ("Dit bevis er tilbagekaldt" in shown) == is_told


# --- The coordinator's page -------------------------------------------------------------------


def test_a_coordinator_revokes_and_gives_back_on_the_page(client, world, coordinator, valid):
    client.force_login(coordinator.user)
    learner = page(client.get(reverse("courses:learner", args=[world.learner.pk])))
    address = learner.find("a", string="Underretninger ĸûâ")["href"]
    shown = client.get(address)
    refused = client.post(address, {"note": NOTE})

    answer = client.post(address, {"reason": "not_earned", "note": NOTE}, follow=True)
    valid.refresh_from_db()

    assert address == f"/da/laering/overblik/bevis/{valid.pk}/"
    assert valid.code not in shown.content.decode()
    assert valid.spelled_code not in shown.content.decode()
    assert (refused.status_code, NOTE in refused.content.decode()) == (422, True)
    assert (valid.revoked_for, valid.revoked_note) == ("not_earned", NOTE)
    assert "Beviset er tilbagekaldt" in answer.content.decode()

    client.post(page(answer).main.find("form")["action"])
    valid.refresh_from_db()
    assert valid.revoked_at is None


def test_an_identity_is_refused_at_the_field_and_kept_nowhere(client, coordinator, valid):
    client.force_login(coordinator.user)

    answer = client.post(
        f"/da/laering/overblik/bevis/{valid.pk}/",
        {"reason": "mistake", "note": "Det var 010190-1234"},
    )

    valid.refresh_from_db()
    assert answer.status_code == 422
    assert valid.revoked_at is None


@pytest.mark.parametrize("role", ["caseworker", "mentor", "leader", "administrator"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_for_others_the_page_is_not_there(client, valid, role, method):
    client.force_login(make_person(make_role(role)).user)

    for name in ("overseen-certificate", "give-back"):
        answer = getattr(client, method)(reverse(f"courses:{name}", args=[valid.pk]))
        assert answer.status_code in {403, 404, 405}

    valid.refresh_from_db()
    assert valid.revoked_at is None


@pytest.mark.parametrize("how_many", [1, 20])
def test_a_learners_page_takes_the_same_queries_with_many_certificates(
    client, coordinator, valid, how_many, django_assert_num_queries
):
    holder = valid.person_id
    for _number in range(how_many - 1):
        valid.pk, valid.code, valid.completed_id = uuid.uuid4(), new_code(), uuid.uuid4()
        valid.save(force_insert=True)
    client.force_login(coordinator.user)
    address = reverse("courses:learner", args=[holder])
    client.get(address)

    # session with account, roles; person; log; paths; rounds; courses; certificates; menu
    with django_assert_num_queries(8):
        answer = client.get(address)

    assert len(page(answer).select('a[href*="/overblik/bevis/"]')) == how_many
