"""Preparing a handover: for the mentor who leaves."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import View

from core.access_log import record
from mentoring.actions.outcomes import LookAgain
from mentoring.handover.actions import (
    TEAM,
    seen_of,
    write_handover,
)
from mentoring.handover.dossier import dossier_of
from mentoring.handover.forms import (
    WriteForm,
)
from mentoring.handover.people import receivers
from mentoring.handover.words import tell
from mentoring.models import Handover, HandoverText, PairingMember
from mentoring.permissions import (
    own_memberships,
)
from mentoring.views.refusals import add_errors, passages_of
from people.access import PersonRequiredMixin
from people.models import Person

Kind = HandoverText.Kind
Side = PairingMember.Side


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
            return self._draw(form, status=422, passages=passages_of(form, refusal, fields))
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
            "readers": _(
                "you, whoever takes over, and the colleagues: all of them what is about the team, "
                "each what is about that colleague"
            ),
            "last_day": self.member.last_day,
        }
        return render(self.request, "mentoring/handover/write.html", context, status=status)
