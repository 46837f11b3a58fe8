"""What waits in, or lies in, the queue of background tasks about a person."""

import json

from allauth.account.models import EmailAddress
from django.db.models import Q, TextField
from django.db.models.functions import Cast
from django_tasks_db.models import DBTaskResult

from people.models import Person


def forget_queued(person: Person) -> None:
    """Delete the tasks whose arguments name the person, or hold the name or an address.

    A mail that is still to be sent would say them; one that was sent lies there for two weeks.
    """
    texts = {str(person.pk), person.email}
    if person.user is not None:
        texts.add(person.user.email)
        addresses = EmailAddress.objects.filter(user=person.user)
        texts.update(addresses.values_list("email", flat=True))
    # A name alone, between its quotes: as a part of other words it is nobody's.
    # Spelled as SQLite keeps it, and as PostgreSQL gives it back.
    texts |= {f'"{person.name}"', json.dumps(person.name)}
    said = Q(pk__in=[])
    for text in texts - {""}:
        said |= Q(arguments__contains=text)
    found = DBTaskResult.objects.annotate(arguments=Cast("args_kwargs", TextField()))
    found.filter(said).delete()
