"""What one fills in about an example of good practice."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from cooperation.bodies.forms import initiatives_field
from cooperation.changing import ChangeForm, EnterForm, SeenForm, line, lines
from cooperation.models import Initiative, Practice, Sector
from core.forms import Chips, choice, offer
from people.models import Organisation, Place

NO_FAMILY = _("About the work, never about a family. Nobody may be recognised.")


class PracticeForm(EnterForm):
    """An example, in Danish and perhaps in Kalaallisut."""

    field_order = [
        *("kind", "title_da", "problem_da", "done_da", "effect_da", "ask", "source", "source_url"),
        *("organisation", "place", "sectors", "initiatives"),
        *("title_kl", "problem_kl", "done_kl", "effect_kl"),
    ]

    kind = forms.ChoiceField(
        label=_("What is it?"),
        choices=Practice.Kind.choices,
        widget=Chips,
        initial=Practice.Kind.EFFORT,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Choose what it is.")),
    )
    title_da = line(_("What is it called?"), missing=_("Write what it is called."))
    problem_da = lines(_("What was the problem?"), help_text=NO_FAMILY)
    done_da = lines(_("What was done?"), most=2000, rows=8)
    effect_da = lines(
        _("What came of it?"), help_text=_("How does one see it? Nothing is an answer, too.")
    )
    ask = line(_("Who can one ask?"), help_text=_("An office, never a person."))
    source = line(
        _("Where does it stand?"), help_text=_("A report, a page, or the office that tells it.")
    )
    source_url = forms.URLField(
        label=_("Address of the source"),
        required=False,
        assume_scheme="https",
        error_messages={"invalid": _("Write the whole address, beginning with https.")},
    )
    organisation = choice(_("Whose effort is it?"), missing=_("Choose an organisation."))
    place = choice(_("In which town?"), missing=_("Choose a town."), required=False)
    sectors = forms.MultipleChoiceField(
        label=_("Which sectors took part?"),
        choices=Sector.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    initiatives = initiatives_field()
    title_kl = line(_("What it is called in Kalaallisut"))
    problem_kl = lines(_("The problem in Kalaallisut"))
    done_kl = lines(_("What was done, in Kalaallisut"), most=2500)
    effect_kl = lines(_("What came of it, in Kalaallisut"))
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        organisations: QuerySet[Organisation],
        places: QuerySet[Place],
        initiatives: QuerySet[Initiative],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        offer(self, organisation=organisations, place=places, initiatives=initiatives)


class TranslateForm(SeenForm):
    """The Kalaallisut text of an approved example."""

    title_kl = line(_("What it is called in Kalaallisut"))
    problem_kl = lines(_("The problem in Kalaallisut"))
    done_kl = lines(_("What was done, in Kalaallisut"), most=2500, rows=8)
    effect_kl = lines(_("What came of it, in Kalaallisut"))


class SendBackForm(ChangeForm):
    """What is missing."""

    note = lines(_("What is missing?"), missing=_("Write what is missing."))


class FindForm(ChangeForm):
    """Words to search for; sent by POST, so that they stand in no address and no log."""

    q = forms.CharField(label=_("Search"), required=False, max_length=100)
