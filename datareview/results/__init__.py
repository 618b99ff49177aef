"""The results of a common assessment: who answered what, standards, items, and whose class is open to whom.

Uses assessments, records, analysis and charts. It must never know of meetings.
"""
