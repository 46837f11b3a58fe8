"""What participants are asked afterwards, and what they answer."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cooperation.changing import day, line, lines
from cooperation.events.forms.common import Plain
from cooperation.models import EvaluationQuestion

MOST_QUESTIONS = 8
SCALE = [
    (1, _("1 – not at all")),
    (2, "2"),
    (3, "3"),
    (4, "4"),
    (5, _("5 – very much")),
]


class EvaluationForm(Plain):
    """How it was: each question of the event; none must be answered."""

    def __init__(self, *args: Any, questions: Sequence[EvaluationQuestion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = questions
        for question in questions:
            name = f"q_{question.position}"
            if question.kind == EvaluationQuestion.Kind.SCALE:
                self.fields[name] = forms.TypedChoiceField(
                    label=str(question.text),
                    choices=SCALE,
                    coerce=int,
                    empty_value=None,
                    required=False,
                    widget=forms.RadioSelect,
                )
            else:
                self.fields[name] = lines(
                    str(question.text),
                    help_text=_("Write about the event, never about a family or a colleague."),
                )

    def clean(self) -> dict[str, Any]:
        """Something must be said."""
        data = super().clean() or {}
        if not self.errors and not any(data.values()):
            self.add_error(None, _("Answer at least one question."))
        return data

    @property
    def asked(self) -> list[forms.BoundField]:
        """A field for each question, with its language."""
        return [self[f"q_{one.position}"] for one in self.questions]

    @property
    def answers(self) -> dict[EvaluationQuestion, Any]:
        """What was said, by question."""
        found = {one: self.cleaned_data.get(f"q_{one.position}") for one in self.questions}
        return {one: value for one, value in found.items() if value}


class QuestionsForm(Plain):
    """What participants are asked."""

    evaluate_until = day(_("Until which day can one answer?"), missing=_("Write the last day."))

    def __init__(self, *args: Any, questions: Sequence[EvaluationQuestion], **kwargs: Any) -> None:
        initial = kwargs.pop("initial", {})
        for n, question in enumerate(questions, start=1):
            initial |= {
                f"kind_{n}": question.kind,
                f"da_{n}": question.text_da,
                f"kl_{n}": question.text_kl,
            }
        super().__init__(*args, **{**kwargs, "initial": initial})
        for n in range(1, MOST_QUESTIONS + 1):
            self.fields[f"da_{n}"] = line(_("Question in Danish"))
            self.fields[f"kl_{n}"] = line(_("Question in Kalaallisut"))
            self.fields[f"kind_{n}"] = forms.ChoiceField(
                label=_("How is it answered?"),
                choices=EvaluationQuestion.Kind.choices,
                required=False,
                initial=EvaluationQuestion.Kind.SCALE,
            )

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The fields of each question."""
        return [
            {"number": n, "fields": [self[f"{part}_{n}"] for part in ("da", "kl", "kind")]}
            for n in range(1, MOST_QUESTIONS + 1)
        ]

    def clean(self) -> dict[str, Any]:
        """A question needs its Danish words."""
        data = super().clean() or {}
        for n in range(1, MOST_QUESTIONS + 1):
            if data.get(f"kl_{n}") and not data.get(f"da_{n}"):
                self.add_error(f"da_{n}", _("Write the question in Danish, too."))
        if not self.errors and not any(data.get(f"da_{n}") for n in range(1, MOST_QUESTIONS + 1)):
            self.add_error("da_1", _("Write at least one question."))
        return data

    @property
    def given(self) -> list[tuple[str, str, str]]:
        """Kind, Danish and Kalaallisut of each question."""
        data = self.cleaned_data
        return [
            (data[f"kind_{n}"] or "scale", data[f"da_{n}"], data[f"kl_{n}"])
            for n in range(1, MOST_QUESTIONS + 1)
            if data[f"da_{n}"]
        ]
