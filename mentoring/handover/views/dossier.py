"""The dossier of one handover: on the page and as a file."""

import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import View

from core.access_log import record
from mentoring.handover.actions import can_answer
from mentoring.handover.dossier import Dossier, dossier_of
from mentoring.handover.forms import (
    QuestionForm,
)
from mentoring.handover.paper import file_of
from mentoring.handover.words import tell
from mentoring.models import FollowUp, Handover, Session
from mentoring.permissions import (
    handovers_about,
    readable_handovers,
    received_handovers,
)
from mentoring.progress import names
from people.access import PersonRequiredMixin
from people.models import Person

WITH = ("member__person", "member__pairing__place", "receiver", "settled_by")


class DossierMixin(PersonRequiredMixin):
    """A handover that I leave, that I receive, or that says something of me."""

    @cached_property
    def handover(self) -> Handover:
        """The handover of the address, if I may read it, whole or in part."""
        pk = self.kwargs["handover"]
        for found in (readable_handovers(self.standing), handovers_about(self.standing)):
            handover = found.filter(pk=pk).select_related(*WITH).first()
            if handover is not None:
                return handover
        raise Http404

    @cached_property
    def is_left(self) -> bool:
        """Whether it is my own."""
        return self.handover.member.person_id == self.person.pk

    @cached_property
    def is_received(self) -> bool:
        """Whether it is handed over to me."""
        return received_handovers(self.standing).filter(pk=self.handover.pk).exists()

    @property
    def reads_all(self) -> bool:
        """Whether I read all of it, or the part that is about me."""
        return self.is_left or self.is_received

    @cached_property
    def dossier(self) -> Dossier:
        """What it shows."""
        return dossier_of(self.handover)

    def note_reading(self) -> None:
        """Whoever reads what others wrote, or what is said of them, stands in the access log."""
        at, read = timezone.now(), self.dossier.content
        seen: list[Any] = [self.handover]
        if self.is_received:
            seen += [Session(pk=one["session"]) for one in read["sessions"]]
            seen += [Person(pk=pk) for pk in self.dossier.parts]
        record(self.request.user, "view", seen, at=at)

    def told(self) -> Any:
        """In words: all of it, or my own part."""
        return tell(self.dossier, only=None if self.reads_all else self.person.pk)


class HandoverView(DossierMixin, View):
    """The dossier, and what I can do about it."""

    form_refuses_identity = True  # in its forms, at the field

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The page; that it was read is noted."""
        self.note_reading()
        return self.draw()

    def draw(
        self,
        *,
        form: QuestionForm | None = None,
        question: uuid.UUID | None = None,
        errors: list[dict[str, str]] | None = None,
        passages: list[Any] | None = None,
        status: int = 200,
    ) -> HttpResponse:
        """The page with a form that was refused, if one was.

        Args:
            question: The one that ``form`` answers; none where it asks.
        """
        handover, told = self.handover, self.told()
        asking = QuestionForm(initial={"key": uuid.uuid4()})
        if form is not None and question is None:
            asking = form
        is_waiting = handover.state == Handover.State.SENT
        may_take_over = self.is_received and is_waiting
        for one in told.questions:
            is_refused = form is not None and one["pk"] == question
            one["form"] = form if is_refused else answer_form(one["pk"])
        readers = [_("you"), handover.member.person.name]
        if self.is_left and handover.receiver is not None:
            readers[1] = handover.receiver.name
        context = {
            "handover": handover,
            "told": told,
            "pairing": handover.member.pairing,
            "form": form,
            "errors": errors,
            "passages": passages,
            "asking": asking,
            "sha256": self.dossier.sha256,
            "is_left": self.is_left,
            "is_received": self.is_received,
            "reads_all": self.reads_all,
            "may_send": self.is_left and handover.state == Handover.State.PREPARING,
            "may_take_back": self.is_left and is_waiting,
            "may_answer": self.is_left and is_waiting,
            "may_take_over": may_take_over,
            "may_ask": may_take_over and can_answer(handover, on=self.standing.day),
            "readers": names(readers),
            "follow_ups": self._follow_ups(),
        }
        return render(self.request, "mentoring/handover/handover.html", context, status=status)

    def _follow_ups(self) -> list[FollowUp]:
        """What the receiver follows up."""
        if not self.is_received:
            return []
        found = FollowUp.objects.filter(handover=self.handover).select_related("owner")
        return list(found.soonest_first())

    def refused(self, refusal: ValidationError) -> HttpResponse:
        """The page with the reason on top."""
        self.__dict__.pop("handover", None)  # it stands differently by now
        self.__dict__.pop("dossier", None)
        errors = [{"text": str(message), "href": ""} for message in refusal.messages]
        return self.draw(errors=errors, status=422)


def answer_form(question: Any, data: Any = None) -> QuestionForm:
    """The form to answer ``question`` with, beside those of others on the page."""
    form = QuestionForm(data, auto_id=f"id_%s-{question}")
    form.fields["text"].label = _("Your answer")
    return form


class HandoverFileView(DossierMixin, View):
    """The dossier as a file for paper, in the reader's language."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The PDF of what the page shows; that it was read is noted."""
        self.note_reading()
        content = file_of(self.handover, self.told(), reads_all=self.reads_all)
        name = f"overdragelse-{self.handover.member.pairing.place.key}.pdf"
        return HttpResponse(
            content,
            content_type="application/pdf",
            headers={
                "Content-Disposition": f'attachment; filename="{name}"',
                "X-Content-Type-Options": "nosniff",
                "Cache-Control": "private, no-store",
            },
        )
