"""What whoever runs the site must hear before devices are set up on it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import checks

from devices import keys

HINT = "Name a file in SIDEMAND_DEVICE_KEY_FILE and run make_device_key (docs/operations.md)."


def the_server_has_a_key_for_devices(
    app_configs: Sequence[Any] | None, **_kwargs: Any
) -> list[checks.CheckMessage]:
    """Without its key nobody sets a device up, and a forgotten PIN loses what was not sent."""
    named = settings.SIDEMAND_DEVICE_KEY_FILE
    if not named:
        message = "No device can be set up: no key is named."
        return [checks.Warning(message, hint=HINT, id="devices.W001")]
    try:
        keys.public_key()
    except (keys.NoKey, OSError, ValueError, TypeError):
        message = f"The key for devices cannot be read from {named}."
        return [checks.Error(message, hint=HINT, id="devices.E001")]
    if Path(named).stat().st_mode & 0o077:
        message = f"{named} can be read by others than the server's user."
        return [checks.Warning(message, hint="chmod 600", id="devices.W002")]
    return []
