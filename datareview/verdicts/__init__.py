"""A plan's verdict as people read it: in words with its figures, and as the chart of its progress.

Uses plans, charts and the trends' statistics. It must never know about sessions, reviews or meetings.
"""
