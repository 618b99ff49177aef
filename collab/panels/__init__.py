"""Panels about meetings on pages of students, plans and calendars.

Uses followup, preparation and planning. It must never be imported: pages refer to it by slot.
"""
