"""Keep the record of a case in step with its pages, and freeze what is played.

Each call speaks for one language. The Danish page leads: its steps, keys, rules and figures are
the case; another language only gives words, matched by the ids of the blocks, so that a
translation that lags behind changes nothing but words.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from courses.actions.outline import (
    _describe,
    _leads,
    _lock,
    _refuse_unknown,
    _retire,
    renumber_course,
)
from courses.cases import read
from courses.cases.story import CHOICE_TEXTS, DEADLINE_TEXTS, STEP_TEXTS
from courses.models import Case, CaseRule, CaseVersion, Course, Module
from courses.models.outline import own_words
from rules.models import Rule

#: A case as one page says it: a version's content with plain texts instead of texts by language.
Told = Mapping[str, Any]


@transaction.atomic
def sync_case(
    key: UUID,
    *,
    module_key: UUID,
    position: int,
    minutes: int,
    language: str,
    title: str,
    path: str,
    is_live: bool,
    told: Told,
    at: datetime,
    summary: str = "",
    competences: Sequence[UUID] = (),
    is_optional: bool = False,
    is_published: bool = True,
) -> Case:
    """Record the case whose page has the translation key ``key``; freeze what it tells, if live.

    A page that was only moved or renamed tells what it told when it was published: its checks,
    and the figures of its rules, are as of then.

    Args:
        told: What this language's page tells.
        competences: What solving it shows; taken from the Danish page.
        is_optional: Whether its module can be completed without it; taken from the Danish page.
        is_published: Whether ``told`` was published now.
        at: Aware moment a new version is recorded with.

    Raises:
        Module.DoesNotExist: When the module has not been recorded first.
        Rule.DoesNotExist: When it cites a rule that is not in the register.
    """
    module = Module.objects.select_related("course").get(pk=module_key)
    Course.objects.select_for_update(no_key=True).get(pk=module.course_id)
    case = _lock(Case, key) or Case(pk=key, module=module, course=module.course)
    left = case.course_id
    if _leads(case, language):
        case.module, case.course = module, module.course
        case.position, case.minutes = position, minutes
        case.is_optional = is_optional
    _describe(case, language, title=title, path=path, is_live=is_live)
    case.summaries = own_words({**case.summaries, language: summary})
    tells_anew = is_live and (is_published or language not in case.said)
    if tells_anew:
        case.said = {**case.said, language: told}
    case.save()
    if language == settings.LANGUAGE_CODE:
        case.competences.set(competences)
    if tells_anew and settings.LANGUAGE_CODE in case.said:
        _freeze(case, at=at)
    for course_key in {left, case.course_id}:
        renumber_course(course_key)
    case.refresh_from_db()
    return case


def retire_case(key: UUID) -> None:
    """Offer the case no longer: its pages are gone. Every play is kept, and can go on."""
    _retire(Case, key)


def content_of(said: Mapping[str, Told]) -> dict[str, Any]:
    """What the Danish page tells, with the words of the other languages beside the Danish ones.

    A text that equals the Danish one has not been translated; it is left out, so that a reader
    is told that it is Danish.
    """
    leading = said[settings.LANGUAGE_CODE]
    others = {
        language: {part["id"]: part for part in _parts(told)}
        for language, told in said.items()
        if language != settings.LANGUAGE_CODE
    }

    def texts(part: Mapping[str, Any], names: Sequence[str]) -> dict[str, dict[str, str]]:
        found = {}
        for name in names:
            own = part.get(name) or ""
            words = {settings.LANGUAGE_CODE: own} if own else {}
            for language, parts in others.items():
                translated = parts.get(part["id"], {}).get(name) or ""
                if own and translated and translated != own:
                    words[language] = translated
            found[name] = words
        return found

    before = leading.get("before")
    return {
        **({"before": before} if before else {}),
        "begins": leading["begins"],
        "deadlines": [
            {**deadline, **texts(deadline, DEADLINE_TEXTS)} for deadline in leading["deadlines"]
        ],
        "steps": [
            {
                **step,
                **texts(step, STEP_TEXTS),
                "choices": [
                    {**choice, **texts(choice, CHOICE_TEXTS)} for choice in step["choices"]
                ],
            }
            for step in leading["steps"]
        ],
    }


def _parts(told: Told) -> Iterator[Mapping[str, Any]]:
    """Everything in it that has an id and words."""
    yield from told["deadlines"]
    for step in told["steps"]:
        yield step
        yield from step["choices"]


def _freeze(case: Case, *, at: datetime) -> CaseVersion:
    """Make what the pages tell now the version that is played from here on."""
    content = content_of(case.said)
    latest = case.versions.order_by("-number").first()
    if latest is not None and latest.content == content:
        return latest
    rules = [UUID(key) for key in read(content).rules()]
    _refuse_unknown(Rule.objects.all(), rules)
    case.versions.filter(is_current=True).update(is_current=False)
    version = CaseVersion.objects.create(
        case=case, number=latest.number + 1 if latest else 1, content=content, frozen_at=at
    )
    CaseRule.objects.bulk_create(CaseRule(version=version, rule_id=key) for key in rules)
    return version
