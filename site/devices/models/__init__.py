"""What is known of devices, and of what came from them."""

from devices.models.device import Device
from devices.models.record import Record

__all__ = ["Device", "Record"]
