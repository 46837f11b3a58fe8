"""What coordinators fill in about a round."""

import uuid
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from competences.models import Competence
from core.forms import Chips, DateInput, LastDayField, Stepper, offer
from core.guard import GuardedFormMixin
from core.identity import refuse_cpr_like
from core.periods import day_after
from mentoring.actions.rounds import MOST_WINDOWS, MOST_WISHES, NeedFacts, StayFacts
from mentoring.forms import OneSpeaker, PeriodForm, TextField
from mentoring.models import (
    MOST_COLLEAGUES,
    MOST_NOTE,
    MOST_SEATS,
    Need,
    Pairing,
    Recommendation,
    Round,
    Stay,
)
from mentoring.proposals.brief import MOST_WEIGHT, WEIGHTS
from mentoring.proposals.words import TERMS
from mentoring.rounds.exchange import cpr_lines
from people.models import Affiliation, LanguageSkill, Organisation, Person, Place

ANY = ("", "—")
PROFESSIONS = [ANY, *Affiliation.Profession.choices]
LEVELS = [("", _("Not asked for")), *LanguageSkill.Level.choices[1:]]


def note_field(label: Any, help_text: Any = "") -> TextField:
    """A note that the identity guard looks at."""
    return TextField(
        label=label,
        most=MOST_NOTE,
        help_text=help_text,
        validators=[refuse_cpr_like, MaxLengthValidator(MOST_NOTE)],
    )


class PlanPeriodForm(PeriodForm):
    """A period whose last day is known."""

    last_day = LastDayField(
        required=True,
        error_messages=dict.fromkeys(("required", "invalid"), _("Write the last day.")),
    )


class RoundForm(GuardedFormMixin, PlanPeriodForm):
    """Plan a round, or change one."""

    field_order = [
        *("title", "municipalities", "starts_on", "last_day", "profession"),
        *("fewest_days", "goals", "recommendations"),
    ]

    title = forms.CharField(
        label=_("What is the round called?"),
        max_length=120,
        help_text=_("For example: Spring 2027."),
        validators=[refuse_cpr_like],
        error_messages={"required": _("Write what the round is called.")},
    )
    municipalities = forms.ModelMultipleChoiceField(
        label=_("In which municipalities?"),
        queryset=Organisation.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), _("Choose at least one municipality.")
        ),
    )
    profession = forms.ChoiceField(
        label=_("For one profession only?"), choices=PROFESSIONS, required=False
    )
    fewest_days = forms.IntegerField(
        label=_("How many days must a mentor be there at least?"),
        widget=Stepper(step=7),
        initial=28,
        min_value=1,
        max_value=366,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"), _("Write a number from 1 to 366.")
        ),
    )
    goals = note_field(_("Goals"), _("What should be better when the round is over?"))
    recommendations = forms.TypedMultipleChoiceField(
        label=_("Recommendations of the programme"),
        choices=lambda: [(choice.value, choice.numbered) for choice in Recommendation],
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, municipalities: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, municipalities=municipalities)


def round_initial(planned: Round | None) -> dict[str, Any]:
    """What the form begins with; a new round has its id from the start."""
    if planned is None:
        return {"key": uuid.uuid4()}
    return {
        "key": planned.pk,
        "title": planned.title,
        "municipalities": list(planned.municipalities.values_list("pk", flat=True)),
        "starts_on": planned.starts_on,
        "last_day": planned.last_day,
        "profession": planned.profession,
        "fewest_days": planned.fewest_days,
        "goals": planned.goals,
        "recommendations": list(planned.tags.values_list("number", flat=True)),
    }


class DecideForm(GuardedFormMixin, forms.Form):
    """Let a round go ahead, put it off, or close it."""

    use_required_attribute = False

    to = forms.ChoiceField(choices=Round.State.choices, widget=forms.HiddenInput)
    reason = note_field(_("Why?"), _("The reason is kept with the round."))


class SomeCompetences(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # plain at run time
    """Competences by their title."""

    def label_from_instance(self, competence: Competence) -> str:
        """The title in the reader's language."""
        return str(competence.title or competence.key)


def competence_field(label: Any) -> SomeCompetences:
    """Any number of competences."""
    return SomeCompetences(
        label=label,
        queryset=Competence.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )


class NeedForm(GuardedFormMixin, PlanPeriodForm):
    """What a place asks for."""

    use_required_attribute = False
    field_order = ["place", "kind", "seats", "profession", "starts_on", "last_day"]

    place = forms.ModelChoiceField(
        label=_("Town"),
        queryset=Place.objects.none(),
        empty_label="—",
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Choose the town.")),
    )
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


class Travellers(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # plain at run time
    """Other mentors of the round, by name."""

    def label_from_instance(self, stay: Stay) -> str:
        """The name."""
        return stay.person.name


class StayForm(GuardedFormMixin, forms.Form):
    """What a mentor brings."""

    use_required_attribute = False

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


class WeightsForm(forms.Form):
    """How much each reason counts, and whom the proposal follows."""

    use_required_attribute = False

    def __init__(self, *args: Any, earlier: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for term, label in TERMS.items():
            self.fields[term] = forms.TypedChoiceField(
                label=label,
                choices=[(n, str(n)) for n in range(MOST_WEIGHT + 1)],
                coerce=int,
                initial=WEIGHTS[term],
                error_messages=dict.fromkeys(
                    ("required", "invalid_choice"), _("Choose a number from 0 to 5.")
                ),
            )
        self.fields["follows"] = forms.ChoiceField(
            label=_("Move as few people as possible from"),
            choices=[("", _("Nothing: find the best from the start")), *earlier],
            required=False,
            error_messages={"invalid_choice": _("Choose one of the proposals.")},
        )

    @property
    def weights(self) -> dict[str, int]:
        """The weights by term."""
        return {term: self.cleaned_data[term] for term in TERMS}


class HandForm(forms.Form):
    """The board: a place for each mentor, or none."""

    use_required_attribute = False

    def __init__(
        self,
        *args: Any,
        mentors: Iterable[tuple[str, str, list[tuple[str, str]]]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.names: list[str] = []
        for stay, name, places in mentors:
            field = f"stay_{stay}"
            self.names.append(field)
            self.fields[field] = forms.ChoiceField(
                label=name,
                choices=[("", _("No place")), *places],
                required=False,
                error_messages={
                    "invalid_choice": _("This place cannot be chosen. Choose another one.")
                },
            )

    @property
    def place_of(self) -> dict[uuid.UUID, uuid.UUID]:
        """Needs by stay."""
        return {
            uuid.UUID(name.removeprefix("stay_")): uuid.UUID(self.cleaned_data[name])
            for name in self.names
            if self.cleaned_data[name]
        }


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


class OwnItemForm(GuardedFormMixin, ItemForm):
    """Something of the place's own that must be ready."""

    field_order = ["title", "owner", "due_on"]

    title = forms.CharField(
        label=_("What must be ready?"),
        max_length=120,
        validators=[refuse_cpr_like],
        error_messages={"required": _("Write what must be ready.")},
    )
    key = forms.UUIDField(widget=forms.HiddenInput)


class FileForm(GuardedFormMixin, forms.Form):
    """A file of needs or stays."""

    use_required_attribute = False

    what = forms.ChoiceField(
        label=_("What does the file hold?"),
        choices=[("needs", _("What places need")), ("stays", _("What mentors bring"))],
        widget=Chips,
        error_messages={"required": _("Choose what the file holds.")},
    )
    file = forms.FileField(
        label=_("File"),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv"}),
        help_text=_("CSV with semicolons, as it is exported from here."),
        error_messages=dict.fromkeys(
            ("required", "invalid", "missing", "empty"), _("Choose a file with lines in it.")
        ),
    )

    def refusal_at(
        self, field: str | None, refusals: dict[str, ValidationError]
    ) -> ValidationError:
        """In which lines of the file it stands; what stands there is not repeated."""
        file = self.files.get("file") if field == "file" else None
        if file is None:
            return super().refusal_at(field, refusals)
        file.seek(0)
        lines = cpr_lines(file.read())
        file.seek(0)
        if not lines:  # in its name
            return super().refusal_at(field, refusals)
        return ValidationError(
            _("Digits that look like a CPR number stand in line %(lines)s. Nothing was taken."),
            code="cpr_like",
            params={"lines": ", ".join(map(str, lines[:20]))},
        )
