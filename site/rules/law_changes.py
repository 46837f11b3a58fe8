"""What a reviewer does when the law changes: enter the new version of an act, decide on each rule
of the old one, look through what cites the rules that changed. Each may be taken back.

Until somebody has looked at a rule it keeps holding, marked as waiting (``Rule.awaiting_act``).
"""

import re
from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.text import slugify
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from core.periods import local_day
from people.models import Person
from rules.actions import (
    latest_version,
    mark_citing,
    save_act,
    set_translation_aside,
    write_version,
)
from rules.differences import is_another_rule
from rules.models import Act, Decision, Replacement, ReviewItem, Rule
from rules.refusals import RegisterRefused
from rules.signals import review_changed, rule_decided

#: What a decision may write into a rule beside where it stands.
CHECK = ("source_title", "source_url", "checked_on", "review_by")
SAID = (
    "paragraph",
    "statement_da",
    "deadline_da",
    "deadline_starts_da",
    "deadline_hours",
    "deadline_days",
    "deadline_months",
)
_LONGEST_KEY = 60


@transaction.atomic
def enter_version(old: Act, new: Act, *, at: datetime, by: Person | None) -> Replacement:
    """Let ``new``, which is not saved yet, take the place of ``old`` from the day it is in force.

    The old version ends on that day. Each of its rules that holds keeps holding and waits to be
    checked against the new one; so does a rule that nobody had yet checked against the old one.

    Args:
        at: Aware moment of entering.
        by: Who enters it.

    Raises:
        RegisterRefused: With code "replaced" when another has entered a new version before.
        ValidationError: When the new version is not in force after the old one, or breaks a rule
            of its own. Nothing is saved.
    """
    old = Act.objects.select_for_update(no_key=True).get(pk=old.pk)
    earlier = Replacement.objects.filter(old=old).select_related("new").first()
    if earlier is not None:
        raise RegisterRefused(
            _("A new version has been entered already: %(act)s.") % {"act": earlier.new},
            code="replaced",
        )
    if new.in_force_from is None:
        raise _at("in_force_from", _("Write the first day the new version holds."))
    if old.in_force_from is not None and new.in_force_from <= old.in_force_from:
        raise _at(
            "in_force_from",
            _("The new version must begin after the old one, which holds from %(day)s.")
            % {"day": date_format(old.in_force_from)},
        )
    new.key = _key_of(old, new)
    of_old = Rule.objects.filter(Q(act=old, awaiting_act=None) | Q(awaiting_act=old))
    to_check = of_old.exclude(state=Rule.State.RETIRED).select_for_update(no_key=True)
    rules = list(to_check.order_by("key"))  # before the stamp of the register, as a decision does
    save_act(new)
    replacement = Replacement.objects.create(
        old=old, new=new, old_end=old.in_force_until, entered_at=at, entered_by=by
    )
    old.in_force_until = new.in_force_from
    old.full_clean()
    old.save()
    for rule in rules:
        rule.awaiting_act = new
        write_version(rule, at=at, by=by)
    log(instance=new, action="wagtail.create", user=_account(by))
    log(instance=old, action="rules.replace", user=_account(by), data={"new": str(new)})
    return replacement


@transaction.atomic
def take_back_version(new: Act, *, at: datetime, by: Person | None, user: Any = None) -> Act:
    """Undo entering ``new``: its record goes, and the old version, which is returned, holds on.

    Raises:
        RegisterRefused: With code "missing" when it took no other's place; "used" when a rule has
            been checked against it, or it has itself been replaced. Nothing is saved.
    """
    new = Act.objects.select_for_update(no_key=True).get(pk=new.pk)
    replacement = Replacement.objects.filter(new=new).select_related("old").first()
    if replacement is None:
        raise RegisterRefused(_("It took no other version's place."), code="missing")
    waiting = Rule.objects.filter(awaiting_act=new).select_for_update(no_key=True)
    rules = list(waiting.order_by("key"))  # whoever decides about one just now comes first
    resting = new.rules.count()
    if resting or new.decisions.standing().exists():
        raise RegisterRefused(
            _("Rules have been checked against this version. Take those decisions back first."),
            code="used",
        )
    if Replacement.objects.filter(old=new).exists():
        raise RegisterRefused(_("An even newer version has been entered."), code="used")
    old = replacement.old
    for rule in rules:
        rule.awaiting_act = None if rule.act_id == old.pk else old
        write_version(rule, at=at, by=by)
    old.in_force_until = replacement.old_end
    replacement.delete()
    log(instance=old, action="rules.take_back", user=_account(by), data={"new": str(new)})
    new.delete()
    return save_act(old)


@transaction.atomic
def decide(
    rule: Rule,
    kind: str,
    values: Mapping[str, Any],
    *,
    seen_version: int,
    at: datetime,
    by: Person | None,
) -> Decision:
    """Write down what the reviewer found: the rule is unchanged, changed, or holds no longer.

    What waited to be checked against a new version of its act waits no more. Where the rule
    changed or went, everything that cites it is marked, in the same transaction.

    Args:
        kind: One of ``Decision.Kind``.
        values: What :data:`CHECK` names; for a change, what :data:`SAID` names too.
        seen_version: The number of the version that the reviewer had before them.
        at: Aware moment of the decision.

    Raises:
        RegisterRefused: With code "stale" when another has looked at the rule since,
            "retired" when it holds no longer, "early" before the new version is in force,
            "same" for a change that changes nothing. Nothing is saved.
        ValidationError: When the rule then breaks a rule of its own. Nothing is saved.
    """
    rule = (
        Rule.objects.select_for_update(of=("self",), no_key=True)
        .select_related("awaiting_act")
        .get(pk=rule.pk)
    )
    before = latest_version(rule)
    if before is None or before.number != seen_version:
        raise _stale(rule)
    if rule.state == Rule.State.RETIRED:
        raise RegisterRefused(_("This rule holds no longer already."), code="retired")
    day = local_day(at)
    act = rule.awaiting_act
    holds_from = (act.in_force_from if act else None) or day
    if holds_from > day:
        raise RegisterRefused(
            _("The new version holds from %(day)s. Decide on that day, or later.")
            % {"day": date_format(holds_from)},
            code="early",
        )
    for name in CHECK + (SAID if kind == Decision.Kind.CHANGED else ()):
        if name in values:
            setattr(rule, name, values[name])
    set_translation_aside(rule, before.content)
    rule.checked_by = by
    rule.awaiting_act = None
    if kind == Decision.Kind.GONE:
        rule.state, rule.retired_on = Rule.State.RETIRED, holds_from
        if rule.checked_on and rule.review_by and rule.review_by < rule.checked_on:
            rule.review_by = rule.checked_on  # nobody has to look again
    elif act is not None:
        rule.act = act
    after = write_version(rule, at=at, by=by)
    if kind == Decision.Kind.CHANGED and not is_another_rule(before.content, after.content):
        raise RegisterRefused(
            _("The rule says the same as before. Choose Unchanged, or write what has changed."),
            code="same",
        )
    decision = Decision.objects.create(
        rule=rule,
        act=act,
        kind=kind,
        before=before,
        after=after,
        holds_from=holds_from,
        decided_at=at,
        decided_by=by,
    )
    mark_citing(decision)
    log(instance=rule, action=f"rules.{kind}", user=_account(by))
    return decision


@transaction.atomic
def take_back_decision(decision: Decision, *, at: datetime, by: Person | None) -> Decision:
    """Undo ``decision``: the rule says what it said before, and waits again if it had waited.

    Its history keeps both. What was marked is marked no more.

    Raises:
        RegisterRefused: With code "undone" when it has been taken back already, "stale" when the
            rule has changed since. Nothing is saved.
    """
    rule = Rule.objects.select_for_update(no_key=True).get(pk=decision.rule_id)
    decision = (
        Decision.objects.select_for_update(of=("self",), no_key=True)
        .select_related("before")
        .get(pk=decision.pk)
    )
    if decision.undone_at is not None:
        raise RegisterRefused(_("It has been taken back already."), code="undone")
    latest = latest_version(rule)
    if latest is None or latest.pk != decision.after_id:
        raise _stale(rule)
    said = {"awaiting_act_id": None, "retired_on": None} | decision.before.content
    for field in Rule._meta.concrete_fields:
        if field.attname in said:
            value = said[field.attname]
            kind = field.target_field if isinstance(field, models.ForeignKey) else field
            setattr(rule, field.attname, kind.to_python(value))
    write_version(rule, at=at, by=by)
    decision.undone_at, decision.undone_by = at, by
    decision.save(update_fields=["undone_at", "undone_by"])
    keys = list(decision.items.values_list("kind", "object_id", "language"))
    review_changed.send(sender=ReviewItem, keys=keys)
    rule_decided.send(sender=Decision, decision=decision)
    log(instance=rule, action="rules.take_back", user=_account(by))
    return decision


@transaction.atomic
def close_items(
    items: Collection[int], state: str, *, at: datetime, by: Person | None
) -> list[ReviewItem]:
    """Give the items the ``state``: looked through, not affected, or waiting again.

    One that another has given that state already is left as it is, with who did it and when.

    Returns:
        The items whose state has changed.
    """
    found = list(
        ReviewItem.objects.valid()
        .filter(pk__in=items)
        .exclude(state=state)
        .select_for_update(of=("self",), no_key=True)
        .order_by("pk")
    )
    for item in found:
        is_open = state == ReviewItem.State.OPEN
        item.state = state
        item.closed_at, item.closed_by = (None, None) if is_open else (at, by)
    ReviewItem.objects.bulk_update(found, ["state", "closed_at", "closed_by"], batch_size=200)
    if found:
        keys = [(item.kind, item.object_id, item.language) for item in found]
        review_changed.send(sender=ReviewItem, keys=keys)
    return found


def default_review_by(checked_on: date) -> date:
    """A year after the check; what a form begins with."""
    try:
        return checked_on.replace(year=checked_on.year + 1)
    except ValueError:  # the 29th of February
        return checked_on.replace(year=checked_on.year + 1, day=28)


def _account(by: Person | None) -> Any:
    """Who it is in Wagtail's own log."""
    return by.user if by else None


def _stale(rule: Rule) -> RegisterRefused:
    latest = rule.versions.select_related("recorded_by").order_by("-number").first()
    who = latest.recorded_by.name if latest and latest.recorded_by else ""
    if who:
        text = _("%(name)s has changed this rule in the meantime. Read what it says now.") % {
            "name": who
        }
    else:
        text = _("This rule has been changed in the meantime. Read what it says now.")
    return RegisterRefused(text, code="stale")


def _at(field: str, text: str) -> ValidationError:
    return ValidationError({field: text})


def _key_of(old: Act, new: Act) -> str:
    """The old key with the new number in place of the old one; a count where that is taken."""
    ending = f"-{slugify(old.number.replace('/', '-'))}"
    year = re.sub(r"-\d{4}$", "", old.key.removesuffix(ending))
    key = f"{year}-{slugify(new.number.replace('/', '-'))}"[-_LONGEST_KEY:].strip("-")
    taken = set(Act.objects.filter(key__startswith=key[:50]).values_list("key", flat=True))
    free = (f"{key[:56]}-{count}" for count in range(2, 1000))
    return key if key not in taken else next(one for one in free if one not in taken)
