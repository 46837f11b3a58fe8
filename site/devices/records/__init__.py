"""What a device sends besides sessions: each record once, with a receipt, however often it comes.

A domain names the kinds it takes in ``AppConfig.ready``::

    register(Kind("lesson-read", read, content={...}, subject="The lesson."))

``docs/device-records.md`` tells the whole.
"""

from devices.records.kinds import Kind, Malformed, Refused, Sender, Sent, register

__all__ = ["Kind", "Malformed", "Refused", "Sender", "Sent", "register"]
