"""The data page of a team, and charts that can go on an agenda.

Uses figures, plans and records. It must never show a student its reader cannot see.
"""
