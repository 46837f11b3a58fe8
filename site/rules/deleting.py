"""Why a rule or an act cannot be deleted: what rests on it, by name."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rules.citations import citing
from rules.models import Act, Rule

NAMED = 5


@dataclass(frozen=True, slots=True)
class Kept:
    """Something that cannot be deleted: the sentence, the first five that rest on it, the rest.

    ``instead`` says what to do in its place.
    """

    sentence: str
    named: Sequence[str]
    more: int
    instead: str


def why_kept(thing: Rule | Act) -> Kept | None:
    """What rests on ``thing``; None where nothing does and it may go."""
    if isinstance(thing, Rule):
        return _why_kept_rule(thing)
    return _why_kept_act(thing)


def _why_kept_rule(rule: Rule) -> Kept | None:
    found = [f"{capfirst(str(source.label))}: {one.title}" for source, one in citing(rule)]
    name = rule.paragraph or rule.key
    instead = _("Check the rule and choose Holds no longer: then it is shown as a rule no more.")
    if found:
        text = ngettext(
            "“%(name)s” cannot be deleted: %(count)d place rests on it.",
            "“%(name)s” cannot be deleted: %(count)d places rest on it.",
            len(found),
        )
        sentence = text % {"name": name, "count": len(found)}
    elif rule.versions.exists():
        sentence = _("“%(name)s” cannot be deleted: what it has said is kept.") % {"name": name}
    else:
        return None
    return Kept(sentence, found[:NAMED], max(0, len(found) - NAMED), instead)


def _why_kept_act(act: Act) -> Kept | None:
    rules = Rule.objects.filter(Q(act=act) | Q(awaiting_act=act)).order_by("key")
    count = rules.count()
    instead = _("Enter a new version of it instead: then the old one ends and its rules are kept.")
    if count:
        text = ngettext(
            "“%(name)s” cannot be deleted: %(count)d rule rests on it.",
            "“%(name)s” cannot be deleted: %(count)d rules rest on it.",
            count,
        )
        named = [str(rule) for rule in rules[:NAMED]]
        sentence = text % {"name": act, "count": count}
        return Kept(sentence, named, max(0, count - NAMED), instead)
    if hasattr(act, "replacement") or hasattr(act, "replaces"):
        sentence = _("“%(name)s” cannot be deleted: it is one of several versions of a law.")
        return Kept(sentence % {"name": act}, [], 0, instead)
    return None
