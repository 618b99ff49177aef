"""The server's administrator is warned of what keeps failing, once in six hours."""

from __future__ import annotations

import logging

import pytest
from django.core import mail
from django.core.cache import cache

from teams.logs.failures import FailureHandler, failures_this_hour, note_failure
from teams.operation.services import warn_of_failures

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def warned(settings):
    """An administrator, and nothing counted yet."""
    cache.clear()
    settings.ADMIN_EMAIL, settings.SITE_URL = "ops@school.test", "https://collab.school.test"
    yield
    cache.clear()


@pytest.fixture(autouse=True)
def counted():
    """Only the logger of these tests counts."""
    handler = FailureHandler(logging.ERROR)
    logger = logging.getLogger("collab.test")
    logger.addHandler(handler)
    logger.propagate = False
    yield
    logger.removeHandler(handler)


def fail(times, error=ValueError):
    logger = logging.getLogger("collab.test")
    for _time in range(times):
        try:
            raise error("Maya Okafor")
        except error:
            logger.exception("Saving the score of %s failed.", "Maya Okafor")


def test_three_failures_at_one_place_are_told_once_and_without_names():
    fail(3)
    note_failure("locked out of sign-in")

    assert warn_of_failures() == 1
    [told] = mail.outbox
    assert (told.to, told.subject) == (["ops@school.test"], "Collab: 1 things keep failing")
    assert "3 times this hour: collab.test: ValueError at test_warnings.py:" in told.body
    assert told.body.startswith("On https://collab.school.test:")
    assert "Okafor" not in told.body

    fail(5)
    assert warn_of_failures() == 0
    note_failure("locked out of sign-in")
    note_failure("locked out of sign-in")
    assert warn_of_failures() == 1
    assert "3 times this hour: locked out of sign-in" in mail.outbox[1].body


def test_nothing_is_told_of_two_failures_or_without_an_address(settings):
    fail(2)
    assert warn_of_failures() == 0
    fail(1)
    settings.ADMIN_EMAIL = ""
    assert warn_of_failures() == 0
    assert mail.outbox == []


def test_a_warning_that_could_not_be_sent_is_sent_the_next_time(monkeypatch):
    def unreachable(*_arguments):
        raise ConnectionRefusedError

    fail(3)
    with monkeypatch.context() as patched:
        patched.setattr("teams.operation.services.send_mail", unreachable)
        assert warn_of_failures() == 0
    assert warn_of_failures() == 1


def test_errors_are_counted_by_class_and_place_and_the_number_of_places_is_bounded(monkeypatch):
    monkeypatch.setattr("teams.logs.failures.MOST_PLACES", 2)
    fail(2)
    fail(1, KeyError)
    fail(1, OSError)

    assert [(one.count, one.place.split(" at ")[0]) for one in failures_this_hour()] == [
        (2, "collab.test: ValueError"),
        (1, "collab.test: KeyError"),
    ]


def test_what_strangers_can_cause_at_will_is_not_counted():
    FailureHandler().handle(logging.makeLogRecord({"name": "django.security.DisallowedHost"}))
    assert failures_this_hour() == []
