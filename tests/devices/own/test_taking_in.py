"""The file of what could not be sent: taken in for whom it may be, as often as one likes, once."""

import json
import uuid
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation

from core.models import AccessLog
from courses.models import LessonProgress
from devices import actions, outbox, taking_in
from devices.actions import DeviceRefused
from devices.models import Device, Record
from devices.own.reasons import said
from devices.permissions import may_take_in, unsent_of_others
from devices.taking_in import Line, Outcome, take_in
from mentoring.actions import log_session
from mentoring.models import Pairing, Session, SessionVersion
from notices.models import Notice
from people.models import Person, Role
from people.permissions import Standing, standing_on
from tests.devices.own.conftest import AT, Sealed, session_letter, wrap
from tests.factories import people as people_factory
from tests.factories.courses import make_course, make_learner, make_lesson, make_module
from tests.factories.mentoring import make_pairing, mentor_of
from tests.factories.people import make_role, make_town

pytestmark = pytest.mark.django_db
CANARY = "Kanariefuglen sang om kvitteringen"


def make_person(*roles: Role) -> Person:
    """Somebody outside the pairing, whose address is nobody else's."""
    return people_factory.make_person(*roles, email=f"{uuid.uuid4().hex}@example.org")


@pytest.fixture
def pairing() -> Pairing:
    return make_pairing()


@pytest.fixture
def mentor(pairing: Pairing) -> Person:
    return mentor_of(pairing)


@pytest.fixture
def theirs(server_key, mentor: Person) -> Sealed:
    """The mentor's browser, which the server knows."""
    sealed = Sealed(mentor)
    sealed.register()
    return sealed


def standing_of(person: Person) -> Standing:
    return standing_on(person.user, AT.date())


@pytest.fixture
def coordinator(pairing: Pairing) -> Person:
    return make_person(make_role("coordinator", pairing.place))


def letter(pairing: Pairing, mentor: Person, **changes: object) -> dict:
    return session_letter(pairing, mentor, **changes)


def outcomes(report) -> list[Outcome]:
    return [line.outcome for line in report.lines]


def test_a_coordinator_takes_in_what_a_mentor_could_not_send(theirs, pairing, mentor, coordinator):
    letters = [letter(pairing, mentor, content={"went_well": CANARY}) for _ in range(3)]
    file = theirs.file(*map(theirs.seal, letters))

    report = take_in(file, by=standing_of(coordinator), at=AT)

    assert outcomes(report) == [Outcome.RECEIVED] * 3
    assert (report.received_count, report.known_count, report.refused_count) == (3, 0, 0)
    for one, line in zip(letters, report.lines, strict=True):
        session = Session.objects.get(pk=one["url"].rsplit("/", 1)[1])
        assert session.author == mentor
        assert session.current.content["went_well"] == CANARY
        assert len(line.receipt) == 9
    assert CANARY not in repr(report.lines)
    notice = Notice.objects.get(person=mentor, kind="devices.file_taken_in")
    assert notice.facts == {"received": 3}
    line = AccessLog.objects.get(action="take_file_in")
    assert (line.actor, line.record_id) == (coordinator.user, str(theirs.id))


@pytest.mark.parametrize("refused", [0, 1])
def test_what_came_with_the_file_waits_no_longer(theirs, pairing, mentor, coordinator, refused):
    Device.objects.filter(pk=theirs.id).update(unsent_count=3, oldest_unsent_at=AT)
    letters = [letter(pairing, mentor) for _ in range(3 - refused)]
    letters += [letter(pairing, mentor, content={"minutes": 0}) for _ in range(refused)]

    take_in(theirs.file(*map(theirs.seal, letters)), by=standing_of(coordinator), at=AT)

    device = Device.objects.get(pk=theirs.id)
    assert device.unsent_count == refused
    assert (device.oldest_unsent_at is None) is (refused == 0)


def test_what_was_written_after_the_file_was_made_still_waits(theirs, pairing, mentor, coordinator):
    Device.objects.filter(pk=theirs.id).update(unsent_count=3, oldest_unsent_at=AT)
    file = theirs.file(theirs.seal(letter(pairing, mentor)))

    take_in(file, by=standing_of(coordinator), at=AT)

    assert Device.objects.get(pk=theirs.id).unsent_count == 3


def test_who_takes_a_file_in_is_known_though_it_ends_half_way(
    theirs, pairing, mentor, coordinator, monkeypatch
):
    def killed(*_given: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(taking_in, "_take", killed)

    with pytest.raises(KeyboardInterrupt):
        take_in(
            theirs.file(theirs.seal(letter(pairing, mentor))), by=standing_of(coordinator), at=AT
        )

    assert AccessLog.objects.get(action="take_file_in").actor == coordinator.user


def test_drafts_are_counted_and_never_opened_sent_or_told_of(
    theirs, pairing, mentor, coordinator, monkeypatch
):
    drafts = [theirs.seal({"fields": {"went_well": [CANARY]}}, store="drafts") for _ in range(2)]
    opened = []
    monkeypatch.setattr(taking_in, "_opened", lambda *given: opened.append(given))

    report = take_in(theirs.file(drafts=drafts), by=standing_of(coordinator), at=AT)

    assert (report.draft_count, report.lines, opened) == (2, (), [])
    assert not Session.objects.exists()
    assert not Notice.objects.filter(person=mentor).exists()
    assert AccessLog.objects.filter(action="take_file_in").count() == 1


def test_a_draft_passes_for_no_record(theirs, pairing, mentor, coordinator):
    draft = theirs.seal(letter(pairing, mentor), store="drafts")

    report = take_in(theirs.file(draft), by=standing_of(coordinator), at=AT)

    assert [line.reason for line in report.lines] == ["unreadable"]


def test_the_same_file_again_and_what_the_device_sends_later_double_nothing(
    theirs, pairing, mentor, coordinator, browse
):
    sent = letter(pairing, mentor)
    file = theirs.file(theirs.seal(sent))
    first = take_in(file, by=standing_of(coordinator), at=AT)

    again = take_in(file, by=standing_of(coordinator), at=AT + timedelta(days=1))
    later = browse(mentor).put(
        sent["url"], json.dumps(sent["body"]), content_type="application/json"
    )

    assert outcomes(again) == [Outcome.KNOWN]
    assert again.lines[0].receipt == first.lines[0].receipt
    assert (later.status_code, later.json()["code"]) == (200, first.lines[0].receipt)
    assert SessionVersion.objects.count() == Session.objects.count() == 1


@pytest.mark.usefixtures("base")
def test_records_of_other_kinds_come_in_too(server_key, monkeypatch):
    from courses import access

    monkeypatch.setattr(access, "_gates", [])  # the lesson has no page here
    learner = make_learner()
    lesson = make_lesson(make_module(make_course()))
    sealed = Sealed(learner)
    sealed.register()
    body = {"kind": "lesson-read", "subject": str(lesson.pk), "content": {}, "made_at": str(AT)}
    sent = {"method": "PUT", "url": f"/api/v1/records/{uuid.uuid4()}", "body": body}
    file = sealed.file(sealed.seal(sent))

    first, again = (take_in(file, by=standing_of(learner), at=AT) for _ in range(2))

    assert (outcomes(first), outcomes(again)) == ([Outcome.RECEIVED], [Outcome.KNOWN])
    assert LessonProgress.objects.get(lesson=lesson, person=learner).read_at is not None
    assert Record.objects.count() == 1


def test_one_that_is_refused_stops_none_of_the_others(theirs, pairing, mentor, coordinator):
    number = "-".join(["010290", "1234"])
    good = letter(pairing, mentor)
    other = session_letter(make_pairing(), mentor)
    records = [
        theirs.seal(letter(pairing, mentor, content={"went_well": f"Om {number}"})),
        theirs.seal(letter(pairing, mentor, content={"minutes": 0})),
        theirs.seal(other),
        theirs.seal(good),
        {**theirs.seal(good), "id": str(uuid.uuid4())},  # another's place
        theirs.seal({**good, "url": "/da/konto/adgangskode/"}),
        theirs.seal({**good, "url": "/api/v1/device/open/"}),
        theirs.seal({**good, "url": "nowhere"}),
        theirs.seal({**good, "method": "DELETE"}),
        theirs.seal(["no letter"]),
        theirs.seal({**good, "body": None}),
        {"id": str(uuid.uuid4()), "sealed": ""},
    ]

    report = take_in(theirs.file(*records), by=standing_of(coordinator), at=AT)

    assert [line.reason for line in report.lines] == [
        "cpr_like",
        "invalid",
        "not_found",
        "",
        *["unreadable"] * 6,
        "malformed",
        "unreadable",
    ]
    assert (report.received_count, report.refused_count) == (1, 11)
    assert Session.objects.count() == 1


def test_one_that_the_server_fails_on_stops_none_of_the_others(
    theirs, pairing, mentor, coordinator, monkeypatch
):
    broken, good = letter(pairing, mentor), letter(pairing, mentor)
    real = log_session

    def fails(*given, session_id, **more):
        if str(session_id) in broken["url"]:
            raise RuntimeError
        return real(*given, session_id=session_id, **more)

    monkeypatch.setattr("mentoring.api.views.log_session", fails)
    records = [theirs.seal(broken), theirs.seal(good)]

    report = take_in(theirs.file(*records), by=standing_of(coordinator), at=AT)

    assert [line.reason for line in report.lines] == ["server", ""]
    assert Session.objects.count() == 1


def test_two_edits_of_one_session_stand_beside_each_other(theirs, pairing, mentor, coordinator):
    first = letter(pairing, mentor)
    ours, other = (
        {
            **first,
            "body": {
                **first["body"],
                "version": str(uuid.uuid4()),
                "parent": first["body"]["version"],
                "content": {**first["body"]["content"], "went_well": text},
            },
        }
        for text in ("Den ene", "Den anden")
    )

    report = take_in(
        theirs.file(*map(theirs.seal, [first, ours, other])), by=standing_of(coordinator), at=AT
    )

    assert outcomes(report) == [Outcome.RECEIVED, Outcome.RECEIVED, Outcome.BESIDE]
    assert SessionVersion.objects.count() == 3
    again = take_in(
        theirs.file(*map(theirs.seal, [first, ours, other])), by=standing_of(coordinator), at=AT
    )
    assert outcomes(again) == [Outcome.KNOWN, Outcome.KNOWN, Outcome.BESIDE]
    assert SessionVersion.objects.count() == 3


def test_only_whoever_looks_after_the_owner_and_the_owner_take_it_in(theirs, pairing, mentor):
    file = theirs.file(theirs.seal(letter(pairing, mentor)))
    strangers = [
        make_person(make_role("coordinator", make_town("Sisimiut"))),
        make_person(make_role("mentor", pairing.place)),
        make_person(make_role("leader", pairing.place)),
        make_person(),
    ]
    for stranger in strangers:
        with pytest.raises(DeviceRefused) as refusal:
            take_in(file, by=standing_of(stranger), at=AT)
        assert refusal.value.code == "not_found"
    assert not Session.objects.exists()

    assert take_in(file, by=standing_of(mentor), at=AT).received_count == 1
    told = Notice.objects.filter(kind="devices.file_taken_in")
    assert not told.exists()  # they did it themselves
    administrator = make_person(make_role("administrator"))
    assert take_in(file, by=standing_of(administrator), at=AT).known_count == 1


@pytest.mark.parametrize(("days", "is_theirs"), [(89, True), (91, False)])
def test_whoever_left_the_town_long_ago_is_looked_after_there_no_more(
    theirs, mentor, coordinator, days, is_theirs
):
    Device.objects.filter(pk=theirs.id).update(unsent_count=1, oldest_unsent_at=AT)
    left = AT.date() - timedelta(days=days)
    for period in (*mentor.roles.all(), *mentor.affiliations.all()):
        period.starts_on, period.ends_on = left - timedelta(days=30), left
        period.save()

    by = standing_of(coordinator)
    assert unsent_of_others(by).exists() is is_theirs
    assert may_take_in(by, Device.objects.get(pk=theirs.id)) is is_theirs


def test_a_device_that_is_not_known_says_the_same_as_one_of_strangers(server_key, mentor):
    unknown = Sealed(mentor)
    with pytest.raises(DeviceRefused) as refusal:
        take_in(unknown.file(), by=standing_of(mentor), at=AT)

    assert refusal.value.code == "not_found"


def test_what_somebody_else_sealed_in_the_owners_name_is_refused(theirs, pairing, mentor):
    """Wrapping needs the public key alone. The fingerprint of the device's own key says no."""
    forger = Sealed(mentor)
    forger.id = theirs.id
    forger.wrapped = wrap(forger.key, mentor, theirs.id)

    with pytest.raises(DeviceRefused) as refusal:
        take_in(forger.file(forger.seal(letter(pairing, mentor))), by=standing_of(mentor), at=AT)

    assert refusal.value.code == "unopened"
    assert not Session.objects.exists()


def test_a_device_that_was_shut_out_is_told_apart(theirs, pairing, mentor, coordinator):
    from devices.models import Device

    file = theirs.file(theirs.seal(letter(pairing, mentor)))
    device = Device.objects.get()
    actions.shut_out(device, at=AT)

    with pytest.raises(DeviceRefused) as refusal:
        take_in(file, by=standing_of(coordinator), at=AT)
    assert refusal.value.code == "revoked"

    actions.let_in_again(device, at=AT)
    assert take_in(file, by=standing_of(coordinator), at=AT).received_count == 1


def test_what_is_written_before_an_account_was_closed_still_comes_in(
    theirs, pairing, mentor, coordinator
):
    mentor.user.is_active = False
    mentor.user.save()

    file = theirs.file(theirs.seal(letter(pairing, mentor)))

    assert take_in(file, by=standing_of(coordinator), at=AT).received_count == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"format": "sidemand-unsent/2"},
        {"device": "x"},
        {"wrapped": "ø"},
        {"records": None},
        {"records": [{}]},
        {"records": [{"id": "x", "sealed": ""}]},
        {"records": [[]]},
    ],
)
def test_what_is_no_file_of_a_device_is_refused(theirs, mentor, changes):
    with pytest.raises(DeviceRefused) as refusal:
        take_in(theirs.file(**changes), by=standing_of(mentor), at=AT)

    assert refusal.value.code == "malformed"


@pytest.mark.parametrize(
    "file", [b"", b"{", b"[]", b"null", b"\xff\xfe", b"\0" * 200, b"[" * 9999], ids=range(7)
)
def test_what_is_no_json_is_refused(theirs, mentor, file):
    with pytest.raises(DeviceRefused) as refusal:
        take_in(file, by=standing_of(mentor), at=AT)

    assert refusal.value.code == "malformed"


def test_more_records_than_any_device_holds_are_refused(theirs, mentor, monkeypatch):
    monkeypatch.setattr(taking_in, "MOST_RECORDS", 1)
    one = theirs.seal({})
    assert take_in(theirs.file(one), by=standing_of(mentor), at=AT).refused_count == 1

    with pytest.raises(DeviceRefused):
        take_in(theirs.file(one, one), by=standing_of(mentor), at=AT)


# --- The page -------------------------------------------------------------------------------------


def upload(client, file: bytes):
    sent = SimpleUploadedFile("sidemand-2026-02-01.sidemand", file)
    return client.post(reverse("own_devices:take-in"), {"file": sent})


def test_the_page_tells_what_became_of_each_and_never_what_it_says(
    theirs, pairing, mentor, coordinator, browse
):
    number = "-".join(["010290", "1234"])
    records = [
        theirs.seal(letter(pairing, mentor, content={"went_well": CANARY})),
        theirs.seal(letter(pairing, mentor, content={"went_well": f"Om {number}"})),
    ]

    response = upload(browse(coordinator), theirs.file(*records))

    page = response.content.decode()
    session = Session.objects.get()
    assert response.status_code == 200
    assert mentor.name in page
    assert page.count("Modtaget") == 2  # how many, and the one
    assert CANARY not in page
    assert number not in page
    assert session.current.content["went_well"] == CANARY


@pytest.mark.parametrize("file", [b"", b"{}", b"x" * 100])
def test_the_page_says_at_the_field_what_is_wrong(theirs, mentor, browse, file):
    response = upload(browse(mentor), file)

    assert response.status_code == 422
    assert response.context["form"].errors.keys() == {"file"}


def test_a_file_beyond_the_limit_is_not_read(theirs, mentor, browse, monkeypatch):
    from devices.own import forms

    monkeypatch.setattr(forms, "MOST_BYTES", 10)

    assert upload(browse(mentor), b"x" * 11).status_code == 422


@pytest.mark.parametrize("code", ["not_member", "stay_ended", "moved"])
def test_what_a_period_forbids_sends_nobody_in_a_circle(code):
    """A file meets the same refusal; another period lets it in, and its taker reads why."""
    with translation.override("en"):
        _why, todo = outbox.reasons()[code]
        told, unknown = (said(Line(1, Outcome.REFUSED, reason=one)) for one in (code, "?"))
    assert "period" in todo
    assert "file" not in todo
    assert told != unknown
