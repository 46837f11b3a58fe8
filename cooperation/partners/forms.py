"""What one fills in about a partner."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from cooperation.changing import EnterForm, day, line, lines
from cooperation.initiatives.forms import some
from cooperation.models import Body, Sector
from core.forms import choice, offer
from people.contacts import phone_number, refuse_private_mail
from people.models import Place


class PartnerForm(EnterForm):
    """An office, how it is reached, and what one does together."""

    name_da = line(
        _("What is the office called?"),
        missing=_("Write what the office is called."),
        help_text=_("What it is called on its door, never a person."),
    )
    name_kl = line(_("What it is called in Kalaallisut"))
    place = choice(_("In which town?"), missing=_("Choose a town."))
    sector = forms.ChoiceField(
        label=_("Which sector?"),
        choices=[("", "—"), *Sector.choices],
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Choose a sector.")),
    )
    works_on_da = lines(_("What do you do together?"), most=300, rows=2)
    works_on_kl = lines(_("What you do together, in Kalaallisut"), most=400, rows=2)
    phone = line(_("Telephone of the office"), most=20)
    email = forms.EmailField(
        label=_("E-mail of the office"),
        required=False,
        validators=[refuse_private_mail],
        help_text=_("The shared mailbox of the office, never the address of a person."),
        error_messages={"invalid": _("Write the whole address, for example kontor@example.org.")},
    )
    hours_da = line(_("When does it answer?"), help_text=_("For example: Hverdage kl. 9–15."))
    hours_kl = line(_("When it answers, in Kalaallisut"))
    checked_on = day(
        _("When did you last try it?"),
        missing=_("Write the day when somebody last tried it."),
    )
    groups = some(_("In which working groups does it sit?"), Body.objects)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, places: QuerySet[Place], groups: QuerySet[Body], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["phone"].validators.append(phone_number)
        offer(self, place=places, groups=groups)

    def clean(self) -> dict[str, Any]:
        """One way to reach it."""
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("phone") and not cleaned.get("email") and not self.errors:
            self.add_error("phone", _("Write a telephone number or an e-mail address."))
        return cleaned
