"""The school's standards, and those that a team calls essential in a school year, with their checks.

Uses assessments (models, items and who sees which). It must never know what a student answered.
"""
