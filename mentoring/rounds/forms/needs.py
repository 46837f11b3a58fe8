"""What a place asks for."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from competences.models import Competence
from core.forms import Chips, Stepper, choice, offer
from mentoring.actions.rounds import NeedFacts
from mentoring.forms.common import LookAgainForm
from mentoring.models import (
    MOST_SEATS,
    Need,
    Pairing,
)
from mentoring.rounds.forms.common import PROFESSIONS, PlanPeriodForm, competence_field, note_field
from people.models import LanguageSkill, Person, Place

LEVELS = [("", _("Not asked for")), *LanguageSkill.Level.choices[1:]]


class NeedForm(LookAgainForm, PlanPeriodForm):
    """What a place asks for."""

    text_fields = ("note",)
    field_order = ["place", "kind", "seats", "profession", "starts_on", "last_day"]

    place = choice(_("Town"), missing=_("Choose the town."))
    kind = forms.ChoiceField(
        label=_("Form"),
        choices=Pairing.Kind.choices,
        widget=Chips,
        initial=Pairing.Kind.ON_SITE,
        help_text=_("Where the language calls for it, the training can be remote."),
        error_messages={"required": _("Choose the form.")},
    )
    seats = forms.IntegerField(
        label=_("How many mentors?"),
        widget=Stepper(step=1),
        initial=2,
        min_value=1,
        max_value=MOST_SEATS,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"), _("Write a number from 1 to 20.")
        ),
    )
    profession = forms.ChoiceField(label=_("Profession"), choices=PROFESSIONS, required=False)
    has_interpreter = forms.BooleanField(label=_("An interpreter can be had"), required=False)
    competences = competence_field(_("Competences asked for"))
    owner = forms.ModelChoiceField(
        label=_("Who looks after it in the place?"),
        queryset=Person.objects.none(),
        empty_label="—",
        required=False,
        help_text=_("Gets what must be ready before the arrival, with reminders."),
    )
    note = note_field(_("Note"), _("About the work, never about a family."))
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        places: QuerySet[Place],
        owners: QuerySet[Person],
        competences: QuerySet[Competence],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        offer(self, place=places, owner=owners, competences=competences)
        for language, label in LanguageSkill.Language.choices:
            self.fields[_language(language)] = forms.TypedChoiceField(
                label=label, choices=LEVELS, coerce=int, empty_value=None, required=False
            )

    @property
    def languages(self) -> list[forms.BoundField]:
        """The fields of the languages, drawn together."""
        return [self[_language(language)] for language in LanguageSkill.Language.values]

    @property
    def above(self) -> list[forms.BoundField]:
        """What stands above the languages."""
        return [self[name] for name in self.field_order]

    @property
    def facts(self) -> NeedFacts:
        """What was filled in, as the action takes it."""
        given = self.given
        return NeedFacts(
            place=given["place"],
            kind=given["kind"],
            seats=given["seats"],
            starts_on=given["starts_on"],
            ends_on=given["ends_on"],
            profession=given["profession"],
            has_interpreter=given["has_interpreter"],
            languages={
                language: level
                for language in LanguageSkill.Language.values
                if (level := given[_language(language)])
            },
            competences=list(given["competences"]),
            owner=given["owner"],
            note=given["note"],
        )


def _language(language: str) -> str:
    return f"language_{language.replace('-', '_')}"


def need_initial(need: Need) -> dict[str, Any]:
    """A need as its form shows it."""
    return {
        "place": need.place_id,
        "kind": need.kind,
        "seats": need.seats,
        "profession": need.profession,
        "starts_on": need.starts_on,
        "last_day": need.last_day,
        "has_interpreter": need.has_interpreter,
        "competences": list(need.competences.values_list("pk", flat=True)),
        "owner": need.owner_id,
        "note": need.note,
        **{_language(one.language): one.level for one in need.languages.all()},
    }
