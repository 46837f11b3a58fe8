"""Forms about people; what they accept is judged again by :mod:`people.actions`."""

from datetime import date
from functools import partial
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import DateInput, LastDayField, offer
from core.guard import GuardedFormMixin
from core.identity import refuse_cpr_like
from core.periods import day_after
from people.actions import New
from people.models import Affiliation, LanguageSkill, Organisation, Person, Place, Role
from people.permissions import Standing
from people.where import Choices, Where, WhereField


class PersonForm(GuardedFormMixin, forms.ModelForm[Any]):
    """Who somebody is; with an account, the address is theirs to change."""

    class Meta:
        model = Person
        fields = ["name", "email", "language"]
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "off"}),
            "email": forms.EmailInput(attrs={"autocomplete": "off"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].required = True
        self.fields["email"].help_text = _("The invitation is sent here.")
        self.fields["language"].help_text = _("The language of the pages and of mails.")
        if self.instance.user_id is not None:
            del self.fields["email"]


class RoleForm(forms.Form):
    """A role, where it holds and for how long; offers what ``standing`` may give."""

    key = forms.ChoiceField(label=_("Role"))
    where = WhereField()
    starts_on = forms.DateField(label=_("From"), widget=DateInput())
    last_day = LastDayField(
        help_text=_("The role holds until the end of this day. Leave it empty if you do not know."),
    )

    def __init__(self, *args: Any, standing: Standing, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        keys: Choices = [
            (key, label) for key, label in Role.Key.choices if key in standing.may_give_keys
        ]
        offer(self, key=[("", _("Choose a role")), *keys])
        # Of the training, where the scope is what decides.
        cast("WhereField", self.fields["where"]).offer(partial(standing.may_give, Role.Key.MENTOR))
        self.fields["starts_on"].initial = standing.day

    def clean(self) -> dict[str, Any]:
        """The last day must not lie before the first."""
        data = super().clean() or {}
        starts_on, last_day = data.get("starts_on"), data.get("last_day")
        if starts_on and last_day and last_day < starts_on:
            self.add_error("last_day", _("The last day lies before the first. Change one of them."))
        return data

    def role(self) -> Role:
        """The role that was asked for, not saved yet."""
        where: Where = self.cleaned_data["where"]
        return Role(
            key=self.cleaned_data["key"],
            scope=where.scope,
            place=where.place,
            municipality=where.municipality,
            starts_on=self.cleaned_data["starts_on"],
            ends_on=day_after(self.cleaned_data["last_day"]),
        )


class EndRoleForm(forms.Form):
    """The last day of a role."""

    last_day = LastDayField(
        help_text=_("The role holds until the end of this day. Empty: it has no end."),
    )


class AffiliationForm(forms.Form):
    """Where somebody works."""

    organisation = forms.ModelChoiceField(
        Organisation.objects.none(),
        label=_("Organisation"),
        empty_label=_("Choose an organisation"),
    )
    place = forms.ModelChoiceField(
        Place.objects.none(), label=_("Town"), required=False, empty_label=_("No town")
    )
    profession = forms.ChoiceField(label=_("Profession"), choices=Affiliation.Profession.choices)
    starts_on = forms.DateField(label=_("From"), widget=DateInput())

    def __init__(self, *args: Any, day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(
            self,
            organisation=Organisation.objects.valid_on(day).order_by("name"),
            place=Place.objects.order_by("name"),
        )
        self.fields["starts_on"].initial = day


class LevelsMixin(forms.BaseForm):
    """A level for each language, spoken and written; call ``add_levels`` last."""

    def add_levels(self, person: Person) -> None:
        """Add the fields, filled with what is known of ``person``."""
        known = {skill.language: skill for skill in person.languages.all()}
        for code, label in LanguageSkill.Language.choices:
            skill = known.get(code)
            for side, name in (("spoken", _("spoken")), ("written", _("written"))):
                self.fields[f"{side}_{code}"] = forms.TypedChoiceField(
                    label=f"{label}, {name}",
                    choices=[("", _("Not stated")), *LanguageSkill.Level.choices],
                    coerce=int,
                    empty_value=None,
                    required=False,
                    initial=getattr(skill, side, None),
                )

    def skill_rows(self) -> list[tuple[str, forms.BoundField, forms.BoundField]]:
        """For each language its name and its two fields."""
        return [
            (str(label), self[f"spoken_{code}"], self[f"written_{code}"])
            for code, label in LanguageSkill.Language.choices
        ]

    def skills(self) -> dict[str, tuple[int, int]]:
        """The languages that something was said about; what was left out counts as none."""
        said: dict[str, tuple[int, int]] = {}
        for code in LanguageSkill.Language.values:
            spoken, written = (
                self.cleaned_data[f"spoken_{code}"],
                self.cleaned_data[f"written_{code}"],
            )
            if spoken is not None or written is not None:
                said[code] = (spoken or 0, written or 0)
        return said


class ProfileForm(LevelsMixin, GuardedFormMixin, forms.ModelForm[Any]):
    """What a person says about themselves, with a level for each language."""

    class Meta:
        model = Person
        fields = ["name", "language"]
        widgets = {"name": forms.TextInput(attrs={"autocomplete": "name"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].help_text = _("The language of the pages and of mails.")
        self.add_levels(self.instance)


class LanguagesForm(LevelsMixin, forms.Form):
    """The languages of somebody who cannot sign in yet to tell."""

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_levels(person)


class NewOrganisationForm(GuardedFormMixin, forms.ModelForm[Any]):
    """An organisation that people come from or work at."""

    class Meta:
        model = Organisation
        fields = ["name", "kind", "starts_on"]
        widgets = {"starts_on": DateInput()}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].validators += [refuse_cpr_like]
        self.fields["name"].help_text = _("The name of the office, never of a person.")
        self.fields["starts_on"].help_text = _("The day from which it bears this name.")


class OrganisationForm(NewOrganisationForm):
    """The same, its last day, and what came after it."""

    last_day = LastDayField(help_text=_("Leave it empty while it exists."))
    successors = forms.ModelMultipleChoiceField(
        Organisation.objects.none(),
        label=_("Succeeded by"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Has it a new name? Enter the new one first, and choose it here."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Organisation.objects.exclude(pk=self.instance.pk).order_by("name")
        offer(self, successors=others)
        self.fields["successors"].initial = list(self.instance.successors.all())
        self.fields["last_day"].initial = self.instance.last_day

    @property
    def given(self) -> dict[str, Any]:
        """What was filled in, the last day as the end of a period."""
        given = dict(self.cleaned_data)
        given["ends_on"] = day_after(given.pop("last_day"))
        return given


#: An organisation is divided into so many at most.
MOST_HEIRS = 5


class ChangeOrganisationForm(GuardedFormMixin, forms.Form):
    """What it is called from a day on; with several names it is divided, with others joined."""

    use_required_attribute = False

    on = forms.DateField(
        label=_("From which day?"),
        widget=DateInput,
        help_text=_("Write it on the day it happens, or after."),
        error_messages=dict.fromkeys(("required", "invalid"), _("Write the day.")),
    )
    names = forms.CharField(
        label=_("What is it called from then on?"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=600,
        help_text=_("One name. If it is divided: one name on each line, the main one first."),
        validators=[refuse_cpr_like],
        error_messages={"required": _("Write what it is called from then on.")},
    )
    joined = forms.ModelMultipleChoiceField(
        Organisation.objects.none(),
        label=_("Which others become part of it?"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Only if several are joined to one."),
    )

    def __init__(self, *args: Any, organisation: Organisation, day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Organisation.objects.valid_on(day).filter(kind=organisation.kind, ends_on=None)
        offer(self, joined=others.exclude(pk=organisation.pk).order_by("name"))
        self.organisation = organisation
        self.towns = list(Place.objects.filter(municipality=organisation).order_by("name"))
        for town in self.towns:
            self.fields[f"town_{town.key}"] = forms.TypedChoiceField(
                label=_("To which of them does %s belong?") % town.name,
                choices=[(number, _("Name %s") % (number + 1)) for number in range(MOST_HEIRS)],
                coerce=int,
                initial=0,
                required=False,
            )

    def clean_names(self) -> list[str]:
        """The names, one for each line."""
        names = [line.strip() for line in self.cleaned_data["names"].splitlines() if line.strip()]
        if len(names) > MOST_HEIRS:
            raise forms.ValidationError(_("Write five names at most."))
        return names

    def clean(self) -> dict[str, Any]:
        """A town belongs to a name that there is."""
        cleaned = super().clean() or self.cleaned_data
        count = len(cleaned.get("names", ()))
        for town in self.towns:
            name = f"town_{town.key}"
            if count and int(cleaned.get(name) or 0) >= count:
                self.add_error(name, _("Choose one of the names you wrote."))
        return cleaned

    @property
    def new(self) -> list[New]:
        """What comes after, with the towns of each."""
        given = self.cleaned_data
        return [
            New(
                name,
                [town for town in self.towns if int(given.get(f"town_{town.key}") or 0) == number],
            )
            for number, name in enumerate(given["names"])
        ]


class FilterForm(forms.Form):
    """Which people a list shows; stands in the address."""

    class State:
        ACTIVE, CLOSED, INVITED, NONE = "active", "closed", "invited", "none"

    role = forms.ChoiceField(label=_("Role"), required=False)
    town = forms.ModelChoiceField(
        Place.objects.none(),
        label=_("Town"),
        required=False,
        empty_label=_("All towns"),
        to_field_name="key",
    )
    state = forms.ChoiceField(
        label=_("Account"),
        required=False,
        choices=[
            ("", _("All")),
            ("active", _("Open account")),
            ("invited", _("Invited")),
            ("none", _("No account")),
            ("closed", _("Closed account")),
        ],
    )
    sort = forms.ChoiceField(
        label=_("Order"),
        required=False,
        choices=[("", _("By name")), ("newest", _("Newest first"))],
    )


class SearchForm(GuardedFormMixin, forms.Form):
    """A name or an address; sent by POST, so that it stands in no log."""

    q = forms.CharField(
        label=_("Name or e-mail"), max_length=100, required=False, validators=[refuse_cpr_like]
    )
