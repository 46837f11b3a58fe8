"""Everything about one person as one ZIP: a page to read, and JSON for each model."""

import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from tempfile import TemporaryFile
from typing import Any

from django.apps import apps
from django.core.files import File
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.module_loading import module_has_submodule
from django.utils.translation import override

from core import access_log, telling
from core.declarations import DataDeclaration, Records, all_declarations, all_records
from people import tasks
from people.models import DataExport, Person, User
from people.own_data.rows import rows

ROWS_AT_ONCE = 500
_PEOPLE = (Person, User)


@dataclass(frozen=True, slots=True)
class Told:
    """One declaration as the page in the file tells it: how many records, in which files."""

    declaration: DataDeclaration
    count: int
    files: tuple[str, ...]


# --- Asking for it --------------------------------------------------------------------------------


@transaction.atomic
def ask_for_export(person: Person, *, at: datetime) -> DataExport:
    """Begin a copy of everything about ``person``; asking twice gives the one under way.

    The copy of before goes: it lies there for nobody.
    """
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    under_way = DataExport.objects.under_way().filter(person=person).first()
    if under_way is not None:
        return under_way
    for old in DataExport.objects.filter(person=person):
        forget_export(old)
    export = DataExport.objects.create(person=person, asked_at=at)
    access_log.record(person.user, "ask_export", person, at=at)
    transaction.on_commit(partial(tasks.make_export.enqueue, str(export.pk)))
    return export


def forget_export(export: DataExport) -> None:
    """Delete an export with its file."""
    if export.file.name:
        transaction.on_commit(partial(export.file.storage.delete, export.file.name))
    export.delete()


# --- Making it ------------------------------------------------------------------------------------


def make_export(export: DataExport) -> None:
    """Write the file of ``export``, counting on as it goes; running again writes it anew.

    A failure is kept in the record, so that its owner is told instead of waiting.
    """
    person = Person.objects.select_related("user").get(pk=export.person_id)
    declared = [records for records in all_records() if records.mine or records.acted]
    counts = {
        records.model: rows(records, records.mine + records.acted, person).count()
        for records in declared
    }
    DataExport.objects.filter(pk=export.pk).update(done_count=0, total_count=sum(counts.values()))
    try:
        with TemporaryFile() as file:
            _write(file, person, declared, counts, export)
            size = file.tell()
            file.seek(0)
            export.file.save("export.zip", File(file), save=False)
    except Exception:
        DataExport.objects.filter(pk=export.pk).update(failed_at=timezone.now())
        raise
    with transaction.atomic():
        # Whoever was erased, or asked anew, meanwhile has no use for it.
        kept = DataExport.objects.filter(pk=export.pk).update(
            file=export.file.name, size=size, ready_at=timezone.now(), failed_at=None
        )
        if kept:
            telling.tell(person, "people.export_ready", {}, url="people:own-data")
    if not kept and export.file.name:
        export.file.storage.delete(export.file.name)


def _write(
    file: Any,
    person: Person,
    declared: list[Records],
    counts: dict[str, int],
    export: DataExport,
) -> None:
    done = 0
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for records in declared:
            if not counts[records.model]:
                continue
            written = 0
            with archive.open(f"data/{records.model}.json", "w", force_zip64=True) as entry:
                entry.write(b"[")
                for row in exported(records, person):
                    entry.write(b",\n" if written else b"\n")
                    entry.write(_json(row))
                    written += 1
                    if written % ROWS_AT_ONCE == 0:
                        _progress(export, done + written)
                entry.write(b"\n]\n")
            done += counts[records.model]
            _progress(export, done)
        for name, content in _files(declared, person):
            archive.writestr(name, content)
        archive.writestr("oversigt.html", _page(person, counts))


def _progress(export: DataExport, done: int) -> None:
    DataExport.objects.filter(pk=export.pk).update(done_count=done)


def _json(row: dict[str, Any]) -> bytes:
    return json.dumps(row, cls=DjangoJSONEncoder, ensure_ascii=False).encode()


def exported(records: Records, person: Person) -> Iterator[dict[str, Any]]:
    """The rows of one model as plain values: one's own whole, the others as the fact alone."""
    said: dict[tuple[Any, Any], str] = {}
    own = rows(records, records.mine, person)
    for row in own.order_by("pk").iterator(chunk_size=ROWS_AT_ONCE):
        yield _whole(records, row, said)
    others = rows(records, records.acted, person).exclude(pk__in=own.values("pk"))
    for row in others.order_by("pk").iterator(chunk_size=ROWS_AT_ONCE):
        yield _fact(records, row, person)


def _whole(records: Records, row: models.Model, said: dict[tuple[Any, Any], str]) -> dict[str, Any]:
    """Every field of a row; what a pointer means beside it, unless it means a person."""
    values: dict[str, Any] = {}
    for field in row._meta.concrete_fields:
        if field.name in records.secret:
            continue
        value = getattr(row, field.attname)
        if isinstance(value, memoryview | bytes) or isinstance(field, models.FileField):
            value = _file_name(records, row, field.name) if value else None
        values[field.name] = value
        target = field.related_model
        if value is not None and target is not None and _can_say(target):
            if (target, value) not in said:
                said[target, value] = str(getattr(row, field.name))
            values[f"{field.name}_says"] = said[target, value]
    return values


def _can_say(target: Any) -> bool:
    """Whether a pointer is said in words.

    Not to a person; and to our own records alone: Wagtail's words may ask for what is gone.
    """
    app = apps.get_app_config(target._meta.app_label)
    is_ours = app.module is not None and module_has_submodule(app.module, "declarations")
    return is_ours and target not in _PEOPLE


def _fact(records: Records, row: models.Model, person: Person) -> dict[str, Any]:
    """That the person had a hand in a row, and its moments."""
    own = {person.pk, person.user_id}
    return {
        "id": row.pk,
        "as": [name for name in records.acted if getattr(row, f"{name}_id") in own],
        **{
            field.name: getattr(row, field.attname)
            for field in row._meta.concrete_fields
            if isinstance(field, models.DateField)
        },
    }


def _file_name(records: Records, row: models.Model, field: str) -> str:
    return f"files/{records.model}/{row.pk}-{field}"


def _files(declared: list[Records], person: Person) -> Iterator[tuple[str, bytes]]:
    """What is kept as a file or as bytes about the person."""
    for records in declared:
        fields = [
            field
            for field in records.model_class._meta.concrete_fields
            if isinstance(field, models.BinaryField | models.FileField)
            and field.name not in records.secret
        ]
        if not fields or not records.mine or records.model == "people.DataExport":
            continue
        for row in rows(records, records.mine, person).iterator(chunk_size=ROWS_AT_ONCE):
            for field in fields:
                value = getattr(row, field.name)
                if isinstance(field, models.BinaryField) and value:
                    yield _file_name(records, row, field.name), bytes(value)
                elif value and value.storage.exists(value.name):
                    with value.open("rb") as stored:
                        yield _file_name(records, row, field.name), stored.read()


def _page(person: Person, counts: dict[str, int]) -> str:
    """The page to read, in the person's language."""
    with override(person.language):
        told = [
            Told(
                declaration,
                sum(counts.get(model, 0) for model in declaration.models),
                tuple(f"data/{model}.json" for model in declaration.models if counts.get(model)),
            )
            for declaration in all_declarations()
        ]
        return render_to_string(
            "people/own_data/overview.html",
            {"person": person, "told": told, "at": timezone.now(), "language": person.language},
        )
