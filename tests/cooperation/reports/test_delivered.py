"""The country shows what the municipalities have delivered, and counts nothing of it again."""

import random
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from competences.models import Topic
from cooperation.reports.actions import correct_report, freeze_report
from cooperation.reports.content import Scope, figure_in
from cooperation.reports.current import computed
from cooperation.reports.sections import sections
from mentoring.models import Pairing
from people.models import Organisation
from tests.cooperation.reports.test_told_before import certify
from tests.factories.mentoring import TOPICS, make_pairing, make_topics, make_town
from tests.factories.reports import (
    AFTER,
    HALF,
    make_chance_world,
    make_coordinator,
    make_learners,
    make_report,
    make_sessions,
)

pytestmark = pytest.mark.django_db
LATER = AFTER + timedelta(days=20)


@pytest.fixture
def upernavik():
    return make_town("Upernavik", "Avannaata Kommunia")


@pytest.fixture
def pairing(upernavik):
    return make_pairing(place=upernavik)


@pytest.fixture
def delivered(upernavik, pairing):
    """A municipality's report, delivered with three sessions of an hour."""
    make_topics()
    make_sessions(pairing, [HALF.starts_on] * 3, minutes=60, mode="beside", topics=TOPICS)
    return make_report(Scope(municipality=upernavik.municipality), frozen=True)


def columns(content):
    """Every number of every municipality, by section and figure."""
    whole = {one.key for one in sections() if one.is_whole}
    return {
        (one["key"], figure["key"], column): number
        for one in content["sections"]
        if one["key"] not in whole
        for figure in one["figures"]
        for column, number in figure["cells"].items()
    }


def test_each_number_of_the_country_is_the_one_that_was_delivered():
    make_chance_world(random.Random(7))
    said = {}
    for one in Organisation.objects.filter(kind=Organisation.Kind.MUNICIPALITY):
        content = make_report(Scope(municipality=one), frozen=True).content
        said |= {key: number for key, number in columns(content).items() if number is not None}

    country = columns(computed(make_report(Scope()), on=AFTER.date()))

    assert {key: country[key] for key in said} == said
    # A line of what another municipality has done counts nothing here.
    assert {country[key] for key in country.keys() - said.keys()} <= {0}


def test_what_arrives_after_the_delivery_changes_no_number_of_the_country(delivered, pairing):
    country = make_report(Scope())
    was = columns(computed(country, on=AFTER.date()))

    make_sessions(pairing, [HALF.starts_on] * 2, minutes=60, mode="behind")

    now = computed(country, on=LATER.date())
    assert columns(now) == was
    assert figure_in(now, "sessions", "all")["total"] == 3
    assert figure_in(now, "modes", "behind")["total"] == 0


def test_a_correction_brings_it_to_the_country(delivered, pairing):
    country, by = make_report(Scope()), make_coordinator()
    make_sessions(pairing, [HALF.starts_on] * 2, minutes=60)
    newer = correct_report(delivered, reason="To kom senere.", by=by, at=LATER)
    assert figure_in(computed(country, on=LATER.date()), "sessions", "all")["total"] == 3

    freeze_report(newer, by=by, at=LATER)

    assert figure_in(computed(country, on=LATER.date()), "sessions", "all")["total"] == 5


def test_a_step_that_is_taught_no_longer_stays_in_the_sum(delivered):
    other = make_town("Sisimiut", "Qeqqata Kommunia").municipality
    make_report(Scope(municipality=other), frozen=True)
    held = figure_in(delivered.content, "steps", TOPICS[0])["total"]
    Topic.objects.filter(key=TOPICS[0]).update(retired_on=HALF.starts_on)

    said = figure_in(computed(make_report(Scope()), on=AFTER.date()), "steps", TOPICS[0])

    assert said["cells"] == {str(delivered.municipality_id): held, str(other.pk): 0}
    assert said["total"] == held


# --- The rows behind it, which are those of today -------------------------------------------------


@pytest.fixture
def national(settings, monkeypatch):
    """The browser of whoever coordinates the country."""
    settings.SIDEMAND_SECOND_FACTOR = False
    monkeypatch.setattr(timezone, "now", lambda: AFTER)
    client = Client()
    client.force_login(make_coordinator().user)
    return client


@pytest.mark.parametrize(
    ("figure", "said"), [("all", "Rapporten siger 3."), ("hours", "Rapporten siger 3,0.")]
)
def test_rows_that_are_others_than_were_delivered_are_said_to_be_of_today(
    delivered, national, figure, said
):
    country = make_report(Scope())
    rows = reverse("cooperation:report-rows", args=[country.pk, "sessions", figure, "alle"])
    assert "Rapporten siger" not in national.get(rows).text

    make_sessions(Pairing.objects.get(), [HALF.starts_on] * 2, minutes=60)

    assert said in national.get(rows).text


def test_so_are_those_behind_a_table_about_people_that_was_counted_once(upernavik, national):
    certify(make_learners(upernavik, 6))
    draft = make_report(Scope(municipality=upernavik.municipality))
    rows = reverse("cooperation:report-rows", args=[draft.pk, "certificates", "all", "alle"])
    assert "Rapporten siger" not in national.get(rows).text

    certify(make_learners(upernavik, 1))

    assert "Rapporten siger 6." in national.get(rows).text
