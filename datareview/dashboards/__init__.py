"""The data page: each measure a row, for any students; and charts that can be put on an agenda.

Uses comparisons, explore, gaps, plans and records. It must never show a student whom its reader may not see.
"""
