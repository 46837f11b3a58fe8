"""What translators do with the texts outside pages, by their buttons and without."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from core.periods import local_day
from pages.models import TranslationOrder, Wording
from pages.translating import proposing, wordings
from pages.translating.records import KINDS, Kind
from pages.translating.second_eyes import TranslationRefused
from people.models import Person

RULES, QUESTIONS = KINDS["regler"], KINDS["spoergsmaal"]


def standing(kind: Kind, record: Any) -> wordings.Standing:
    found = wordings.one_of(kind, record.pk, "kl", today=local_day(timezone.now()))
    assert found is not None
    return found


def propose(kind: Kind, record: Any, by: Person, texts: dict[str, str]) -> Wording | None:
    """Take it, and write ``texts`` into it."""
    at = timezone.now()
    proposing.take(kind, record.pk, "kl", by, at=at)
    seen = standing(kind, record).version
    return proposing.write(kind, record.pk, "kl", texts, by, at=at, seen=seen)


def send_on(kind: Kind, record: Any, by: Person, texts: dict[str, str]) -> TranslationOrder:
    """Take it, write it, send it on."""
    propose(kind, record, by, texts)
    return proposing.submit(kind, record.pk, "kl", by, at=timezone.now())


def release(kind: Kind, record: Any, by: Person) -> Wording:
    """Let it go live as ``by`` has just read it."""
    seen = standing(kind, record).version
    return proposing.release(kind, record.pk, "kl", by, at=timezone.now(), seen=seen)


def browser(person: Person) -> Client:
    client = Client()
    client.force_login(person.user)
    return client


def press(person: Person, kind: Kind, record: Any, do: str, **fields: str) -> Any:
    """What ``person`` gets for pressing a button of the text's page."""
    now = standing(kind, record)
    return browser(person).post(now.do_url, {"do": do, "seen": now.version, **fields}, follow=True)


def refused(code: str) -> Any:
    return pytest.raises(TranslationRefused, check=lambda refusal: refusal.code == code)
