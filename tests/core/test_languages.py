"""Kalaallisut is a language like any other: header, dates, numbers, first weekday, order."""

from datetime import UTC, date, datetime
from pathlib import Path

import polib
import pytest
from babel import Locale
from django.conf import settings
from django.template import Context, Template
from django.utils import formats, translation
from django.utils.formats import date_format, localize, number_format

from core.languages import fold, human_date, in_language, sort_key
from people.models import Organisation, Place

CLDR = Locale("kl")
JUNE = datetime(2026, 6, 16, 10, 30, tzinfo=UTC)
CATALOGUE = Path(settings.SITE) / "locale" / "kl" / "LC_MESSAGES" / "django.po"


@pytest.mark.parametrize("header", ["kl-GL", "kl", "kl-GL,da;q=0.5", "en;q=0.1,kl;q=0.9"])
def test_a_browser_that_asks_for_kalaallisut_gets_it(client, header):
    headers = {"accept-language": header}

    assert client.get("/healthz", headers=headers)["Content-Language"] == "kl"
    assert client.get("/", headers=headers)["Location"] == "/kl/"


@pytest.mark.parametrize("header", ["da-DK", "en-GB,en;q=0.9", "de", ""])
def test_everybody_else_gets_danish(client, header):
    headers = {"accept-language": header}

    assert client.get("/healthz", headers=headers)["Content-Language"] == "da"
    assert client.get("/", headers=headers)["Location"] == "/da/"


def test_kalaallisut_has_a_name():
    info = translation.get_language_info("kl")

    assert (info["code"], info["name_local"], info["bidi"]) == ("kl", "kalaallisut", False)


@pytest.mark.parametrize("month", range(1, 13))
def test_months_are_those_of_cldr_with_the_genitive_in_dates(month):
    day = date(2026, month, 14)

    with translation.override("kl"):
        assert date_format(day, "DATE_FORMAT") == f"14. {CLDR.months['format']['wide'][month]} 2026"
        assert date_format(day, "F") == CLDR.months["stand-alone"]["wide"][month]
        assert date_format(day, "M") == CLDR.months["stand-alone"]["abbreviated"][month].title()
        assert date_format(day, "N") == CLDR.months["stand-alone"]["abbreviated"][month]


@pytest.mark.parametrize("weekday", range(7))
def test_weekdays_are_those_of_cldr(weekday):
    with translation.override("kl"):
        assert date_format(date(2026, 6, 15 + weekday), "l") == CLDR.days["format"]["wide"][weekday]


@pytest.mark.parametrize(
    ("language", "name", "expected"),
    [
        ("da", "DATE_FORMAT", "16. juni 2026"),
        ("da", "DATETIME_FORMAT", "16. juni 2026 kl. 9.30"),
        ("da", "SHORT_DATE_FORMAT", "16.06.2026"),
        ("da", "TIME_FORMAT", "9.30"),
        ("kl", "DATE_FORMAT", "16. juunip 2026"),
        ("kl", "DATETIME_FORMAT", "16. juunip 2026 09.30"),
        ("kl", "SHORT_DATE_FORMAT", "2026-06-16"),
        ("kl", "YEAR_MONTH_FORMAT", "juuni 2026"),
    ],
)
def test_dates_are_written_as_in_the_language(language, name, expected):
    with translation.override(language):
        shown = Template("{{ at|date:name }}").render(Context({"at": JUNE, "name": name}))

    assert shown == expected


@pytest.mark.parametrize("language", ["da", "kl"])
def test_numbers_are_written_as_in_the_language(language):
    with translation.override(language):
        assert number_format("1234567.5", decimal_pos=2, force_grouping=True) == "1.234.567,50"
        assert localize(0.5) == "0,5"
        assert formats.get_format("FIRST_DAY_OF_WEEK") == 1


@pytest.mark.parametrize("typed", ["2026-06-14", "14.06.2026", "14-06-2026", "14/06/2026"])
@pytest.mark.parametrize("language", ["da", "kl"])
def test_dates_are_taken_as_people_type_them(language, typed):
    from django.forms import DateField

    with translation.override(language):
        assert DateField(localize=True).clean(typed) == date(2026, 6, 14)


@pytest.mark.parametrize(
    ("language", "zone", "place", "year", "expected"),
    [
        ("da", "America/Nuuk", "Nuuk", 2026, "tirsdag den 16. juni kl. 9.30 (Nuuk)"),
        ("da", "Europe/Copenhagen", "", 2026, "tirsdag den 16. juni kl. 12.30"),
        ("da", "America/Nuuk", "", 2027, "tirsdag den 16. juni 2026 kl. 9.30"),
        ("kl", "America/Nuuk", "Nuuk", 2026, "marlunngorneq 16. juunip 09.30 (Nuuk)"),
        ("kl-gl", None, "", 2027, "marlunngorneq 16. juunip 2026 09.30"),
        (None, None, "", 2026, "tirsdag den 16. juni kl. 9.30"),
    ],
)
def test_a_moment_is_told_as_people_say_it(language, zone, place, year, expected):
    told = human_date(JUNE, zone=zone, place=place, language=language, today=date(year, 1, 1))

    assert told == expected


def test_a_template_says_a_moment_on_the_clock_of_a_town():
    town = Place(name="Ittoqqortoormiit", time_zone="America/Scoresbysund")
    template = Template("{% load core_tags %}{{ at|said:town }} / {{ at|said }} / {{ none|said }}")

    shown = template.render(Context({"at": JUNE.replace(year=2020), "town": town, "none": None}))

    assert shown == (
        "tirsdag den 16. juni 2020 kl. 10.30 (Ittoqqortoormiit) / "
        "tirsdag den 16. juni 2020 kl. 8.30 / "
    )


def test_a_day_has_no_clock():
    day = date(2026, 6, 16)

    assert human_date(day, place="Upernavik", language="da", today=day) == "tirsdag den 16. juni"


NAMES = {
    "da": "10 2 â abe az Nuuk qasi qb zebra Ærlig Æske Øre øre Ål Åse aasi Aasiaat",
    "kl": "10 2 â aasi Aasiaat abe az Nuuk qasi ĸasi qb zebra Ærlig Æske øre Øre Ål Åse",
}


@pytest.mark.parametrize("language", ["da", "kl"])
def test_names_sort_as_in_the_language(language):
    expected = NAMES[language].split()

    assert sorted(set(expected), key=lambda name: sort_key(name, language)) == expected


@pytest.mark.parametrize("language", ["da", "kl"])
def test_the_database_sorts_as_python_does(base, language):
    expected = NAMES[language].split()
    Organisation.objects.all().delete()
    Organisation.objects.bulk_create(
        Organisation(name=name, key=name, kind="municipality", starts_on=date(2020, 1, 1))
        for name in reversed(expected)
    )

    found = Organisation.objects.order_by(in_language("name", language))

    assert [each.name for each in found] == expected


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("ĸaĸortoĸ", "qaqortoq"),
        ("K'aĸortoĸ", "qaqortoq"),
        ("ilíniartitsissoĸ", "iliniartitsissoq"),
        ("ôĸâĸ", "ooqaaq"),
        ("ÆØÅ", "æøå"),
        ("é ü ä", "e u æ"),
        ("Ｎｕｕｋ", "nuuk"),
    ],
)
def test_search_folds_the_old_spelling(text, folded):
    assert fold(text) == folded


def test_the_catalogue_holds_the_figures_of_cldr():
    entries = {
        (entry.msgctxt, entry.msgid): entry
        for entry in polib.pofile(CATALOGUE)
        if entry.comment == "CLDR"
    }

    assert len(entries) == 7 * 2 + 12 * 4
    assert entries["alt. month", "June"].msgstr == "juunip"
    assert entries[None, "June"].msgstr == "juuni"
