"""When the recurring work of :mod:`notices.due` was last done."""

from django.db import models


class DueRun(models.Model):
    """The state of one job that is registered in code: one row for each key."""

    key = models.CharField(max_length=80, primary_key=True)
    last_started_at = models.DateTimeField(null=True)
    last_done_at = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.key
