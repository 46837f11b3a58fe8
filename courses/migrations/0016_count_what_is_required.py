"""Until an editor says otherwise, all that is offered is required."""

from django.db import migrations
from django.db.models import Count, Exists, F, OuterRef


def require_all(apps, schema_editor):
    course, module, lesson, case = (
        apps.get_model("courses", name) for name in ("Course", "Module", "Lesson", "Case")
    )
    lesson.objects.filter(sequence__isnull=False).update(is_required=True)
    case.objects.filter(number__isnull=False).update(is_required=True)
    module.objects.update(required_count=F("lesson_count"))
    course.objects.update(required_count=F("lesson_count"))
    asks = apps.get_model("courses", "LessonQuestion").objects.filter(lesson=OuterRef("pk"))
    asking = lesson.objects.filter(Exists(asks), is_required=True).order_by()
    for row in asking.values("course").annotate(count=Count("pk")):
        course.objects.filter(pk=row["course"]).update(quiz_count=row["count"])


class Migration(migrations.Migration):
    dependencies = [("courses", "0015_tell_required_from_optional")]

    operations = [migrations.RunPython(require_all, migrations.RunPython.noop)]
