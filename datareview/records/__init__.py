"""Students, sections, measures, scores, attendance and incidents, and the visibility of students.

Uses the directory of teams. It must never know about results computed from it.
"""
