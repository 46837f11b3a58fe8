"""A framework is data: versions are frozen, a new profession needs no code, an import is whole."""

import datetime as dt
from importlib import import_module
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import translation

from competences.actions import (
    FrameworkRefused,
    begin_next_version,
    publish_version,
)
from competences.imports import import_framework
from competences.models import (
    Competence,
    CompetenceText,
    Framework,
    FrameworkVersion,
    Topic,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("base")]

AT = dt.datetime(2027, 6, 15, 16, 0, tzinfo=dt.UTC)
TODAY = dt.date(2027, 6, 15)
SHIPPED = Path("site/competences/data/frameworks/caseworker-1.toml")
SECOND = Path("site/demo/content/frameworks/familiebehandler.toml")

TOML = """
[framework]
key = "nurse"
title_da = "Sundhedspleje"
profession_da = "Sundhedsplejerske"

[version]
number = 1
in_force_from = 2027-01-01

[[competences]]
key = "visit"
title_da = "Besøge familien"
description_da = "Du besøger familien i hjemmet."
not_yet_da = "Ikke endnu."
with_help_da = "Med hjælp."
alone_da = "Alene."
can_teach_da = "Jeg kan lære andre det."
topics = ["early"]
"""
CSV = (
    "framework_key;framework_title_da;framework_profession_da;version;in_force_from;key;title_da;"
    "description_da;not_yet_da;with_help_da;alone_da;can_teach_da;topics\r\n"
    "nurse;Sundhedspleje;Sundhedsplejerske;1;01-01-2027;visit;Besøge familien;Du besøger;"
    "Ikke;Hjælp;Alene;Lære;early, parents\r\n"
    ";;;;;weigh;Veje barnet;Du vejer;Ikke;Hjælp;Alene;Lære;\r\n"
)


@pytest.fixture(autouse=True)
def _topics():
    call_command("load_topics", verbosity=0)


def everything():
    """All that an import could have touched."""
    return [
        list(model.objects.order_by("pk").values())
        for model in (Framework, FrameworkVersion, Competence, CompetenceText)
    ]


def titles():
    return [
        (text.version.framework.key, text.title_da)
        for text in CompetenceText.objects.in_force(on=TODAY).select_related("version__framework")
    ]


# --- What is shipped ------------------------------------------------------------------------------


def test_the_caseworkers_framework_covers_every_step_of_casework():
    call_command("load_frameworks", verbosity=0)

    texts = CompetenceText.objects.in_force(on=TODAY)
    covered = set(Topic.objects.filter(pk__in=texts.values("topics")).values_list("key", flat=True))
    assert texts.count() == 16
    assert covered == set(Topic.objects.values_list("key", flat=True))


def test_loading_twice_changes_nothing_and_leaves_a_translation_alone():
    call_command("load_frameworks", verbosity=0)
    CompetenceText.objects.filter(key="receipt").update(title_kl="[kl] kvittering")
    before = everything()

    call_command("load_frameworks", verbosity=0)

    assert everything() == before


def test_no_kalaallisut_is_invented():
    call_command("load_frameworks", verbosity=0)

    text = CompetenceText.objects.get(key="child")
    with translation.override("kl"):
        assert (text.title, text.title.language, text.alone.is_fallback) == (
            "Høre barnet",
            "da",
            True,
        )


# --- A second profession --------------------------------------------------------------------------


def test_a_second_profession_comes_in_from_a_file_without_code():
    call_command("load_frameworks", verbosity=0)

    report = import_framework(SECOND.name, SECOND.read_bytes(), at=AT, publish=True)

    assert (report.problems, report.is_new_framework, len(report.added)) == ([], True, 7)
    assert [key for key, _title in titles()].count("family_therapist") == 7
    assert [key for key, _title in titles()].count("caseworker") == 16


@pytest.mark.parametrize(
    ("name", "content"), [("f.toml", TOML.encode()), ("f.csv", CSV.encode("cp1252")),
                          ("f.CSV", CSV.replace(";", "\t").encode("utf-8-sig"))]
)  # fmt: skip
def test_a_draft_comes_in_from_each_kind_of_file(name, content):
    report = import_framework(name, content, at=AT)

    assert report.problems == []
    assert report.version is not None
    assert not report.version.is_frozen
    text = CompetenceText.objects.get(key="visit")
    assert (text.title_da, text.version.in_force_from) == (
        "Besøge familien",
        dt.date(2027, 1, 1),
    )
    assert "early" in text.topics.values_list("key", flat=True)
    assert titles() == []  # a draft holds for nobody


def test_importing_the_same_draft_again_replaces_it():
    import_framework("f.csv", CSV.encode(), at=AT)

    report = import_framework("f.toml", TOML.encode(), at=AT)

    assert report.problems == []
    assert [text.key for text in CompetenceText.objects.all()] == ["visit"]
    assert FrameworkVersion.objects.count() == 1


BROKEN = {
    "not toml": ("f.toml", TOML.replace("[version]", "[version"), "linje 7"),
    "no framework": ("f.toml", TOML.replace("[framework]", "[other]"), "framework"),
    "no number": ("f.toml", TOML.replace("number = 1", ""), "version"),
    "no day": ("f.toml", TOML.replace("2027-01-01", '"i morgen"'), "in_force_from"),
    "no title": ("f.toml", TOML.replace('title_da = "Besøge familien"', ""),
                 "kompetence 1 (visit), title_da"),
    "unknown value": ("f.toml", TOML + 'colour = "red"\n', "kompetence 1 (visit), colour"),
    "unknown topic": ("f.toml", TOML.replace("early", "flying"), "kompetence 1 (visit)"),
    "twice the same key": ("f.toml", TOML + TOML[TOML.index("[[comp") :], "kompetence 2 (visit)"),
    "too long": ("f.toml", TOML.replace("Du besøger", "Du " + "besøger " * 60),
                 "kompetence 1 (visit), description_da"),
    "a citizen's number": ("f.toml", TOML.replace("Du besøger", "Du 0101" + "011234"),
                           "kompetence 1 (visit), description_da"),
    "a table for a row": ("f.toml", TOML[: TOML.index("[[comp")] + "competences = [1]",
                          "competences"),
    "empty": ("f.toml", TOML[: TOML.index("[[comp")] , "competences"),
    "no csv": ("f.csv", CSV.replace("visit;", 'visit;"'), "filen"),
    "unknown column": ("f.csv", CSV.replace("topics", "colour"), "colour"),
    "missing column": ("f.csv", CSV.replace("in_force_from", "framework_key"), "in_force_from"),
    "too many cells": ("f.csv", CSV.replace("Alene;", "Alene;;;;;"), "linje 2"),
    "unknown profession": ("f.csv", CSV.replace("key;title_da", "framework_first_for;key;title_da",
                           1).replace("01-01-2027;visit", "01-01-2027;pilot;visit").replace(
                           ";weigh", ";;weigh"), "framework, first_for"),
    "another kind": ("f.xlsx", "PK", "filen"),
    "not text": ("f.toml", b"\xff\xfe\x00", "filen"),
    "no rows": ("f.csv", CSV.partition("\r\n")[0], "framework, key"),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_refused_with_its_place_and_changes_nothing(name):
    call_command("load_frameworks", verbosity=0)
    before = everything()
    filename, content, place = BROKEN[name]

    report = import_framework(
        filename, content if isinstance(content, bytes) else content.encode(), at=AT, publish=True
    )

    assert place in [problem.place for problem in report.problems]
    assert report.version is None
    assert everything() == before
    assert not any("011234" in problem.text for problem in report.problems)


# --- Versions -------------------------------------------------------------------------------------


@pytest.fixture
def published():
    return import_framework("f.toml", TOML.encode(), at=AT, publish=True).version


def test_a_published_version_is_frozen_but_for_its_kalaallisut(published):
    text = published.texts.get()

    text.title_kl = "[kl]"
    text.save()
    for change in ({"title_da": "Andet"}, {"alone_da": "Andet"}, {"key": "other"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            CompetenceText.objects.filter(pk=text.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        CompetenceText.objects.filter(pk=text.pk).delete()
    assert CompetenceText.objects.get(pk=text.pk).title_kl == "[kl]"


def test_a_published_version_is_not_imported_over(published):
    report = import_framework("f.toml", TOML.replace("Alene.", "Selv.").encode(), at=AT)

    assert [problem.place for problem in report.problems] == ["version"]
    assert published.texts.get().alone_da == "Alene."


def test_the_next_version_keeps_what_competence_it_speaks_of(published):
    competence = published.texts.get().competence
    draft = begin_next_version(published, at=AT)
    text = draft.texts.get()
    text.title_da = "Besøge familien hjemme"
    text.save()
    assert [title for _key, title in titles()] == ["Besøge familien"]

    publish_version(draft, at=AT)

    assert [title for _key, title in titles()] == ["Besøge familien hjemme"]
    assert draft.texts.get().competence == competence
    assert [topic.key for topic in draft.texts.get().topics.all()] == ["early"]
    assert str(Competence.objects.get(pk=competence.pk)) == "Besøge familien hjemme"


def test_a_draft_that_is_begun_in_the_evening_holds_from_that_day(published):
    evening = dt.datetime(2027, 6, 20, 23, 30, tzinfo=ZoneInfo("America/Nuuk"))

    draft = begin_next_version(published, at=evening.astimezone(dt.UTC))

    assert draft.in_force_from == dt.date(2027, 6, 20)


def test_there_is_one_draft_at_most(published):
    begin_next_version(published, at=AT)

    with pytest.raises(FrameworkRefused) as refusal:
        begin_next_version(published, at=AT)

    assert refusal.value.code == "draft"


@pytest.mark.parametrize(("day", "holds"), [(14, 1), (15, 2)])
def test_a_version_holds_from_its_first_day(published, day, holds):
    draft = begin_next_version(published, at=AT)
    draft.in_force_from = dt.date(2027, 7, 15)
    draft.save()
    publish_version(draft, at=AT)

    version = FrameworkVersion.objects.in_force(on=dt.date(2027, 7, day)).get()

    assert version.number == holds


def test_publishing_twice_or_empty_or_backwards_is_refused(published):
    empty = FrameworkVersion.objects.create(
        framework=published.framework, number=9, in_force_from=TODAY
    )
    codes = []
    for version in (published, empty):
        with pytest.raises(FrameworkRefused) as refusal:
            publish_version(version, at=AT)
        codes.append(refusal.value.code)
    empty.delete()
    draft = begin_next_version(published, at=AT)
    FrameworkVersion.objects.filter(pk=draft.pk).update(in_force_from=dt.date(2026, 1, 1))
    with pytest.raises(FrameworkRefused) as refusal:
        publish_version(draft, at=AT)

    assert [*codes, refusal.value.code] == ["published", "empty", "early"]


# --- What drafts had from a file before -----------------------------------------------------------

MIGRATION = import_module("competences.migrations.0005_set_aside_what_drafts_brought")


def test_the_migration_sets_aside_what_a_draft_has_from_a_file_and_brings_it_back(published):
    CompetenceText.objects.filter(version=published).update(title_kl="[kl] frigivet")
    draft = begin_next_version(published, at=AT)
    CompetenceText.objects.filter(version=draft).update(title_kl="[kl] fil", alone_kl="[kl] alene")
    before = everything()

    MIGRATION.set_aside(apps, None)

    text = draft.texts.get()
    assert (text.title_kl, text.alone_kl) == ("[kl] frigivet", "")
    assert text.brought == {"title": "[kl] fil", "alone": "[kl] alene"}
    assert published.texts.get().brought is None

    MIGRATION.bring_back(apps, None)

    assert everything() == before


def test_the_migration_leaves_a_draft_that_says_what_is_released(published):
    CompetenceText.objects.filter(version=published).update(title_kl="[kl] frigivet")
    begin_next_version(published, at=AT)
    before = everything()

    MIGRATION.set_aside(apps, None)

    assert everything() == before
