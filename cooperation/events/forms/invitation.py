"""Who is invited, in which role, with how many seats."""

import uuid
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from cooperation.events.forms.common import Versioned, number
from cooperation.models import MOST_OF_A_DELEGATION, Invitation
from core.forms import Stepper, choice, offer
from people.models import Organisation, Person


class InvitationForm(Versioned):
    """Who is invited, in which role, with how many seats."""

    organisation = choice(_("Which organisation?"), missing=_("Choose an organisation."))
    role = forms.ChoiceField(
        label=_("Who is invited?"), choices=[("", _("Choose a role")), *Invitation.Role.choices]
    )
    seats = number(
        _("How many seats?"),
        _("Write a number from 0 to 40."),
        0,
        MOST_OF_A_DELEGATION,
        widget=Stepper(),
        initial=2,
    )
    contact = choice(
        _("Who answers?"),
        missing=_("Choose a person, or nobody."),
        required=False,
        help_text=_("Left empty, the coordinators of the municipality answer."),
    )

    def __init__(
        self,
        *args: Any,
        organisations: QuerySet[Organisation],
        people: QuerySet[Person],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        offer(self, organisation=organisations, contact=people)


def invitation_initial(invitation: Invitation | None) -> dict[str, Any]:
    """What the form begins with."""
    if invitation is None:
        return {"key": uuid.uuid4()}
    names = ("organisation", "role", "seats", "contact")
    given = {name: getattr(invitation, name) for name in names}
    return {"key": invitation.pk, "seen": invitation.version, **given}
