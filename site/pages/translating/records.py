"""What stands outside pages in two languages: which records, which of their texts, how one is kept.

A kind that is added to :data:`KINDS` can be translated, looked at and released like all others
(:mod:`pages.translating.wordings`). A text is named by its place: ``statement``, or ``<row>.text``
for a text of a row.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from competences.actions import keep_titles
from competences.models import CompetenceText, Framework, FrameworkVersion, Topic
from competences.models.framework import SAID
from core.bilingual import Translated
from core.languages import DANISH, in_language
from courses.actions import freeze_question
from courses.models import Choice, LearningPath, Question
from pages.models import Checklist, ChecklistPoint, ContactCard, GlossaryTerm
from people.models import Person
from rules.actions import save_act, save_rule
from rules.models import Act, Rule


@dataclass(frozen=True, slots=True)
class Place:
    """One text of a record: where it stands, and what it says in Danish and in the language."""

    path: str
    owner: models.Model
    name: str
    language: str

    @property
    def danish(self) -> str:
        """What is translated."""
        return str(getattr(self.owner, f"{self.name}_{DANISH}"))

    @property
    def live(self) -> str:
        """What readers of the language see; empty where they see the Danish text."""
        return str(getattr(self.owner, f"{self.name}_{self.language}"))

    def remember_danish(self) -> bool:
        """Let readers be told once the Danish changes; whether that is new. Saves nothing."""
        owner = self.owner
        return isinstance(owner, Translated) and owner.remember_danish(self.name, self.language)

    @property
    def field(self) -> Any:
        """The field that readers of the language see."""
        return self.owner._meta.get_field(f"{self.name}_{self.language}")

    @property
    def label(self) -> str:
        """What an editor calls the Danish text."""
        field: Any = self.owner._meta.get_field(f"{self.name}_{DANISH}")
        return capfirst(str(field.verbose_name))

    @property
    def own_label(self) -> str:
        """What a translator calls what stands beside it."""
        return capfirst(str(self.field.verbose_name))


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a record that have texts of their own."""

    model: Any
    parent: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of record with texts in two languages.

    ``offered`` are those in use; ``key_field`` names what stays when the record is written anew;
    ``keep`` saves one whose texts have changed, with all that hangs on it; ``address`` is where
    its Danish is edited, by ``permission``.
    """

    key: str
    label: "str | Promise"
    title: str
    offered: Callable[[date], QuerySet[Any]]
    fields: tuple[str, ...]
    keep: Callable[[Any, datetime, Person | None], None]
    address: str
    permission: str
    rows: Rows | None = None
    key_field: str = "pk"
    address_field: str = "pk"

    def key_of(self, record: Any) -> UUID:
        """Names the record, also in its next version."""
        key: UUID = getattr(record, self.key_field)
        return key

    def records(self, on: date, keys: Iterable[UUID] | None = None) -> list[Any]:
        """Those in use on that day, or of them those with ``keys``, by their Danish title."""
        found = self.offered(on)
        if keys is not None:
            found = found.filter(**{f"{self.key_field}__in": list(keys)})
        return list(found.order_by(in_language(self.title, DANISH), "pk"))

    def hold(self, key: UUID, on: date) -> None:
        """Let nobody change the record until the transaction ends: locks what its form locks.

        Read it afterwards: what is kept of it is all of its fields, not the translation alone.
        """
        in_use = self.offered(on).filter(**{self.key_field: key})
        model: Any = in_use.model
        if self.address_field != "pk":
            model = model._meta.get_field(self.address_field).related_model
        edited = model._base_manager.filter(pk__in=in_use.order_by().values(self.address_field))
        list(edited.select_for_update(no_key=True).order_by("pk").values("pk"))

    def places(self, records: Iterable[Any], language: str) -> dict[UUID, list[Place]]:
        """The texts of each record that say something in Danish; one query where it has rows."""
        records = list(records)
        rows = self._rows_of(records)
        found = {}
        for record in records:
            texts = [Place(name, record, name, language) for name in self.fields]
            for row, name in rows[record.pk]:
                texts.append(Place(f"{row.pk}.{name}", row, name, language))
            found[self.key_of(record)] = [place for place in texts if place.danish]
        return found

    def _rows_of(self, records: list[Any]) -> defaultdict[Any, list[tuple[Any, str]]]:
        found: defaultdict[Any, list[tuple[Any, str]]] = defaultdict(list)
        if self.rows is not None:
            parent = self.rows.parent
            keys = [record.pk for record in records]
            rows = self.rows.model.objects.filter(**{f"{parent}__in": keys})
            for row in rows.order_by("sort_order", "pk"):
                found[getattr(row, f"{parent}_id")] += [(row, name) for name in self.rows.fields]
        return found

    def put(
        self,
        record: Any,
        texts: Mapping[str, str],
        language: str,
        *,
        at: datetime,
        by: Person | None,
    ) -> None:
        """Let readers see ``texts`` from now on.

        Raises:
            ValidationError: When the record refuses to be kept like that. Nothing is saved.
        """  # fmt: skip
        for place in self.places([record], language)[self.key_of(record)]:
            words = texts.get(place.path, place.live)
            is_new = words != place.live
            if is_new:
                name = place.field.name
                setattr(place.owner, name, words)
                others = {one.name for one in place.owner._meta.fields} - {name}
                place.owner.clean_fields(exclude=others)
            is_new |= place.remember_danish()
            if is_new and place.owner is not record:
                place.owner.save()
        self.keep(record, at, by)


def _save(record: Any, _at: datetime, _by: Person | None) -> None:
    record.save()


def _keep_question(question: Question, at: datetime, _by: Person | None) -> None:
    question.save()
    freeze_question(question, at=at)


def _keep_word(term: GlossaryTerm, _at: datetime, _by: Person | None) -> None:
    """A word that was looked at is confirmed; one that replaces another has another source."""
    kept = GlossaryTerm.objects.get(pk=term.pk)
    if kept.term_kl != term.term_kl:
        states = GlossaryTerm.KlState
        term.kl_state = states.CONFIRMED if term.term_kl else states.MISSING
        term.kl_source = ""
    term.save()


def _keep_competence(text: CompetenceText, at: datetime, _by: Person | None) -> None:
    """The newest version is what lists and choosers name a competence by."""
    text.save()
    newest = FrameworkVersion.objects.filter(
        framework=text.version.framework_id, published_at__isnull=False
    ).order_by("-in_force_from", "-number")
    if text.version == newest.first():
        keep_titles(text.version)


KINDS = {
    kind.key: kind
    for kind in (
        Kind(
            "regler", _("Rules"), "statement_da",
            lambda on: Rule.objects.filter(Q(retired_on=None) | Q(retired_on__gt=on)),
            ("statement", "deadline", "deadline_starts"),
            lambda rule, at, by: _none(save_rule(rule, at=at, by=by)),
            "wagtailsnippets_rules_rule:edit", "rules.change_rule",
        ),
        Kind(
            "love", _("Acts and orders"), "title_da",
            lambda _on: Act.objects.all(),
            ("title",),
            lambda act, _at, _by: _none(save_act(act)),
            "wagtailsnippets_rules_act:edit", "rules.change_act",
        ),
        Kind(
            "spoergsmaal", _("Questions"), "text_da",
            lambda _on: Question.objects.in_use(),
            ("situation", "text", "unit", "feedback"),
            _keep_question,
            "wagtailsnippets_courses_question:edit", "courses.change_question",
            Rows(Choice, "question", ("text", "match", "feedback")),
        ),
        Kind(
            "ord", _("Glossary"), "term_da",
            lambda _on: GlossaryTerm.objects.shown(),
            ("term", "meaning"),
            _keep_word,
            "wagtailsnippets_pages_glossaryterm:edit", "pages.change_glossaryterm",
        ),
        Kind(
            "kontaktkort", _("Contact cards"), "name_da",
            lambda _on: ContactCard.objects.all(),
            ("name", "hours"),
            _save,
            "wagtailsnippets_pages_contactcard:edit", "pages.change_contactcard",
        ),
        Kind(
            "tjeklister", _("Checklists"), "title_da",
            lambda _on: Checklist.objects.all(),
            ("title",),
            _save,
            "wagtailsnippets_pages_checklist:edit", "pages.change_checklist",
            Rows(ChecklistPoint, "checklist", ("text",)),
        ),
        Kind(
            "kompetencer", _("Competences"), "title_da",
            lambda on: CompetenceText.objects.in_force(on=on).select_related("version"),
            SAID,
            _keep_competence,
            "wagtailsnippets_competences_frameworkversion:edit",
            "competences.change_frameworkversion",
            key_field="competence_id", address_field="version_id",
        ),
        Kind(
            "rammer", _("Frameworks of competences"), "title_da",
            lambda on: Framework.objects.offered(on=on),
            ("title", "profession"),
            _save,
            "wagtailsnippets_competences_framework:edit", "competences.change_framework",
        ),
        Kind(
            "emner", _("Topics of casework"), "title_da",
            lambda on: Topic.objects.offered(on=on),
            ("title", "help"),
            _save,
            "wagtailsnippets_competences_topic:edit", "competences.change_topic",
        ),
        Kind(
            "forloeb", _("Learning paths"), "title_da",
            lambda on: LearningPath.objects.offered(on=on),
            ("title", "summary", "profession"),
            _save,
            "wagtailsnippets_courses_learningpath:edit", "courses.change_learningpath",
        ),
    )
}  # fmt: skip


def kind_of(record: models.Model) -> Kind | None:
    """What ``record`` is; None for what is not translated as itself."""
    return _BY_MODEL.get(type(record))


_BY_MODEL = {kind.offered(date.max).model: kind for kind in KINDS.values()}


def _none(_saved: object) -> None:
    """What an action returns is not needed here."""
