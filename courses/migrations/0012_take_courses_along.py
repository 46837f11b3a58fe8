import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0011_keep_own_things_and_remarks"),
    ]

    operations = [
        migrations.AddField(
            model_name="lessonprogress",
            name="law_as_of",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="quizattempt",
            name="law_as_of",
            field=models.DateTimeField(null=True),
        ),
        migrations.CreateModel(
            name="Piece",
            fields=[
                ("sha256", models.CharField(max_length=64, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("lesson", "lesson"),
                            ("quiz", "quiz"),
                            ("case", "case"),
                            ("picture", "picture"),
                        ],
                        max_length=10,
                    ),
                ),
                ("data", models.BinaryField(default=bytes)),
                ("file", models.CharField(blank=True, max_length=255)),
                ("size", models.PositiveIntegerField()),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("file", ""), ("kind__in", ["lesson", "quiz", "case"])),
                            models.Q(("kind", "picture"), models.Q(("file", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="courses_piece_holds_text_or_picture",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Packing",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("subject", models.UUIDField()),
                ("language", models.CharField(max_length=5)),
                ("stamp", models.CharField(max_length=64)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("subject", "language"), name="courses_packed_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PackedPiece",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "packing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="packed",
                        to="courses.packing",
                    ),
                ),
                (
                    "piece",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="courses.piece",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("packing", "position"), name="courses_piece_has_place"
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="packing",
            name="pieces",
            field=models.ManyToManyField(
                related_name="packings", through="courses.PackedPiece", to="courses.piece"
            ),
        ),
    ]
