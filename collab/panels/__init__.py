"""What pages of students, plans and calendars show of meetings.

Uses followup, preparation and planning. It must never be imported: pages name it by its slot.
"""
