import uuid

import django.db.models.deletion
from django.db import migrations, models

import core.identity


class Migration(migrations.Migration):
    dependencies = [
        ("mentoring", "0010_guard_handovers"),
        ("people", "0002_own_data"),
    ]

    operations = [
        migrations.CreateModel(
            name="Amendment",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("time", "The day, the town or the minutes are wrong"),
                            ("work", "What we worked on, or how, is wrong"),
                            ("text", "The text says something wrong"),
                            ("missing", "Something was left out"),
                        ],
                        max_length=8,
                        verbose_name="reason",
                    ),
                ),
                (
                    "note",
                    models.CharField(
                        blank=True,
                        max_length=200,
                        validators=[core.identity.refuse_cpr_like],
                        verbose_name="in your own words",
                    ),
                ),
                ("holds_since", models.DateTimeField(null=True)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                (
                    "amends",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="mentoring.sessionversion",
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="amendments",
                        to="mentoring.session",
                    ),
                ),
                (
                    "version",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="amendment",
                        to="mentoring.sessionversion",
                    ),
                ),
            ],
            options={
                "verbose_name": "amendment",
                "verbose_name_plural": "amendments",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("holds_since__isnull", True), ("withdrawn_at__isnull", True)
                        ),
                        fields=("session",),
                        name="mentoring_amendment_one_pending",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("holds_since__isnull", True),
                            ("withdrawn_at__isnull", True),
                            _connector="OR",
                        ),
                        name="mentoring_amendment_holds_or_withdrawn",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SameHour",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("linked_at", models.DateTimeField()),
                (
                    "counted",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="logged_again",
                        to="mentoring.session",
                    ),
                ),
                (
                    "linked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
                (
                    "session",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="same_hour",
                        to="mentoring.session",
                    ),
                ),
            ],
            options={
                "verbose_name": "link of two logs",
                "verbose_name_plural": "links of two logs",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("session", models.F("counted")), _negated=True),
                        name="mentoring_same_hour_of_two",
                    )
                ],
            },
        ),
    ]
