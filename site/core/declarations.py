"""What the product keeps about people, declared by the app that keeps it.

Persondataloven for Greenland asks the controller to know and to tell: the purpose, the kinds of
data, who sees them and when they are deleted. An app lists its declarations in its module
``declarations`` under the name ``DECLARATIONS``; the privacy page shows them all.
"""

from dataclasses import dataclass
from importlib import import_module

from django.apps import apps
from django.utils.functional import Promise
from django.utils.module_loading import module_has_submodule


@dataclass(frozen=True, slots=True)
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


def all_declarations() -> list[DataDeclaration]:
    """Every declaration of every installed app, in order."""
    declared: list[DataDeclaration] = []
    for app in apps.get_app_configs():
        if app.module is not None and module_has_submodule(app.module, "declarations"):
            declared += getattr(import_module(f"{app.name}.declarations"), "DECLARATIONS", [])
    return sorted(declared, key=lambda declaration: declaration.position)
