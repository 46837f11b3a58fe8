"""A list of what was taken along says what one may leave out."""

import pytest
from django.test import Client
from django.urls import reverse

from courses.models import Module
from tests.factories.courses import make_path
from tests.factories.pages import edit, make_course_page, make_lesson_page, make_module_page
from tests.pages.test_travelling import contents

pytestmark = pytest.mark.django_db


def test_the_device_is_told_what_is_optional(as_learner: Client):
    module = make_module_page(make_course_page(title="Underretninger"), title="Modul et")
    lesson = make_lesson_page(module, title="De første 24 timer")
    edit(lesson, is_optional=True)
    make_lesson_page(module, title="Kvittering")
    extra = make_module_page(module.get_parent(), title="Modul to", is_optional=True)
    make_lesson_page(extra, title="Ekstra")

    of_course = contents(as_learner, lesson)
    path = make_path(Module.objects.get(pk=extra.translation_key))
    of_path = as_learner.get(reverse("path_contents", args=[path.key])).json()

    assert [one.get("optional") for one in of_course["modules"]] == [None, True]
    lessons = [one for module in of_course["modules"] for one in module["lessons"]]
    assert {one["title"][0]: one.get("optional") for one in lessons} == {
        "De første 24 timer": True,
        "Kvittering": None,
        "Ekstra": True,
    }
    (demanded,) = of_path["modules"]
    assert [demanded.get("optional"), demanded["lessons"][0].get("optional")] == [None, None]
