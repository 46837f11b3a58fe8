"""What a round is made of: the needs of towns and the stays of mentors."""

from abc import ABC, abstractmethod
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import View

from core.access_log import record
from core.meanwhile import show_meanwhile
from mentoring.actions import (
    RoundRefused,
    fix_pair,
    need_seen,
    put_back,
    save_need,
    save_stay,
    stay_seen,
    take_out,
)
from mentoring.models import Need, Stay
from mentoring.rounds.forms.needs import NeedForm, need_initial
from mentoring.rounds.forms.stays import StayForm, stay_initial
from mentoring.rounds.views.base import RoundMixin, mentors_of, owners_of, uuid_or_none
from mentoring.views.looking_again import LookAgainView
from people.models import Person


class PartFormView(RoundMixin, LookAgainView, ABC):
    """Enter or change a need or a stay."""

    @abstractmethod
    def save(self, form: Any) -> "Need | Stay":
        """Save what was filled in."""

    @abstractmethod
    def seen_now(self) -> str:
        """Names the record as it is."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Save it, or say at its field what does not hold."""
        try:
            saved = self.save(form)
        except RoundRefused as refusal:
            form.add_error(None, refusal.messages[0])
            if refusal.code == "changed":
                form.data = form.data.copy()
                form.data["seen"] = self.seen_now()  # who sends again has been told
                show_meanwhile(form)
            return self.form_invalid(form)
        except ValidationError as refusal:
            for field, found in refusal.message_dict.items():
                for text in found:
                    form.add_error(field if field in form.fields else None, text)
            return self.form_invalid(form)
        record(self.request.user, "change", saved, at=timezone.now())
        messages.success(self.request, _("It is saved."))
        return redirect(self.round)

    def form_invalid(self, form: Any) -> HttpResponse:
        """Say what is missing."""
        return self.render_to_response(self.get_context_data(form=form), status=422)


class NeedView(PartFormView):
    """What a place asks for, entered by whoever coordinates the place."""

    is_for_own_places = True
    form_class = NeedForm
    template_name = "mentoring/rounds/need_form.html"

    @cached_property
    def need(self) -> Need | None:
        """The need that is changed."""
        if "need" not in self.kwargs:
            return None
        return get_object_or_404(self.own_needs, pk=self.kwargs["need"])

    def get_form_kwargs(self) -> dict[str, Any]:
        """What there is to choose from; an owner who is there already stays."""
        owners = owners_of(self.standing)
        if self.need is not None and self.need.owner_id:
            owners |= Person.objects.filter(pk=self.need.owner_id)
        return {
            **super().get_form_kwargs(),
            "places": self.places,
            "owners": owners,
            "competences": self.competences,
        }

    def get_initial(self) -> dict[str, Any]:
        """The need as it is, or the period of the round."""
        if self.need is None:
            planned = self.round
            return {"starts_on": planned.starts_on, "last_day": planned.last_day}
        return {**need_initial(self.need), "seen": self.seen_now()}

    def seen_now(self) -> str:
        """Names the need as it is."""
        return need_seen(self.need) if self.need is not None else ""

    def save(self, form: NeedForm) -> Need:
        """Save the need."""
        return save_need(
            self.round, form.facts, need=self.need, seen=form.cleaned_data["seen"] or None
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The need; that its owner's name was shown is noted."""
        record(self.request.user, "view", self.round, at=timezone.now())
        return super().get_context_data(need=self.need, **kwargs)


class StayView(PartFormView):
    """What a mentor brings."""

    form_class = StayForm
    template_name = "mentoring/rounds/stay_form.html"

    @cached_property
    def stay(self) -> Stay | None:
        """The stay that is changed."""
        if "stay" not in self.kwargs:
            return None
        found = self.round.stays.select_related("person")
        return get_object_or_404(found, pk=self.kwargs["stay"])

    def get_form_kwargs(self) -> dict[str, Any]:
        """What there is to choose from."""
        others = Stay.objects.standing().filter(round=self.round).select_related("person")
        people = None
        if self.stay is None:
            people = mentors_of(self.standing).exclude(pk__in=self.round.stays.values("person"))
        else:
            others = others.exclude(pk=self.stay.pk)
        return {
            **super().get_form_kwargs(),
            "people": people,
            "others": others.order_by("person__name", "pk"),
            "places": self.places,
            "competences": self.competences,
        }

    def get_initial(self) -> dict[str, Any]:
        """The stay as it is, or the period of the round."""
        if self.stay is None:
            planned = self.round
            return {"starts_1": planned.starts_on, "last_1": planned.last_day}
        return {**stay_initial(self.stay), "seen": self.seen_now()}

    def seen_now(self) -> str:
        """Names the stay as it is."""
        return stay_seen(self.stay) if self.stay is not None else ""

    def save(self, form: StayForm) -> Stay:
        """Save the stay."""
        person = self.stay.person if self.stay is not None else form.cleaned_data["person"]
        return save_stay(
            self.round, form.facts(person), stay=self.stay, seen=form.cleaned_data["seen"] or None
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The stay; that names were shown is noted."""
        record(self.request.user, "view", self.round, at=timezone.now())
        return super().get_context_data(stay=self.stay, **kwargs)


class TakeOutView(RoundMixin, View):
    """Take a stay out of the round, or put it back."""

    http_method_names = ["post"]

    def one(self) -> "Need | Stay":
        """What is taken out."""
        return get_object_or_404(self.round.stays.all(), pk=self.kwargs["stay"])

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Do it; pressed twice, it is done once."""
        planned, one, now = self.round, self.one(), timezone.now()
        try:
            if "back" in request.POST:
                put_back(planned, one)
                messages.success(request, _("It is back in the round."))
            else:
                take_out(planned, one, at=now)
                messages.success(request, _("It is taken out. You can put it back."))
        except RoundRefused as refusal:
            messages.error(request, refusal.messages[0])
        record(request.user, "change", one, at=now)
        return redirect(planned)


class TakeNeedOutView(TakeOutView):
    """Take a need out of the round, or put it back."""

    is_for_own_places = True

    def one(self) -> Need:
        """What is taken out."""
        return get_object_or_404(self.own_needs, pk=self.kwargs["need"])


class FreeView(RoundMixin, View):
    """Let a pair that is locked or forbidden be free again, from the page of the round."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Do it; pressed twice, it is done once."""
        planned = self.round
        stay = get_object_or_404(planned.stays.all(), pk=uuid_or_none(request.POST.get("stay")))
        need = get_object_or_404(planned.needs.all(), pk=uuid_or_none(request.POST.get("need")))
        try:
            fix_pair(planned, stay, need, "")
        except RoundRefused as refusal:
            messages.error(request, refusal.messages[0])
        else:
            record(request.user, "fix", [stay, need], at=timezone.now())
            messages.success(request, _("The pair is free again in proposals to come."))
        return redirect(planned)
