"""What others may listen to when people change."""

from django.dispatch import Signal

#: Sent with ``person``, ``role`` and ``at`` inside the transaction in which a role is given.
role_given = Signal()
