"""What is filled in about a handover and a follow-up; ``handover.wording`` judges the texts."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.forms import DateInput, choice, offer
from mentoring.forms.common import LookAgainForm, TextField
from mentoring.handover.actions import TEAM
from people.models import Person


class NeededText(TextField):
    """A text that must not be left out; what is wrong with it is judged with all the others."""

    def __init__(self, *, missing: Any, **options: Any) -> None:
        super().__init__(error_messages={"required": missing}, **options)
        self.required = True


class WriteForm(LookAgainForm):
    """Who takes over, and a few words: about the team, and about each caseworker."""

    receiver = choice(
        _("Who takes over?"),
        missing=_("Choose somebody who can take over."),
        required=False,
        help_text=_("The next mentor, or a travelling caseworker. You can choose later."),
    )
    team = TextField(
        label=_("What should the next one know about the work in the team?"),
        help_text=_("What works well, and what is to be kept up. Never about the families."),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, receivers: Any, colleagues: list[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, receiver=receivers)
        self.colleagues = colleagues
        for person in colleagues:
            self.fields[self.field_of(person)] = TextField(
                label=gettext("A few words about what %(name)s learns next") % {"name": person}
            )
        self.text_fields = (TEAM, *map(self.field_of, colleagues))

    @staticmethod
    def field_of(person: Person) -> str:
        """The name of the field about ``person``: letters alone, which look like no number."""
        return "about_" + person.pk.hex.translate(_AS_LETTERS)

    @property
    def notes(self) -> dict[str, str]:
        """The texts by whom they are about."""
        given = self.cleaned_data
        about = {str(one.pk): given[self.field_of(one)] for one in self.colleagues}
        return {TEAM: given["team"], **about}

    def field_named(self, key: str) -> str:
        """The field that holds the note under ``key``."""
        by_key = {str(one.pk): self.field_of(one) for one in self.colleagues}
        return by_key.get(key, key)


_AS_LETTERS = str.maketrans("0123456789", "ghijklmnop")


class QuestionForm(LookAgainForm):
    """Ask the mentor back, or answer."""

    text_fields = ("text",)

    text = NeededText(label=_("Your question"), missing=_("Write a text."))
    key = forms.UUIDField(widget=forms.HiddenInput, required=False)


class ReceiverForm(forms.Form):
    """Who takes over."""

    use_required_attribute = False

    receiver = choice(_("Who takes over?"), missing=_("Choose somebody who can take over."))

    def __init__(self, *args: Any, receivers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, receiver=receivers)


class FromLogForm(LookAgainForm):
    """Close from the log: why, and who reads it."""

    text_fields = ("reason",)

    reason = NeededText(
        label=_("Why is there no handover?"),
        missing=_("Write why it is closed from the log."),
        help_text=_("Whoever takes over reads it, and it stays with the pairing."),
    )
    receiver = choice(
        _("Who takes over?"),
        missing=_("Choose somebody who can take over."),
        required=False,
        help_text=_("Leave it empty if nobody does yet; you can choose later."),
    )

    def __init__(self, *args: Any, receivers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, receiver=receivers)


class DoneForm(LookAgainForm):
    """It is done, and how it goes."""

    text_fields = ("note",)

    note = NeededText(
        label=_("How does it go?"),
        missing=_("Write one line about how it goes."),
        help_text=_("One line about the work, never about the family."),
        rows=2,
    )


class MoveForm(LookAgainForm):
    """It is put off, until when and why."""

    text_fields = ("reason",)

    to_on = forms.DateField(
        label=_("Until which day?"),
        widget=DateInput,
        error_messages=dict.fromkeys(("required", "invalid"), _("Write the new day.")),
    )
    reason = NeededText(label=_("Why is it moved?"), missing=_("Write why it is moved."), rows=2)
    seen_on = forms.DateField(widget=forms.HiddenInput)


class OwnerForm(forms.Form):
    """Who owns a follow-up."""

    use_required_attribute = False

    owner = choice(_("Who does it?"), missing=_("Choose somebody who works in the place."))
    seen = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, owners: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, owner=owners)
