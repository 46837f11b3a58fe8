"""Texts outside pages that lack Kalaallisut: rules, questions, words, competences, paths."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from competences.models import CompetenceText, Topic
from courses.models import LearningPath, Question
from pages.models import GlossaryTerm
from rules.models import Rule


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of record with texts in two languages.

    ``address`` names the page where one is edited; ``permission`` is asked before it is shown.
    """

    key: str
    label: "str | Promise"
    title: str
    offered: Callable[[date], QuerySet[Any]]
    fields: tuple[str, ...]
    address: str
    permission: str
    record: str = "pk"

    def lacking(self, on: date) -> QuerySet[Any]:
        """Those that say something in Danish that they do not say in Kalaallisut."""
        gap = Q(pk__in=[])
        found = self.offered(on)
        for name in self.fields:
            gap |= ~Q(**{f"{name}_da": ""}) & Q(**{f"{name}_kl": ""})
        return found.filter(gap).distinct()


KINDS = {
    kind.key: kind
    for kind in (
        Kind(
            "regler", _("Rules"), "statement_da",
            lambda on: Rule.objects.filter(Q(retired_on=None) | Q(retired_on__gt=on)),
            ("statement", "deadline", "deadline_starts"),
            "wagtailsnippets_rules_rule:edit", "rules.change_rule",
        ),
        Kind(
            "spoergsmaal", _("Questions"), "text_da",
            lambda _on: Question.objects.in_use(),
            ("situation", "text", "feedback", "choices__text", "choices__match",
             "choices__feedback"),
            "wagtailsnippets_courses_question:edit", "courses.change_question",
        ),
        Kind(
            "ord", _("Glossary"), "term_da",
            lambda _on: GlossaryTerm.objects.shown(),
            ("term", "meaning"),
            "wagtailsnippets_pages_glossaryterm:edit", "pages.change_glossaryterm",
        ),
        Kind(
            "kompetencer", _("Competences"), "title_da",
            lambda on: CompetenceText.objects.in_force(on=on),
            ("title", "description", "not_yet", "with_help", "alone", "can_teach"),
            "wagtailsnippets_competences_frameworkversion:edit",
            "competences.change_frameworkversion", "version",
        ),
        Kind(
            "emner", _("Topics of casework"), "title_da",
            lambda on: Topic.objects.offered(on=on),
            ("title", "help"),
            "wagtailsnippets_competences_topic:edit", "competences.change_topic",
        ),
        Kind(
            "forloeb", _("Learning paths"), "title_da",
            lambda on: LearningPath.objects.offered(on=on),
            ("title", "summary", "profession"),
            "wagtailsnippets_courses_learningpath:edit", "courses.change_learningpath",
        ),
    )
}  # fmt: skip


def counts(on: date) -> list[tuple[Kind, int]]:
    """How many of each kind lack a text; one query for each kind."""
    return [(kind, kind.lacking(on).count()) for kind in KINDS.values()]


def listed(kind: Kind, on: date) -> QuerySet[Any]:
    """Those of one kind as ``name`` and ``record``, in the order of their Danish words."""
    rows = kind.lacking(on).order_by(kind.title, "pk")
    return rows.values(name=F(kind.title), record=F(kind.record))
