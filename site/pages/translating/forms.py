"""What translators and editors write in the queue."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from core.forms import offer
from core.guard import GuardedFormMixin
from core.periods import local_day
from pages.translating.orders import translators
from pages.translating.wordings import Standing
from people.models import Person


class OrderForm(GuardedFormMixin, forms.Form):
    """An order for a translation: who, until when, and what to know."""

    owner = forms.ModelChoiceField(
        Person.objects.none(),
        label=gettext_lazy("Translator"),
        required=False,
        empty_label=gettext_lazy("Whoever takes it"),
    )
    due_on = forms.DateField(
        label=gettext_lazy("To be ready on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("For example: The word in the heading is the one of the Act."),
    )

    def __init__(self, *args: Any, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, owner=translators(local_day(at)))


class WordingForm(GuardedFormMixin, forms.Form):
    """What a record says in another language, text by text; an empty one is shown in Danish."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, now: Standing, data: Any = None) -> None:
        super().__init__(data, initial={"seen": now.version})
        begun = now.begun
        for place in now.places:
            self.fields[place.path] = forms.CharField(
                label=place.own_label,
                required=False,
                initial=begun[place.path],
                max_length=place.field.max_length,
                validators=place.field.validators,
                widget=forms.Textarea(attrs={"rows": 2, "lang": now.language}),
            )

    def show(self, version: str) -> None:
        """Let what was written be sent once more, on top of ``version``."""
        self.data = {name: self.data.get(name, "") for name in self.fields} | {"seen": version}

    @property
    def texts(self) -> dict[str, str]:
        """What was written, by its place."""
        return {path: words for path, words in self.cleaned_data.items() if path != "seen"}


class RemarkForm(GuardedFormMixin, forms.Form):
    """What is to be looked at once more."""

    remark = forms.CharField(
        label=gettext_lazy("What to look at once more"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
