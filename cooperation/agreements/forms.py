"""What one fills in about a co-operation agreement."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from cooperation.bodies.forms import places_field
from cooperation.changing import EnterForm, PeriodForm, line, lines
from cooperation.initiatives.forms import some
from core.forms import choice, offer
from people.models import Organisation, Place


class PactForm(EnterForm, PeriodForm):
    """Between whom, about what, from when until when."""

    field_order = [
        *("title_da", "scope_da", "parties", "other_parties", "places", "starts_on", "last_day"),
        *("keeper", "title_kl", "scope_kl"),
    ]

    title_da = line(_("What is the agreement called?"), missing=_("Write what it is called."))
    scope_da = lines(_("What is agreed?"), most=2000, rows=8)
    parties = some(_("Between whom?"), Organisation.objects)
    other_parties = line(
        _("Other parties"), most=300, help_text=_("Offices that are not on the list.")
    )
    places = places_field(_("In which towns does it hold?"))
    keeper = choice(
        _("Who looks after it?"),
        missing=_("Choose an organisation."),
        help_text=_("Its coordinators are told 90 and 30 days before it ends."),
    )
    title_kl = line(_("Title in Kalaallisut"))
    scope_kl = lines(_("What is agreed, in Kalaallisut"), most=2500)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        keepers: QuerySet[Organisation],
        organisations: QuerySet[Organisation],
        places: QuerySet[Place],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        offer(self, keeper=keepers, parties=organisations, places=places)
