"""A ministry gets a new name, a municipality becomes two: old reports and the series stay."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from cooperation.models import HalfYearReport, Initiative
from cooperation.reports.actions import correct_report
from cooperation.reports.content import Scope, figure_in
from cooperation.reports.current import before, computed
from cooperation.reports.showing import show, table
from core.canonical import content_hash
from mentoring.models import PairingTag
from people.actions import New, change_organisations
from tests.factories.cooperation import make_initiative, make_organisation
from tests.factories.mentoring import make_pairing, make_town
from tests.factories.reports import AFTER, HALF, make_coordinator, make_report, make_sessions
from tests.people.conftest import COMMAND_LINE

pytestmark = pytest.mark.django_db
NEXT = HALF.after
AFTER_NEXT = AFTER + timedelta(days=184)
#: Sessions by town, in each of three half-years.
HELD = {
    "Upernavik": {HALF.before: 1, HALF: 2, NEXT: 3},
    "Ilulissat": {HALF.before: 4, HALF: 5, NEXT: 6},
    "Sisimiut": {HALF.before: 7, HALF: 8, NEXT: 9},
}


@pytest.fixture
def towns():
    names = {"Sisimiut": "Qeqqata Kommunia"}
    return {one: make_town(one, names.get(one, "Avannaata Kommunia")) for one in HELD}


@pytest.fixture
def ministry():
    return make_organisation("Ministeriet Demo", "agency")


@pytest.fixture
def initiative(ministry, towns):
    """Owned by the ministry; every session serves it."""
    found = make_initiative(number=6, owner=ministry)
    found.organisations.set({town.municipality for town in towns.values()})
    for name, town in towns.items():
        pairing = make_pairing(place=town)
        PairingTag.objects.create(pairing=pairing, number=6)
        for half, count in HELD[name].items():
            make_sessions(pairing, [half.starts_on + timedelta(days=9)] * count, minutes=60)
    return found


def deliver(half, at, initiative, *municipalities):
    """Whoever is there delivers; then the initiative and the country."""
    scopes = [Scope(municipality=one) for one in municipalities]
    for scope in (*scopes, Scope(initiative=initiative), Scope()):
        make_report(scope, half, frozen=True, at=at)


def said(client):
    """All that every frozen report says: kept, as a table, and as a file."""
    return {
        one.pk: (
            one.content,
            one.sha256,
            table(show(one.content, before(one).content)),
            b"".join(client.get(reverse("cooperation:report-csv", args=[one.pk]))),
        )
        for one in HalfYearReport.objects.frozen().select_related("municipality", "initiative")
    }


def sessions(report):
    """How many sessions it counts in all, and how many the half-year before."""
    past = before(report).content
    return [
        None if one is None else figure_in(one, "sessions", "all")["total"]
        for one in (report.content, past)
    ]


def test_old_reports_and_the_series_stay_as_they_were(towns, ministry, initiative):
    old, qeqqata = towns["Upernavik"].municipality, towns["Sisimiut"].municipality
    deliver(HALF.before, AFTER, initiative, old, qeqqata)
    deliver(HALF, AFTER, initiative, old, qeqqata)
    client = Client()
    client.force_login(make_coordinator().user)
    was = said(client)

    on = AFTER.date()
    renamed = change_organisations(
        [ministry], [New("Departementet Demo")], on=on, by=COMMAND_LINE, at=AFTER
    ).main
    parts = [New("Nord", [towns["Upernavik"]]), New("Syd", [towns["Ilulissat"]])]
    north, south = change_organisations([old], parts, on=on, by=COMMAND_LINE, at=AFTER).new

    assert len(was) == 8
    assert said(client) == was
    assert all(content_hash(content) == sha256 for content, sha256, *_files in was.values())

    initiative = Initiative.objects.get(pk=initiative.pk)
    assert initiative.owner == renamed
    deliver(NEXT, AFTER_NEXT, initiative, north, south, qeqqata)

    assert {key: value for key, value in said(client).items() if key in was} == was
    newest = HalfYearReport.objects.of_half(NEXT)
    for scope, numbers in (
        (Scope(), [18, 15]),
        (Scope(initiative=initiative), [18, 15]),
        (Scope(municipality=qeqqata), [9, 8]),
        (Scope(municipality=north), [3, None]),  # not the area it was a part of
        (Scope(municipality=south), [6, None]),
    ):
        assert sessions(newest.about(scope).get()) == numbers


def test_what_was_before_is_counted_as_it_was_also_afterwards(towns, ministry, initiative):
    """Counted anew after the change, the half-year before it says the same, of the old names."""
    old, qeqqata = towns["Upernavik"].municipality, towns["Sisimiut"].municipality
    deliver(HALF, AFTER, initiative, old, qeqqata)
    by = make_coordinator()
    parts = [New("Nord", [towns["Upernavik"]]), New("Syd", [towns["Ilulissat"]])]
    change_organisations([old], parts, on=AFTER.date(), by=COMMAND_LINE, at=AFTER)

    for older in HalfYearReport.objects.frozen():
        again = correct_report(older, reason="Talt igen.", by=by, at=AFTER)
        content = computed(again, on=AFTER.date())
        for part in ("columns", "sections"):
            assert without_days(content[part]) == without_days(older.content[part])


def without_days(parts):
    return [{key: said for key, said in one.items() if key != "counted_on"} for one in parts]
