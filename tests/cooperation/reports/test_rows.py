"""Every number of the report is the count of the rows it opens."""

import random

import pytest
from django.db import transaction

from cooperation.reports.content import Content, Scope
from cooperation.reports.current import computed, frame_of_report, open_rows
from cooperation.reports.sections import section_of
from people.models import Organisation
from tests.factories.reports import AFTER, make_chance_world, make_report

pytestmark = pytest.mark.django_db


def differences(report, content: Content):
    """Each number that is not the count of its rows: section, figure, column, number, rows."""
    frame = frame_of_report(report, on=AFTER.date())
    found, numbers = [], 0
    for one in content["sections"]:
        section = section_of(one["key"])
        for figure in one["figures"]:
            for column in (None, *(key for key in figure["cells"] if key)):
                opened = open_rows(frame, content, section, figure["key"], column)
                if opened is None:
                    said = figure["total"] if column is None else figure["cells"][column]
                    assert said in {None, "hidden"}
                    continue
                numbers += 1
                count = opened.number_now(figure["unit"])
                if count != opened.number:
                    found.append((one["key"], figure["key"], column, opened.number, count))
    return found, numbers


def check(seed: int) -> int:
    """One data set by chance, in every kind of report; how many numbers were held against rows."""
    initiative = make_chance_world(random.Random(seed))
    municipalities = Organisation.objects.filter(kind="municipality").order_by("name")
    checked = 0
    # The last one delivers nothing.
    for municipality in list(municipalities)[:-1]:
        report = make_report(Scope(municipality=municipality), frozen=True)
        found, numbers = differences(report, report.content)
        assert found == [], seed
        checked += numbers
    for scope in (Scope(), Scope(initiative=initiative)):
        report = make_report(scope)
        found, numbers = differences(report, computed(report, on=AFTER.date()))
        assert found == [], seed
        checked += numbers
    return checked


def check_all(seeds) -> int:
    checked = 0
    for seed in seeds:
        with transaction.atomic():
            checked += check(seed)
            transaction.set_rollback(True)
    return checked


def test_every_number_is_the_count_of_its_rows():
    assert check_all(range(4)) > 1000


@pytest.mark.full
def test_every_number_is_the_count_of_its_rows_in_two_hundred_data_sets():
    assert check_all(range(1000, 1200)) > 50_000
