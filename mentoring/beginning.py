"""What a log offers and begins with, said once for the page and for a device without a link."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from competences.models import Competence, Topic
from mentoring.content import TextLanguage
from mentoring.models import TEXTS, Observed, PairingMember
from people.models import Person

#: How far back to look for the usual steps.
SESSIONS_LOOKED_AT = 20
#: Agreements to mark as done with a session; the page of agreements shows them all.
AGREEMENTS_SHOWN = 20
#: How long a session can be logged from its plan, and with somebody who has left since.
LOGGED_WITHIN = timedelta(days=60)
#: Steps that are in sight before one asks for more.
STEPS_IN_SIGHT = 6


def usual_first(topics: Iterable[Topic], used: Iterable[Sequence[str]]) -> list[Topic]:
    """The steps, those of the last sessions first, then in the order of the work.

    Args:
        used: The keys of each of those sessions.
    """
    topics = list(topics)
    offered = {topic.key for topic in topics}
    counted = Counter(key for keys in used for key in keys if key in offered)
    usual = {key for key, _count in counted.most_common(STEPS_IN_SIGHT)}
    return sorted(topics, key=lambda topic: topic.key not in usual)


def offered_people(
    members: Iterable[PairingMember], side: str, *, me: Person, on: date
) -> list[tuple[str, str]]:
    """Who may have taken part on this side, without me: the members of that day by name, then
    whoever has left, with the last day beside the name.
    """
    found: dict[str, str] = {}
    for member in sorted(members, key=lambda member: not member.is_valid_on(on)):
        key = str(member.person_id)
        if member.side != side or member.person_id == me.pk or key in found:
            continue
        found[key] = member.person.name
        if not member.is_valid_on(on):
            # One spelling in both languages: it lies on devices, in labels and lists.
            found[key] += f" (– {member.last_day:%d.%m.%Y})"
    return list(found.items())


def by_framework(
    offered: Iterable[Competence], last: Mapping[str, str]
) -> list[tuple[str, list[tuple[str, str]]]]:
    """The competences by framework, those observed the last time first in each, and how."""
    groups: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for one in sorted(offered, key=lambda one: str(one.pk) not in last):
        title, key = str(one.title), str(one.pk)
        if key in last:
            title = _("%(title)s (last time: %(observed)s)") % {
                "title": title,
                "observed": str(Observed(last[key]).label).lower(),
            }
        groups[str(one.framework.title)].append((key, title))
    return list(groups.items())


def observed_in(content: Mapping[str, Any]) -> dict[str, str]:
    """What was practised, and how completely it was seen."""
    return {row["competence"]: row["observed"] for row in content.get("competences", ())}


def likely(
    last: Mapping[str, Any], *, town: str, colleagues: Collection[str], mentors: Collection[str]
) -> dict[str, Any]:
    """As I worked the last time, as far as it does not hang on the day.

    Args:
        last: What I wrote last in this pairing; nothing before the first time.
        town: Of the pairing.
        colleagues: Who may have taken part today.
        mentors: The other mentors, likewise.
    """
    took_part = last.get("participants", ())
    usual = [one for one in took_part if one in colleagues]
    return {
        "place": last.get("place", town),
        "participants": usual or (list(colleagues) if len(colleagues) == 1 else []),
        "mentors": [one for one in mentors if one in took_part],
        "languages": last.get("languages", []),
        "interpreter": last.get("interpreter", ""),
        "tools": last.get("tools") or "",
    }


def promised(last: Mapping[str, Any], participants: Collection[str]) -> tuple[str, int | None]:
    """Who does the next step as the last time, and in how many days."""
    alone = next(iter(participants), "") if len(participants) == 1 else ""
    due, held_on = last.get("next_by"), last.get("held_on")
    days = (date.fromisoformat(due) - date.fromisoformat(held_on)).days if due and held_on else None
    return last.get("next_owner") or alone, days


def written_in(last: Mapping[str, Any], language: str = "") -> dict[str, str]:
    """The language of each text as the last time; before that, the one the page is read in."""
    stated: Mapping[str, str] = last.get("text_languages", {})
    fallback = language if language in TextLanguage.values else ""
    # By the order of the texts: PostgreSQL keeps another one in what it stores.
    usual = next((stated[key] for key in TEXTS if key in stated), fallback)
    return {f"language_{key}": stated.get(key) or usual for key in TEXTS}


def as_last_time(last: Mapping[str, Any]) -> dict[str, Any]:
    """All of the last time but the texts about that day."""
    kept = {key: last[key] for key in ("minutes", "topics", "mode") if key in last}
    return kept | {"competences": observed_rows(last)}


def observed_rows(content: Mapping[str, Any]) -> list[str]:
    """What was practised, in the spelling of the form."""
    return [f"{competence}:{observed}" for competence, observed in observed_in(content).items()]
