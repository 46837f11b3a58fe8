"""The lists of an editor's first page: what waits, what is late, what should be looked at.

Each is asked for twice, however much there is: how many there are, and the first of them. Whoever
may not see a list is not shown that there is one.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, cast

from django.core.cache import cache
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.models import Page, PageLogEntry, TaskState, WorkflowState

from core.periods import local_day
from courses.models import Question
from courses.quizzes.statistics import Figures, figures, going_wrong
from pages.editing.faults import Kind
from pages.models import PageCondition
from pages.models.base import CORRECTION
from pages.translating.states import State, targets, waiting
from pages.translating.views import CHANGE
from people.models import Role
from people.permissions import standing_of
from rules.models import Rule

#: For so long a correction stands on the reviewers' first page.
CORRECTIONS_FOR = timedelta(days=14)
EDITING = (Role.Key.EDITOR, Role.Key.REVIEWER)
ALL_KINDS = (*EDITING, Role.Key.TRANSLATOR)


@dataclass(frozen=True, slots=True)
class Asking:
    """Who looks, and when."""

    user: Any
    at: datetime

    @property
    def today(self) -> date:
        """The day it is for the one who looks."""
        return local_day(self.at)

    def is_one_of(self, *keys: str) -> bool:
        """Whether they hold one of these roles today."""
        return standing_of(self.user).has(*keys)


@dataclass(frozen=True, slots=True)
class Row:
    """One line: what it is, where it is worked on, what there is to say about it.

    ``page_pk``: the page, where it can be called read through from the list.
    """

    title: str
    url: str
    note: str = ""
    page_pk: int | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """One list.

    Args:
        key: Its address below ``sider/``; empty where ``url`` leads to a list that exists already.
        sees: Who is shown it.
        found: All that stands in it, as something that can be counted and cut.
        row: How one of them is shown.
    """

    key: str
    heading: "str | Promise"
    empty: "str | Promise"
    sees: Callable[[Asking], bool]
    found: Callable[[Asking], Any]
    row: Callable[[Any, Asking], Row]
    elsewhere: str = ""
    help: "str | Promise" = ""

    @property
    def url(self) -> str:
        """Where all of it is."""
        return self.elsewhere or reverse("pages_list", args=[self.key])

    def rows(self, found: Sequence[Any], asking: Asking) -> Iterator[Row]:
        """``found`` as lines."""
        return (self.row(one, asking) for one in found)


def _day(day: date) -> str:
    return str(date_format(day, "DATE_FORMAT"))


# --- Drafts and reviews -------------------------------------------------------------------------


def _edit(page_pk: object) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page_pk])


def _drafts(asking: Asking) -> "QuerySet[Page]":
    """What I began or wrote at last, that is neither published nor under review."""
    under_review = WorkflowState.objects.filter(
        object_id=OuterRef("text_pk"),
        status=WorkflowState.STATUS_IN_PROGRESS,
    )
    mine = Q(owner=asking.user) | Q(latest_revision__user=asking.user)
    return (
        Page.objects.filter(mine, has_unpublished_changes=True, alias_of=None)
        .annotate(text_pk=Cast("pk", CharField()))
        .filter(~Exists(under_review))
        .order_by("-latest_revision_created_at", "pk")
    )


def _draft_row(page: Page, _asking: Asking) -> Row:
    note = _("Published, with changes that are not") if page.live else _("Never published")
    return Row(page.draft_title or page.title, _edit(page.pk), note)


def _reviews(asking: Asking) -> "QuerySet[TaskState]":
    """What waits for my answer, the longest first."""
    states = TaskState.objects.reviewable_by(asking.user)
    return cast(
        "QuerySet[TaskState]",
        states.select_related("revision", "workflow_state__requested_by").order_by("started_at"),
    )


def _review_row(state: TaskState, _asking: Asking) -> Row:
    return Row(
        state.revision.object_str,
        _edit(state.revision.object_id),
        _("since %(day)s") % {"day": _day(local_day(state.started_at))},
    )


def _corrections(asking: Asking) -> "QuerySet[PageLogEntry]":
    """What editors published alone of late, the newest first."""
    return (
        PageLogEntry.objects.filter(action=CORRECTION, timestamp__gte=asking.at - CORRECTIONS_FOR)
        .filter(page__isnull=False)
        .select_related("user", "page")
        .order_by("-timestamp")
    )


def _correction_row(entry: PageLogEntry, _asking: Asking) -> Row:
    before = (entry.data.get("revision") or {}).get("id")
    url = (
        reverse(
            "wagtailadmin_pages:revisions_compare", args=[entry.page_id, before, entry.revision_id]
        )
        if before and entry.revision_id
        else reverse("wagtailadmin_pages:history", args=[entry.page_id])
    )
    day = _day(local_day(entry.timestamp))
    who = entry.user.get_full_name() if entry.user else _("somebody")
    return Row(entry.label, url, _("%(who)s, %(day)s") % {"who": who, "day": day})


# --- Pages that want a look ---------------------------------------------------------------------


def _heavy_row(condition: PageCondition, _asking: Asking) -> Row:
    note = _("%(kilobytes)d kB, and %(pictures)d kB of images") % {
        "kilobytes": round(condition.first_visit_bytes / 1000),
        "pictures": round(condition.picture_bytes / 1000),
    }
    return Row(condition.page.title, _edit(condition.page_id), note)


def _fault_row(condition: PageCondition, _asking: Asking) -> Row:
    """The first thing that is wrong, and how much more there is."""
    told = [f"{Kind(kind).label}: “{words}”" for kind, words in condition.faults]
    told += [
        f"{Kind.DEAD_OUTSIDE.label}: “{link.words}”"
        for link in condition.page.outside_links.all()
        if link.is_dead
    ]
    more = len(told) - 1
    note = told[0] if told else ""
    if more > 0:
        note += " " + ngettext("and %(count)d more", "and %(count)d more", more) % {"count": more}
    return Row(condition.page.title, _edit(condition.page_id), note)


def _overdue_row(condition: PageCondition, _asking: Asking) -> Row:
    note = (
        _("should have been read by %(day)s") % {"day": _day(condition.review_by)}
        if condition.review_by
        else ""
    )
    return Row(condition.page.title, _edit(condition.page_id), note, condition.page_id)


# --- Rules, translations, questions -------------------------------------------------------------


def _rule_row(rule: Rule, _asking: Asking) -> Row:
    note = (
        _("should have been checked by %(day)s") % {"day": _day(rule.review_by)}
        if rule.review_by
        else ""
    )
    title = f"{rule.paragraph} {rule.statement_da}".strip()
    return Row(title, reverse("rules_decide", args=[rule.pk]), note)


def _translation_row(page: Any, _asking: Asking) -> Row:
    url = reverse("translation", args=[page.translation_key, targets()[0][0]])
    return Row(page.title, url, str(State(page.state).label))


TROUBLES = {
    "hard": gettext_lazy("few get it right"),
    "turned": gettext_lazy("those who know more get it wrong"),
    "weak": gettext_lazy("it tells nothing about who knows more"),
}


def _questions(_asking: Asking) -> list[Row]:
    """The questions that go wrong; counting every answer takes long, so once an hour."""

    def count() -> list[Row]:
        return [_question_row(row) for row in going_wrong(figures(_in_use()))]

    return cast("list[Row]", cache.get_or_set("pages.questions_going_wrong", count, 3600))


def _in_use() -> "QuerySet[Question]":
    return cast("QuerySet[Question]", Question.objects.in_use().order_by("key"))


def _question_row(row: Figures) -> Row:
    note = ", ".join(str(TROUBLES[trouble]) for trouble in row.troubles)
    url = reverse("courses_statistics_of", args=[row.question.pk])
    return Row(str(row.question), url, f"{row.percent} % · {note}")


def _is(*keys: str) -> Callable[[Asking], bool]:
    return lambda asking: asking.is_one_of(*keys)


def _may(permission: str) -> Callable[[Asking], bool]:
    return lambda asking: bool(asking.user.has_perm(permission))


def listings() -> list[Listing]:
    """Every list, in the order in which they are shown."""
    return [
        Listing(
            "",
            gettext_lazy("Waiting for me"),
            gettext_lazy("Nothing waits for your answer."),
            _is(Role.Key.REVIEWER),
            _reviews,
            _review_row,
            elsewhere=reverse("wagtailadmin_reports:workflow_tasks"),
        ),
        Listing(
            "kladder",
            gettext_lazy("My drafts"),
            gettext_lazy("You have no drafts. Choose a page under Pages to begin one."),
            _is(*ALL_KINDS),
            _drafts,
            _draft_row,
            help=gettext_lazy("What you began or wrote at last, and is not under review."),
        ),
        Listing(
            "",
            gettext_lazy("Overdue rules"),
            gettext_lazy("Every rule has been checked in time."),
            _may("rules.change_rule"),
            lambda asking: Rule.objects.overdue(on=asking.today),
            _rule_row,
            elsewhere=reverse("wagtailsnippets_rules_rule:list") + "?overdue=yes",
        ),
        Listing(
            "laes-igen",
            gettext_lazy("To be read again"),
            gettext_lazy("Every page has been read in time."),
            _is(*EDITING),
            lambda asking: PageCondition.objects.overdue(on=asking.today).select_related("page"),
            _overdue_row,
            help=gettext_lazy(
                "The day for reading them again has passed. Publishing through a review counts as "
                "reading; so does the button, which is the reviewer's."
            ),
        ),
        Listing(
            "",
            gettext_lazy("Waiting for translations"),
            gettext_lazy("Everything is translated and up to date."),
            lambda asking: asking.user.has_perm(CHANGE),
            lambda _asking: waiting(),
            _translation_row,
            elsewhere=reverse("missing_translations"),
        ),
        Listing(
            "links-og-billeder",
            gettext_lazy("Links and images to look at"),
            gettext_lazy("Every link leads somewhere, and every image has its text."),
            _is(*EDITING),
            lambda _asking: (
                PageCondition.objects.with_faults()
                .select_related("page")
                .prefetch_related("page__outside_links")
            ),
            _fault_row,
            help=gettext_lazy(
                "As the pages were when they were published last. Addresses outside are asked once "
                "a week."
            ),
        ),
        Listing(
            "tunge",
            gettext_lazy("Heavy pages"),
            gettext_lazy("Every page is within the aim."),
            _is(*EDITING),
            lambda _asking: PageCondition.objects.heavy().select_related("page"),
            _heavy_row,
            help=gettext_lazy("Published above the aim, with a reason in the page's history."),
        ),
        Listing(
            "",
            gettext_lazy("Questions that go wrong"),
            gettext_lazy("No question stands out. Figures come from five learners on."),
            _may("courses.add_question"),
            _questions,
            lambda row, _asking: row,
            elsewhere=reverse("courses_statistics"),
        ),
        Listing(
            "rettelser",
            gettext_lazy("Small corrections"),
            gettext_lazy("Nobody has published a small correction in the last two weeks."),
            _is(Role.Key.REVIEWER),
            _corrections,
            _correction_row,
            help=gettext_lazy("Published by editors alone in the last two weeks."),
        ),
    ]


def listing_of(key: str, asking: Asking) -> Listing | None:
    """The list with this address, for whoever may see it; none otherwise."""
    return next((one for one in listings() if one.key == key and key and one.sees(asking)), None)
