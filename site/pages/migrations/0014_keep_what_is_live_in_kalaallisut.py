"""What is live in Kalaallisut stays live, with the Danish of today as what it was made from.

Translators write it on a page of its own from now on, so that they no longer change the records.
"""

from collections import defaultdict

from django.db import migrations
from django.utils import timezone

SAID = ("title", "description", "not_yet", "with_help", "alone", "can_teach")
#: Kind, app, model, its texts, and of its rows: app, model, the field that leads to it, texts.
KINDS = [
    ("regler", "rules", "Rule", ("statement", "deadline", "deadline_starts"), None),
    ("love", "rules", "Act", ("title",), None),
    (
        "spoergsmaal", "courses", "Question", ("situation", "text", "unit", "feedback"),
        ("courses", "Choice", "question_id", ("text", "match", "feedback")),
    ),
    ("ord", "pages", "GlossaryTerm", ("term", "meaning"), None),
    ("kontaktkort", "pages", "ContactCard", ("name", "hours"), None),
    (
        "tjeklister", "pages", "Checklist", ("title",),
        ("pages", "ChecklistPoint", "checklist_id", ("text",)),
    ),
    ("rammer", "competences", "Framework", ("title", "profession"), None),
    ("emner", "competences", "Topic", ("title", "help"), None),
    ("forloeb", "courses", "LearningPath", ("title", "summary", "profession"), None),
]  # fmt: skip
WRITERS = "Oversættere"
CHANGED_BEFORE = (
    ("courses", "change_question"),
    ("courses", "change_learningpath"),
    ("competences", "change_framework"),
    ("competences", "change_frameworkversion"),
    ("competences", "change_topic"),
    ("pages", "change_glossaryterm"),
    ("pages", "change_contactcard"),
    ("pages", "change_checklist"),
)


def keep_what_is_live(apps, schema_editor):
    for kind, app, model, names, rows in KINDS:
        below = defaultdict(list)
        if rows is not None:
            row_app, row_model, parent, row_names = rows
            for row in apps.get_model(row_app, row_model).objects.order_by("sort_order", "pk"):
                below[getattr(row, parent)] += _texts(row, row_names, f"{row.pk}.")
        for record in apps.get_model(app, model).objects.order_by("pk").iterator(500):
            _keep(apps, kind, record.pk, [*_texts(record, names), *below[record.pk]])
    newest = {}
    texts = apps.get_model("competences", "CompetenceText").objects.exclude(
        version__published_at=None
    )
    for text in texts.order_by("version__in_force_from", "version__number"):
        newest[text.competence_id] = _texts(text, SAID)
    for key, said in newest.items():
        _keep(apps, "kompetencer", key, said)


def _texts(record, names, prefix=""):
    """The place, the Danish and the Kalaallisut of each text."""
    return [
        (f"{prefix}{name}", getattr(record, f"{name}_da"), getattr(record, f"{name}_kl"))
        for name in names
    ]


def _keep(apps, kind, key, texts):
    live = [[place, kl] for place, _da, kl in texts if kl]
    if not live:
        return
    moment = timezone.now()
    apps.get_model("pages", "Wording").objects.create(
        kind=kind,
        record=key,
        language="kl",
        texts=live,
        made_from=[[place, da] for place, da, _kl in texts if da],
        written_at=moment,
        released_at=moment,
    )


def take_changing_from_translators(apps, schema_editor):
    group = apps.get_model("auth", "Group").objects.filter(name=WRITERS).first()
    if group is None:
        return
    for app, codename in CHANGED_BEFORE:
        group.permissions.remove(
            *group.permissions.filter(content_type__app_label=app, codename=codename)
        )


class Migration(migrations.Migration):
    dependencies = [
        ("pages", "0013_release_texts_outside_pages"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("rules", "0005_date_acts_by_their_titles"),
        ("courses", "0018_let_courses_be_taken_again"),
        ("competences", "0003_freeze_what_is_published"),
    ]

    operations = [
        migrations.RunPython(keep_what_is_live, migrations.RunPython.noop),
        migrations.RunPython(take_changing_from_translators, migrations.RunPython.noop),
    ]
