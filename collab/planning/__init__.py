"""Plan, move and cancel meetings and series; holiday clashes; the list of meetings.

Uses meetings, agendas and preparation. It must never know about a live meeting.
"""
