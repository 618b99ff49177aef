"""The school's roster: add and edit students, their guardians and groups, sections and enrollments.

Uses records and plans. It must never know what was computed about a student.
"""
