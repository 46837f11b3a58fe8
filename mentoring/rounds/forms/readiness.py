"""What must be ready before somebody arrives."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import DateInput, offer
from core.identity import refuse_cpr_like
from mentoring.forms.common import LookAgainForm
from people.models import Person


class ItemForm(forms.Form):
    """Whose an item is, and by when."""

    use_required_attribute = False

    owner = forms.ModelChoiceField(
        label=_("Owner"), queryset=Person.objects.none(), empty_label="—", required=False
    )
    due_on = forms.DateField(
        label=_("Due"),
        widget=DateInput,
        error_messages=dict.fromkeys(("required", "invalid"), _("Write the day it is due.")),
    )

    def __init__(self, *args: Any, owners: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, owner=owners)


class OwnItemForm(LookAgainForm, ItemForm):
    """Something of the place's own that must be ready."""

    text_fields = ("title",)
    field_order = ["title", "owner", "due_on"]

    title = forms.CharField(
        label=_("What must be ready?"),
        max_length=120,
        validators=[refuse_cpr_like],
        error_messages={"required": _("Write what must be ready.")},
    )
    key = forms.UUIDField(widget=forms.HiddenInput)
