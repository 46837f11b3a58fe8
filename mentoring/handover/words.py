"""A dossier in the reader's language: what the page and the file show of it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from competences.models import Level
from core.bilingual import Text
from mentoring.handover.dossier import Dossier, Json, Kind
from mentoring.models import Mode, Pairing, ReadinessItem
from mentoring.progress import names
from people.models import Person, Place

#: What each text of a session is called.
PARTS: dict[str, Callable[[], str]] = {
    "went_well": lambda: _("What went well"),
    "next_step": lambda: _("Next step"),
    "tools": lambda: _("Tools you showed"),
}


@dataclass(frozen=True)
class Told:
    """A dossier in words. Whoever reads the own part alone gets no sessions and no other part."""

    town: str
    form: str
    period: str
    mentor: str
    held: str
    language_note: str
    people: list[Json]
    team: Json
    agreements: list[Json]
    sessions: list[Json]
    contacts: list[Json]
    readiness: list[Json]
    questions: list[Json]
    reasons: list[Json]


def tell(dossier: Dossier, *, only: UUID | None = None) -> Told:
    """The dossier in words; two queries.

    Args:
        only: Whose part alone is shown, for a caseworker.
    """
    content = dossier.content
    people = _names(dossier)
    town = Place.objects.get(key=content["place"])
    parts = {key: part for key, part in dossier.parts.items() if only in (None, key)}
    return Told(
        town=town.name,
        form=str(Pairing.Kind(content["form"]).label),
        period=content["starts_on"],
        mentor=people.get(content["mentor"], ""),
        held=_held(content),
        language_note=content["language_note"],
        people=sorted(
            (_part(dossier, key, part, people) for key, part in parts.items()),
            key=lambda one: (one["name"], str(one["person"])),
        ),
        team={
            "note": dossier.note_about(None),
            "alone": _titles(content["team"]["alone"]),
            "next": _titles(content["team"]["next"]),
            "unmet": _titles(content["team"]["unmet"]),
        },
        agreements=[]
        if only
        else [_agreement(dossier, one, people) for one in content["agreements"]],
        sessions=[] if only else [_session(dossier, one, people) for one in content["sessions"]],
        contacts=[_contact(one) for one in content["contacts"]],
        readiness=[] if only else [_item(one, people) for one in content["readiness"]],
        questions=[] if only else _questions(dossier, people),
        reasons=[
            {"name": people.get(str(one.author), ""), "text": None if only else one.text}
            for one in dossier.texts_of(Kind.REASON)
        ],
    )


def _names(dossier: Dossier) -> Mapping[str, str]:
    """Everybody whom the dossier names, as they are called today."""
    content = dossier.content
    ids = {content["mentor"], *content["caseworkers"], *map(str, dossier.parts)}
    for session in content["sessions"]:
        ids |= set(session["people"])
    ids |= {one["owner"] for one in (*content["agreements"], *content["readiness"])} - {None}
    ids |= {str(one.author) for one in dossier.texts}
    found = Person.objects.filter(pk__in=ids).values_list("pk", "name")
    return {str(pk): name for pk, name in found}


def _held(content: Json) -> str:
    if not content["count"]:
        return _("No session was logged.")
    count = ngettext("%(count)s session", "%(count)s sessions", content["count"])
    return f"{count}, %(minutes)s min" % {"count": content["count"], "minutes": content["minutes"]}


def _titles(titles: Iterable[Mapping[str, str]]) -> list[Text]:
    return [Text.choose({"da": one["da"], "kl": one["kl"]}) for one in titles]


def _day(day: str | None) -> date | None:
    return None if day is None else date.fromisoformat(day)


def _part(dossier: Dossier, person: UUID, part: Json | None, people: Mapping[str, str]) -> Json:
    told: Json = {
        "person": person,
        "name": people.get(str(person), ""),
        "note": dossier.note_about(person),
        "is_erased": part is None,
    }
    if part is not None:
        told |= {
            "alone": _titles(part["alone"]),
            "goals": [_goal(one) for one in part.get("goals", ())],  # dossiers kept before 0.3
            "next": _titles(part["next"]),
            "steps_alone": _titles(part["steps_alone"]),
            "steps_next": _titles(part["steps_next"]),
            "count": part["count"],
            "minutes": part["minutes"],
            "modes": [
                (str(mode.label), part["modes"][mode.value])
                for mode in Mode
                if part["modes"][mode.value]
            ],
            "last_on": _day(part["last_on"]),
            "last_mode": str(Mode(part["last_mode"]).label) if part["last_mode"] else "",
        }
    return told


def _goal(one: Json) -> Json:
    return {
        "title": Text.choose({"da": one["da"], "kl": one["kl"]}),
        "target": str(Level(one["target"]).label),
        "due_on": _day(one["due_on"]),
    }


def _agreement(dossier: Dossier, one: Json, people: Mapping[str, str]) -> Json:
    texts = dossier.texts_of(Kind.AGREEMENT, session=UUID(one["session"]))
    return {
        "text": texts[0].text if texts else None,
        "owner": people.get(one["owner"], ""),
        "due_on": _day(one["due_on"]),
        "made_on": _day(one["made_on"]),
    }


def _session(dossier: Dossier, one: Json, people: Mapping[str, str]) -> Json:
    texts = {
        words.part: words.text
        for words in dossier.texts_of(Kind.SESSION, session=UUID(one["session"]))
    }
    return {
        "held_on": _day(one["held_on"]),
        "minutes": one["minutes"],
        "mode": str(Mode(one["mode"]).label),
        "steps": _titles(one["steps"]),
        "people": names(sorted(people.get(person, "") for person in one["people"])),
        "texts": [(said(), texts[part]) for part, said in PARTS.items() if texts.get(part)],
        "is_erased": bool(texts) and not any(texts.values()),
    }


def _contact(one: Json) -> Json:
    return {
        "name": Text.choose(one["name"]),
        "phone": one["phone"],
        "dialled": one["phone"].replace(" ", ""),
        "email": one["email"],
        "hours": Text.choose(one["hours"]),
        "checked_on": _day(one["checked_on"]),
    }


def _item(one: Json, people: Mapping[str, str]) -> Json:
    kinds: dict[str, Any] = dict(ReadinessItem.Kind.choices)
    return {
        "title": one["title"] or str(kinds[one["what"]]),
        "owner": people.get(one["owner"], "") if one["owner"] else "",
        "due_on": _day(one["due_on"]),
    }


def _questions(dossier: Dossier, people: Mapping[str, str]) -> list[Json]:
    answers = {one.reply_to: one for one in dossier.texts_of(Kind.ANSWER)}
    return [
        {
            "pk": one.pk,
            "name": people.get(str(one.author), ""),
            "text": one.text,
            "answer": answers.get(one.pk),
            "answered_by": people.get(str(answers[one.pk].author), "") if one.pk in answers else "",
        }
        for one in dossier.texts_of(Kind.QUESTION)
    ]
