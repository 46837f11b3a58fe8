"""A delegation: one person registers all of it, chooses workshops and says what people need."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import FormView, View

from cooperation.events.actions.refusing import EventRefused
from cooperation.events.actions.registering import (
    choose_workshops,
    decline,
    save_delegation,
    say_needs,
    sign_off,
)
from cooperation.events.forms.delegation import (
    DelegationForm,
    NeedsForm,
    SeenForm,
    WorkshopsForm,
    needs_initial,
)
from cooperation.events.permissions import answered_invitations
from cooperation.events.sectors import known_sectors
from cooperation.events.views.base import (
    DelegationMixin,
    EventMixin,
    Page,
    ReadDelegationMixin,
    refused,
)
from cooperation.models import (
    Event,
    Invitation,
    Participant,
    ParticipantNeeds,
    ProgrammeItem,
    WorkshopWish,
)
from core.access_log import record
from people.models import Affiliation, Person


class DelegationView(ReadDelegationMixin, Page):
    """Who comes, who waits, in which workshops; and what can still be done."""

    template_name = "cooperation/events/delegation.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With everybody's name, so it is noted."""
        invitation = self.invitation
        people = list(invitation.signed_up())
        wishes: dict[Any, list[WorkshopWish]] = {}
        standing = WorkshopWish.objects.standing().filter(participant__invitation=invitation)
        for wish in standing.select_related("workshop").order_by("workshop__starts_at", "pk"):
            wishes.setdefault(wish.participant_id, []).append(wish)
        with_needs = set(
            ParticipantNeeds.objects.filter(participant__invitation=invitation).values_list(
                "participant_id", flat=True
            )
        )
        rows = [
            {"person": one, "wishes": wishes.get(one.pk, []), "has_needs": one.pk in with_needs}
            for one in people
        ]
        record(self.request.user, "view", invitation, at=timezone.now())
        return super().get_context_data(
            invitation=invitation,
            rows=rows,
            waiting=sum(one.seated_at is None for one in people),
            has_workshops=self.event.workshops().exists(),
            is_open=self.event.takes_answers(on=self.standing.day),
            keeps_seats=self.event.keeps_seats(on=self.standing.day),
            **kwargs,
        )


class RegisterView(DelegationMixin, FormView[DelegationForm]):
    """Write who comes."""

    form_class = DelegationForm
    template_name = "cooperation/events/register.html"

    @cached_property
    def there(self) -> list[Participant]:
        """Those who stand in it, in their order."""
        return list(self.invitation.signed_up())

    def get_form_kwargs(self) -> dict[str, Any]:
        """The names that stand there, and colleagues to tick."""
        colleagues = list(self._colleagues())
        keys = [one.pk for one in colleagues]
        return {
            **super().get_form_kwargs(),
            "invitation": self.invitation,
            "there": self.there,
            "colleagues": colleagues,
            "sectors": known_sectors(keys, on=self.standing.day) if keys else {},
        }

    def _colleagues(self) -> QuerySet[Person]:
        """The people of the organisation that one may look up, and who are not in it yet."""
        working = Affiliation.objects.valid_on(self.standing.day).filter(
            organisation=self.invitation.organisation_id
        )
        towns = Affiliation.objects.valid_on(self.standing.day).filter(
            place__municipality=self.invitation.organisation_id
        )
        found = self.standing.people() if self.standing.manages_people else Person.objects.none()
        return (
            found.filter(
                Q(pk__in=working.values("person")) | Q(pk__in=towns.values("person")),
                user__is_active=True,
                erased_at__isnull=True,
            )
            .exclude(email="")
            .exclude(pk__in=[one.person_id for one in self.there if one.person_id])
            .distinct()
            .order_by("name", "pk")
        )

    def form_valid(self, form: DelegationForm) -> HttpResponse:
        """Register them, or say what is in the way; every letter stays."""
        if not form.entries:
            form.add_error("name_1", _("Write at least one name, or say that nobody comes."))
            return self.form_invalid(form)
        try:
            save_delegation(
                self.invitation,
                form.entries,
                all_or_none=form.cleaned_data["all_or_none"],
                by=self.person,
                at=timezone.now(),
                seen=form.cleaned_data["seen"],
            )
        except ValidationError as refusal:
            now = _version_now(self.invitation)
            return refused(form, refusal, draw=self.form_invalid, seen_now=now)
        messages.success(self.request, _("The delegation is registered. Everybody on it is told."))
        return redirect(self.invitation)

    def form_invalid(self, form: DelegationForm) -> HttpResponse:
        """Say what is missing."""
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the names of colleagues, so it is noted."""
        if not self.event.takes_answers(on=self.standing.day):
            raise Http404
        record(self.request.user, "view", self.invitation, at=timezone.now())
        return super().get_context_data(
            invitation=self.invitation,
            keeps_seats=self.event.keeps_seats(on=self.standing.day),
            **kwargs,
        )


def _version_now(invitation: Invitation) -> int:
    return Invitation.objects.values_list("version", flat=True).get(pk=invitation.pk)


class DeclineView(DelegationMixin, View):
    """Ask, then say that nobody comes."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """What it means."""
        if not self.event.takes_answers(on=self.standing.day):
            raise Http404
        context = self.get_context_data(
            invitation=self.invitation,
            count=self.invitation.signed_up().count(),
            form=SeenForm(initial={"seen": self.invitation.version}),
        )
        return render(request, "cooperation/events/decline.html", context)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Say it, or say why not."""
        try:
            seen = SeenForm(request.POST).version
            decline(self.invitation, by=self.person, at=timezone.now(), seen=seen)
        except EventRefused as refusal:
            messages.error(request, refusal.messages[0])
        else:
            messages.success(request, _("You have said that nobody comes."))
        return redirect(self.invitation)


class SignOffView(DelegationMixin, View):
    """Sign one of a delegation off."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Do it, or say why not; twice is once."""
        participant = get_object_or_404(
            self.invitation.participants.select_related("invitation__event"),
            pk=self.kwargs["participant"],
        )
        try:
            sign_off(participant, at=timezone.now())
        except EventRefused as refusal:
            messages.error(request, refusal.messages[0])
        else:
            said = _("%(name)s is signed off and told.") % {"name": participant.name}
            messages.success(request, said)
        return redirect(self.invitation)


class WorkshopsView(DelegationMixin, FormView[WorkshopsForm]):
    """Who wants to be in which workshop."""

    form_class = WorkshopsForm
    template_name = "cooperation/events/workshops.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        """The workshops, the names, and what is chosen."""
        people = list(self.invitation.signed_up())
        standing = WorkshopWish.objects.standing().filter(participant__in=people)
        chosen: dict[Any, set[Any]] = {}
        wants_all = set()
        for wish in standing:
            chosen.setdefault(wish.workshop_id, set()).add(wish.participant_id)
            if wish.all_or_none:
                wants_all.add(wish.workshop_id)
        workshops: list[ProgrammeItem] = list(self.event.workshops())
        return {
            **super().get_form_kwargs(),
            "invitation": self.invitation,
            "workshops": workshops,
            "people": people,
            "chosen": chosen,
            "wants_all": wants_all,
        }

    def form_valid(self, form: WorkshopsForm) -> HttpResponse:
        """Keep the wishes, or say what is in the way."""
        try:
            choose_workshops(
                self.invitation,
                form.chosen,
                all_or_none=form.wants_all,
                at=timezone.now(),
                seen=form.version,
            )
        except ValidationError as refusal:
            now = _version_now(self.invitation)
            return refused(form, refusal, draw=self.form_invalid, seen_now=now)
        messages.success(self.request, _("Your choice of workshops is kept."))
        return redirect(self.invitation)

    def form_invalid(self, form: WorkshopsForm) -> HttpResponse:
        """Say what is missing."""
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With everybody's name, so it is noted."""
        if not self.event.takes_answers(on=self.standing.day):
            raise Http404
        record(self.request.user, "view", self.invitation, at=timezone.now())
        return super().get_context_data(
            invitation=self.invitation,
            keeps_seats=self.event.keeps_seats(on=self.standing.day),
            **kwargs,
        )


class NeedsView(EventMixin, FormView[NeedsForm]):
    """What somebody needs to take part: said by themselves, or by whoever registered them."""

    form_class = NeedsForm
    template_name = "cooperation/events/needs.html"

    @cached_property
    def participant(self) -> Participant:
        """The participant of the address: oneself, or of a delegation one answers for."""
        answered = answered_invitations(self.standing).filter(event=self.kwargs["event"])
        found = Participant.objects.signed_up().filter(
            Q(person=self.person) | Q(invitation__in=answered.values("pk")),
            invitation__event=self.kwargs["event"],
        )
        return get_object_or_404(
            found.select_related("invitation__event__place", "invitation__organisation"),
            pk=self.kwargs["participant"],
        )

    @cached_property
    def event(self) -> Event:
        """The event of the participant."""
        return self.participant.invitation.event

    @property
    def is_own(self) -> bool:
        """Whether one speaks of oneself."""
        return self.participant.person_id == self.person.pk

    def get_initial(self) -> dict[str, Any]:
        """What was said."""
        return needs_initial(ParticipantNeeds.objects.filter(participant=self.participant).first())

    def form_valid(self, form: NeedsForm) -> HttpResponse:
        """Keep it; nothing said is nothing kept."""
        try:
            say_needs(self.participant, at=timezone.now(), **form.cleaned_data)
        except ValidationError as refusal:
            return refused(form, refusal, draw=self.form_invalid)
        if not self.is_own:
            record(self.request.user, "change", self.participant, at=timezone.now())
        messages.success(self.request, _("It is kept until a month after the event."))
        return redirect(self.event if self.is_own else self.participant.invitation)

    def form_invalid(self, form: NeedsForm) -> HttpResponse:
        """Say what is missing."""
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Whose needs they are; that somebody else read them is noted."""
        if not self.event.takes_answers(on=self.standing.day):
            raise Http404
        if not self.is_own:
            record(self.request.user, "view", self.participant, at=timezone.now())
        return super().get_context_data(participant=self.participant, is_own=self.is_own, **kwargs)
