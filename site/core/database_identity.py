"""Which database this is, for devices that hold receipts of it.

A device deletes what it sent once it has a receipt. A database restored from a backup knows nothing
of what came after the backup, so it must not pass for the one that gave those receipts: it has
another id, the device sees it in the answer, and sends again what it still holds as sent. A
record that has arrived already answers with the same receipt, so nothing is doubled.
"""

import time
from uuid import UUID, uuid4

from core.models import DatabaseIdentity

#: The header of every answer below ``/api/``.
HEADER = "X-Sidemand-Database"
#: A process asks the database again after so many seconds: an answer costs no query of its own,
#: and a database that was put back under a running process is noticed.
KEPT_S = 30.0

_known: tuple[UUID, float] | None = None


def current() -> UUID:
    """The id of this database, which gets one when it is first asked."""
    global _known  # noqa: PLW0603  what this process knows, and nothing else
    now = time.monotonic()
    if _known is None or now - _known[1] > KEPT_S:
        row, _created = DatabaseIdentity.objects.get_or_create(pk=DatabaseIdentity.ONLY)
        _known = (row.number, now)
    return _known[0]


def renew() -> UUID:
    """Give this database another id: for one that was put back by other means than ``restore``.

    Other processes notice within :data:`KEPT_S`.
    """
    number = uuid4()
    DatabaseIdentity.objects.update_or_create(pk=DatabaseIdentity.ONLY, defaults={"number": number})
    forget()
    return number


def forget() -> None:
    """Ask the database at the next call."""
    global _known  # noqa: PLW0603  the same
    _known = None
