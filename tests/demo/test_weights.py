"""Every page of the demo is within the budget: the gate would let each of them pass."""

from io import StringIO

import pytest
from django.core.management import call_command

from pages.editing.faults import faults_of
from pages.editing.weighing import weigh
from pages.models import BasePage

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def test_every_demo_page_is_within_the_budget_and_every_link_leads_somewhere(settings, base):
    settings.SIDEMAND_DEMO = True
    call_command("prepare", "--skip-static", verbosity=0, stdout=StringIO())
    call_command("load_demo", "--json", verbosity=0, stdout=StringIO(), stderr=StringIO())

    pages = [
        page
        for model in BasePage.__subclasses__()
        for page in model.objects.live().filter(alias_of=None)
    ]

    assert len(pages) > 70
    assert {page.title: weigh(page).problems for page in pages if weigh(page).is_heavy} == {}
    assert {page.title: faults for page in pages if (faults := faults_of(page))} == {}
    heaviest = max(pages, key=lambda page: weigh(page).first_visit)
    assert weigh(heaviest).first_visit > 12_000  # it is weighed at all
