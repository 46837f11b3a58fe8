"""A case: invented, on a clock, with branches. The editors' half of the case simulator.

The other half is ``courses.models.case``: what is live here is frozen there and played from
there (``pages.records``, ``docs/case-simulator.md``).
"""

import uuid
from collections.abc import Iterable
from datetime import time
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, Panel
from wagtail.blocks import StreamBlockValidationError
from wagtail.fields import StreamField
from wagtail.models import Revision

from competences.forms import NamesCompetencesMixin
from courses.cases import NotInStory, Problem, Run, replay
from courses.cases.clock import Moment
from courses.cases.pages import case_state
from courses.citations import CASE
from pages.case_blocks import DeadlinesBlock, StepsBlock
from pages.cases import Draft
from pages.editing.forms import PageForm
from pages.late import hold_back
from pages.models.base import SCHEDULED, BasePage, PublishingRefused
from pages.models.learning import Crumb, optional_field, reader_of, sign_in_and_back
from people.companions import companions_of
from people.permissions import standing_of


class CasePageForm(NamesCompetencesMixin, PageForm):
    """A case in the editor: what the checker finds stops publishing and review, not a draft."""

    def clean(self) -> dict[str, Any]:
        """Put each problem at its step or deadline."""
        cleaned: dict[str, Any] = super().clean() or {}
        if self.is_deferred_validation or {"steps", "deadlines"} & set(self.errors):
            return cleaned
        told = CasePage(
            locale=self.instance.locale,
            begins_weekday=cleaned.get("begins_weekday") or 0,
            begins_time=cleaned.get("begins_time") or time(0),
            steps=cleaned["steps"],
            deadlines=cleaned["deadlines"],
        )
        problems = Draft.of(told).problems
        for field in ("deadlines", "steps"):
            here = [problem for problem in problems if problem.field == field]
            if here:
                self.add_error(field, _at_blocks(here, cleaned[field]))
        return cleaned


class StoryPanel(Panel):
    """What the checker says of the case as it was saved last, with the picture of its branches."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "pages/cases/check_panel.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            """Adds ``draft``; none on the page of a case that has never been saved."""
            context: dict[str, Any] = super().get_context_data(parent_context)
            is_saved = self.instance is not None and self.instance.pk is not None
            return context | {"draft": Draft.of(self.instance) if is_saved else None}


class CasePage(BasePage):
    """A case: what happens, step by step, and what can be done."""

    minutes = models.PositiveSmallIntegerField(
        _("minutes"),
        default=15,
        validators=[MinValueValidator(1), MaxValueValidator(90)],
        help_text=_("How long a calm player takes to one ending."),
    )
    is_optional = optional_field(_("The module can be completed without it."))
    competences: Any = ParentalManyToManyField(
        "competences.Competence",
        blank=True,
        related_name="+",
        verbose_name=_("competences"),
        help_text=_("What it shows to end it well. The Danish page counts."),
    )
    begins_weekday = models.PositiveSmallIntegerField(
        _("begins on"),
        choices=[(number, capfirst(name)) for number, name in WEEKDAYS.items()],
        default=4,
    )
    begins_time = models.TimeField(
        _("at"), default=time(15, 40), help_text=_("On the invented clock, for example 15:40.")
    )
    deadlines = StreamField(DeadlinesBlock(), blank=True, verbose_name=_("deadlines"))
    steps = StreamField(StepsBlock(), blank=True, verbose_name=_("steps"))

    cited_as = CASE
    base_form_class = CasePageForm
    content_panels: ClassVar[list[Any]] = [
        *BasePage.opening_panels,
        FieldPanel("minutes"),
        FieldPanel("is_optional"),
        FieldPanel("competences", widget=forms.CheckboxSelectMultiple),
        FieldPanel("body", heading=_("Before it begins")),
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("begins_weekday"), FieldPanel("begins_time")])],
            heading=_("The clock of the case"),
        ),
        FieldPanel("deadlines"),
        FieldPanel("steps"),
        StoryPanel(heading=_("Check of the case")),
        *BasePage.closing_panels,
    ]
    parent_page_types: ClassVar[list[str]] = ["pages.ModulePage"]
    subpage_types: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")

    # --- Publishing ---

    def publish(
        self, revision: Revision, *args: Any, log_action: Any = True, **kwargs: Any
    ) -> None:
        """Publish ``revision``, by whatever door.

        The figures of a case are frozen with it, so that one which a changed rule has made wrong
        since it was scheduled is held back: it stays as it is, and the reviewers are told.

        Raises:
            PublishingRefused: When the checker finds a problem, too. Nothing is changed.
        """
        problems = Draft.of(revision.as_object()).problems
        if problems and log_action == SCHEDULED:
            hold_back(self, revision, at=timezone.now())
            return
        if problems:
            raise PublishingRefused([str(one) for one in problems], page_pk=self.pk)
        super().publish(revision, *args, log_action=log_action, **kwargs)

    def cited_rules(self) -> set[uuid.UUID]:
        """The Danish page leads: it also rests on the rules of its deadlines and choices."""
        shown = super().cited_rules()
        if self.language != settings.LANGUAGE_CODE:
            return shown
        return shown | {uuid.UUID(key) for key in Draft.of(self).story.rules()}

    # --- Showing it ---

    def shown_to(self, request: HttpRequest) -> dict[str, Any]:
        """The case's place, the reader's own plays, and whom the reader may play with."""
        person = reader_of(request)
        state = case_state(self.translation_key, person)
        if state is None:
            return {"person": person, "state": None, "stamp": (), "crumbs": []}
        companions = companions_of(standing_of(request.user)) if person else []
        records = [record for record in (state.case.course, state.case.module) if record.path]
        return {
            "person": person,
            "state": state,
            "companions": companions,
            "play_id": uuid.uuid4(),
            "login_url": sign_in_and_back(request),
            "crumbs": [Crumb(record.title, record.path) for record in records],
            "rule_changed_on": state.case.rule_changed_on(self.language),
            "stamp": (state.stamp, [(one.person.pk, one.person.name) for one in companions]),
            "alternate_urls": state.case.paths,
        }

    def make_preview_request(
        self,
        original_request: HttpRequest | None = None,
        preview_mode: str | None = None,
        extra_request_attrs: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The preview can be walked: the way so far stands in the address, and nowhere else."""
        way = original_request.GET.get("vej", "") if original_request else ""
        attrs = {**(extra_request_attrs or {}), "case_way": way}
        response: HttpResponse = super().make_preview_request(original_request, preview_mode, attrs)
        return response

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Adds, in a preview, the check and the walk through what is told now."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        is_preview = getattr(request, "is_preview", False)
        if is_preview and not getattr(request, "is_weighed", False):
            draft = Draft.of(self)
            context |= {"draft": draft, "walk": walk(draft, getattr(request, "case_way", ""))}
        else:
            minute = self.begins_time.hour * 60 + self.begins_time.minute
            context["begins"] = Moment(self.begins_weekday, minute)
        return context


def walk(draft: Draft, way: str) -> dict[str, Any] | None:
    """The draft played along ``way``: the place of each choice, as in ``0.2.1``.

    A way that the draft no longer has ends where it leaves it. None without any step.
    """
    run: Run | None = None
    path: list[list[str]] = []
    try:
        run = replay(draft.story, path)
        for part in way.split(".") if way else []:
            choice = run.step.choices[int(part)]
            run = replay(draft.story, [*path, [run.step.key, choice.id]])
            path = run.path
    except (NotInStory, ValueError, IndexError):
        pass
    if run is None:
        return None
    taken = [
        str([choice.id for choice in move.step.choices].index(move.choice.id)) for move in run.moves
    ]
    return {
        "run": run,
        "ways": [
            (choice, ".".join([*taken, str(place)]), draft.story.step(choice.to) is not None)
            for place, choice in enumerate(run.step.choices)
        ],
        "back": ".".join(taken[:-1]),
    }


def _at_blocks(problems: Iterable[Problem], stream: Any) -> ValidationError:
    """The problems at their blocks; those of the whole case above them."""
    places = {child.id or f"new-{index}": index for index, child in enumerate(stream)}
    at_block: dict[int, list[str]] = {}
    above: list[str] = []
    for problem in problems:
        if problem.block in places:
            at_block.setdefault(places[problem.block], []).append(str(problem))
        else:
            above.append(str(problem))
    return StreamBlockValidationError(
        block_errors={place: ValidationError(found) for place, found in at_block.items()},
        non_block_errors=above,
    )
