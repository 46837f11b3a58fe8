"""Sending a handover, asking and answering, and taking over."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from core.access_log import record
from mentoring.actions.outcomes import LookAgain
from mentoring.handover.actions import (
    HandoverRefused,
    answer,
    ask,
    confirm,
    send_handover,
    take_back,
)
from mentoring.handover.forms import (
    QuestionForm,
)
from mentoring.handover.views.dossier import WITH, HandoverView, answer_form
from mentoring.models import HandoverText
from mentoring.permissions import (
    left_handovers,
    received_handovers,
)
from mentoring.views.refusals import add_errors, passages_of


class SendView(HandoverView):
    """Send it to the receiver; or take it back to write on."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Do it, or say why not. Only the mentor who leaves can."""
        mine = left_handovers(self.standing)
        handover = get_object_or_404(mine, pk=self.kwargs["handover"])
        try:
            if "back" in request.POST:
                take_back(handover)
            else:
                send_handover(handover, at=timezone.now())
        except HandoverRefused as refusal:
            return self.refused(refusal)
        record(request.user, "change", handover, at=timezone.now())
        if "back" in request.POST:
            messages.success(request, _("It is taken back. Write on, and send it again."))
            return redirect("mentoring:write-handover", handover.member.pairing_id)
        messages.success(request, _("It is sent. You see here when you are asked something."))
        return redirect("mentoring:handover", handover.pk)


class AskView(HandoverView):
    """Ask the mentor back."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Ask it, or say what is in the way; every letter stays."""
        received = received_handovers(self.standing).select_related(*WITH)
        handover = get_object_or_404(received, pk=self.kwargs["handover"])
        form = QuestionForm(request.POST)
        if not form.is_valid():
            return self.draw(form=form, status=422)
        try:
            ask(
                handover,
                by=self.person,
                key=form.cleaned_data["key"] or uuid.uuid4(),
                text=form.cleaned_data["text"],
                at=timezone.now(),
                looked_again=form.has_looked_again(request.POST),
            )
        except LookAgain as refusal:
            return self.draw(form=form, passages=passages_of(form, refusal), status=422)
        except ValidationError as refusal:
            add_errors(form, refusal)
            return self.draw(form=form, status=422)
        messages.success(request, _("Your question is sent."))
        return redirect("mentoring:handover", handover.pk)


class AnswerReceiverView(HandoverView):
    """Answer a question of the receiver."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Answer it, or say what is in the way; every letter stays."""
        question = get_object_or_404(
            HandoverText.objects.filter(
                kind=HandoverText.Kind.QUESTION,
                handover__in=left_handovers(self.standing).values("pk"),
            ).select_related("handover__member__pairing"),
            pk=self.kwargs["asked"],
            handover=self.kwargs["handover"],
        )
        form = answer_form(question.pk, request.POST)
        refused: Any = {"form": form, "question": question.pk, "status": 422}
        if not form.is_valid():
            return self.draw(**refused)
        try:
            answer(
                question,
                by=self.person,
                text=form.cleaned_data["text"],
                at=timezone.now(),
                looked_again=form.has_looked_again(request.POST),
            )
        except LookAgain as refusal:
            return self.draw(**refused, passages=passages_of(form, refusal))
        except ValidationError as refusal:
            add_errors(form, refusal)
            return self.draw(**refused)
        messages.success(request, _("Your answer is sent."))
        return redirect("mentoring:handover", question.handover_id)


class ConfirmHandoverView(HandoverView):
    """Take over what was read."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Confirm it; something that has changed since is read once more."""
        received = received_handovers(self.standing).select_related(*WITH)
        handover = get_object_or_404(received, pk=self.kwargs["handover"])
        try:
            confirm(handover, by=self.person, seen=request.POST.get("seen", ""), at=timezone.now())
        except HandoverRefused as refusal:
            return self.refused(refusal)
        record(request.user, "confirm", handover, at=timezone.now())
        messages.success(request, _("You have taken over. Thank you."))
        return redirect("mentoring:handover", handover.pk)
