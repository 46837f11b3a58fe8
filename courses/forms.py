"""How editors write the question bank."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from core.admin_forms import GuardedAdminForm
from courses.actions import freeze_question
from courses.actions.questions import row_of
from courses.kinds import KINDS
from courses.models import Lesson, Question
from rules.checks import refuse_unpublishable


class QuestionForm(GuardedAdminForm):
    """A question with its choices, judged together.

    A question that a lesson asks now reaches learners when it is saved. So its Danish texts and
    what is right are changed by whoever may approve questions; everybody else may only add the
    Kalaallisut.
    """

    def clean(self) -> dict[str, Any]:
        """Refuse what cannot be answered, cites an unverified rule or needs an approval."""
        cleaned: dict[str, Any] = super().clean() or {}
        kept = [form for form in self._choice_forms() if not form.cleaned_data.get("DELETE")]
        try:
            if all(form.is_valid() for form in kept):
                self._check_rows([form.cleaned_data for form in kept])
            cited = [cleaned.get("rule"), *(form.cleaned_data.get("rule") for form in kept)]
            refuse_unpublishable([rule for rule in cited if rule])
            self._refuse_without_approval()
        except ValidationError as refusal:
            self.add_error(None, refusal)
        return cleaned

    def save(self, commit: bool = True) -> Question:
        """Save, and let learners answer what it says now."""
        question: Question = super().save(commit=commit)
        if commit:
            freeze_question(question, at=timezone.now())
        return question

    def _check_rows(self, rows: list[dict[str, Any]]) -> None:
        """Let the kind judge the rows in the order in which the editor put them."""
        kind = KINDS.get(self.cleaned_data.get("kind", ""))
        text = self.cleaned_data.get("text_da", "")
        if kind is not None and text:
            rows = sorted(rows, key=lambda row: row.get("ORDER") or 0)
            kind.check([row_of(row) for row in rows], text)

    def _choice_forms(self) -> list[Any]:
        """The forms of the choices that were filled in, each cleaned."""
        forms: list[Any] = self.formsets["choices"].forms
        for form in forms:
            form.full_clean()
        return [form for form in forms if form.cleaned_data]

    def _refuse_without_approval(self) -> None:
        if self.for_user.has_perm("courses.approve_question"):
            return
        changed = set(self.changed_data)
        for form in self.formsets["choices"].forms:
            changed |= set(form.changed_data)
        asked = Lesson.objects.offered().filter(questions=self.instance.pk)
        if all(name.endswith("_kl") for name in changed) or not asked.exists():
            return
        raise ValidationError(
            _(
                "Learners answer this question now. Ask a reviewer to change it, or write a new "
                "question."
            ),
            code="approval",
        )
