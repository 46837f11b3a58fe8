"""The forms of whoever looks after others' learning."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import DateInput
from core.guard import GuardedFormMixin
from courses.models import LearningPath, PathRule
from courses.permissions import LEARNING_ROLES
from people.models import Place, Role
from people.permissions import Standing


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
        self.fields["path"].queryset = LearningPath.objects.offered(on=day)  # type: ignore[attr-defined]


class RuleOfPathForm(forms.Form):
    """Whoever holds a role in a place gets a path."""

    path = forms.ModelChoiceField(
        LearningPath.objects.none(),
        label=_("Learning path"),
        empty_label=_("Choose a learning path"),
        to_field_name="key",
    )
    role_key = forms.ChoiceField(label=_("Role"))
    where = forms.ChoiceField(label=_("Where"))
    due_days = forms.IntegerField(
        label=_("Days until due"),
        required=False,
        min_value=1,
        max_value=1000,
        help_text=_("Counted from the day the role begins. Leave it empty if there is no day."),
    )

    def __init__(self, *args: Any, standing: Standing, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["path"].queryset = LearningPath.objects.offered(on=standing.day)  # type: ignore[attr-defined]
        roles = [(key, Role.Key(key).label) for key in LEARNING_ROLES]
        self.fields["role_key"].choices = [("", _("Choose a role")), *roles]  # type: ignore[attr-defined]
        towns = Place.objects.select_related("municipality").order_by("municipality__name", "name")
        self._places = {str(place.pk): place for place in towns}
        self._municipalities = {
            str(place.municipality_id): place.municipality for place in self._places.values()
        }
        self.fields["where"].choices = [("", _("Choose a place")), *self._offers(standing)]  # type: ignore[attr-defined]

    def _offers(self, standing: Standing) -> list[Any]:
        """The places that the coordinator's own role reaches."""
        own = standing.scopes(Role.Key.COORDINATOR)
        offers: list[Any] = []
        if any(role.scope == Role.Scope.COUNTRY for role in own):
            offers.append((Role.Scope.COUNTRY, _("The whole country")))
        for key, municipality in self._municipalities.items():
            whole = any(
                role.scope == Role.Scope.COUNTRY or role.municipality_id == municipality.pk
                for role in own
            )
            inside: list[Any] = (
                [(f"municipality:{key}", _("The whole municipality"))] if whole else []
            )
            inside += [
                (f"town:{place.pk}", place.name)
                for place in self._places.values()
                if place.municipality_id == municipality.pk
                and standing.covers(Role.Key.COORDINATOR, place)
            ]
            if inside:
                offers.append((municipality.name, inside))
        return offers

    def rule(self) -> PathRule:
        """The rule that was asked for, not saved yet."""
        scope, _colon, pk = self.cleaned_data["where"].partition(":")
        return PathRule(
            path=self.cleaned_data["path"],
            role_key=self.cleaned_data["role_key"],
            scope=scope,
            place=self._places[pk] if scope == Role.Scope.TOWN else None,
            municipality=self._municipalities[pk] if scope == Role.Scope.MUNICIPALITY else None,
            due_days=self.cleaned_data["due_days"],
        )
