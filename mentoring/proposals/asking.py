"""What a round is read with: each query is written once per process (``core.prepared``).

``planned`` is the id of the round, ``day`` the one on which it is read. Ids come as texts, for
:class:`mentoring.proposals.reading.Keys`.
"""

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet, TextField
from django.db.models.functions import Cast

from core.prepared import Prepared
from mentoring.models import (
    FixedPair,
    Need,
    NeedLanguage,
    PairingMember,
    Stay,
    StayWindow,
    StayWish,
)
from people.models import LanguageSkill, Person, Role

Side = PairingMember.Side


def _as_text(*names: str) -> list[Cast]:
    return [Cast(name, TextField()) for name in names]


def _standing_needs(planned: UUID) -> QuerySet[Need]:
    return Need.objects.standing().filter(round_id=planned)


def _standing_stays(planned: UUID) -> Any:
    return Stay.objects.standing().filter(round_id=planned)


def _town_roles(planned: UUID) -> QuerySet[Role]:
    """Those who work as caseworkers in one of the towns, at whatever time."""
    towns = _standing_needs(planned).values("place")
    return Role.objects.filter(key=Role.Key.CASEWORKER, scope=Role.Scope.TOWN, place__in=towns)


# --- What places ask for --------------------------------------------------------------------------


@Prepared
def needs(planned: UUID) -> QuerySet[Any]:
    """Form, seats, profession, days, interpreter, key, place and pairing of each need."""
    return _standing_needs(planned).values_list(
        "kind",
        "seats",
        "profession",
        "starts_on",
        "ends_on",
        "has_interpreter",
        *_as_text("pk", "place_id", "pairing_id"),
    )


@Prepared
def need_languages(planned: UUID) -> QuerySet[Any]:
    """Language, level and need."""
    return NeedLanguage.objects.filter(need__in=_standing_needs(planned)).values_list(
        "language", "level", *_as_text("need_id")
    )


@Prepared
def need_competences(planned: UUID) -> QuerySet[Any]:
    """Need and competence."""
    return Need.competences.through.objects.filter(need__in=_standing_needs(planned)).values_list(
        *_as_text("need_id", "competence_id")
    )


# --- What mentors bring ---------------------------------------------------------------------------


@Prepared
def stays(planned: UUID) -> QuerySet[Any]:
    """Profession, most colleagues, key and person of each stay."""
    return _standing_stays(planned).values_list(
        "profession", "most_colleagues", *_as_text("pk", "person_id")
    )


@Prepared
def stays_over(planned: UUID, day: date) -> QuerySet[Any]:
    """The stays that are over."""
    return _standing_stays(planned).over(on=day).values_list(*_as_text("pk"))


@Prepared
def windows(planned: UUID) -> QuerySet[Any]:
    """Form, days and stay."""
    return (
        StayWindow.objects.filter(stay__in=_standing_stays(planned))
        .order_by("starts_on", "kind")
        .values_list("kind", "starts_on", "ends_on", *_as_text("stay_id"))
    )


@Prepared
def stay_competences(planned: UUID) -> QuerySet[Any]:
    """Stay and competence."""
    return Stay.competences.through.objects.filter(stay__in=_standing_stays(planned)).values_list(
        *_as_text("stay_id", "competence_id")
    )


@Prepared
def wishes(planned: UUID) -> QuerySet[Any]:
    """Position, stay and place."""
    return StayWish.objects.filter(stay__in=_standing_stays(planned)).values_list(
        "position", *_as_text("stay_id", "place_id")
    )


@Prepared
def companions(planned: UUID) -> QuerySet[Any]:
    """Two stays that are linked to travel together."""
    return Stay.travels_with.through.objects.filter(
        from_stay__in=_standing_stays(planned), to_stay__in=_standing_stays(planned)
    ).values_list(*_as_text("from_stay_id", "to_stay_id"))


# --- Colleagues, languages and what was before ----------------------------------------------------


@Prepared
def town_roles(planned: UUID) -> QuerySet[Any]:
    """From when until when, person and town."""
    return (
        _town_roles(planned)
        .order_by("person_id", "starts_on")
        .values_list("starts_on", "ends_on", *_as_text("person_id", "place_id"))
    )


@Prepared
def spoken_by_mentors(planned: UUID) -> QuerySet[Any]:
    """Language, level and person."""
    return _spoken(Person.objects.filter(pk__in=_standing_stays(planned).values("person")))


@Prepared
def spoken_by_colleagues(planned: UUID) -> QuerySet[Any]:
    """Language, level and person."""
    return _spoken(Person.objects.filter(pk__in=_town_roles(planned).values("person")))


def _spoken(whose: QuerySet[Person]) -> QuerySet[Any]:
    return LanguageSkill.objects.filter(spoken__gt=0, person__in=whose).values_list(
        "language", "spoken", *_as_text("person_id")
    )


def _mentored_before(planned: UUID, before: date) -> QuerySet[PairingMember]:
    return _paired_before(planned, before).filter(
        side=Side.MENTOR, person__in=_standing_stays(planned).values("person")
    )


def _paired_before(planned: UUID, before: date) -> QuerySet[PairingMember]:
    # Those of this very round say nothing of before.
    own = Need.objects.filter(round_id=planned, pairing__isnull=False).values("pairing")
    return (
        PairingMember.objects.filter(starts_on__lt=before)
        .exclude(pairing__in=own)
        .exclude(ends_on=F("starts_on"))
    )


@Prepared
def mentored_before(planned: UUID, before: date) -> QuerySet[Any]:
    """Mentor, pairing and its town."""
    return _mentored_before(planned, before).values_list(
        *_as_text("person_id", "pairing_id", "pairing__place_id")
    )


@Prepared
def beside_them_before(planned: UUID, before: date) -> QuerySet[Any]:
    """Pairing and the caseworkers who were in it with one of the mentors."""
    return (
        _paired_before(planned, before)
        .filter(
            side=Side.CASEWORKER, pairing__in=_mentored_before(planned, before).values("pairing")
        )
        .values_list(*_as_text("pairing_id", "person_id"))
    )


@Prepared
def mentored_here(planned: UUID) -> QuerySet[Any]:
    """Days, form, when it was handed over, mentor, pairing and town: what was in these towns."""
    return (
        PairingMember.objects.with_days()
        .filter(
            side=Side.MENTOR,
            person__in=_standing_stays(planned).values("person"),
            pairing__place__in=_standing_needs(planned).values("place"),
        )
        .values_list(
            "starts_on",
            "ends_on",
            "pairing__kind",
            "handover__settled_at",
            *_as_text("person_id", "pairing_id", "pairing__place_id"),
        )
    )


@Prepared
def fixed(planned: UUID) -> QuerySet[Any]:
    """Locked or forbidden, stay and need."""
    return FixedPair.objects.filter(
        Q(stay__withdrawn_at__isnull=True, need__withdrawn_at__isnull=True), round_id=planned
    ).values_list("kind", *_as_text("stay_id", "need_id"))
