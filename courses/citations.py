"""What in courses cites a rule; the pages say it of lessons, for they know where one is edited."""

from collections.abc import Collection, Iterator, Mapping

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from courses.models import Choice, Question
from rules.citations import Citation, Key
from rules.models import Rule

#: The kinds under which lessons and cases are marked.
LESSON, CASE = "lesson", "case"


class QuestionSource:
    """Questions of the bank whose answer rests on a rule."""

    kind = "question"
    label = _("Question")

    def citing(self, rule: Rule) -> Iterator[Citation]:
        """Every question of the bank that names ``rule``, also behind one of its answers."""
        cites = Q(rule=rule) | Q(pk__in=Choice.objects.filter(rule=rule).values("question"))
        for question in Question.objects.filter(cites).order_by("key"):
            yield Citation(question.pk, str(question))

    def edit_addresses(self, keys: Collection[Key]) -> Mapping[Key, str]:
        """Where questions are written."""
        there = set(
            Question.objects.filter(pk__in={key for key, _language in keys}).values_list(
                "pk", flat=True
            )
        )
        return {
            (key, language): reverse("wagtailsnippets_courses_question:edit", args=[key])
            for key, language in keys
            if key in there
        }
