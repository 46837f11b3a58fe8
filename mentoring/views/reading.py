"""Sessions as the members of a pairing see them: list, detail, confirming, erasing."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, RedirectView, TemplateView, View

from core.access_log import record
from mentoring.actions import (
    SessionRefused,
    ask_for_change,
    confirm_sessions,
    erase_session,
    linked_with,
    same_hour_as,
)
from mentoring.forms.session import ChangeRequestForm, EraseForm
from mentoring.models import (
    ChangeRequest,
    Confirmation,
    PairingMember,
    Session,
    SessionVersion,
)
from mentoring.permissions import (
    confirmable_sessions,
    erasable_sessions,
    own_amendments,
    own_pairings,
    readable_sessions,
    sessions_left_behind,
    without_mentors,
)
from mentoring.progress import SessionCard, cards
from mentoring.telling import tell
from people.access import PersonRequiredMixin
from people.companions import done_in
from people.models import Person, Role

Side = PairingMember.Side
PER_PAGE = 25
MOST_CONFIRMED_AT_ONCE = 100
STATES = {
    "venter": gettext_lazy("Not confirmed by all"),
    "bekraeftet": gettext_lazy("Confirmed"),
    "slettet": gettext_lazy("Text erased"),
}


def uuids(values: Iterable[str]) -> list[UUID]:
    """The ids among ``values``; whatever is none is left out."""
    found = []
    for value in values:
        try:
            found.append(UUID(value))
        except ValueError:
            continue
    return found


def in_state(sessions: Any, state: str) -> Any:
    """The sessions in one of ``STATES``; all of them for anything else."""
    if state == "venter":
        return sessions.open()
    if state == "bekraeftet":
        return sessions.filter(locked_at__isnull=False, erased_at__isnull=True)
    if state == "slettet":
        return sessions.filter(erased_at__isnull=False)
    return sessions


class HomeView(PersonRequiredMixin, RedirectView):
    """The first page of mentoring: a coordinator's pairings, everybody else's own sessions."""

    def get_redirect_url(self, *args: Any, **kwargs: Any) -> str:
        """Where this person begins."""
        if self.standing.has(Role.Key.COORDINATOR):
            return reverse("mentoring:pairings")
        return reverse("mentoring:sessions")


class SessionListView(PersonRequiredMixin, TemplateView):
    """The sessions I took part in; what waits for me stands on top."""

    template_name = "mentoring/sessions.html"

    @cached_property
    def colleague(self) -> UUID | None:
        """The colleague to narrow the list to."""
        return next(iter(uuids([self.request.GET.get("kollega", "")])), None)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """One page of the list, and the filters."""
        state = self.request.GET.get("tilstand", "")
        mine = readable_sessions(self.standing).with_person(self.person)
        shown = in_state(mine, state)
        if self.colleague is not None:
            shown = shown.filter(participants__person=self.colleague)
        page = Paginator(shown.select_related("place").newest_first(), PER_PAGE).get_page(
            self.request.GET.get("page")
        )
        rows = cards(page.object_list)
        query = {"kollega": self.colleague or "", "tilstand": state if state in STATES else ""}
        return super().get_context_data(
            page=page,
            rows=rows,
            query=urlencode({key: value for key, value in query.items() if value}) + "&",
            is_filtered=any(query.values()),
            colleagues=self.colleagues(),
            colleague=self.colleague,
            states=STATES.items(),
            state=state,
            waiting=waiting_for(self.standing),
            may_log=own_pairings(self.standing, Side.MENTOR).exists(),
            coordinates=self.standing.has(Role.Key.COORDINATOR),
            **kwargs,
        )

    def colleagues(self) -> list[Person]:
        """Everybody in my pairings, past members as well."""
        return list(
            Person.objects.filter(memberships__pairing__in=own_pairings(self.standing))
            .exclude(pk=self.person.pk)
            .distinct()
            .order_by("name", "pk")
        )


def waiting_for(standing: Any) -> list[SessionCard]:
    """What waits for the person's confirmation, the oldest first."""
    waiting = confirmable_sessions(standing).select_related("place").order_by("held_on", "pk")
    return cards(waiting[:PER_PAGE])


class SessionView(PersonRequiredMixin, TemplateView):
    """A session with its text, its versions and who has confirmed: for the pairing's members."""

    template_name = "mentoring/session.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Everything about it; reading what others wrote goes into the access log."""
        session = get_object_or_404(
            readable_sessions(self.standing).select_related("place", "pairing__place"),
            pk=self.kwargs["session"],
        )
        (card,) = cards([session])
        took_part = {
            **dict.fromkeys((person.pk for person in card.mentors), Side.MENTOR),
            **dict.fromkeys((person.pk for person in card.caseworkers), Side.CASEWORKER),
        }
        versions = list(
            session.versions.select_related("author", "chosen_by", "amendment")
            .prefetch_related("confirmations__person")
            .order_by("-number")
        )
        if any(version.author_id != self.person.pk for version in versions):
            record(self.request.user, "read", session, at=timezone.now())
        current = next(one for one in versions if one.pk == session.current_id)
        waits = next((one for one in versions if one.pk == card.to_confirm), current)
        confirmed = {one.person_id: one.confirmed_at for one in waits.confirmations.all()}
        is_mentor = took_part.get(self.person.pk) == Side.MENTOR
        is_mine_to_confirm = (
            (session.is_open or card.amendment is not None)
            and took_part.get(self.person.pk) == Side.CASEWORKER
            and self.person.pk not in confirmed
        )
        in_words = tell(versions)
        unsettled = SessionVersion.objects.unsettled().filter(session=session)
        rivals = set(unsettled.values_list("pk", flat=True)) if session.is_open else set()
        said = _said_in(waits, versions)
        asked = list(
            ChangeRequest.objects.standing()
            .filter(version__in=said)  # a choice repeats what was pointed at
            .exclude(person__in=confirmed)
            .select_related("person")
            .order_by("asked_at")
        )
        this_one = Session.objects.filter(pk=session.pk)
        is_left_behind = bool(rivals or asked) and (
            without_mentors(this_one, on=self.standing.day).exists()
        )
        return super().get_context_data(**kwargs) | {
            "card": card,
            "session": session,
            "current": next(told for told in in_words if told["version"] == current),
            "sending": said[-1],
            "waits": next(told for told in in_words if told["version"] == waits),
            "versions": in_words,
            "confirmations": [
                {"person": person, "at": confirmed.get(person.pk)} for person in card.caseworkers
            ],
            "asked": asked,
            "rivals": [one for one in versions if one.pk in rivals],
            "may_edit": session.is_open and is_mentor,
            "is_left_behind": is_left_behind,
            "may_choose": bool(rivals)
            and is_left_behind
            and sessions_left_behind(self.standing).filter(pk=session.pk).exists(),
            "may_amend": is_mentor and session.locked_at is not None and session.erased_at is None,
            "may_take_back": card.amendment is not None
            and own_amendments(self.standing).filter(session=session).exists(),
            **same_hour(session, may_link=is_mentor),
            "may_confirm": is_mine_to_confirm and not rivals,
            "may_ask": is_mine_to_confirm and not (rivals and is_left_behind),
            "may_erase": session.erased_at is None and session.author_id == self.person.pk,
            "done": done_in(self.standing, session.pk),
            "reflections": list(
                session.reflections.select_related("person").order_by("written_at", "pk")
            ),
            "may_reflect": session.erased_at is None
            and took_part.get(self.person.pk) == Side.CASEWORKER,
        }


def _said_in(version: SessionVersion, versions: Iterable[SessionVersion]) -> list[SessionVersion]:
    """``version`` and, where it was chosen, those whose words it repeats; the last one was sent."""
    known, said = {one.pk: one for one in versions}, [version]
    while said[-1].chosen_by_id is not None:
        both = [known[pk] for pk in (said[-1].parent_id, said[-1].joins_id) if pk]
        said.append(next(one for one in both if one.sha256 == version.sha256))
    return said


def same_hour(session: Session, *, may_link: bool) -> dict[str, Any]:
    """Other logs of its hour: those that are linked with it, and those that may be; two queries."""
    linked = cards(linked_with(session).select_related("place").order_by("received_at", "pk"))
    known = [card.session.pk for card in linked]
    found = same_hour_as(session).exclude(pk__in=known).select_related("place")
    return {
        "linked": linked,
        "maybe_same": cards(found.order_by("received_at", "pk")),
        "may_link": may_link,
    }


class ConfirmView(PersonRequiredMixin, View):
    """Confirm one session or several, by the version one has seen."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Confirm, and lead to the receipt."""
        versions = uuids(request.POST.getlist("version"))[:MOST_CONFIRMED_AT_ONCE]
        known = SessionVersion.objects.filter(
            pk__in=versions, session__in=readable_sessions(self.standing)
        )
        if not versions or known.count() != len(set(versions)):
            raise Http404
        try:
            confirm_sessions(self.person, versions, at=timezone.now())
        except SessionRefused as refusal:
            raise Http404 from refusal
        address = reverse("mentoring:confirmed")
        return redirect(f"{address}?{urlencode([('version', one) for one in versions])}")


class ConfirmedView(PersonRequiredMixin, TemplateView):
    """The receipt after confirming: what is confirmed, what is locked, what has changed since."""

    template_name = "mentoring/confirmed.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The sessions of the versions in the address that I may read."""
        versions = set(uuids(self.request.GET.getlist("version"))[:MOST_CONFIRMED_AT_ONCE])
        sessions = cards(
            readable_sessions(self.standing)
            .with_person(self.person, Side.CASEWORKER)
            .filter(versions__in=versions)
            .distinct()
            .select_related("place")
            .order_by("held_on", "pk")
        )
        if not sessions:
            raise Http404
        confirmed = set(
            Confirmation.objects.filter(person=self.person, version__in=versions).values_list(
                "version_id", flat=True
            )
        )
        done = [card for card in sessions if {card.session.current_id, card.to_confirm} & confirmed]
        return super().get_context_data(
            done=done,
            changed=[card for card in sessions if card not in done],
            **kwargs,
        )


class AskForChangeView(PersonRequiredMixin, FormView[Any]):
    """Tell the mentor what is not right, instead of confirming."""

    template_name = "mentoring/ask_for_change.html"
    form_class = ChangeRequestForm

    @cached_property
    def session(self) -> Session:
        """A session that waits for my confirmation."""
        return get_object_or_404(
            confirmable_sessions(self.standing).select_related("place", "author"),
            pk=self.kwargs["session"],
        )

    @cached_property
    def card(self) -> SessionCard:
        """The session without its text, and which version waits."""
        (card,) = cards([self.session])
        return card

    def form_valid(self, form: ChangeRequestForm) -> HttpResponse:
        """Ask, and go back to the session."""
        try:
            ask_for_change(
                self.person,
                self.card.to_confirm,
                ChangeRequest.What(form.cleaned_data["what"]),
                at=timezone.now(),
            )
        except SessionRefused as refusal:
            form.add_error(None, refusal.messages[0])
            return self.form_invalid(form)
        return redirect(self.session)

    def form_invalid(self, form: ChangeRequestForm) -> HttpResponse:
        """Say what is missing."""
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The session without its text, and whether anybody is left who can change it."""
        this_one = Session.objects.filter(pk=self.session.pk)
        left = without_mentors(this_one, on=self.standing.day)
        return super().get_context_data(
            card=self.card, session=self.session, is_left_behind=left.exists(), **kwargs
        )


class EraseView(PersonRequiredMixin, FormView[Any]):
    """Blank the text of a session: its author, or a coordinator, who does not see the text."""

    template_name = "mentoring/erase.html"
    form_class = EraseForm

    @cached_property
    def session(self) -> Session:
        """A session whose text I may erase."""
        return get_object_or_404(
            erasable_sessions(self.standing).select_related("place"), pk=self.kwargs["session"]
        )

    def form_valid(self, form: EraseForm) -> HttpResponse:
        """Erase, note who did it, and go back to where it is seen."""
        at = timezone.now()
        erase_session(self.session, by=self.person, reason=form.cleaned_data["reason"], at=at)
        record(self.request.user, "erase", self.session, at=at)
        if readable_sessions(self.standing).filter(pk=self.session.pk).exists():
            return redirect(self.session)
        return redirect("mentoring:overview")

    def form_invalid(self, form: EraseForm) -> HttpResponse:
        """Say what is missing."""
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The session without its text, and the way back; a coordinator's look is noted."""
        (card,) = cards([self.session])
        is_mine = self.session.author_id == self.person.pk
        if not is_mine:
            record(self.request.user, "view", self.session, at=timezone.now())
        back = self.session.get_absolute_url() if is_mine else reverse("mentoring:overview")
        return super().get_context_data(card=card, session=self.session, back=back, **kwargs)
