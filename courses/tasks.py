"""What courses does in the background."""

from django.utils import timezone
from django_tasks import task

from courses.actions import recount, refresh_path
from courses.models import Correction, LearningPath


@task()
def look_at_path(path_id: str) -> None:
    """Look anew how far everybody is on a path that an editor has changed."""
    path = LearningPath.objects.filter(pk=path_id).first()
    if path is not None:
        refresh_path(path)


@task()
def count_anew(correction_id: str) -> None:
    """Count the attempts that answered a question which was wrong."""
    correction = Correction.objects.filter(pk=correction_id).first()
    if correction is not None:
        recount(correction, at=timezone.now())
