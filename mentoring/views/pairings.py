"""The coordinator's pairings: plan one, see who is in it, take it a step on."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Max, Prefetch, Q, QuerySet, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from core.access_log import record
from core.periods import local_day
from mentoring.actions import (
    PairingRefused,
    add_member,
    change_state,
    choose_end,
    create_pairing,
    edit_pairing,
    ends_too_early,
)
from mentoring.forms.pairing import (
    EditPairingForm,
    EndMemberForm,
    MemberForm,
    PairingForm,
    StateForm,
    steps_from,
)
from mentoring.handover.actions import gone
from mentoring.handover.listing import steps_of
from mentoring.models import Agreement, Pairing, PairingMember, ProposedColleague, Round, Session
from mentoring.models.session import COUNTS
from mentoring.permissions import ROLES, overseen_pairings
from mentoring.progress import lasting
from mentoring.views.looking_again import LookAgainView
from people.access import RoleRequiredMixin
from people.models import LanguageSkill, Person, Place, Role


class CoordinatorMixin(RoleRequiredMixin):
    """For coordinators; what lies outside the own scope is a 404."""

    required_roles = (Role.Key.COORDINATOR,)

    @cached_property
    def pairing(self) -> Pairing:
        """The pairing of the address."""
        return get_object_or_404(
            overseen_pairings(self.standing).select_related("place__municipality"),
            pk=self.kwargs["pairing"],
        )


def eligible(place: Place, side: str, standing: Any) -> QuerySet[Person]:
    """The people who hold, or will hold, a role for this side in ``place``."""
    reaching = Q(scope=Role.Scope.COUNTRY) | Q(municipality=place.municipality_id) | Q(place=place)
    roles = Role.objects.filter(
        lasting(standing.day), reaching, key__in=ROLES[PairingMember.Side(side)]
    )
    people = Person.objects.filter(pk__in=roles.values("person")).order_by("name", "pk")
    return people.prefetch_related(
        Prefetch("languages", LanguageSkill.objects.order_by("-spoken", "language"))
    )


class CreatePairingView(CoordinatorMixin, LookAgainView):
    """Plan a pairing: first the town, then the rest."""

    form_class = PairingForm

    @cached_property
    def place(self) -> Place | None:
        """The town of the address; the only one needs no choice."""
        towns = self.standing.towns(Role.Key.COORDINATOR).order_by("name")
        if key := self.request.GET.get("by"):
            return get_object_or_404(towns, key=key)
        two = list(towns[:2])
        return two[0] if len(two) == 1 else None

    @property
    def chosen(self) -> Place:
        """The town once it is chosen, as for everything that is asked after it.

        Raises:
            Http404: Before that.
        """
        if self.place is None:
            raise Http404
        return self.place

    def get_template_names(self) -> list[str]:
        """The towns to choose from, or the form."""
        return [f"mentoring/{'pairing_form' if self.place else 'choose_town'}.html"]

    def get_form(self, form_class: Any = None) -> Any:
        """The form with the people of the town; none before the town is chosen."""
        return super().get_form(form_class) if self.place else None

    def get_form_kwargs(self) -> dict[str, Any]:
        """The people to choose from."""
        place = self.chosen
        return {
            **super().get_form_kwargs(),
            "people": lambda side: eligible(place, side, self.standing),
        }

    def get_initial(self) -> dict[str, Any]:
        """Beginning today, until somebody knows better."""
        return {"starts_on": self.standing.day}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Plan it; without a town the choice is shown again."""
        if self.place is None:
            return self.get(request, *args, **kwargs)
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: PairingForm) -> HttpResponse:
        """Plan it, and show it."""
        try:
            pairing = create_pairing(
                self.chosen,
                by=self.person,
                at=timezone.now(),
                **form.given,
            )
        except PairingRefused as refusal:
            form.add_error(None, refusal.messages[0])
            return self.form_invalid(form)
        record(self.request.user, "create", pairing, at=timezone.now())
        messages.success(self.request, _("The pairing is planned."))
        return redirect(pairing)

    def form_invalid(self, form: PairingForm) -> HttpResponse:
        """Say what is missing."""
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The town, or the towns to choose from."""
        towns = [] if self.place else self.standing.towns(Role.Key.COORDINATOR).order_by("name")
        return super().get_context_data(place=self.place, towns=towns, **kwargs)


class PairingView(CoordinatorMixin, TemplateView):
    """One pairing: its members, its state, and what was held, in numbers."""

    template_name = "mentoring/pairing.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page, with forms to change something."""
        return self.draw(self.member_form())

    def member_form(self, data: Any = None) -> MemberForm:
        """A new member, from today."""
        people = eligible(self.pairing.place, PairingMember.Side.MENTOR, self.standing)
        people |= eligible(self.pairing.place, PairingMember.Side.CASEWORKER, self.standing)
        return MemberForm(data, people=people, initial={"starts_on": self.standing.day})

    def draw(
        self,
        form: MemberForm,
        *,
        status: int = 200,
        errors: list[dict[str, str]] | None = None,
        ending: Mapping[UUID, EndMemberForm] | None = None,
    ) -> HttpResponse:
        """The page with this form; that it was shown goes into the access log.

        Args:
            ending: By member, a form to end the membership that was refused.
        """
        pairing = self.pairing
        record(self.request.user, "view", pairing, at=timezone.now())
        members = list(
            pairing.members.select_related("person").order_by("-side", "starts_on", "pk")
        )
        beside = working_together(pairing, members, on=self.standing.day)
        sessions = Session.objects.happened().filter(pairing=pairing)
        held = sessions.aggregate(
            count=Count("pk", filter=COUNTS),
            minutes=Sum("minutes", filter=COUNTS, default=0),
            open=Count("pk", filter=Q(locked_at__isnull=True, erased_at__isnull=True)),
            last=Max("held_on"),
        )
        agreements = Agreement.objects.filter(pairing=pairing).open()
        states = dict(Pairing.State.choices)
        left = gone(pairing, at=timezone.now())
        handing_over = steps_of(pairing, left)
        context = self.get_context_data(
            pairing=pairing,
            members=[
                (
                    member,
                    lasting_on(member, self.standing.day),
                    (ending or {}).get(member.pk) or self.end_form(member),
                    beside.get(member.pk),
                )
                for member in members
            ],
            tags=list(pairing.tags.order_by("number")),
            held=held,
            agreed=agreements.aggregate(
                open=Count("pk"), late=Count("pk", filter=Q(due_on__lt=self.standing.day))
            ),
            steps=[
                (step, states[step])
                for step in steps_from(pairing)
                if step != Pairing.State.CLOSED or not any(one.is_due for one in handing_over)
            ],
            handing_over=handing_over,
            is_gap=bool(left),
            put_off=put_off(pairing),
            form=form,
            errors=errors,
            ends_too_early=ends_too_early(pairing, on=self.standing.day)
            if pairing.state != Pairing.State.CLOSED
            else [],
        )
        return self.render_to_response(context, status=status)

    def end_form(self, member: PairingMember) -> EndMemberForm:
        """The form that ends the membership, filled with its last day or today."""
        return EndMemberForm(
            initial={"last_day": member.last_day or self.standing.day},
            auto_id=f"id_%s-{member.pk}",
        )

    def refused(self, refusal: PairingRefused, anchor: str) -> HttpResponse:
        """The page with the reason on top."""
        errors = [{"text": refusal.messages[0], "href": anchor}]
        return self.draw(self.member_form(), status=422, errors=errors)


class EditPairingView(CoordinatorMixin, LookAgainView):
    """Change form, period and language note of a pairing that is not closed."""

    form_class = EditPairingForm
    template_name = "mentoring/edit_pairing.html"

    def get_initial(self) -> dict[str, Any]:
        """The pairing as it stands."""
        pairing = self.pairing
        return {
            "kind": pairing.kind,
            "starts_on": pairing.starts_on,
            "last_day": pairing.last_day,
            "recommendations": list(pairing.tags.values_list("number", flat=True)),
            "language_note": pairing.language_note,
        }

    def form_valid(self, form: EditPairingForm) -> HttpResponse:
        """Save it, and say whose role does not last as long."""
        try:
            pairing = edit_pairing(self.pairing, **form.given)
        except PairingRefused as refusal:
            form.add_error(None, refusal.messages[0])
            return self.form_invalid(form)
        record(self.request.user, "change", pairing, at=timezone.now())
        messages.success(self.request, _("The pairing is saved."))
        return redirect(pairing)

    def form_invalid(self, form: EditPairingForm) -> HttpResponse:
        """Say what is in the way."""
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The pairing."""
        return super().get_context_data(pairing=self.pairing, **kwargs)


def put_off(pairing: Pairing) -> Round | None:
    """The round that is put off, so that a pairing of it does not begin."""
    if pairing.state not in {Pairing.State.PLANNED, Pairing.State.READY}:
        return None
    return Round.objects.filter(needs__pairing=pairing, state=Round.State.PUT_OFF).first()


def lasting_on(member: PairingMember, day: Any) -> bool:
    """Whether the membership holds on ``day`` or a later one."""
    return member.ends_on is None or member.ends_on > max(day, member.starts_on)


def working_together(
    pairing: Pairing, members: Sequence[PairingMember], *, on: date
) -> dict[UUID, list[Person]]:
    """Whom each lasting member works side by side with, by membership; one query.

    It was said in the proposal that the round follows; without one, nothing is known of anybody.
    Whoever has left since is not among them.
    """
    side = PairingMember.Side
    there = {
        (member.person_id, member.side): member for member in members if lasting_on(member, on)
    }
    said = list(
        ProposedColleague.objects.accepted_for([pairing])
        .order_by("person__name", "pk")
        .values_list("person", "stay__person")
    )
    if not said:
        return {}
    found: dict[UUID, list[Person]] = {member.pk: [] for member in there.values()}
    for colleague, mentor in said:
        learns, teaches = there.get((colleague, side.CASEWORKER)), there.get((mentor, side.MENTOR))
        if learns is not None and teaches is not None:
            found[learns.pk].append(teaches.person)
            found[teaches.pk].append(learns.person)
    return found


class AddMemberView(PairingView):
    """Add somebody."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Add, or say why not."""
        form = self.member_form(request.POST)
        if not form.is_valid():
            return self.draw(form, status=422)
        try:
            member = add_member(self.pairing, **form.given)
        except PairingRefused as refusal:
            form.add_error(None, refusal.messages[0])
            return self.draw(form, status=422)
        record(request.user, "add_member", [self.pairing, member.person], at=timezone.now())
        messages.success(request, _("The member is added."))
        return redirect(self.pairing)


class EndMemberView(PairingView):
    """End a membership; the record stays."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """End it on the day given."""
        member = get_object_or_404(self.pairing.members, pk=kwargs["member"])
        now = timezone.now()
        form = EndMemberForm(request.POST, auto_id=f"id_%s-{member.pk}")
        if "now" in request.POST:
            on = local_day(now)
        elif form.is_valid():
            on = form.cleaned_data["last_day"] + timedelta(days=1)
        else:
            return self._again(form, member)
        try:
            choose_end(member, on=on)
        except PairingRefused as refusal:
            form.errors.clear()
            form.add_error("last_day", refusal.messages[0])
            return self._again(form, member)
        record(request.user, "end_member", [self.pairing, member.person], at=now)
        if "now" in request.POST:
            messages.success(request, _("The membership is ended. What was written stays."))
        else:
            messages.success(request, _("The last day of the membership is saved."))
        return redirect(self.pairing)

    def _again(self, form: EndMemberForm, member: PairingMember) -> HttpResponse:
        field = form["last_day"]
        errors = [{"text": str(field.errors[0]), "href": f"#{field.id_for_label}"}]
        return self.draw(self.member_form(), status=422, errors=errors, ending={member.pk: form})


class ChangeStateView(PairingView):
    """Take the pairing one step on, or back."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Change it, or say why not."""
        form = StateForm(request.POST)
        if not form.is_valid():
            return self.draw(self.member_form(), status=422)
        try:
            change_state(self.pairing, form.cleaned_data["to"], at=timezone.now())
        except PairingRefused as refusal:
            return self.refused(refusal, "#state")
        record(request.user, "change", self.pairing, at=timezone.now())
        messages.success(request, _("The state is changed."))
        return redirect(self.pairing)
