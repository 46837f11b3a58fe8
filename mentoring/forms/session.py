"""A session: logged, amended, asked to be changed, its text erased."""

import uuid
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime
from typing import Any

from django import forms
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.forms import Chips, ChipsMultiple, DateInput, offer
from core.guard import GuardedFormMixin
from mentoring.content import Interpreter, Language, TextLanguage
from mentoring.forms.choosing import (
    AnyChoice,
    AnyChoices,
    Choices,
    ObservedSelects,
    TopicChips,
    observed_in,
)
from mentoring.forms.common import NOTHING_CHOSEN, LookAgainForm, TextField, minutes_field
from mentoring.models import MOST_AMENDMENT_NOTE, TEXTS, Amendment, ChangeRequest, Mode, Session
from mentoring.progress import names

WRITTEN_IN = [NOTHING_CHOSEN, *TextLanguage.choices]


class SessionForm(LookAgainForm):
    """Log a session: one screen, six things to choose beside the text."""

    text_fields: tuple[str, ...] = TEXTS

    done = AnyChoices(
        label=_("Agreements since last time: tick what is done"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    participants = AnyChoices(
        label=_("Who did you work with?"),
        widget=ChipsMultiple,
        error_messages={"required": _("Choose at least one colleague you worked with.")},
    )
    held_on = forms.DateField(
        label=_("Which day?"),
        widget=DateInput,
        error_messages=dict.fromkeys(
            ("required", "invalid"), _("Write the day you worked together.")
        ),
    )
    minutes = minutes_field(_("Write how many minutes you worked together, for example 90."))
    place = AnyChoice(
        label=_("In which town?"), error_messages={"required": _("Choose the town you worked in.")}
    )
    topics = AnyChoices(
        label=_("What did you work on?"),
        widget=TopicChips,
        error_messages={"required": _("Choose what you worked on, at least one step.")},
    )
    mode = AnyChoice(
        label=_("How did you work?"),
        widget=Chips,
        choices=Mode.choices,
        help_text=_("In front: the mentor shows. Behind: the colleague leads."),
        error_messages={
            "required": _("Choose how you worked: in front, beside or behind."),
        },
    )
    went_well = TextField(
        label=_("What went well?"), help_text=_("Write about the work, never about the family.")
    )
    next_step = TextField(label=_("Next step"))
    next_owner = AnyChoice(
        label=_("Who does it?"),
        required=False,
        help_text=_("Then it is an agreement, which you both see until it is done."),
    )
    next_by = forms.DateField(
        label=_("By when?"),
        widget=DateInput,
        required=False,
        error_messages={"invalid": _("Write a day, or leave it empty.")},
    )
    mentors = AnyChoices(
        label=_("Which other mentors were there?"), widget=ChipsMultiple, required=False
    )
    languages = AnyChoices(
        label=_("Which languages did you speak?"),
        widget=ChipsMultiple,
        choices=Language.choices,
        required=False,
    )
    interpreter = AnyChoice(
        label=_("Interpreter"), choices=[NOTHING_CHOSEN, *Interpreter.choices], required=False
    )
    tools = TextField(label=_("Tools you showed"), rows=2)
    language_went_well = AnyChoice(
        label=_("What went well is written in"), choices=WRITTEN_IN, required=False
    )
    language_next_step = AnyChoice(
        label=_("The next step is written in"), choices=WRITTEN_IN, required=False
    )
    language_tools = AnyChoice(
        label=_("The tools are written in"), choices=WRITTEN_IN, required=False
    )
    competences = AnyChoices(
        label=_("What did your colleague practise, and how much of it did you see?"),
        widget=ObservedSelects,
        required=False,
    )

    pairing = forms.UUIDField(widget=forms.HiddenInput)
    session = forms.UUIDField(widget=forms.HiddenInput)
    version = forms.UUIDField(widget=forms.HiddenInput)
    parent = forms.UUIDField(widget=forms.HiddenInput, required=False)
    joins = forms.UUIDField(widget=forms.HiddenInput, required=False)
    # Written by the script when the form is sent; without it only the server's time is known.
    sent_at = forms.CharField(
        widget=forms.HiddenInput(attrs={"data-device-time": ""}), required=False
    )

    #: Drawn below "More".
    SELDOM = (
        *("next_owner", "next_by", "place", "mentors", "languages", "interpreter", "tools"),
        *("language_went_well", "language_next_step", "language_tools", "competences"),
    )

    def __init__(
        self,
        *args: Any,
        people: Callable[[], Choices],
        mentors: Callable[[], Choices],
        owners: Callable[[], Choices],
        places: Callable[[], Choices],
        topics: Callable[[], Choices],
        competences: Callable[[], Choices],
        agreements: Callable[[], Choices],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        offer(
            self,
            participants=people,
            mentors=mentors,
            next_owner=owners,
            place=places,
            topics=topics,
            competences=competences,
            done=agreements,
        )

    @property
    def content(self) -> dict[str, Any]:
        """What was filled in, as ``mentoring.content`` takes it."""
        given = self.cleaned_data
        content = {
            "held_on": given["held_on"].isoformat(),
            "participants": [*given.get("participants", ()), *given.get("mentors", ())],
            **{key: given[key] for key in ("minutes", "place", "topics", "mode")},
            **{key: given[key] for key in (*TEXTS, "languages", "interpreter")},
            "competences": [
                {"competence": competence, "observed": observed}
                for competence, observed in observed_in(given["competences"])
            ],
            "text_languages": {key: given[f"language_{key}"] for key in TEXTS},
        }
        if given["next_step"].strip():  # what is filled in beforehand is nobody's step
            due = given["next_by"]
            content["next_owner"] = given["next_owner"]
            content["next_by"] = due.isoformat() if due else ""
        return content

    @property
    def done_agreements(self) -> list[uuid.UUID]:
        """The agreements that are ticked; what is no id of one is none."""
        return list(_uuids(self.cleaned_data.get("done", ())))

    @property
    def device_at(self) -> datetime | None:
        """The time of the device when it sent; a clock that says nothing sensible says nothing."""
        try:
            moment = parse_datetime(self.cleaned_data["sent_at"])
        except ValueError:
            return None
        return moment if moment is not None and moment.tzinfo is not None else None

    @property
    def seldom(self) -> list[forms.BoundField]:
        """The fields below "More"; without the other mentors where there are none."""
        names = [name for name in self.SELDOM if name in self.fields]
        return [self[name] for name in names if name != "mentors" or self[name].subwidgets]

    @property
    def carried(self) -> str:
        """What is filled in below "More" from the last time, in a line."""
        if self.is_bound:
            return ""
        widgets = self["next_owner"].subwidgets
        owners = {str(one.data["value"]): one.choice_label for one in widgets}
        languages = [Language(one).label for one in self.initial.get("languages") or ()]
        spoken = self.initial.get("interpreter")
        found = [
            owners.get(str(self.initial.get("next_owner") or "-"), ""),
            names(languages),
            Interpreter(spoken).label.lower() if spoken else "",
            gettext("tools") if self.initial.get("tools") else "",
        ]
        return " · ".join(str(one) for one in found if one)

    @property
    def seldom_is_open(self) -> bool:
        """Whether "More" holds something to see at once: an error, or what came along and says
        what was done: a tool, or what was observed.
        """
        came_along = self.initial.get("tools") or self.initial.get("competences")
        return bool(came_along) or any(name in self.errors for name in self.SELDOM)


def _uuids(values: Iterable[str]) -> Iterable[uuid.UUID]:
    for value in values:
        with suppress(ValueError):
            yield uuid.UUID(value)


class AmendForm(SessionForm):
    """Amend a locked session: why, and what it is to say. Who took part stays."""

    text_fields = (*TEXTS, "note")

    reason = forms.ChoiceField(
        label=_("What is wrong?"),
        choices=Amendment.Reason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what is wrong.")},
    )
    note = TextField(
        label=_("Say more, if it helps"),
        most=MOST_AMENDMENT_NOTE,
        rows=2,
        help_text=_("Write about the work, never about the family."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("participants", "mentors", "done"):
            del self.fields[name]


def new_ids() -> dict[str, uuid.UUID]:
    """The ids of a session that is about to be written: the form is one record, once sent."""
    return {"session": uuid.uuid4(), "version": uuid.uuid4()}


class EraseForm(forms.Form):
    """Why the text goes: a reason from a list, so that no text replaces the text."""

    use_required_attribute = False

    reason = forms.ChoiceField(
        label=_("Why?"),
        choices=[one for one in Session.EraseReason.choices if one[0] != Session.EraseReason.OLD],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose why the text must go.")},
    )


class ChangeRequestForm(GuardedFormMixin, forms.Form):
    """What is not as I remember it."""

    use_required_attribute = False

    what = forms.ChoiceField(
        label=_("What is not right?"),
        choices=ChangeRequest.What.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what is not right.")},
    )
