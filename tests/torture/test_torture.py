"""Two mentors, two devices, and everything that can go wrong: nothing they wrote is lost.

The fate of a run hangs on its seed, as far as a machine lets it. ``make torture`` runs it at full
size; a run that failed is repeated with SIDEMAND_TORTURE_SEED.
"""

import os
import random
import shutil
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Error, Playwright
from playwright.sync_api import TimeoutError as TooSlow

from bench.link import Fault, Faults, Link
from bench.server import Server
from core.periods import local_day
from devices import keys
from mentoring.actions import confirm_sessions
from mentoring.models import Pairing, Session, SessionVersion
from people.models import Person
from tests.factories.mentoring import caseworker_of, make_pairing, people_of
from tests.mentoring.wire import server_here
from tests.torture.device import TRIES, Device, Row
from tests.torture.ledger import Ledger, spelt

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SESSIONS = int(os.environ.get("SIDEMAND_TORTURE_SESSIONS", "60"))
KILLS = int(os.environ.get("SIDEMAND_TORTURE_KILLS", "10"))
SEED = int(os.environ.get("SIDEMAND_TORTURE_SEED", "20270615"))
DAYS = 24 * 3600 * 1000
SHARES = {
    Fault.LOST: 0.08,
    Fault.UNANSWERED: 0.10,
    Fault.DOUBLED: 0.10,
    Fault.LATE: 0.08,
    Fault.LIE: 0.10,
}
#: What a text may wait for at the end: another version, or a session that everybody has confirmed.
ANSWERABLE = ("der er to udgaver", "alle har bekræftet sessionen imens")
#: A kit is asked for anew after ten minutes.
LATER_MS = 11 * 60 * 1000
#: In seconds: it is drawn first what lies here, then what the kit tells; all of it is unsealed.
SHOWN_WITHIN = 90


@dataclass
class Site:
    """The server, which can be killed, behind two links that stay."""

    folder: Path
    links: list[Link]
    server: Server | None = None
    kills: int = 0
    _starting: threading.Thread | None = None

    def start(self) -> None:
        """Serve, and lead the links there."""
        server = server_here(self.folder, settings="tests.torture.settings")
        server.__enter__()
        for link in self.links:
            link.target = server.port
        self.server = server

    def kill(self) -> None:
        """End every process of it at once; another one starts while the mentors go on."""
        self.wait()
        assert self.server is not None
        self.server.kill()
        self.server.__exit__(None, None, None)
        self.kills += 1
        self._starting = threading.Thread(target=self.start)
        self._starting.start()

    def wait(self) -> None:
        """Until it serves."""
        if self._starting is not None:
            self._starting.join()
            self._starting = None

    def stop(self) -> None:
        """End it."""
        self.wait()
        if self.server is not None:
            self.server.__exit__(None, None, None)


@dataclass
class Torture:
    """One run: what is done, to whom, and the ledger."""

    pairing: Pairing
    devices: list[Device]
    site: Site
    chance: random.Random
    ledger: Ledger
    done: Counter[str] = field(default_factory=Counter)

    def run(self, sessions: int, kills: int) -> None:
        """Write, change, confirm and settle; meanwhile kill what can be killed."""
        steps = 0
        while self.sessions < sessions or min(self.site.kills, self.browser_kills) < kills:
            steps += 1
            part = self.sessions / sessions
            if self.site.kills < kills * part:
                self.site.kill()
            device = self.chance.choice(self.devices)
            timer = None
            if self.browser_kills < kills * part:
                timer = device.kill_after(self.chance.uniform(0.05, 2.5))
            try:
                self.step(device)
            except Error:
                if not device.is_killed and timer is None:
                    raise
            finally:
                if timer is not None:
                    timer.join()
            if device.is_killed:
                device.start()
            if steps % 50 == 0:
                self.tell(steps)
        self.tell(steps)

    def tell(self, steps: int) -> None:
        """How far it is: what a run that failed prints, or ``pytest -s`` at once."""
        kills = {"browser": self.browser_kills, "server": self.site.kills}
        print(f"{steps} steps: {dict(self.done)}, killed: {kills}", flush=True)
        if steps % 500 == 0:
            # The devices are read first: what is sent meanwhile is at the server then.
            rows = [device.rows() for device in self.devices]
            missing = self.ledger.lost([*texts_of_versions(), *texts_in(rows)])
            print(f"{len(missing)} texts are nowhere {missing}", flush=True)

    @property
    def sessions(self) -> int:
        """So many were written or begun; each has a text of its own."""
        return self.done["written"] + self.done["begun"]

    @property
    def browser_kills(self) -> int:
        return sum(device.kills for device in self.devices)

    def step(self, device: Device) -> None:
        """One of the things that mentors do, or that happens to them."""
        deeds = {
            self.write: 50,
            self.begin: 12,
            self.go_on: 10,
            self.change: 16,
            self.change_what_the_other_wrote: 12,
            self.settle: 5,
            self.confirm: 6,
            self.lose_or_find_the_net: 40 if device.link.down else 8,
        }
        deed = self.chance.choices([*deeds], [*deeds.values()])[0]
        deed(device)

    # --- Deeds ---------------------------------------------------------------------------------

    def day(self) -> str:
        """A day that has been, also by a clock three days behind."""
        return (local_day(timezone.now()) - timedelta(days=self.chance.randint(5, 20))).isoformat()

    def write(self, device: Device) -> None:
        """A session, at once."""
        page = device.open("/da/enhed/log/")
        entry = self.ledger.write()
        self.done["written"] += 1
        device.fill(page, entry.text, self.day())
        device.send(page)
        entry.is_sure = True
        page.wait_for_timeout(self.chance.uniform(0, 500))  # it goes, or is cut off

    def begin(self, device: Device) -> None:
        """A session that is left in the middle; after a second it is kept (P9)."""
        page = device.open("/da/enhed/log/")
        entry = self.ledger.write()
        self.done["begun"] += 1
        at = device.fill(page, entry.text, self.day())
        page.wait_for_timeout(self.chance.uniform(0, 1300))
        entry.is_sure = time.monotonic() - at >= 1.0 and not device.is_killed

    def go_on(self, device: Device) -> None:
        """One of the drafts is written on, and sent."""
        drafts = [row for row in device.rows() if row.within == "drafts"]
        if not drafts:
            return
        page = device.open(f"/da/enhed/log/?kladde={self.chance.choice(drafts).id}")
        entry = self.ledger.go_on(device.text(page))
        self.done["gone on"] += 1
        device.fill(page, entry.text, self.day())
        device.send(page)
        entry.is_sure = True

    def change(self, device: Device) -> None:
        """Something that waits, was sent or was refused is changed."""
        rows = [row for row in device.rows() if "change" in row.actions]
        if not rows:
            return
        self.press_change(device, self.chance.choice(rows))

    def press_change(self, device: Device, row: Row) -> None:
        """Change it, with a day that has been."""
        page = device.open("/da/enhed/")
        button = page.locator(f'[data-row="{row.id}"] [data-action="change"]')
        # The lists are drawn anew when something arrives, and it may lie among the older ones then.
        for _ in range(TRIES):
            if not button.count():
                return  # on its way meanwhile
            button.evaluate("(one) => one.closest('details')?.setAttribute('open', '')")
            with suppress(TooSlow):
                button.click(timeout=5000)
                break
        page.wait_for_url("**/enhed/log/?kladde=*")
        device.unlock(page)
        entry = self.ledger.go_on(device.text(page))
        self.done["changed"] += 1
        device.fill(page, entry.text, self.day())
        device.send(page)
        entry.is_sure = True

    def change_what_the_other_wrote(self, device: Device) -> None:
        """With net, a session of the other mentor; the other may change it as well meanwhile."""
        other = self.other(device)
        author = self.mentors[self.devices.index(other)]
        open_ones = Session.objects.filter(author=author, locked_at=None)
        sessions = list(open_ones.order_by("-received_at").values_list("pk", flat=True)[:6])
        if not sessions:
            return
        device.link.down = False
        self.site.wait()
        session = self.chance.choice(sessions)
        rows = self.changeable(other)
        self.change_on_the_site(device, session)
        if session in rows and self.chance.random() < 0.7:
            self.press_change(other, rows[session])

    def change_on_the_site(self, device: Device, session: uuid.UUID) -> None:
        """Change a session that the server shows."""
        page = device.open_on_the_site(f"/da/sidemand/sessioner/{session}/ret/")
        page.wait_for_url("**/enhed/log/?kladde=*")
        device.unlock(page)
        entry = self.ledger.go_on(device.text(page))
        self.done["changed the other's"] += 1
        device.fill(page, entry.text, self.day())
        device.send(page)
        entry.is_sure = True

    def collide(self, device: Device) -> None:
        """Both change the latest session of the other one, neither knowing."""
        other = self.other(device)
        rows = self.changeable(other)
        open_ones = Session.objects.filter(pk__in=rows, locked_at=None).exclude(pk__in=conflicts())
        session = open_ones.latest("received_at")
        self.change_on_the_site(device, session.pk)
        device.send_now()
        self.press_change(other, rows[session.pk])
        other.send_now()

    def settle(self, device: Device) -> None:
        """Choose between two versions that this device has met."""
        met = [row for row in device.rows() if "choose" in row.actions and is_id(row.id)]
        if met:
            self.done["settled"] += 1
            outcome = self.chance.choice(["mine", "theirs", "both", "each"])
            device.settle(self.chance.choice(met).id, outcome)

    def confirm(self, _device: Device) -> None:
        """The caseworker confirms a session, which locks it."""
        sessions = Session.objects.filter(locked_at=None).values_list("current", flat=True)
        if not sessions:
            return
        version = self.chance.choice(sorted(sessions))
        confirm_sessions(caseworker_of(self.pairing), [version], at=timezone.now())
        self.done["confirmed"] += 1

    def lose_or_find_the_net(self, device: Device) -> None:
        """The link goes down, or comes up again."""
        device.link.down = not device.link.down
        device.link.hang_up()

    # --- The end -------------------------------------------------------------------------------

    @property
    def mentors(self) -> list[Person]:
        return people_of(self.pairing, "mentor")

    def other(self, device: Device) -> Device:
        return self.devices[1 - self.devices.index(device)]

    def changeable(self, device: Device) -> dict[uuid.UUID, Row]:
        """What this device has sent and may change, by its session."""
        rows = [row for row in device.rows() if "change" in row.actions]
        return {session: row for row in rows if (session := self.session_of(row.id))}

    def session_of(self, version: str) -> uuid.UUID | None:
        if not is_id(version):
            return None
        return SessionVersion.objects.filter(pk=version).values_list("session", flat=True).first()

    def calm_down(self) -> None:
        """Everything works again: what lies on the devices is sent."""
        self.site.wait()
        for device in self.devices:
            device.link.faults.shares = {}
            device.link.down = False
            device.link.settle()
        for device in self.devices:
            for row in device.rows():
                if row.within == "drafts":
                    page = device.open(f"/da/enhed/log/?kladde={row.id}")
                    # Nothing is changed: what was begun from a record and not gone on with says
                    # what the record says, and is no second one.
                    if device.text(page):
                        device.send(page)
            device.send_now()

    def rows(self) -> list[list[Row]]:
        """What lies on each device later, when each has heard of the other's versions."""
        found = []
        for device in self.devices:
            device.off_ms += LATER_MS
            device.kill()
            device.start()
            rows, end = device.rows(), time.monotonic() + SHOWN_WITHIN
            while hidden_in(rows) and time.monotonic() < end:
                time.sleep(0.5)
                rows = device.read()
            found.append(rows)
        return found


def is_id(text: str) -> bool:
    """Whether it is the id of a record of this very device."""
    try:
        return bool(uuid.UUID(text))
    except ValueError:
        return False


def conflicts() -> dict[uuid.UUID, set[str]]:
    """Each session of which versions stand side by side: those that nothing was made from."""
    versions = list(SessionVersion.objects.values_list("pk", "session", "parent", "joins"))
    used = {one for _pk, _session, *before in versions for one in before if one}
    standing: dict[uuid.UUID, set[str]] = {}
    for pk, session, _parent, _joins in versions:
        if pk not in used:
            standing.setdefault(session, set()).add(str(pk))
    return {session: pks for session, pks in standing.items() if len(pks) > 1}


def hidden_in(rows: list[Row]) -> dict[uuid.UUID, set[str]]:
    """The conflicts that these rows of a device do not show."""
    shown = {row.id.removeprefix("beside-") for row in rows if "choose" in row.actions}
    return {session: pks for session, pks in conflicts().items() if not shown & pks}


def texts_of_versions() -> list[str]:
    """What every version says, also one that its author took back as a choice and wrote on in."""
    contents = SessionVersion.objects.values_list("content", flat=True)
    return [content["went_well"] for content in contents]


def typed_out() -> list[str]:
    """The text of each version, but of a choice that says what one or both of the two say."""
    versions = SessionVersion.objects.select_related("parent", "joins")
    return [text for one in versions if (text := one.content["went_well"]) not in chosen(one)]


def chosen(version: SessionVersion) -> set[str]:
    """What a version says whose writer chose between two and typed nothing."""
    if version.joins is None:
        return set()
    one, other = (each.content["went_well"] for each in (version.parent, version.joins))
    return {one, other, f"{one}\n\n{other}", f"{other}\n\n{one}"}


def written_anew() -> list[str]:
    """The text of each version, but of those that changed something else of what they came from."""
    versions = SessionVersion.objects.filter(joins=None).select_related("parent")
    return [
        one.content["went_well"]
        for one in versions
        if one.parent is None
        or one.parent.content == one.content
        or one.parent.content["went_well"] != one.content["went_well"]
    ]


def texts_in(rows: list[list[Row]], within: str | None = None) -> list[str]:
    """Every text of this list on each device, or of all, in the one spelling of a record."""
    found = [row for each in rows for row in each if within in {row.within, None}]
    return [spelt(text) for row in found for text in row.texts]


@pytest.fixture
def pairing(transactional_db: None, base: None) -> Pairing:
    return make_pairing(mentors=2)


@pytest.fixture
def torture(
    pairing: Pairing,
    playwright: Playwright,
    browser_type_launch_args: dict[str, Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Torture]:
    key = tmp_path / "device-key.pem"
    keys.make(key)
    monkeypatch.setenv("SIDEMAND_DEVICE_KEY_FILE", str(key))
    chance = random.Random(SEED)
    with ExitStack() as stack:
        links = [
            stack.enter_context(Link(0, faults=Faults(seed=SEED + number))) for number in range(2)
        ]
        site = Site(tmp_path, links)
        site.start()
        stack.callback(site.stop)
        devices = []
        for number, mentor in enumerate(people_of(pairing, "mentor")):
            client = Client()
            assert mentor.user is not None
            client.force_login(mentor.user)
            device = Device(
                playwright,
                browser_type_launch_args,
                tmp_path / f"profile-{number}",
                links[number],
                client.cookies["sessionid"].value,
                off_ms=(3 if number else -3) * DAYS,
            )
            devices.append(stack.enter_context(device))
            device.set_up()
            links[number].faults.shares = dict(SHARES)
        yield Torture(pairing, devices, site, chance, Ledger(random.Random(SEED)))
    connection.close()
    shutil.rmtree(tmp_path, ignore_errors=True)  # two profiles


def test_nothing_is_lost_doubled_or_altered_and_every_conflict_is_shown(torture: Torture) -> None:
    torture.run(SESSIONS, KILLS)
    torture.calm_down()
    for device in torture.devices:
        torture.confirm(device)
        torture.collide(device)

    rows = torture.rows()
    stored = texts_of_versions()
    assert not [row for each in rows for row in each if row.within in {"drafts", "waiting"}]
    refused = texts_in(rows, "attention")
    assert not torture.ledger.lost([*stored, *refused])
    assert not torture.ledger.altered(typed_out())
    assert not torture.ledger.doubled(written_anew())
    assert torture.ledger.known(texts_in(rows, "sent")) <= set(stored)
    waits = Counter(row.state for each in rows for row in each if row.within == "attention")
    assert not [state for state in waits if not state.endswith(ANSWERABLE)], waits
    print(f"{len(stored)} versions, {len(conflicts())} sessions with two, waits: {dict(waits)}")
    assert conflicts()
    assert [hidden_in(each) for each in rows] == [{}, {}]
    assert torture.site.kills >= KILLS
    assert torture.browser_kills >= KILLS
    happened = torture.site.links[0].happened + torture.site.links[1].happened
    assert all(happened[fault] for fault in SHARES), happened
