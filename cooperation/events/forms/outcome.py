"""What came of an event, and what that becomes."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from cooperation.changing import day, line, lines
from cooperation.events.forms.common import Plain
from cooperation.models import Body
from core.forms import choice, offer
from people.models import Person


class OutputForm(Plain):
    """What came of an event."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    text = lines(
        _("What came of it?"),
        missing=_("Write what came of it."),
        help_text=_("One thing at a time. It can become a decision later."),
    )


class BecomeForm(Plain):
    """What an output becomes, and in which group."""

    body = choice(_("In which group?"), missing=_("Choose a group."))

    def __init__(self, *args: Any, bodies: QuerySet[Body], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, body=bodies)


class BecomeDecisionForm(BecomeForm):
    """It becomes a decision."""

    title_da = line(
        _("What was decided, in one line?"),
        missing=_("Write what was decided."),
    )
    decided_on = day(_("Decided on which day?"), missing=_("Write the day."))


class BecomeActionForm(BecomeForm):
    """It becomes an action."""

    text = line(
        _("What is to be done?"),
        missing=_("Write what is to be done."),
        help_text=_("About the work, never about a family."),
    )
    owner = choice(_("Who does it?"), missing=_("Choose who does it."))
    due_on = day(_("By which day?"), missing=_("Write the day it must be done."))

    def __init__(self, *args: Any, people: QuerySet[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, owner=people)
