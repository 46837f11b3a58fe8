"""Whoever comes second reads how it stands now, where that differs from what they wrote."""

from datetime import date

from django import forms
from django.http import QueryDict
from django.template.loader import render_to_string

from core.meanwhile import show_meanwhile

TOWNS = [("", "—"), ("Nord", [("upernavik", "Upernavik"), ("uummannaq", "Uummannaq")])]
NOW = {
    "seen": "2",
    "title": "<b>Tolk</b>\nfast",
    "town": "upernavik",
    "kinds": ["a", "b"],
    "day": date(2027, 6, 15),
    "is_open": True,
    "note": "",
    "same": "Det samme",
}


class Form(forms.Form):
    """A field of every kind."""

    seen = forms.CharField(widget=forms.HiddenInput)
    title = forms.CharField(label="Titel")
    town = forms.ChoiceField(label="By", choices=TOWNS)
    kinds = forms.MultipleChoiceField(label="Slags", choices=[("a", "En"), ("b", "To")])
    day = forms.DateField(label="Dag")
    is_open = forms.BooleanField(label="Åben", required=False)
    note = forms.CharField(label="Note", required=False)
    same = forms.CharField(label="Ens")
    reason = forms.CharField(label="Hvorfor", required=False)


def sent(**fields: str) -> Form:
    mine = {"seen": "1", "title": "Min", "town": "uummannaq", "kinds": "a", "day": "2027-06-16"}
    data = QueryDict(mutable=True)
    data.update(mine | {"note": "Min note", "same": "Det samme", "reason": "Fordi"} | fields)
    return Form(data, initial=NOW)


def test_it_says_how_it_stands_where_that_differs() -> None:
    form = sent()

    show_meanwhile(form)

    assert vars(form)["meanwhile"] == [
        ("Titel", "<b>Tolk</b>\nfast"),
        ("By", "Upernavik"),
        ("Slags", "En, To"),
        ("Dag", "15. juni 2027"),
        ("Åben", "Ja"),
        ("Note", "–"),
    ]


def test_the_summary_shows_it_and_escapes_it() -> None:
    form = sent()
    form.add_error(None, "En anden var først.")
    before = render_to_string("components/error_summary.html", {"form": form})
    show_meanwhile(form)

    shown = render_to_string("components/error_summary.html", {"form": form})

    assert "Sådan står det nu" not in before
    assert "Noget mangler eller er forkert" in before
    assert "Det er ikke gemt endnu" in shown
    assert "<dt>Titel</dt><dd>&lt;b&gt;Tolk&lt;/b&gt;<br>fast</dd>" in shown
