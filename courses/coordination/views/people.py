"""One person: what they learn, and what their certificates are worth."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import FormView, TemplateView, View

from courses.actions import (
    LearningRefused,
)
from courses.actions.certificates import (
    give_back_certificate,
    may_be_given_back,
    revoke_certificate,
)
from courses.certificates.completions import heading_of
from courses.coordination.forms import (
    RevokeForm,
)
from courses.coordination.views.base import CoordinatorMixin, keys_in
from courses.coordination.views.lists import PER_PAGE
from courses.learning.overview import courses_of
from courses.models import Assignment, Certificate
from courses.paths.walking import my_paths
from courses.permissions import overseen_certificates, overseen_people
from people.models import Person


class LearnerView(CoordinatorMixin, TemplateView):
    """What one person has to learn, until when, and what is done. No answer, no score."""

    template_name = "courses/coordination/learner.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The person's paths with their steps, and the courses they take."""
        subject = get_object_or_404(overseen_people(self.standing), pk=self.kwargs["pk"])
        self.log("view", [subject])
        withdrawn = next(iter(keys_in([self.request.GET.get("fjernet", "")])), None)
        gone = Assignment.objects.filter(person=subject, withdrawn_at__isnull=False)
        rounds = Assignment.objects.filter(person=subject, retaken_at__isnull=False)
        return super().get_context_data(
            subject=subject,
            paths=my_paths(subject, day=self.standing.day),
            earlier=list(rounds.select_related("path").order_by("-retaken_at", "pk")[:PER_PAGE]),
            courses=courses_of(subject),
            certificates=self._certificates(subject),
            gone=gone.filter(pk=withdrawn).select_related("path").first() if withdrawn else None,
            **kwargs,
        )

    def _certificates(self, subject: Person) -> list[dict[str, Any]]:
        """The person's certificates, the newest first, each with what it is worth."""
        found = overseen_certificates(self.standing).filter(person=subject)
        return [
            {"certificate": one, "state": one.state_on(self.standing.day)}
            for one in found.order_by("-issued_at", "pk")[:PER_PAGE]
        ]


class OverseenCertificateView(CoordinatorMixin, FormView[RevokeForm]):
    """A certificate of somebody in the scope: what it is worth; to revoke it, or give it back."""

    form_class = RevokeForm
    template_name = "courses/coordination/certificate.html"

    @cached_property
    def certificate(self) -> Certificate:
        """It, if its holder is in the scope; nobody revokes one's own."""
        found = overseen_certificates(self.standing).select_related("person", "revoked_by")
        return get_object_or_404(found, pk=self.kwargs["certificate"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What it says of the holder; not its code, which would open the check page."""
        one = self.certificate
        self.log("view", [one.person])
        return super().get_context_data(
            certificate=one,
            heading=heading_of(one.completed),
            subject=one.person,
            state=one.state_on(self.standing.day),
            may_be_given_back=may_be_given_back(one, at=timezone.now()),
            **kwargs,
        )

    def form_valid(self, form: RevokeForm) -> HttpResponse:
        """Revoke it; a second press says that it is revoked."""
        try:
            revoke_certificate(
                self.certificate, **form.cleaned_data, by=self.standing, at=timezone.now()
            )
        except LearningRefused as refusal:
            messages.error(self.request, refusal.messages[0])
        else:
            messages.success(
                self.request, _("The certificate is revoked, and its holder has been told.")
            )
        return redirect("courses:overseen-certificate", certificate=self.certificate.pk)

    def form_invalid(self, form: RevokeForm) -> HttpResponse:
        """The form again, with what is missing."""
        return self.render_to_response(self.get_context_data(form=form), status=422)


class GiveBackView(CoordinatorMixin, View):
    """Let a certificate that was revoked hold again."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, certificate: uuid.UUID) -> HttpResponse:
        """Do it, or say why not."""
        found = get_object_or_404(overseen_certificates(self.standing), pk=certificate)
        try:
            give_back_certificate(found, by=self.standing, at=timezone.now())
        except LearningRefused as refusal:
            messages.error(request, refusal.messages[0])
        else:
            messages.success(request, _("The certificate holds again, and its holder is told."))
        return redirect("courses:overseen-certificate", certificate=found.pk)
