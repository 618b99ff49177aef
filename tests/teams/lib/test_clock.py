"""The product's clock: the machine's clock plus an offset."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from teams.lib import clock
from tests.conftest import TODAY
from tests.servers import wait_until

NOON = dt.datetime(2026, 3, 10, 12, tzinfo=dt.UTC)


@pytest.fixture
def noon(monkeypatch, settings):
    """Stop the machine's clock at noon of 10 March, UTC."""
    settings.CLOCK_OFFSET = dt.timedelta()
    monkeypatch.setattr(timezone, "now", lambda: NOON)


def test_without_an_offset_it_is_the_machines_time(noon):
    assert clock.now() == NOON


def test_the_offset_moves_every_answer(noon, settings):
    settings.CLOCK_OFFSET = dt.timedelta(days=-3, hours=-11)
    assert clock.now() == dt.datetime(2026, 3, 7, 1, tzinfo=dt.UTC)
    assert clock.today(SimpleNamespace(tz=ZoneInfo("Europe/Berlin"))) == dt.date(2026, 3, 7)
    assert clock.server_day() == dt.date(2026, 3, 6)  # it is evening in Chicago


def test_the_day_is_the_schools(noon):
    assert clock.today(SimpleNamespace(tz=ZoneInfo("Pacific/Kiritimati"))) == dt.date(2026, 3, 11)
    assert clock.today(SimpleNamespace(tz=ZoneInfo("America/Chicago"))) == dt.date(2026, 3, 10)


def test_rows_are_created_at_the_products_time(noon, settings, cast):
    settings.CLOCK_OFFSET = dt.timedelta(days=-20)
    team = cast.school.teams.create(name="Grade 5")
    assert team.created_at == dt.datetime(2026, 2, 18, 12, tzinfo=dt.UTC)


@pytest.mark.process
@pytest.mark.django_db(transaction=True)
def test_programs_started_by_tests_have_the_same_day(programs):
    code = "from teams.lib import clock; print('It is', clock.server_day())"
    program = programs.start("day", "django", "shell", "-c", code)
    wait_until(lambda: program.process.poll() is not None, "It did not end.")
    assert f"It is {TODAY}" in program.output.splitlines()
