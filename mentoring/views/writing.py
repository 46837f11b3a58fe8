"""Logging a session and changing one: for mentors of the pairing."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from competences.models import Competence, Topic
from mentoring.actions import SessionRefused
from mentoring.agreements.listing import AgreementRow, rows_of
from mentoring.beginning import (
    AGREEMENTS_SHOWN,
    as_last_time,
    likely,
    observed_in,
    observed_rows,
    promised,
    written_in,
)
from mentoring.forms.session import AmendForm, SessionForm, new_ids
from mentoring.models import (
    MOST_CHARACTERS,
    TEXTS,
    Agreement,
    Pairing,
    Session,
    SessionParticipant,
    SessionVersion,
)
from mentoring.permissions import (
    own_pairings,
    pairing_to_log_in,
    planned_sessions,
    readable_sessions,
)
from mentoring.telling import tell
from mentoring.views.late import LateView
from mentoring.views.session_form import SessionFormView, Side, uuid_or_none


class LogView(SessionFormView):
    """Log a session, in the pairing used last or one that was chosen."""

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

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Send it. Where the pairing is not one of mine today, it may have been."""
        pairing = pairing_to_log_in(self.standing, uuid_or_none(request.POST.get("pairing")))
        if pairing is None:
            return LateView.as_view()(request)
        self.pairing = pairing
        return self.send(self.form(request.POST), pairing, request)

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
        asked = uuid_or_none(self.request.GET.get("plan"))
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

    late_view: type[LateView] = LateView

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

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Send the new version. Where the session is not mine to read today, it may have been."""
        try:
            session = self.session
        except Http404:
            return self.late_view.as_view()(request)
        form = self.form(request.POST)
        if form.is_valid() and form.cleaned_data["session"] != session.pk:
            form.add_error(None, _("The form belongs to another session. Open it again."))
        return self.send(form, session.pairing, request)

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
