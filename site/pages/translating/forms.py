"""What translators and editors write in the queue."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from core.forms import offer
from core.guard import GuardedFormMixin
from core.periods import local_day
from pages.translating.orders import translators
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


class RemarkForm(GuardedFormMixin, forms.Form):
    """What is to be looked at once more."""

    remark = forms.CharField(
        label=gettext_lazy("What to look at once more"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
