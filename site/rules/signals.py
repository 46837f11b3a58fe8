"""What others may listen to when the register changes."""

from django.dispatch import Signal

#: Sent with ``rule`` inside the transaction in which what the rule says has changed.
rule_changed = Signal()

#: Sent with ``decision`` inside the transaction in which a rule was changed, retired or left as it
#: is, once everything that cites it has been marked; and again when the decision is taken back.
rule_decided = Signal()

#: Sent with ``keys``, a list of (kind, object_id, language), inside the transaction in which
#: something was marked or looked through, or the mark was taken back.
review_changed = Signal()
