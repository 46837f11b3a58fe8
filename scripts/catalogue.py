"""Our own strings and their translations: extract, check, compile.

    python scripts/catalogue.py update    # bring the catalogues in line with the code
    python scripts/catalogue.py check     # what `make test` runs; writes nothing
    python scripts/catalogue.py compile   # .po → .mo

Works without GNU gettext: Django turns a template into Python-like source, and Babel reads that
as it reads Python. Danish must be complete. Kalaallisut may have gaps, which show as Danish.
"""

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import polib
from babel.messages.extract import extract
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ["site", "courses", "mentoring", "cooperation"]
KEYWORDS = {
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "_": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")

# The comment at names of days and months, which Django asks for and none of our code does.
CLDR = "CLDR"
LANGUAGES = ["da", "kl"]

Key = tuple[str | None, str]
Found = dict[Key, tuple[str | None, set[str]]]  # → (plural, files it stands in)


def catalogue_path(language: str) -> Path:
    return ROOT / "site" / "locale" / language / "LC_MESSAGES" / "django.po"


def source_files() -> Iterator[Path]:
    for folder in SOURCES:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in {".py", ".html", ".txt"} and not {"migrations", "static"} & set(
                path.parts
            ):
                yield path


def messages() -> Found:
    """Every string of ours."""
    found: Found = {}
    for path in source_files():
        text = path.read_text(encoding="utf-8")
        if path.suffix != ".py":
            if "{%" not in text and "_(" not in text:
                continue
            text = templatize(text)
        stream = io.BytesIO(text.encode())
        try:
            rows = list(extract("python", stream, keywords=KEYWORDS, options={"encoding": "utf-8"}))
        except (SyntaxError, IndentationError) as error:
            raise SystemExit(f"{path.relative_to(ROOT)}: cannot be read: {error}") from error
        for _line, message, _comments, context in rows:
            singular, plural = message if isinstance(message, tuple) else (message, None)
            if not singular:
                continue
            known_plural, files = found.setdefault((context, singular), (plural, set()))
            found[context, singular] = (known_plural or plural, files)
            files.add(path.relative_to(ROOT).as_posix())
    return found


def load(language: str) -> polib.POFile:
    path = catalogue_path(language)
    if path.exists():
        return polib.pofile(str(path), wrapwidth=98)
    catalogue = polib.POFile(wrapwidth=98)
    catalogue.metadata = {
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Language": language,
        "Plural-Forms": "nplurals=2; plural=(n != 1);",
    }
    return catalogue


def key_of(entry: polib.POEntry) -> Key:
    return entry.msgctxt, entry.msgid


def is_complete(entry: polib.POEntry) -> bool:
    texts = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
    return bool(texts) and all(texts) and not entry.fuzzy


def keeps_placeholders(entry: polib.POEntry) -> bool:
    if entry.msgid_plural:
        allowed = set(PLACEHOLDER.findall(entry.msgid + entry.msgid_plural))
        return all(
            set(PLACEHOLDER.findall(text)) <= allowed for text in entry.msgstr_plural.values()
        )
    return sorted(PLACEHOLDER.findall(entry.msgid)) == sorted(PLACEHOLDER.findall(entry.msgstr))


def compiled(catalogue: polib.POFile) -> bytes:
    return bytes(catalogue.to_binary())


def rebuilt(language: str, catalogue: polib.POFile, found: Found) -> polib.POFile:
    """``catalogue`` brought in line with the strings that were ``found`` in the code.

    A new string stands in the Danish catalogue without a text. A Kalaallisut text that no code
    asks for is set aside as obsolete, and comes back with its string: only a translator could
    write it again. What came from CLDR stays: Django itself asks for it.
    """
    known = {key_of(entry): entry for entry in catalogue}
    result = polib.POFile(wrapwidth=98)
    result.metadata = catalogue.metadata
    result.header = catalogue.header
    for key, (plural, files) in sorted(found.items(), key=lambda row: (row[0][1], row[0][0] or "")):
        old = known.pop(key, None)
        if old is None and language != "da":
            continue
        context, singular = key
        entry = polib.POEntry(
            msgctxt=context,
            msgid=singular,
            occurrences=[(name, "") for name in sorted(files)],
            flags=["python-format"] if re.search(r"%\(\w+\)[sd]", singular) else [],
            tcomment=old.tcomment if old else "",
        )
        if plural:
            entry.msgid_plural = plural
            entry.msgstr_plural = (old.msgstr_plural if old else None) or {0: "", 1: ""}
        else:
            entry.msgstr = old.msgstr if old else ""
        result.append(entry)
    if language != "da":
        for entry in known.values():
            entry.obsolete = entry.comment != CLDR
            entry.occurrences = []
            result.append(entry)
    return result


def update() -> int:
    found = messages()
    for language in LANGUAGES:
        path = catalogue_path(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        rebuilt(language, load(language), found).save(str(path))
    compile_all()
    return check()


def compile_all() -> int:
    for language in LANGUAGES:
        path = catalogue_path(language)
        path.with_suffix(".mo").write_bytes(compiled(load(language)))
    return 0


def faults_in(language: str, catalogue: polib.POFile, found: Found, binary: bytes) -> Iterator[str]:
    """What keeps ``catalogue`` from being right for the strings ``found`` in the code."""
    present = {key_of(entry): entry for entry in catalogue if not entry.obsolete}
    for key, (plural, files) in sorted(found.items(), key=lambda row: row[0][1]):
        entry = present.get(key)
        if language == "da" and (entry is None or not is_complete(entry)):
            yield f"missing: {key[1]!r} ({', '.join(sorted(files))})"
        elif entry is not None and (entry.msgid_plural or None) != plural:
            yield f"another plural in the code: {key[1]!r} ({', '.join(sorted(files))})"
    for key, entry in present.items():
        if key not in found and entry.comment != CLDR:
            yield f"no longer used: {key[1]!r}"
        if is_complete(entry) and not keeps_placeholders(entry):
            yield f"placeholders differ: {key[1]!r}"
    if binary != compiled(catalogue):
        yield "django.mo is not what django.po compiles to"


def check() -> int:
    found = messages()
    faults = []
    for language in LANGUAGES:
        path = catalogue_path(language).with_suffix(".mo")
        binary = path.read_bytes() if path.exists() else b""
        faults += [
            f"{language}: {fault}" for fault in faults_in(language, load(language), found, binary)
        ]
    for fault in faults:
        print(fault)
    print(f"{len(found)} strings, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    commands = {"update": update, "check": check, "compile": compile_all}
    if len(sys.argv) != 2 or sys.argv[1] not in commands:
        raise SystemExit(__doc__)
    sys.exit(commands[sys.argv[1]]())
