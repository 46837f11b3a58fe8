"""Who comes in a delegation, to which workshops, and what they need to take part."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cooperation.changing import line
from cooperation.events.actions.registering import Entry
from cooperation.events.forms.common import Plain
from cooperation.models import (
    MOST_NEED,
    MOST_OF_A_DELEGATION,
    MOST_TITLE,
    Invitation,
    Participant,
    ParticipantNeeds,
    ProgrammeItem,
    Sector,
)
from core.forms import offer
from people.models import Person

NOTHING = ("", "—")
#: Empty lines after the own seats, or after the names that stand there already.
SPARE_LINES = 2


class DelegationForm(Plain):
    """The names of a delegation, one line each; empty lines are left out.

    A colleague with an account is ticked, and the own sector stands beside: asked for where
    nobody knows it.
    """

    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    colleagues = forms.MultipleChoiceField(
        label=_("Colleagues with an account"),
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
        colleagues: Sequence[Person],
        sectors: Mapping[uuid.UUID, str],
        **kwargs: Any,
    ) -> None:
        self.offered = colleagues
        initial: dict[str, Any] = {
            "seen": invitation.version,
            "all_or_none": invitation.all_or_none,
            **{_sector_of(one): sectors.get(one.pk, "") for one in colleagues},
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
        offer(self, colleagues=[(str(one.pk), one.name) for one in colleagues])
        for person in colleagues:
            self.fields[_sector_of(person)] = _sector()
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
        self.fields[f"sector_{n}"] = _sector()

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

    @property
    def colleague_rows(self) -> list[dict[str, Any]]:
        """Each colleague: the box to tick, and the sector."""
        return [
            {"person": one, "box": box, "sector": self[_sector_of(one)]}
            for one, box in zip(self.offered, self["colleagues"], strict=True)
        ]

    @property
    def is_about_colleagues(self) -> bool:
        """Whether one of them is ticked, or something about them is wrong."""
        return bool(self["colleagues"].value() or self["colleagues"].errors)

    def clean(self) -> dict[str, Any]:
        """A line that says something says who, and in which sector; so does who is ticked."""
        data = super().clean() or {}
        for n in range(1, self.count + 1):
            given = {part: data.get(f"{part}_{n}") for part in self.PARTS}
            if not any(given.values()):
                continue
            if not given["name"] and f"name_{n}" not in self.errors:
                self.add_error(f"name_{n}", _("Write the name of the person."))
            if not given["sector"] and f"sector_{n}" not in self.errors:
                self.add_error(f"sector_{n}", _("Choose the sector."))
        for person in self._ticked(data):
            name = _sector_of(person)
            if not data.get(name) and name not in self.errors:
                said = _("Choose the sector of %(name)s.") % {"name": person.name}
                self.add_error(name, said)
        return data

    def _ticked(self, data: Mapping[str, Any]) -> list[Person]:
        """The colleagues that were ticked, in the order in which they stand."""
        ticked = set(data.get("colleagues") or ())
        return [one for one in self.offered if str(one.pk) in ticked]

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
        for person in self._ticked(data):
            key = uuid.uuid5(data["key_1"], str(person.pk))  # sent twice, the same person once
            found.append(Entry(key, person.name, data[_sector_of(person)], person.email))
        return found


def _sector() -> forms.ChoiceField:
    return forms.ChoiceField(label=_("Sector"), required=False, choices=[NOTHING, *Sector.choices])


def _sector_of(person: Person) -> str:
    return f"sector_of_{person.pk}"


class SeenForm(Plain):
    """The version of an invitation that was seen; whoever sends none has seen none that stands."""

    NONE_SEEN = -1

    seen = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    @property
    def version(self) -> int:
        """The version."""
        found = self.cleaned_data["seen"] if self.is_valid() else None
        return self.NONE_SEEN if found is None else int(found)


class _WhoComes(forms.MultipleChoiceField):
    """Names to tick; that one has gone meanwhile is said of the whole delegation, not here."""

    def valid_value(self, value: str) -> bool:
        """Whether ``value`` may be ticked: what is not offered any more does nothing."""
        return True


class WorkshopsForm(SeenForm):
    """Who of a delegation wants to be in which workshop."""

    def __init__(
        self,
        *args: Any,
        invitation: Invitation,
        workshops: Sequence[ProgrammeItem],
        people: Sequence[Participant],
        chosen: Mapping[Any, set[Any]],
        wants_all: Iterable[Any],
        **kwargs: Any,
    ) -> None:
        wanted = set(wants_all)
        initial: dict[str, Any] = {"seen": invitation.version}
        for workshop in workshops:
            initial[f"who_{workshop.pk}"] = [str(key) for key in chosen.get(workshop.pk, ())]
            initial[f"all_{workshop.pk}"] = workshop.pk in wanted
        super().__init__(*args, **{**kwargs, "initial": initial})
        self.workshops = workshops
        self.people = people
        for workshop in workshops:
            self.fields[f"who_{workshop.pk}"] = _WhoComes(
                label=str(workshop.title),
                choices=[(str(one.pk), one.name) for one in people],
                widget=forms.CheckboxSelectMultiple,
                required=False,
            )
            self.fields[f"all_{workshop.pk}"] = forms.BooleanField(
                label=_("All of these, or none"), required=False
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
            one: {
                who.pk for who in self.people if str(who.pk) in self.cleaned_data[f"who_{one.pk}"]
            }
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
