"""A kept component is drawn once for each language and values."""

from django.template import Context, Template
from django.utils import translation
from django.utils.safestring import mark_safe

STATUS = Template(
    '{% load core_tags %}{% kept "components/status.html" state=state %}'
    '{% kept "components/tag.html" text=text %}'
)


def draw(**values):
    return STATUS.render(Context({"state": "done", "text": "x", **values}))


def test_it_differs_by_value_and_language():
    assert draw(state="done") == draw(state="done") != draw(state="in_progress")
    with translation.override("da"):
        danish = draw()
    with translation.override("en"):
        english = draw()
    assert ("Done" in english, "Done" in danish) == (True, False)


def test_what_is_safe_and_what_is_not_are_kept_apart():
    assert "<b>" in draw(text=mark_safe("<b>x</b>"))
    assert "<b>" not in draw(text="<b>x</b>")
