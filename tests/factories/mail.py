"""Emails that the worker sends."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.core import mail

from teams.mail.services.sending import send_waiting

if TYPE_CHECKING:
    from django.core.mail import EmailMessage


def sent_mail() -> list[EmailMessage]:
    """Let the worker send what is due. Returns every email sent in this test."""
    send_waiting()
    return mail.outbox


def link_in(message: EmailMessage) -> str:
    """The path of the first link to a page in ``message``."""
    return re.search(r"http://testserver(/\S+)", message.body)[1]
