"""Everything that changes people, their roles and their accounts.

Each action takes the standing of whoever acts (``by``) and the moment (``at``), judges whether
that is allowed, and leaves a line in the access log.
"""

from people.actions.accounts import (
    close_account,
    follow_address,
    forget_dead_sessions,
    may_take,
    open_account,
    reopen_account,
    reset_second_factor,
)
from people.actions.changes import Change, New, change_organisations
from people.actions.invitations import accept_invitation, ask_again, invite, withdraw_invitation
from people.actions.organisations import create_organisation, edit_organisation
from people.actions.people import (
    add_affiliation,
    create_person,
    edit_own_profile,
    edit_person,
    end_affiliation,
    set_languages,
)
from people.actions.roles import end_role, give_role, sync_groups
from people.actions.shared import PeopleRefused, command_line

__all__ = [
    "Change",
    "New",
    "PeopleRefused",
    "accept_invitation",
    "add_affiliation",
    "ask_again",
    "change_organisations",
    "close_account",
    "command_line",
    "create_organisation",
    "create_person",
    "edit_organisation",
    "edit_own_profile",
    "edit_person",
    "end_affiliation",
    "end_role",
    "follow_address",
    "forget_dead_sessions",
    "give_role",
    "invite",
    "may_take",
    "open_account",
    "reopen_account",
    "reset_second_factor",
    "set_languages",
    "sync_groups",
    "withdraw_invitation",
]
