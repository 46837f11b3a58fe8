"""What one fills in about a body and a seat."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from cooperation.changing import EnterForm, PeriodForm, line, lines
from cooperation.models import Body, BodyMember, Initiative, Sector
from core.forms import LastDayField, choice, offer
from people.models import Organisation, Person, Place


class SomeInitiatives(forms.ModelMultipleChoiceField[Initiative]):
    """Initiatives by number and title, in the reader's language."""

    def label_from_instance(self, initiative: Initiative) -> str:
        """The number, if it is one of the programme's, and the title."""
        return initiative.numbered


def initiatives_field() -> SomeInitiatives:
    """Any number of initiatives that something serves."""
    return SomeInitiatives(
        label=_("Which initiatives does it serve?"),
        queryset=Initiative.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )


def places_field(label: Any) -> Any:
    """Any number of towns."""
    return forms.ModelMultipleChoiceField(
        label=label,
        queryset=Place.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )


class BodyForm(EnterForm, PeriodForm):
    """Enter a body, or change one."""

    field_order = [
        *("kind", "name_da", "name_kl", "purpose_da", "purpose_kl", "keeper"),
        *("starts_on", "last_day", "sectors", "places", "initiatives"),
    ]

    kind = forms.ChoiceField(
        label=_("What kind of group is it?"),
        choices=[("", "—"), *Body.Kind.choices],
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Choose a kind.")),
    )
    name_da = line(_("Name in Danish"), missing=_("Write what the group is called."))
    name_kl = line(_("Name in Kalaallisut"))
    purpose_da = lines(_("What it is for, in Danish"))
    purpose_kl = lines(_("What it is for, in Kalaallisut"))
    keeper = choice(
        _("Who looks after it?"),
        missing=_("Choose an organisation."),
        help_text=_(
            "Its coordinators write who sits in it; with chair and secretary, also minutes."
        ),
    )
    sectors = forms.MultipleChoiceField(
        label=_("Which sectors meet in it?"),
        choices=Sector.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    places = places_field(_("In which towns does it work?"))
    initiatives = initiatives_field()
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        keepers: QuerySet[Organisation],
        places: QuerySet[Place],
        initiatives: QuerySet[Initiative],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        offer(self, keeper=keepers, places=places, initiatives=initiatives)


class MemberForm(EnterForm, PeriodForm):
    """Give somebody a seat."""

    field_order = ["person", "organisation", "role", "title", "starts_on", "last_day"]

    person = choice(_("Who?"), missing=_("Choose a person."))
    organisation = choice(_("For which organisation?"), missing=_("Choose an organisation."))
    role = forms.ChoiceField(
        label=_("In which role?"),
        choices=BodyMember.Role.choices,
        initial=BodyMember.Role.MEMBER,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Choose a role.")),
    )
    title = line(_("As what?"), help_text=_("For example: head of administration."))

    def __init__(
        self,
        *args: Any,
        people: QuerySet[Person],
        organisations: QuerySet[Organisation],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        offer(self, person=people, organisation=organisations)


class EndSeatForm(forms.Form):
    """The last day of a seat."""

    use_required_attribute = False

    last_day = LastDayField(
        required=True,
        error_messages=dict.fromkeys(("required", "invalid"), _("Write the last day.")),
    )
