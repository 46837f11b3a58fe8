"""What is filled in about events; the actions judge it."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, cast
from zoneinfo import ZoneInfo

from django import forms
from django.core.validators import MaxLengthValidator
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from cooperation.bodies.forms import initiatives_field
from cooperation.events.actions.registering import Entry
from cooperation.models import (
    MOST_NEED,
    MOST_OF_A_DELEGATION,
    MOST_SEATS,
    MOST_TITLE,
    MOST_WORDS,
    Body,
    EvaluationQuestion,
    Event,
    EventSeries,
    Initiative,
    Invitation,
    Participant,
    ParticipantNeeds,
    ProgrammeItem,
    Sector,
)
from core.forms import DateInput, LastDayField, Stepper, offer
from core.guard import GuardedFormMixin
from core.identity import refuse_cpr_like
from core.languages import human_date
from core.periods import day_after
from mentoring.planning.clock import NoSuchTime, moment
from mentoring.planning.forms import TimeInput
from people.models import Organisation, Person

NOTHING = ("", "—")
#: Empty lines after the own seats, or after the names that stand there already.
SPARE_LINES = 2
MOST_QUESTIONS = 8


class Plain(GuardedFormMixin, forms.Form):
    """A form whose words are ours, not the browser's."""

    use_required_attribute = False


def line(label: Any, *, most: int = MOST_TITLE, required: bool = False, **options: Any) -> Any:
    """One line; said to be missing in words of its own where it must be there."""
    field = forms.CharField(
        label=label,
        required=required,
        validators=[refuse_cpr_like, MaxLengthValidator(most)],
        **options,
    )
    field.max_length = most  # the browser would cut what is pasted
    return field


def lines(
    label: Any, *, missing: Any = None, rows: int = 3, most: int = MOST_WORDS, **options: Any
) -> Any:
    """Some lines; they may be left empty, unless ``missing`` says what is said then."""
    field = forms.CharField(
        label=label,
        required=missing is not None,
        error_messages={} if missing is None else {"required": missing},
        strip=True,
        validators=[refuse_cpr_like, MaxLengthValidator(most)],
        widget=forms.Textarea(attrs={"rows": rows}),
        **options,
    )
    field.max_length = most
    return field


def day(label: Any, missing: Any, **options: Any) -> forms.DateField:
    """A day; ``missing`` is said without one."""
    messages = dict.fromkeys(("required", "invalid"), missing)
    return forms.DateField(label=label, widget=DateInput, error_messages=messages, **options)


def number(label: Any, missing: Any, least: int, most: int, **options: Any) -> forms.IntegerField:
    """A whole number within limits; ``missing`` is said otherwise."""
    return forms.IntegerField(
        label=label,
        min_value=least,
        max_value=most,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), missing),
        **options,
    )


def choice(label: Any, missing: Any, **options: Any) -> forms.ModelChoiceField:  # type: ignore[type-arg]  # plain at run time
    """One record of those that are offered later."""
    return forms.ModelChoiceField(
        label=label,
        queryset=Organisation.objects.none(),
        error_messages=dict.fromkeys(("required", "invalid_choice"), missing),
        **options,
    )


class Versioned(Plain):
    """A form about a record that has a name from the start, and a version that was seen."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    seen = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)


# --- Series and event -----------------------------------------------------------------------------


class SeriesForm(Versioned):
    """A series, and its next time."""

    title_da = line(
        _("What is the series called?"),
        required=True,
        error_messages={"required": _("Write what it is called.")},
    )
    title_kl = line(_("The same in Kalaallisut"))
    about_da = lines(_("What is it for?"))
    about_kl = lines(_("The same in Kalaallisut"))
    keeper = choice(_("Who looks after it?"), _("Choose an organisation."))
    next_host = choice(_("Who holds the next one?"), _("Choose an organisation."), required=False)
    next_place = choice(_("In which town?"), _("Choose a town."), required=False)
    next_on = day(_("From which day?"), _("Write a day, or leave it empty."), required=False)

    def __init__(
        self, *args: Any, keepers: Any, organisations: Any, places: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        offer(self, keeper=keepers, next_host=organisations, next_place=places)

    @property
    def facts(self) -> dict[str, Any]:
        """What the action takes."""
        return {
            name: value for name, value in self.cleaned_data.items() if name not in {"key", "seen"}
        }


SERIES_FIELDS = (
    *("title_da", "title_kl", "about_da", "about_kl"),
    *("keeper", "next_host", "next_place", "next_on"),
)


def series_initial(series: EventSeries | None) -> dict[str, Any]:
    """What the form begins with."""
    if series is None:
        return {"key": uuid.uuid4()}
    return {"key": series.pk, **{name: getattr(series, name) for name in SERIES_FIELDS}}


class EventForm(Versioned):
    """An event: what, where, when, how many, until when one answers."""

    title_da = line(
        _("What is it called?"),
        required=True,
        error_messages={"required": _("Write what it is called.")},
    )
    kind = forms.ChoiceField(label=_("What is it?"), choices=Event.Kind.choices)
    series = choice(_("Is it part of a series?"), _("Choose a series."), required=False)
    host = choice(_("Who holds it?"), _("Choose an organisation."))
    place = choice(_("In which town?"), _("Choose a town."))
    venue = line(_("Where in the town?"))
    starts_on = day(_("First day"), _("Write the first day."))
    last_day = LastDayField(
        required=True,
        error_messages=dict.fromkeys(("required", "invalid"), _("Write the last day.")),
    )
    answer_by = day(
        _("Last day for answers"),
        _("Write the last day for answers."),
        help_text=_("Until then the seats of each delegation are kept for it."),
    )
    seats = number(
        _("How many seats are there?"),
        _("Write how many seats there are, for example 40."),
        1,
        MOST_SEATS,
        widget=Stepper(step=5),
    )
    about_da = lines(_("What is it about?"))
    travel_da = lines(_("Travel"), help_text=_("How one gets there, and who books and pays."))
    lodging_da = lines(_("Lodging"))
    practical_da = lines(_("Meals, access and other things"))
    initiatives = initiatives_field()
    title_kl = line(_("Title in Kalaallisut"))
    about_kl = lines(_("What it is about, in Kalaallisut"))
    travel_kl = lines(_("Travel, in Kalaallisut"))
    lodging_kl = lines(_("Lodging, in Kalaallisut"))
    practical_kl = lines(_("Meals, access and other things, in Kalaallisut"))

    def __init__(
        self,
        *args: Any,
        hosts: Any,
        places: Any,
        series: Any,
        initiatives: QuerySet[Initiative],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        offer(self, host=hosts, place=places, series=series, initiatives=initiatives)

    @property
    def danish(self) -> list[forms.BoundField]:
        """The fields in sight."""
        return [self[name] for name in self.fields if not self._is_folded(name)]

    @property
    def kalaallisut(self) -> list[forms.BoundField]:
        """The fields that are folded away until somebody translates."""
        return [self[name] for name in self.fields if name.endswith("_kl")]

    @staticmethod
    def _is_folded(name: str) -> bool:
        return name.endswith("_kl") or name in {"key", "seen"}

    @property
    def facts(self) -> dict[str, Any]:
        """What the action takes."""
        given = {
            name: value for name, value in self.cleaned_data.items() if name not in {"key", "seen"}
        }
        given["ends_on"] = day_after(given.pop("last_day"))
        return given


EVENT_FIELDS = (
    *("title_da", "title_kl", "kind", "series", "host", "place", "venue", "starts_on", "last_day"),
    *("answer_by", "seats", "about_da", "about_kl", "travel_da", "travel_kl"),
    *("lodging_da", "lodging_kl", "practical_da", "practical_kl"),
)


def event_initial(event: Event | None, series: EventSeries | None = None) -> dict[str, Any]:
    """What the form begins with; a new event of a series takes what is said of its next time."""
    if event is not None:
        given = {name: getattr(event, name) for name in EVENT_FIELDS}
        given["initiatives"] = list(event.initiatives.values_list("pk", flat=True))
        return {"key": event.pk, "seen": event.version, **given}
    initial: dict[str, Any] = {"key": uuid.uuid4()}
    if series is not None:
        initial |= {
            "series": series,
            "title_da": series.title_da,
            "title_kl": series.title_kl,
            "host": series.next_host or series.keeper,
            "place": series.next_place,
            "starts_on": series.next_on,
        }
    return initial


class CancelForm(Plain):
    """Why an event is cancelled."""

    reason = line(
        _("Why?"),
        required=True,
        help_text=_("Everybody who is signed up reads it."),
        error_messages={"required": _("Write why, in a sentence.")},
    )


# --- The programme --------------------------------------------------------------------------------


class ItemForm(Versioned):
    """Something on the programme."""

    title_da = line(
        _("What happens?"),
        required=True,
        error_messages={"required": _("Write what happens.")},
    )
    day = forms.ChoiceField(label=_("Which day?"))
    clock = forms.TimeField(
        label=_("At what time?"),
        widget=TimeInput,
        help_text=_("On the clock of the town."),
        error_messages=dict.fromkeys(
            ("required", "invalid"), _("Write the time, for example 13:00.")
        ),
    )
    minutes = number(
        _("How many minutes?"),
        _("Write how many minutes, for example 90."),
        5,
        720,
        widget=Stepper(step=15),
        initial=60,
    )
    room = line(_("In which room?"))
    theme = line(_("Which theme?"), help_text=_("The same words put things under one theme."))
    speakers = lines(_("Who speaks?"), help_text=_("One on each line, with the workplace."))
    capacity = number(
        _("Seats, if one signs up for it"),
        _("Write how many seats there are, or leave it empty."),
        1,
        MOST_SEATS,
        required=False,
        help_text=_("A workshop has seats. What everybody comes to has none."),
    )
    about_da = lines(_("What is it about?"))
    title_kl = line(_("Title in Kalaallisut"))
    about_kl = lines(_("What it is about, in Kalaallisut"))

    def __init__(self, *args: Any, event: Event, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone: ZoneInfo = event.zone
        offer(self, day=[(one.isoformat(), human_date(one)) for one in event.days])

    def clean(self) -> dict[str, Any]:
        """The moment, on the clock of the town."""
        data = super().clean() or {}
        if data.get("day") and data.get("clock") is not None:
            try:
                data["starts_at"] = moment(
                    date.fromisoformat(data["day"]), data["clock"], self.zone
                )
            except NoSuchTime:
                self.add_error(
                    "clock", _("The clock jumps over this time on that day. Choose another one.")
                )
        return data

    @property
    def facts(self) -> dict[str, Any]:
        """What the action takes."""
        left_out = {"key", "seen", "day", "clock"}
        return {name: value for name, value in self.cleaned_data.items() if name not in left_out}


def item_initial(event: Event, item: ProgrammeItem | None) -> dict[str, Any]:
    """What the form begins with."""
    if item is None:
        return {"key": uuid.uuid4(), "seen": event.version, "day": event.starts_on.isoformat()}
    local = item.starts_at.astimezone(event.zone)
    names = ("title_da", "title_kl", "about_da", "about_kl", "minutes", "room", "theme", "speakers")
    return {
        "key": item.pk,
        "seen": event.version,
        "day": local.date().isoformat(),
        "clock": local.time(),
        "capacity": item.capacity,
        **{name: getattr(item, name) for name in names},
    }


# --- Invitations and delegations ------------------------------------------------------------------


class InvitationForm(Versioned):
    """Who is invited, in which role, with how many seats."""

    organisation = choice(_("Which organisation?"), _("Choose an organisation."))
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
        _("Choose a person, or nobody."),
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


class DelegationForm(Plain):
    """The names of a delegation, one line each; empty lines are left out."""

    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    colleagues = forms.ModelMultipleChoiceField(
        label=_("Colleagues with an account"),
        queryset=Person.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    all_or_none = forms.BooleanField(
        label=_("If there is not room for all who wait, none of them comes"),
        required=False,
        help_text=_("It is about those beyond your own seats."),
    )

    PARTS = ("name", "title", "email", "sector")

    def __init__(
        self,
        *args: Any,
        invitation: Invitation,
        there: Sequence[Participant],
        colleagues: QuerySet[Person],
        **kwargs: Any,
    ) -> None:
        initial: dict[str, Any] = {
            "seen": invitation.version,
            "all_or_none": invitation.all_or_none,
            **kwargs.pop("initial", {}),
        }
        lines_needed = max(invitation.seats, len(there)) + SPARE_LINES
        self.count = min(lines_needed, MOST_OF_A_DELEGATION)
        data = args[0] if args else kwargs.get("data")
        if data is not None:  # as many lines as were drawn
            sent = sum(name.startswith("key_") for name in data)
            self.count = min(max(sent, 1), MOST_OF_A_DELEGATION)
        for n in range(1, self.count + 1):
            one = there[n - 1] if n <= len(there) else None
            initial[f"key_{n}"] = one.pk if one else uuid.uuid4()
            if one is not None:
                initial |= {f"{part}_{n}": getattr(one, part) for part in self.PARTS}
        super().__init__(*args, **{**kwargs, "initial": initial})
        offer(self, colleagues=colleagues)
        for n in range(1, self.count + 1):
            self._add_line(n)

    def _add_line(self, n: int) -> None:
        self.fields[f"key_{n}"] = forms.UUIDField(widget=forms.HiddenInput)
        self.fields[f"name_{n}"] = line(_("Name"), most=120)
        self.fields[f"title_{n}"] = line(_("As what"), most=MOST_TITLE)
        self.fields[f"email_{n}"] = forms.EmailField(
            label=_("E-mail"),
            required=False,
            error_messages={"invalid": _("Write a whole e-mail address, or leave it empty.")},
        )
        self.fields[f"sector_{n}"] = forms.ChoiceField(
            label=_("Sector"), required=False, choices=[NOTHING, *Sector.choices]
        )

    @property
    def people(self) -> list[dict[str, Any]]:
        """The fields of each line."""
        return [
            {
                "number": n,
                "key": self[f"key_{n}"],
                "fields": [self[f"{part}_{n}"] for part in self.PARTS],
            }
            for n in range(1, self.count + 1)
        ]

    def clean(self) -> dict[str, Any]:
        """A line that says something says who, and in which sector."""
        data = super().clean() or {}
        for n in range(1, self.count + 1):
            given = {part: data.get(f"{part}_{n}") for part in self.PARTS}
            if not any(given.values()):
                continue
            if not given["name"] and f"name_{n}" not in self.errors:
                self.add_error(f"name_{n}", _("Write the name of the person."))
            if not given["sector"] and f"sector_{n}" not in self.errors:
                self.add_error(f"sector_{n}", _("Choose the sector."))
        return data

    @property
    def entries(self) -> list[Entry]:
        """Who comes: the lines in their order, then the colleagues that were ticked."""
        data = self.cleaned_data
        found = [
            Entry(
                key=data[f"key_{n}"],
                name=data[f"name_{n}"],
                sector=data[f"sector_{n}"],
                email=data[f"email_{n}"],
                title=data[f"title_{n}"],
            )
            for n in range(1, self.count + 1)
            if data[f"name_{n}"]
        ]
        colleagues = cast("Iterable[Person]", data["colleagues"])
        for person in sorted(colleagues, key=lambda one: (one.name, str(one.pk))):
            key = uuid.uuid5(data["key_1"], str(person.pk))  # sent twice, the same person once
            found.append(Entry(key, person.name, Sector.SOCIAL, person.email))
        return found


class WorkshopsForm(Plain):
    """Who of a delegation wants to be in which workshop."""

    def __init__(
        self,
        *args: Any,
        workshops: Sequence[ProgrammeItem],
        people: Sequence[Participant],
        chosen: Mapping[Any, set[Any]],
        wants_all: Iterable[Any],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.workshops = workshops
        wanted = set(wants_all)
        for workshop in workshops:
            self.fields[f"who_{workshop.pk}"] = forms.MultipleChoiceField(
                label=str(workshop.title),
                choices=[(str(one.pk), one.name) for one in people],
                widget=forms.CheckboxSelectMultiple,
                required=False,
                initial=[str(key) for key in chosen.get(workshop.pk, ())],
            )
            self.fields[f"all_{workshop.pk}"] = forms.BooleanField(
                label=_("All of these, or none"), required=False, initial=workshop.pk in wanted
            )

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Each workshop with its fields."""
        return [
            {"workshop": one, "who": self[f"who_{one.pk}"], "all": self[f"all_{one.pk}"]}
            for one in self.workshops
        ]

    @property
    def chosen(self) -> dict[ProgrammeItem, set[uuid.UUID]]:
        """For each workshop the keys of those who want to be in it."""
        return {
            one: {uuid.UUID(key) for key in self.cleaned_data[f"who_{one.pk}"]}
            for one in self.workshops
        }

    @property
    def wants_all(self) -> set[uuid.UUID]:
        """The workshops in which it is all or none."""
        return {one.pk for one in self.workshops if self.cleaned_data[f"all_{one.pk}"]}


class NeedsForm(Plain):
    """What somebody needs to take part; every field may stay empty."""

    lodging = forms.BooleanField(label=_("I need a place to sleep"), required=False)
    travel = line(
        _("Travel"), most=MOST_NEED, help_text=_("For example: comes by boat on the day before.")
    )
    diet = line(
        _("Diet"),
        most=MOST_NEED,
        help_text=_("Only if you want to say it. Write what you eat, not why."),
    )
    access = line(
        _("What makes it possible for you to take part?"),
        most=MOST_NEED,
        help_text=_("For example: a seat near the front, no stairs, an interpreter."),
    )


def needs_initial(needs: ParticipantNeeds | None) -> dict[str, Any]:
    """What the form begins with."""
    names = ("lodging", "travel", "diet", "access")
    return {} if needs is None else {name: getattr(needs, name) for name in names}


# --- Afterwards -----------------------------------------------------------------------------------


class EvaluationForm(Plain):
    """How it was: each question of the event; none must be answered."""

    def __init__(self, *args: Any, questions: Sequence[EvaluationQuestion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = questions
        for question in questions:
            name = f"q_{question.position}"
            if question.kind == EvaluationQuestion.Kind.SCALE:
                self.fields[name] = forms.TypedChoiceField(
                    label=str(question.text),
                    choices=SCALE,
                    coerce=int,
                    empty_value=None,
                    required=False,
                    widget=forms.RadioSelect,
                )
            else:
                self.fields[name] = lines(
                    str(question.text),
                    help_text=_("Write about the event, never about a family or a colleague."),
                )

    def clean(self) -> dict[str, Any]:
        """Something must be said."""
        data = super().clean() or {}
        if not self.errors and not any(data.values()):
            self.add_error(None, _("Answer at least one question."))
        return data

    @property
    def asked(self) -> list[forms.BoundField]:
        """A field for each question, with its language."""
        return [self[f"q_{one.position}"] for one in self.questions]

    @property
    def answers(self) -> dict[EvaluationQuestion, Any]:
        """What was said, by question."""
        found = {one: self.cleaned_data.get(f"q_{one.position}") for one in self.questions}
        return {one: value for one, value in found.items() if value}


SCALE = [
    (1, _("1 – not at all")),
    (2, "2"),
    (3, "3"),
    (4, "4"),
    (5, _("5 – very much")),
]


class QuestionsForm(Plain):
    """What participants are asked."""

    evaluate_until = day(_("Until which day can one answer?"), _("Write the last day."))

    def __init__(self, *args: Any, questions: Sequence[EvaluationQuestion], **kwargs: Any) -> None:
        initial = kwargs.pop("initial", {})
        for n, question in enumerate(questions, start=1):
            initial |= {
                f"kind_{n}": question.kind,
                f"da_{n}": question.text_da,
                f"kl_{n}": question.text_kl,
            }
        super().__init__(*args, **{**kwargs, "initial": initial})
        for n in range(1, MOST_QUESTIONS + 1):
            self.fields[f"da_{n}"] = line(_("Question in Danish"))
            self.fields[f"kl_{n}"] = line(_("Question in Kalaallisut"))
            self.fields[f"kind_{n}"] = forms.ChoiceField(
                label=_("How is it answered?"),
                choices=EvaluationQuestion.Kind.choices,
                required=False,
                initial=EvaluationQuestion.Kind.SCALE,
            )

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The fields of each question."""
        return [
            {"number": n, "fields": [self[f"{part}_{n}"] for part in ("da", "kl", "kind")]}
            for n in range(1, MOST_QUESTIONS + 1)
        ]

    def clean(self) -> dict[str, Any]:
        """A question needs its Danish words."""
        data = super().clean() or {}
        for n in range(1, MOST_QUESTIONS + 1):
            if data.get(f"kl_{n}") and not data.get(f"da_{n}"):
                self.add_error(f"da_{n}", _("Write the question in Danish, too."))
        if not self.errors and not any(data.get(f"da_{n}") for n in range(1, MOST_QUESTIONS + 1)):
            self.add_error("da_1", _("Write at least one question."))
        return data

    @property
    def given(self) -> list[tuple[str, str, str]]:
        """Kind, Danish and Kalaallisut of each question."""
        data = self.cleaned_data
        return [
            (data[f"kind_{n}"] or "scale", data[f"da_{n}"], data[f"kl_{n}"])
            for n in range(1, MOST_QUESTIONS + 1)
            if data[f"da_{n}"]
        ]


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

    body = choice(_("In which group?"), _("Choose a group."))

    def __init__(self, *args: Any, bodies: QuerySet[Body], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, body=bodies)


class BecomeDecisionForm(BecomeForm):
    """It becomes a decision."""

    title_da = line(
        _("What was decided, in one line?"),
        required=True,
        error_messages={"required": _("Write what was decided.")},
    )
    decided_on = day(_("Decided on which day?"), _("Write the day."))


class BecomeActionForm(BecomeForm):
    """It becomes an action."""

    text = line(
        _("What is to be done?"),
        required=True,
        help_text=_("About the work, never about a family."),
        error_messages={"required": _("Write what is to be done.")},
    )
    owner = choice(_("Who does it?"), _("Choose who does it."))
    due_on = day(_("By which day?"), _("Write the day it must be done."))

    def __init__(self, *args: Any, people: QuerySet[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, owner=people)
