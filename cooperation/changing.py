"""Forms and views by which something of the cooperation is entered and changed.

A form to enter something carries the id that it will have, so that a double press makes one; a
form to change something carries the name of what was seen, so that nobody overwrites unseen.
"""

import uuid
from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView, View

from cooperation.access import TakesPartMixin
from cooperation.models import MOST_TITLE, MOST_WORDS
from cooperation.refusals import CooperationRefused
from core.access_log import record
from core.canonical import content_hash
from core.forms import DateInput, LastDayField, LongText
from core.guard import GuardedFormMixin
from core.identity import refuse_cpr_like
from core.meanwhile import show_meanwhile
from core.periods import day_after
from core.seen_versions import LETTERS

NO_LINKS: Mapping[str, str] = MappingProxyType({})
PERIOD_WRONG = _("The last day lies before the first. Change one of them.")


def seen_of(record_: Model | None, *names: str, linked: Mapping[str, str] = NO_LINKS) -> str:
    """Names what somebody saw of a record, by these fields, in letters alone; empty for none.

    Args:
        linked: What it leads to that a form changes along with it, and by which of their fields
            they are known; a query for each.
    """
    if record_ is None:
        return ""
    facts: list[Any] = [str(getattr(record_, name)) for name in names]
    for name, known_by in linked.items():
        found = getattr(record_, name).values_list(known_by, flat=True)
        facts.append(sorted(map(str, found)))
    return content_hash(facts)[:16].translate(LETTERS)


def by_id(*names: str) -> dict[str, str]:
    """Links by these names, of which each is known by its id."""
    return dict.fromkeys(names, "pk")


# --- Fields ---------------------------------------------------------------------------------------


def line(label: Any, *, missing: Any = None, most: int = MOST_TITLE, **options: Any) -> Any:
    """A line; with ``missing``, what is said without one, it is needed."""
    field = forms.CharField(
        label=label,
        required=missing is not None,
        validators=[refuse_cpr_like, MaxLengthValidator(most)],
        error_messages={"required": missing} if missing is not None else {},
        **options,
    )
    field.max_length = most  # said by the validator: the browser would cut what is pasted
    return field


def lines(
    label: Any, *, missing: Any = None, most: int = MOST_WORDS, rows: int = 4, **options: Any
) -> LongText:
    """Some lines; with ``missing``, what is said without any, they are needed."""
    field = LongText(
        label=label,
        required=missing is not None,
        widget=forms.Textarea(attrs={"rows": rows}),
        validators=[refuse_cpr_like, MaxLengthValidator(most)],
        error_messages={"required": missing} if missing is not None else {},
        **options,
    )
    field.max_length = most  # for the counter
    return field


def day(label: Any, *, missing: Any = None, **options: Any) -> forms.DateField:
    """A day."""
    said = missing if missing is not None else _("Write a day, or leave it empty.")
    return forms.DateField(
        label=label,
        widget=DateInput,
        required=missing is not None,
        error_messages=dict.fromkeys(("required", "invalid"), said),
        **options,
    )


# --- Forms ----------------------------------------------------------------------------------------


class ChangeForm(GuardedFormMixin, forms.Form):
    """One thing is entered or changed."""

    use_required_attribute = False

    @property
    def given(self) -> dict[str, Any]:
        """What was filled in, without what the form itself needs."""
        return {
            name: value for name, value in self.cleaned_data.items() if name not in {"key", "seen"}
        }


class EnterForm(ChangeForm):
    """Something new, which has its id from the start."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    @property
    def new_id(self) -> UUID:
        """The id that it will have."""
        found = self.cleaned_data.get("key")
        return found if isinstance(found, UUID) else uuid.uuid4()


class SeenForm(ChangeForm):
    """Something that is there, as it was seen."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)


class PeriodForm(forms.Form):
    """From when until when; the last day is asked for as people say it."""

    starts_on = forms.DateField(
        label=_("First day"),
        widget=DateInput,
        error_messages=dict.fromkeys(("required", "invalid"), _("Write the first day.")),
    )
    last_day = LastDayField()

    def clean(self) -> dict[str, Any]:
        """The period as it is kept."""
        cleaned = super().clean() or self.cleaned_data
        starts_on, last_day = cleaned.get("starts_on"), cleaned.pop("last_day", None)
        cleaned["ends_on"] = ends_on = day_after(last_day)
        if isinstance(starts_on, date) and ends_on is not None and ends_on <= starts_on:
            self.add_error("last_day", PERIOD_WRONG)
        return cleaned


# --- Views ----------------------------------------------------------------------------------------


class EnterFormView(TakesPartMixin, FormView[Any], ABC):
    """Enter or change one thing: save it, or say at its field what does not hold."""

    #: What is said when it is saved, and the word for the access log; empty where the action
    #: itself notes it.
    done: Any = _("It is saved.")
    action = "change"

    @abstractmethod
    def save(self, form: Any, *, at: datetime) -> Model:
        """Save what was filled in."""

    def seen_now(self) -> str:
        """Names what is changed as it stands; empty where nothing is."""
        return ""

    def get_initial(self) -> dict[str, Any]:
        """With what the form itself needs."""
        return {"key": uuid.uuid4(), "seen": self.seen_now(), **super().get_initial()}

    def where_to(self, saved: Any) -> str:
        """Where one goes on."""
        return str(saved.get_absolute_url())

    def form_valid(self, form: Any) -> HttpResponse:
        """Save it and go on; that it was changed is noted."""
        now = timezone.now()
        try:
            saved = self.save(form, at=now)
        except ValidationError as refusal:
            return self.refused(form, refusal)
        if self.action:
            record(self.request.user, self.action, saved, at=now)
        messages.success(self.request, str(self.done))
        return redirect(self.where_to(saved))

    def refused(self, form: Any, refusal: ValidationError) -> HttpResponse:
        """Say what does not hold; every letter stays."""
        say(form, refusal)
        if getattr(refusal, "code", "") == "changed" and "seen" in form.fields:
            form.data = form.data.copy()
            form.data[form.add_prefix("seen")] = self.seen_now()  # who sends again has been told
            show_meanwhile(form)
        return self.form_invalid(form)

    def form_invalid(self, form: Any) -> HttpResponse:
        """Say what is missing."""
        return self.render_to_response(self.get_context_data(form=form), status=422)


def say(form: Any, refusal: ValidationError) -> None:
    """Put a refusal at the fields it speaks of."""
    if isinstance(refusal, CooperationRefused):
        field = refusal.field if refusal.field in form.fields else None
        form.add_error(field, refusal.messages[0])
    elif hasattr(refusal, "error_dict"):
        for name, found in refusal.message_dict.items():
            for text in found:
                form.add_error(name if name in form.fields else None, text)
    else:
        form.add_error(None, refusal.messages[0])


class PressView(TakesPartMixin, View, ABC):
    """One press that changes one thing: a button without a form of its own."""

    http_method_names = ["post"]
    action = "change"

    @abstractmethod
    def press(self, request: HttpRequest, *, at: datetime) -> tuple[Model, Any, str]:
        """Do it: what was changed, what is said, where one goes on.

        Raises:
            CooperationRefused: What stands in the way; it is said where one came from.
        """

    @abstractmethod
    def back(self) -> str:
        """Where one came from."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Do it, or say what stands in the way."""
        now = timezone.now()
        try:
            changed, said, where = self.press(request, at=now)
        except CooperationRefused as refusal:
            messages.error(request, refusal.messages[0])
            return redirect(self.back())
        record(request.user, self.action, changed, at=now)
        messages.success(request, str(said))
        return redirect(where)
