"""What the database remembers of the demo itself."""

from django.db import models


class LoadedDemo(models.Model):
    """Which demo was loaded to its end: one row, which is written when all else is there.

    Read and written by :mod:`demo.loading` alone.
    """

    ONLY = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY, editable=False)
    content = models.CharField(max_length=64, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="demo_loadeddemo_only_one")
        ]

    def __str__(self) -> str:
        return self.content
