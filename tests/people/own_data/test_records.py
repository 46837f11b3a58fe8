"""Every foreign key that leads to a person is declared: exported, and decided upon when erased."""

from django.apps import apps
from django.db import models

from core.declarations import Fate, Records, all_declarations, all_records
from people.models import Person, User
from people.own_data.rows import target_of

DECLARED = {records.model: records for records in all_records()}
HINT = "Name it in RECORDS of its app's declarations.py; see docs/personal-data.md."


def pointers(model: type[models.Model]) -> list[models.Field]:
    """The foreign keys, one-to-ones and many-to-manys that start at ``model``."""
    return [
        field
        for field in model._meta.get_fields(include_hidden=True)
        if field.is_relation and not field.auto_created and field.related_model is not None
    ]


def undeclared(models_: list[type[models.Model]], declared: dict[str, Records]) -> set[str]:
    """The pointers to a person, or to what is a person's, that no declaration knows."""
    missing = set()
    personal = {
        one.model_class
        for one in declared.values()
        if one.mine and one.model not in {"people.Person", "people.User"}
    }
    for model in models_:
        records = declared.get(model._meta.label)
        lookups = records.mine + records.acted if records else ()
        named = {lookup.split("__")[0] for lookup in lookups}
        for field in pointers(model):
            where = f"{model._meta.label}.{field.name}"
            if field.many_to_many:
                continue  # its table is a model of its own
            if field.related_model in {Person, User}:
                if field.name not in named and where != "people.Person.user":
                    missing.add(where)
            elif field.related_model in personal and records is None:
                missing.add(where)
    return missing


def all_models() -> list[type[models.Model]]:
    return list(apps.get_models(include_auto_created=True))


def test_every_pointer_to_a_person_is_declared():
    assert undeclared(all_models(), DECLARED) == set(), HINT


def test_a_pointer_that_nobody_declared_is_found():
    without = {key: records for key, records in DECLARED.items() if key != "courses.Enrolment"}
    half = DECLARED | {"people.Role": Records("people.Role", mine=("person",))}
    part = {key: records for key, records in DECLARED.items() if key != "courses.Answer"}

    assert undeclared(all_models(), without) == {"courses.Enrolment.person"}
    assert undeclared(all_models(), half) == {"people.Role.given_by"}
    assert undeclared(all_models(), part) == {"courses.Answer.attempt"}


def test_every_look_up_leads_to_a_person():
    for records in all_records():
        for lookup in records.mine + records.acted:
            target_of(records.model_class, lookup)


def test_no_model_is_declared_twice():
    named = [records.model for records in all_records()]

    assert len(named) == len(set(named))


def test_what_is_kept_of_a_person_is_told_on_the_privacy_page_and_once():
    told = [model for declaration in all_declarations() for model in declaration.models]
    kept = {records.model for records in all_records() if records.mine or records.acted}

    assert kept - set(told) == set(), HINT
    assert {model for model in told if told.count(model) > 1} == set()


def test_fields_that_are_named_exist():
    for records in all_records():
        fields = {field.name for field in records.model_class._meta.get_fields()}
        assert set(records.blank) | set(records.secret) | set(records.let_go) <= fields
        assert {keep.since for keep in records.keep} <= fields


def test_what_says_nothing_about_anybody_has_a_reason():
    for records in all_records():
        assert bool(records.holds_nothing) != bool(records.mine or records.acted), records.model


def test_rows_that_go_with_their_owner_are_not_kept():
    for records in all_records():
        if records.fate == Fate.KEPT:
            assert not records.blank
