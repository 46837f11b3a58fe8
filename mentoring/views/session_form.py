"""The form of a session: what logging, changing and sending it late have in common."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from competences.models import Competence, Topic
from mentoring.actions import LookAgain, Receipt, SessionConflict, SessionRefused, log_session
from mentoring.beginning import (
    LOGGED_WITHIN,
    SESSIONS_LOOKED_AT,
    by_framework,
    offered_people,
    usual_first,
)
from mentoring.forms.common import NOTHING_CHOSEN
from mentoring.forms.session import SessionForm
from mentoring.models import Pairing, PairingMember, Session, SessionVersion
from mentoring.permissions import ROLES
from mentoring.progress import names, recent_members
from mentoring.views.refusals import add_errors, passages_of
from people.access import RoleRequiredMixin
from people.models import Place

Side = PairingMember.Side
#: Refusals that leave nothing to write on this page.
FINAL = {"locked", "erased"}


class SessionFormView(RoleRequiredMixin, TemplateView, ABC):
    """Draw the form, send it, and say what is in the way.

    Who had it open when the stay or the role ended still sends it, as a device does
    (``mentoring.views.late``).
    """

    template_name = "mentoring/session_form.html"
    required_roles = ROLES[Side.MENTOR]
    form_refuses_identity = True  # in its form, at the field
    form_class = SessionForm

    def may_open(self) -> bool:
        """Mentors; what is sent is looked at by ``post``, which leads whoever has left on."""
        return self.request.method == "POST" or super().may_open()

    @cached_property
    @abstractmethod
    def pairing(self) -> Pairing | None:
        """The pairing one writes in; none where there is none to choose."""

    def form(self, data: Mapping[str, Any] | None = None, **initial: Any) -> SessionForm:
        """The form, with choices that are read when it is drawn."""
        return self.form_class(data, initial=initial, **self.offered())

    def offered(self) -> dict[str, Any]:
        """What there is to choose from, by what the form calls it."""
        return {
            "people": self.people,
            "mentors": self.mentors,
            "owners": self.owners,
            "places": self.places,
            "topics": self.topics,
            "competences": self.competences,
            "agreements": self.agreements,
        }

    @cached_property
    def lately(self) -> list[PairingMember]:
        """Who may have taken part: the members of today, and whoever has left lately."""
        if self.pairing is None:
            return []
        found = recent_members([self.pairing], on=self.standing.day, within=LOGGED_WITHIN)
        return found[self.pairing.pk]

    @property
    def members(self) -> list[PairingMember]:
        """The members of today, who read it."""
        return [member for member in self.lately if member.is_valid_on(self.standing.day)]

    def others(self, side: str) -> list[tuple[str, str]]:
        """Who may have taken part on this side, without me."""
        return offered_people(self.lately, side, me=self.person, on=self.standing.day)

    def present(self, side: str) -> list[tuple[str, str]]:
        """The members of today on this side, without me."""
        return offered_people(self.members, side, me=self.person, on=self.standing.day)

    def people(self) -> list[tuple[str, str]]:
        """The colleagues to choose."""
        return self.others(Side.CASEWORKER)

    def mentors(self) -> list[tuple[str, str]]:
        """The other mentors to choose."""
        return self.others(Side.MENTOR)

    def owners(self) -> list[tuple[str, str]]:
        """Who may do the next step."""
        me = (str(self.person.pk), _("%(name)s (you)") % {"name": self.person.name})
        return [NOTHING_CHOSEN, *self.present(Side.CASEWORKER), me, *self.present(Side.MENTOR)]

    def competences(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """The competences by framework, those of the last time first in each."""
        return by_framework(Competence.objects.offered(on=self.standing.day), self.last_observed)

    @property
    def last_observed(self) -> Mapping[str, str]:
        """What was practised the last time, and how completely; for a hint."""
        return {}

    def agreements(self) -> list[tuple[str, str]]:
        """The agreements to mark as done with it."""
        return []

    def places(self) -> Iterable[tuple[str, str]]:
        """The towns of the municipality, the pairing's own first."""
        if self.pairing is None:
            return []
        own = self.pairing.place
        towns = Place.objects.filter(municipality=own.municipality_id).exclude(pk=own.pk)
        return [(town.key, town.name) for town in [own, *towns.order_by("name")]]

    def topics(self) -> list[tuple[str, str]]:
        """The steps of casework: those of the last sessions, then in the order of the work."""
        topics = usual_first(Topic.objects.offered(on=self.standing.day), self.last_topics())
        return [(topic.key, topic.title) for topic in topics]

    def last_topics(self) -> Iterable[list[str]]:
        """What the last sessions of the pairing were about."""
        if self.pairing is None:
            return []
        sessions = Session.objects.filter(pairing=self.pairing).newest_first()
        return sessions.values_list("topics", flat=True)[:SESSIONS_LOOKED_AT]

    def send(self, form: SessionForm, pairing: Pairing, request: HttpRequest) -> HttpResponse:
        """Send what was filled in, or draw the form again with what is in the way."""
        if not form.is_valid():
            return self.draw(form, status=422)
        given = form.cleaned_data
        try:
            receipt = log_session(
                self.person,
                pairing,
                session_id=given["session"],
                version_id=given["version"],
                parent_id=given["parent"],
                joins_id=given["joins"],
                content=form.content,
                done=form.done_agreements,
                device_at=form.device_at,
                at=timezone.now(),
                looked_again=form.has_looked_again(request.POST),
            )
        except LookAgain as refusal:
            return self.draw(form, status=422, passages=passages_of(form, refusal))
        except SessionConflict as conflict:
            return self.kept_beside(conflict)
        except SessionRefused as refusal:
            if refusal.code in FINAL:
                return self.refused(form, refusal)
            add_errors(form, refusal)
            return self.draw(form, status=422)
        return self.received(receipt)

    def received(self, receipt: Receipt) -> HttpResponse:
        """Say that it has arrived; where another's version said the same already, show that."""
        mine = SessionVersion.objects.filter(pk=receipt.version_id, author=self.person)
        if not (receipt.is_new or mine.exists()):
            return redirect("mentoring:session", receipt.session_id)
        return redirect("mentoring:receipt", receipt.session_id, receipt.version_id)

    def kept_beside(self, conflict: SessionConflict) -> HttpResponse:
        """Another version came first: lead to both."""
        return redirect("mentoring:session-join", conflict.kept.session_id, conflict.kept.pk)

    def refused(self, form: SessionForm, refusal: SessionRefused) -> HttpResponse:
        """The session takes nothing more."""
        return self.draw(None, status=409, refusal=refusal.messages[0])

    def draw(self, form: SessionForm | None, *, status: int = 200, **context: Any) -> HttpResponse:
        """The page with this form."""
        return self.render_to_response(
            self.get_context_data(
                form=form, pairing=self.pairing, readers=self.readers(), **context
            ),
            status=status,
        )

    def readers(self) -> str:
        """Who can read what I write here, in words."""
        others = [member for member in self.members if member.person_id != self.person.pk]
        return names([_("you"), *(member.person.name for member in others)])


def uuid_or_none(value: str | None) -> UUID | None:
    """The id that ``value`` spells, if it is one."""
    try:
        return UUID(value or "")
    except ValueError:
        return None
