"""What courses does in the background."""

from django_tasks import task

from courses.actions import refresh_path
from courses.models import LearningPath


@task()
def look_at_path(path_id: str) -> None:
    """Look anew how far everybody is on a path that an editor has changed."""
    path = LearningPath.objects.filter(pk=path_id).first()
    if path is not None:
        refresh_path(path)
