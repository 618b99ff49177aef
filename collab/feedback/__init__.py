"""Feedback on a meeting: four questions, answered once by each person and kept as counts.

Uses meetings. It must never know what was discussed, or who gave which answer.
"""
