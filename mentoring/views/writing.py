"""Logging a session and changing one: for mentors of the pairing."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from competences.models import Competence, Topic
from mentoring.actions import (
    LookAgain,
    Receipt,
    SessionConflict,
    SessionRefused,
    log_session,
    pairing_of_stay,
)
from mentoring.actions.late import is_awaited
from mentoring.agreements.listing import AgreementRow, rows_of
from mentoring.beginning import (
    AGREEMENTS_SHOWN,
    LOGGED_WITHIN,
    SESSIONS_LOOKED_AT,
    as_last_time,
    by_framework,
    likely,
    observed_in,
    observed_rows,
    offered_people,
    promised,
    usual_first,
    written_in,
)
from mentoring.forms.common import NOTHING_CHOSEN
from mentoring.forms.session import AmendForm, SessionForm, new_ids
from mentoring.models import (
    MOST_CHARACTERS,
    TEXTS,
    Agreement,
    Pairing,
    PairingMember,
    Session,
    SessionParticipant,
    SessionVersion,
)
from mentoring.permissions import (
    ROLES,
    own_pairings,
    pairing_to_log_in,
    planned_sessions,
    readable_sessions,
)
from mentoring.progress import names, recent_members
from mentoring.telling import tell
from mentoring.views.refusals import add_errors, passages_of
from people.access import RoleRequiredMixin
from people.models import Place

Side = PairingMember.Side
#: Refusals that leave nothing to write on this page.
FINAL = {"locked", "erased"}


class SessionFormView(RoleRequiredMixin, TemplateView, ABC):
    """What logging and changing have in common."""

    template_name = "mentoring/session_form.html"
    required_roles = ROLES[Side.MENTOR]
    form_refuses_identity = True  # in its form, at the field
    form_class = SessionForm

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
        """Say that it has arrived."""
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


class LogView(SessionFormView):
    """Log a session, in the pairing used last or one that was chosen.

    Who had the form open when the stay or the role ended still sends it, as a device does.
    """

    #: Whether the stay has ended since the form was drawn.
    has_left = False

    def may_open(self) -> bool:
        """Mentors, and whoever was one and still sends what was written then."""
        is_sent = self.request.method == "POST"
        return super().may_open() or (is_sent and is_awaited(self.standing))

    @cached_property
    def pairings(self) -> list[Pairing]:
        """My pairings as a mentor, the newest first."""
        own = own_pairings(self.standing, Side.MENTOR).select_related("place")
        return list(own.order_by("-starts_on", "pk"))

    @cached_property
    def last(self) -> Session | None:
        """The session I logged last."""
        own = Session.objects.filter(author=self.person, pairing__in=self.pairings)
        return own.select_related("current").order_by("-received_at").first()

    @cached_property
    def last_content(self) -> Mapping[str, Any]:
        """What I wrote last in this pairing; nothing before the first time."""
        if self.pairing is None or self.last is None:
            return {}
        last: Session | None = self.last
        if self.last.pairing_id != self.pairing.pk:
            own = Session.objects.filter(author=self.person, pairing=self.pairing)
            last = own.select_related("current").order_by("-received_at").first()
        content: Mapping[str, Any] = last.current.content if last else {}
        return content

    @property
    def last_observed(self) -> Mapping[str, str]:
        """What was practised the last time, and how completely."""
        return observed_in(self.last_content)

    def agreements(self) -> list[tuple[str, str]]:
        """What is open in the pairing or was handed over to me, the soonest first."""
        return [(str(row.agreement.pk), row.label) for row in self.open_agreements]

    @cached_property
    def open_agreements(self) -> list[AgreementRow]:
        """The same in words."""
        if self.pairing is None:
            return []
        followed = Agreement.objects.for_next_session(self.pairing, self.person)
        waiting = followed.open().soonest_first()
        return rows_of(waiting.in_words()[:AGREEMENTS_SHOWN], on=self.standing.day)

    @cached_property
    def pairing(self) -> Pairing | None:
        """The chosen pairing, else that of the last session, else the newest."""
        known = {str(pairing.pk): pairing for pairing in self.pairings}
        asked = self.request.POST.get("pairing") or self.request.GET.get("forloeb")
        if asked in known:
            return known[asked]
        last = known.get(str(self.last.pairing_id)) if self.last else None
        return last or next(iter(self.pairings), None)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The form, filled with what is most likely."""
        if self.pairing is None:
            return self.draw(None)
        return self.draw(self.form(**self.likely(self.pairing)))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Send it. The pairing is or was one of mine, or there is no such page."""
        asked = _uuid_or_none(request.POST.get("pairing"))
        pairing = pairing_to_log_in(self.standing, asked)
        if pairing is None:
            return self.send_after_stay(asked, request)
        self.pairing = pairing
        return self.send(self.form(request.POST), pairing, request)

    def send_after_stay(self, asked: UUID | None, request: HttpRequest) -> HttpResponse:
        """Take in what was written during a stay that has ended since, or give it back with words.

        Nothing of the pairing is shown any more, whoever was met in it is not named.
        """
        self.pairing, self.has_left = None, True
        form = self.form(request.POST)
        form.is_valid()
        try:
            day = form.cleaned_data.get("held_on")
            pairing = None if asked is None else pairing_of_stay(self.standing, asked, on=day)
        except SessionRefused as refusal:
            form.add_error(None, refusal.messages[0])
            return self.draw(form, status=422)
        if pairing is None:
            raise Http404
        return self.send(form, pairing, request)

    def others(self, side: str) -> list[tuple[str, str]]:
        """Who may have taken part; after the stay whom I had chosen, without a name."""
        if not self.has_left:
            return super().others(side)
        is_colleague = side == Side.CASEWORKER
        chosen = self.request.POST.getlist("participants" if is_colleague else "mentors")
        return [(one, _("A colleague") if is_colleague else _("Mentor")) for one in chosen]

    def present(self, side: str) -> list[tuple[str, str]]:
        """The members of today on this side; after the stay whom I had chosen."""
        return self.others(side) if self.has_left else super().present(side)

    def places(self) -> Iterable[tuple[str, str]]:
        """The towns of the municipality; after the stay the one I had chosen."""
        if not self.has_left:
            return super().places()
        return Place.objects.filter(key=self.request.POST.get("place", "")).values_list(
            "key", "name"
        )

    def readers(self) -> str:
        """Who can read what I write here; after the stay nothing of it is told."""
        return "" if self.has_left else super().readers()

    def received(self, receipt: Receipt) -> HttpResponse:
        """Say that it has arrived; after the stay there is no page of it to lead to."""
        if not self.has_left:
            return super().received(receipt)
        said = _("The session is received. Your receipt is %(code)s.") % {"code": receipt.code}
        messages.success(self.request, said)
        return redirect("start")

    def kept_beside(self, conflict: SessionConflict) -> HttpResponse:
        """Another version came first; after the stay the members choose."""
        if not self.has_left:
            return super().kept_beside(conflict)
        said = _("The session says something else by now. Yours is kept, and the others choose.")
        messages.warning(self.request, said)
        return redirect("start")

    def likely(self, pairing: Pairing) -> dict[str, Any]:
        """Today, with whom and as I worked last time; the whole of it where that is asked for."""
        last, day = self.last_content, self.standing.day
        usual = likely(
            last,
            town=pairing.place.key,
            colleagues=[key for key, _name in self.present(Side.CASEWORKER)],
            mentors=[key for key, _name in self.present(Side.MENTOR)],
        )
        tool = self.request.GET.get("redskab", "")[:MOST_CHARACTERS]
        owner, days = promised(last, usual["participants"])
        return {
            **new_ids(),
            "pairing": pairing.pk,
            "held_on": day,
            **usual,
            "tools": tool or usual["tools"],
            "next_owner": owner,
            "next_by": None if days is None else day + timedelta(days=days),
            **written_in(last, get_language() or ""),
            **(as_last_time(last) if "som-sidst" in self.request.GET else {}),
            **self.planned(pairing),
        }

    def planned(self, pairing: Pairing) -> dict[str, Any]:
        """What the planned session of the address says: a plan becomes a log with one press."""
        asked = _uuid_or_none(self.request.GET.get("plan"))
        if asked is None:
            return {}
        plan = planned_sessions(self.standing).filter(pk=asked, pairing=pairing).first()
        if plan is None:
            return {}
        return {"held_on": plan.held_on, "minutes": plan.minutes, "mode": plan.mode}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The other pairings, and the last time, to change to before one writes."""
        others, may_repeat = [], False
        if self.request.method == "GET":
            others = [one for one in self.pairings if one != self.pairing]
            may_repeat = bool(self.last_content) and "som-sidst" not in self.request.GET
        return super().get_context_data(
            other_pairings=others,
            may_repeat=may_repeat,
            open_agreements=self.open_agreements,
            **kwargs,
        )


class EditView(SessionFormView):
    """Change an open session: a new version, which asks everybody to confirm again."""

    @cached_property
    def session(self) -> Session:
        """A session whose text I may read."""
        return get_object_or_404(
            readable_sessions(self.standing)
            .with_person(self.person, Side.MENTOR)
            .select_related("pairing__place", "current__author"),
            pk=self.kwargs["session"],
        )

    @cached_property
    def pairing(self) -> Pairing:
        """The session's own."""
        return self.session.pairing

    def others(self, side: str) -> list[tuple[str, str]]:
        """Who may have taken part on this side, and whoever did, without me."""
        return self.with_those_there(super().others(side), side)

    def present(self, side: str) -> list[tuple[str, str]]:
        """The members of today on this side, and whoever took part there, without me."""
        return self.with_those_there(super().present(side), side)

    def with_those_there(self, offered: list[tuple[str, str]], side: str) -> list[tuple[str, str]]:
        """``offered``, and whoever took part on this side."""
        took_part = {
            str(one.person_id): one.person.name
            for one in self.took_part
            if one.side == side and one.person_id != self.person.pk
        }
        return list((dict(offered) | took_part).items())

    @cached_property
    def took_part(self) -> list[SessionParticipant]:
        """Who took part, by the version that holds."""
        return list(self.session.participants.select_related("person").order_by("person__name"))

    def topics(self) -> list[tuple[str, str]]:
        """The steps on offer, and those the session names."""
        offered = dict(super().topics())
        gone = [key for key in self.session.topics if key not in offered]
        retired = Topic.objects.filter(key__in=gone) if gone else []
        return [*offered.items(), *((topic.key, topic.title) for topic in retired)]

    def competences(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """The competences on offer, and those that a version of the session names."""
        groups = super().competences()
        offered = {key for _title, rows in groups for key, _label in rows}
        contents = self.session.versions.values_list("content", flat=True)
        rows = [row for content in contents for row in content.get("competences", ())]
        if gone := {row["competence"] for row in rows} - offered:
            found = Competence.objects.filter(pk__in=gone).order_by("title_da", "pk")
            named = [(str(one.pk), str(one.title)) for one in found]
            groups.append((_("Not offered any more"), named))
        return groups

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The form with the current version, or why it cannot be changed."""
        if not self.session.is_open:
            return self.draw(None, refusal=_refusal_of(self.session))
        return self.draw(self.form(**self.filled(self.session.current)))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Send the new version."""
        form = self.form(request.POST)
        if form.is_valid() and form.cleaned_data["session"] != self.session.pk:
            form.add_error(None, _("The form belongs to another session. Open it again."))
        return self.send(form, self.session.pairing, request)

    def refused(self, form: SessionForm, refusal: SessionRefused) -> HttpResponse:
        """Locked while somebody wrote: nothing is lost, it can be sent as an amendment."""
        if refusal.code != "locked":
            return super().refused(form, refusal)
        holds = Session.objects.values_list("current", flat=True).get(pk=self.session.pk)
        data = self.request.POST.copy()
        data["parent"], data["version"] = str(holds), str(uuid4())
        amended = AmendForm(data, **self.offered())
        amended.add_error(
            None, _("Everybody has confirmed the session meanwhile. Send yours as an amendment.")
        )
        return self.draw(amended, status=409, amends=True)

    def filled(self, version: SessionVersion) -> dict[str, Any]:
        """The form's values for a version to begin with."""
        content = version.content
        took_part = content["participants"]
        languages = content.get("text_languages", {})
        plain = ("held_on", "minutes", "place", "topics", "mode", "languages", "interpreter")
        return {
            **{key: content[key] for key in (*plain, *TEXTS)},
            **{key: content.get(key, "") for key in ("next_owner", "next_by")},
            **{f"language_{key}": languages.get(key, "") for key in TEXTS},
            "competences": observed_rows(content),
            "participants": took_part,
            "mentors": took_part,
            "pairing": self.session.pairing_id,
            "session": self.session.pk,
            "version": uuid4(),
            "parent": self.session.current_id,
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The session that is changed."""
        return super().get_context_data(session=self.session, **kwargs)


class JoinView(EditView):
    """Two versions stand side by side: choose one, or make one of both. Both stay readable."""

    @cached_property
    def beside(self) -> SessionVersion:
        """The version beside the current one, as long as nobody has chosen."""
        return get_object_or_404(
            SessionVersion.objects.unsettled().select_related("author"),
            pk=self.kwargs["version"],
            session=self.session,
        )

    def filled(self, version: SessionVersion) -> dict[str, Any]:
        """The version to begin with: the one beside, unless the current one is asked for."""
        begin = self.session.current if "den-anden" in self.request.GET else self.beside
        return {**super().filled(begin), "joins": self.beside.pk}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Both versions, to compare."""
        current, beside = tell([self.session.current, self.beside])
        current["heading"] = _("Holds now, by %(name)s") % {"name": self.session.current.author}
        beside["heading"] = _("Came later, by %(name)s") % {"name": self.beside.author}
        return super().get_context_data(
            beside=self.beside,
            both=[current, beside],
            from_current="den-anden" in self.request.GET,
            **kwargs,
        )


def _refusal_of(session: Session) -> str:
    if session.erased_at is not None:
        return _("The text of the session was erased.")
    return _("Everybody has confirmed the session. It cannot be changed.")


def _uuid_or_none(value: str | None) -> UUID | None:
    try:
        return UUID(value or "")
    except ValueError:
        return None
