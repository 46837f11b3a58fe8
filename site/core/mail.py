"""Mail leaves through the queue, once, in the reader's language, as text and as simple HTML."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.translation import override
from django_tasks import task

from core.models import SentMail


def absolute_url(path: str) -> str:
    """The full address of ``path``, from the settings: a request's host can be forged."""
    return urljoin(settings.WAGTAILADMIN_BASE_URL, path)


#: A file of a mail: its name, its text, its type.
Attached = tuple[str, str, str]


def deliver(
    to: str,
    template: str,
    context: dict[str, Any],
    *,
    language: str,
    key: str,
    headers: Mapping[str, str] | None = None,
    attachments: Sequence[Attached] = (),
) -> bool:
    """Render and send one mail now, unless the mail ``key`` has left before.

    Called by tasks, which may run twice. The key is written after sending: between losing a mail
    and sending it twice, twice is the smaller harm.

    Args:
        template: Names ``<template>.subject.txt``, ``<template>.txt`` and ``<template>.html``.
        language: Of the reader; texts without a translation are Danish.
        key: Names the mail for ever, without any personal data in it.
        headers: More lines at the head of the mail, such as how to stop it.

    Returns:
        Whether it was sent by this call.
    """
    if SentMail.objects.filter(key=key).exists():
        return False
    context = {**context, "base_url": settings.WAGTAILADMIN_BASE_URL}
    with override(language):
        subject = " ".join(render_to_string(f"{template}.subject.txt", context).split())
        text = render_to_string(f"{template}.txt", context)
        html = render_to_string(f"{template}.html", context)
    send_message(to, subject, text, html, headers=headers, attachments=attachments)
    SentMail.objects.get_or_create(key=key)
    return True


def send_message(
    to: str,
    subject: str,
    text: str,
    html: str = "",
    *,
    headers: Mapping[str, str] | None = None,
    attachments: Sequence[Attached] = (),
) -> None:
    """Send one mail that is already written."""
    message = EmailMultiAlternatives(
        subject, text.strip() + "\n", to=[to], headers=dict(headers or {})
    )
    if html:
        message.attach_alternative(html, "text/html")
    for name, content, mime_type in attachments:
        message.attach(name, content, mime_type)
    message.send()


@task()
def send_written_mail(to: str, subject: str, text: str) -> None:
    """Send a mail whose text was written in a request and holds no secret."""
    send_message(to, subject, text)
