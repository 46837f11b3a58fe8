"""What belongs to one person: copies of data, devices, messages, an invitation."""

import uuid

from django.core.files.base import ContentFile
from django.utils import timezone

from devices.actions import register
from devices.models import Device
from notices.models import Notice
from people.actions import command_line, invite
from people.invitations import link_to
from people.models import DataExport, Person, Place, Role


def mentor_to_come(place: Place) -> Person:
    person = Person.objects.create(name="Kommende Mentor Demo", email="kommende@example.org")
    Role.objects.create(
        person=person, key="mentor", scope="town", place=place, starts_on=timezone.localdate()
    )
    return person


def invitation_token() -> str:
    """The end of the address in a mail that invites somebody."""
    at = timezone.now()
    person = Person.objects.get(name="Erik Indbudt")
    return link_to(invite(person, command_line(at), at=at)).rstrip("/").rpartition("/")[2]


def export_of(person: Person) -> DataExport:
    """A copy of one's data that can be fetched."""
    export = DataExport(person=person, asked_at=timezone.now(), ready_at=timezone.now())
    export.file.save("export.zip", ContentFile(b"PK"))
    return export


def device_of(person: Person) -> Device:
    """A browser on which ``person`` writes."""
    return register(
        person,
        device_id=uuid.uuid4(),
        name="Chrome, Android",
        is_shared=False,
        fingerprint="0" * 64,
        at=timezone.now(),
    )


def notice_of(person: Person) -> Notice:
    """Something that ``person`` was told."""
    return Notice.objects.create(
        person=person, kind="people.export_ready", url="people:own-data", made_at=timezone.now()
    )
