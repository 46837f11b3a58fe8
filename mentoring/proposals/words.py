"""What a proposal says: each reason, each rule and each change as a sentence."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from mentoring.proposals.changes import Help, Step
from people.models import LanguageSkill

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

#: What each term is called where a coordinator sets its weight.
TERMS: Mapping[str, "str | StrPromise"] = {
    "overlap": gettext_lazy("Days together"),
    "language": gettext_lazy("Language"),
    "competences": gettext_lazy("Competences asked for"),
    "continuity": gettext_lazy("Has been there before"),
    "wishes": gettext_lazy("The mentor's own wishes"),
}
#: What each rule is called where it stops somebody.
RULES: Mapping[str, "str | StrPromise"] = {
    "form": gettext_lazy("does not come in this form"),
    "profession": gettext_lazy("has another profession"),
    "period": gettext_lazy("has too few days together"),
    "language": gettext_lazy("speaks none of the languages, and there is no interpreter"),
    "forbidden": gettext_lazy("must not be paired here"),
    "left": gettext_lazy("was here in this round and has left"),
    "locked": gettext_lazy("is locked to another place"),
    "bound": gettext_lazy("travels with somebody who is locked to another place"),
    "companion": gettext_lazy("travels with somebody who cannot be chosen here"),
    "crowd": gettext_lazy("has too few seats for those who travel together"),
}


def reason(term: str, found: Any) -> str:
    """What was found for a term of a mentor and a need."""
    match term:
        case "overlap":
            said = ngettext("%(days)d day together", "%(days)d days together", found)
            return said % {"days": found}
        case "language":
            return _("No language is asked for") if found is None else spoken(*found)
        case "competences":
            return _brought(*found)
        case "continuity":
            return _("Has been in the town before") if found else _("Is new in the town")
    if not found:
        return _("Not among the wishes")
    return _("Wish number %(number)d") % {"number": found}


def _brought(brought: int, asked: int) -> str:
    if not asked:
        return _("No competence is asked for")
    return _("Brings %(brought)d of %(asked)d competences") % {"brought": brought, "asked": asked}


def beside_reason(term: str, found: Any) -> str:
    """What was found for a term of a caseworker and a mentor."""
    if term == "continuity":
        return _("Worked together before") if found else _("New to one another")
    return spoken(*found) if found[0] else _("No language in common: with an interpreter")


def spoken(language: str, level: int) -> str:
    """A language and how well it is spoken; "" is none of those asked for."""
    if not language:
        return _("None of the languages: with an interpreter")
    return _("%(language)s: %(level)s") % {
        "language": LanguageSkill.Language(language).label,
        "level": str(LanguageSkill.Level(level).label).lower(),
    }


def reasons(kept: Mapping[str, Sequence[Any]], *, beside: bool = False) -> list[tuple[str, int]]:
    """Each reason in words with its points, the weightiest first."""
    language = get_language()
    told = [
        (_said(language, beside, term, tuple(found) if isinstance(found, list) else found), points)
        for term, (points, found) in kept.items()
    ]
    return sorted(told, key=lambda one: -one[1])


@lru_cache(maxsize=4096)
def _said(_language: str | None, beside: bool, term: str, found: Any) -> str:
    """A reason in the active language; the same few stand beside hundreds of pairs."""
    return beside_reason(term, found) if beside else reason(term, found)


def blocks(counts: Mapping[str, int]) -> list[str]:
    """How many mentors each rule stops."""
    said = {
        "form": ngettext(
            "%(count)d mentor does not come in this form",
            "%(count)d mentors do not come in this form",
            counts.get("form", 0),
        ),
        "profession": ngettext(
            "%(count)d mentor has another profession",
            "%(count)d mentors have another profession",
            counts.get("profession", 0),
        ),
        "period": ngettext(
            "%(count)d mentor has too few days together",
            "%(count)d mentors have too few days together",
            counts.get("period", 0),
        ),
        "language": ngettext(
            "%(count)d mentor speaks none of the languages, and there is no interpreter",
            "%(count)d mentors speak none of the languages, and there is no interpreter",
            counts.get("language", 0),
        ),
        "forbidden": ngettext(
            "%(count)d mentor must not be paired here",
            "%(count)d mentors must not be paired here",
            counts.get("forbidden", 0),
        ),
        "left": ngettext(
            "%(count)d mentor was here in this round and has left",
            "%(count)d mentors were here in this round and have left",
            counts.get("left", 0),
        ),
        "companion": ngettext(
            "%(count)d mentor fits, but travels with somebody who does not",
            "%(count)d mentors fit, but travel with somebody who does not",
            counts.get("companion", 0),
        ),
        "crowd": ngettext(
            "%(count)d mentor fits, but travels with more people than there are seats left",
            "%(count)d mentors fit, but travel with more people than there are seats left",
            counts.get("crowd", 0),
        ),
    }
    return [said[rule] % {"count": counts[rule]} for rule in said if counts.get(rule)]


def unstopped(elsewhere: int, free: int, *, by_hand: bool) -> list[str]:
    """How many fit and sit in another place or nowhere; by hand nobody has proven a need there."""
    needed = (
        ngettext(
            "%(count)d mentor fits and has another place",
            "%(count)d mentors fit and have another place",
            elsewhere,
        )
        if by_hand
        else ngettext(
            "%(count)d mentor fits and is needed in another place",
            "%(count)d mentors fit and are needed in another place",
            elsewhere,
        )
    )
    idle = ngettext(
        "%(count)d mentor fits and has no place", "%(count)d mentors fit and have no place", free
    )
    counted = ((needed, elsewhere), (idle, free))
    return [said % {"count": count} for said, count in counted if count]


def help_in_words(help_: Help, names: Mapping[str, str]) -> list[str]:
    """The change that would cover a seat, a sentence for each stay it touches."""
    return [
        _("%(name)s could come %(changes)s.")
        % {"name": names[stay], "changes": joined([_step(step) for step in steps])}
        for stay, steps in help_.stays
    ]


def _step(step: Step) -> str:
    if step.rule == "period":
        return _stretch(step)
    return {
        "language": _("with an interpreter"),
        "form": _("if they also came in this form"),
        "profession": _("if the place took another profession"),
        "forbidden": _("if the pair were no longer forbidden"),
    }[step.rule]


def _stretch(step: Step) -> str:
    earlier, later = _days(step.earlier), _days(step.later)
    if step.earlier and step.later:
        return _("if the stay began %(earlier)s earlier and ended %(later)s later") % {
            "earlier": earlier,
            "later": later,
        }
    if step.earlier:
        return _("if the stay began %(days)s earlier") % {"days": earlier}
    return _("if the stay ended %(days)s later") % {"days": later}


def _days(days: int) -> str:
    """Whole weeks as weeks, anything else as days."""
    if days % 7 == 0:
        return ngettext("%(count)d week", "%(count)d weeks", days // 7) % {"count": days // 7}
    return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}


def joined(parts: Iterable[str]) -> str:
    """One after the other, the last with an "and"."""
    *first, last = parts
    if not first:
        return last
    return _("%(first)s and %(last)s") % {"first": ", ".join(first), "last": last}
