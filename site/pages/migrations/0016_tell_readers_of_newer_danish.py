"""What was released remembers in the record, too, which Danish it was made from."""

from hashlib import sha256

from django.db import migrations

SAID = ("title", "description", "not_yet", "with_help", "alone", "can_teach")
#: App, model, the field that is the record's key in its wording, texts, the prefix of its places.
TOLD = [
    ("rules", "Rule", "pk", ("statement", "deadline", "deadline_starts"), False),
    ("courses", "Question", "pk", ("situation", "text", "unit", "feedback"), False),
    ("courses", "Choice", "question_id", ("text", "match", "feedback"), True),
    ("courses", "LearningPath", "pk", ("title", "summary", "profession"), False),
    ("competences", "CompetenceText", "competence_id", SAID, False),
    ("pages", "GlossaryTerm", "pk", ("term", "meaning"), False),
    ("pages", "ContactCard", "pk", ("name", "hours"), False),
    ("pages", "Checklist", "pk", ("title",), False),
    ("pages", "ChecklistPoint", "checklist_id", ("text",), True),
]


def remember(apps, schema_editor):
    released = apps.get_model("pages", "Wording").objects.filter(
        language="kl", released_at__isnull=False
    )
    made_from = {
        one.record: dict(one.made_from) for one in released.order_by("released_at", "written_at")
    }
    for app, name, key, texts, is_row in TOLD:
        model = apps.get_model(app, name)
        for record in model.objects.order_by("pk").iterator(500):
            danish = made_from.get(getattr(record, key), {})
            prefix = f"{record.pk}." if is_row else ""
            known = {
                f"{text}_kl": digest(danish[f"{prefix}{text}"])
                for text in texts
                if getattr(record, f"{text}_kl") and f"{prefix}{text}" in danish
            }
            if known:
                model.objects.filter(pk=record.pk).update(made_from=known)


def digest(words):
    return sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:16]


class Migration(migrations.Migration):
    dependencies = [
        ("pages", "0015_remember_what_translations_are_made_from"),
        ("rules", "0006_remember_what_translations_are_made_from"),
        ("courses", "0020_remember_what_translations_are_made_from"),
        ("competences", "0006_remember_what_translations_are_made_from"),
    ]

    operations = [migrations.RunPython(remember, migrations.RunPython.noop)]
