"""The district of the walk, with a browser for each person, for tests that open every URL."""

from __future__ import annotations

import datetime as dt
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.test import Client
from django.utils import timezone

from tests.access import PEOPLE
from tests.day import BEGIN, offset_to
from tests.factories.district import make_district

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.factories.district import Side


@contextmanager
def district_with_browsers() -> Iterator[Side]:
    """A district that is rolled back at the end, with a browser for each person.

    ``strict`` browsers send no CSRF token to a server that requires one. In ``nobody``, nobody is signed in;
    the session of ``expired`` has ended.
    """
    with transaction.atomic():
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(settings, "CLOCK_OFFSET", offset_to(BEGIN - dt.timedelta(hours=1)))
            side = make_district()
        side.browsers = {name: browser(getattr(side, name)) for name in [*PEOPLE, "bea"]}
        side.strict = {name: browser(getattr(side, name), enforce_csrf_checks=True) for name in PEOPLE}
        side.nobody, side.expired = browser(), browser(side.cora)
        ended = Session.objects.filter(session_key=side.expired.session.session_key)
        ended.update(expire_date=timezone.now())
        yield side
        transaction.set_rollback(True)


def browser(user: Any = None, **options: Any) -> Client:
    """A browser in which ``user`` is signed in. Server errors are 500 responses, as for people."""
    client = Client(raise_request_exception=False, **options)
    if user:
        client.force_login(user, backend="teams.account.backends.ScopeBackend")
    return client
