"""What of a page is English: strings of a catalogue left as they are, and plain English words."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import allauth
import django
import polib
import wagtail

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = [Path(module.__file__).parent for module in (django, wagtail, allauth)]

#: Everything a reader may come to see or hear, also what is folded away. The button of Wagtail's
#: calendar that is named here stays hidden: its option "showApplyButton" is never set.
TEXTS = """() => {
    const skipped = 'script, style, template, noscript, [lang="en"], code, .code, mark, textarea,'
        + '.xdsoft_save_selected';
    const texts = [[document.title, document.documentElement.lang]];
    const language = element => element.closest('[lang]')?.lang ?? '';
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const element = walker.currentNode.parentElement;
        if (!element.closest(skipped)) texts.push([walker.currentNode.data, language(element)]);
    }
    for (const name of ['title', 'aria-label', 'alt', 'placeholder', 'aria-description'])
        for (const element of document.body.querySelectorAll(`[${name}]`))
            if (!element.closest(skipped))
                texts.push([element.getAttribute(name), language(element)]);
    for (const element of document.body.querySelectorAll('input:is([type=submit], [type=button])'))
        if (!element.closest(skipped)) texts.push([element.value, language(element)]);
    return texts
        .map(([text, language]) => [text.replace(/\\s+/g, ' ').trim(), language])
        .filter(([text]) => /\\p{L}{2}/u.test(text));
}"""

#: Common in an interface, and words of neither Danish nor Kalaallisut.
_WORDS = """
    about accept access account active add added address after again all already also always and
    another any anyone apply approve are assign attempt author available back because been before
    begin between both button cancel cannot change changed changes check checked choose clear
    click close collapse collection comments compare complete confirm confirmed contains content
    continue copy could course create created current currently custom days deactivate delete
    deleted describe description details disable disabled does done download each edit edited
    editing either else empty enable enabled error errors every everyone everything
    existing expand expired explore external failed field fields file files first following
    forgot found from full generate greater group groups hidden hide history home how if images
    in incorrect invalid into item items its keep language languages latest
    leave left length lesson less letters loading lock locked made maximum missing month
    months more move must name needed never new newest next nothing now number of often older
    oldest on once only options order other our out overview owner page pages parent password
    permission permissions phrase please preview previous privacy public publish published
    publishing question questions read ready reason recent recovery redirect remember remove
    removed reorder replace reply report reports request required reset restore results return
    review role roles rule rules same save saved schedule scheduled search see seen select
    selected settings share should show sign since size skip something sort source
    steps submit submitted success successfully such tasks than that the their them then there
    these they this those through title today toggle too tools translate translated translation
    try unable unknown unlock unpublish until unpublished untitled update updated
    uploaded use used user users valid value values view visible waiting want warning was
    we welcome were what when where whether which while who whole why will with within without
    words work workflows would write written wrong year years yes yesterday yet you your yourself
"""
WORDS = frozenset(_WORDS.split())

#: A language by its own name; a count that Wagtail hides until its script has counted.
ALLOWED = {"English", "None"}

ENGLISH_DATE = re.compile(
    r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]*\.? \d{1,2}, \d{4}"
    r"|\b\d{1,2}:\d\d\s?[ap]\.?m\b|\d,\d{3}\.\d"
    r"|\b(?:january|february|march|may|june|july|october|monday|tuesday|wednesday|thursday"
    r"|friday|saturday|sunday)\b",
    re.IGNORECASE,
)


def faults(texts: list[list[str]]) -> list[str]:
    """What is English among ``texts``, each with its language: what is wrong, and where."""
    english, danish = catalogues()
    found = []
    for text, _language in texts:
        bare = text.strip(" .:…!?,")
        if bare in english and bare not in danish | ALLOWED:
            found.append(f"not translated: {text!r}")
        words = re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", text.casefold())
        found += [f"{word!r} in {text!r}" for word in words if word in WORDS]
        found += [f"date or number {hit[0]!r} in {text!r}" for hit in ENGLISH_DATE.finditer(text)]
    return sorted(set(found))


def foreign_dates(texts: list[list[str]]) -> list[str]:
    """Dates as machines write them; that is how CLDR has Kalaallisut write short ones."""
    return [text for text, _language in texts if re.search(r"\b\d{4}-\d\d-\d\d\b", text)]


def unmarked(texts: list[list[str]]) -> list[str]:
    """Danish strings of ours that a page in Kalaallisut does not mark as Danish."""
    danish, kalaallisut = ours("da"), ours("kl")
    return sorted(
        {
            text
            for text, language in texts
            if language != "da" and text in danish and text not in kalaallisut
        }
    )


@cache
def catalogues() -> tuple[set[str], set[str]]:
    """Every English string with another Danish one, and every Danish string."""
    english, danish = set(), set()
    folders = [ROOT / "site" / "locale", ROOT / "site" / "locale_wagtail"]
    files = [folder / "da" / "LC_MESSAGES" / "django.po" for folder in folders]
    for package in PACKAGES:
        files += package.rglob("locale/da/LC_MESSAGES/*.po")
    for file in files:
        for entry in polib.pofile(str(file)):
            pairs: list[tuple[str, Any]] = [(entry.msgid, entry.msgstr)]
            if entry.msgid_plural:
                pairs = list(
                    zip(
                        (entry.msgid, entry.msgid_plural), entry.msgstr_plural.values(), strict=True
                    )
                )
            for source, target in pairs:
                bare = " ".join(source.split()).strip(" .:…!?,")
                if target and target != source:
                    english.add(bare)
                danish.add(" ".join(target.split()).strip(" .:…!?,"))
    return {text for text in english if len(text) > 2}, danish


@cache
def ours(language: str) -> set[str]:
    """The strings of our own catalogue in ``language``."""
    file = ROOT / "site" / "locale" / language / "LC_MESSAGES" / "django.po"
    return {" ".join(entry.msgstr.split()) for entry in polib.pofile(str(file)) if entry.msgstr}
