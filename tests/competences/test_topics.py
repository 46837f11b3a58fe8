"""The steps of casework are data; a step that is retired keeps its name."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.utils import translation

from competences.models import Topic

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("base")]

TODAY = date(2027, 1, 1)
STEPS = [
    "report_in",
    "receipt",
    "decision_24h",
    "acute",
    "triage",
    "investigation",
    "child_talk",
    "parents",
    "plan",
    "decision",
    "support",
    "placement",
    "followup",
    "closing",
    "journal",
    "agencies",
    "early",
]


def test_the_seventeen_steps_come_in_the_order_of_the_work():
    call_command("load_topics", verbosity=0)

    assert [topic.key for topic in Topic.objects.offered(on=TODAY)] == STEPS


def test_loading_twice_changes_nothing():
    call_command("load_topics", verbosity=0)
    before = list(Topic.objects.order_by("key").values())

    call_command("load_topics", verbosity=0)

    assert list(Topic.objects.order_by("key").values()) == before


@pytest.mark.parametrize(
    ("retired_on", "offered"), [(TODAY, STEPS[:-1]), (TODAY + timedelta(days=1), STEPS)]
)
def test_a_topic_is_offered_until_the_day_it_retires_and_stays(retired_on, offered):
    call_command("load_topics", verbosity=0)
    Topic.objects.filter(key="early").update(retired_on=retired_on)

    call_command("load_topics", verbosity=0)

    assert [topic.key for topic in Topic.objects.offered(on=TODAY)] == offered
    assert Topic.objects.get(key="early").title_da == "Tidlig Indsats"


def test_loading_leaves_a_translation_alone():
    call_command("load_topics", verbosity=0)
    Topic.objects.filter(key="receipt").update(title_kl="[kl] kvittering")

    call_command("load_topics", verbosity=0)

    assert Topic.objects.get(key="receipt").title_kl == "[kl] kvittering"


def test_no_kalaallisut_is_invented():
    call_command("load_topics", verbosity=0)

    assert not Topic.objects.exclude(title_kl="", help_kl="").exists()
    with translation.override("kl"):
        title = Topic.objects.get(key="receipt").title
    assert (title, title.language, title.is_fallback) == ("Kvittering til underretter", "da", True)


def test_a_number_of_a_citizen_is_refused():
    with pytest.raises(ValidationError):
        Topic(key="x", title_da="".join(["0102", "03", "-", "1234"])).full_clean()
