"""Whether the process lives, and whether it can serve: two addresses for whoever watches."""

import logging
import uuid
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

logger = logging.getLogger(__name__)

#: A task that has waited longer than this says that no worker is running.
QUEUE_PATIENCE = timedelta(minutes=10)


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Open to all: the process answers. Touches nothing else."""
    return JsonResponse({"status": "ok", "version": settings.VERSION})


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Open to all: whether database, migrations, storage and queue are in order.

    Answers 503 when one is not. Says which, never why: the reason goes to the log.
    """
    checks = {name: _holds(name, check) for name, check in CHECKS.items()}
    ready = all(checks.values())
    body = {
        "status": "ok" if ready else "unavailable",
        "checks": {name: "ok" if holds else "failed" for name, holds in checks.items()},
    }
    return JsonResponse(body, status=200 if ready else 503)


def _holds(name: str, check: Callable[[], bool]) -> bool:
    try:
        return check()
    except Exception:
        logger.exception("Readiness check %s failed", name)
        return False


def _database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone() == (1,)


def _migrations() -> bool:
    executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def _storage() -> bool:
    name = default_storage.save(f"readiness/{uuid.uuid4()}.txt", ContentFile(b"ready"))
    try:
        with default_storage.open(name) as kept:
            return bool(kept.read() == b"ready")
    finally:
        default_storage.delete(name)


def _queue() -> bool:
    from django_tasks_db.models import DBTaskResult

    waiting_since = timezone.now() - QUEUE_PATIENCE
    # A task that was put off counts from the moment it was put off to.
    ready = DBTaskResult.objects.ready().filter(enqueued_at__lt=waiting_since)
    overdue = ready.exclude(run_after__gte=waiting_since, run_after__lte=timezone.now())
    return not overdue.exists()


CHECKS: dict[str, Callable[[], bool]] = {
    "database": _database,
    "migrations": _migrations,
    "storage": _storage,
    "queue": _queue,
}
