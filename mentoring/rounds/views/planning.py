"""Rounds: listed, planned, looked at, decided."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from core.access_log import record
from mentoring.actions import RoundRefused, asks_for_a_reason, decide_round, save_round
from mentoring.actions.rounds import NEXT
from mentoring.models import Proposal, Round, Stay, StayWindow, StayWish
from mentoring.permissions import (
    coordinated_needs,
    joined_rounds,
    overseen_rounds,
    round_municipalities,
)
from mentoring.rounds.forms.planning import DecideForm, RoundForm, round_initial
from mentoring.rounds.views.base import PER_PAGE, RoundMixin
from mentoring.views.looking_again import LookAgainView, passages_to_look_at
from people.models import Organisation


class RoundListView(RoundMixin, TemplateView):
    """The rounds of the own scope, also those in which only some of the places are own."""

    template_name = "mentoring/rounds/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """One page, the newest first, with the seats of the own places and all mentors."""
        needs = (
            coordinated_needs(self.standing)
            .filter(round=OuterRef("pk"))
            .order_by()
            .values("round")
            .annotate(seats=Sum("seats"))
        )
        stays = (
            Stay.objects.standing()
            .filter(round=OuterRef("pk"))
            .order_by()
            .values("round")
            .annotate(count=Count("pk"))
        )
        rounds = joined_rounds(self.standing).annotate(
            seats=Coalesce(needs.values("seats"), 0),
            mentors=Coalesce(stays.values("count"), 0),
            is_paired=Exists(
                Proposal.objects.filter(round=OuterRef("pk"), accepted_at__isnull=False)
            ),
        )
        page = Paginator(
            rounds.prefetch_related("municipalities").order_by("-starts_on", "title", "pk"),
            PER_PAGE,
        ).get_page(self.request.GET.get("page"))
        may_plan = round_municipalities(self.standing).exists()
        return super().get_context_data(page=page, may_plan=may_plan, **kwargs)


class RoundFormView(RoundMixin, LookAgainView):
    """Plan a round, or change one."""

    form_class = RoundForm
    template_name = "mentoring/rounds/round_form.html"

    @cached_property
    def planned(self) -> Round | None:
        """The round that is changed; none for a new one."""
        return self.round if "round" in self.kwargs else None

    def get_form_kwargs(self) -> dict[str, Any]:
        """The municipalities to choose from."""
        offered = round_municipalities(self.standing).order_by("name")
        return {**super().get_form_kwargs(), "municipalities": offered}

    def get_initial(self) -> dict[str, Any]:
        """The round as it is."""
        return round_initial(self.planned)

    def form_valid(self, form: RoundForm) -> HttpResponse:
        """Save it, and show it."""
        given = form.given
        key = given.pop("key")
        if self.planned is not None:
            key = self.planned.pk
        elif (
            Round.objects.filter(pk=key).exists()
            and not overseen_rounds(self.standing).filter(pk=key).exists()
        ):
            form.add_error(None, _("Open the page again."))
            return self.form_invalid(form)
        try:
            planned = save_round(key, by=self.person, at=timezone.now(), **given)
        except RoundRefused as refusal:
            form.add_error(None, refusal.messages[0])
            return self.form_invalid(form)
        record(self.request.user, "change", planned, at=timezone.now())
        messages.success(self.request, _("The round is saved."))
        return redirect(planned)

    def form_invalid(self, form: RoundForm) -> HttpResponse:
        """Say what is missing."""
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The round, if there is one."""
        return super().get_context_data(planned=self.planned, **kwargs)


class RoundView(RoundMixin, TemplateView):
    """A round: what is needed, what is brought, the proposals, and whether it goes ahead.

    Whoever coordinates some of its places alone gets what these need.
    """

    is_for_own_places = True

    def get_template_names(self) -> list[str]:
        """All of the round, or the own part."""
        return [f"mentoring/rounds/{'round' if self.is_whole else 'own_part'}.html"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page."""
        return self.draw()

    def draw(
        self,
        form: DecideForm | None = None,
        status: int = 200,
        passages: list[dict[str, Any]] | None = None,
    ) -> HttpResponse:
        """The page with this decision, if one was refused; that it was shown is noted.

        Args:
            passages: What its author is to look at once more in the reason.
        """
        own = self._needs()
        if self.is_whole:
            context = self._whole(own) | {"form": form, "passages": passages}
        else:
            record(self.request.user, "view", self.round, at=timezone.now())
            context = own | {"municipalities": self._municipalities()}
        return self.render_to_response(self.get_context_data(**context), status=status)

    def _needs(self) -> dict[str, Any]:
        """What the own places need, and what of it was taken out."""
        day = self.standing.day
        needs = list(
            self.own_needs.select_related("place", "owner", "pairing")
            .prefetch_related("languages")
            .annotate(
                items_open=Count("items", filter=Q(items__done_at=None)),
                items_late=Count("items", filter=Q(items__done_at=None, items__due_on__lt=day)),
            )
            .order_by("place__name", "kind", "profession")
        )
        there = [need for need in needs if need.withdrawn_at is None]
        return {
            "needs": there,
            "taken_out": [need for need in needs if need.withdrawn_at is not None],
            "seats": sum(need.seats for need in there),
            "late": sum(need.items_late for need in there),
        }

    def _municipalities(self) -> list[Organisation]:
        return list(self.round.municipalities.order_by("name"))

    def _whole(self, own: dict[str, Any]) -> dict[str, Any]:
        """What only who coordinates all of it sees, beside the needs."""
        planned = self.round
        stays = list(
            planned.stays.select_related("person")
            .prefetch_related(
                Prefetch("windows", StayWindow.objects.order_by("starts_on", "kind")),
                Prefetch("wishes", StayWish.objects.select_related("place").order_by("position")),
            )
            .order_by("person__name", "pk")
        )
        record(self.request.user, "view", [planned, *stays], at=timezone.now())
        states = dict(Round.State.choices)
        return {
            **own,
            "stays": [stay for stay in stays if stay.withdrawn_at is None],
            "taken_out": [
                *own["taken_out"],
                *(stay for stay in stays if stay.withdrawn_at is not None),
            ],
            "proposals": list(planned.proposals.order_by("-number")[:10]),
            "fixed": list(
                planned.fixed.select_related("stay__person", "need__place").order_by(
                    "-kind", "stay__person__name", "need__place__name", "pk"
                )
            ),
            "municipalities": self._municipalities(),
            "tags": list(planned.tags.order_by("number")),
            "decisions": list(
                planned.decisions.select_related("decided_by").order_by("-decided_at", "pk")
            ),
            "steps": [
                (to, states[to], asks_for_a_reason(planned, to, on=self.standing.day))
                for to in NEXT[Round.State(planned.state)]
            ],
        }


class DecideView(RoundView):
    """Let the round go ahead, put it off, plan it again or close it."""

    http_method_names = ["post"]
    is_for_own_places = False
    form_class = DecideForm

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Decide, or say what is missing."""
        form = DecideForm(request.POST)
        planned, now = self.round, timezone.now()
        if form.is_valid():
            if passages := passages_to_look_at(form, request.POST, at=now):
                return self.draw(form, status=422, passages=passages)
            try:
                decide_round(
                    planned, by=self.person, at=now, on=self.standing.day, **form.cleaned_data
                )
            except RoundRefused as refusal:
                form.add_error("reason", refusal.messages[0])
        if form.errors:
            return self.draw(form, status=422)
        record(request.user, "decide", planned, at=now)
        messages.success(request, _("The state is changed."))
        return redirect(planned)
