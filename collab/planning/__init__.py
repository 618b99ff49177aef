"""Plan, move and cancel meetings and series; holiday clashes; the list of meetings.

Uses meetings, agendas and preparation, and the work and findings that go along with an item. It must never know about a
live meeting.
"""
