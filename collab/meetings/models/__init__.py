"""Models of meetings."""

from collab.meetings.models.events import EventKind, MeetingEvent, Region
from collab.meetings.models.feeds import CalendarFeed
from collab.meetings.models.meetings import Attendance, Guest, Meeting, Series

__all__ = ["Attendance", "CalendarFeed", "EventKind", "Guest", "Meeting", "MeetingEvent", "Region", "Series"]
