"""What half-year reports do in the background."""

from django_tasks import task

from cooperation.models import ReportFile
from cooperation.reports.files import make


@task()
def make_file(file_id: str) -> None:
    """Write a report as a file for whoever asked."""
    related = ("report__municipality", "report__initiative")
    file = ReportFile.objects.select_related(*related).filter(pk=file_id).first()
    if file is not None:
        make(file)
