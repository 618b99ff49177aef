"""Teaching groups that a team forms after a common assessment: who teaches whom, what came of it when checked again.

Uses assessments, plans and the directory. It must never know about meetings.
"""
