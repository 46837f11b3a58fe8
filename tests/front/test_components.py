"""What each component draws, and that it draws only what it was given."""

import re
from pathlib import Path

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import engines
from django.template.loader import render_to_string
from django.test import override_settings
from django.utils import translation

from core.dev_views import EveryFieldForm, samples
from core.templatetags.core_tags import pages_around, sparkbar

COMPONENTS = Path(__file__).parents[2] / "site" / "templates" / "components"
pytestmark = pytest.mark.urls("tests.front.urls")


@pytest.fixture(autouse=True)
def in_danish():
    with translation.override("da"):
        yield


def draw(name, **context):
    return render_to_string(f"components/{name}.html", context)


@pytest.mark.parametrize("path", sorted(COMPONENTS.rglob("*.html")), ids=lambda path: path.stem)
def test_component_opens_by_saying_what_it_takes(path):
    text = re.sub(r"^(\{% load [^%]*%\})+", "", path.read_text(encoding="utf-8"))

    assert text.startswith("{% comment %}")


def test_every_component_stands_on_the_component_page():
    page = (COMPONENTS.parent / "dev" / "components.html").read_text(encoding="utf-8")
    drawn_by_others = {
        "field",
        "field_errors",
        "form_fields",
        "footer",
        "language_switch",
        "unsent",
    }
    drawn_by_others |= {"sparkbar", "chips", "stepper", "typed", "as_it_is"}
    stems = {path.stem for path in COMPONENTS.rglob("*.html")} - drawn_by_others

    assert sorted(stem for stem in stems if f"components/{stem}.html" not in page) == []


def test_component_page_knows_every_variable(client, settings):
    templates = settings.TEMPLATES[0]
    options = {**templates["OPTIONS"], "string_if_invalid": "UNKNOWN<%s>"}
    with override_settings(TEMPLATES=[{**templates, "OPTIONS": options}]):
        text = client.get("/dev/komponenter/").content.decode()

    assert re.findall(r"UNKNOWN.{0,60}", text) == []


def test_field_ties_help_and_error_to_its_input():
    form = EveryFieldForm({"went_well": ""})

    text = form["went_well"].as_field_group()

    assert 'aria-describedby="id_went_well_helptext id_went_well_error"' in text
    assert 'id="id_went_well_helptext"' in text
    assert 'id="id_went_well_error"' in text
    assert 'aria-invalid="true"' in text


def test_field_without_an_error_is_not_called_wrong():
    text = EveryFieldForm()["went_well"].as_field_group()

    assert "aria-invalid" not in text
    assert "_error" not in text


def test_choices_are_a_group_with_its_own_name():
    text = EveryFieldForm()["steps"].as_field_group()

    assert re.search(r"<fieldset[^>]*>\s*<legend>Hvad arbejdede I med\?</legend>", text)
    assert text.count('<label class="chip"') == text.count('type="checkbox"') == 3


def test_optional_field_says_so():
    form = EveryFieldForm()

    assert "valgfrit" in form["email"].as_field_group()
    assert "valgfrit" not in form["town"].as_field_group()


def test_error_summary_links_each_error_to_an_input_on_the_page():
    form = EveryFieldForm({"went_well": "x" * 501})

    summary = draw("error_summary", form=form)
    ids = set(re.findall(r'id="([^"]+)"', str(form)))

    links = re.findall(r'href="#([^"]+)"', summary)
    assert len(links) == len(form.errors) == 7
    assert set(links) <= ids


def test_error_summary_says_the_same_words_as_the_field():
    class MinutesForm(forms.Form):
        minutes = forms.IntegerField(error_messages={"invalid": "Skriv et tal, fx 90."})

    form = MinutesForm({"minutes": "mange"})

    assert "Skriv et tal, fx 90." in draw("error_summary", form=form)
    assert "Skriv et tal, fx 90." in form["minutes"].as_field_group()


def test_error_summary_names_the_field_where_only_something_is_missing():
    form = EveryFieldForm({})

    assert f"Hvornår? – {form.errors['held_on'][0]}" in draw("error_summary", form=form)


def test_error_summary_shows_errors_of_the_whole_form_and_of_a_list():
    class RefusingForm(forms.Form):
        def clean(self):
            raise forms.ValidationError("Sessionen er låst.")

    listed = [{"text": "Rækken mangler en by.", "href": "#row-2"}]

    assert "<li>Sessionen er låst.</li>" in draw("error_summary", form=RefusingForm({}))
    assert '<a href="#row-2">Rækken mangler en by.</a>' in draw("error_summary", errors=listed)


def test_error_summary_is_nothing_without_an_error():
    assert draw("error_summary", form=EveryFieldForm()).strip() == ""


def test_what_a_person_wrote_is_escaped():
    assert "&lt;b&gt;" in draw("alert", text="<b>")
    assert "&lt;b&gt;" in draw("table", caption="<b>", columns=[{"label": "a"}], rows=[["x"]])


def test_figures_for_machines_are_not_written_the_danish_way():
    class LongForm(forms.Form):
        text = forms.CharField(max_length=5000, widget=forms.Textarea)

    assert 'data-most="5000"' in LongForm()["text"].as_field_group()
    assert 'value="1200" max="5000"' in draw("progress", id="p", label="l", done=1200, total=5000)
    page = Paginator(range(50_000), 10).page(1500)
    assert "?page=1501" in draw("pagination", page=page)


@pytest.mark.parametrize(
    ("pages", "at", "shown"),
    [
        (2, 1, [1, 2]),
        (3, 2, [1, 2, 3]),
        (4, 1, [1, 2, None, 4]),
        (5, 3, [1, 2, 3, 4, 5]),
        (7, 4, [1, None, 3, 4, 5, None, 7]),
        (4000, 4000, [1, None, 3999, 4000]),
    ],
)
def test_a_list_of_pages_shows_the_ends_and_the_neighbours(pages, at, shown):
    assert pages_around(Paginator(range(pages), 1).page(at)) == shown


def test_one_page_needs_no_pagination():
    assert draw("pagination", page=Paginator([1], 10).page(1)).strip() == ""


def test_rule_box_without_source_shows_no_empty_line():
    assert 'class="source"' not in draw("rule_box", statement="Ikke kendt.", state="unverified")


def test_table_cell_names_its_column_for_the_card():
    text = draw("table", caption="c", columns=samples()["columns"], rows=samples()["rows"])

    assert text.count('data-label="By"') == 2
    assert 'aria-sort="ascending"' in text


@pytest.mark.parametrize(
    ("values", "expected"),
    [([0, 5, 10], [1, 12, 24]), ([0, 0], [1, 1]), ([], [])],
)
def test_sparkbar_scales_to_its_tallest(values, expected):
    assert [bar["height"] for bar in sparkbar(values, "finding")["bars"]] == expected


@pytest.mark.parametrize("name", ["400", "403_csrf", "500"])
def test_page_of_an_error_needs_no_request(name):
    text = engines["django"].get_template(f"{name}.html").render({})

    assert "<h1>" in text
    assert "sidemand.css" in text


@pytest.mark.usefixtures("base")
def test_missing_page_has_the_frame(client):
    response = client.get("/da/findes-ikke/")

    assert response.status_code == 404
    assert b'<main id="main"' in response.content


def test_page_with_errors_says_so_in_its_title(client):
    assert b"<title>Log " in client.get("/da/dev/form/").content
    assert b"<title>Fejl: Log " in client.post("/da/dev/form/", {"town": "x"}).content


@pytest.mark.parametrize(("language", "notices"), [("da", 0), ("kl", 1)])
def test_untranslated_interface_is_told_once(client, language, notices):
    text = client.get(f"/{language}/dev/form/").content.decode()

    assert f'<html lang="{language}">' in text
    assert text.count('class="notice"') == notices
    assert text.count('<main id="main" tabindex="-1" lang="da">') == notices


@pytest.mark.parametrize(("demo", "marks"), [(True, 1), (False, 0)])
def test_demo_content_is_marked(client, settings, demo, marks):
    settings.SIDEMAND_DEMO = demo

    assert client.get("/da/dev/form/").content.count(b'class="demo-mark"') == marks


def test_public_page_sets_no_cookie_and_needs_two_more_requests(client):
    response = client.get("/da/dev/refused/")
    fetched = re.findall(r'(?:src|href)="(/static/[^"]+)"', response.content.decode())

    assert response.cookies == {}
    assert fetched == ["/static/dist/sidemand.css", "/static/dist/sidemand.js"]
