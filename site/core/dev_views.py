"""The component page: every component in every state, for who builds. In development only."""

from datetime import date
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe

from core.forms import Chips, ChipsMultiple, DateInput, Stepper, offer

STEPS = [
    ("report_in", "Modtagelse af underretning"),
    ("receipt", "Kvittering"),
    ("plan", "Handleplan"),
]
MODES = [("in_front", "foran"), ("beside", "ved siden af"), ("behind", "bagved")]
TOWNS = [("upernavik", "Upernavik"), ("qaanaaq", "Qaanaaq")]


class EveryFieldForm(forms.Form):
    """One field of each kind that the product uses."""

    held_on = forms.DateField(label="Hvornår?", widget=DateInput)
    minutes = forms.IntegerField(
        label="Hvor mange minutter?", min_value=1, max_value=720, widget=Stepper(step=15)
    )
    town = forms.ChoiceField(label="By", choices=TOWNS)
    steps = forms.MultipleChoiceField(
        label="Hvad arbejdede I med?", choices=STEPS, widget=ChipsMultiple
    )
    mode = forms.ChoiceField(
        label="Hvordan?", choices=MODES, widget=Chips, help_text="Hvem førte ordet?"
    )
    answer = forms.ChoiceField(
        label="Hvad skal ske inden for 24 timer?", choices=STEPS, widget=forms.RadioSelect
    )
    went_well = forms.CharField(
        label="Hvad gik godt?",
        help_text="Skriv om arbejdet, aldrig om familien.",
        max_length=500,
        widget=forms.Textarea,
    )
    email = forms.EmailField(
        label="E-mail", required=False, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    shared = forms.BooleanField(
        label="Delt computer", required=False, help_text="Du logges ud efter 30 minutter."
    )


FILLED = {
    "held_on": date(2026, 6, 14),
    "minutes": 90,
    "town": "upernavik",
    "steps": ["report_in", "receipt"],
    "mode": "beside",
    "answer": "receipt",
    "went_well": "Gennemgik modtagelse af underretning med skabelon. Kollegaen førte ordet.",
    "shared": True,
}
LONG_23 = "Nalunaaruteqarnissamutx"
LONG_41 = "Nalunaaruteqarnissamutpisussaaffimmiinnerm"[:41]
TEXT = mark_safe(
    "<p>Kommunen skal beslutte inden for 24 timer, om der er grund til at undersøge.</p>"
)


def samples() -> dict[str, Any]:
    """What the components are shown with; all of it invented."""
    long_form = EveryFieldForm({}, auto_id="long_%s", prefix="long")
    for name, field in long_form.fields.items():
        field.label = LONG_41 if name in {"held_on", "steps"} else LONG_23
    offer(long_form, steps=[("a", LONG_41), ("b", LONG_23)])
    return {
        "empty_form": EveryFieldForm(prefix="empty"),
        "filled_form": EveryFieldForm(initial=FILLED, prefix="filled"),
        "error_form": EveryFieldForm({"error-went_well": "x" * 520}, prefix="error"),
        "long_form": long_form,
        "long_23": LONG_23,
        "long_41": LONG_41,
        "listed_errors": [
            {
                "text": "Skriv hvor mange minutter I arbejdede sammen, fx 90.",
                "href": "#filled-minutes",
            },
            {"text": "Sessionen er låst.", "href": ""},
        ],
        "tasks": [
            {
                "title": "Hvad er en underretning?",
                "url": "#tasks",
                "state": "done",
                "note": "6 min",
            },
            {"title": "De første 24 timer", "url": "#tasks", "state": "in_progress", "note": ""},
            {"title": "Til bekræftelse: tirsdag 14/6, 90 min", "url": "#tasks", "state": "waiting"},
            {
                "title": "Kvittering og samtale",
                "url": "",
                "state": "not_begun",
                "note": "Kommer snart",
            },
        ],
        "steps": ["Læs", "Svar", "Se resultatet"],
        "columns": [
            {"label": "Kollega", "sort_url": "?sort=name", "sorted": "ascending"},
            {"label": "By"},
            {"label": "Minutter", "is_number": True},
        ],
        "rows": [
            ["Sagsbehandler Demo 3", "Upernavik", "90"],
            ["Sagsbehandler Demo 5", "Uummannaq", "1.260"],
        ],
        "facts": [("By", "Upernavik"), ("Minutter", "90"), ("Måde", "ved siden af")],
        "answers": [
            {
                "name": "Hvornår?",
                "value": "tirsdag den 14. juni kl. 9.30",
                "change_url": "#answers",
            },
            {"name": "Hvad gik godt?", "value": FILLED["went_well"], "change_url": "#answers"},
        ],
        "items": ["Skriv tidspunktet ned", "Spørg efter det, der er set og hørt"],
        "crumbs": [{"title": "Læring", "url": "#x"}, {"title": "Modul 3", "url": "#x"}],
        "section_links": [
            {"title": "Overblik", "url": "#main", "is_current": True},
            {"title": "Sessioner", "url": "#main"},
        ],
        "page": Paginator(range(200), 10).page(4),
        "text": TEXT,
        "checked_on": date(2026, 11, 1),
        "pairs": [(TEXT, mark_safe("<p>[kl] Kommunen …</p>")), (TEXT, mark_safe("<p>[kl] …</p>"))],
        "values": [2, 3, 6, 4, 8],
        "until": date(2026, 12, 22),
    }


def components(request: HttpRequest) -> HttpResponse:
    """Every component in its states; open to everybody, but only with DEBUG."""
    return render(request, "dev/components.html", samples())
