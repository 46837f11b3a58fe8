from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone
from django_tasks_db.models import DBTaskResult, get_date_max

from core import health


def test_healthz_answers_without_touching_the_database(client, django_assert_num_queries, db):
    with django_assert_num_queries(0):
        response = client.get("/healthz")

    assert response.status_code == 200
    assert response.json() == {"status": "ok", "version": "0.2.0"}


def test_readyz_names_each_check(client, base):
    response = client.get("/readyz")

    assert response.status_code == 200
    assert response.json() == {
        "status": "ok",
        "checks": {"database": "ok", "migrations": "ok", "storage": "ok", "queue": "ok"},
    }


def test_readyz_leaves_nothing_in_the_storage(client, base):
    client.get("/readyz")

    assert default_storage.listdir("readiness")[1] == []


def test_readyz_fails_when_a_task_waits_for_a_worker(client, base):
    waiting = DBTaskResult.objects.create(
        task_path="core.health.healthz",
        args_kwargs={"args": [], "kwargs": {}},
        backend_name="default",
        run_after=get_date_max(),
    )
    long_ago = timezone.now() - health.QUEUE_PATIENCE - timedelta(seconds=1)
    DBTaskResult.objects.filter(pk=waiting.pk).update(enqueued_at=long_ago)

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json()["checks"]["queue"] == "failed"


def test_readyz_says_which_check_failed_and_not_why(client, base, monkeypatch):
    def broken() -> bool:
        raise OSError("/secret/path is full")

    monkeypatch.setitem(health.CHECKS, "storage", broken)

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json()["checks"]["storage"] == "failed"
    assert "secret" not in response.content.decode()


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_takes_no_input(client, path):
    assert client.post(path).status_code == 405
