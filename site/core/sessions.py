"""Django's sessions in the database, read with SQL that is written once (``core.prepared``)."""

from datetime import datetime

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

from core.prepared import Prepared


class SessionStore(db.SessionStore):
    """The store of Django, down to its name, which is part of how it signs."""

    def _get_session_from_db(self) -> Session | None:
        """The session's row, unless it has ended."""
        key = self.session_key
        row = _sessions.first(key=key, now=timezone.now()) if key else None
        if row is None:
            self._session_key = None
        return row


@Prepared
def _sessions(key: str, now: datetime) -> QuerySet[Session]:
    return Session.objects.filter(session_key=key, expire_date__gt=now)
