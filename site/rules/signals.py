"""What others may listen to when the register changes."""

from django.dispatch import Signal

#: Sent with ``rule`` inside the transaction in which what the rule says has changed.
rule_changed = Signal()
