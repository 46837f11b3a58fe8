"""Follow-ups: the own ones, and those of the places one looks after."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from core.access_log import record
from mentoring.actions.outcomes import LookAgain
from mentoring.forms.common import LookAgainForm
from mentoring.handover.actions import HandoverRefused
from mentoring.handover.follow_ups import finish, give, move
from mentoring.handover.forms import DoneForm, MoveForm, OwnerForm
from mentoring.handover.people import owners
from mentoring.models import FollowUp, Pairing, PairingMember
from mentoring.permissions import (
    IN_CHARGE,
    overseen_follow_ups,
    owned_follow_ups,
    readable_follow_ups,
    received_handovers,
)
from mentoring.progress import names
from mentoring.views.refusals import add_errors, passages_of
from people.access import PersonRequiredMixin

PER_PAGE = 25
WITH = ("owner", "done_by", "handover__member__pairing__place", "handover__receiver")


class FollowUpsView(PersonRequiredMixin, TemplateView):
    """My follow-ups; for leaders and coordinators those of their places."""

    template_name = "mentoring/handover/follow_ups.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The own open ones, and a page of what is open, or done, in the own places."""
        day = self.standing.day
        own = owned_follow_ups(self.standing).open().select_related(*WITH).soonest_first()
        is_done = self.request.GET.get("tilstand") == "gjort"
        overseen = overseen_follow_ups(self.standing).select_related(*WITH)
        shown = overseen.filter(done_on__isnull=not is_done)
        order = ("-done_on", "pk") if is_done else ("due_on", "months", "pk")
        page = Paginator(shown.order_by(*order), PER_PAGE).get_page(self.request.GET.get("page"))
        if page.object_list:
            record(self.request.user, "list", page.object_list, at=timezone.now())
        return super().get_context_data(
            own=[(one, one.is_late(on=day)) for one in own],
            page=page,
            rows=[(one, one.is_late(on=day)) for one in page.object_list],
            is_done=is_done,
            query="tilstand=gjort&" if is_done else "",
            is_in_charge=self.standing.has(*IN_CHARGE),
            **kwargs,
        )


class FollowUpView(PersonRequiredMixin, View):
    """One follow-up: what it is about, what was written, and what I can do about it."""

    form_refuses_identity = True  # in its forms, at the field

    @cached_property
    def follow_up(self) -> FollowUp:
        """The follow-up of the address, if it is mine, or of what I received or look after."""
        found = readable_follow_ups(self.standing).select_related(*WITH)
        return get_object_or_404(found, pk=self.kwargs["follow_up"])

    @cached_property
    def is_own(self) -> bool:
        """Whether I own it."""
        return owned_follow_ups(self.standing).filter(pk=self.follow_up.pk).exists()

    @cached_property
    def is_in_charge(self) -> bool:
        """Whether I name who owns it."""
        return overseen_follow_ups(self.standing).filter(pk=self.follow_up.pk).exists()

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The page; that somebody else's was read is noted."""
        if not self.is_own:
            record(request.user, "view", self.follow_up, at=timezone.now())
        return self.draw()

    def draw(
        self,
        form: Any = None,
        *,
        passages: list[Any] | None = None,
        errors: list[dict[str, str]] | None = None,
        status: int = 200,
    ) -> HttpResponse:
        """The page, with a form that was refused, if one was."""
        follow_up = self.follow_up
        pairing = follow_up.handover.member.pairing
        people = self._people(pairing)
        is_open = follow_up.done_on is None
        forms: dict[str, Any] = {}
        if is_open and self.is_own:
            forms["done"] = DoneForm(auto_id="id_done_%s")
            forms["move"] = MoveForm(initial={"seen_on": follow_up.due_on}, auto_id="id_move_%s")
        if is_open and self.is_in_charge:
            forms["owner"] = self.owner_form(initial=True)
        for key, kind in (("done", DoneForm), ("move", MoveForm), ("owner", OwnerForm)):
            if form is not None and type(form) is kind:
                forms[key] = form
        context = {
            "follow_up": follow_up,
            "pairing": pairing,
            "mentors": names(people[PairingMember.Side.MENTOR]),
            "caseworkers": names(people[PairingMember.Side.CASEWORKER]),
            "is_late": follow_up.is_late(on=self.standing.day),
            "moves": list(follow_up.moves.select_related("moved_by").order_by("moved_at")),
            "earlier": list(
                FollowUp.objects.filter(handover=follow_up.handover_id, done_on__isnull=False)
                .exclude(pk=follow_up.pk)
                .select_related("done_by")
                .order_by("months")
            ),
            "reads_dossier": received_handovers(self.standing)
            .filter(pk=follow_up.handover_id)
            .exists(),
            "form": form,
            "passages": passages,
            "errors": errors,
            "readers": _("you, whoever took over, and leader and coordinator of the place"),
            **{f"{key}_form": one for key, one in forms.items()},
        }
        return render(self.request, "mentoring/handover/follow_up.html", context, status=status)

    def _people(self, pairing: Pairing) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {side: [] for side in PairingMember.Side.values}
        for side, name in pairing.members.order_by("person__name").values_list(
            "side", "person__name"
        ):
            if name not in found[side]:
                found[side].append(name)
        return found

    def owner_form(self, data: Any = None, *, initial: bool = False) -> OwnerForm:
        """Who can own it."""
        owner = self.follow_up.owner_id
        return OwnerForm(
            data,
            owners=owners(self.follow_up.handover.member.pairing.place, on=self.standing.day),
            initial={"owner": owner, "seen": owner} if initial else None,
            auto_id="id_owner_%s",
        )

    def refused(self, refusal: ValidationError, form: Any) -> HttpResponse:
        """The page with the reason; every letter stays."""
        self.__dict__.pop("follow_up", None)  # it stands differently by now
        if getattr(refusal, "code", "") == "changed" and self.follow_up.done_on is not None:
            return self.draw(errors=[{"text": str(refusal.messages[0]), "href": ""}], status=422)
        add_errors(form, refusal)
        return self.draw(form, status=422)


class _Change(FollowUpView):
    """What I do about one that I own."""

    http_method_names = ["post"]

    @cached_property
    def follow_up(self) -> FollowUp:
        """One of the own ones."""
        found = owned_follow_ups(self.standing).select_related(*WITH)
        return get_object_or_404(found, pk=self.kwargs["follow_up"])

    def change(self, form: LookAgainForm, done: str, work: Any) -> HttpResponse:
        """Do ``work`` with what was filled in, or say what is in the way."""
        follow_up = self.follow_up
        if not form.is_valid():
            return self.draw(form, status=422)
        try:
            work(follow_up, form)
        except LookAgain as refusal:
            return self.draw(form, passages=passages_of(form, refusal), status=422)
        except ValidationError as refusal:
            return self.refused(refusal, form)
        record(self.request.user, "change", follow_up, at=timezone.now())
        messages.success(self.request, done)
        return redirect("mentoring:follow-up", follow_up.pk)


class FinishView(_Change):
    """It is done."""

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Note how it goes."""

        def work(follow_up: FollowUp, form: LookAgainForm) -> None:
            finish(
                follow_up,
                by=self.person,
                note=form.cleaned_data["note"],
                at=timezone.now(),
                looked_again=form.has_looked_again(request.POST),
            )

        form = DoneForm(request.POST, auto_id="id_done_%s")
        return self.change(form, _("It is done. Thank you."), work)


class MoveFollowUpView(_Change):
    """It is put off."""

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Note until when, and why."""

        def work(follow_up: FollowUp, form: LookAgainForm) -> None:
            move(
                follow_up,
                by=self.person,
                to_on=form.cleaned_data["to_on"],
                seen_on=form.cleaned_data["seen_on"],
                reason=form.cleaned_data["reason"],
                at=timezone.now(),
                looked_again=form.has_looked_again(request.POST),
            )

        form = MoveForm(request.POST, auto_id="id_move_%s")
        return self.change(form, _("It is moved."), work)


class OwnerView(FollowUpView):
    """Name who owns it: leader or coordinator of the place."""

    http_method_names = ["post"]

    @cached_property
    def follow_up(self) -> FollowUp:
        """One of the places I look after."""
        found = overseen_follow_ups(self.standing).select_related(*WITH)
        return get_object_or_404(found, pk=self.kwargs["follow_up"])

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Name them, or say why not."""
        follow_up = self.follow_up
        form = self.owner_form(request.POST)
        if not form.is_valid():
            return self.draw(form, status=422)
        try:
            give(
                follow_up,
                owner=form.cleaned_data["owner"],
                seen=form.cleaned_data["seen"],
                by=self.person,
                at=timezone.now(),
            )
        except HandoverRefused as refusal:
            return self.refused(refusal, form)
        record(request.user, "change", follow_up, at=timezone.now())
        messages.success(request, _("The owner is named."))
        return redirect("mentoring:follow-up", follow_up.pk)
