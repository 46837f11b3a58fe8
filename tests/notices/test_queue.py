"""What hangs, failed or grew old in the queue; the worker; mails that leave once."""

import io
import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.management import call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from core import access_log
from core.mail import deliver, send_written_mail
from core.models import AccessLog, SentMail
from notices import queue
from notices.mail import send
from people.own_data.old import forget_old
from tests.factories.people import make_person

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def in_database(settings, base: None) -> None:
    """Tasks wait in the database, as they do for real."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


def queued(**changes) -> DBTaskResult:
    send_written_mail.enqueue("a@example.org", "Emne", "Tekst")
    row = DBTaskResult.objects.latest("enqueued_at")
    DBTaskResult.objects.filter(pk=row.pk).update(**changes)
    return row


def status(row: DBTaskResult) -> str:
    row.refresh_from_db()
    return row.status


@pytest.mark.usefixtures("in_database")
def test_a_task_whose_worker_was_killed_is_given_back() -> None:
    now = timezone.now()
    lost = queued(status="RUNNING", started_at=now - timedelta(minutes=16))
    busy = queued(status="RUNNING", started_at=now - timedelta(minutes=14))

    queue.free_lost_tasks(now)

    assert (status(lost), status(busy)) == ("READY", "RUNNING")


@pytest.mark.usefixtures("in_database")
def test_what_failed_is_tried_again_for_a_day() -> None:
    now = timezone.now()
    young = queued(status="FAILED", enqueued_at=now - timedelta(hours=23))
    old = queued(status="FAILED", enqueued_at=now - timedelta(hours=25))

    queue.try_failed_again(now)

    assert (status(young), status(old)) == ("READY", "FAILED")


def test_keys_of_sent_mails_are_forgotten_after_three_months(base: None) -> None:
    now = timezone.now()
    SentMail.objects.create(key="old", sent_at=now - timedelta(days=91))
    SentMail.objects.create(key="young", sent_at=now - timedelta(days=89))

    queue.prune(now)

    assert list(SentMail.objects.values_list("key", flat=True)) == ["young"]


def test_the_access_log_is_forgotten_after_two_years(base: None) -> None:
    now = timezone.now()
    person = make_person(account=False)
    access_log.record(None, "old", person, at=now - timedelta(days=731))
    access_log.record(None, "young", person, at=now - timedelta(days=729))

    forget_old(at=now)

    assert list(AccessLog.objects.values_list("action", flat=True)) == ["young"]


@pytest.mark.usefixtures("in_database")
def test_the_worker_empties_the_queue_and_does_the_due_work(monkeypatch) -> None:
    for module in (
        "notices.management.commands.worker",
        "django_tasks_db.management.commands.db_worker",
    ):
        monkeypatch.setattr(f"{module}.close_old_connections", lambda: None)  # of this test
    queued()
    Session.objects.create(session_key="dead", expire_date=timezone.now() - timedelta(days=1))

    call_command("worker", "--once", stdout=io.StringIO())

    assert [message.subject for message in mail.outbox] == ["Emne"]
    assert not Session.objects.exists()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_worker_ends_when_it_is_told_to(tmp_path: Path, number: int) -> None:
    environment = os.environ | {
        "DATABASE_URL": f"sqlite:///{tmp_path / 'db.sqlite3'}",
        "DJANGO_SETTINGS_MODULE": "config.settings.dev",
        "SIDEMAND_VAR": str(tmp_path),
    }
    probe = tmp_path / "probe.py"
    probe.write_text(
        "import sys, threading\n"
        f"sys.path[:0] = [{str(ROOT)!r}, {str(ROOT / 'site')!r}]\n"
        "import django; django.setup()\n"
        "from django.core.management import call_command\n"
        "from notices.management.commands import worker\n"
        "worker.run_due = lambda at: print('working', flush=True)\n"
        "worker.Worker.run = lambda self: None\n"
        "call_command('worker')\n",
        encoding="utf-8",
    )
    process = subprocess.Popen(
        [sys.executable, str(probe)], env=environment, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "working\n"

    process.send_signal(number)

    assert process.wait(10) == 0
    process.stdout.close()


# --- Mail -----------------------------------------------------------------------------------------


def test_a_mail_leaves_once_under_its_key_as_text_and_html(base: None) -> None:
    context = {"name": "Demo", "sender": "", "link": "http://localhost:8000/x", "expires_at": None}

    sent = [
        deliver("a@example.org", "people/mail/invitation", context, language="da", key="k:1")
        for _ in range(2)
    ]

    [message] = mail.outbox
    assert sent == [True, False]
    assert message.body.startswith("Hej Demo\n")
    assert "<p>Hej Demo</p>" in message.alternatives[0].content


def test_a_mail_in_kalaallisut_falls_back_to_danish(base: None) -> None:
    context = {"name": "Demo", "link": "http://localhost:8000/x"}

    deliver("a@example.org", "people/mail/confirm_address", context, language="kl", key="k:2")

    assert mail.outbox[0].subject == "Bekræft din adresse"


def test_a_subject_has_no_second_line(base: None) -> None:
    context = {"name": "Demo", "invited": "En\nBcc: x@example.org", "link": ""}

    deliver("a@example.org", "people/mail/asked_again", context, language="da", key="k:3")

    assert "\n" not in mail.outbox[0].subject


def test_a_notice_waits_for_the_commit_and_skips_the_closed(
    base: None, django_capture_on_commit_callbacks
) -> None:
    here, closed, without = make_person(), make_person(), make_person(account=False, email="")
    closed.user.is_active = False
    closed.user.save()

    with django_capture_on_commit_callbacks() as callbacks:
        for person in (here, closed, without):
            send(
                person,
                "people/mail/asked_again",
                {"invited": "Demo", "link": ""},
                key=f"n:{person.pk}",
            )
    before = len(mail.outbox)
    for callback in callbacks:
        callback()

    assert before == 0
    assert [message.to for message in mail.outbox] == [[here.email]]
