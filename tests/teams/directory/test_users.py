"""People who sign in."""

import datetime as dt

import pytest
from django.core.management import call_command

from teams.directory.models import User
from teams.lib import clock


def test_a_user_joins_at_the_products_time(db):
    """The tests' clock is years from the machine's."""
    before = clock.now()
    user = User.objects.create_user("new@lincoln.test")
    assert before <= user.date_joined <= clock.now()


@pytest.mark.parametrize("time", [dt.time(6, 30), dt.time(18)])
def test_a_default_time_of_day_is_no_warning_at_that_minute(monkeypatch, time):
    now = dt.datetime.combine(dt.date(2026, 3, 3), time)
    monkeypatch.setattr("django.db.models.fields._get_naive_now", lambda: now)

    call_command("check", fail_level="WARNING")
