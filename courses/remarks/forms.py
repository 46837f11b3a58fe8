"""What a reader writes to the editors, and what they answer."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import LongText
from core.guard import GuardedFormMixin
from core.identity import refuse_cpr_like
from courses.models import Remark
from courses.models.remark import LONGEST_REMARK


class RemarkForm(GuardedFormMixin, forms.Form):
    """One message."""

    use_required_attribute = False

    kind = forms.ChoiceField(
        label=_("What is it about?"),
        choices=Remark.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what it is about.")},
    )
    text = LongText(
        label=_("What do you want to say?"),
        max_length=LONGEST_REMARK,
        validators=[refuse_cpr_like],
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Say where in the text it is. Write about the lesson, never about a family."),
        error_messages={"required": _("Write a few words.")},
    )
    id = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def clean_id(self) -> uuid.UUID:
        """The id that came with the form; without a readable one this is a new message."""
        found: Any = self.cleaned_data.get("id")
        return found or uuid.uuid4()


class AnswerForm(GuardedFormMixin, forms.Form):
    """What the editors answer."""

    use_required_attribute = False

    answer = LongText(
        label=_("Your answer"),
        max_length=LONGEST_REMARK,
        validators=[refuse_cpr_like],
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Whoever asked reads it, with your name. It cannot be changed afterwards."),
        error_messages={"required": _("Write a few words.")},
    )
