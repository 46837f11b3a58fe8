"""What people fill in. A session's content is judged by ``mentoring.content``, not here."""

import uuid
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.canonical import content_hash
from core.forms import Chips, ChipsMultiple, DateInput, LastDayField, Stepper, offer
from core.guard import GuardedFormMixin
from core.identity import refuse_cpr_like
from core.periods import day_after
from mentoring.actions.pairings import STEPS
from mentoring.beginning import STEPS_IN_SIGHT
from mentoring.content import Interpreter, Language, TextLanguage
from mentoring.models import (
    MOST_AMENDMENT_NOTE,
    MOST_CHARACTERS,
    MOST_MINUTES,
    TEXTS,
    Amendment,
    ChangeRequest,
    Mode,
    Observed,
    Pairing,
    PairingMember,
    Recommendation,
    Session,
)
from mentoring.progress import names
from people.models import LanguageSkill, Person

Choices = Iterable[tuple[Any, Any]]
NOTHING_CHOSEN = ("", "—")
WRITTEN_IN = [NOTHING_CHOSEN, *TextLanguage.choices]


class TextField(forms.CharField):
    """A text that may be empty: kept as it is typed, counted, never cut by the browser."""

    widget = forms.Textarea

    def __init__(self, *, most: int = MOST_CHARACTERS, rows: int = 3, **options: Any) -> None:
        options.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
        super().__init__(required=False, strip=False, **options)
        self.max_length = most  # for the counter; content.py judges


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


class TopicChips(ChipsMultiple):
    """The steps of casework: the usual ones in sight, the rest folded away until one is ticked."""

    template_name = "mentoring/widgets/topics.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Adds ``in_sight`` and ``folded``: the options, and ``is_open``."""
        context = super().get_context(name, value, attrs)
        options = [
            option for _group, some, _index in context["widget"]["optgroups"] for option in some
        ]
        in_sight, folded = options[:STEPS_IN_SIGHT], options[STEPS_IN_SIGHT:]
        context["widget"] |= {
            "in_sight": in_sight,
            "folded": folded,
            "is_open": any(option["selected"] for option in folded),
        }
        return context


class ObservedSelects(forms.SelectMultiple):
    """Competences by framework, each with how completely it was observed, or not at all.

    Takes choices in groups; what is sent is "<competence>:<observed>" for each that is chosen.
    """

    template_name = "mentoring/widgets/observed.html"
    use_fieldset = True

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Adds ``groups`` (titles and rows of key, title, chosen step), ``levels``, ``chosen``."""
        context = forms.Widget.get_context(self, name, None, attrs)  # asks for the choices once
        chosen = dict(observed_in(value or ()))
        context["widget"] |= {
            "groups": [
                (title, [(key, label, chosen.get(str(key), "")) for key, label in rows])
                for title, rows in self.choices
            ],
            "levels": Observed.choices,
            "chosen": len(chosen),
        }
        return context

    def id_for_label(self, id_: str, index: Any = None) -> str:
        """None: each competence has a label of its own."""
        return ""


def observed_in(values: Iterable[str]) -> Iterable[tuple[str, str]]:
    """Competence and step of each value that an :class:`ObservedSelects` sent."""
    for value in values:
        competence, colon, observed = value.partition(":")
        if colon:
            yield competence, observed


class AnyChoice(forms.ChoiceField):
    """A choice whose options are read only when the form is drawn; the action judges it."""

    def valid_value(self, value: Any) -> bool:
        """Always."""
        return True


class AnyChoices(forms.MultipleChoiceField):
    """Several choices, as :class:`AnyChoice`."""

    def valid_value(self, value: Any) -> bool:
        """Always."""
        return True


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
    minutes = forms.IntegerField(
        label=_("How many minutes?"),
        widget=Stepper(step=15),
        initial=90,
        min_value=1,
        max_value=MOST_MINUTES,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"),
            _("Write how many minutes you worked together, for example 90."),
        ),
    )
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


class EditPairingForm(GuardedFormMixin, PeriodForm):
    """What may change while a pairing runs; its members come and go on its own page."""

    field_order = ["kind", "starts_on", "last_day", "recommendations", "language_note"]

    kind = forms.ChoiceField(
        label=_("Form"),
        choices=Pairing.Kind.choices,
        widget=Chips,
        initial=Pairing.Kind.ON_SITE,
        error_messages={"required": _("Choose the form.")},
    )
    recommendations = forms.TypedMultipleChoiceField(
        label=_("Recommendations of the programme"),
        choices=lambda: [(choice.value, choice.numbered) for choice in Recommendation],
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Tick those that the training is filed under, if any."),
    )
    language_note = TextField(
        label=_("Language note"),
        most=200,
        rows=2,
        help_text=_("For example: the interpreter is booked in the morning."),
        validators=[refuse_cpr_like, MaxLengthValidator(200)],
    )


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


class PairingForm(EditPairingForm):
    """Plan a round in one town; the people offered hold a role there."""

    field_order = [
        *("kind", "starts_on", "last_day", "mentors", "caseworkers"),
        *("recommendations", "language_note"),
    ]

    mentors = Speakers(
        label=_("Mentors"),
        queryset=Person.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one mentor.")},
    )
    caseworkers = Speakers(
        label=_("Caseworkers"),
        queryset=Person.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one caseworker.")},
    )

    def __init__(self, *args: Any, people: Callable[[str], Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(
            self,
            mentors=people(PairingMember.Side.MENTOR),
            caseworkers=people(PairingMember.Side.CASEWORKER),
        )


class MemberForm(PeriodForm):
    """Add a member."""

    field_order = ["person", "side", "starts_on", "last_day"]

    person = OneSpeaker(
        label=_("Who"),
        queryset=Person.objects.none(),
        empty_label="—",
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Choose who takes part.")),
    )
    side = forms.ChoiceField(
        label=_("As"),
        choices=PairingMember.Side.choices,
        widget=Chips,
        error_messages={"required": _("Choose mentor or caseworker.")},
    )

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, person=people)


class EndMemberForm(forms.Form):
    """End a membership."""

    use_required_attribute = False

    last_day = LastDayField(
        required=True,
        error_messages=dict.fromkeys(
            ("required", "invalid", "max_value"), _("Write the last day of the membership.")
        ),
    )


class StateForm(forms.Form):
    """Take a pairing one step further or back."""

    to = forms.ChoiceField(choices=Pairing.State.choices)


def steps_from(pairing: Pairing) -> list[Pairing.State]:
    """Where a pairing can go from here."""
    return list(STEPS[Pairing.State(pairing.state)])
