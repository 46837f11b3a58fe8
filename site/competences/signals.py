"""What others may listen to when a framework changes."""

from django.dispatch import Signal

#: Sent with ``record``, ``words`` (by the name of the text without its language), ``by`` and ``at``
#: within the transaction in which Kalaallisut has come from a file: nobody else has looked at it.
words_brought = Signal()
