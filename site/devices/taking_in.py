"""Taking in the file of what a device could not send (``assets/js/device/escape.js`` makes it).

The records are sent once more in here, to the very views that a device sends them to, in the name
of whoever wrote them: a file is taken in as often as one likes, and nothing is there twice.
Whoever takes it in learns how many, and what became of each; never what they say.
"""

import json
import logging
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.contrib.sessions.backends.base import SessionBase
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils.translation import gettext_lazy as _

from core import access_log, telling
from core.identity import has_cpr_like, texts_in
from core.sessions import SessionStore
from devices.actions import DeviceRefused, note_arrival, unwrapped
from devices.models import Device
from devices.permissions import may_take_in
from people.models import User
from people.permissions import Standing

logger = logging.getLogger(__name__)

FORMAT = "sidemand-unsent/1"
MOST_BYTES = 50 * 1024 * 1024
MOST_RECORDS = 20_000
NONCE_BYTES = 12
#: Where records go: names of addresses. Nothing else is asked in somebody's name.
SESSION = "api:session"
TAKEN = frozenset({SESSION, "records:record"})


class Outcome(StrEnum):
    """What became of a record."""

    RECEIVED = "received"
    KNOWN = "known"
    BESIDE = "beside"
    """It is here, and stands beside a version that came first."""
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Line:
    """What became of one record of the file, with its receipt or the reason."""

    number: int
    outcome: Outcome
    receipt: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """What became of a file."""

    device: Device
    lines: tuple[Line, ...]
    draft_count: int
    """Drafts in it. They were not sent: none is opened here, and their author alone brings them to
    another device."""

    def count(self, outcome: Outcome) -> int:
        """How many records ended so."""
        return sum(line.outcome is outcome for line in self.lines)

    @property
    def received_count(self) -> int:
        """How many came in by this very file."""
        return self.count(Outcome.RECEIVED)

    @property
    def beside_count(self) -> int:
        """How many are here and stand beside a version that came first: their author chooses."""
        return self.count(Outcome.BESIDE)

    @property
    def known_count(self) -> int:
        """How many were here already."""
        return self.count(Outcome.KNOWN)

    @property
    def refused_count(self) -> int:
        """How many were not taken; they stay on the device."""
        return self.count(Outcome.REFUSED)


def take_in(file: bytes, *, by: Standing, at: datetime) -> Report:
    """Send what is in ``file`` in the name of whoever wrote it. Call it outside a transaction.

    Args:
        by: Whoever wrote it, or who looks after that person.

    Raises:
        DeviceRefused: With code "malformed" if it is no such file, "not_found" if its device is
            not known, or its owner is nobody whom ``by`` looks after, "revoked" if the owner has
            shut the device out, "no_account", and as for ``unwrapped``. Nothing is taken then.
    """
    letter = _read(file)
    device = Device.objects.select_related("owner__user").filter(pk=letter.device).first()
    if device is None or not may_take_in(by, device):
        raise DeviceRefused(
            _("The file comes from a device that is not known, or not of your towns."),
            code="not_found",
        )
    if device.revoked_at is not None:
        raise DeviceRefused(
            _("The owner has shut the device out. Only the owner can take it into use again."),
            code="revoked",
        )
    if device.owner.user is None:
        raise DeviceRefused(_("Whoever wrote this has no account any more."), code="no_account")
    owner = device.owner.user
    # Whoever wrote it may have left since. It is judged as on any day; nothing of this is saved.
    owner.is_active = True
    key = AESGCM(unwrapped(device, wrapped=letter.wrapped, key_id=letter.key_id))
    # First, for each record stays by itself: if this ends half-way, one still sees who did it.
    access_log.record(by.person.user if by.person else None, "take_file_in", device, at=at)
    lines = tuple(
        _take(number, one, key, device, owner) for number, one in enumerate(letter.records, start=1)
    )
    report = Report(device, lines, letter.draft_count)
    _note(report, by=by)
    return report


@transaction.atomic
def _note(report: Report, *, by: Standing) -> None:
    """That no more waits than was refused; told to whoever wrote it, if another took it in."""
    device = report.device
    if len(report.lines) >= device.unsent_count:  # else the device has written more since
        note_arrival(device, left=report.refused_count)
    if by.person != device.owner and report.lines:
        received = report.received_count + report.known_count + report.beside_count
        facts = {"received": received}
        telling.tell(device.owner, "devices.file_taken_in", facts, url="own_devices:list")


# --- Reading ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Sealed:
    id: UUID
    sealed: bytes


@dataclass(frozen=True, slots=True)
class _Letter:
    device: UUID
    key_id: str
    wrapped: bytes
    records: tuple[_Sealed, ...]
    draft_count: int

    @classmethod
    def of(cls, sent: Any) -> "_Letter":
        """What ``sent`` says.

        Raises:
            ValueError, TypeError, KeyError, AttributeError: It is no file of a device.
        """
        if sent["format"] != FORMAT or len(sent["records"]) > MOST_RECORDS:
            raise ValueError(FORMAT)
        return cls(
            UUID(sent["device"]),
            str(sent["key"]),
            b64decode(sent["wrapped"], validate=True),
            tuple(
                _Sealed(UUID(one["id"]), b64decode(one["sealed"], validate=True))
                for one in sent["records"]
            ),
            len(list(sent.get("drafts", []))),  # a file of an older version holds none
        )


def _read(file: bytes) -> _Letter:
    try:
        return _Letter.of(json.loads(file))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise DeviceRefused(
            _("This is no file of a device. It ends in .sidemand, and nothing in it was changed."),
            code="malformed",
        ) from None


def _opened(one: _Sealed, key: AESGCM, owner: UUID) -> Mapping[str, Any]:
    """The letter of a record.

    Raises:
        ValueError: It was not sealed by this device as this record, or is no letter.
    """
    nonce, sealed = one.sealed[:NONCE_BYTES], one.sealed[NONCE_BYTES:]
    name = f"sidemand/1/records/{owner}/{one.id}".encode()
    try:
        letter = json.loads(key.decrypt(nonce, sealed, name))
    except (InvalidTag, RecursionError):
        raise ValueError(one.id) from None
    if not isinstance(letter, dict):
        raise ValueError(one.id)  # noqa: TRY004  one error for all that cannot be read
    return letter


# --- Sending in here --------------------------------------------------------------------------


def _take(number: int, one: _Sealed, key: AESGCM, device: Device, owner: User) -> Line:
    try:
        letter = _opened(one, key, device.owner_id)
        match = _address_of(letter)
        status, told = _send(letter, match, owner)
    except ValueError:
        return Line(number, Outcome.REFUSED, reason="unreadable")
    code = str(told.get("code") or "")
    if status == 201:
        return Line(number, Outcome.RECEIVED, receipt=code)
    if status == 200:
        return Line(number, Outcome.KNOWN, receipt=code)
    reason = str(told.get("error") or "other")
    if reason == "conflict" and match.view_name == SESSION:
        return Line(number, Outcome.BESIDE)
    return Line(number, Outcome.REFUSED, reason=reason)


def _address_of(letter: Mapping[str, Any]) -> ResolverMatch:
    """The view that the record was meant for.

    Raises:
        ValueError: It was meant for something else.
    """
    try:
        match = resolve(str(letter.get("url")))
    except Resolver404:
        raise ValueError("url") from None
    if match.view_name not in TAKEN or letter.get("method") != "PUT":
        raise ValueError("url")
    return match


def _send(
    letter: Mapping[str, Any], match: ResolverMatch, owner: User
) -> tuple[int, Mapping[str, Any]]:
    """What the view answers."""
    body = letter.get("body")
    if any(map(has_cpr_like, texts_in(body))):
        return 422, {"error": "cpr_like"}
    request = HttpRequest()
    request.method = "PUT"
    request.path = request.path_info = str(letter["url"])
    request.META = {"SERVER_NAME": "localhost", "SERVER_PORT": "0", "REMOTE_ADDR": ""}
    request.content_type = "application/json"
    request._body = json.dumps(body).encode()  # as if it had been read
    request.user = owner
    request.session = _no_session()
    request.resolver_match = match
    try:
        response = match.func(request, *match.args, **match.kwargs)
    except (Http404, PermissionDenied, ValidationError):
        return 404, {"error": "not_found"}
    except Exception as failure:  # noqa: BLE001  whatever it is: it stops no other
        logger.warning("a record of a file failed", extra={"error": type(failure).__name__})
        return 500, {"error": "server"}
    told = json.loads(response.content)
    return response.status_code, told if isinstance(told, dict) else {}


def _no_session() -> SessionBase:
    """A session of nobody: it is never saved."""
    return SessionStore()
