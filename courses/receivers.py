"""What courses does when something below it changes."""

from datetime import datetime
from typing import Any

from competences import practice
from courses.actions import apply_rules, note_changes, note_reviews, restamp_lessons_citing
from courses.actions.certificates import end_certificates_citing
from courses.actions.completing import complete_practised, waits_for_practice
from courses.actions.paths import practised
from courses.models import PathRule
from people.actions import Change
from people.models import Organisation, Person
from people.signals import organisations_changed, role_given
from rules.models import Decision, ReviewItem, Rule
from rules.signals import review_changed, rule_changed, rule_decided


def redraw_lessons(sender: type[Rule], rule: Rule, **kwargs: Any) -> None:
    """A lesson shows its rules as they stand today."""
    restamp_lessons_citing(rule)


def remember_lessons(sender: type[Decision], decision: Decision, **kwargs: Any) -> None:
    """Whoever had read a lesson that cites the rule is told what is new; certificates end early."""
    note_changes(decision)
    end_certificates_citing(decision.rule)


def mark_lessons_and_cases(sender: type[ReviewItem], keys: list[Any], **kwargs: Any) -> None:
    """It says itself that one of its rules has changed, until somebody has looked through it."""
    note_reviews({(kind, object_id) for kind, object_id, _language in keys})


def give_paths(sender: type[Person], person: Person, at: datetime, **kwargs: Any) -> None:
    """Whoever gets a role gets the paths that a rule asks of it, without waiting for the night."""
    apply_rules(at, person=person)


def look_at_practice(sender: type[Person], person: Person, **kwargs: Any) -> None:
    """A session that was confirmed may complete a step, and a course."""
    in_paths, in_courses = waits_for_practice(person)
    if in_paths:
        practised(person)
    if in_courses:
        complete_practised(person)


def follow_municipalities(
    sender: type[Organisation], change: Change, at: datetime, **kwargs: Any
) -> None:
    """A rule for a municipality is one for each that came of it; the old one ends."""
    ended = PathRule.objects.filter(ended_at__isnull=True, municipality__in=change.old)
    for rule in list(ended):
        PathRule.objects.filter(pk=rule.pk).update(ended_at=at)
        for heir in change.new:
            same = PathRule.objects.filter(
                ended_at__isnull=True, path=rule.path_id, role_key=rule.role_key, municipality=heir
            )
            if not same.exists():
                PathRule.objects.create(
                    path_id=rule.path_id,
                    role_key=rule.role_key,
                    scope=rule.scope,
                    municipality=heir,
                    due_days=rule.due_days,
                    made_by_id=rule.made_by_id,
                    made_at=at,
                )


def connect() -> None:
    """Listen; called once, from ``AppConfig.ready``."""
    rule_changed.connect(redraw_lessons)
    rule_decided.connect(remember_lessons)
    review_changed.connect(mark_lessons_and_cases)
    role_given.connect(give_paths)
    practice.changed.connect(look_at_practice)
    organisations_changed.connect(follow_municipalities)
