"""Invitations: who may send how many, who has answered, who comes."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import FormView, View

from cooperation.events.actions.inviting import (
    save_invitation,
    send_invitations,
    withdraw_invitation,
)
from cooperation.events.actions.planning import promised_seats
from cooperation.events.actions.refusing import EventRefused
from cooperation.events.forms.invitation import InvitationForm, invitation_initial
from cooperation.events.views.base import KeeperMixin, Page, refused
from cooperation.events.views.listing import hosts
from cooperation.models import BodyMember, Invitation
from core.access_log import record
from people.models import Organisation, Person, Role

_SIGNED_UP = Q(participants__cancelled_at__isnull=True)
_SEATED = _SIGNED_UP & Q(participants__seated_at__isnull=False)


class InvitationsView(KeeperMixin, Page):
    """Every invitation of an event, with its answer."""

    template_name = "cooperation/events/invitations.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With names of contacts, so it is noted; the same queries however many."""
        invitations = list(
            Invitation.objects.standing()
            .filter(event=self.event)
            .select_related("organisation", "contact")
            .annotate(
                seated=Count("participants", filter=_SEATED),
                on_the_list=Count("participants", filter=_SIGNED_UP),
            )
            .order_by("organisation__name", "role", "pk")
        )
        promised = promised_seats(self.event)
        record(self.request.user, "view", self.event, at=timezone.now())
        return super().get_context_data(
            invitations=invitations,
            promised=promised,
            left=self.event.seats - promised,
            unsent=sum(one.sent_at is None for one in invitations),
            may_change=self.event.state != "cancelled" and self.standing.day < self.event.starts_on,
            **kwargs,
        )


class InvitationView(KeeperMixin, FormView[InvitationForm]):
    """Invite an organisation, or change what it is promised."""

    form_class = InvitationForm
    template_name = "cooperation/events/invitation_form.html"

    @cached_property
    def invitation(self) -> Invitation | None:
        """The invitation that is changed."""
        if "invitation" not in self.kwargs:
            return None
        found = Invitation.objects.standing().filter(event=self.event)
        return get_object_or_404(found.select_related("organisation"), pk=self.kwargs["invitation"])

    def get_form_kwargs(self) -> dict[str, Any]:
        """What there is to choose from: people of the own scope with an account."""
        people = self.standing.people().filter(self._may_answer(), user__is_active=True)
        organisations = hosts()
        if self.invitation is not None:
            organisations |= Organisation.objects.filter(pk=self.invitation.organisation_id)
            if self.invitation.contact_id:
                people |= Person.objects.filter(pk=self.invitation.contact_id)
        return {
            **super().get_form_kwargs(),
            "organisations": organisations,
            "people": people.distinct().order_by("name", "pk"),
        }

    def _may_answer(self) -> Q:
        """Those who lead or coordinate somewhere, or sit in a group."""
        day = self.standing.day
        roles = Role.objects.valid_on(day).filter(key__in=[Role.Key.COORDINATOR, Role.Key.LEADER])
        seats = BodyMember.objects.valid_on(day)
        return Q(pk__in=roles.values("person")) | Q(pk__in=seats.values("person"))

    def get_initial(self) -> dict[str, Any]:
        """The invitation as it is."""
        return invitation_initial(self.invitation)

    def form_valid(self, form: InvitationForm) -> HttpResponse:
        """Save it, or say at its field what does not hold."""
        given = form.cleaned_data
        try:
            save_invitation(
                self.event,
                self.invitation.pk if self.invitation else given["key"],
                at=timezone.now(),
                seen=given["seen"] if self.invitation else None,
                **{name: given[name] for name in ("organisation", "role", "seats", "contact")},
            )
        except ValidationError as refusal:
            known = Invitation.objects.filter(pk=given["key"]).values_list("version", flat=True)
            return refused(form, refusal, draw=self.form_invalid, seen_now=known.first())
        is_sent = self.invitation is not None and self.invitation.sent_at is not None
        said = _("It is saved.") if is_sent else _("It is saved. Send it when all are ready.")
        messages.success(self.request, said)
        return redirect("cooperation:invitations", event=self.event.pk)

    def form_invalid(self, form: InvitationForm) -> HttpResponse:
        """Say what is missing."""
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The invitation; names of people to choose from are shown, so it is noted."""
        record(self.request.user, "view", self.event, at=timezone.now())
        return super().get_context_data(invitation=self.invitation, **kwargs)


class SendInvitationsView(KeeperMixin, View):
    """Tell whoever answers for the organisations that are not told yet."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Send them; a second press finds none left. Say of which nobody would be told."""
        try:
            count, untold = send_invitations(self.event, at=timezone.now())
        except EventRefused as refusal:
            messages.error(request, refusal.messages[0])
            return redirect("cooperation:invitations", event=self.event.pk)
        if count or not untold:
            said = ngettext(
                "%(count)d invitation is sent.", "%(count)d invitations are sent.", count
            )
            messages.success(request, said % {"count": count})
        if untold:
            said = _("Not sent to %(names)s: nobody would be told. Choose who answers.")
            messages.error(request, said % {"names": ", ".join(untold)})
        return redirect("cooperation:invitations", event=self.event.pk)


class WithdrawInvitationView(KeeperMixin, View):
    """Take an invitation back."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Do it, or say why not."""
        found = Invitation.objects.filter(event=self.event)
        invitation = get_object_or_404(found, pk=self.kwargs["invitation"])
        try:
            withdraw_invitation(invitation, at=timezone.now())
        except EventRefused as refusal:
            messages.error(request, refusal.messages[0])
        else:
            messages.success(request, _("The invitation is taken back. The signed-up are told."))
        return redirect("cooperation:invitations", event=self.event.pk)
