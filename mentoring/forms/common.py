"""What forms of mentoring are made of: texts to stand by, periods, people with their languages."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.canonical import content_hash
from core.forms import DateInput, LastDayField, Stepper
from core.guard import GuardedFormMixin
from core.periods import day_after
from mentoring.models import MOST_CHARACTERS, MOST_MINUTES
from mentoring.progress import names
from people.models import LanguageSkill, Person

NOTHING_CHOSEN = ("", "—")


class TextField(forms.CharField):
    """A text that may be empty: kept as it is typed, counted, never cut by the browser."""

    widget = forms.Textarea

    def __init__(self, *, most: int = MOST_CHARACTERS, rows: int = 3, **options: Any) -> None:
        options.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
        super().__init__(required=False, strip=False, **options)
        self.max_length = most  # for the counter; content.py judges


def minutes_field(missing: Any) -> forms.IntegerField:
    """How long a session takes; ``missing`` is said where it is no such number."""
    return forms.IntegerField(
        label=_("How many minutes?"),
        widget=Stepper(step=15),
        initial=90,
        min_value=1,
        max_value=MOST_MINUTES,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), missing),
    )


class LookAgainForm(GuardedFormMixin, forms.Form):
    """A form with texts that its author may stand by, once they have looked at them again."""

    use_required_attribute = False

    #: The names of the fields that hold a text.
    text_fields: tuple[str, ...] = ()

    @property
    def texts_seen(self) -> str:
        """Names the texts as they stand: who sends with it has looked at exactly these."""
        return content_hash([self.cleaned_data.get(name, "") for name in self.text_fields])

    def has_looked_again(self, sent: Mapping[str, Any]) -> bool:
        """Whether whoever ``sent`` it stands by the very texts that were pointed out."""
        return bool(sent.get("as_it_is") == self.texts_seen)


class PeriodForm(forms.Form):
    """A form with a first and perhaps a last day; ``period`` is what records keep of them."""

    use_required_attribute = False

    starts_on = forms.DateField(
        label=_("First day"),
        widget=DateInput,
        error_messages=dict.fromkeys(("required", "invalid"), _("Write the first day.")),
    )
    last_day = LastDayField(help_text=_("Leave it empty while nobody knows."))

    def clean(self) -> dict[str, Any]:
        """The last day must not lie before the first."""
        data = super().clean() or {}
        starts_on, last_day = data.get("starts_on"), data.get("last_day")
        if starts_on and last_day and last_day < starts_on:
            self.add_error("last_day", _("The last day lies before the first. Change one of them."))
        return data

    @property
    def given(self) -> dict[str, Any]:
        """What was filled in, the last day as the end of a period."""
        given = dict(self.cleaned_data)
        given["ends_on"] = day_after(given.pop("last_day"))
        return given


class SpeakersMixin(forms.ModelChoiceField[Person]):
    """People by name, with the languages they can speak at work."""

    def label_from_instance(self, person: Person) -> str:
        """The name, and the languages when there are any."""
        spoken = [
            skill.get_language_display().lower()
            for skill in person.languages.all()
            if skill.spoken >= LanguageSkill.Level.WORKING
        ]
        if not spoken:
            return person.name
        return gettext("%(name)s · speaks %(languages)s") % {
            "name": person.name,
            "languages": names(spoken),
        }


class OneSpeaker(SpeakersMixin, forms.ModelChoiceField[Person]):
    """One of the people."""


class Speakers(SpeakersMixin, forms.ModelMultipleChoiceField[Person]):
    """Several of the people."""
