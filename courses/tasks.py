"""What courses does in the background."""

from django.utils import timezone
from django_tasks import task

from courses.actions import complete_course, recount, refresh_path
from courses.models import Correction, Course, LearningPath


@task()
def look_at_path(path_id: str) -> None:
    """Look anew how far everybody is on a path that an editor has changed."""
    path = LearningPath.objects.filter(pk=path_id).first()
    if path is not None:
        refresh_path(path)


@task()
def look_at_course(course_id: str) -> None:
    """Look for whoever has completed a course, or a path through it, that asks for less now."""
    course = Course.objects.filter(pk=course_id).first()
    if course is not None:
        complete_course(course)
        for path in LearningPath.objects.filter(steps__module__course=course).distinct():
            refresh_path(path)


@task()
def count_anew(correction_id: str) -> None:
    """Count the attempts that answered a question which was wrong."""
    correction = Correction.objects.filter(pk=correction_id).first()
    if correction is not None:
        recount(correction, at=timezone.now())
