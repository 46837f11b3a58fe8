"""Wagtail speaks Danish to editors: its catalogues, its JavaScript and the pages of its admin."""

import json
import re
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import polib
import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils.translation import gettext, ngettext, override, pgettext
from wagtail.models import Locale, Page, Site

from pages.models import HomePage
from people.models import User
from scripts.catalogue import load as load_catalogue
from scripts.wagtail_catalogue import DOMAINS, compiled, faults_in, key_of, load

SITE = Path(__file__).parents[2] / "site"

# --- The catalogues ---

#: What we say otherwise than Wagtail and mean to, on its pages too: one word for one thing.
OUR_WORD = {
    "tags", "owner", "Owner", "Cancel", "Form", "required", "Summary",
}  # fmt: skip


def test_no_string_of_ours_takes_the_place_of_one_of_wagtails():
    """Ours are looked up first, everywhere: one that Wagtail has too needs a context."""
    ours = {key_of(one): one.msgstr for one in load_catalogue("da") if not one.obsolete}
    packages = [Path(find_spec(name).origin).parent for name in ("wagtail", "wagtail_localize")]
    files = [
        *(SITE / "locale_wagtail" / "da" / "LC_MESSAGES").glob("django.po"),
        *(file for one in packages for file in one.rglob("locale/da/LC_MESSAGES/django.po")),
    ]
    theirs = {}
    for file in files:  # the first that has it is the one that is shown
        for one in polib.pofile(str(file)):
            if one.msgstr and not one.obsolete and not one.fuzzy:
                theirs.setdefault(key_of(one), one.msgstr)

    taken = {key[1] for key, text in theirs.items() if ours.get(key, text) != text}

    assert len(files) > 5
    assert taken == OUR_WORD


def faults(msgid: str, msgstr: str, **more: object) -> list[str]:
    """What the check finds in a catalogue that holds this one string."""
    entry = polib.POEntry(msgid=msgid, msgstr=msgstr, **more)
    catalogue = polib.POFile()
    catalogue.append(entry)
    wanted = {key_of(entry): polib.POEntry(msgid=msgid, **more)}
    return list(faults_in(catalogue, wanted, compiled(catalogue)))


@pytest.mark.parametrize(
    ("english", "danish"),
    [
        ("Save", "Gem"),
        ("%(count)s pages", "%(count)s sider"),
        ("Lock this %(model_name)s", "Lås dette"),
        ('<a href="%(url)s">Add one</a>', '<a href="%(url)s">Opret en</a>'),
        ("Locale: ", "Sprog: "),
    ],
)
def test_a_good_translation_passes(english, danish):
    assert faults(english, danish) == []


@pytest.mark.parametrize(
    ("english", "danish", "fault"),
    [
        ("Save", "", "missing"),
        ("%(count)s pages", "sider", "placeholders or tags differ"),
        ("{count} pages", "{antal} sider", "placeholders or tags differ"),
        ("<b>Locked</b>", "<b>Låst", "placeholders or tags differ"),
        ("by %(user)s", "af %(model_name)s", "placeholders or tags differ"),
        ("Locale: ", "Sprog:", "white space around it differs"),
    ],
)
def test_a_damaged_translation_is_found(english, danish, fault):
    assert faults(english, danish) == [f"{fault}: {english!r}"]


def test_both_forms_of_a_plural_are_checked():
    plural = {0: "%(n)s side", 1: "sider"}

    assert faults("%(n)s page", "", msgid_plural="%(n)s pages", msgstr_plural=plural) == [
        "placeholders or tags differ: '%(n)s page'"
    ]


def test_a_guess_is_not_a_translation():
    assert faults("Save", "Gem", flags=["fuzzy"]) == ["fuzzy: 'Save'"]


STALE = "the .mo is not what the .po compiles to"


def test_strings_that_come_and_go_with_wagtail_are_found():
    catalogue = polib.POFile()
    catalogue.append(polib.POEntry(msgid="Old", msgstr="Gammel"))
    wanted = {(None, "New"): polib.POEntry(msgid="New")}

    assert list(faults_in(catalogue, wanted, b"")) == [
        "missing: 'New'",
        "in no installed package: 'Old'",
        STALE,
    ]


@pytest.mark.parametrize("domain", DOMAINS)
def test_the_catalogue_is_compiled(domain):
    catalogue = load(domain)

    assert len(catalogue.translated_entries()) == len(catalogue)
    assert list(faults_in(catalogue, {key_of(entry): entry for entry in catalogue}, b"")) == [STALE]


# --- What Django makes of them ---


@pytest.mark.parametrize(
    ("english", "danish"),
    [
        ("Save Draft", "Gem kladde"),  # Wagtail itself says "Gem skitse"
        ("Schedule to publish", "Planlæg udgivelse"),
        ("Translate this page", "Oversæt siden"),
        ("Audio file", "Lydfil"),
    ],
)
@pytest.mark.parametrize("language", ["da", "kl"])
def test_our_words_win_in_danish_and_show_in_kalaallisut(language, english, danish):
    with override(language):
        assert gettext(english) == danish


def test_plurals_and_contexts():
    with override("da"):
        assert ngettext("%(count)s image", "%(count)s images", 1) == "%(count)s billede"
        assert ngettext("%(count)s image", "%(count)s images", 2) == "%(count)s billeder"
        assert pgettext("A tag slug", "slug") == "URL-navn"


# --- What an editor sees ---


@pytest.fixture
def editor(base, client, settings):
    """A browser in which somebody has signed in who may open every part of the admin."""
    settings.SIDEMAND_SECOND_FACTOR = False
    client.force_login(User.objects.create_superuser("lotte@example.org", "sidemand-demo"))
    return client


@pytest.fixture
def home(base):
    """A published Danish page."""
    page = HomePage(title="Sidemand", slug="da", locale=Locale.objects.get(language_code="da"))
    Page.get_first_root_node().add_child(instance=page)
    page.save_revision().publish()
    Site.objects.update_or_create(
        is_default_site=True, defaults={"hostname": "localhost", "root_page": page}
    )
    return page


@pytest.mark.parametrize(
    "name", ["wagtailadmin_javascript_catalog", "wagtail_localize:javascript_catalog"]
)
def test_the_scripts_of_the_admin_get_our_words(editor, name):
    body = editor.get(reverse(name)).content.decode()

    served = json.loads(re.search(r"const newcatalog = (\{.*?\n  \});", body, re.DOTALL)[1])
    assert served["Resolve"] == "Markér som løst"
    assert served["Upload PO file"] == "Upload PO-fil"
    assert served["%(num)s error"] == ["%(num)s fejl", "%(num)s fejl"]


def visible_words(html: str) -> Iterator[str]:
    """Every text of a page that somebody sees or hears, now or after a click."""
    page = BeautifulSoup(html, "html.parser")
    for silent in page.select("script, style, [data-side-panel-toggle-counter]"):
        silent.extract()
    for text in page.stripped_strings:
        yield " ".join(text.split())
    for name in ("aria-label", "title", "placeholder", "alt"):
        for element in page.find_all(attrs={name: True}):
            yield element[name].strip()


def english_words() -> set[str]:
    """What Wagtail says in English and we say otherwise."""
    return {
        entry.msgid.strip()
        for domain in DOMAINS
        for entry in load(domain)
        if entry.msgid.strip() != entry.msgstr.strip()
    }


@pytest.mark.parametrize(
    ("name", "on_page"),
    [
        ("wagtailadmin_home", False),
        ("wagtailadmin_explore_root", False),
        ("wagtailadmin_explore", True),
        ("wagtailadmin_pages:add_subpage", True),
        ("wagtailadmin_pages:edit", True),
        ("wagtailadmin_pages:history", True),
        ("wagtailadmin_pages:copy", True),
        ("wagtailadmin_pages:move", True),
        ("wagtailadmin_pages:delete", True),
        ("wagtailadmin_pages:unpublish", True),
        ("wagtailadmin_pages:usage", True),
        ("wagtailadmin_pages:search", False),
        ("wagtail_localize:submit_page_translation", True),
        ("wagtailimages:index", False),
        ("wagtailimages:add_multiple", False),
        ("wagtaildocs:index", False),
        ("wagtaildocs:add_multiple", False),
        ("wagtailmedia:index", False),
        ("wagtailadmin_collections:add", False),
        ("wagtailadmin_workflows:index", False),
        ("wagtailadmin_workflows:add", False),
        ("wagtailadmin_reports:locked_pages", False),
        ("wagtailadmin_reports:site_history", False),
        ("wagtail_localize:translations_report", False),
        ("wagtailadmin_account", False),
    ],
)
def test_no_english_is_left_on_the_pages_of_the_admin(editor, home, name, on_page):
    response = editor.get(reverse(name, args=[home.pk] if on_page else []))

    assert response.status_code == 200
    assert set(visible_words(response.content.decode())) & english_words() == set()


@pytest.mark.parametrize(
    ("name", "labels"),
    [
        ("external_link", ["URL", "Linktekst"]),
        ("email_link", ["E-mailadresse", "Linktekst", "E-mailens emne", "E-mailens tekst"]),
        ("phone_link", ["Telefonnummer", "Linktekst"]),
        ("anchor_link", ["#", "Linktekst"]),
    ],
)
def test_the_forms_for_links_have_danish_labels(editor, name, labels):
    response = editor.get(reverse(f"wagtailadmin_choose_page_{name}"))

    form = BeautifulSoup(response.json()["html"], "html.parser")
    assert [label.get_text(strip=True).rstrip("*") for label in form("label")] == labels
