"""Meetings as members read them, and as chair, secretary and keeper write them."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from cooperation.access import TakesPartMixin
from cooperation.bodies.views import BodyMixin
from cooperation.changing import EnterFormView, PressView
from cooperation.meetings import actions
from cooperation.meetings.agenda import carried_to
from cooperation.meetings.forms import (
    AttendanceForm,
    CancelForm,
    ItemForm,
    MeetingForm,
    MinutesForm,
)
from cooperation.meetings.minutes import content_of, drawn
from cooperation.models import AgendaItem, BodyMember, Meeting, Paper
from cooperation.permissions import (
    readable_meetings,
    reads_minutes,
    run_bodies,
    run_meetings,
)
from core.access_log import record
from core.canonical import content_hash
from core.periods import local_day
from people.models import Place


class MeetingMixin(TakesPartMixin):
    """A meeting of a body that one reads; others are a 404."""

    @cached_property
    def meeting(self) -> Meeting:
        """The meeting of the address."""
        found = readable_meetings(self.standing).select_related("body", "place", "approved_by")
        return get_object_or_404(found, pk=self.kwargs["meeting"])

    @cached_property
    def runs(self) -> bool:
        """Whether one writes agenda and minutes."""
        return run_bodies(self.standing).filter(pk=self.meeting.body_id).exists()


class RunMeetingMixin(MeetingMixin):
    """A meeting whose agenda and minutes one writes; others are a 404."""

    @cached_property
    def meeting(self) -> Meeting:
        """The meeting of the address."""
        found = run_meetings(self.standing).select_related("body", "place")
        return get_object_or_404(found, pk=self.kwargs["meeting"])


class MeetingView(MeetingMixin, TemplateView):
    """A meeting: when and where, its papers, its agenda or its minutes."""

    template_name = "cooperation/meetings/meeting.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The same queries however long the agenda is; that names were shown is noted."""
        meeting, now = self.meeting, timezone.now()
        shows_minutes = meeting.begun_at is not None and reads_minutes(meeting, runs=self.runs)
        context: dict[str, Any] = {
            "meeting": meeting,
            "body": meeting.body,
            "runs": self.runs,
            "papers": list(Paper.objects.filter(meeting=meeting).shown(writes=self.runs)),
            "items": list(meeting.items.select_related("earlier__meeting").in_order()),
            "carried": carried_to(meeting, at=now),
            "day": self.standing.day,
            "may_begin": meeting.is_to_come and now >= meeting.starts_at - actions.EARLY,
            "shows_minutes": shows_minutes,
        }
        if shows_minutes:
            content = meeting.content or content_of(meeting)
            context["minutes"] = drawn(content)
            context["seen"] = content_hash(content)
        record(self.request.user, "view", meeting, at=now)
        return super().get_context_data(**kwargs) | context


class MeetingFormView(BodyMixin, EnterFormView):
    """Plan a meeting of a body."""

    form_class = MeetingForm
    template_name = "cooperation/meetings/meeting_form.html"
    done = _("The meeting is planned.")

    @cached_property
    def body(self) -> Any:
        """A body that one runs."""
        return get_object_or_404(run_bodies(self.standing), pk=self.kwargs["body"])

    @property
    def changed(self) -> Meeting | None:
        """The meeting that is changed; none for a new one."""
        return None

    def get_form_kwargs(self) -> dict[str, Any]:
        """The towns."""
        return {**super().get_form_kwargs(), "places": Place.objects.order_by("name")}

    def save(self, form: MeetingForm, *, at: datetime) -> Meeting:
        """Save it."""
        return actions.save_meeting(
            self.body,
            key=form.new_id if self.changed is None else self.changed.pk,
            seen=form.cleaned_data["seen"],
            by=self.person,
            at=at,
            **form.given,
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The body, and the meeting that is changed."""
        return super().get_context_data(body=self.body, changed=self.changed, **kwargs)


class EditMeetingView(RunMeetingMixin, MeetingFormView):
    """Change when and where one meets."""

    done = _("The meeting is changed.")

    @cached_property
    def body(self) -> Any:
        """The meeting's."""
        return self.meeting.body

    @property
    def changed(self) -> Meeting:
        """The meeting that is changed."""
        return self.meeting

    def seen_now(self) -> str:
        """Names the plan as it stands."""
        return actions.meeting_seen(Meeting.objects.get(pk=self.meeting.pk))

    def get_initial(self) -> dict[str, Any]:
        """The plan, on the clock of its town."""
        meeting = self.meeting
        zone = meeting.place.time_zone if meeting.place is not None else settings.TIME_ZONE
        begins = meeting.starts_at.astimezone(ZoneInfo(zone))
        return {
            **super().get_initial(),
            **{name: getattr(meeting, name) for name in ("duration_minutes", "room", "note")},
            "place": meeting.place_id,
            "held_on": begins.date(),
            "begins": begins.time(),
        }


class ItemView(RunMeetingMixin, EnterFormView):
    """Put an item on the agenda, or change one."""

    form_class = ItemForm
    template_name = "cooperation/meetings/item_form.html"
    done = _("The agenda is saved.")

    @cached_property
    def item(self) -> AgendaItem | None:
        """The item that is changed; none for a new one."""
        if "point" not in self.kwargs:
            return None
        own = self.meeting.items.filter(kind=AgendaItem.Kind.OWN)
        return get_object_or_404(own, pk=self.kwargs["point"])

    def seen_now(self) -> str:
        """Names the item as it stands."""
        if self.item is None:
            return ""
        return actions.item_seen(AgendaItem.objects.filter(pk=self.item.pk).first())

    def get_initial(self) -> dict[str, Any]:
        """The item as it is."""
        initial = super().get_initial()
        if (item := self.item) is None:
            return initial
        return {**initial, "title": item.title, "text": item.text}

    def save(self, form: ItemForm, *, at: datetime) -> AgendaItem:
        """Save it."""
        return actions.save_item(
            self.meeting,
            key=form.new_id if self.item is None else self.item.pk,
            seen=form.cleaned_data["seen"],
            by=self.person,
            at=at,
            **form.given,
        )

    def where_to(self, saved: AgendaItem) -> str:
        """The agenda."""
        return f"{self.meeting.get_absolute_url()}#dagsorden"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The meeting, and the item."""
        return super().get_context_data(meeting=self.meeting, item=self.item, **kwargs)


class CancelView(RunMeetingMixin, EnterFormView):
    """Cancel a meeting."""

    form_class = CancelForm
    template_name = "cooperation/meetings/cancel.html"
    done = _("The meeting is cancelled.")

    def save(self, form: CancelForm, *, at: datetime) -> Meeting:
        """Cancel it."""
        return actions.cancel(
            self.meeting, reason=form.cleaned_data["reason"], by=self.person, at=at
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The meeting."""
        return super().get_context_data(meeting=self.meeting, **kwargs)


class WriteItemView(RunMeetingMixin, EnterFormView):
    """What was said to an item."""

    form_class = MinutesForm
    template_name = "cooperation/meetings/write_item.html"
    done = _("The minutes are saved.")

    @cached_property
    def item(self) -> AgendaItem:
        """The item of the address."""
        items = self.meeting.items.select_related("action__owner", "decision", "earlier__meeting")
        return get_object_or_404(items, pk=self.kwargs["point"])

    def seen_now(self) -> str:
        """Names the item as it stands."""
        return actions.item_seen(AgendaItem.objects.get(pk=self.item.pk))

    def get_initial(self) -> dict[str, Any]:
        """What stands there."""
        item = self.item
        return {**super().get_initial(), "minutes": item.minutes, "outcome": item.outcome}

    def get_form(self, form_class: Any = None) -> Any:
        """An open decision or action stays open until it is settled itself: nothing to choose."""
        form = super().get_form(form_class)
        if self.item.kind != AgendaItem.Kind.OWN:
            form.fields["outcome"].widget = form.fields["outcome"].hidden_widget()
        return form

    def save(self, form: MinutesForm, *, at: datetime) -> AgendaItem:
        """Save it."""
        return actions.write_item(
            self.item, by=self.person, at=at, seen=form.cleaned_data["seen"], **form.given
        )

    def where_to(self, saved: AgendaItem) -> str:
        """The minutes, at this item."""
        return f"{self.meeting.get_absolute_url()}#punkt-{saved.pk}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The item, and what was decided and agreed to it."""
        record(self.request.user, "view", self.meeting, at=timezone.now())
        return super().get_context_data(
            meeting=self.meeting,
            item=self.item,
            decisions=list(self.item.decisions.order_by("year", "number")),
            agreed=list(self.item.actions.select_related("owner").soonest_first()),
            **kwargs,
        )


class AttendanceView(RunMeetingMixin, EnterFormView):
    """Who was there."""

    form_class = AttendanceForm
    template_name = "cooperation/meetings/attendance.html"
    done = _("It is saved who was there.")

    @cached_property
    def seats(self) -> list[BodyMember]:
        """The seats of the meeting's day."""
        day = local_day(self.meeting.starts_at)
        seats = self.meeting.body.members.valid_on(day).select_related("person", "organisation")
        return list(seats.order_by("organisation__name", "person__name", "pk"))

    def get_form_kwargs(self) -> dict[str, Any]:
        """The seats."""
        return {**super().get_form_kwargs(), "seats": self.seats}

    def said(self) -> dict[BodyMember, str]:
        """What stands there of each seat."""
        said = dict(self.meeting.attendances.values_list("member", "presence"))
        return {seat: said[seat.pk] for seat in self.seats if seat.pk in said}

    def seen_now(self) -> str:
        """What stands there, so that it is known which answers are new."""
        return AttendanceForm.in_words(self.said())

    def get_initial(self) -> dict[str, Any]:
        """What was written before."""
        said = self.said()
        answers = {AttendanceForm.field_of(seat): said.get(seat, "") for seat in self.seats}
        return {**super().get_initial(), **answers}

    def save(self, form: AttendanceForm, *, at: datetime) -> Meeting:
        """Save it."""
        actions.note_attendance(self.meeting, form.presence, shown=form.shown)
        return self.meeting

    def refused(self, form: AttendanceForm, refusal: ValidationError) -> HttpResponse:
        """Say what does not hold; what others have answered meanwhile stays theirs."""
        form.leave_to_others(self.said())
        return super().refused(form, refusal)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The meeting; that names were shown is noted."""
        record(self.request.user, "view", self.meeting, at=timezone.now())
        return super().get_context_data(meeting=self.meeting, **kwargs)


class _Press(RunMeetingMixin, PressView):
    """One press on the page of a meeting."""

    def back(self) -> str:
        """The meeting."""
        return self.meeting.get_absolute_url()


class StepView(_Press):
    """Send the agenda, begin, send or take back the minutes, approve them."""

    STEPS = ("kald", "begynd", "send", "skriv-videre", "godkend")

    def press(self, request: HttpRequest, *, at: datetime) -> tuple[Model, Any, str]:
        """Take the step of the address."""
        if self.kwargs["step"] not in self.STEPS:
            raise Http404
        meeting, by = self.meeting, self.person
        match self.kwargs["step"]:
            case "kald":
                done, said = actions.call(meeting, by=by, at=at), _("The agenda is sent.")
            case "begynd":
                done, said = actions.begin(meeting, by=by, at=at), _("Write the minutes now.")
            case "send":
                done, said = actions.send_minutes(meeting, by=by, at=at), _("The minutes are sent.")
            case "skriv-videre":
                done, said = actions.reopen(meeting), _("Write on. Nobody else sees it now.")
            case _:
                seen = request.POST.get("seen", "")
                done = actions.approve(meeting, seen=seen, by=by, at=at)
                said = _("The minutes are approved.")
        return done, said, self.back()


class MoveItemView(_Press):
    """Move an item up or down, or take it off."""

    def press(self, request: HttpRequest, *, at: datetime) -> tuple[Model, Any, str]:
        """Do it."""
        item = get_object_or_404(
            self.meeting.items.filter(kind=AgendaItem.Kind.OWN), pk=self.kwargs["point"]
        )
        if request.POST.get("do") == "off":
            actions.take_off(item)
            said = _("The item is off the agenda.")
        else:
            actions.move_item(item, up=request.POST.get("do") == "up")
            said = _("The agenda is saved.")
        return self.meeting, said, f"{self.back()}#dagsorden"
