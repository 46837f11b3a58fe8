"""What a mentor brings."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from competences.models import Competence
from core.forms import DateInput, LastDayField, Stepper, offer
from core.periods import day_after
from mentoring.actions.rounds import MOST_WINDOWS, MOST_WISHES, StayFacts
from mentoring.forms.common import LookAgainForm, OneSpeaker
from mentoring.models import (
    MOST_COLLEAGUES,
    Pairing,
    Stay,
)
from mentoring.rounds.forms.common import ANY, PROFESSIONS, competence_field, note_field
from people.models import Person, Place


class Travellers(forms.ModelMultipleChoiceField[Stay]):
    """Other mentors of the round, by name."""

    def label_from_instance(self, stay: Stay) -> str:
        """The name."""
        return stay.person.name


class StayForm(LookAgainForm):
    """What a mentor brings."""

    text_fields = ("note",)

    person = OneSpeaker(
        label=_("Mentor"),
        queryset=Person.objects.none(),
        empty_label="—",
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Choose the mentor.")),
    )
    profession = forms.ChoiceField(
        label=_("Profession"),
        choices=PROFESSIONS,
        error_messages={"required": _("Choose the profession.")},
    )
    most_colleagues = forms.IntegerField(
        label=_("How many colleagues at most?"),
        widget=Stepper(step=1),
        initial=2,
        min_value=1,
        max_value=MOST_COLLEAGUES,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"), _("Write a number from 1 to 10.")
        ),
    )
    competences = competence_field(_("Competences"))
    travels_with = Travellers(
        label=_("Travels with"),
        queryset=Stay.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("They go to the same place, or none of them goes."),
    )
    note = note_field(_("Note"), _("About the work, never about a family."))
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        people: QuerySet[Person] | None,
        others: QuerySet[Stay],
        places: QuerySet[Place],
        competences: QuerySet[Competence],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if people is None:  # of a stay that is there: the person stays
            del self.fields["person"]
        else:
            offer(self, person=people)
        offer(self, travels_with=others, competences=competences)
        for n in range(1, MOST_WINDOWS + 1):
            self.fields[f"kind_{n}"] = forms.ChoiceField(
                label=_("Form"), choices=[ANY, *Pairing.Kind.choices], required=False
            )
            self.fields[f"starts_{n}"] = forms.DateField(
                label=_("First day"),
                widget=DateInput,
                required=False,
                error_messages={"invalid": _("Write the first day.")},
            )
            self.fields[f"last_{n}"] = LastDayField()
        for n in range(1, MOST_WISHES + 1):
            self.fields[f"wish_{n}"] = forms.ModelChoiceField(
                label=_("%(number)d. wish") % {"number": n},
                queryset=places,
                empty_label="—",
                required=False,
            )

    def clean(self) -> dict[str, Any]:
        """Each window is whole or empty, and there is at least one."""
        data = super().clean() or {}
        begun = 0
        for n in range(1, MOST_WINDOWS + 1):
            kind, starts, last = (data.get(f"{name}_{n}") for name in ("kind", "starts", "last"))
            if not (kind or starts or last):
                continue
            begun += 1
            for name, value, missing in (
                ("kind", kind, _("Choose the form.")),
                ("starts", starts, _("Write the first day.")),
                ("last", last, _("Write the last day.")),
            ):
                if not value and not self.has_error(f"{name}_{n}"):
                    self.add_error(f"{name}_{n}", missing)
            if starts and last and last < starts:
                self.add_error(
                    f"last_{n}", _("The last day lies before the first. Change one of them.")
                )
        if not begun:
            self.add_error("kind_1", _("Write when the mentor can come."))
        return data

    @property
    def windows(self) -> list[list[forms.BoundField]]:
        """The fields of each window."""
        return [
            [self[f"{name}_{n}"] for name in ("kind", "starts", "last")]
            for n in range(1, MOST_WINDOWS + 1)
        ]

    @property
    def wishes(self) -> list[forms.BoundField]:
        """The fields of the wishes."""
        return [self[f"wish_{n}"] for n in range(1, MOST_WISHES + 1)]

    @property
    def above(self) -> list[forms.BoundField]:
        """What stands above the windows."""
        names = ("person", "profession", "most_colleagues")
        return [self[name] for name in names if name in self.fields]

    def facts(self, person: Person) -> StayFacts:
        """What was filled in, as the action takes it."""
        given = self.cleaned_data
        windows = [
            (given[f"kind_{n}"], given[f"starts_{n}"], ends)
            for n in range(1, MOST_WINDOWS + 1)
            if (ends := day_after(given[f"last_{n}"])) is not None
        ]
        wishes = [given[f"wish_{n}"] for n in range(1, MOST_WISHES + 1)]
        return StayFacts(
            person=person,
            profession=given["profession"],
            windows=windows,
            most_colleagues=given["most_colleagues"],
            competences=list(given["competences"]),
            wishes=[place for place in wishes if place is not None],
            travels_with=[stay.person for stay in given["travels_with"]],
            note=given["note"],
        )


def stay_initial(stay: Stay) -> dict[str, Any]:
    """A stay as its form shows it."""
    initial: dict[str, Any] = {
        "profession": stay.profession,
        "most_colleagues": stay.most_colleagues,
        "competences": list(stay.competences.values_list("pk", flat=True)),
        "travels_with": list(stay.travels_with.values_list("pk", flat=True)),
        "note": stay.note,
    }
    for n, window in enumerate(stay.windows.order_by("starts_on", "kind"), start=1):
        initial |= {
            f"kind_{n}": window.kind,
            f"starts_{n}": window.starts_on,
            f"last_{n}": window.last_day,
        }
    for place, position in stay.wishes.values_list("place_id", "position"):
        initial[f"wish_{position}"] = place
    return initial
