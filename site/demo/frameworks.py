"""The demo's second profession: taken in from a file, as an editor would."""

from datetime import datetime

from competences.imports import import_framework
from competences.models import FrameworkVersion
from demo.content import FOLDER


def load_frameworks(*, at: datetime) -> None:
    """Take in and publish each framework that has no version yet."""
    for path in sorted((FOLDER / "frameworks").glob("*.toml")):
        content = path.read_bytes()
        key = content.decode().partition('key = "')[2].partition('"')[0]
        if FrameworkVersion.objects.filter(framework__key=key).exists():
            continue
        report = import_framework(path.name, content, at=at, publish=True)
        if report.is_refused:
            raise ValueError(f"{path.name}: {report.problems}")
