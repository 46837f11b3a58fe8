"""The devices of people of the demo; what lies on them is nowhere, for nobody has written it."""

import hashlib
from datetime import datetime, timedelta

from demo.content import demo_id
from devices.actions import note_contact, register
from devices.models import Device
from people.models import Person

#: Person, name, shared, days since it was heard of, how many wait, days since the oldest.
DEVICES = [
    ("mentor1", "Chrome, Android", False, 2, 2, 4),
    ("mentor1", "Kontorets computer", True, 9, 0, 0),
    ("mentor2", "Chrome, Android", False, 1, 0, 0),
    ("sagsbehandler1", "Chrome, Windows", True, 1, 0, 0),
]


def load_devices(people: dict[str, Person], *, at: datetime) -> None:
    """Add what is missing. Nobody has the keys of these: a browser makes its own."""
    for key, name, is_shared, days, unsent, waits in DEVICES:
        device_id = demo_id("device", f"{key} {name}")
        if Device.objects.filter(pk=device_id).exists():
            continue
        heard = at - timedelta(days=days)
        device = register(
            people[key],
            device_id=device_id,
            name=name,
            is_shared=is_shared,
            fingerprint=hashlib.sha256(device_id.bytes).hexdigest(),
            at=heard - timedelta(days=20),
        )
        since = at - timedelta(days=waits) if unsent else None
        note_contact(device, unsent_count=unsent, oldest_unsent_at=since, at=heard)
