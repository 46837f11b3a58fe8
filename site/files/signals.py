"""What others may listen to when a file changes."""

from django.dispatch import Signal

#: Sent with ``image`` once another picture stands in its file, and its sizes of before are gone.
picture_replaced = Signal()
