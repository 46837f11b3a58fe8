"""What a learner fills in for themselves."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import LongText
from core.guard import GuardedFormMixin
from core.identity import refuse_cpr_like
from courses.models.own import LONGEST_NOTE


class NoteForm(GuardedFormMixin, forms.Form):
    """One's own text, and the version it was opened with."""

    use_required_attribute = False

    text = LongText(
        label=_("Your note"),
        required=False,
        max_length=LONGEST_NOTE,
        validators=[refuse_cpr_like],
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_("Write about the work and what you have learnt, never about a family."),
    )
    version = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)
    beside = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)

    def clean_version(self) -> int:
        """A form that names no version was opened with none."""
        return self.cleaned_data["version"] or 0


class NoteSearchForm(GuardedFormMixin, forms.Form):
    """Some words to find in one's own notes."""

    use_required_attribute = False

    q = forms.CharField(
        label=_("Search in your notes"),
        max_length=100,
        required=False,
        validators=[refuse_cpr_like],
        error_messages={"max_length": _("Write fewer words: at most 100 characters.")},
    )
