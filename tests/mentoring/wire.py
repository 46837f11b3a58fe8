"""The production server over the database of a test, and devices that send to it over the wire."""

import http.client
import json
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from django.db import connection
from django.test import Client

from bench.server import Server
from mentoring.models import Pairing
from tests.factories.mentoring import caseworker_of, content_for, mentor_of

ADDRESS = "/api/v1/sessions/"


def server_here(folder: Path, settings: str = "tests.kinds.settings") -> Server:
    """The server over the database of this test; its log goes into ``folder``."""
    database = connection.settings_dict
    url = f"sqlite:///{database['NAME']}"
    if connection.vendor == "postgresql":
        where = f"{database['HOST']}:{database['PORT']}/{database['NAME']}"
        url = f"postgres://{database['USER']}:{database['PASSWORD']}@{where}"
    return Server(url, folder, settings=settings)


def device_of_mentor(pairing: Pairing) -> "Device":
    """The signed-in device of the pairing's first mentor."""
    account = mentor_of(pairing).user
    assert account is not None
    client = Client()
    client.force_login(account)
    return Device(
        session=client.cookies["sessionid"].value,
        pairing=str(pairing.pk),
        content=content_for(caseworker_of(pairing), held_on="2026-01-05"),
    )


class Device:
    """A mentor's device: it has letters, and sends them."""

    def __init__(self, session: str, pairing: str, content: dict[str, Any]) -> None:
        self.cookies = f"sessionid={session}; csrftoken={'t' * 32}"
        self.pairing, self.content = pairing, content

    def letter(self) -> bytes:
        ids = {"session": str(uuid.uuid4()), "version": str(uuid.uuid4())}
        return json.dumps({"pairing": self.pairing, "content": self.content, **ids}).encode()

    def send(self, port: int, letter: bytes, *, listen: bool = True) -> tuple[int, dict[str, Any]]:
        """Status and receipt; without ``listen`` it hangs up before the answer."""
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            headers = {"Cookie": self.cookies, "X-CSRFToken": "t" * 32}
            headers |= {"Content-Type": "application/json", "Host": f"localhost:{port}"}
            line.request("PUT", ADDRESS + json.loads(letter)["session"], letter, headers)
            if not listen:
                return 0, {}
            answer = line.getresponse()
            body = answer.read()
            return answer.status, json.loads(body) if answer.status < 500 else {}
        finally:
            line.close()


def in_parallel(count: int, work: Callable[[int], Any]) -> list[Any]:
    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(work, range(count)))
