"""Who looks at the pages, and what is theirs: sign-in, invitations, copies of data, devices."""

import time
from datetime import datetime, timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client

from core.periods import local_day
from devices.actions import shut_out
from devices.models import Device
from mentoring.models import PlannedSession
from mentoring.planning.actions import renew_address
from notices import stopping
from notices.actions import archive_notices
from notices.models import Notice
from people import invitations
from people.actions import command_line, give_role, invite, open_account
from people.models import DataExport, Invitation, Person, Place, Role
from people.own_data.erasing import ask_for_erasure
from people.own_data.exporting import make_export
from people.permissions import standing_of

PASSWORD = "sidemand-demo"


def address_of(invitation: Invitation) -> str:
    """The part of an invitation's link that is its secret."""
    return invitations.link_to(invitation).rstrip("/").rpartition("/")[2]


def sign_in(person: Person) -> str:
    """The key of a session as signing in with a password a moment ago makes one."""
    client = Client()
    assert person.user is not None
    client.force_login(person.user)
    session = client.session
    session["account_authentication_methods"] = [
        {"method": "password", "at": time.time() + 3600, "reauthenticated": True}
    ]
    session.save()
    return str(client.cookies["sessionid"].value)


def newcomer(
    name: str, key: str = "", *, at: datetime, account: bool = True, **scope: Any
) -> Person:
    """Somebody with one role, or none, who has done nothing yet."""
    person = Person.objects.create(
        name=f"{name.capitalize()} Demo Ny", email=f"{name}-ny@example.org", created_at=at
    )
    if key:
        role = Role(key=key, **({"scope": "country", "starts_on": local_day(at)} | scope))
        give_role(person, role, by=command_line(at), at=at)
    if account:
        open_account(person, PASSWORD, at=at)
    return person


def second_steps(person: Person) -> None:
    """An app, recovery codes and a passkey."""
    TOTP.activate(person.user, generate_totp_secret())
    RecoveryCodes.activate(person.user)


def passkey(person: Person) -> int:
    """A passkey to look at; nobody can sign in with it."""
    data = {"name": "Min bærbare", "passwordless": True, "credential": {}}
    made = Authenticator.objects.create(user=person.user, type="webauthn", data=data)
    return int(made.pk)


def invited(*, at: datetime) -> dict[str, Any]:
    """An invitation in each state."""
    found = {}
    by = command_line(at)
    sisimiut = Place.objects.get(key="sisimiut")
    for state in ("open", "newer", "expired", "withdrawn"):
        person = newcomer(
            f"inviteret-{state}", "caseworker", at=at, account=False, scope="town", place=sisimiut
        )
        invitation = invite(person, by, at=at - timedelta(days=30 if state == "expired" else 0))
        found[f"invitation_{state}"] = address_of(invitation)
        found[f"invited_{state}"] = person.pk
        if state == "newer":
            invite(person, by, at=at)
        if state == "withdrawn":
            Invitation.objects.filter(pk=invitation.pk).update(withdrawn_at=at)
    return found


def leaving(people: dict[str, Person], demo: dict[str, Person], *, at: datetime) -> dict[str, Any]:
    """Copies of one's data that are ready and under way; wishes that wait and that are due."""
    leaver = people["leaver"]
    make_export(DataExport.objects.create(person=leaver, asked_at=at))
    DataExport.objects.create(
        person=people["new leader"], asked_at=at, done_count=3, total_count=12
    )
    ask_for_erasure(leaver, by=standing_of(leaver.user), at=at)
    gone = newcomer(
        "slettes", "caseworker", at=at, scope="town", place=Place.objects.get(key="nuuk")
    )
    ask_for_erasure(gone, by=standing_of(gone.user), at=at - timedelta(days=15))
    put_away = Notice.objects.create(
        person=leaver, kind="people.export_ready", url="people:own-data", made_at=at
    )
    archive_notices(leaver, [put_away.pk], at=at)
    stop = stopping.token_of(demo["sagsbehandler3"], "beskeder")
    renew_address(demo["sagsbehandler1"], at=at)
    plan = PlannedSession.objects.to_come(at=at).earliest("starts_at")
    return {"leaver": leaver.pk, "gone": gone.pk, "stop": stop, "plan": plan.pk}


def devices(demo: dict[str, Person], *, at: datetime) -> dict[str, Any]:
    """A device of a mentor, and one that was shut out."""
    in_use, out = Device.objects.filter(owner=demo["mentor1"]).order_by("name")
    shut_out(out, at=at)
    return {"device": in_use.pk, "device_out": out.pk}
