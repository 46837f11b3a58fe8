"""The forms of whoever looks after others' learning."""

from datetime import date
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import DateInput, offer
from core.guard import GuardedFormMixin
from courses.models import Certificate, LearningPath, PathRule
from people.permissions import TRAINING_CHOICES, Standing
from people.where import Where, WhereField


class NameSearchForm(GuardedFormMixin, forms.Form):
    """Part of a name; sent by POST, so that it stands in no address and no log."""

    q = forms.CharField(label=_("Search by name"), required=False, max_length=100)


class DueForm(forms.Form):
    """The day a path is due, or none."""

    due_on = forms.DateField(
        label=_("Due"),
        required=False,
        widget=DateInput(),
        help_text=_("The last day. Leave it empty if there is none."),
        error_messages={"invalid": _("Write a day, or leave it empty.")},
    )


class AssignForm(DueForm):
    """Which path, until when. Who gets it, and the id of this assignment, stand beside it."""

    path = forms.ModelChoiceField(
        LearningPath.objects.none(),
        label=_("Learning path"),
        empty_label=_("Choose a learning path"),
        to_field_name="key",
    )
    field_order = ["path", "due_on"]

    def __init__(self, *args: Any, day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, path=LearningPath.objects.offered(on=day))


class RevokeForm(GuardedFormMixin, forms.Form):
    """Why a certificate is revoked."""

    reason = forms.ChoiceField(
        label=_("Why"), choices=Certificate.RevokedFor.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=_("More about it"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The holder and the coordinators of their place read it. Nobody else does."),
    )


class RuleOfPathForm(forms.Form):
    """Whoever holds a role in a place gets a path."""

    path = forms.ModelChoiceField(
        LearningPath.objects.none(),
        label=_("Learning path"),
        empty_label=_("Choose a learning path"),
        to_field_name="key",
    )
    role_key = forms.ChoiceField(label=_("Role"))
    where = WhereField()
    due_days = forms.IntegerField(
        label=_("Days until due"),
        required=False,
        min_value=1,
        max_value=1000,
        help_text=_("Counted from the day the role begins. Leave it empty if there is no day."),
    )

    def __init__(self, *args: Any, standing: Standing, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(
            self,
            path=LearningPath.objects.offered(on=standing.day),
            role_key=[("", _("Choose a role")), *TRAINING_CHOICES],
        )
        cast("WhereField", self.fields["where"]).offer(standing.coordinates)

    def rule(self) -> PathRule:
        """The rule that was asked for, not saved yet."""
        where: Where = self.cleaned_data["where"]
        return PathRule(
            path=self.cleaned_data["path"],
            role_key=self.cleaned_data["role_key"],
            scope=where.scope,
            place=where.place,
            municipality=where.municipality,
            due_days=self.cleaned_data["due_days"],
        )
