"""Certificates: the holder's own pages, and the public page that checks one.

The check page lists nothing and says no more than is needed. The code of a certificate opens its
state, so it is treated as a secret: typed by POST, kept out of logs and referrers.
"""

import hashlib
from abc import ABC, abstractmethod
from typing import Any
from uuid import UUID

from allauth.core.internal import ratelimit
from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import slugify
from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _
from django.views.generic import FormView, TemplateView, View

from core.guard import GuardedFormMixin
from core.periods import local_day
from courses.actions import LearningRefused
from courses.actions.certificates import (
    choose,
    current_certificate,
    is_earned_anew,
    issue_certificate,
    must_earn_again,
)
from courses.certificates.codes import read_code
from courses.certificates.completions import (
    COURSE,
    PATH,
    Completion,
    CompletionKind,
    heading_of,
    kind_of,
)
from courses.certificates.law_date import law_date
from courses.models import Assignment, Certificate, CertificateState, LearningPath
from people.access import PersonRequiredMixin

SHOWN = 100
MOST_BYTES = 2 * 1024 * 1024


# --- The holder's own ---------------------------------------------------------------------------


class CertificatesView(PersonRequiredMixin, TemplateView):
    """My certificates, the newest first."""

    template_name = "courses/certificates/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Each with what it is worth today. One query."""
        today = self.standing.day
        own = Certificate.objects.filter(person=self.person).order_by("-issued_at", "pk")[:SHOWN]
        rows = [{"certificate": one, "state": one.state_on(today)} for one in own]
        return super().get_context_data(**(kwargs | {"rows": rows}))


class CompletionView(PersonRequiredMixin, TemplateView, ABC):
    """What is left before I get a certificate; then, with one press, I get it."""

    template_name = "courses/certificates/completion.html"
    completed: str

    @cached_property
    def kind(self) -> CompletionKind:
        """What kind of thing is completed.

        Raises:
            Http404: Where nobody provides it.
        """
        found = kind_of(self.completed)
        if found is None:
            raise Http404
        return found

    @property
    @abstractmethod
    def thing(self) -> UUID:
        """What is completed."""

    @cached_property
    def completion(self) -> Completion:
        """How far I am with it.

        Raises:
            Http404: When there is no such thing.
        """
        found = self.kind.of(self.thing, self.person)
        if found is None:
            raise Http404
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What is left, and the certificate I have already."""
        current = current_certificate(self.completed, self.thing, self.person)
        is_complete = self.completion.is_complete
        own = {
            "completion": self.completion,
            "kind": self.kind,
            "current": current,
            "may_renew": bool(current and is_complete and is_earned_anew(current, self.kind)),
            "must_earn_again": bool(
                current is None
                and is_complete
                and must_earn_again(self.kind, self.thing, self.person)
            ),
            "state": current.state_on(self.standing.day) if current else None,
        }
        return super().get_context_data(**(kwargs | own))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Issue it, or lead to the one there is."""
        try:
            certificate = issue_certificate(
                self.completed,
                self.thing,
                self.person,
                language=get_language() or settings.LANGUAGE_CODE,
                at=timezone.now(),
            )
        except LearningRefused as refusal:
            if refusal.code == "missing":
                raise Http404 from refusal
            messages.error(request, refusal.messages[0])
            return redirect(request.path)
        return redirect("courses:certificate", certificate=certificate.pk)


class CourseCertificateView(CompletionView):
    """The certificate of a course."""

    completed = COURSE

    @cached_property
    def thing(self) -> UUID:
        """The course of the address."""
        key: UUID = self.kwargs["course"]
        return key


class PathCertificateView(CompletionView):
    """The certificate of a learning path."""

    completed = PATH

    @cached_property
    def thing(self) -> UUID:
        """A path that may be begun today, or that I walk or have walked."""
        path = get_object_or_404(LearningPath, key=self.kwargs["path"])
        own = Assignment.objects.filter(path=path, person=self.person)
        if not path.is_open_on(self.standing.day) and not own.exists():
            raise Http404
        return path.pk


class OwnCertificateMixin(PersonRequiredMixin):
    """A page about one of my certificates; those of others are not there."""

    @cached_property
    def certificate(self) -> Certificate:
        """The certificate, if it is mine."""
        found: Certificate = get_object_or_404(
            Certificate.objects.select_related("replaced_by"),
            pk=self.kwargs["certificate"],
            person=self.person,
        )
        return found


class ChoicesForm(GuardedFormMixin, forms.ModelForm[Any]):
    """What the holder decides about a certificate."""

    class Meta:
        model = Certificate
        fields = ["shows_name", "reminds"]


class CertificateView(OwnCertificateMixin, FormView[Any]):
    """One certificate: what it says, its file, and what I decide about it."""

    form_class = ChoicesForm
    template_name = "courses/certificates/certificate.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        """Adds the certificate."""
        kwargs: dict[str, Any] = super().get_form_kwargs()
        return kwargs | {"instance": self.certificate}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What it says, and where it is checked."""
        from courses.certificates.drawing import check_address, study_time

        one, kind = self.certificate, kind_of(self.certificate.completed)
        today = self.standing.day
        may_renew = one.replaced_at is None
        context: dict[str, Any] = super().get_context_data(
            certificate=one,
            state=one.state_on(today),
            is_early=one.expires_on < one.ends_on,
            study_time=study_time(one.minutes),
            law_date=law_date(one, get_language() or one.language),
            check_url=check_address(one),
            has_badge=bool(settings.SIDEMAND_BADGE_KEY) and one.revoked_at is None,
            may_renew_at=kind.address(one.completed_id) if kind and may_renew else "",
            kind=kind,
            heading=heading_of(one.completed),
            **kwargs,
        )
        return context

    def form_valid(self, form: Any) -> HttpResponse:
        """Keep what was decided."""
        choose(self.certificate, **form.cleaned_data)
        messages.success(self.request, _("Kept."))
        return redirect("courses:certificate", certificate=self.certificate.pk)


class CertificateFileView(OwnCertificateMixin, View):
    """The PDF of one of my certificates, as it was drawn when it was issued."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The file, to download."""
        with override(self.certificate.language):
            name = slugify(f"{heading_of(self.certificate.completed)} {self.certificate.title}")[
                :80
            ]
        response = HttpResponse(bytes(self.certificate.file.pdf), content_type="application/pdf")
        response["Content-Disposition"] = f'attachment; filename="{name or "certificate"}.pdf"'
        response["Cache-Control"] = "private, no-store"
        return response


class CertificateBadgeView(OwnCertificateMixin, View):
    """One of my certificates as an Open Badge, where the site has a key to sign it."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The signed credential, to download.

        Raises:
            Http404: Where the site signs no badges, and for a certificate that was revoked.
        """
        from courses.certificates import badge

        if not badge.is_offered() or self.certificate.revoked_at is not None:
            raise Http404
        response = HttpResponse(badge.sign(self.certificate), content_type="application/vc+jwt")
        response["Content-Disposition"] = 'attachment; filename="badge.jwt"'
        response["Cache-Control"] = "private, no-store"
        return response


# --- For the world --------------------------------------------------------------------------------


class CheckForm(GuardedFormMixin, forms.Form):
    """A code, or the file itself."""

    code = forms.CharField(
        label=gettext_lazy("Code"),
        required=False,
        max_length=40,
        help_text=gettext_lazy("16 letters, for example BCDF-GHJK-LMNP-QRST."),
    )
    file = forms.FileField(
        label=gettext_lazy("Or the PDF file"),
        required=False,
        help_text=gettext_lazy("We compare it and keep nothing of it."),
    )

    def clean_code(self) -> str:
        """The code, however it was spelled.

        Raises:
            ValidationError: Where it cannot be a code.
        """
        typed = self.cleaned_data["code"]
        if not typed:
            return ""
        code = read_code(typed)
        if code is None:
            raise ValidationError(
                _("A code has 16 letters in four groups. Look at the certificate again.")
            )
        return code

    def clean_file(self) -> Any:
        """A file that can be a certificate.

        Raises:
            ValidationError: For a file above two megabytes.
        """
        file = self.cleaned_data["file"]
        if file and file.size > MOST_BYTES:
            raise ValidationError(_("The file is too large to be one of our certificates."))
        return file

    def clean(self) -> dict[str, Any]:
        """One of the two is needed."""
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors and not cleaned.get("code") and not cleaned.get("file"):
            self.add_error("code", _("Type the code, or choose the PDF file."))
        return cleaned


class CheckView(FormView[Any]):
    """Is this certificate genuine and valid? Open to everybody; it lists nothing."""

    form_class = CheckForm
    template_name = "courses/certificates/check.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer, within what one address may ask in a minute."""
        asks = request.method == "POST" or "code" in kwargs
        if asks and not ratelimit.consume(
            request,
            app="courses",
            action="check_certificate",
            config={"check_certificate": settings.SIDEMAND_CHECK_LIMIT},
            limit_get=True,
        ):
            return ratelimit.respond_429(request)
        response = super().dispatch(request, *args, **kwargs)
        response["X-Robots-Tag"] = "noindex, nofollow"
        response["Referrer-Policy"] = "same-origin"
        response["Cache-Control"] = "private, no-store"
        return response

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The form; with a code in the address, its answer."""
        typed = kwargs.get("code")
        if typed is None:
            return self.render_to_response(self.get_context_data())
        code = read_code(typed)
        return self._answer(self.get_form_class()(), code=code)

    def form_valid(self, form: Any) -> HttpResponse:
        """The answer, on the address without the code."""
        file = form.cleaned_data.get("file")
        digest = hashlib.sha256(file.read()).hexdigest() if file else None
        return self._answer(form, code=form.cleaned_data.get("code") or None, digest=digest)

    def form_invalid(self, form: Any) -> HttpResponse:
        """The form again, with what is missing."""
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def _answer(self, form: Any, *, code: str | None, digest: str | None = None) -> HttpResponse:
        found = Certificate.objects.none()
        if code is not None:
            found = Certificate.objects.filter(code=code)
        elif digest is not None:
            found = Certificate.objects.filter(sha256=digest)
        certificate = found.first()
        is_altered = digest is not None and (certificate is None or certificate.sha256 != digest)
        state = certificate.state_on(local_day(timezone.now())) if certificate else None
        context = self.get_context_data(
            form=form,
            asked=True,
            certificate=None if is_altered and code is None else certificate,
            state=state,
            kind=kind_of(certificate.completed) if certificate else None,
            is_valid=state == CertificateState.VALID and not is_altered,
            is_altered=is_altered,
            is_file_genuine=digest is not None and not is_altered,
            alternate_urls=_check_addresses() if code else None,
        )
        return self.render_to_response(context, status=200 if certificate else 404)


def _check_addresses() -> dict[str, str]:
    """The form in each language: a switch of language does not carry the code along."""
    addresses = {}
    for code, _name in settings.LANGUAGES:
        with override(code):
            addresses[code] = reverse("certificates:check")
    return addresses
