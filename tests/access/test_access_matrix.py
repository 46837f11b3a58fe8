"""Nobody sees or does what is not theirs: the reviewed table holds for every address."""

import difflib

import pytest

from tests.access.matrix import METHODS, TABLE, ask, patterns, read, render
from tests.access.samples import Samples
from tests.access.world import build


def take() -> tuple[dict[tuple[str, str], str], list[str]]:
    """What everybody gets now: the table's rows, and the names of its columns."""
    world = build()
    samples = Samples(world.people)
    clients = {name: world.client(name) for name in world.people}
    addresses = {route: samples.fill(route) for route, _pattern in patterns()}
    rows = {
        (route, method): "".join(ask(client, method, path) for client in clients.values())
        for route, path in addresses.items()
        for method in METHODS
    }
    return rows, list(world.people)


@pytest.mark.usefixtures("base")
def test_everybody_gets_what_the_reviewed_table_says(request, settings):
    settings.SIDEMAND_DEMO = True
    rows, people = take()

    now = render(rows, people)
    if request.config.getoption("--write-access-matrix"):
        TABLE.write_text(now, encoding="utf-8")

    assert set(rows) == set(read(TABLE.read_text(encoding="utf-8"))), "an address is not reviewed"
    difference = difflib.unified_diff(
        TABLE.read_text(encoding="utf-8").splitlines(), now.splitlines(), "reviewed", "now", n=0
    )
    assert not list(difference)
