"""What one writes at a list: words to search for, and the name of a view."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.guard import GuardedFormMixin
from mentoring.models.saved import MOST_VIEW_NAME


class WordsForm(GuardedFormMixin, forms.Form):
    """Part of a name; sent by POST, so that it stands in no address and no log."""

    q = forms.CharField(label=_("Search"), required=False, max_length=100)


class ViewNameForm(GuardedFormMixin, forms.Form):
    """What a view is called."""

    name = forms.CharField(
        label=_("Name of the view"),
        max_length=MOST_VIEW_NAME,
        error_messages={"required": _("Write a name, for example “My towns”.")},
    )


class SaveViewForm(ViewNameForm):
    """A view to keep."""

    is_first = forms.BooleanField(label=_("Open the list with it"), required=False)
