"""Time zones in calendars: rules that other programs interpret as we do, in summer and winter."""

import datetime as dt
from io import StringIO
from zoneinfo import ZoneInfo

import icalendar
import pytest
from dateutil.tz import tzical

from collab.meetings.icalendar import CalendarEntry, calendar_of

BY_RULE = ["America/Chicago", "Europe/Madrid", "Asia/Kolkata", "Australia/Sydney", "Europe/Dublin", "UTC"]
YEAR_BY_YEAR = ["Africa/Casablanca", "America/Santiago", "Asia/Jerusalem"]


def meeting(zone, moment):
    entry = CalendarEntry(
        "a@b", 0, "Grade 4", moment, moment + dt.timedelta(hours=1), moment, "http://collab.test/"
    )
    return calendar_of([entry], zone=ZoneInfo(zone), name="Mine")


@pytest.mark.parametrize("zone", BY_RULE + YEAR_BY_YEAR)
def test_another_program_computes_the_same_hours_for_two_years(zone):
    text = meeting(zone, dt.datetime(2026, 9, 1, 15, tzinfo=dt.UTC))
    (found,) = icalendar.Calendar.from_ical(text).walk("VTIMEZONE")
    theirs = tzical(StringIO(found.to_ical().decode())).get()
    assert ("RDATE" in text) == (zone in YEAR_BY_YEAR)
    for day in range(730):
        for hour in (4, 7, 12, 23):
            naive = dt.datetime.combine(dt.date(2026, 7, 1) + dt.timedelta(days=day), dt.time(hour))
            ours = naive.replace(tzinfo=ZoneInfo(zone))
            assert naive.replace(tzinfo=theirs).utcoffset() == ours.utcoffset(), naive


def test_clocks_change_at_the_legal_hour():
    text = meeting("America/Chicago", dt.datetime(2026, 9, 1, 15, tzinfo=dt.UTC))
    assert "DTSTART:20250309T020000\r\n" in text
    assert "RRULE:FREQ=YEARLY;BYDAY=2SU;BYMONTH=3\r\n" in text
    assert "RRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=11\r\n" in text
