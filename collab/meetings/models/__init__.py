"""Models of meetings."""

from collab.meetings.models.feeds import CalendarFeed
from collab.meetings.models.meetings import Attendance, Guest, Meeting, MeetingEvent, Series

__all__ = ["Attendance", "CalendarFeed", "Guest", "Meeting", "MeetingEvent", "Series"]
