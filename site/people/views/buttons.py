"""The buttons of a person's page."""

from abc import ABC, abstractmethod
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from people import actions
from people.views.people import ManagerMixin


class SubjectActionView(ManagerMixin, View, ABC):
    """One press of a button on a person's page; what it does is named in the address."""

    http_method_names = ["post"]

    @abstractmethod
    def act(self) -> str:
        """Do it, and say what was done."""

    def may_open(self) -> bool:
        """Only for whoever may manage this very person."""
        return super().may_open() and self.may_manage

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Do it, or tell why not, and return to the person."""
        try:
            messages.success(request, self.act())
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        return self.back_to_subject()


class InviteView(SubjectActionView):
    """Send an invitation, or send it again."""

    def act(self) -> str:
        """Send."""
        invitation = actions.invite(self.subject, self.standing, at=timezone.now())
        return _("The invitation is on its way to %s.") % invitation.email


class WithdrawView(SubjectActionView):
    """Withdraw the open invitation."""

    def act(self) -> str:
        """Withdraw."""
        invitation = self.subject.invitations.waiting().first()
        if invitation is None:
            raise actions.PeopleRefused(_("The invitation is no longer open."), code="over")
        actions.withdraw_invitation(invitation, self.standing, at=timezone.now())
        return _("The invitation is withdrawn. Its link no longer works.")


class CloseAccountView(SubjectActionView):
    """Ask, then close the account."""

    http_method_names = ["get", "head", "post"]

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """What closing means."""
        return render(request, "people/close_account.html", {"subject": self.subject})

    def act(self) -> str:
        """Close."""
        actions.close_account(self.subject, self.standing, at=timezone.now())
        return _("The account is closed. You can open it again.")


class ReopenAccountView(SubjectActionView):
    """Open a closed account again."""

    def act(self) -> str:
        """Open."""
        actions.reopen_account(self.subject, self.standing, at=timezone.now())
        return _("The account is open again.")


class EndAffiliationView(SubjectActionView):
    """Note that a person no longer works somewhere."""

    def act(self) -> str:
        """End it today."""
        affiliation = get_object_or_404(
            self.subject.affiliations, pk=self.kwargs["affiliation_pk"], ends_on=None
        )
        actions.end_affiliation(affiliation, self.standing, at=timezone.now())
        return _("The workplace has ended.")
