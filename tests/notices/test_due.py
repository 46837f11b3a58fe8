"""Recurring work: what is due is done once, and a failure stops nobody else."""

from datetime import timedelta

import pytest
from django.core.management import call_command

from notices import due
from notices.due import DueJob, register, run_due
from notices.models import DueRun
from tests.factories.people import AT

HOUR = timedelta(hours=1)


@pytest.fixture
def done(monkeypatch) -> list[str]:
    """Empty registry; jobs of these tests write down what they did."""
    monkeypatch.setattr(due, "_jobs", {})
    return []


def test_a_job_is_done_when_its_time_has_come(base: None, done: list[str]) -> None:
    register(DueJob("count", HOUR, done.append))

    runs = [
        run_due(at=AT + after)
        for after in (timedelta(), HOUR - timedelta(seconds=1), HOUR, 5 * HOUR)
    ]

    assert runs == [["count"], [], ["count"], ["count"]]
    assert done == [AT, AT + HOUR, AT + 5 * HOUR]


def test_a_job_that_fails_undoes_its_work_and_the_next_goes_on(
    base: None, done: list[str], caplog
) -> None:
    def fail(at) -> None:
        DueRun.objects.create(key="half done")
        raise RuntimeError

    register(DueJob("broken", HOUR, fail))
    register(DueJob("sound", HOUR, lambda at: done.append("sound")))

    keys = run_due(at=AT)

    assert (keys, done) == (["sound"], ["sound"])
    assert DueRun.objects.get(key="broken").failures == 1
    assert not DueRun.objects.filter(key="half done").exists()
    assert "Due work failed: broken" in caplog.text


def test_of_two_at_once_one_does_it(base: None, done: list[str]) -> None:
    def meanwhile(at) -> None:
        done.append("first")
        run_due(at=at)  # as a second command would, in the middle of the first

    register(DueJob("count", HOUR, meanwhile))
    run_due(at=AT)

    assert done == ["first"]


def test_registering_again_replaces(done: list[str]) -> None:
    register(DueJob("count", HOUR, lambda at: None))
    register(DueJob("count", 2 * HOUR, lambda at: None))

    assert [job.every for job in due._jobs.values()] == [2 * HOUR]


def test_the_command_names_what_it_did(base: None, capsys) -> None:
    call_command("due_work")

    named = capsys.readouterr().out.split()
    assert {"people.sync_groups", "people.forget_dead_sessions", "notices.prune"} <= set(named)
