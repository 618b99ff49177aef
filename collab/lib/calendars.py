"""Meetings as iCalendar (RFC 5545) and as invitations (RFC 5546). No student's name ever stands in one."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from icalendar import Calendar, Event, vCalAddress, vText

if TYPE_CHECKING:
    from collections.abc import Sequence
    from zoneinfo import ZoneInfo

PRODUCT = "-//Collab//Collab//EN"


@dataclass(frozen=True, slots=True)
class Person:
    """Who is invited or invites."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One meeting in a calendar. ``uid`` never changes; ``sequence`` rises with every change."""

    uid: str
    sequence: int
    summary: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    changed_at: dt.datetime
    url: str
    place: str = ""
    is_cancelled: bool = False
    organizer: Person | None = None
    attendees: Sequence[Person] = field(default_factory=tuple)


def calendar_of(entries: Sequence[Entry], *, zone: ZoneInfo, name: str = "", method: str = "") -> str:
    """``entries`` as a calendar with their time zone; with a ``method`` (REQUEST, CANCEL) as an invitation."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    if method:
        calendar.add("method", method)
    else:
        calendar.add("x-wr-calname", name)
        calendar.add("refresh-interval", dt.timedelta(hours=1), parameters={"VALUE": "DURATION"})
    for entry in entries:
        calendar.add_component(_event(entry, zone))
    calendar.add_missing_timezones()
    return calendar.to_ical().decode()


def _event(entry: Entry, zone: ZoneInfo) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", entry.changed_at.astimezone(dt.UTC).replace(microsecond=0))
    event.add("dtstart", entry.starts_at.astimezone(zone))
    event.add("dtend", entry.ends_at.astimezone(zone))
    event.add("summary", entry.summary)
    event.add("url", entry.url)
    event.add("description", entry.url)
    event.add("status", "CANCELLED" if entry.is_cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if entry.is_cancelled else "OPAQUE")
    if entry.place:
        event.add("location", entry.place)
    if entry.organizer:
        event["organizer"] = _address(entry.organizer)
    for person in entry.attendees:
        attendee = _address(person)
        attendee.params.update({"ROLE": "REQ-PARTICIPANT", "PARTSTAT": "NEEDS-ACTION", "RSVP": "TRUE"})
        event.add("attendee", attendee, encode=False)
    return event


def _address(person: Person) -> vCalAddress:
    address = vCalAddress(f"mailto:{person.email}")
    address.params["CN"] = vText(person.name)
    return address
