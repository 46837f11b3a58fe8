"""``manage.py worker``: the background process, for queued tasks and recurring work."""

import logging
import signal
import threading
import time
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import OperationalError, close_old_connections
from django.utils import timezone
from django.utils.crypto import get_random_string
from django_tasks import DEFAULT_TASK_BACKEND_ALIAS
from django_tasks_db.management.commands.db_worker import Worker

from notices.due import run_due

DUE_EVERY_SECONDS = 60
logger = logging.getLogger(__name__)


class Command(BaseCommand):
    """Runs until SIGTERM or SIGINT; then ends after the task at hand.

    Several may run at once. When the database is away, it waits for it.
    """

    help = "Work off the queue and the recurring work until told to stop."

    def add_arguments(self, parser: CommandParser) -> None:
        """``--once`` is for tests and for whoever wants to empty the queue by hand."""
        parser.add_argument("--once", action="store_true", help="Stop when nothing is left.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Work."""
        self.stopping = threading.Event()
        self.worker = Worker(
            queue_names=["*"],
            excluded_queue_names=[],
            interval=0,
            batch=True,
            backend_name=DEFAULT_TASK_BACKEND_ALIAS,
            startup_delay=False,
            max_tasks=None,
            worker_id=get_random_string(32),
        )
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.stop)
        due_at = 0.0
        while not self.stopping.is_set():
            try:
                if time.monotonic() >= due_at:
                    run_due(at=timezone.now())
                    due_at = time.monotonic() + DUE_EVERY_SECONDS
                self.worker.run()
                wait_seconds = 1
            except OperationalError:
                logger.exception("The database is away; trying again.")
                wait_seconds = 5
            finally:
                close_old_connections()
            if options["once"]:
                return
            self.stopping.wait(wait_seconds)

    def stop(self, number: int, frame: FrameType | None) -> None:
        """End after the task at hand; asked twice, at once."""
        if self.stopping.is_set():
            raise SystemExit(1)
        self.stopping.set()
        self.worker.running = False
