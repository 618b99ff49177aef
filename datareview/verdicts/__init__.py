"""A plan's verdict as people read it: in words with its figures, as the chart of its progress, by the school's cut points.

Uses plans, charts and the trends' statistics. It must never know about sessions, reviews or meetings.
"""
