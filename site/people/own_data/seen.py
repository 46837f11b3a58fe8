"""Who saw, or changed, what is about a person: the access log in words, never any text."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.apps import apps
from django.db.models import CharField, Q, QuerySet, Value
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from core.declarations import all_records
from core.models import AccessLog
from people.models import Person
from people.own_data.rows import rows

#: Every word that the code writes into the log, as people say it. A test compares.
ACTIONS: "dict[str, str | Promise]" = {
    "accept_invitation": gettext_lazy("Accepted the invitation"),
    "accept": gettext_lazy("Accepted a proposal"),
    "add_member": gettext_lazy("Added to a pairing"),
    "answer": gettext_lazy("Answered"),
    "ask_erasure": gettext_lazy("Asked for deletion"),
    "ask_export": gettext_lazy("Asked for a copy of the data"),
    "assign": gettext_lazy("Gave a learning path"),
    "begin": gettext_lazy("Began a report"),
    "change": pgettext_lazy("what somebody did", "Changed"),
    "change_address": gettext_lazy("Changed the e-mail address"),
    "close_account": gettext_lazy("Closed the account"),
    "close_from_log": gettext_lazy("Closed from the log without a handover"),
    "comment": gettext_lazy("Commented on a report"),
    "confirm": gettext_lazy("Confirmed a handover"),
    "correct": gettext_lazy("Began a new edition of a report"),
    "create": gettext_lazy("Entered"),
    "decide": gettext_lazy("Decided about a round"),
    "drop": gettext_lazy("Threw a new edition of a report away"),
    "end_member": gettext_lazy("Ended a membership"),
    "end_role": gettext_lazy("Ended a role"),
    "erase": gettext_lazy("Deleted"),
    "export": gettext_lazy("Took along as a file"),
    "fetch_export": gettext_lazy("Fetched the copy of the data"),
    "fix": gettext_lazy("Locked or forbade a pair"),
    "forget_device": gettext_lazy("Forgot a device"),
    "freeze": gettext_lazy("Froze a report"),
    "give_back_certificate": gettext_lazy("Gave a certificate back"),
    "give_role": gettext_lazy("Gave a role"),
    "import": gettext_lazy("Took a file in"),
    "invite": gettext_lazy("Sent an invitation"),
    "keep_after_all": gettext_lazy("Took the wish for deletion back"),
    "let_device_in": gettext_lazy("Took a device into use again"),
    "list": gettext_lazy("Saw in a list"),
    "open_account": gettext_lazy("Opened the account"),
    "open_device": gettext_lazy("Let the server open a device"),
    "propose": gettext_lazy("Made a proposal"),
    "read": pgettext_lazy("what somebody did", "Read"),
    "read_log": gettext_lazy("Looked who had seen it"),
    "remind": gettext_lazy("Sent a reminder"),
    "reopen_account": gettext_lazy("Opened the account again"),
    "reset_second_factor": gettext_lazy("Removed the second step"),
    "revoke_certificate": gettext_lazy("Revoked a certificate"),
    "send": gettext_lazy("Sent an example to be looked through"),
    "send_round": gettext_lazy("Sent a report round for comment"),
    "set_up_device": gettext_lazy("Set up a device"),
    "shut_device_out": gettext_lazy("Shut a device out"),
    "take_file_in": gettext_lazy("Took in a file of what was not sent"),
    "unassign": gettext_lazy("Took a learning path back"),
    "view": gettext_lazy("Saw"),
    "view_goals": gettext_lazy("Saw the learning goals"),
    "view_ratings": gettext_lazy("Saw the own ratings"),
    "view_skills": gettext_lazy("Saw the skills over time"),
    "withdraw_invitation": gettext_lazy("Withdrew an invitation"),
    "write": gettext_lazy("Wrote on an example"),
}


@dataclass(frozen=True, slots=True)
class Seen:
    """One line in words: when, who, did what, to what."""

    at: datetime
    who: str
    did: str
    what: str
    is_own: bool


def lines_about(person: Person, kind: str = "") -> "QuerySet[AccessLog]":
    """The lines about ``person``'s records, of one kind or of all, the newest first.

    Asks once for the ids of all, however many there are.
    """
    ids: dict[str, list[str]] = defaultdict(list)
    for logged, one in _logged(person, kind):
        ids[logged].append(str(one))
    named = reduce(or_, (Q(kind=one, record_id__in=some) for one, some in ids.items()), Q(pk=None))
    found = AccessLog.objects.filter(named).select_related("actor__person")
    if person.user_id is not None:  # that one looks at this very list is nothing to look at
        found = found.exclude(actor=person.user_id, action="read_log")
    return found.order_by("-at", "-pk")


def _logged(person: Person, kind: str) -> Iterable[tuple[str, Any]]:
    """The kind and id of each of ``person``'s rows that the log names; one query."""
    found = []
    for records in all_records():
        logged, field = records.logged
        if logged and kind in {"", logged}:
            own = rows(records, records.mine, person).order_by()
            named = own.annotate(logged_kind=Value(logged, output_field=CharField()))
            found.append(named.values_list("logged_kind", field))
    return found[0].union(*found[1:], all=True) if found else ()


def kinds() -> list[tuple[str, str]]:
    """The kinds of records that the log knows of a person, with their names, each once."""
    logged = {records.logged[0] for records in all_records() if records.logged[0]}
    named = [(kind, str(apps.get_model(kind)._meta.verbose_name).capitalize()) for kind in logged]
    return sorted(named, key=lambda one: one[1])


def said(line: AccessLog, reader: Person | None) -> Seen:
    """A line in words, for ``reader``."""
    actor = line.actor
    is_own = actor is not None and reader is not None and actor.pk == reader.user_id
    who = _("Whoever runs the site") if actor is None else actor.get_full_name()
    return Seen(
        line.at,
        _("You") if is_own else who,
        str(ACTIONS.get(line.action, _("Something else"))),
        str(apps.get_model(line.kind)._meta.verbose_name).capitalize(),
        is_own,
    )
