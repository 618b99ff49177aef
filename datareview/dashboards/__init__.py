"""The data page of a team, and charts that can be put on an agenda.

Uses figures, plans and records. It must never show a student whom its reader may not see.
"""
