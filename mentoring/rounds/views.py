"""Rounds as their coordinator sees them: the plan, what places need, what mentors bring."""

from abc import ABC, abstractmethod
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import FormView, TemplateView, View
from django.views.generic.base import ContextMixin

from competences.models import Competence
from core.access_log import record
from core.spreadsheets import csv_response
from mentoring.actions import (
    RoundRefused,
    asks_for_a_reason,
    decide_round,
    need_seen,
    put_back,
    save_need,
    save_round,
    save_stay,
    stay_seen,
    take_out,
)
from mentoring.actions.rounds import NEXT
from mentoring.models import Need, Proposal, Round, Stay, StayWindow, StayWish
from mentoring.permissions import overseen_rounds, round_municipalities
from mentoring.rounds.exchange import (
    NEED_HEADINGS,
    STAY_HEADINGS,
    FileRefused,
    Taken,
    need_rows,
    stay_rows,
    take_needs,
    take_stays,
)
from mentoring.rounds.forms.files import FileForm
from mentoring.rounds.forms.needs import NeedForm, need_initial
from mentoring.rounds.forms.planning import DecideForm, RoundForm, round_initial
from mentoring.rounds.forms.stays import StayForm, stay_initial
from people.access import RoleRequiredMixin
from people.models import LanguageSkill, Person, Place, Role
from people.permissions import Standing

PER_PAGE = 25


class RoundMixin(ContextMixin, RoleRequiredMixin):
    """For coordinators; a round outside the own scope is a 404."""

    required_roles = (Role.Key.COORDINATOR,)

    @cached_property
    def round(self) -> Round:
        """The round of the address."""
        return get_object_or_404(overseen_rounds(self.standing), pk=self.kwargs["round"])

    @cached_property
    def places(self) -> QuerySet[Place]:
        """The towns of the round's municipalities."""
        found = Place.objects.filter(municipality__in=self.round.municipalities.values("pk"))
        return found.order_by("name")

    @property
    def competences(self) -> QuerySet[Competence]:
        """What may be asked for and brought."""
        return Competence.objects.offered(on=self.standing.day)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The round."""
        if "round" in self.kwargs:
            kwargs["round"] = self.round
        return super().get_context_data(**kwargs)


def mentors_of(standing: Standing) -> QuerySet[Person]:
    """The people of the own scope who are, were or will be mentors, with their languages."""
    roles = Role.objects.filter(key__in=[Role.Key.MENTOR, Role.Key.TRAVELLING])
    people = standing.people().filter(
        Q(user=None) | Q(user__is_active=True), pk__in=roles.values("person")
    )
    return people.order_by("name", "pk").prefetch_related(
        Prefetch("languages", LanguageSkill.objects.order_by("-spoken", "language"))
    )


def owners_of(standing: Standing) -> QuerySet[Person]:
    """The people of the own scope who may look after something in a place."""
    keys = [
        Role.Key.CASEWORKER,
        Role.Key.TRAVELLING,
        Role.Key.LEADER,
        Role.Key.COORDINATOR,
    ]
    roles = Role.objects.filter(Q(ends_on=None) | Q(ends_on__gt=standing.day), key__in=keys)
    return standing.people().filter(pk__in=roles.values("person")).order_by("name", "pk")


class RoundListView(RoundMixin, TemplateView):
    """The rounds of the own scope."""

    template_name = "mentoring/rounds/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """One page, the newest first, with seats and mentors."""
        needs = (
            Need.objects.standing()
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
        rounds = overseen_rounds(self.standing).annotate(
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


class RoundFormView(RoundMixin, FormView[Any]):
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
    """A round: what is needed, what is brought, the proposals, and whether it goes ahead."""

    template_name = "mentoring/rounds/round.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page."""
        return self.draw()

    def draw(self, form: DecideForm | None = None, status: int = 200) -> HttpResponse:
        """The page with this decision, if one was refused; that it was shown is noted."""
        planned = self.round
        day = self.standing.day
        needs = list(
            planned.needs.select_related("place", "owner", "pairing")
            .prefetch_related("languages")
            .annotate(
                items_open=Count("items", filter=Q(items__done_at=None)),
                items_late=Count("items", filter=Q(items__done_at=None, items__due_on__lt=day)),
            )
            .order_by("place__name", "kind", "profession")
        )
        stays = list(
            planned.stays.select_related("person")
            .prefetch_related(
                Prefetch("windows", StayWindow.objects.order_by("starts_on", "kind")),
                Prefetch("wishes", StayWish.objects.select_related("place").order_by("position")),
            )
            .order_by("person__name", "pk")
        )
        record(self.request.user, "view", [planned, *stays], at=timezone.now())
        standing_needs = [need for need in needs if need.withdrawn_at is None]
        standing_stays = [stay for stay in stays if stay.withdrawn_at is None]
        states = dict(Round.State.choices)
        return self.render_to_response(
            self.get_context_data(
                needs=standing_needs,
                stays=standing_stays,
                taken_out=[
                    *(need for need in needs if need.withdrawn_at is not None),
                    *(stay for stay in stays if stay.withdrawn_at is not None),
                ],
                seats=sum(need.seats for need in standing_needs),
                late=sum(need.items_late for need in standing_needs),
                proposals=list(planned.proposals.order_by("-number")[:10]),
                municipalities=list(planned.municipalities.order_by("name")),
                tags=list(planned.tags.order_by("number")),
                decisions=list(
                    planned.decisions.select_related("decided_by").order_by("-decided_at", "pk")
                ),
                steps=[
                    (to, states[to], asks_for_a_reason(planned, to, on=day))
                    for to in NEXT[Round.State(planned.state)]
                ],
                form=form,
            ),
            status=status,
        )


class DecideView(RoundView):
    """Let the round go ahead, put it off, plan it again or close it."""

    http_method_names = ["post"]
    form_class = DecideForm

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Decide, or say what is missing."""
        form = DecideForm(request.POST)
        planned, now = self.round, timezone.now()
        if form.is_valid():
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


class PartFormView(RoundMixin, FormView[Any], ABC):
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
    """What a place asks for."""

    form_class = NeedForm
    template_name = "mentoring/rounds/need_form.html"

    @cached_property
    def need(self) -> Need | None:
        """The need that is changed."""
        if "need" not in self.kwargs:
            return None
        return get_object_or_404(self.round.needs.all(), pk=self.kwargs["need"])

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
    """Take a need or a stay out of the round, or put it back."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Do it; pressed twice, it is done once."""
        planned, now = self.round, timezone.now()
        one: Need | Stay
        if "need" in kwargs:
            one = get_object_or_404(planned.needs.all(), pk=kwargs["need"])
        else:
            one = get_object_or_404(planned.stays.all(), pk=kwargs["stay"])
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


# --- Files ----------------------------------------------------------------------------------------


class ExportView(RoundMixin, View):
    """Needs or stays as CSV."""

    http_method_names = ["get"]
    what = ""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The file; that it was fetched is noted."""
        planned = self.round
        record(request.user, "export", planned, at=timezone.now())
        if self.what == "needs":
            return csv_response("behov", NEED_HEADINGS, need_rows(planned))
        return csv_response("ophold", STAY_HEADINGS, stay_rows(planned))


class ImportView(RoundMixin, FormView[Any]):
    """Take needs or stays from a file: all of it, or nothing."""

    form_class = FileForm
    template_name = "mentoring/rounds/import.html"

    def form_valid(self, form: FileForm) -> HttpResponse:
        """Take the file, or say line by line what is wrong."""
        content = form.cleaned_data["file"].read()
        is_needs = form.cleaned_data["what"] == "needs"
        try:
            taken = self._needs(content) if is_needs else self._stays(content)
        except FileRefused as refusal:
            form.add_error("file", str(refusal))
            return self.form_invalid(form)
        except RoundRefused as refusal:
            form.add_error(None, refusal.messages[0])
            return self.form_invalid(form)
        if taken.errors:
            return self.render_to_response(
                self.get_context_data(form=form, found=taken.errors), status=422
            )
        record(self.request.user, "import", self.round, at=timezone.now())
        messages.success(
            self.request,
            _("The file is taken: %(new)d new, %(changed)d changed.")
            % {"new": taken.new, "changed": taken.changed},
        )
        return redirect(self.round)

    def _needs(self, content: bytes) -> Taken:
        return take_needs(
            self.round,
            content,
            places=self.places,
            owners=owners_of(self.standing),
            competences=self.competences,
        )

    def _stays(self, content: bytes) -> Taken:
        return take_stays(
            self.round,
            content,
            places=self.places,
            people=mentors_of(self.standing),
            competences=self.competences,
        )

    def form_invalid(self, form: FileForm) -> HttpResponse:
        """Say what is missing."""
        return self.render_to_response(self.get_context_data(form=form), status=422)
