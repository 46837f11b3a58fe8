"""Wagtail's own strings in Danish, which Wagtail's catalogues hold less than a fifth of.

    python scripts/wagtail_catalogue.py update    # after a new Wagtail: take its strings in
    python scripts/wagtail_catalogue.py check     # what `make test` runs; writes nothing
    python scripts/wagtail_catalogue.py compile   # .po → .mo

The catalogues stand in site/locale_wagtail, a LOCALE_PATHS folder, so they win over the packages'
own Danish and serve the JavaScript catalogues of Wagtail and Wagtail Localize as well. The words
to use are at the top of django.po.
"""

import re
import sys
from collections import Counter
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import polib

DANISH = Path(__file__).resolve().parent.parent / "site" / "locale_wagtail" / "da" / "LC_MESSAGES"
DOMAINS = ["django", "djangojs"]
PACKAGES = ["taggit", "wagtail", "wagtail_localize", "wagtailmedia"]
# Strings the packages show but left out of their own catalogues: (domain, file) → string.
UNLISTED = {
    (
        "django",
        "wagtail/admin/forms/pages.py",
    ): 'You do not have permission to publish pages at "%(page_title)s"',
    ("django", "wagtailmedia/models.py"): "media items",
}
MARKUP = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}|</?[a-zA-Z][^>]*>")
# A word of unknown gender: Danish says "dette" or nothing where English says "this page".
MAY_BE_LEFT_OUT = {"%(model_name)s", "{model_name}", "%(snippet_type_name)s"}

Key = tuple[str | None, str]


def key_of(entry: polib.POEntry) -> Key:
    return entry.msgctxt, entry.msgid


def catalogue_path(domain: str) -> Path:
    return DANISH / f"{domain}.po"


def package_folder(package: str) -> Path:
    """Where ``package`` is installed.

    Raises:
        LookupError: It is not installed.
    """
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise LookupError(f"{package} is not installed")
    return Path(spec.origin).parent


def package_entries(domain: str) -> Iterator[tuple[str, polib.POEntry]]:
    """Every string of ``domain`` in the installed packages, with the app that shows it."""
    for package in PACKAGES:
        folder = package_folder(package)
        for path in sorted(folder.glob(f"**/locale/en/LC_MESSAGES/{domain}.po")):
            app = path.parents[3].relative_to(folder.parent).as_posix()
            for entry in polib.pofile(str(path)):
                yield app, entry
    for (its_domain, file), text in UNLISTED.items():
        if its_domain == domain:
            yield file, polib.POEntry(msgid=text)


def wanted(domain: str) -> dict[Key, polib.POEntry]:
    """One untranslated entry per string, naming the apps that show it."""
    found: dict[Key, polib.POEntry] = {}
    for app, entry in package_entries(domain):
        text = entry.msgid
        known = found.setdefault(
            key_of(entry),
            polib.POEntry(
                msgid=text,
                msgctxt=entry.msgctxt,
                msgid_plural=entry.msgid_plural,
                comment=entry.comment,
                flags=["python-format"] if re.search(r"%(\(\w+\))?[sd]", text) else [],
            ),
        )
        known.msgid_plural = known.msgid_plural or entry.msgid_plural
        if (app, "") not in known.occurrences:
            known.occurrences.append((app, ""))
    return found


def texts_of(entry: polib.POEntry) -> list[tuple[str, str]]:
    """(English, Danish) of each form of ``entry``."""
    if not entry.msgid_plural:
        return [(entry.msgid, entry.msgstr)]
    danish = entry.msgstr_plural
    return [(entry.msgid, danish.get(0, "")), (entry.msgid_plural, danish.get(1, ""))]


def edges(text: str) -> tuple[str, str]:
    """The white space around ``text``, to which Wagtail joins other text."""
    bare = text.strip()
    start = text.index(bare)
    return text[:start], text[start + len(bare) :]


def keeps_markup(english: str, danish: str) -> bool:
    ours, theirs = Counter(MARKUP.findall(danish)), Counter(MARKUP.findall(english))
    return not ours - theirs and set(theirs - ours) <= MAY_BE_LEFT_OUT


def faults_of(entry: polib.POEntry) -> Iterator[str]:
    """What is wrong with the Danish of ``entry``."""
    if entry.fuzzy:
        yield "fuzzy"
    for english, danish in texts_of(entry):
        if not danish:
            yield "missing"
        elif not keeps_markup(english, danish):
            yield "placeholders or tags differ"
        elif edges(english) != edges(danish):
            yield "white space around it differs"


def load(domain: str) -> polib.POFile:
    return polib.pofile(str(catalogue_path(domain)), wrapwidth=98)


def compiled(catalogue: polib.POFile) -> bytes:
    return bytes(catalogue.to_binary())


def update() -> int:
    for domain in DOMAINS:
        catalogue = load(domain)
        known = {key_of(entry): entry for entry in catalogue}
        catalogue.clear()
        for key, entry in sorted(
            wanted(domain).items(), key=lambda row: (row[1].occurrences[0], row[0][1])
        ):
            old = known.get(key)
            if entry.msgid_plural:
                entry.msgstr_plural = (old.msgstr_plural if old else None) or {0: "", 1: ""}
            else:
                entry.msgstr = old.msgstr if old else ""
            entry.flags += ["fuzzy"] if old and old.fuzzy else []
            catalogue.append(entry)
        catalogue.save(str(catalogue_path(domain)))
    compile_all()
    return check()


def compile_all() -> int:
    for domain in DOMAINS:
        catalogue_path(domain).with_suffix(".mo").write_bytes(compiled(load(domain)))
    return 0


def faults_in(
    catalogue: polib.POFile, wanted_entries: dict[Key, polib.POEntry], binary: bytes
) -> Iterator[str]:
    """What keeps ``catalogue`` from being the whole Danish of ``wanted_entries``."""
    present = {key_of(entry): entry for entry in catalogue}
    for key, entry in wanted_entries.items():
        if key not in present:
            yield f"missing: {key[1]!r}"
        elif present[key].msgid_plural != entry.msgid_plural:
            yield f"another plural in the package: {key[1]!r}"
    for key, entry in present.items():
        if key not in wanted_entries:
            yield f"in no installed package: {key[1]!r}"
        yield from (f"{fault}: {key[1]!r}" for fault in faults_of(entry))
    if binary != compiled(catalogue):
        yield "the .mo is not what the .po compiles to"


def check() -> int:
    count, faults = 0, []
    for domain in DOMAINS:
        binary = catalogue_path(domain).with_suffix(".mo")
        strings = wanted(domain)
        count += len(strings)
        faults += [
            f"{domain}: {fault}"
            for fault in faults_in(
                load(domain), strings, binary.read_bytes() if binary.exists() else b""
            )
        ]
    for (_domain, file), text in UNLISTED.items():
        package, _, inner = file.partition("/")
        if text not in (package_folder(package) / inner).read_text(encoding="utf-8"):
            faults.append(f"{file} no longer shows {text!r}: take it out of UNLISTED")
    for fault in faults:
        print(fault)
    print(f"{count} strings of Wagtail, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    commands = {"update": update, "check": check, "compile": compile_all}
    if len(sys.argv) != 2 or sys.argv[1] not in commands:
        raise SystemExit(__doc__)
    sys.exit(commands[sys.argv[1]]())
