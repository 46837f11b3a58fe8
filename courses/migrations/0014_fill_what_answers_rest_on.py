"""Write down which rules each version of a question rests on, and which cases wait for a look."""

from collections import defaultdict
from uuid import UUID

from django.db import migrations
from django.db.models import Max


def fill_rules(apps, schema_editor):
    version_model = apps.get_model("courses", "QuestionVersion")
    link = apps.get_model("courses", "QuestionRule")
    known = set(apps.get_model("rules", "Rule").objects.values_list("pk", flat=True))
    rows = []
    for version in version_model.objects.only("pk", "rule_id", "content").iterator(500):
        behind = [choice.get("rule") for choice in version.content.get("choices", [])]
        cited = dict.fromkeys([version.rule_id, *(UUID(key) for key in behind if key)])
        rows += [link(version_id=version.pk, rule_id=key) for key in cited if key in known]
    link.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)


def mark_cases(apps, schema_editor):
    waiting = (
        apps.get_model("rules", "ReviewItem")
        .objects.filter(kind="case", state="open", decision__undone_at__isnull=True)
        .values("object_id", "language")
        .annotate(since=Max("decision__holds_from"))
        .order_by()
    )
    changed = defaultdict(dict)
    for row in waiting:
        changed[row["object_id"]][row["language"]] = row["since"].isoformat()
    for key, days in changed.items():
        apps.get_model("courses", "Case").objects.filter(pk=key).update(changed_rules=days)


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0013_remember_what_cases_and_answers_rest_on"),
    ]

    operations = [
        migrations.RunPython(fill_rules, migrations.RunPython.noop),
        migrations.RunPython(mark_cases, migrations.RunPython.noop),
    ]
