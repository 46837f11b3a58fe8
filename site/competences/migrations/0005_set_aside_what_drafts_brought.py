"""Kalaallisut that a draft has from a file is proposed when the draft is published.

Beside what the newest version says, which is released, it is what nobody else has looked at.
"""

from django.db import migrations

SAID = ("title", "description", "not_yet", "with_help", "alone", "can_teach")


def set_aside(apps, schema_editor):
    texts = apps.get_model("competences", "CompetenceText").objects
    versions = apps.get_model("competences", "FrameworkVersion").objects
    for draft in versions.filter(published_at__isnull=True):
        newest = (
            versions.filter(framework=draft.framework_id, published_at__isnull=False)
            .order_by("-in_force_from", "-number")
            .first()
        )
        released = {text.key: text for text in texts.filter(version=newest)} if newest else {}
        for text in texts.filter(version=draft):
            brought = {}
            for name in SAID:
                live = getattr(released.get(text.key), f"{name}_kl", "")
                words = getattr(text, f"{name}_kl")
                if words not in {"", live}:
                    brought[name] = words
                    setattr(text, f"{name}_kl", live)
            if brought:
                text.brought = brought
                text.save()


def bring_back(apps, schema_editor):
    texts = apps.get_model("competences", "CompetenceText").objects
    for text in texts.filter(brought__isnull=False):
        for name, words in text.brought.items():
            setattr(text, f"{name}_kl", words)
        text.brought = None
        text.save()


class Migration(migrations.Migration):
    dependencies = [("competences", "0004_propose_what_files_bring")]

    operations = [migrations.RunPython(set_aside, bring_back)]
