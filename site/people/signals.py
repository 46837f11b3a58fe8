"""What others may listen to when people change."""

from django.dispatch import Signal

#: Sent with ``person``, ``role`` and ``at`` inside the transaction in which a role is given.
role_given = Signal()

#: Sent with ``change`` (:class:`people.actions.changes.Change`) and ``at`` inside the transaction
#: in which organisations are renamed, divided or joined; each app lets what is under way follow.
organisations_changed = Signal()
