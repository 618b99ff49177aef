"""Meeting effectiveness of a team, and the school's overview.

Uses what meetings left behind. It must never rank teachers.
"""
