"""What is sent along with a PUT: what a device would send, about the record of the row."""

import uuid
from typing import Any

from django.utils import timezone

from mentoring.models import Session
from tests.access.matrix import MISSING, OF_OTHERS

SESSION = "api/v1/sessions/<uuid:session>"
RECORD = "api/v1/records/<uuid:record>"


def letters(own: Session, others: Session) -> dict[str, dict[str, Any]]:
    """By the label of a row: a changed session, and the confirmation of one.

    An address names what the sender has just made. Whose it is about stands in the letter.
    """
    missing = str(uuid.UUID(int=7))
    nothing = {"pairing": missing, "content": _content(own), "parent": None}
    return {
        SESSION: _changed(own),
        SESSION + OF_OTHERS: _changed(others),
        SESSION + MISSING: {"version": str(uuid.uuid4()), **nothing},
        RECORD: _confirmation(str(own.pk), str(own.current_id)),
        RECORD + OF_OTHERS: _confirmation(str(others.pk), str(others.current_id)),
        RECORD + MISSING: _confirmation(missing, missing),
        **{
            f"admin/localize/translate/<int:translation_id>/{place}/edit/": {"value": "[kl] Ord"}
            for place in (
                "strings/<int:string_segment_id>",
                "overrides/<int:overridable_segment_id>",
            )
        },
    }


def _content(session: Session) -> dict[str, Any]:
    assert session.current is not None
    return session.current.content | {"went_well": "Øvede beslutningen på et opdigtet eksempel."}


def _changed(session: Session) -> dict[str, Any]:
    return {
        "pairing": str(session.pairing_id),
        "version": str(uuid.uuid4()),
        "parent": str(session.current_id),
        "content": _content(session),
    }


def _confirmation(session: str, version: str) -> dict[str, Any]:
    return {
        "kind": "confirm",
        "subject": session,
        "content": {"version": version},
        "made_at": timezone.now().isoformat(),
    }
