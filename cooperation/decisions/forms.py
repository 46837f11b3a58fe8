"""What one fills in about a decision and an action."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from cooperation.bodies.forms import initiatives_field
from cooperation.changing import ChangeForm, EnterForm, SeenForm, day, line, lines
from cooperation.models import Decision, Initiative
from core.forms import choice, offer
from people.models import Organisation, Person

State = Decision.State


class DecisionForm(EnterForm):
    """What was decided."""

    field_order = [
        *("title_da", "text_da", "decided_on", "title_kl", "text_kl", "source", "initiatives"),
    ]

    title_da = line(_("What was decided, in one line?"), missing=_("Write what was decided."))
    text_da = lines(
        _("What does it say?"),
        help_text=_("About the work, never about a family. Actions with owner and day come after."),
    )
    decided_on = day(_("Decided on which day?"), missing=_("Write the day."))
    title_kl = line(_("The line in Kalaallisut"))
    text_kl = lines(_("What it says in Kalaallisut"))
    source = line(
        _("Where does it come from?"),
        help_text=_("If it was no item of a meeting: a seminar, a letter."),
    )
    initiatives = initiatives_field()

    def __init__(self, *args: Any, initiatives: QuerySet[Initiative], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, initiatives=initiatives)


class ChangeDecisionForm(SeenForm):
    """Other words for a decision, and why."""

    title_da = line(_("What was decided, in one line?"), missing=_("Write what was decided."))
    text_da = lines(_("What does it say?"))
    title_kl = line(_("The line in Kalaallisut"))
    text_kl = lines(_("What it says in Kalaallisut"))
    initiatives = initiatives_field()
    reason = lines(
        _("Why is it changed?"),
        rows=2,
        help_text=_("The words it had before stay in its history. Initiatives need no reason."),
    )

    def __init__(self, *args: Any, initiatives: QuerySet[Initiative], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, initiatives=initiatives)


class OneDecision(forms.ModelChoiceField[Decision]):
    """A decision by its number and title."""

    def label_from_instance(self, decision: Decision) -> str:
        """As the register names it."""
        return str(decision)


class SettleForm(ChangeForm):
    """What became of a decision."""

    state = forms.ChoiceField(
        label=_("What became of it?"),
        choices=[("", "—"), *State.choices],
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), _("Choose what became of it.")
        ),
    )
    replaced_by = OneDecision(
        label=_("Which decision replaces it?"),
        queryset=Decision.objects.none(),
        required=False,
        empty_label="—",
        error_messages={"invalid_choice": _("Choose another decision of the same group.")},
    )
    reason = lines(_("Why?"), missing=_("Write why, in a sentence."), rows=2)

    def __init__(self, *args: Any, others: QuerySet[Decision], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, replaced_by=others)


class ActionForm(EnterForm):
    """Who does what by when."""

    field_order = ["text", "owner", "organisation", "due_on", "source"]

    text = line(
        _("What is to be done?"),
        missing=_("Write what is to be done."),
        help_text=_("About the work, never about a family."),
    )
    owner = choice(_("Who does it?"), missing=_("Choose who does it."))
    organisation = choice(
        _("For which organisation?"), missing=_("Choose an organisation."), required=False
    )
    due_on = day(_("By which day?"), missing=_("Write the day it must be done."))
    source = line(
        _("Where does it come from?"),
        help_text=_("If it was no item of a meeting: a seminar, a letter."),
    )

    def __init__(
        self,
        *args: Any,
        owners: QuerySet[Person],
        organisations: QuerySet[Organisation],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        offer(self, owner=owners, organisation=organisations)


class FinishForm(ChangeForm):
    """It is done, and what came of it."""

    note = lines(_("What came of it?"), missing=_("Write one line about what came of it."), rows=2)


class DropForm(ChangeForm):
    """Nobody does it any more, and why."""

    note = lines(_("Why is it given up?"), missing=_("Write why it is given up."), rows=2)


class MoveForm(ChangeForm):
    """It is put off, until when and why."""

    to_on = day(_("Until which day?"), missing=_("Write the new day."))
    reason = lines(_("Why is it moved?"), missing=_("Write why it is moved."), rows=2)
    seen_on = forms.DateField(widget=forms.HiddenInput)


class PassOnForm(ChangeForm):
    """Somebody else does it; who wants to say why does."""

    owner = choice(_("Who does it?"), missing=_("Choose who does it."))
    reason = lines(_("Why?"), rows=2)
    seen = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, owners: QuerySet[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, owner=owners)


class WordsForm(ChangeForm):
    """Words to search for; sent by POST, so that they stand in no address and no log."""

    q = forms.CharField(label=_("Search"), required=False, max_length=100)
