"""The reviewer's list: what a change of the law asks somebody to look through."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from core.periods import local_day, midnight
from rules.citations import edit_addresses, sources
from rules.consequences import Told, consequences
from rules.differences import Difference, differences
from rules.models import Act, Decision, ReviewItem, Rule

AGES = (7, 30, 90)
#: How many decisions of late the list asks about: a whole new act.
MOST_DECISIONS = 100
CLOSED, ALL = "closed", "all"


@dataclass(frozen=True)
class Filters:
    """What of the list is wanted; what cannot be read is left out."""

    act: UUID | None = None
    kind: str = ""
    language: str = ""
    older_than: int = 0
    state: str = ReviewItem.State.OPEN

    @classmethod
    def read(cls, asked: Mapping[str, str]) -> "Filters":
        """The filters of an address."""
        age = asked.get("alder", "")
        state = asked.get("tilstand", "")
        return cls(
            act=_uuid(asked.get("lov", "")),
            kind=kind if (kind := asked.get("slags", "")) in sources() else "",
            language=code if (code := asked.get("sprog", "")) in dict(settings.LANGUAGES) else "",
            older_than=int(age) if age in map(str, AGES) else 0,
            state=state if state in {CLOSED, ALL} else ReviewItem.State.OPEN,
        )

    def items(self, *, today: date) -> Any:
        """The items, those that have waited longest first."""
        items = ReviewItem.objects.valid()
        if self.state == ReviewItem.State.OPEN:
            items = items.filter(state=ReviewItem.State.OPEN)
        elif self.state == CLOSED:
            items = items.exclude(state=ReviewItem.State.OPEN)
        if self.act:
            items = items.filter(_by_act(self.act, "decision__"))
        if self.kind:
            items = items.filter(kind=self.kind)
        if self.language:
            items = items.filter(language=self.language)
        if self.older_than:
            items = items.marked_before(today - timedelta(days=self.older_than))
        return items.select_related(
            "decision__rule__act", "decision__act", "decision__before", "decision__after",
            "closed_by",
        ).order_by("marked_at", "kind", "title", "language", "pk")  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One item with where it is edited and what has changed."""

    item: ReviewItem
    address: str
    kind: str
    today: date
    differences: list[Difference] = field(default_factory=list)

    @property
    def days(self) -> int:
        """How many days it has waited."""
        return (self.today - local_day(self.item.marked_at)).days

    @property
    def language(self) -> str:
        """The language by its own name; empty for what has both in one record."""
        return dict(settings.LANGUAGES).get(self.item.language, "")

    @property
    def where(self) -> str:
        """Paragraph of the rule, or its key where nobody has seen one."""
        rule = self.item.decision.rule
        return rule.paragraph or rule.key

    @property
    def act(self) -> str:
        """The act by which it changed."""
        decision = self.item.decision
        act = decision.act or decision.rule.act
        return str(act) if act else ""


def rows_of(items: list[ReviewItem], *, today: date) -> list[Row]:
    """The items as rows; each kind is asked once where its objects are edited."""
    known = sources()
    addresses = edit_addresses((item.kind, item.object_id, item.language) for item in items)
    return [
        Row(
            item=item,
            address=addresses.get((item.kind, item.object_id, item.language), ""),
            kind=str(known[item.kind].label) if item.kind in known else item.kind,
            today=today,
            differences=differences(item.decision.before.content, item.decision.after.content),
        )
        for item in items
    ]


def acts_to_check() -> Any:
    """The new versions of acts against which rules are still to be checked. One query.

    ``waiting`` is how many rules of the old version there are. A version that is the newest one
    stays while it ``may_change`` rules of :func:`rules_without_act`.
    """
    unseen = Rule.objects.without_act().unchecked_since(OuterRef("in_force_from"))
    return (
        Act.objects.annotate(waiting=Count("awaiting_rules"))
        .annotate(may_change=Q(replaces__isnull=False, replacement__isnull=True) & Exists(unseen))
        .filter(Q(waiting__gt=0) | Q(may_change=True))
        .order_by("in_force_from", "key")
    )


def rules_without_act(new: Act) -> QuerySet[Rule]:
    """Rules that ``new`` may change, though they wait for no act: nobody has seen theirs.

    One that was checked since the new version began is not among them.
    """
    rules = Rule.objects.without_act()
    return rules.unchecked_since(new.in_force_from) if new.in_force_from else rules


def unseen_to_check() -> QuerySet[Rule]:
    """Every rule of :func:`rules_without_act` of any act, each once: those of the latest one."""
    acts = [act for act in acts_to_check() if act.may_change]
    if not acts:
        return Rule.objects.none()
    return rules_without_act(max(acts, key=lambda act: act.in_force_from or date.max))


def lately_changed(filters: Filters, *, today: date) -> list[Told]:
    """The decisions of late that do something by themselves, the newest first. Two queries."""
    decisions = Decision.objects.changes().filter(
        decided_at__gte=midnight(today - timedelta(days=AGES[-1] - 1))
    )
    if filters.act:
        decisions = decisions.filter(_by_act(filters.act))
    decisions = decisions.select_related("rule__act", "act").order_by("-decided_at", "-pk")
    return [told for told in consequences(decisions[:MOST_DECISIONS]) if told.lines]


HEADER = (
    "Slags", "Titel", "Sprog", "Regel", "Lov", "Hvad", "Før", "Nu", "Ændret fra", "Venter siden",
    "Tilstand", "Af", "Den",
)  # fmt: skip


def csv_rows(filters: Filters, *, today: date) -> Iterator[list[object]]:
    """The whole list: what cites changed rules, then the rules that wait themselves."""
    known = sources()
    for item in filters.items(today=today).iterator(chunk_size=500):
        row = Row(item, "", "", today)
        before, after = item.decision.before.content, item.decision.after.content
        told = differences(before, after)
        yield [
            known[item.kind].label if item.kind in known else item.kind,
            item.title,
            item.language,
            row.where,
            row.act,
            item.decision.get_kind_display(),
            " · ".join(one.old or "–" for one in told),
            " · ".join(one.new or "–" for one in told),
            item.decision.holds_from.isoformat(),
            local_day(item.marked_at).isoformat(),
            item.get_state_display(),
            item.closed_by.name if item.closed_by else "",
            local_day(item.closed_at).isoformat() if item.closed_at else "",
        ]
    if filters != Filters():
        return
    for follows in lately_changed(filters, today=today):
        made = follows.decision
        named = [_("What follows"), " · ".join(follows.lines), "", follows.where, follows.act]
        days = [made.holds_from.isoformat(), local_day(made.decided_at).isoformat()]
        yield [*named, made.get_kind_display(), "", "", *days, "", "", ""]
    for rule in Rule.objects.being_checked().select_related("awaiting_act").order_by("key"):
        act = rule.awaiting_act
        since = act.in_force_from if act else None
        yield _of_rule(rule, act, _("To be checked against a new law"), since)
    unseen = {rule: act for act in acts_to_check() if act.may_change
              for rule in rules_without_act(act)}  # fmt: skip
    for rule, act in unseen.items():
        yield _of_rule(rule, None, _("To be checked against a new law"), act.in_force_from)
    for rule in Rule.objects.overdue(on=today).select_related("act"):
        yield _of_rule(rule, rule.act, _("Should have been checked again"), rule.review_by)


def _of_rule(rule: Rule, act: Act | None, what: str, since: date | None) -> list[object]:
    day = since.isoformat() if since else ""
    where = rule.paragraph or rule.key
    named = [_("Rule"), rule.statement_da, "", where, str(act) if act else "", what]
    return [*named, "", "", "", day, ReviewItem.State.OPEN.label, "", ""]


def _by_act(act: UUID, path: str = "") -> Q:
    """That ``act`` changed the rule, or that the rule stands in it and no act changed it."""
    of_rule = Q(**{f"{path}act": None, f"{path}rule__act": act})
    return Q(**{f"{path}act": act}) | of_rule


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
