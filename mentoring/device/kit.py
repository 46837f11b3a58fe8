"""What the log form needs where there is no link: the choices of every pairing and its last time.

Made from what the page of the form is made from (``mentoring.beginning``). A text that differs in
the two languages comes in both, because whoever is away may change language.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any, TypeAlias
from uuid import UUID

from django.conf import settings
from django.db.models import F, OuterRef, Subquery, Window
from django.db.models.functions import RowNumber
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from competences.models import Competence, Topic
from mentoring.actions.late import is_awaited
from mentoring.agreements.listing import rows_of
from mentoring.beginning import (
    AGREEMENTS_SHOWN,
    LOGGED_WITHIN,
    SESSIONS_LOOKED_AT,
    as_last_time,
    likely,
    observed_in,
    offered_people,
    promised,
    usual_first,
    written_in,
)
from mentoring.content import Interpreter, Language, TextLanguage
from mentoring.models import (
    Agreement,
    Mode,
    Observed,
    Pairing,
    PairingMember,
    Session,
    SessionVersion,
)
from mentoring.permissions import editable_sessions, own_pairings, planned_sessions
from mentoring.progress import names, recent_members
from mentoring.telling import for_device
from people.models import Person, Place
from people.permissions import Standing

Side = PairingMember.Side
#: What the parts of a session are called where it is read.
LABELS = {
    "held_on": gettext_lazy("Day"),
    "minutes": gettext_lazy("Minutes"),
    "place": gettext_lazy("Town"),
    "participants": gettext_lazy("Who took part"),
    "topics": gettext_lazy("Worked on"),
    "mode": gettext_lazy("How"),
    "languages": gettext_lazy("Languages"),
    "interpreter": gettext_lazy("Interpreter"),
    "competences": gettext_lazy("Practised"),
    "next_owner": gettext_lazy("Agreement"),
    "went_well": gettext_lazy("What went well"),
    "next_step": gettext_lazy("Next step"),
    "tools": gettext_lazy("Tools you showed"),
}
#: A text, or the text by language.
Said: TypeAlias = "str | dict[str, str]"


def said(say: Callable[[], object]) -> Said:
    """What ``say`` says, in both languages where they differ."""
    texts = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            texts[code] = str(say())
    return texts if len(set(texts.values())) > 1 else texts[settings.LANGUAGE_CODE]


def log_kit(standing: Standing) -> tuple[dict[str, Any], list[Session]] | None:
    """The kit of whoever is or lately was a mentor, and the sessions it shows others' text of.

    None for whoever is neither. Of a training that has ended it says nothing: a draft of it has
    with it what its form offers. A dozen queries, whatever the number of pairings and sessions.
    """
    me = standing.person
    pairings = list(
        own_pairings(standing, Side.MENTOR).select_related("place").order_by("-starts_on", "pk")
    )
    if me is None or not (pairings or is_awaited(standing)):
        return None
    day = standing.day
    members = recent_members(pairings, on=day, within=LOGGED_WITHIN)
    last = _last_sessions(me, pairings)
    topics = list(Topic.objects.offered(on=day))
    used = _used_topics(pairings)
    towns = _towns(pairings)
    agreements = _open_agreements(me, pairings, on=day)
    beside = _beside(standing)
    newest = max(last.values(), key=lambda session: session.received_at, default=None)
    kit = {
        "schema": 1,
        "me": str(me.pk),
        "my_name": me.name,
        "pairing": str(newest.pairing_id) if newest else str(pairings[0].pk) if pairings else None,
        "pairings": [
            _pairing(
                pairing,
                me,
                members[pairing.pk],
                last[pairing.pk].current.content if pairing.pk in last else {},
                on=day,
            )
            | {
                "places": [(town.key, town.name) for town in _own_first(towns, pairing)],
                "topics": [topic.key for topic in usual_first(topics, used[pairing.pk])],
                "agreements": agreements[pairing.pk],
            }
            for pairing in pairings
        ],
        "topics": [(topic.key, _title(topic)) for topic in topics],
        "competences": _competences(standing),
        "choices": {
            name: [(value, said(partial(str, label))) for value, label in choices]
            for name, choices in (
                ("mode", Mode.choices),
                ("languages", Language.choices),
                ("interpreter", Interpreter.choices),
                ("observed", Observed.choices),
                ("text_languages", TextLanguage.choices),
            )
        },
        "plans": _plans(standing, pairings),
        "labels": {name: said(partial(str, label)) for name, label in LABELS.items()},
        "beside": [_both_of(version) for version in beside],
        "names": _names(beside),
    }
    return kit, [version.session for version in beside]


def _title(one: Topic | Competence) -> Said:
    return said(partial(getattr, one, "title"))


def _pairing(
    pairing: Pairing,
    me: Person,
    lately: Sequence[PairingMember],
    last: Mapping[str, Any],
    *,
    on: date,
) -> dict[str, Any]:
    """Who may have taken part, who reads it, and what a log begins with, the day left out."""
    members = [one for one in lately if one.is_valid_on(on)]
    people, mentors = (
        offered_people(members, side, me=me, on=on) for side in (Side.CASEWORKER, Side.MENTOR)
    )
    usual = likely(
        last,
        town=pairing.place.key,
        colleagues=[key for key, _name in people],
        mentors=[key for key, _name in mentors],
    )
    owner, days = promised(last, usual["participants"])
    read_by = [one.person.name for one in members if one.person_id != me.pk]
    myself = said(lambda: _("%(name)s (you)") % {"name": me.name})
    return {
        "id": str(pairing.pk),
        "label": said(lambda: f"{pairing.place} ({pairing.get_kind_display()})"),
        "people": offered_people(lately, Side.CASEWORKER, me=me, on=on),
        "mentors": offered_people(lately, Side.MENTOR, me=me, on=on),
        "owners": [*people, (str(me.pk), myself), *mentors],
        "readers": said(lambda: names([_("you"), *read_by])),
        "begins": usual | written_in(last) | {"next_owner": owner, "next_days": days},
        "last": as_last_time(last) if last else None,
        "observed": observed_in(last),
    }


def _last_sessions(me: Person, pairings: Sequence[Pairing]) -> dict[UUID, Session]:
    """The session I logged last in each pairing, with what it says; one query."""
    own = Session.objects.filter(author=me, pairing=OuterRef("pk")).order_by("-received_at")
    latest = Pairing.objects.filter(pk__in=[one.pk for one in pairings]).values_list(
        Subquery(own.values("pk")[:1])
    )
    found = Session.objects.filter(pk__in=latest).select_related("current")
    return {session.pairing_id: session for session in found}


def _used_topics(pairings: Sequence[Pairing]) -> dict[UUID, list[list[str]]]:
    """What the last sessions of each pairing were about; one query."""
    rank = Window(
        RowNumber(),
        partition_by="pairing",
        order_by=[F("held_on").desc(), F("received_at").desc(), F("pk").asc()],
    )
    found: dict[UUID, list[list[str]]] = defaultdict(list)
    for pairing, topics in (
        Session.objects.filter(pairing__in=pairings)
        .annotate(rank=rank)
        .filter(rank__lte=SESSIONS_LOOKED_AT)
        .order_by("rank")
        .values_list("pairing", "topics")
    ):
        found[pairing].append(topics)
    return found


def _towns(pairings: Sequence[Pairing]) -> list[Place]:
    municipalities = {pairing.place.municipality_id for pairing in pairings}
    return list(Place.objects.filter(municipality__in=municipalities).order_by("name"))


def _own_first(towns: Iterable[Place], pairing: Pairing) -> list[Place]:
    """The towns of the pairing's municipality, its own first."""
    own = pairing.place
    near = [town for town in towns if town.municipality_id == own.municipality_id]
    return sorted(near, key=lambda town: town.pk != own.pk)


def _open_agreements(
    me: Person, pairings: Sequence[Pairing], *, on: date
) -> dict[UUID, list[tuple[str, Said]]]:
    """What is open in each pairing or was handed over to me, the soonest first.

    Two queries, and one for each pairing in a town where something was handed over.
    """
    rank = Window(
        RowNumber(),
        partition_by="pairing",
        order_by=[F("due_on").asc(nulls_last=True), F("made_at").asc(), F("pk").asc()],
    )
    waiting = (
        Agreement.objects.filter(pairing__in=pairings)
        .open()
        .in_words()
        .annotate(rank=rank)
        .filter(rank__lte=AGREEMENTS_SHOWN)
        .order_by("rank")
    )
    found: dict[UUID, list[Agreement]] = defaultdict(list)
    for agreement in waiting:
        found[agreement.pairing_id].append(agreement)
    towns = set(
        Agreement.objects.handed_over_to(me).open().values_list("pairing__place", flat=True)
    )
    for pairing in pairings:
        if pairing.place_id in towns:
            followed = Agreement.objects.for_next_session(pairing, me).open().soonest_first()
            found[pairing.pk] = list(followed.in_words()[:AGREEMENTS_SHOWN])
    return defaultdict(
        list,
        {
            key: [(str(one.pk), said(partial(_in_a_line, one, on))) for one in agreements]
            for key, agreements in found.items()
        },
    )


def _in_a_line(agreement: Agreement, day: date) -> str:
    return rows_of([agreement], on=day)[0].label


def _competences(standing: Standing) -> list[tuple[Said, list[tuple[str, Said]]]]:
    """The competences by framework; what was observed last stands with each pairing."""
    groups: dict[UUID, tuple[Said, list[tuple[str, Said]]]] = {}
    for one in Competence.objects.offered(on=standing.day):
        framework = one.framework
        if framework.pk not in groups:
            groups[framework.pk] = (said(partial(getattr, framework, "title")), [])
        groups[framework.pk][1].append((str(one.pk), _title(one)))
    return list(groups.values())


def _plans(standing: Standing, pairings: Sequence[Pairing]) -> dict[str, dict[str, Any]]:
    """The planned sessions that a log may begin with; one query."""
    begin = standing.day - LOGGED_WITHIN
    plans = planned_sessions(standing).filter(pairing__in=pairings, held_on__gte=begin)
    return {
        str(plan.pk): {
            "pairing": str(plan.pairing_id),
            "held_on": plan.held_on.isoformat(),
            "minutes": plan.minutes,
            "mode": plan.mode,
        }
        for plan in plans.order_by("starts_at", "pk")
    }


# --- Two versions side by side --------------------------------------------------------------------


def _beside(standing: Standing) -> list[SessionVersion]:
    """The versions beside the current one in sessions of mine, as long as nobody has chosen."""
    own = editable_sessions(standing).values("pk")
    return list(
        SessionVersion.objects.unsettled()
        .filter(session__in=own)
        .select_related("session__current")
        .order_by("received_at", "pk")
    )


def _both_of(beside: SessionVersion) -> dict[str, Any]:
    session = beside.session
    return {
        "session": str(session.pk),
        "pairing": str(session.pairing_id),
        "current": for_device(session.current),
        "kept": for_device(beside),
    }


def _names(versions: Iterable[SessionVersion]) -> dict[str, str]:
    """The names of whoever the versions name; one query where there are any."""
    ids: set[str] = set()
    for version in versions:
        for one in (version, version.session.current):
            promised_to = one.content.get("next_owner")
            ids |= {str(one.author_id), *one.content["participants"]}
            ids |= {promised_to} if promised_to else set()
    if not ids:
        return {}
    return {
        str(pk): name for pk, name in Person.objects.filter(pk__in=ids).values_list("pk", "name")
    }
