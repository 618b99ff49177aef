"""The URL of this installation."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings


def site_host() -> str:
    """The host of SITE_URL without its port, the suffix of Message-IDs and calendar UIDs."""
    return urlsplit(settings.SITE_URL).netloc.partition(":")[0]
