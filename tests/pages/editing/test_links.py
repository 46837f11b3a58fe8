"""Addresses outside are asked in the background, in the public network only, and patiently."""

import socket
from datetime import timedelta
from typing import Any

import pytest

from notices.due import _jobs
from pages.actions import begin_link_check
from pages.editing import links
from pages.editing.links import (
    FAILURES_BEFORE_DEAD,
    MOST,
    check_outside_links,
    is_public,
    status_of,
)
from pages.models import OutsideLink
from tests.factories.courses import AT
from tests.factories.pages import edit, make_lesson_page, text

WEEK = timedelta(days=7)
FINE = "https://fin.gl/"


@pytest.fixture(autouse=True)
def _on(settings: Any) -> None:
    settings.SIDEMAND_CHECK_LINKS = True


def page_with(*addresses: str) -> Any:
    """A published lesson that links to ``addresses``, and to one that always answers."""
    body = "".join(f'<p><a href="{address}">{address}</a></p>' for address in (*addresses, FINE))
    return make_lesson_page(body=[text(body)])


def ask(answers: dict[str, int | Exception]) -> Any:
    """Answers instead of the network."""

    def answer(address: str) -> int:
        found = answers.get(address, 200)
        if isinstance(found, Exception):
            raise found
        return found

    return answer


def is_dead(address: str) -> bool:
    return OutsideLink.objects.get(address=address).is_dead


@pytest.mark.parametrize(("status", "dead"), [(200, False), (301, False), (403, False), (404, True),
                                              (410, True), (429, False)])  # fmt: skip
def test_an_address_is_dead_when_it_says_so(status: int, dead: bool):
    page_with("https://a.gl/")

    assert check_outside_links(AT, ask({"https://a.gl/": status})) == 2
    assert is_dead("https://a.gl/") is dead


@pytest.mark.parametrize("failure", [500, OSError("no"), ValueError("no")])
def test_no_answer_is_dead_after_three_weeks_and_alive_with_the_first_answer(failure: Any):
    page_with("https://a.gl/")
    found = []
    for week in range(FAILURES_BEFORE_DEAD):
        check_outside_links(AT + week * WEEK, ask({"https://a.gl/": failure}))
        found.append(is_dead("https://a.gl/"))

    assert found == [False, False, True]
    check_outside_links(AT + 3 * WEEK, ask({}))
    link = OutsideLink.objects.get(address="https://a.gl/")
    assert (link.is_dead, link.failures) == (False, 0)


def test_a_server_without_a_line_calls_nothing_dead():
    page_with("https://a.gl/")
    for week in range(5):
        check_outside_links(AT + week * WEEK, ask({"https://a.gl/": OSError(), FINE: OSError()}))

    assert not OutsideLink.objects.filter(is_dead=True).exists()
    assert not OutsideLink.objects.exclude(checked_at=None).exists()


def test_each_address_is_asked_once_a_week_however_many_pages_have_it():
    page_with("https://a.gl/")
    page_with("https://a.gl/")
    asked: list[str] = []

    def note(address: str) -> int:
        asked.append(address)
        return 200

    for at in (AT, AT + WEEK - timedelta(seconds=1), AT + WEEK):
        check_outside_links(at, note)

    assert asked == ["https://a.gl/", FINE] * 2


def test_a_run_ends_and_the_next_goes_on():
    page_with(*(f"https://a{number:03}.gl/" for number in range(MOST + 5)))

    assert [check_outside_links(AT, ask({})) for _ in range(3)] == [MOST, 6, 0]


def test_it_is_off_unless_the_operator_wants_it(settings: Any):
    settings.SIDEMAND_CHECK_LINKS = False
    page_with("https://a.gl/")

    assert check_outside_links(AT, ask({})) == 0


def test_what_is_known_of_a_link_outlives_the_next_version_of_its_page():
    page = page_with("https://a.gl/", "https://b.gl/")
    check_outside_links(AT, ask({"https://a.gl/": 404}))

    edit(page, body=[text('<p><a href="https://a.gl/">Den gamle</a></p>')])

    assert [(link.address, link.is_dead) for link in page.outside_links.all()] == [
        ("https://a.gl/", True)
    ]


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True), ("2606:2800:220:1:248:1893:25c8:1946", True),
        ("127.0.0.1", False), ("10.0.0.8", False), ("192.168.1.1", False), ("172.16.0.1", False),
        ("169.254.169.254", False), ("0.0.0.0", False), ("224.0.0.1", False), ("::1", False),
        ("fe80::1%eth0", False), ("fd00::1", False), ("::ffff:127.0.0.1", False),
        ("100.64.0.1", False),
    ],
)  # fmt: skip
def test_only_the_public_network_is_asked(address: str, public: bool):
    assert is_public(address) is public


def test_a_name_that_leads_inside_is_not_connected_to(monkeypatch: pytest.MonkeyPatch):
    def inside(host: str, port: int, **_options: Any) -> list[Any]:
        return [(2, 1, 6, "", ("93.184.216.34", port)), (2, 1, 6, "", ("127.0.0.1", port))]

    def connect(*_args: Any, **_kwargs: Any) -> socket.socket:
        raise AssertionError("connected")

    monkeypatch.setattr(links.socket, "getaddrinfo", inside)
    monkeypatch.setattr(links.socket, "create_connection", connect)

    for address in ("http://inde.example/", "https://inde.example:8000/x?y"):
        with pytest.raises(OSError, match="public"):
            status_of(address)


@pytest.mark.parametrize("address", ["ftp://a.gl/", "file:///etc/passwd", "http://", "x"])
def test_only_web_addresses_are_asked(address: str):
    with pytest.raises(ValueError, match="web address"):
        status_of(address)


def test_it_runs_in_the_worker(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
):
    begun: list[Any] = []
    monkeypatch.setattr("pages.tasks.check_outside_links", begun.append)

    with django_capture_on_commit_callbacks(execute=True):
        begin_link_check(AT)
        assert begun == []

    assert len(begun) == 1
    assert _jobs["pages.check_links"].work is begin_link_check
