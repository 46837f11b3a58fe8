"""What the product keeps about people, declared by the app that keeps it.

Persondataloven for Greenland asks the controller to know and to tell: the purpose, the kinds of
data, who sees them and when they are deleted. An app lists its declarations in its module
``declarations`` under the name ``DECLARATIONS``; the privacy page shows them all.

Beside them it lists, under the name ``RECORDS``, how the rows of each model lead to a person, and
what becomes of them: the export of one's own data, the erasure of a person and the deletion of
what is old all go by that list, and a test compares it with every foreign key there is.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib import import_module
from typing import Any

from django.apps import apps
from django.db import models
from django.utils.functional import Promise
from django.utils.module_loading import module_has_submodule
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext


class Fate(models.TextChoices):
    """What becomes of a person's rows when the person is erased."""

    ERASED = "erased", _("Deleted")
    BLANKED = "blanked", _("The text is deleted; date and numbers stay")
    KEPT = "kept", _("Stays, as that of a deleted person")


@dataclass(frozen=True, slots=True)
class Keep:
    """How long the rows of a model are kept: until ``days`` after the moment or day ``since``.

    ``only`` narrows to some of them. What then happens to them is ``then``; ``work`` names a
    function ``(before, *, at, dry_run) -> int`` where that takes more than deleting rows, or
    blanking the fields that an erasure blanks.
    """

    days: int
    since: str
    then: Fate = Fate.ERASED
    only: Mapping[str, Any] = field(default_factory=dict)
    work: str = ""

    @property
    def said(self) -> str:
        """The time as people say it."""
        if self.days % 365 == 0:
            years = self.days // 365
            return ngettext("%(count)s year", "%(count)s years", years) % {"count": years}
        return ngettext("%(count)s day", "%(count)s days", self.days) % {"count": self.days}


@dataclass(frozen=True)
class Records:
    """How the rows of one model lead to a person, and what becomes of them.

    Args:
        model: As ``app.Model``.
        mine: Look-ups to the person, or account, that a row is about or whose work it is. Such
            rows are exported whole.
        acted: Look-ups to one who only had a hand in it (who gave a role). Such rows are exported
            as the fact and its moments: the rest is about somebody else.
        fate: What an erasure does to the rows that are ``mine``.
        blank: What an erasure writes into which fields; for those that are ``BLANKED``.
        let_go: Those of ``mine`` that an erasure empties, and leaves the row to its other owner.
        secret: Fields that no export holds.
        work: A function ``(person, *, by, at) -> None`` that erases in place of all this.
        keep: What is deleted when it is old, whoever it belongs to.
        logged: The kind, and the field that holds the id, under which the access log names such a
            row, so that its person can ask who saw it.
        holds_nothing: Why a model that leads to a person's rows says nothing about one.
    """

    model: str
    mine: tuple[str, ...] = ()
    acted: tuple[str, ...] = ()
    fate: Fate = Fate.KEPT
    blank: Mapping[str, Any] = field(default_factory=dict)
    let_go: tuple[str, ...] = ()
    secret: tuple[str, ...] = ()
    work: str = ""
    keep: tuple[Keep, ...] = ()
    logged: tuple[str, str] = ("", "")
    holds_nothing: str = ""

    @property
    def model_class(self) -> type[models.Model]:
        """The model itself."""
        return apps.get_model(self.model)


@dataclass(frozen=True)
class DataDeclaration:
    """One kind of data about people.

    Args:
        title: What it is, in the reader's words.
        purpose: Why it is kept.
        fields: What is kept, in the reader's words.
        access: Who can see it.
        retention: How long it is kept and what happens then.
        models: The models it speaks of, as ``app.Model``; nothing about people is kept in a
            model that no declaration names (a test compares).
        position: Lower comes first.
    """

    title: "str | Promise"
    purpose: "str | Promise"
    fields: "tuple[str | Promise, ...]"
    access: "str | Promise"
    retention: "str | Promise"
    models: tuple[str, ...]
    position: int = 50

    @cached_property
    def records(self) -> "list[Records]":
        """How its models lead to a person."""
        return [records for records in all_records() if records.model in self.models]

    @property
    def fates(self) -> "list[str | Promise]":
        """What an erasure does to it, in words; each once."""
        found = {records.fate for records in self.records if records.mine}
        return [fate.label for fate in Fate if fate in found]


def all_declarations() -> list[DataDeclaration]:
    """Every declaration of every installed app, in order."""
    return sorted(_listed("DECLARATIONS"), key=lambda declaration: declaration.position)


def all_records() -> list[Records]:
    """How every model leads to a person, of every installed app."""
    return _listed("RECORDS")


def _listed(name: str) -> list[Any]:
    found: list[Any] = []
    for app in apps.get_app_configs():
        if app.module is not None and module_has_submodule(app.module, "declarations"):
            found += getattr(import_module(f"{app.name}.declarations"), name, [])
    return found
