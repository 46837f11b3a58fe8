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

Key = tuple[str | None, str]


def catalogue_path(language: str) -> Path:
    return ROOT / "site" / "locale" / language / "LC_MESSAGES" / "django.po"


def source_files() -> Iterator[Path]:
    for folder in SOURCES:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in {".py", ".html", ".txt"} and not {"migrations", "static"} & set(
                path.parts
            ):
                yield path


def messages() -> dict[Key, tuple[str | None, set[str]]]:
    """Every string of ours: (context, singular) → (plural, files it stands in)."""
    found: dict[Key, tuple[str | None, set[str]]] = {}
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


def fragments(language: str) -> Iterator[polib.POEntry]:
    for path in sorted((ROOT / "site" / "locale_src" / language).glob("*.po")):
        yield from polib.pofile(str(path))


def update() -> int:
    found = messages()
    for language in ("da", "kl"):
        catalogue = load(language)
        known = {key_of(entry): entry for entry in catalogue}
        for entry in fragments(language):
            present = known.get(key_of(entry))
            if present is None or not is_complete(present):
                known[key_of(entry)] = entry
        rebuilt = polib.POFile(wrapwidth=98)
        rebuilt.metadata = {
            name: text
            for name, text in load(language).metadata.items()
            if name not in {"POT-Creation-Date", "PO-Revision-Date", "Last-Translator"}
        }
        rebuilt.header = catalogue.header
        for key, (plural, files) in sorted(
            found.items(), key=lambda row: (row[0][1], row[0][0] or "")
        ):
            old = known.get(key)
            if old is None and language != "da":
                continue
            context, singular = key
            entry = polib.POEntry(
                msgctxt=context,
                msgid=singular,
                occurrences=[(name, "") for name in sorted(files)],
                flags=["python-format"] if re.search(r"%\(\w+\)[sd]", singular) else [],
            )
            if plural:
                entry.msgid_plural = plural
                entry.msgstr_plural = (old.msgstr_plural if old else None) or {0: "", 1: ""}
            else:
                entry.msgstr = old.msgstr if old else ""
            rebuilt.append(entry)
        if language == "kl":  # names of days and months that Django itself asks for
            ours = {key_of(entry) for entry in rebuilt}
            for key, entry in known.items():
                if key not in ours and entry.comment == "CLDR":
                    rebuilt.append(entry)
        path = catalogue_path(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        rebuilt.save(str(path))
    compile_all()
    return check()


def compile_all() -> int:
    for language in ("da", "kl"):
        path = catalogue_path(language)
        path.with_suffix(".mo").write_bytes(compiled(load(language)))
    return 0


def check() -> int:
    faults = []
    danish = {key_of(entry): entry for entry in load("da")}
    found = messages()
    for key, (_plural, files) in sorted(found.items(), key=lambda row: row[0][1]):
        entry = danish.get(key)
        if entry is None or not is_complete(entry):
            faults.append(f"da: missing: {key[1]!r} ({', '.join(sorted(files))})")
    faults += [f"da: no longer used: {key[1]!r}" for key in danish if key not in found]
    for language in ("da", "kl"):
        catalogue = load(language)
        faults += [
            f"{language}: placeholders differ: {entry.msgid!r}"
            for entry in catalogue
            if is_complete(entry) and not keeps_placeholders(entry)
        ]
        binary = catalogue_path(language).with_suffix(".mo")
        if not binary.exists() or binary.read_bytes() != compiled(catalogue):
            faults.append(f"{language}: django.mo is not what django.po compiles to")
    for fault in faults:
        print(fault)
    print(f"{len(found)} strings, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    commands = {"update": update, "check": check, "compile": compile_all}
    if len(sys.argv) != 2 or sys.argv[1] not in commands:
        raise SystemExit(__doc__)
    sys.exit(commands[sys.argv[1]]())
