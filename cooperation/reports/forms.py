"""What is written beside the figures."""

from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from cooperation.models import MOST_WORDS
from cooperation.models.report import MOST_COMMENT, MOST_REPORT_WORDS
from core.forms import LongText
from core.guard import GuardedFormMixin
from core.identity import refuse_cpr_like


def _text(most: int, **options: Any) -> LongText:
    widget = forms.Textarea(attrs={"rows": options.pop("rows", 6), "maxlength": most})
    return LongText(
        widget=widget, validators=[refuse_cpr_like, MaxLengthValidator(most)], **options
    )


class WordsForm(GuardedFormMixin, forms.Form):
    """The owner's words, in one language or both."""

    use_required_attribute = False

    text_da = _text(MOST_REPORT_WORDS, label=_("In Danish"), required=False)
    text_kl = _text(
        MOST_REPORT_WORDS,
        label=_("In Kalaallisut"),
        required=False,
        help_text=_("Leave it empty if nobody has written it yet: the Danish text is shown."),
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)


class CorrectForm(GuardedFormMixin, forms.Form):
    """Why a frozen report gets a newer edition."""

    use_required_attribute = False

    reason = _text(
        MOST_WORDS,
        label=_("Why is it corrected?"),
        rows=3,
        help_text=_("Say what was wrong. Everybody who reads the report reads it."),
        error_messages={"required": _("Write why it is corrected.")},
    )


class CommentForm(GuardedFormMixin, forms.Form):
    """A comment on a report that goes round."""

    use_required_attribute = False

    section = forms.ChoiceField(label=_("About"), required=False)
    text = _text(
        MOST_COMMENT,
        label=_("Your comment"),
        rows=3,
        help_text=_("Write about the figures and the work, never about a family."),
        error_messages={"required": _("Write your comment.")},
    )
    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
