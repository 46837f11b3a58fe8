"""Planned sessions for the members of a pairing, and calendars for their programs."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.generic import TemplateView, View

from core import calendars
from core.languages import human_date
from core.mail import absolute_url
from core.periods import local_day
from mentoring.models import CalendarAddress, Pairing, PlannedSession
from mentoring.permissions import ROLES, pairings_to_plan, planned_sessions
from mentoring.planning.actions import (
    PlanRefused,
    cancel_session,
    drop_address,
    hash_of,
    move_session,
    plan_session,
    renew_address,
)
from mentoring.planning.calendar import calendar
from mentoring.planning.feed import AHEAD, BACK, MOST
from mentoring.planning.forms import PlanForm
from mentoring.planning.listing import plans_to_log
from people.access import PersonRequiredMixin, RoleRequiredMixin
from people.permissions import standing_of

PER_PAGE = 25
ICS = "text/calendar; charset=utf-8"


class MemberMixin(RoleRequiredMixin):
    """For whoever can stand on a side of a pairing; plans of others are not there."""

    required_roles = frozenset(key for keys in ROLES.values() for key in keys)

    @cached_property
    def plan(self) -> PlannedSession:
        """The plan of the address, of one of the own pairings."""
        return get_object_or_404(
            planned_sessions(self.standing).select_related("pairing__place"),
            pk=self.kwargs["plan"],
        )


class PlansView(PersonRequiredMixin, TemplateView):
    """What is planned, and what was planned and not logged; empty for whoever is in no pairing."""

    template_name = "mentoring/planning/plans.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """One page of what is to come, the next first."""
        now = timezone.now()
        coming = planned_sessions(self.standing).to_come(at=now).select_related("pairing__place")
        page = Paginator(coming.order_by("starts_at", "pk"), PER_PAGE).get_page(
            self.request.GET.get("page")
        )
        return super().get_context_data(
            page=page,
            to_log=plans_to_log(self.standing, at=now),
            may_plan=pairings_to_plan(self.standing).exists(),
            **kwargs,
        )


class PlanFormView(MemberMixin, View):
    """What planning and moving have in common."""

    template_name = "mentoring/planning/plan_form.html"
    form_refuses_identity = True  # in its form, at the field

    def draw(
        self, form: PlanForm, pairing: Pairing, *, status: int = 200, **more: Any
    ) -> HttpResponse:
        """The page with this form."""
        context = {"form": form, "pairing": pairing, **more}
        return render(self.request, self.template_name, context, status=status)


class PlanView(PlanFormView):
    """Plan a session, in the pairing of the address or the newest."""

    @cached_property
    def pairings(self) -> list[Pairing]:
        """The own pairings that are not closed, the newest first."""
        own = pairings_to_plan(self.standing).select_related("place")
        return list(own.order_by("-starts_on", "pk"))

    @cached_property
    def pairing(self) -> Pairing:
        """The chosen one; 404 for one of others, and for whoever has none."""
        asked = self.request.GET.get("forloeb")
        for pairing in self.pairings:
            if asked in {None, "", str(pairing.pk)}:
                return pairing
        raise Http404

    def get(self, request: HttpRequest) -> HttpResponse:
        """The empty form."""
        return self._page(self._form())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Plan it, or say what is in the way; every letter stays."""
        form = self._form(request.POST)
        if not form.is_valid():
            return self._page(form, status=422)
        try:
            plan = plan_session(self.person, self.pairing, at=timezone.now(), **form.given)
        except ValidationError as refusal:
            add_errors(form, refusal)
            return self._page(form, status=422)
        messages.success(request, _("Planned: %s. The others are told.") % said(plan))
        return redirect("mentoring:plans")

    def _form(self, data: Any = None) -> PlanForm:
        return PlanForm(data, zone=PlannedSession(pairing=self.pairing).zone)

    def _page(self, form: PlanForm, *, status: int = 200) -> HttpResponse:
        others = [one for one in self.pairings if one != self.pairing]
        return self.draw(form, self.pairing, status=status, other_pairings=others, plan=None)


class MoveView(PlanFormView):
    """Move a session, or change what it is for."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The form as the plan stands."""
        if self.plan.cancelled_at is not None:
            raise Http404
        local = self.plan.starts_at.astimezone(self.plan.zone)
        initial = {
            "day": local.date(),
            "clock": local.time(),
            **{
                name: getattr(self.plan, name)
                for name in ("minutes", "mode", "purpose", "sequence")
            },
        }
        return self._page(PlanForm(initial=initial, zone=self.plan.zone))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Move it, unless somebody else was first; every letter stays."""
        form = PlanForm(request.POST, zone=self.plan.zone)
        if not form.is_valid():
            return self._page(form, status=422)
        try:
            plan = move_session(
                self.person,
                self.plan,
                sequence=seen(form),
                at=timezone.now(),
                **form.given,
            )
        except ValidationError as refusal:
            add_errors(form, refusal)
            return self._page(form, status=422)
        messages.success(request, _("It stands now: %s. The others are told.") % said(plan))
        return redirect("mentoring:plans")

    def _page(self, form: PlanForm, *, status: int = 200) -> HttpResponse:
        return self.draw(form, self.plan.pairing, status=status, plan=self.plan)


def seen(form: PlanForm) -> int:
    """The state that the form was drawn from; one that never was for a form without it."""
    sequence = form.cleaned_data["sequence"]
    return -1 if sequence is None else int(sequence)


def said(plan: PlannedSession) -> str:
    """When it is, on the town's clock."""
    return human_date(plan.starts_at, zone=plan.zone, place=plan.pairing.place.name)


def add_errors(form: PlanForm, refusal: ValidationError) -> None:
    """The words of a refusal at their fields."""
    if not hasattr(refusal, "error_dict"):
        form.add_error(None, refusal)
        return
    for name, errors in refusal.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)


class CancelView(MemberMixin, View):
    """Ask, then cancel."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """What cancelling means."""
        if self.plan.cancelled_at is not None:
            raise Http404
        return render(request, "mentoring/planning/cancel.html", {"plan": self.plan})

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Cancel it; one that is cancelled stays so."""
        sequence = request.POST.get("sequence", "")
        try:
            cancel_session(
                self.person,
                self.plan,
                sequence=int(sequence) if sequence.isdecimal() else -1,
                at=timezone.now(),
            )
        except PlanRefused as refusal:
            messages.error(request, " ".join(refusal.messages))
        else:
            messages.success(request, _("The session is cancelled. The others are told."))
        return redirect("mentoring:plans")


class PlanFileView(MemberMixin, View):
    """One plan as a file for a calendar."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The file."""
        text = calendar([self.plan], language=self.person.language)
        response = HttpResponse(text, content_type=ICS)
        response["Content-Disposition"] = 'attachment; filename="session.ics"'
        return response


class CalendarView(PersonRequiredMixin, View):
    """The address of one's own calendar: make it, renew it, stop it."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Whether there is one; the secret itself is kept nowhere."""
        return self._page()

    def post(self, request: HttpRequest) -> HttpResponse:
        """Make a new one and show it once, or stop it."""
        if "stop" in request.POST:
            drop_address(self.person)
            messages.success(request, _("The address no longer works."))
            return redirect("mentoring:calendar")
        token = renew_address(self.person, at=timezone.now())
        return self._page(absolute_url(reverse("calendar", args=[token])))

    def _page(self, new: str = "") -> HttpResponse:
        address = CalendarAddress.objects.filter(person=self.person).first()
        context = {"address": address, "new": new}
        return render(self.request, "mentoring/planning/calendar.html", context)


class FeedView(View):
    """A person's calendar for whoever knows the secret address; it names nobody."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        """The calendar; for a closed account, as for an address that is none, there is nothing."""
        found = (
            CalendarAddress.objects.filter(token_hash=hash_of(token))
            .select_related("person__user")
            .first()
        )
        if found is None or found.person.user is None or not found.person.user.is_active:
            raise Http404
        now = timezone.now()
        user = found.person.user
        user.person = found.person
        today = local_day(now)
        with override(found.person.language):
            entries = calendars.entries(
                standing_of(user, at=now), since=today - BACK, until=today + AHEAD
            )
            text = calendars.as_document(entries[:MOST], address=absolute_url)
        response = HttpResponse(text, content_type=ICS)
        response["Cache-Control"] = "private, no-store"
        response["X-Robots-Tag"] = "noindex"
        return response
