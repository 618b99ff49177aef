"""Meeting effectiveness of a team, and the school's overview.

Uses the records of meetings. It must never rank teachers.
"""
