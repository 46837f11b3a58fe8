"""A small framework, and goals made by the real actions."""

from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from competences.actions import name_competences, publish_version
from competences.models import Competence, CompetenceText, Framework, FrameworkVersion, Topic
from core.periods import local_day
from mentoring.goals.actions import Terms, accept, propose_goal
from mentoring.models import Goal, Pairing
from tests.factories.mentoring import caseworker_of, make_topics, mentor_of

KEYS = ("receipt", "decision_24h", "report_in")


def make_framework(*keys: str, key: str = "caseworker") -> Framework:
    """A published framework in force for years, a competence for each of ``keys`` and its topic."""
    make_topics()
    framework, _created = Framework.objects.get_or_create(
        key=key, defaults={"title_da": f"Ramme {key}", "profession_da": key}
    )
    version = FrameworkVersion.objects.create(
        framework=framework, number=1, in_force_from=date(2020, 1, 1)
    )
    texts = []
    for order, one in enumerate(keys or KEYS):
        said = {f"{step}_da": f"{step} {one}" for step in ("not_yet", "with_help", "alone")}
        text = CompetenceText(
            version=version,
            key=one,
            sort_order=order,
            title_da=f"Kan {one}",
            description_da=f"Om {one}",
            can_teach_da=f"can_teach {one}",
            **said,
        )
        text.topics.set(Topic.objects.filter(key=one))
        texts.append(text)
    name_competences(framework, texts)
    for text in texts:
        text.save()
    publish_version(version, at=timezone.now())
    return framework


def competence(key: str = "receipt") -> Competence:
    """That competence of the caseworkers."""
    return Competence.objects.get(framework__key="caseworker", key=key)


def soon(days: int = 30) -> date:
    """A day to come."""
    return local_day(timezone.now()) + timedelta(days=days)


def terms(**changes: Any) -> Terms:
    """From with help to alone, in a month."""
    return Terms(
        **{"start": "with_help", "target": "alone", "due_on": soon(), "why": "Øve brevet."}
        | changes
    )


def make_goal(
    pairing: Pairing,
    key: str = "receipt",
    *,
    agreed: bool = True,
    at: datetime | None = None,
    **changes: Any,
) -> Goal:
    """A goal that the first mentor proposed for the first caseworker, who has agreed."""
    at = at or timezone.now()
    person = changes.pop("person", None) or caseworker_of(pairing)
    by = changes.pop("by", None) or mentor_of(pairing)
    goal = propose_goal(by, person, competence(key), terms(**changes), at=at)
    if agreed and goal.waiting is not None:
        other = mentor_of(pairing) if by == person else person
        goal = accept(other, goal.waiting, at=at)
    return goal
