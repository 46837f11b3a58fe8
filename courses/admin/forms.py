"""How editors write the question bank."""

from functools import partial
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from competences.forms import NamesCompetencesMixin
from competences.models import Topic
from core.admin_forms import GuardedAdminForm
from core.periods import local_day
from courses.actions import freeze_question
from courses.actions.questions import row_of
from courses.kinds import KINDS
from courses.models import LearningPath, Lesson, Module, Question
from courses.paths.steps import kinds
from courses.tasks import look_at_path
from rules.checks import refuse_unpublishable


class QuestionForm(NamesCompetencesMixin, GuardedAdminForm):
    """A question with its choices, judged together.

    A question that a lesson asks now reaches learners when it is saved. So it is changed by whoever
    may approve questions. The Kalaallisut is written and released on a page of its own.
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
        if not changed or not asked.exists():
            return
        raise ValidationError(
            _(
                "Learners answer this question now. Ask a reviewer to change it, or write a new "
                "question."
            ),
            code="approval",
        )


class LearningPathForm(GuardedAdminForm):
    """A path with its steps, judged together; who walks it is looked at anew once it is saved."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        modules = Module.objects.select_related("course").order_by(
            "course__position", "course_id", "position", "pk"
        )
        choices = [("", "---------"), *((module.pk, str(module)) for module in modules)]
        for name, fields in (("steps", ["module"]), ("orders", ["module", "first"])):
            formset = self.formsets[name]
            for form in (*formset.forms, formset.empty_form):
                for field in fields:
                    form.fields[field].widget.choices = choices  # read once for all of them
        offered = Topic.objects.offered(on=local_day(timezone.now()))
        topics = [("", "---------"), *((one.pk, one.title_da) for one in offered)]
        for form in (*self.formsets["steps"].forms, self.formsets["steps"].empty_form):
            _offer_kinds(form)
            form.fields["topic"].widget.choices = topics

    def clean(self) -> dict[str, Any]:
        """Refuse what nobody could complete, and advice that contradicts itself."""
        cleaned: dict[str, Any] = super().clean() or {}
        steps = self._kept("steps")
        if cleaned.get("is_offered") and not any(step["is_required"] for step in steps):
            self.add_error(None, _("A path that is offered needs at least one required step."))
        for step in steps:
            self._refuse_impossible(step)
        modules = {step["module"].pk for step in steps}
        before: dict[Any, set[Any]] = {}
        for row in self._kept("orders"):
            if not {row["module"].pk, row["first"].pk} <= modules:
                self.add_error(None, _("Advice on the order may only name modules of the path."))
                return cleaned
            before.setdefault(row["module"].pk, set()).add(row["first"].pk)
        if _has_circle(before):
            self.add_error(
                None, _("The advice on the order goes in a circle. Take one line of it away.")
            )
        return cleaned

    def save(self, commit: bool = True) -> LearningPath:
        """Save, and look in the background how far everybody is on the path as it is now."""
        path: LearningPath = super().save(commit=commit)
        if commit:
            transaction.on_commit(partial(look_at_path.enqueue, str(path.pk)))
        return path

    def _refuse_impossible(self, step: dict[str, Any]) -> None:
        kind = kinds().get(step["completes"])
        if kind is None:
            self.add_error(None, _("A step is completed by something that is not offered here."))
        elif kind.about_topic and step["topic"] is None:
            self.add_error(
                None,
                _('Choose the topic to practise for "%(module)s".') % {"module": step["module"]},
            )
        elif not kind.about_topic and not kind.possible({step["module"].pk}):
            self.add_error(
                None,
                _('"%(module)s" cannot be completed by "%(kind)s": there is nothing of the kind.')
                % {"module": step["module"], "kind": kind.label},
            )

    def _kept(self, name: str) -> list[dict[str, Any]]:
        """What stands in the filled rows of a formset that are valid and not to be deleted."""
        rows = []
        for form in self.formsets[name].forms:
            form.full_clean()
            data = getattr(form, "cleaned_data", {})
            if form.is_valid() and data.get("module") and not data.get("DELETE"):
                rows.append(data)
        return rows


def _offer_kinds(form: Any) -> None:
    """Let a step be completed by what somebody provides today, or by what completes it now."""
    known = {key: kind.label for key, kind in kinds().items()}
    now = form.instance.completes
    if form.instance.pk and now not in known:
        known[now] = now
    form.fields["completes"] = forms.ChoiceField(
        label=form.fields["completes"].label, choices=list(known.items()), initial="read"
    )


def _has_circle(before: dict[Any, set[Any]]) -> bool:
    """Whether following "best after" leads back to where one began."""
    done: set[Any] = set()
    while ready := [
        one for one in before if one not in done and not before[one] - done & set(before)
    ]:
        done |= set(ready)
    return done != set(before)
