"""A certificate says of which day the law is that it teaches."""

import datetime as dt
from io import StringIO

import pytest
from django.core.management import call_command

from courses.actions import mark_read
from courses.actions.certificates import issue_certificate
from courses.certificates.completions import COURSE
from courses.certificates.drawing import draw
from courses.certificates.law_date import law_date
from rules.models import Act, Rule
from tests.courses.certificates.test_files import read_pdf
from tests.courses.certificates.world import words
from tests.factories.courses import AT, make_course, make_lesson, make_module, make_rule

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("base")]


def test_the_law_is_dated_by_the_newest_act_it_cites(world):
    act = world.rule.act
    act.in_force_from = dt.date(2024, 3, 16)
    act.save()
    world.complete()

    assert world.issue().law_on == dt.date(2024, 3, 16)


@pytest.mark.parametrize(
    ("dated", "said"),
    [
        (("act", "20/2017", "2017-06-26"), "Lov nr. 20 af 26. juni 2017"),
        (("consolidation", "11/2024", "2024-03-16"), "Lovbekendtgørelse nr. 11 af 16. marts 2024"),
        (("order", "16/2017", "2017-11-08"), "Bekendtgørelse nr. 16 af 8. november 2017"),
        (("order", "22/2020", None), ""),
    ],
)
@pytest.mark.parametrize("language", ["da", "kl"])
def test_where_nobody_knows_since_when_it_holds_the_act_is_named_by_its_date(
    world, dated, said, language
):
    kind, number, dated_on = dated
    Act.objects.update(kind=kind, number=number, dated_on=dated_on)
    world.complete()

    certificate = world.issue(language=language)

    assert certificate.law_on is None
    assert law_date(certificate, language) == said
    if said:
        assert law_date(certificate, language).language == "da"  # nobody has translated it yet


def test_the_newest_act_is_found_by_either_date(world):
    world.rule.act.dated_on = dt.date(2024, 3, 16)
    world.rule.act.save()
    old = Act.objects.create(
        key="zz", kind="order", number="16/2017", title_da="Ældre", source_url="https://example.org",
        in_force_from=dt.date(2018, 1, 1), dated_on=dt.date(2025, 1, 1),
    )  # fmt: skip
    mark_read(
        make_lesson(world.quiz.module, 3, rules=[make_rule(act=old).pk]), world.learner, at=AT
    )
    world.complete()

    certificate = world.issue()

    assert [act["number"] for act in certificate.content["acts"]] == ["16/2017", "11/2024"]
    assert law_date(certificate, "da") == "Lovbekendtgørelse nr. 11 af 16. marts 2024"


def test_a_certificate_from_before_acts_were_dated_says_what_it_said(world, certificate):
    for act in certificate.content["acts"]:
        del act["dated_on"], act["kind"]

    assert law_date(certificate, "da") == ""
    assert draw(certificate)


def test_what_is_delivered_dates_the_law_on_every_certificate(client, world):
    call_command("load_rules", stdout=StringIO())
    keys = ["decision-24h", "section-18-repealed", "investigation-involves"]
    rules = [rule.pk for rule in Rule.objects.filter(key__in=keys)]
    own = make_lesson(make_module(make_course("Som leveret")), 1, rules=rules)
    mark_read(own, world.learner, at=AT)

    certificate = issue_certificate(COURSE, own.course_id, world.learner, language="da", at=AT)

    client.force_login(world.learner.user)
    shown = words(client.get(f"/da/laering/beviser/{certificate.pk}/"))
    assert "Lovens dato Lovbekendtgørelse nr. 11 af 16. marts 2024" in shown
    assert "Lovens dato: Lovbekendtgørelse nr. 11 af 16. marts 2024" in read_pdf(
        bytes(certificate.file.pdf)
    )["text"].replace("\r\n", " ")
