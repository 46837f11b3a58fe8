"""The check of our own strings finds what is missing, unused, outdated or told wrongly."""

import polib
import pytest

from scripts import catalogue
from scripts.catalogue import Found, compiled, faults_in, rebuilt

FOUND: Found = {
    (None, "Save"): (None, {"a.html"}),
    (None, "%(count)s page"): ("%(count)s pages", {"b.py"}),
}
PAGES = {0: "%(count)s side", 1: "%(count)s sider"}


def pofile(*entries: polib.POEntry) -> polib.POFile:
    result = polib.POFile()
    result.metadata = {
        "Content-Type": "text/plain; charset=UTF-8",
        "Plural-Forms": "nplurals=2; plural=(n != 1);",
    }
    result.extend(entries)
    return result


def pages(**more: object) -> polib.POEntry:
    facts = {"msgid_plural": "%(count)s pages", "msgstr_plural": PAGES}
    return polib.POEntry(msgid="%(count)s page", **{**facts, **more})


def faults(language: str, *entries: polib.POEntry) -> list[str]:
    with_binary = pofile(*entries)
    return list(faults_in(language, with_binary, FOUND, compiled(with_binary)))


def test_a_complete_catalogue_passes():
    assert faults("da", polib.POEntry(msgid="Save", msgstr="Gem"), pages()) == []


@pytest.mark.parametrize(
    "save",
    [
        [],
        [polib.POEntry(msgid="Save", msgstr="")],
        [polib.POEntry(msgid="Save", msgstr="Gem", flags=["fuzzy"])],
        [polib.POEntry(msgid="Save", msgstr="Gem", obsolete=True)],
        [polib.POEntry(msgid="Save", msgctxt="noun", msgstr="Gem")],
    ],
)
def test_a_missing_danish_text_is_told_with_its_file(save):
    assert "missing: 'Save' (a.html)" in faults("da", *save, pages())


def test_a_plural_needs_each_of_its_forms():
    save = polib.POEntry(msgid="Save", msgstr="Gem")

    assert faults("da", save, pages(msgstr_plural={0: PAGES[0], 1: ""})) == [
        "missing: '%(count)s page' (b.py)"
    ]


def test_a_missing_kalaallisut_text_is_no_fault():
    assert faults("kl") == []


@pytest.mark.parametrize("language", ["da", "kl"])
def test_a_text_that_no_code_asks_for_is_told(language):
    unused = polib.POEntry(msgid="Gone", msgstr="Væk")

    assert "no longer used: 'Gone'" in faults(language, unused)


def test_names_of_days_stay_though_no_code_of_ours_asks_for_them():
    assert (
        faults("kl", polib.POEntry(msgid="Monday", msgstr="ataasinngorneq", comment="CLDR")) == []
    )


@pytest.mark.parametrize("texts", [{0: "%(antal)s side", 1: PAGES[1]}, {0: "%s side", 1: PAGES[1]}])
def test_a_placeholder_of_its_own_is_told(texts):
    save = polib.POEntry(msgid="Save", msgstr="Gem")

    assert faults("da", save, pages(msgstr_plural=texts)) == [
        "placeholders differ: '%(count)s page'"
    ]


def test_another_plural_is_told():
    assert faults("kl", pages(msgid_plural="%(count)s sheets")) == [
        "another plural in the code: '%(count)s page' (b.py)"
    ]


def test_a_binary_of_before_is_told():
    before = pofile(polib.POEntry(msgid="Save", msgstr="Arkivér"), pages())
    after = pofile(polib.POEntry(msgid="Save", msgstr="Gem"), pages())

    assert list(faults_in("da", after, FOUND, compiled(before))) == [
        "django.mo is not what django.po compiles to"
    ]


def test_bringing_danish_in_line_adds_the_new_and_drops_the_unused():
    before = pofile(polib.POEntry(msgid="Gone", msgstr="Væk"), pages())

    after = rebuilt("da", before, FOUND)

    assert [(entry.msgid, entry.msgstr) for entry in after] == [
        ("%(count)s page", ""),
        ("Save", ""),
    ]
    assert after[0].msgstr_plural == PAGES


def test_a_translators_word_is_set_aside_and_comes_back_with_its_string():
    word = polib.POEntry(msgid="Home", msgstr="Saqqaa")

    without = rebuilt("kl", pofile(word), FOUND)
    again = rebuilt("kl", without, {(None, "Home"): (None, {"a.html"})})

    assert [(entry.msgid, entry.obsolete) for entry in without] == [("Home", True)]
    assert list(faults_in("kl", without, FOUND, compiled(without))) == []
    assert [(entry.msgstr, bool(entry.obsolete)) for entry in again] == [("Saqqaa", False)]


def test_strings_of_templates_and_of_python_are_found(tmp_path, monkeypatch):
    folder = tmp_path / "courses"
    folder.mkdir()
    (folder / "a.py").write_text('_("Plain"); ngettext("One", "Many", n); pgettext("verb", "Act")')
    (folder / "a.html").write_text(
        "{% translate 'Short' %}{% blocktranslate trimmed count counter=n %}\n"
        "  One {{ n }}\n{% plural %}  Many {{ n }}\n{% endblocktranslate %}"
    )
    monkeypatch.setattr(catalogue, "ROOT", tmp_path)

    assert {key: plural for key, (plural, _files) in catalogue.messages().items()} == {
        (None, "Plain"): None,
        (None, "One"): "Many",
        ("verb", "Act"): None,
        (None, "Short"): None,
        (None, "One %(n)s"): "Many %(n)s",
    }
