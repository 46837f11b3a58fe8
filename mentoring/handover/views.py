"""Handovers for the mentor who leaves, the receiver, the caseworkers; and for the coordinator."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from core.access_log import record
from mentoring.actions.outcomes import LookAgain
from mentoring.content import clean_text
from mentoring.handover.actions import (
    TEAM,
    HandoverRefused,
    answer,
    ask,
    close_from_log,
    confirm,
    gone,
    name_receiver,
    seen_of,
    send_handover,
    take_back,
    write_handover,
)
from mentoring.handover.dossier import Dossier, dossier_of
from mentoring.handover.forms import (
    FromLogForm,
    QuestionForm,
    ReceiverForm,
    WordsForm,
    WriteForm,
)
from mentoring.handover.listing import leaving
from mentoring.handover.paper import file_of
from mentoring.handover.people import receivers
from mentoring.handover.words import tell
from mentoring.models import FollowUp, Handover, HandoverText, PairingMember, Session
from mentoring.permissions import (
    handovers_about,
    left_handovers,
    overseen_handovers,
    own_memberships,
    readable_handovers,
    received_handovers,
)
from mentoring.progress import names
from mentoring.views.pairings import CoordinatorMixin
from mentoring.views.writing import CONCERNS, CONTEXT
from people.access import PersonRequiredMixin
from people.models import Person

PER_PAGE = 25
Kind = HandoverText.Kind
Side = PairingMember.Side
WITH = ("member__person", "member__pairing__place", "receiver", "settled_by")


def passages(
    form: WordsForm, refusal: LookAgain, fields: Mapping[str, str] | None = None
) -> list[dict[str, Any]]:
    """What to look at once more, for its author alone: field, passage, and what it may be."""
    found = []
    for key, concerns in refusal.warnings.items():
        name = (fields or {}).get(key, key)
        text = clean_text(form.cleaned_data[name]).strip()
        found += [
            {
                "field": form[name],
                "before": text[max(0, concern.start - CONTEXT) : concern.start],
                "passage": text[concern.start : concern.end],
                "after": text[concern.end : concern.end + CONTEXT],
                "kind": CONCERNS[concern.kind],
            }
            for concern in concerns
        ]
    return found


def add_errors(
    form: WordsForm, refusal: ValidationError, fields: Mapping[str, str] | None = None
) -> None:
    """The words of a refusal at their fields."""
    if not hasattr(refusal, "error_dict"):
        form.add_error(None, refusal.messages[0])
        return
    for key, errors in refusal.error_dict.items():
        name = (fields or {}).get(key, key)
        form.add_error(name if name in form.fields else None, errors)


# --- The list -------------------------------------------------------------------------------------


class HandedOverView(PersonRequiredMixin, TemplateView):
    """What is handed over to me, what I hand over, and what is passed on about me."""

    template_name = "mentoring/handover/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The own ones that are left, what waits, and a page of what was taken over."""
        received = received_handovers(self.standing).select_related(*WITH)
        waiting = list(received.waiting().order_by("sent_at", "pk"))
        page = Paginator(received.settled().order_by("-settled_at", "pk"), PER_PAGE).get_page(
            self.request.GET.get("page")
        )
        about = handovers_about(self.standing).select_related(*WITH)
        return super().get_context_data(
            own=leaving(self.standing),
            waiting=waiting,
            page=page,
            about=list(about.order_by("-sent_at", "pk")[:PER_PAGE]),
            **kwargs,
        )


# --- The mentor who leaves ------------------------------------------------------------------------


class WriteView(PersonRequiredMixin, View):
    """Prepare a handover: who takes over, and a few words beside what the log says."""

    form_refuses_identity = True  # in its form, at the field

    @cached_property
    def member(self) -> PairingMember:
        """The own membership in the pairing of the address, as a mentor; 404 for anybody else."""
        own = own_memberships(self.standing).filter(side=Side.MENTOR)
        return get_object_or_404(
            own.select_related("person", "pairing__place"), pairing=self.kwargs["pairing"]
        )

    @cached_property
    def handover(self) -> Handover | None:
        """What has been written so far; nothing to write on leads to what there is."""
        return Handover.objects.filter(member=self.member).select_related("receiver").first()

    @cached_property
    def colleagues(self) -> list[Person]:
        """The caseworkers of the pairing, by name."""
        members = PairingMember.objects.filter(
            pairing=self.member.pairing, side=Side.CASEWORKER
        ).values("person")
        people = Person.objects.filter(pk__in=members, erased_at__isnull=True)
        return list(people.order_by("name", "pk"))

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The form as it stands; one that is sent is shown instead."""
        if self.handover is not None and self.handover.state != Handover.State.PREPARING:
            return redirect("mentoring:handover", self.handover.pk)
        initial: dict[str, Any] = {"seen": seen_of(self.handover)}
        if self.handover is not None:
            initial["receiver"] = self.handover.receiver_id
            for note in self.handover.texts.filter(kind=Kind.NOTE):
                person = next((one for one in self.colleagues if one.pk == note.about_id), None)
                initial["team" if person is None else WriteForm.field_of(person)] = note.text
        return self._draw(self._form(initial=initial))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Keep it and show it as the receiver will see it; every letter stays."""
        form = self._form(request.POST)
        if not form.is_valid():
            return self._draw(form, status=422)
        fields = {key: form.field_named(key) for key in form.notes}
        try:
            handover = write_handover(
                self.member,
                receiver=form.cleaned_data["receiver"],
                notes=form.notes,
                seen=form.cleaned_data["seen"],
                at=timezone.now(),
                looked_again=form.has_looked_again(request.POST),
            )
        except LookAgain as refusal:
            return self._draw(form, status=422, passages=passages(form, refusal, fields))
        except ValidationError as refusal:
            return self._refused(refusal, fields)
        record(request.user, "change", handover, at=timezone.now())
        return redirect("mentoring:handover", handover.pk)

    def _refused(self, refusal: ValidationError, fields: Mapping[str, str]) -> HttpResponse:
        """What is wrong; where another window was faster, also what stands there now."""
        data = self.request.POST.copy()
        elsewhere: list[tuple[Any, str]] = []
        if getattr(refusal, "code", "") == "changed":
            self.__dict__.pop("handover", None)
            data["seen"] = seen_of(self.handover)
        form = self._form(data)
        form.full_clean()
        add_errors(form, refusal, fields)
        if getattr(refusal, "code", "") == "changed" and self.handover is not None:
            for note in self.handover.texts.filter(kind=Kind.NOTE):
                name = form.field_named(str(note.about_id or TEAM))
                if note.text and note.text != form.cleaned_data.get(name):
                    elsewhere.append((form[name].label, note.text))
        return self._draw(form, status=422, elsewhere=elsewhere)

    def _form(self, *args: Any, **kwargs: Any) -> WriteForm:
        return WriteForm(
            *args,
            receivers=receivers(self.member, on=self.standing.day),
            colleagues=self.colleagues,
            **kwargs,
        )

    def _draw(
        self,
        form: WriteForm,
        *,
        status: int = 200,
        passages: list[Any] | None = None,
        elsewhere: list[tuple[Any, str]] | None = None,
    ) -> HttpResponse:
        told = tell(dossier_of(self.handover or Handover(member=self.member)))
        parts = {one["person"]: one for one in told.people}
        context = {
            "form": form,
            "member": self.member,
            "pairing": self.member.pairing,
            "told": told,
            "colleagues": [
                (one, form[form.field_of(one)], parts.get(one.pk)) for one in self.colleagues
            ],
            "passages": passages,
            "elsewhere": elsewhere,
            "readers": _("you, whoever takes over, and about each colleague: that colleague"),
            "last_day": self.member.last_day,
        }
        return render(self.request, "mentoring/handover/write.html", context, status=status)


# --- One handover ---------------------------------------------------------------------------------


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
        for one in told.questions:
            is_refused = form is not None and one["pk"] == question
            one["form"] = form if is_refused else _answer_form(one["pk"])
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
            "may_ask": self.is_received and is_waiting,
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


def _answer_form(question: Any) -> QuestionForm:
    form = QuestionForm(auto_id=f"id_%s-{question}")
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
            return self.draw(form=form, passages=passages(form, refusal), status=422)
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
                kind=Kind.QUESTION, handover__in=left_handovers(self.standing).values("pk")
            ).select_related("handover__member__pairing"),
            pk=self.kwargs["asked"],
            handover=self.kwargs["handover"],
        )
        form = QuestionForm(request.POST, auto_id=f"id_%s-{question.pk}")
        form.fields["text"].label = _("Your answer")
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
            return self.draw(**refused, passages=passages(form, refusal))
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


# --- The coordinator ------------------------------------------------------------------------------


class FromLogView(CoordinatorMixin, View):
    """Close from the log, where the mentor has left without handing over."""

    form_refuses_identity = True  # in its form, at the field

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Who is gone, and what will happen; nobody gone is no such page."""
        return self._draw(self._form())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Close, or say what is in the way; every letter stays."""
        form = self._form(request.POST)
        if not form.is_valid():
            return self._draw(form, status=422)
        try:
            settled = close_from_log(
                self.pairing,
                **form.cleaned_data,
                by=self.person,
                at=timezone.now(),
                looked_again=form.has_looked_again(request.POST),
            )
        except LookAgain as refusal:
            return self._draw(form, status=422, passages=passages(form, refusal))
        except ValidationError as refusal:
            if getattr(refusal, "code", "") == "nothing":
                return redirect(self.pairing)
            add_errors(form, refusal)
            return self._draw(form, status=422)
        record(request.user, "close_from_log", settled, at=timezone.now())
        messages.success(request, _("It is closed from the log. The gap stays to be seen."))
        return redirect(self.pairing)

    def _members(self) -> list[PairingMember]:
        return gone(self.pairing, at=timezone.now())

    def _form(self, *args: Any) -> FromLogForm:
        members = self._members()
        people = receivers(
            members[0] if members else PairingMember(pairing=self.pairing), on=self.standing.day
        )
        return FromLogForm(*args, receivers=people)

    def _draw(self, form: FromLogForm, *, status: int = 200, **more: Any) -> HttpResponse:
        members = self._members()
        record(self.request.user, "view", self.pairing, at=timezone.now())
        context = {
            "form": form,
            "pairing": self.pairing,
            "members": members,
            "readers": _("you, whoever takes over, and other coordinators of the town"),
            **more,
        }
        return render(self.request, "mentoring/handover/from_log.html", context, status=status)


class ReceiverView(CoordinatorMixin, View):
    """Let somebody else take over."""

    @cached_property
    def handover(self) -> Handover:
        """A handover of the pairing that has been sent or settled."""
        found = overseen_handovers(self.standing).sent().in_pairing(self.pairing)
        return get_object_or_404(found.select_related(*WITH), pk=self.kwargs["handover"])

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Who can take over."""
        return self._draw(self._form(initial={"receiver": self.handover.receiver_id}))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Let them, or say why not."""
        form = self._form(request.POST)
        if not form.is_valid():
            return self._draw(form, status=422)
        try:
            name_receiver(self.handover, form.cleaned_data["receiver"], at=timezone.now())
        except HandoverRefused as refusal:
            form.add_error(None, refusal.messages[0])
            return self._draw(form, status=422)
        record(request.user, "change", self.handover, at=timezone.now())
        messages.success(request, _("It is handed over to somebody else now."))
        return redirect(self.pairing)

    def _form(self, *args: Any, **kwargs: Any) -> ReceiverForm:
        people = receivers(self.handover.member, on=self.standing.day)
        return ReceiverForm(*args, receivers=people, **kwargs)

    def _draw(self, form: ReceiverForm, *, status: int = 200) -> HttpResponse:
        record(self.request.user, "view", self.handover, at=timezone.now())
        context = {"form": form, "pairing": self.pairing, "handover": self.handover}
        return render(self.request, "mentoring/handover/receiver.html", context, status=status)
