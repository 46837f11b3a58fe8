"""A report from draft to frozen: who may, what is told, and what never changes afterwards."""

import uuid
from datetime import timedelta
from importlib import import_module

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction

from cooperation.models import HalfYearReport, ReportComment, ReportWords
from cooperation.reports.actions import (
    ReportRefused,
    begin_report,
    comment,
    freeze_report,
    send_round,
    write_words,
)
from cooperation.reports.content import Scope, figure_in
from cooperation.reports.current import before, computed
from cooperation.reports.halves import HalfYear
from cooperation.reports.permissions import readable_reports, writable_reports
from cooperation.reports.showing import show, table
from mentoring.actions import erase_session
from mentoring.models import PairingTag
from notices.models import Notice
from tests.factories.cooperation import make_initiative, make_organisation, standing
from tests.factories.mentoring import make_pairing, make_town, people_of
from tests.factories.people import make_person, make_role
from tests.factories.reports import AFTER, HALF, make_coordinator, make_report, make_sessions

pytestmark = pytest.mark.django_db


@pytest.fixture
def upernavik():
    return make_town("Upernavik", "Avannaata Kommunia")


@pytest.fixture
def sisimiut():
    return make_town("Sisimiut", "Qeqqata Kommunia")


def number(content, section, figure, column=None):
    found = figure_in(content, section, figure)
    return found["total"] if column is None else found["cells"].get(str(column.pk))


# --- From draft to frozen -------------------------------------------------------------------------


def test_a_report_is_begun_once(upernavik):
    by = make_coordinator(upernavik.municipality)
    scope = Scope(municipality=upernavik.municipality)

    first = begin_report(scope, HALF, by=by, at=AFTER)
    again = begin_report(scope, HALF, by=by, at=AFTER)

    assert first == again
    assert first.state == HalfYearReport.State.DRAFT


@pytest.mark.parametrize(("days", "is_early"), [(-1, True), (0, False)])
def test_a_report_is_begun_from_the_first_day_of_its_half_year(upernavik, days, is_early):
    by, at = make_coordinator(), HALF.begins_at + timedelta(days=days)

    if is_early:
        with pytest.raises(ReportRefused) as refusal:
            begin_report(Scope(), HALF, by=by, at=at)
        assert refusal.value.code == "early"
    else:
        assert begin_report(Scope(), HALF, by=by, at=at).pk


@pytest.mark.parametrize(("seconds", "is_early"), [(-1, True), (0, False)])
def test_a_report_is_frozen_from_the_end_of_its_half_year_on(upernavik, seconds, is_early):
    report = make_report(Scope(municipality=upernavik.municipality))
    at = HALF.ends_at + timedelta(seconds=seconds)

    if is_early:
        with pytest.raises(ReportRefused) as refusal:
            freeze_report(report, by=make_coordinator(), at=at)
        assert refusal.value.code == "early"
        assert HalfYearReport.objects.get().content is None
    else:
        assert freeze_report(report, by=make_coordinator(), at=at).is_frozen


def test_freezing_twice_keeps_the_first(upernavik):
    report = make_report(Scope(municipality=upernavik.municipality), frozen=True)

    again = freeze_report(report, by=make_coordinator(), at=AFTER + timedelta(days=1))

    assert (again.frozen_at, again.sha256) == (report.frozen_at, report.sha256)


def test_nothing_is_written_on_a_frozen_report(upernavik):
    report, by = make_report(Scope(municipality=upernavik.municipality), frozen=True), make_person()
    written = {"text_da": "Nej", "text_kl": "", "seen": 0, "by": by, "at": AFTER}

    for refused in (
        lambda: write_words(report, "", **written),
        lambda: send_round(report, by=by, at=AFTER),
        lambda: comment(report, "", "Nej", key=uuid.uuid4(), by=by, at=AFTER),
    ):
        with pytest.raises(ReportRefused) as refusal:
            refused()
        assert refusal.value.code == "frozen"
    assert not ReportWords.objects.exists()
    assert not ReportComment.objects.exists()


def test_a_draft_takes_no_comment(upernavik):
    report = make_report(Scope(municipality=upernavik.municipality))

    with pytest.raises(ReportRefused) as refusal:
        comment(report, "", "Tal mangler.", key=uuid.uuid4(), by=make_person(), at=AFTER)

    assert refusal.value.code == "not_round"


def test_a_comment_that_is_sent_twice_is_kept_once(upernavik):
    report = make_report(Scope(municipality=upernavik.municipality))
    leader, key = make_person(make_role("leader", upernavik)), uuid.uuid4()
    send_round(report, by=make_coordinator(), at=AFTER)

    for _ in range(2):
        comment(report, "sessions", "To sessioner mangler.", key=key, by=leader, at=AFTER)

    assert ReportComment.objects.get().text == "To sessioner mangler."


def test_of_two_editors_the_second_is_shown_what_the_first_wrote(upernavik):
    report, by = make_report(Scope(municipality=upernavik.municipality)), make_coordinator()
    write_words(report, "modes", text_da="Først", text_kl="", seen=0, by=by, at=AFTER)

    with pytest.raises(ReportRefused) as refusal:
        write_words(report, "modes", text_da="Andet", text_kl="", seen=0, by=by, at=AFTER)

    assert refusal.value.code == "changed"
    assert ReportWords.objects.get().text_da == "Først"
    write_words(report, "modes", text_da="Begge", text_kl="", seen=1, by=by, at=AFTER)
    assert ReportWords.objects.get().text_da == "Begge"


def test_words_hold_no_cpr_number(upernavik):
    report, by = make_report(Scope(municipality=upernavik.municipality)), make_coordinator()
    digits = "0101" + "80" + "-" + "1234"

    with pytest.raises(ValidationError):
        write_words(report, "", text_da=f"Om {digits}", text_kl="", seen=0, by=by, at=AFTER)

    assert not ReportWords.objects.exists()


def test_who_is_told_of_what(upernavik, sisimiut):
    national = make_coordinator()
    leader = make_person(make_role("leader", upernavik))
    make_person(make_role("leader", sisimiut))
    report = make_report(Scope(municipality=upernavik.municipality))
    assert report.begun_by is not None

    send_round(report, by=report.begun_by, at=AFTER)
    comment(report, "", "Godt.", key=uuid.uuid4(), by=leader, at=AFTER)
    freeze_report(report, by=report.begun_by, at=AFTER)

    told = {(one.person, one.kind.removeprefix("cooperation.")) for one in Notice.objects.all()}
    assert told == {
        (leader, "report_round"),
        (report.begun_by, "report_commented"),
        (national, "report_delivered"),
    }


# --- What is frozen never changes -----------------------------------------------------------------


def change_by_update(report):
    HalfYearReport.objects.filter(pk=report.pk).update(content={"schema": 1})


def change_back(report):
    HalfYearReport.objects.filter(pk=report.pk).update(
        state="draft", content=None, sha256="", frozen_at=None, frozen_by=None
    )


def rename(report):
    HalfYearReport.objects.filter(pk=report.pk).update(year=2026)


def delete(report):
    with connection.cursor() as cursor:
        key = report.pk.hex if connection.vendor == "sqlite" else report.pk
        cursor.execute("DELETE FROM cooperation_halfyearreport WHERE id = %s", [key])


@pytest.mark.parametrize("change", [change_by_update, change_back, rename, delete])
def test_the_database_refuses_every_change_of_a_frozen_report(upernavik, change):
    report = make_report(Scope(municipality=upernavik.municipality), frozen=True)

    with pytest.raises(DatabaseError, match="kept as it is"), transaction.atomic():
        change(report)

    kept = HalfYearReport.objects.get(pk=report.pk)
    assert (kept.content, kept.sha256) == (report.content, report.sha256)


def test_a_draft_can_be_changed_and_deleted(upernavik):
    """The triggers stop what is frozen and nothing else."""
    report = make_report(Scope(municipality=upernavik.municipality))

    rename(report)
    delete(report)

    assert not HalfYearReport.objects.exists()


def test_the_triggers_are_there_after_all_migrations():
    guard = import_module("cooperation.migrations.0003_guard_reports")
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "SELECT name, sql FROM sqlite_master "
                "WHERE type = 'trigger' AND name LIKE 'cooperation_report_%%'"
            )
            assert dict(cursor.fetchall()) == guard.TRIGGERS
        else:
            cursor.execute(
                "SELECT count(*) FROM pg_trigger "
                "WHERE tgname LIKE 'cooperation_keep_report%%' AND tgenabled = 'O'"
            )
            assert cursor.fetchone() == (2,)


def test_a_frozen_report_says_the_same_after_everything_has_changed(upernavik):
    pairing = make_pairing(place=upernavik)
    make_sessions(pairing, [HALF.starts_on] * 3, minutes=60)
    report = make_report(Scope(municipality=upernavik.municipality), frozen=True)
    said = table(show(report.content, None))

    make_sessions(pairing, [HALF.starts_on] * 5)
    upernavik.municipality.name = "Et andet navn"
    upernavik.municipality.save()

    report.refresh_from_db()
    assert table(show(report.content, None)) == said
    assert number(report.content, "sessions", "all") == 3
    assert report.content["scope"]["name"]["da"] == "Avannaata Kommunia"


# --- "Not delivered" is never zero ----------------------------------------------------------------


def test_whoever_has_not_delivered_has_no_number_and_goes_into_no_sum(upernavik, sisimiut):
    for place, count in ((upernavik, 2), (sisimiut, 3)):
        make_sessions(make_pairing(place=place), [HALF.starts_on] * count, minutes=60)
    make_report(Scope(municipality=upernavik.municipality), frozen=True)
    make_report(Scope(municipality=sisimiut.municipality))  # a draft is not delivered

    report = make_report(Scope(), frozen=True)

    states = {one["name"]: one["state"] for one in report.content["columns"]}
    assert states == {"Avannaata Kommunia": "delivered", "Qeqqata Kommunia": "not_delivered"}
    sessions = figure_in(report.content, "sessions", "all")
    assert sessions["cells"] == {str(upernavik.municipality.pk): 2}
    assert sessions["total"] == 2
    shown = show(report.content, None)
    cells = shown.parts[1].lines[0].cells
    assert [cell.text for cell in cells] == ["2", "Ikke afleveret", "2", "–", "–"]
    assert shown.missing == ["Qeqqata Kommunia"]


def test_where_nobody_has_delivered_there_is_no_sum(upernavik):
    make_sessions(make_pairing(place=upernavik), [HALF.starts_on])

    content = computed(make_report(Scope()), on=AFTER.date())

    assert figure_in(content, "sessions", "all")["total"] is None
    assert show(content, None).parts[1].lines[0].cells[-3].text == "Ikke afleveret"


def test_a_municipality_that_delivers_nothing_done_has_zero(upernavik):
    report = make_report(Scope(municipality=upernavik.municipality), frozen=True)

    assert number(report.content, "sessions", "all") == 0


# --- Figures --------------------------------------------------------------------------------------


def test_a_session_counts_in_the_half_year_in_which_it_was_held(upernavik):
    pairing = make_pairing(place=upernavik)
    edges = [HALF.starts_on - timedelta(days=1), HALF.starts_on, HALF.last_day, HALF.ends_on]
    make_sessions(pairing, edges, minutes=90, mode="behind")

    content = computed(make_report(Scope(municipality=upernavik.municipality)), on=AFTER.date())

    assert number(content, "sessions", "all") == 2
    assert number(content, "sessions", "hours") == 180
    assert number(content, "modes", "quarter1-behind") == 1
    assert number(content, "modes", "quarter2-behind") == 1


def test_what_was_logged_by_mistake_counts_in_no_draft_and_stays_in_what_is_frozen(upernavik):
    pairing, scope = make_pairing(place=upernavik), Scope(municipality=upernavik.municipality)
    sessions = make_sessions(pairing, [HALF.starts_on] * 3, minutes=60)
    frozen = make_report(scope, frozen=True)

    for session, reason in zip(sessions, ("mistake", "identifies", "old"), strict=True):
        erase_session(session, by=None, reason=reason, at=AFTER)

    assert number(computed(frozen, on=AFTER.date()), "sessions", "all") == 2
    frozen.refresh_from_db()
    assert number(frozen.content, "sessions", "all") == 3


def test_an_initiative_counts_what_serves_it_alone(upernavik):
    initiative = make_initiative(number=6)
    initiative.organisations.add(upernavik.municipality)
    mine, other = make_pairing(place=upernavik), make_pairing(place=upernavik)
    make_sessions(mine, [HALF.starts_on] * 2)
    make_sessions(other, [HALF.starts_on])
    PairingTag.objects.create(pairing=mine, number=6)
    make_report(Scope(municipality=upernavik.municipality), frozen=True)

    content = computed(make_report(Scope(initiative=initiative)), on=AFTER.date())

    assert number(content, "sessions", "all") == 2
    assert number(content, "pairings", "all") == 1


# --- The half-year before, and organisations that change ------------------------------------------


def test_a_report_is_compared_with_the_half_year_before(upernavik):
    pairing = make_pairing(place=upernavik)
    make_sessions(pairing, [HALF.before.starts_on] * 4, minutes=60)
    make_sessions(pairing, [HALF.starts_on] * 6, minutes=30)
    scope = Scope(municipality=upernavik.municipality)
    make_report(scope, HALF.before, frozen=True)
    report = make_report(scope, frozen=True)

    shown = show(report.content, before(report).content)

    now, was, change = shown.parts[1].lines[0].cells
    assert (now.text, was.text, change.text) == ("6", "4", "+2")
    hours = [cell.text for cell in shown.parts[1].lines[1].cells]
    assert hours == ["3,0", "4,0", "−1,0"]


def test_a_municipality_that_was_renamed_is_compared_with_what_it_was(upernavik):
    old = upernavik.municipality
    make_sessions(make_pairing(place=upernavik), [HALF.before.starts_on] * 4)
    make_report(Scope(municipality=old), HALF.before, frozen=True)
    new = make_organisation("Nyt Navn", "municipality", starts_on=HALF.starts_on)
    old.ends_on = HALF.starts_on
    old.save()
    old.successors.add(new)
    upernavik.municipality = new
    upernavik.save()
    make_sessions(make_pairing(place=upernavik), [HALF.starts_on] * 5)

    report = make_report(Scope(municipality=new), frozen=True)

    shown = show(report.content, before(report).content)
    assert [cell.text for cell in shown.parts[1].lines[0].cells] == ["5", "4", "+1"]
    late = make_report(Scope(), HALF.before, frozen=True)  # written after the renaming
    assert [one["name"] for one in late.content["columns"]] == ["Avannaata Kommunia"]
    assert number(late.content, "sessions", "all") == 4


def test_a_municipality_that_was_divided_keeps_its_series_and_its_reports(upernavik):
    ilulissat = make_town("Ilulissat", "Avannaata Kommunia")
    old = upernavik.municipality
    for place, count in ((upernavik, 1), (ilulissat, 2)):
        make_sessions(make_pairing(place=place), [HALF.before.starts_on] * count)
        make_sessions(make_pairing(place=place), [HALF.starts_on] * count)
    first = make_report(Scope(municipality=old), HALF.before, frozen=True)
    north = make_organisation("Nord", "municipality", starts_on=HALF.starts_on)
    south = make_organisation("Syd", "municipality", starts_on=HALF.starts_on)
    old.ends_on = HALF.starts_on
    old.save()
    old.successors.add(north, south)
    for place, municipality in ((upernavik, north), (ilulissat, south)):
        place.municipality = municipality
        place.save()

    reports = [make_report(Scope(municipality=one), frozen=True) for one in (north, south)]

    assert [number(one.content, "sessions", "all") for one in reports] == [1, 2]
    # Not the same area: nothing is compared, and the old report can be read.
    assert [before(one).content for one in reports] == [None, None]
    assert before(reports[0]).others == (first,)
    country = make_report(Scope(), HALF.before, frozen=True)
    assert [one["name"] for one in country.content["columns"]] == ["Avannaata Kommunia"]
    assert number(country.content, "sessions", "all") == 3
    now = make_report(Scope(), frozen=True)
    assert [one["name"] for one in now.content["columns"]] == ["Nord", "Syd"]
    assert number(now.content, "sessions", "all") == 3


# --- Who reads what -------------------------------------------------------------------------------


def test_who_reads_and_who_writes_a_report_in_each_of_its_states(upernavik, sisimiut):
    report = make_report(Scope(municipality=upernavik.municipality))
    people = {
        "own": make_coordinator(upernavik.municipality),
        "country": make_coordinator(),
        "other": make_coordinator(sisimiut.municipality),
        "town": make_person(make_role("coordinator", upernavik)),
        "leader": make_person(make_role("leader", upernavik)),
        "other leader": make_person(make_role("leader", sisimiut)),
        "caseworker": make_person(make_role("caseworker", upernavik)),
        "ended": make_person(
            make_role("coordinator", upernavik.municipality, ends_on=AFTER.date())
        ),
    }

    def readers():
        found = {key: standing(one, AFTER) for key, one in people.items()}
        return {
            key for key, one in found.items() if readable_reports(one).filter(pk=report.pk).exists()
        }

    assert readers() == {"own", "country"}
    send_round(report, by=people["own"], at=AFTER)
    assert readers() == {"own", "country", "town", "leader"}
    freeze_report(report, by=people["own"], at=AFTER)
    assert readers() == {"own", "country", "town", "leader", "other", "other leader"}
    writers = {
        key
        for key, one in people.items()
        if writable_reports(standing(one, AFTER)).filter(pk=report.pk).exists()
    }
    assert writers == {"own", "country"}


# --- Half-years -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("half", "starts", "turns", "ends", "due"),
    [
        (HalfYear(2027, 1), "2027-01-01", "2027-04-01", "2027-07-01", "2027-08-31"),
        (HalfYear(2027, 2), "2027-07-01", "2027-10-01", "2028-01-01", "2028-02-29"),
    ],
)
def test_the_days_of_a_half_year(half, starts, turns, ends, due):
    days = [half.starts_on, half.turns_on, half.ends_on, half.due_on]

    assert [day.isoformat() for day in days] == [starts, turns, ends, due]
    assert half.before.after == half
    assert HalfYear.of(half.last_day) == half == HalfYear.of(half.starts_on)
    assert HalfYear.parse(half.key) == half


@pytest.mark.parametrize("text", ["", "2027", "2027-3", "2027-0", "27-1", "2017-2", "2100-1", "x"])
def test_what_names_no_half_year(text):
    assert HalfYear.parse(text) is None


def test_the_caseworkers_of_a_pairing_are_not_named_by_a_report(upernavik):
    pairing = make_pairing(place=upernavik)
    make_sessions(pairing, [HALF.starts_on] * 3)
    report = make_report(Scope(municipality=upernavik.municipality), frozen=True)

    for side in ("mentor", "caseworker"):
        for person in people_of(pairing, side):
            assert person.name not in str(report.content)
