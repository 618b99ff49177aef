"""Redact calendar feed tokens from logs: anybody with the token can read the feed."""

from __future__ import annotations

import logging
import re

_SECRET = re.compile(r"(?<=/feeds/)[^/\s?]+(?=\.ics)")


def redact_feed_tokens() -> None:
    """Redact tokens in URLs logged by the server and by Django."""
    for name in ("uvicorn.access", "django.request", "django.server"):
        logging.getLogger(name).addFilter(_redact)


def _redact(record: logging.LogRecord) -> bool:
    if isinstance(record.args, tuple):
        record.args = tuple(_SECRET.sub("…", one) if isinstance(one, str) else one for one in record.args)
    return True
