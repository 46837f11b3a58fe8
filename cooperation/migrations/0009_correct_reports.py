"""A frozen report is corrected by a newer edition of it.

SQLite rebuilds the table, and loses its triggers: they are set aside and come back.
"""

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models

import core.identity

reports = import_module("cooperation.migrations.0003_guard_reports")


def _once(kind, *fields):
    """What was there once for a half-year is there once in each edition."""
    name = f"cooperation_report_of_{kind}"
    return [
        migrations.RemoveConstraint(model_name="halfyearreport", name=name),
        migrations.AddConstraint(
            model_name="halfyearreport",
            constraint=models.UniqueConstraint(
                fields=[*fields, "edition"], condition=models.Q(kind=kind), name=name
            ),
        ),
    ]


class Migration(migrations.Migration):
    dependencies = [("cooperation", "0008_guard_minutes")]

    operations = [
        migrations.RunPython(reports.unguard, reports.guard),
        migrations.AddField(
            model_name="halfyearreport",
            name="edition",
            field=models.PositiveSmallIntegerField(default=1, verbose_name="edition"),
        ),
        migrations.AddField(
            model_name="halfyearreport",
            name="corrects",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="corrected_by",
                to="cooperation.halfyearreport",
                verbose_name="corrects",
            ),
        ),
        migrations.AddField(
            model_name="halfyearreport",
            name="reason",
            field=models.TextField(
                blank=True,
                default="",
                max_length=1000,
                validators=[core.identity.refuse_cpr_like],
                verbose_name="why it is corrected",
            ),
            preserve_default=False,
        ),
        *_once("municipality", "municipality", "year", "half"),
        *_once("initiative", "initiative", "year", "half"),
        *_once("country", "year", "half"),
        migrations.AddConstraint(
            model_name="halfyearreport",
            constraint=models.CheckConstraint(
                condition=models.Q(edition=1, corrects__isnull=True, reason="")
                | models.Q(edition__gt=1, corrects__isnull=False) & ~models.Q(reason=""),
                name="cooperation_report_corrects_for_a_reason",
            ),
        ),
        migrations.RunPython(reports.guard, reports.unguard),
    ]
