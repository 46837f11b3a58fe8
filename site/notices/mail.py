"""Mail to a person: queued, in the person's language, once."""

from functools import partial
from typing import Any

from django.db import transaction
from django_tasks import task

from core.mail import deliver
from notices import stopping
from people.models import Person


def send(
    person: Person, template: str, context: dict[str, Any], *, key: str, stops: str = ""
) -> None:
    """Queue the mail ``template`` to ``person`` once the running transaction is committed.

    Args:
        template: Names ``<template>.subject.txt``, ``<template>.txt`` and ``<template>.html``.
        context: Plain JSON, kept in the queue for two weeks: ids and numbers, never the text of
            a session, never a link that opens something by itself. ``name`` is added.
        key: Names this mail for ever, for example ``"confirm:<session id>"``; what has been
            sent under a key is not sent again.
        stops: The sort of mail it is (:mod:`notices.stopping`): then it says how to stop it, in
            its head and as ``stop`` in the template.
    """
    transaction.on_commit(
        partial(send_to_person.enqueue, str(person.pk), template, context, key, stops)
    )


@task()
def send_to_person(
    person_id: str, template: str, context: dict[str, Any], key: str, stops: str = ""
) -> bool:
    """Send one mail to the person's present address, in the present language.

    Nothing leaves for a person without an address or with a closed account.

    Returns:
        Whether it was sent by this run.
    """
    person = Person.objects.select_related("user").filter(pk=person_id).first()
    if person is None or not person.email or (person.user and not person.user.is_active):
        return False
    context = {**context, "name": person.name}
    headers = None
    if stops:
        context["stop"] = stopping.address(person, stops)
        headers = stopping.headers(person, stops)
    return deliver(
        person.email, template, context, language=person.language, key=key, headers=headers
    )
